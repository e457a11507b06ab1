//! The form of the records is frozen: what was written once is read for ever, and version 1 is still
//! written byte for byte. `GONGJIAN_WRITE_GOLDENS=1` writes a golden that is not there yet.

use crate::street::{NEW_YEAR, coordinator};
use engine::{
    entry::EntryDraft,
    event::Event,
    identity::{NeedId, OrganizationId, PlaceId, Position},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    place::{Place, PlaceLevel},
};
use serde_json::{Value, json};
use std::{fs, path::PathBuf};
use storage::{
    Asked, Damage, Head, Log, ReadError, Request, RequestId,
    failure::Flaw,
    memory::MemoryLog,
    record::{Format, Record},
    verify,
};

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name)
}

/// A commit whose request says what it asks for.
fn asked() -> Record {
    let last = records().pop().unwrap();
    let request = Request { id: RequestId::new("one").unwrap(), asked: Some(Asked::new(0xfeed_0017)) };
    let events = vec![Event::NeedWithdrawn { need: NeedId::new(1), reason: "已解决".to_owned() }];
    Record::seal(last.commit().head(), last.commit().time, coordinator(7), request, events).unwrap()
}

/// A few commits of each actor.
fn records() -> Vec<Record> {
    let place = |id, name: &str, level, parent| {
        let (id, name) = (PlaceId::new(id), name.to_owned());
        Event::PlaceAdded { place: Place { id, name, level, parent, reference: None } }
    };
    let root = Some(PlaceId::new(1));
    let draft = NeedDraft::new(EntryDraft::new("老年食堂 \"午餐\" / 每日\n40 份", OrganizationId::new(1)));
    let commits = [
        (Caller::System, "open", vec![place(1, "春风街道", PlaceLevel::Street, None)]),
        (
            coordinator(7),
            "导入-1",
            vec![
                place(2, "花园社区", PlaceLevel::Community, root),
                place(3, "河畔社区", PlaceLevel::Community, root),
            ],
        ),
        (Caller::Public, "wish#1", vec![Event::NeedPosted { need: NeedId::new(1), draft }]),
    ];
    let mut head = Head::START;
    let seal = |(index, (actor, request, events)): (usize, (Caller, &str, Vec<Event>))| {
        let time = Moment::from_millis(NEW_YEAR.millis() + index as i64 * 1_000);
        let record = Record::seal(head, time, actor, RequestId::new(request).unwrap(), events).unwrap();
        head = record.commit().head();
        record
    };
    commits.into_iter().enumerate().map(seal).collect()
}

#[test]
fn records_are_written_as_they_ever_were() {
    for (name, records) in [("records_v1.jsonl", records()), ("records_v1_asked.jsonl", vec![asked()])] {
        let written: String = records.iter().map(|record| format!("{}\n", record.text())).collect();
        let golden = golden(name);
        if !golden.exists() && std::env::var_os("GONGJIAN_WRITE_GOLDENS").is_some() {
            fs::write(&golden, &written).unwrap();
        }
        assert_eq!(written, fs::read_to_string(golden).unwrap(), "{name}");
    }
}

#[test]
fn what_a_request_asked_for_is_read_again() {
    let text = fs::read_to_string(golden("records_v1_asked.jsonl")).unwrap();
    let read = Record::check(Position(4), text.trim_end().as_bytes()).unwrap();
    assert_eq!((&read, read.commit().asked), (&asked(), Some(Asked::new(0xfeed_0017))));
}

#[test]
fn records_that_were_ever_written_are_read() {
    let texts = fs::read_to_string(golden("records_v1.jsonl")).unwrap();
    let read: Vec<_> = texts
        .lines()
        .zip(1..)
        .map(|(line, position)| Record::check(Position(position), line.as_bytes()).unwrap())
        .collect();
    assert_eq!(read, records());
    let log = MemoryLog::new();
    log.append(Position::START, &read).unwrap();
    let report = verify(&log, &mut |_| ()).unwrap();
    assert_eq!((report.commits, report.events), (3, 4));
}

#[test]
fn older_versions_are_lifted_and_keep_their_bytes() {
    // Made up: version 2 would tell the time in seconds, version 3 would have no public.
    fn seconds(mut body: Value) -> Result<Value, String> {
        let millis = body["time"].as_i64().ok_or("no time")?;
        body["time"] = json!(millis / 1_000);
        Ok(body)
    }
    fn nobody(mut body: Value) -> Result<Value, String> {
        if body["actor"]["type"] == "public" {
            body["actor"] = json!({"type": "system"});
        }
        Ok(body)
    }
    const LATER: Format = Format::new(&[seconds, nobody]);
    assert_eq!((Format::CURRENT.version(), LATER.version()), (1, 3));

    for old in records() {
        let bytes = old.text().as_bytes();
        let lifted = Record::check_as(LATER, old.commit().position, bytes).unwrap();
        assert_eq!(lifted.text(), old.text());
        assert_eq!(lifted.commit().hash, old.commit().hash, "the chain goes on over the stored bytes");
        assert_eq!(lifted.commit().time, Moment::from_millis(old.commit().time.millis() / 1_000));
        assert_ne!(lifted.commit().actor, Caller::Public);
        assert_eq!(lifted.commit().events, old.commit().events);
    }
}

#[test]
fn what_an_upcaster_does_not_understand_is_named() {
    const LATER: Format = Format::new(&[|_| Err("no such thing".to_owned())]);
    let record = records().remove(1);
    let error = Record::check_as(LATER, Position(2), record.text().as_bytes()).unwrap_err();
    let flaw = Flaw::NotUnderstood("no such thing".to_owned());
    assert_eq!(error, ReadError::Damaged(Damage { position: Position(2), flaw }));
}
