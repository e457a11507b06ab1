//! Reading workbooks: sheets as offices keep them, with titles, merged cells, notes beside them and totals below.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use engine::refusal::wording::Language;
use graphql::lists::{Kind, Reading, Row, RowProblem, row::NumberOrText};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};

type Written = Result<(), XlsxError>;
/// Its name, and what fills it.
type Sheet<'a> = (&'a str, fn(&mut Worksheet) -> Written);

/// A workbook of these sheets.
fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, write) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        write(sheet).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn read(bytes: &[u8]) -> Reading {
    Reading::of([("三张清单.xlsx", bytes)])
}

/// `sheet:line field CODE` of every problem; notices in brackets.
fn said(reading: &Reading) -> Vec<String> {
    let one = |problem: &RowProblem| {
        let field = problem.field.as_deref().unwrap_or("-");
        let file = problem.at.file.trim_start_matches("三张清单.xlsx");
        let text = format!("{file}:{} {field} {}", problem.at.line, problem.fault.code());
        if problem.is_notice() { format!("({text})") } else { text }
    };
    reading.problems.iter().map(one).collect()
}

fn cells(sheet: &mut Worksheet, row: u32, texts: &[&str]) -> Written {
    for (column, text) in (0..).zip(texts) {
        if !text.is_empty() {
            sheet.write(row, column, *text)?;
        }
    }
    Ok(())
}

fn needs(sheet: &mut Worksheet) -> Written {
    let (plain, day) = (Format::new(), Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\""));
    sheet.merge_range(0, 0, 0, 6, "河沿街社区需求清单", &plain)?;
    cells(sheet, 1, &["序号", "社区", "需求名称", "数量", "单位", "时间", "", "经办人"])?;
    cells(sheet, 2, &["", "", "", "", "", "开始日期", "结束日期"])?;
    for column in [0, 1, 2, 3, 4, 7] {
        let heading = ["序号", "社区", "需求名称", "数量", "单位", "", "", "经办人"][usize::from(column)];
        sheet.merge_range(1, column, 2, column, heading, &plain)?;
    }
    sheet.merge_range(1, 5, 1, 6, "时间", &plain)?;

    sheet.write(3, 0, 1)?.write(3, 2, "夜间停车")?.write(3, 3, 20.0)?.write(3, 4, "车位")?;
    sheet.write_with_format(3, 5, ExcelDateTime::from_ymd(2026, 3, 1)?, &day)?;
    sheet.write_with_format(3, 6, ExcelDateTime::from_ymd(2026, 12, 31)?, &day)?;
    sheet.write(4, 0, 2)?.write(4, 2, "周末停车")?.write(4, 7, "小李")?;
    sheet.write(5, 0, 3)?.write(5, 2, "老人送餐")?.write(5, 3, Formula::new("=0.1+0.2").set_result("0.3"))?;
    sheet.merge_range(3, 1, 5, 1, "河沿街社区", &plain)?;
    sheet.merge_range(3, 3, 4, 3, "", &plain)?.write(3, 3, 20.0)?;
    sheet.merge_range(3, 4, 4, 4, "车位", &plain)?;
    sheet.write(6, 0, 4)?.write(6, 1, "柳荫里社区")?.write(6, 2, "义诊")?;
    sheet.write(6, 3, Formula::new("=A1/0").set_result("#DIV/0!"))?;
    // Below the last merged cells nothing is guessed: whose need this is, the street's officer did not say.
    sheet.write(7, 0, 5)?.write(7, 2, "全街道健步走")?;
    cells(sheet, 8, &["合 计", "", "", "40"])
}

fn resources(sheet: &mut Worksheet) -> Written {
    cells(sheet, 0, &["编号", "单位名称", "资源名称", "可用次数", "", "开放时间"])?;
    cells(sheet, 1, &["R-1", "和悦广场", "地下停车场夜间开放", "", "问过", "每晚"])?;
    sheet.write(1, 3, 3)?;
    cells(sheet, 2, &["R-2", "", "广场周末活动场地", "", "", "周末", "", "", "见附件"])
}

#[test]
fn a_workbook_is_read_sheet_by_sheet_with_its_merged_cells() {
    let bytes = workbook(&[
        ("填表说明", |sheet| cells(sheet, 0, &["请各社区于每月五日前填报"])),
        ("需求清单", needs),
        ("资源清单", resources),
        ("旧表", |sheet| {
            sheet.set_hidden(true);
            cells(sheet, 0, &["编号", "需求名称"])?;
            cells(sheet, 1, &["1", "去年的需求"])
        }),
        ("Sheet5", |_| Ok(())),
    ]);
    let reading = read(&bytes);
    assert_eq!(
        said(&reading),
        [
            "([填表说明]:1 - SHEET_PASSED_OVER)",
            "([需求清单]:1 - LINES_ABOVE_HEADER)",
            "([需求清单]:2 经办人 UNKNOWN_HEADING)",
            "([需求清单]:5 community TAKEN_FROM_ABOVE)",
            "([需求清单]:5 unit TAKEN_FROM_ABOVE)",
            "([需求清单]:5 quantity COUNTED_ONCE)",
            "[需求清单]:7 数量 NO_RESULT",
            "([需求清单]:9 - TOTAL_ROW)",
            "([资源清单]:1 E UNKNOWN_HEADING)",
            "[资源清单]:3 - RAGGED",
            "([旧表]:1 - SHEET_PASSED_OVER)",
        ]
    );
    let rows: Vec<_> = reading
        .rows
        .iter()
        .map(|row| {
            let entry = row.row.entry().unwrap();
            let at = format!("{}:{}", row.at.file.trim_start_matches("三张清单.xlsx"), row.at.line);
            let from = entry.when.from.map(|day| day.to_string());
            (at, row.row.kind(), entry.at.community.as_deref(), entry.quantity.clone(), from)
        })
        .collect();
    let (river, day) = (Some("河沿街社区"), Some("2026-03-01".to_owned()));
    assert_eq!(
        rows,
        [
            ("[需求清单]:4".into(), Kind::Need, river, Some(NumberOrText::Number(20)), day),
            ("[需求清单]:5".into(), Kind::Need, river, None, None),
            ("[需求清单]:6".into(), Kind::Need, river, Some(NumberOrText::Text("0.3".into())), None),
            ("[需求清单]:8".into(), Kind::Need, None, None, None),
            ("[资源清单]:2".into(), Kind::Resource, None, None, None),
        ]
    );
    let Row::Resource(garage) = &reading.rows[4].row else { panic!("{:?}", reading.rows[4]) };
    assert_eq!((garage.entry.org.as_deref(), garage.lots), (Some("和悦广场"), Some(3)));
    let amount = reading.problems.iter().find(|it| it.fault.code() == "COUNTED_ONCE").unwrap();
    assert_eq!(
        amount.line(Language::English),
        "三张清单.xlsx[需求清单]:5: quantity: an amount said once for merged cells was counted for their first row; \
         the other has none"
    );
}

#[test]
fn a_mark_in_the_last_corner_costs_one_cell() {
    let bytes = workbook(&[("需求", |sheet| {
        cells(sheet, 0, &["编号", "需求名称"])?;
        cells(sheet, 1, &["1", "修路灯"])?;
        sheet.write(1_048_575, 16_383, ".")?;
        Ok(())
    })]);
    let reading = read(&bytes);
    assert_eq!(said(&reading), ["[需求]:1048576 - RAGGED"]);
    assert_eq!(reading.rows.len(), 1);
}

#[test]
fn what_cannot_be_read_says_why() {
    let whole = workbook(&[("需求", |sheet| cells(sheet, 0, &["编号", "需求名称"]))]);
    let bare = workbook(&[("说明", |sheet| cells(sheet, 0, &["你好"]))]);
    let cases: [(&[u8], &str); 5] = [
        (&whole[..whole.len() / 2], ":1 - WORKBOOK_UNREADABLE"),
        (b"PK\x03\x04", ":1 - WORKBOOK_UNREADABLE"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ":1 - OLD_WORKBOOK"),
        (&bare, ":1 - NO_HEADER"),
        (&workbook(&[("Sheet1", |_| Ok(()))]), ":1 - EMPTY_FILE"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(said(&read(bytes)), [expected]);
    }
    // What comes over the network is text and stays text.
    let mut reading = Reading::default();
    reading.add_text("需求.xlsx", "PK\u{3}\u{4}");
    assert_eq!(reading.problems[0].fault.code(), "WORKBOOK");
}

#[test]
fn a_workbook_and_the_table_saved_from_it_are_the_same_rows() {
    let bytes = workbook(&[("需求清单", |sheet| {
        cells(sheet, 0, &["编号", "社区", "需求名称", "数量", "单位"])?;
        cells(sheet, 1, &["N-1", "河沿街社区", "夜间停车", "", "车位"])?;
        sheet.write(1, 3, 20)?;
        Ok(())
    })]);
    let table = "编号,社区,需求名称,数量,单位\r\nN-1,河沿街社区,夜间停车,20,车位\r\n";
    let digests = |reading: Reading| reading.rows.into_iter().map(|row| row.digest).collect::<Vec<_>>();
    let saved = Reading::of([("需求清单.csv", table.as_bytes())]);
    assert_eq!(digests(read(&bytes)), digests(saved), "so that importing both changes nothing twice");
}
