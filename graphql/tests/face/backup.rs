//! The log of a running server, carried away over HTTP.

use crate::street::Street;
use engine::identity::Position;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use storage::{
    Log, backup,
    memory::MemoryLog,
    vault::{Unlock, Vault},
    verify,
};

/// The status and the body of an answer.
async fn get(street: &Street, token: &str, path: &str) -> (u16, Vec<u8>) {
    let mut request = reqwest::Client::new().get(format!("http://{}{path}", street.address));
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
}

fn restore(file: &[u8], log: &MemoryLog) -> Result<backup::RestoreReport, backup::RestoreError> {
    let scratch = tempfile::tempdir().unwrap();
    backup::restore(file, log, scratch.path(), &mut |_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_running_server_is_a_consistent_beginning_and_goes_on_by_increments() {
    let street = Street::open().await;
    let (stop, log) = (AtomicBool::new(false), MemoryLog::new());
    let writing = async {
        let mut number = 0;
        while !stop.load(Ordering::Relaxed) {
            street.need(&format!("需求{number}")).await;
            number += 1;
        }
    };
    let saving = async {
        let mut after = Position::START;
        for _ in 0..3 {
            let (status, file) = get(&street, &street.coordinator, &format!("/backup?after={after}")).await;
            assert_eq!(status, 200);
            let report = restore(&file, &log).unwrap();
            assert_eq!(report.header.street.as_deref(), Some("清河桥街道"));
            assert!(report.header.head.position > after, "the street was written to meanwhile");
            after = report.header.head.position;
            // The next one has something to carry.
            street.need("又一条").await;
        }
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(writing, saving);
    let (status, file) =
        get(&street, &street.coordinator, &format!("/backup?after={}", log.head().unwrap().position)).await;
    assert_eq!(status, 200);
    restore(&file, &log).unwrap();
    assert_eq!(log.head().unwrap(), street.ledger.view().head().unwrap());
    assert_eq!(verify(&log, &mut |_| ()).unwrap().head, log.head().unwrap());
    // What breaks off on its way is refused.
    assert!(restore(&file[..file.len() - 1], &MemoryLog::new()).is_err());
}

#[tokio::test]
async fn only_coordinators_carry_the_street_away() {
    let street = Street::open().await;
    for path in ["/backup", "/backup/contacts"] {
        for (token, expected) in [
            ("", 401),
            ("gj_0", 401),
            (&*street.officer, 403),
            (&*street.liaison, 403),
            (&*street.observer, 403),
        ] {
            let (status, body) = get(&street, token, path).await;
            assert_eq!(status, expected, "{path} {}", String::from_utf8_lossy(&body));
        }
    }
    for (query, expected) in
        [("?after=9999", 400), ("?after=x", 400), ("?contacts=true", 400), ("?after=0", 200)]
    {
        let (status, _) = get(&street, &street.coordinator, &format!("/backup{query}")).await;
        assert_eq!(status, expected, "{query}");
    }
    let (status, _) = get(&street, &street.coordinator, "/backup/contacts").await;
    assert_eq!(status, 404, "there is no vault");
}

#[tokio::test]
async fn contacts_go_along_sealed_and_only_when_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let key = Unlock::create_key_file(&directory.path().join("key")).unwrap();
    let street = Street::open_with_vault(Vault::open(&directory.path().join("vault"), &key).unwrap()).await;
    let need = street.need("陪诊").await;
    let input = json!({ "of": need, "purpose": "BENEFICIARY", "name": "王秀英", "phone": "0571-8800-4321" });
    street.mutate(&street.officer, "giveContact", "contact { id }", input).await;
    let sealed = std::fs::read(directory.path().join("vault/contacts")).unwrap();
    let (_, log) = get(&street, &street.coordinator, "/backup").await;
    let (status, copy) = get(&street, &street.coordinator, "/backup/contacts").await;
    assert_eq!(status, 200);
    let holds = |file: &[u8], bytes: &[u8]| file.windows(bytes.len()).any(|part| part == bytes);
    assert!(holds(&copy, &sealed[24..56]) && !holds(&copy, "王秀英".as_bytes()));
    let plain = zstd_free(&log);
    assert!(
        !holds(&log, &sealed[24..56]) && !holds(&plain, "王秀英".as_bytes()) && !holds(&plain, b"8800-4321")
    );
    let restored = Vault::restore_new(&*copy, &directory.path().join("elsewhere"), &key).unwrap();
    assert_eq!(restored.verify().unwrap().kept, 1);
}

/// The lines of a backup.
fn zstd_free(file: &[u8]) -> Vec<u8> {
    let log = MemoryLog::new();
    restore(file, &log).unwrap();
    let records = log.read(Position::START, 10_000).unwrap();
    records.iter().flat_map(|record| record.text().as_bytes().to_vec()).collect()
}
