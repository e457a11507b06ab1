//! B3: whatever is changed, lost or added is noticed, and named by its line and position.

use crate::made::{all, forged, lines, packed, plain, refusal, restored, street};
use engine::identity::Position;
use std::io::{self, Read};
use storage::{
    Hash, Head, Log,
    backup::{Fault, FileFlaw, RestoreError},
    conformance::samples,
    failure::{Flaw, StoreFault},
    memory::MemoryLog,
};

fn fault(file: &[u8]) -> (u64, Option<u64>, FileFlaw) {
    match refusal(file) {
        RestoreError::Faulty(Fault { line, position, flaw }) => (line, position.map(|at| at.0), flaw),
        other => panic!("{other}"),
    }
}

#[test]
fn b3_every_flipped_bit_of_a_small_backup_is_refused() {
    let log = street("花园", 1);
    for whole in [packed(&log, 0), plain(&log, 0), packed(&MemoryLog::new(), 0)] {
        for index in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[index] ^= 1 << bit;
                refusal(&changed);
            }
        }
    }
}

#[test]
fn b3_every_end_of_a_small_backup_is_refused() {
    let log = street("花园", 2);
    for whole in [packed(&log, 0), plain(&log, 0)] {
        for end in 0..whole.len() {
            fault(&whole[..end]);
        }
        for added in ["\n", "x", "{}\n"] {
            fault(&[&whole, added.as_bytes()].concat());
        }
        fault(&whole.repeat(2));
    }
}

#[test]
fn b3_seeded_damage_of_a_larger_backup_is_refused() {
    let log = street("花园", 600);
    let seed = 20_240_101_u64;
    let mut random = seed;
    let mut below = |bound: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 20) as usize % bound
    };
    for whole in [packed(&log, 0), plain(&log, 0)] {
        for round in 0..60 {
            let (from, mut changed) = (below(whole.len()), whole.clone());
            match round % 4 {
                0 => changed[from] ^= 1 << below(8),
                1 => changed.truncate(from),
                2 => drop(changed.drain(from..(from + 1 + below(40)).min(whole.len()))),
                _ => changed.insert(from, below(256) as u8),
            }
            if changed != whole {
                let log = MemoryLog::new();
                let found = restored(&*changed, &log);
                assert!(found.is_err(), "round {round} of seed {seed}, byte {from}");
                assert_eq!(log.head(), Ok(Head::START));
            }
        }
    }
}

#[test]
fn b3_what_is_wrong_is_named_with_line_and_position() {
    let log = street("花园", 4);
    let records = all(&log);
    let head = log.head().unwrap();
    let whole = lines(&log, 0);
    let changed = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = whole.clone();
        change(&mut lines);
        forged(&lines, 4, head)
    };
    let aside = samples(records[1].commit().head(), "aside", 1).remove(0);
    let record = |flaw| FileFlaw::Record(flaw);
    let (hash, other) = (|at: usize| records[at].commit().hash, Hash::of(b"other"));

    for (what, file, line, position, flaw) in [
        (
            "two records changed places",
            changed(&|lines| lines.swap(2, 3)),
            3,
            Some(2),
            record(Flaw::WrongPosition { stated: Position(3) }),
        ),
        (
            "a record is lost",
            changed(&|lines| drop(lines.remove(2))),
            3,
            Some(2),
            record(Flaw::WrongPosition { stated: Position(3) }),
        ),
        ("the last record is lost", changed(&|lines| drop(lines.pop())), 5, Some(4), record(Flaw::Missing)),
        (
            "a record of another history",
            changed(&|lines| lines[3] = aside.text().to_owned()),
            5,
            Some(4),
            record(Flaw::BrokenChain { before: hash(2), expected: aside.commit().hash }),
        ),
        (
            "a head of another history",
            changed(&|lines| lines[0] = lines[0].replace(&head.hash.to_string(), &other.to_string())),
            5,
            Some(4),
            record(Flaw::WrongHead { stated: other, found: head.hash }),
        ),
        (
            "another street's name by its first commit",
            changed(&|lines| lines[0] = lines[0].replace(&hash(0).to_string(), &other.to_string())),
            2,
            Some(1),
            FileFlaw::OtherFirst { stated: Some(other), found: hash(0) },
        ),
        (
            "a header that ends before it begins",
            changed(&|lines| {
                lines[0] = lines[0].replace("\"after\":{\"position\":0", "\"after\":{\"position\":9")
            }),
            1,
            None,
            FileFlaw::HeaderContradiction,
        ),
        (
            "another file",
            changed(&|lines| lines[0] = lines[0].replace("gongjian-log", "gongjian-plan")),
            1,
            None,
            FileFlaw::NotABackup("format \"gongjian-plan\"".to_owned()),
        ),
        (
            "a trailer that counts wrong",
            forged(&whole, 5, head),
            6,
            None,
            FileFlaw::OtherTotal { commits: 5, head },
        ),
        ("nothing", Vec::new(), 1, None, FileFlaw::CutShort),
        ("no trailer", whole.join("\n").into_bytes(), 5, Some(4), FileFlaw::CutShort),
        (
            "no trailer after a whole line",
            (whole.join("\n") + "\n").into_bytes(),
            6,
            None,
            FileFlaw::CutShort,
        ),
        (
            "more after the trailer",
            [plain(&log, 0), b"{}\n".to_vec()].concat(),
            7,
            None,
            FileFlaw::AfterTrailer,
        ),
    ] {
        assert_eq!(fault(&file), (line, position, flaw), "{what}");
    }
}

#[test]
fn b3_a_changed_letter_is_named_by_its_record() {
    let whole = String::from_utf8(plain(&street("花园", 4), 0)).unwrap();
    let changed = whole.replacen("\"name\":\"花园-2\"", "\"name\":\"花图-2\"", 1);
    assert_ne!(changed, whole);
    let (line, position, flaw) = fault(changed.as_bytes());
    assert_eq!((line, position), (4, Some(3)));
    assert!(matches!(flaw, FileFlaw::Record(Flaw::WrongHash { .. })), "{flaw}");
}

#[test]
fn b3_a_changed_header_or_another_spelling_is_noticed_by_the_trailer() {
    let log = street("花园", 1);
    let whole = String::from_utf8(plain(&log, 0)).unwrap();
    let (line, position, flaw) = fault(whole.replacen("春风街道", "秋风街道", 1).as_bytes());
    assert_eq!((line, position), (3, None));
    assert!(matches!(flaw, FileFlaw::OtherLines { .. }), "{flaw}");
    let spaced = whole.replacen("{\"commits\":", "{ \"commits\":", 1);
    assert_eq!(fault(spaced.as_bytes()), (3, None, FileFlaw::TrailerSpelling));
    let (.., flaw) = fault(whole.replace('\n', "\r\n").as_bytes());
    assert!(matches!(flaw, FileFlaw::OtherLines { .. }), "{flaw}");
}

#[test]
fn b3_a_packed_file_without_its_seal_is_refused_and_says_so() {
    let log = street("花园", 3);
    let (whole, plain) = (packed(&log, 0), plain(&log, 0));
    let unsealed = &whole[..whole.len() - 72];
    assert_eq!(fault(unsealed), (6, None, FileFlaw::NoSeal));
    assert_eq!(fault(&zstd::encode_all(&*plain, 3).unwrap()), (6, None, FileFlaw::NoSeal));

    // The seal, by hand: `head -c -72 FILE | sha256sum`.
    assert_eq!(whole[whole.len() - 64..], *Hash::of(unsealed).to_string().as_bytes());
    let mut changed = whole.clone();
    changed[unsealed.len() + 8] ^= 1;
    let (line, position, flaw) = fault(&changed);
    assert_eq!((line, position), (6, None));
    assert!(
        matches!(flaw, FileFlaw::OtherBytes { computed, .. } if computed == Hash::of(unsealed)),
        "{flaw}"
    );
}

#[test]
fn a_newer_file_or_record_needs_a_newer_program() {
    let log = street("花园", 2);
    let mut lines = lines(&log, 0);
    let body = all(&log)[1].text().split_once("\"body\":").unwrap().1.to_owned();
    let body = body.strip_suffix('}').unwrap().replacen("\"v\":1", "\"v\":9", 1);
    let newer = format!("{{\"hash\":\"{}\",\"body\":{body}}}", Hash::of(body.as_bytes()));
    let header = lines[0].clone();
    lines[2] = newer;
    let head = log.head().unwrap();
    assert_eq!(refusal(&forged(&lines, 2, head)), RestoreError::NewerFormat { line: 3, found: 9, known: 1 });
    lines[0] = header.replace("\"version\":1", "\"version\":2,\"mood\":\"fine\"");
    assert_eq!(refusal(&forged(&lines, 2, head)), RestoreError::NewerFormat { line: 1, found: 2, known: 1 });
}

#[test]
fn an_input_that_fails_is_no_damage() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the line is dead"))
        }
    }
    let whole = packed(&street("花园", 2), 0);
    let error = restored(whole[..40].chain(Failing), &MemoryLog::new()).unwrap_err();
    assert_eq!(error, RestoreError::Input(StoreFault::new("read", "the line is dead")));
}
