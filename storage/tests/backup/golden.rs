//! B7: what was written once is read for ever, by this program and by any other that knows zstd and JSON.
//! `GONGJIAN_WRITE_GOLDENS=1` writes a golden that is not there yet.

use crate::made::{all, golden, golden_path, origin, packed, plain, restored};
use engine::identity::Position;
use serde_json::{Value, json};
use std::{
    env, fs,
    io::{BufRead, BufReader},
};
use storage::{Log, backup::Header, memory::MemoryLog, record::Record, verify};

const PACKED: &str = "backup_v1.jsonl.zst";
const PLAIN: &str = "backup_v1.jsonl";

/// The log whose records are themselves a golden.
fn log() -> MemoryLog {
    let records: Vec<_> = BufReader::new(golden("records_v1.jsonl"))
        .lines()
        .zip(1..)
        .map(|(line, position)| Record::check(Position(position), line.unwrap().as_bytes()).unwrap())
        .collect();
    let log = MemoryLog::new();
    log.append(Position::START, &records).unwrap();
    log
}

#[test]
fn b7_the_lines_are_written_as_they_ever_were() {
    for (name, written) in [(PLAIN, plain(&log(), 0)), (PACKED, packed(&log(), 0))] {
        if !golden_path(name).exists() && env::var_os("GONGJIAN_WRITE_GOLDENS").is_some() {
            fs::write(golden_path(name), &written).unwrap();
        }
    }
    assert_eq!(plain(&log(), 0), fs::read(golden_path(PLAIN)).unwrap());
}

#[test]
fn b7_a_backup_that_was_ever_written_is_restored() {
    for name in [PLAIN, PACKED] {
        let copy = MemoryLog::new();
        let report = restored(golden(name), &copy).unwrap();
        assert_eq!(all(&copy), all(&log()), "{name}");
        assert_eq!(report.header.street, origin().street);
        let verified = verify(&copy, &mut |_| ()).unwrap();
        assert_eq!((verified.commits, verified.events, verified.head), (3, 4, report.header.head));
    }
}

#[test]
fn b7_it_is_readable_without_this_program() {
    let lines: Vec<Value> = BufReader::new(zstd::Decoder::new(golden(PACKED)).unwrap())
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    let [header, open, import, wish, trailer] = &*lines else { panic!("{lines:?}") };
    let zeros = "0".repeat(64);
    assert_eq!(
        *header,
        json!({
            "format": "gongjian-log",
            "version": 1,
            "street": "春风街道",
            "first": open["hash"],
            "after": {"position": 0, "hash": zeros},
            "head": {"position": 3, "hash": wish["hash"]},
            "created": 1_704_067_200_000_u64,
        })
    );
    for (record, (position, before)) in
        [open, import, wish].into_iter().zip([(1, &json!(zeros)), (2, &open["hash"]), (3, &import["hash"])])
    {
        assert_eq!((&record["body"]["position"], &record["body"]["before"]), (&json!(position), before));
    }
    assert_eq!(open["body"]["events"][0]["place"]["name"], "春风街道");
    assert_eq!((&trailer["commits"], &trailer["head"]), (&json!(3), &header["head"]));
}

#[test]
fn the_header_comes_back_as_it_was() {
    let header: Header =
        serde_json::from_slice(plain(&log(), 1).split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!((header.commits(), header.is_full()), (2, false));
    assert_eq!(header.after, all(&log())[0].commit().head());
    assert_eq!(header.head, log().head().unwrap());
}
