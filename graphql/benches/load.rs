//! How many requests a server answers, and how soon: the real program with 100,000 needs and 80,000 resources on disk,
//! a client of our own beside it on the same machine.
//!
//! Beside each figure stands, of the same run, a handler that answers a constant: the same web server and the same
//! GraphQL library, a schema of the same shape whose resolvers have nothing to look up. What machine it is matters little
//! then. On demand the same lists are served by PostgreSQL and PostGraphile as well, asked the same in their words.
//!
//! `cargo bench -p graphql --bench load`. Set by the environment:
//! - `GONGJIAN_LOAD_DATA`: a directory for the log, written on the first run; every run works on a copy of it;
//! - `GONGJIAN_LOAD_SECONDS`: how long each figure is taken (4);
//! - `GONGJIAN_LOAD_ONLY`: only figures with this in their name, such as `list`;
//! - `GONGJIAN_LOAD_PEER`: a Node.js of 22 or later, to start the peer with (after `npm ci` in `benches/load/peer`;
//!   PostgreSQL's programs are taken from the path), and `GONGJIAN_LOAD_PEER_WORKERS` how many processes it has (2).
//!
//! # What it showed
//!
//! Two cores of a shared AMD EPYC, nothing else running, client and servers beside each other; PostgreSQL 15.18,
//! PostGraphile 5.1.5 in two processes of Node.js 22; `GONGJIAN_LOAD_SECONDS=3`, one run. *Fresh* is resolved for each
//! request, *kept* was asked before at the same position. Answers a second, and the p99 in milliseconds:
//!
//! | | connections | ours, fresh | ours, kept | constant | peer | peer, stale view |
//! |---|---|---|---|---|---|---|
//! | list | 16 | 8,269 (3.9) | 66,664 (0.5) | 13,358 (2.4) | 1,566 (38) | |
//! | list | 64 | 8,188 (14) | 77,744 (1.5) | 13,176 (9.1) | 2,036 (108) | |
//! | tile | 16 | 14,969 (2.3) | 77,801 (0.4) | | 63 (344) | 4,347 (10) |
//! | tile | 64 | 15,732 (7.6) | 83,453 (3.3) | | 47 (1,164) | 3,732 (33) |
//! | tile, one connection posting beside | 16 | | 40,407 (1.1) | | | |
//! | create, durable | 1 | 1,872 (1.8) | | 12,439 (0.2) | 1,542 (2.9) | |
//! | create, durable | 16 | 10,420 (6.6) | | 38,278 (0.9) | 4,488 (9.1) | |
//! | create, durable | 64 | 15,040 (13) | | 44,520 (3.0) | 4,725 (43) | |
//!
//! So a fresh list goes 5.3 and 4.0 times as often as with the peer at 0.10 and 0.13 of its p99, and 0.62 times as often as
//! the constant, a kept one 5 to 6 times; a fresh tile more than 230 times as often as the peer's, 3.4 times as often as its
//! stale view; a create 1.2, 2.3 and 3.2 times as often at 0.63, 0.73 and 0.30 of the p99. In another run of the same hour,
//! with creates alone, it was 1,980, 10,901 and 15,759 against 1,557, 3,706 and 3,701: 1.3, 2.9 and 4.3 times. The peer's
//! create is a row with a unique key; ours is decided, hashed into the chain, indexed and counted as well. With sixteen
//! connections a third of the machine's time is the system's, sixty thousand changes from thread to thread a second; at one,
//! the log takes 0.22 ms of the 0.46. The constant has the allocator of the system, as the documentation of the library leaves
//! it; ours has its own. The server held 1,760 MiB after the start (the lists, their indexes and the pool of the matching),
//! 1,823 at most while reading, 2,180 at most while some 90,000 needs were posted.
//!
//! # Since then
//!
//! Lists alone, since the index tells conditions and has a shelf for each top category; programs with that shelf and without
//! it took turns. A second, and times the constant of the same run:
//!
//! | list, fresh | 16 connections | 64 connections |
//! |---|---|---|
//! | with the shelf | 10,704 (0.77), 10,348 (0.85) | 10,892 (0.77), 10,326 (0.73) |
//! | without | 7,891 (0.64), 9,907 (0.75) | 9,688 (0.70), 9,949 (0.72) |
//!
//! Creates alone, since each community has cells of its own for every property: 1,361 to 1,986, 7,818 to 10,851 and 10,942 to
//! 14,977 a second with 1, 16 and 64 connections in four runs; 1,762 and 2,128, 9,766 and 11,165, 13,884 and 14,184 without
//! these cells in two runs between them.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a bench may fail loudly")]

#[path = "load/client.rs"]
mod client;
#[path = "load/constant.rs"]
mod constant;
#[path = "load/program.rs"]
mod program;
#[path = "load/questions.rs"]
mod questions;
#[path = "load/street.rs"]
mod street;
#[path = "load/tables.rs"]
mod tables;

use client::{Load, Taken, drive};
use program::Program;
use questions::never_twice;
use std::{env, fs, path::Path, path::PathBuf, process::Command, slice, time::Duration};

const PART: &str = "GONGJIAN_LOAD_PART";

/// Connections when something is read, and when something is written.
const READING: [usize; 2] = [16, 64];
const WRITING: [usize; 3] = [1, 16, 64];

fn main() {
    if env::var(PART).as_deref() == Ok("constant") {
        return constant::serve();
    }
    // Built and run as a test, there is nothing to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let thrown = tempfile::tempdir().unwrap();
    let origin =
        env::var_os("GONGJIAN_LOAD_DATA").map_or_else(|| thrown.path().join("origin"), PathBuf::from);
    let peer = env::var_os("GONGJIAN_LOAD_PEER");
    let tables = peer.is_some().then(|| open_to_all(&thrown.path().join("peer")));
    let street = street::load(&origin, tables.as_deref());
    let data = thrown.path().join("data");
    copy(&origin, &data);

    let server = Program::server(&data);
    println!("{} needs and resources; {} MiB resident after the start", street.entries, server.memory().0);
    let constant = Program::constant(PART);
    let peer = peer.zip(tables).map(|(node, tables)| {
        let mut command = Command::new(node);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/peer/peer.mjs")).arg(tables);
        command.arg(env::var("GONGJIAN_LOAD_PEER_WORKERS").unwrap_or_else(|_| "2".to_owned()));
        Program::peer(command)
    });

    let ours = questions::ours(server.address, &street);
    let peers = peer.as_ref().map(|peer| questions::peers(peer.address, &street));
    println!("{} different lists", ours.lists.len());
    let ask = |bodies: &[String]| Load::new(server.address, Some(street::TOKEN), bodies);
    let ask_constant = |bodies: &[String]| Load::new(constant.address, None, bodies);
    let one = |body: &String| slice::from_ref(body).to_vec();

    let mut rows = Rows::default();
    let (few, writing) = (&ours.lists[..ours.lists.len().min(500)], ask(&one(&ours.create)));
    for connections in READING {
        rows.take("list: constant", connections, &ask_constant(&ours.lists[..1]), None);
        rows.take("list: ours, fresh", connections, &ask(&never_twice(&ours.lists)), None);
        rows.take("list: ours, kept", connections, &ask(few), None);
        if let (Some(peer), Some(peers)) = (&peer, &peers) {
            rows.take("list: peer", connections, &Load::new(peer.address, None, &peers.lists), None);
        }
    }
    for connections in READING {
        rows.take("tile: ours, fresh", connections, &ask(&never_twice(&one(&ours.tile))), None);
        rows.take("tile: ours, kept", connections, &ask(&one(&ours.tile)), None);
        if let (Some(peer), Some(peers)) = (&peer, &peers) {
            rows.take(
                "tile: peer, fresh",
                connections,
                &Load::new(peer.address, None, &one(&peers.tile)),
                None,
            );
            let stale = one(peers.stale_tile.as_ref().unwrap());
            rows.take("tile: peer, stale", connections, &Load::new(peer.address, None, &stale), None);
        }
    }
    let (now, most) = server.memory();
    println!("ours: {now} MiB resident after the reading, {most} at most");
    for connections in WRITING {
        rows.take("create: constant", connections, &ask_constant(&one(&ours.create)), None);
        rows.take("create: ours", connections, &writing, None);
        if let (Some(peer), Some(peers)) = (&peer, &peers) {
            rows.take("create: peer", connections, &Load::new(peer.address, None, &one(&peers.create)), None);
        }
    }
    let (now, most) = server.memory();
    println!("ours: {now} MiB resident after the creates, {most} at most");
    // Whatever was kept is forgotten at every commit.
    rows.take("tile: ours, kept, beside a writer", 16, &ask(&one(&ours.tile)), Some(&writing));
    if let Some(peer) = &peer {
        println!("peer: {} MiB in the processes of Node.js, PostgreSQL beside them", peer.memory_of_all());
    }
    rows.compare();
}

/// A directory that the user of PostgreSQL may write to.
fn open_to_all(directory: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(directory).unwrap();
    for open in [directory, directory.parent().unwrap()] {
        fs::set_permissions(open, fs::Permissions::from_mode(0o777)).unwrap();
    }
    directory.to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// One figure.
struct Row {
    what: &'static str,
    connections: usize,
    taken: Taken,
}

/// All figures of a run.
#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn take(&mut self, what: &'static str, connections: usize, load: &Load, beside: Option<&Load>) {
        if env::var("GONGJIAN_LOAD_ONLY").is_ok_and(|only| !what.contains(&only)) {
            return;
        }
        let seconds = env::var("GONGJIAN_LOAD_SECONDS").map_or(4, |text| text.parse().unwrap());
        let taken = drive(load, connections, beside, Duration::from_secs(seconds));
        println!(
            "{what:<36} {connections:>3} connections: {:>7.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms",
            taken.per_second(),
            taken.quantile(0.50),
            taken.quantile(0.99),
        );
        self.0.push(Row { what, connections, taken });
    }

    /// How each figure of ours stands to those of others in this run.
    fn compare(&self) {
        for row in self.0.iter().filter(|row| row.what.contains("ours")) {
            let kind = row.what.split(':').next().unwrap();
            let same = |other: &&Row| other.connections == row.connections && other.what.starts_with(kind);
            for other in self.0.iter().filter(same).filter(|other| !other.what.contains("ours")) {
                println!(
                    "{:<36} {:>3} connections: {:>6.2} times {:<20} p99 {:>5.2} of it",
                    row.what,
                    row.connections,
                    row.taken.per_second() / other.taken.per_second(),
                    other.what,
                    row.taken.quantile(0.99) / other.taken.quantile(0.99),
                );
            }
        }
    }
}
