//! Reading lists: what is bad is reported with its line, what is good is read.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use engine::refusal::wording::Language;
use graphql::lists::{Kind, Reading, Row, row::NumberOrText};

fn read(name: &str) -> Reading {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap();
    Reading::of([(name, bytes.as_slice())])
}

/// `line field CODE` of every problem; notices in brackets.
fn said(reading: &Reading) -> Vec<String> {
    let one = |problem: &graphql::lists::RowProblem| {
        let field = problem.field.as_deref().unwrap_or("-");
        let text = format!("{} {field} {}", problem.at.line, problem.fault.code());
        if problem.is_notice() { format!("({text})") } else { text }
    };
    reading.problems.iter().map(one).collect()
}

#[test]
fn every_bad_row_is_reported_with_its_line_and_field_and_the_good_ones_are_read() {
    let reading = read("bad_rows.jsonl");
    assert_eq!(
        said(&reading),
        [
            "2 title MISSING",
            "3 title WRONG_TYPE",
            "4 kind UNKNOWN_VALUE",
            "5 kind MISSING",
            "6 - NOT_JSON",
            "7 - NOT_AN_OBJECT",
            "9 from NOT_A_DATE",
            "10 hours NOT_HOURS",
            "11 quantity NOT_A_NUMBER",
            "12 lots NOT_A_NUMBER",
            "15 slots.1.title MISSING",
            "16 slots WRONG_TYPE",
            "17 relation UNKNOWN_VALUE",
            "18 level MISSING",
            "20 name MISSING",
            "23 channel UNKNOWN_VALUE",
            "(24 wishes UNKNOWN_FIELD)",
        ]
    );
    // The others name what only a street can tell: they are for the intake to judge.
    let lines: Vec<u64> = reading.rows.iter().map(|row| row.at.line).collect();
    assert_eq!(lines, [1, 8, 13, 14, 19, 21, 22, 24]);
    assert_eq!(reading.refused.len(), 16);
}

#[test]
fn a_problem_is_one_line_in_chinese_and_in_english() {
    let reading = read("bad_rows.jsonl");
    let problem = reading.problems.iter().find(|problem| problem.at.line == 9).unwrap();
    assert_eq!(
        problem.line(Language::English),
        "bad_rows.jsonl:9: from: \"明天\" is not a date (write it as 2026-03-01)"
    );
    assert_eq!(problem.line(Language::Chinese), "bad_rows.jsonl:9: from: 「明天」不是日期(写成 2026-03-01)");
}

#[test]
fn a_row_that_stands_twice_is_reported_with_the_line_of_the_first() {
    let reading = read("duplicates.jsonl");
    let said: Vec<String> = reading.problems.iter().map(|problem| problem.line(Language::English)).collect();
    assert_eq!(
        said,
        [
            "duplicates.jsonl:4: repeats line 2 (if they are two, give each its id)",
            "duplicates.jsonl:5: id: repeats line 1 (if they are two, give each its id)",
            "duplicates.jsonl:6: id: has the id of line 1, but other contents (give one of them another id)",
        ]
    );
    // The same id in another list is another row.
    let kinds: Vec<Kind> = reading.rows.iter().map(|row| row.row.kind()).collect();
    assert_eq!(kinds, [Kind::Need, Kind::Need, Kind::Resource]);
}

#[test]
fn a_table_out_of_excel_is_read_with_its_titles_merged_cells_and_old_encoding() {
    let reading = read("需求清单_gb18030.csv");
    assert_eq!(
        said(&reading),
        [
            "(1 - DECODED_FROM)",
            "(1 - LINES_ABOVE_HEADER)",
            "(3 经办人电话 UNKNOWN_HEADING)",
            "(5 community TAKEN_FROM_ABOVE)",
            "9 - RAGGED",
        ]
    );
    let rows: Vec<_> = reading
        .rows
        .iter()
        .map(|row| {
            let Row::Need(need) = &row.row else { panic!("{row:?}") };
            let entry = &need.entry;
            (row.at.line, entry.id.as_deref(), entry.at.community.as_deref(), entry.quantity.clone())
        })
        .collect();
    let text = |words: &str| Some(NumberOrText::Text(words.into()));
    assert_eq!(
        rows,
        [
            (4, Some("1"), Some("柳荫里社区"), text("40余")),
            (5, Some("2"), Some("柳荫里社区"), Some(NumberOrText::Number(60))),
            (6, Some("3"), Some("柳荫里社区"), text("2场")),
            (8, None, Some("桐花巷社区"), Some(NumberOrText::Number(20))),
            (11, Some("6"), Some("桐花巷社区"), text("若干")),
        ]
    );
}

#[test]
fn semicolons_and_tabs_separate_too_and_headings_give_the_list_away() {
    let reading = read("resources_semicolon.csv");
    let Row::Resource(hall) = &reading.rows[0].row else { panic!("{:?}", reading.rows) };
    assert_eq!(hall.entry.org.as_deref(), Some("清衡律师事务所"));
    assert_eq!(hall.entry.unit.as_deref(), Some("平方米"), "the unit in the heading");
    assert_eq!(hall.serves, ["柳荫里社区", "桐花巷社区"]);
    assert_eq!(said(&reading), ["(3 community TAKEN_FROM_ABOVE)", "(3 org TAKEN_FROM_ABOVE)"]);

    let reading = read("needs.tsv");
    assert_eq!(reading.rows[0].row.kind(), Kind::Need, "by the name of the file");
    assert!(said(&reading).is_empty());
}

#[test]
fn whole_files_that_are_no_lists_say_so() {
    let cases: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "1 - WORKBOOK_UNREADABLE"),
        (b" \r\n", "1 - EMPTY_FILE"),
        (b"hello, world\n", "1 - NO_HEADER"),
        (b"{\"kind\": \"need\", \"title\": \"\xff\xff\"}\n", "1 - UNDECODABLE"),
    ];
    for (bytes, expected) in cases {
        let reading = Reading::of([("list.txt", bytes)]);
        let problems: Vec<String> =
            said(&reading).into_iter().filter(|text| !text.starts_with('(')).collect();
        assert_eq!(problems, [expected]);
    }
}

#[test]
fn one_broken_line_costs_one_row() {
    let mut bytes = "\u{feff}{\"kind\": \"need\", \"title\": \"老花镜\"}\r\n\r\n".as_bytes().to_vec();
    bytes.extend(b"{\"kind\": \"need\", \"title\": \"\xff\"}\r\n");
    bytes.extend("{\"kind\": \"需求\", \"title\": \"轮椅\"}\r\n".as_bytes());
    let reading = Reading::of([("rows.jsonl", bytes.as_slice())]);
    assert_eq!(said(&reading), ["3 - UNDECODABLE"]);
    assert_eq!(reading.rows.len(), 2);
}
