//! The real program on a disk that is full: what is asked is answered, what would be written is refused and said why, and
//! nothing is lost. The disk is a small one in memory, where this machine lets a test mount one.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{Write, stderr},
    path::PathBuf,
    process::Command,
};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{Server, verify},
};

/// A file system of its own; dropped, it is taken away.
struct Disk {
    place: TempDir,
}

impl Disk {
    /// One of 48 MiB, if there may be one.
    fn mount() -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"])
            .arg(place.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self { place })
    }

    fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    fn filler(&self) -> PathBuf {
        self.place.path().join("filler")
    }

    /// Leaves not a byte.
    fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        while file.write(&[0; 4096]).is_ok_and(|written| written > 0) {}
    }

    fn make_room(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever still uses it ends with the test.
        let _ = Command::new("umount").arg("--lazy").arg(self.place.path()).status();
    }
}

async fn post(client: &Client, title: &str) -> Value {
    let post =
        "mutation($input: PostNeedInput!) { postNeed(input: $input) { need { title } userErrors { code } } }";
    client.ask(post, json!({ "input": { "title": title, "requestId": title } })).await
}

/// How many needs have these words.
async fn count(client: &Client, words: &str) -> Value {
    let count = "query($words: String) { needs(filter: { text: $words }) { totalCount } }";
    client.data(count, json!({ "words": words })).await["needs"]["totalCount"].clone()
}

/// What `/health/ready` says.
async fn ready(client: &Client) -> (u16, Value) {
    let (status, bytes) = client.get("/health/ready").await;
    (status, serde_json::from_slice::<Value>(&bytes).unwrap()["status"].clone())
}

#[tokio::test]
async fn a_full_disk_takes_nothing_and_loses_nothing() {
    let Some(disk) = Disk::mount() else {
        // Past the capture of output: who runs the tests is to see what did not run.
        stderr().write_all(b"skipped: no disk was filled, because none may be mounted here\n").unwrap();
        return;
    };
    let data = disk.data();
    let server = Server::start(&data, &["--demo"]);
    let token = server.token("COORDINATOR");
    let street = Client::member(&server.address, &token);
    assert_eq!(post(&street, "磨剪刀一场").await["data"]["postNeed"]["need"]["title"], "磨剪刀一场");

    // It fills while the server runs: said beforehand, and over when there is room again.
    disk.fill();
    assert_eq!(ready(&street).await, (503, json!("noRoom")));
    assert_eq!(post(&street, "磨菜刀一场").await["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(count(&street, "磨剪刀").await, 1);
    disk.make_room();
    assert_eq!(ready(&street).await, (200, json!("ready")));
    assert_eq!(post(&street, "磨菜刀一场").await["data"]["postNeed"]["need"]["title"], "磨菜刀一场");
    server.kill_9();

    // It is full before a start: the log is read, and nothing is taken until the next start.
    disk.fill();
    let server = Server::start(&data, &[]);
    let street = Client::member(&server.address, &token);
    assert_eq!(ready(&street).await, (503, json!("readOnly")));
    assert_eq!((count(&street, "磨剪刀").await, count(&street, "磨菜刀").await), (json!(1), json!(1)));
    assert_eq!(post(&street, "磨刀一场").await["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    server.stop();

    disk.make_room();
    let server = Server::start(&data, &[]);
    let street = Client::member(&server.address, &token);
    assert_eq!(ready(&street).await, (200, json!("ready")));
    assert_eq!(post(&street, "磨刀一场").await["data"]["postNeed"]["need"]["title"], "磨刀一场");
    assert_eq!(count(&street, "磨剪刀").await, 1);
    server.stop();
    verify(&data);
}
