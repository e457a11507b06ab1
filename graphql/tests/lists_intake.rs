//! Rows to commands: where rows go, who posts them, and that the same rows again change nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use engine::{
    entry::{BeneficiaryGroup, List},
    identity::NeedId,
    member::Caller,
    moment::Moment,
    need::{Need, NeedStatus},
    organization::{OrganizationKind, UnitKind},
    quantity::Measure,
    refusal::wording::Language,
    state::State,
};
use graphql::lists::{
    Reading,
    intake::{Counts, Desk, Intake, LedgerDesk, MemoryDesk, Options, take_in},
};
use std::sync::Arc;
use storage::{Ledger, memory::MemoryLog};

const NOW: Moment = Moment::from_millis(1_772_323_200_000);

fn fixture(name: &str) -> Reading {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    Reading::of([(name, std::fs::read(&path).unwrap().as_slice())])
}

fn rows(lines: &str) -> Reading {
    let reading = Reading::of([("rows.jsonl", lines.as_bytes())]);
    assert_eq!(reading.problems, []);
    reading
}

fn taken(reading: &Reading) -> (Arc<State>, Intake) {
    let mut desk = MemoryDesk::new(NOW);
    let intake = take_in(&mut desk, reading, &Options::default(), &mut |_| {}).unwrap();
    (desk.state(), intake)
}

fn need<'a>(state: &'a State, id: &str) -> &'a Need {
    let number = state.referenced(List::Needs, id).unwrap();
    state.need(NeedId::new(number)).unwrap()
}

/// Names from a place outwards.
fn way(state: &State, need: &Need) -> Vec<String> {
    let place = state.place_of(&need.draft.entry).unwrap();
    state.around(place).map(|place| place.name.clone()).collect()
}

fn poster(state: &State, need: &Need) -> String {
    state.organization(need.draft.entry.organization).unwrap().draft.name.clone()
}

#[test]
fn a_row_goes_where_the_rows_together_say() {
    let (state, intake) = taken(&rows(
        r#"{"kind": "place", "name": "甲街道", "level": "street"}
{"kind": "need", "id": "1", "title": "本街道的社区", "community": "东社区", "street": "甲街道", "leaf": "CARE-WISH"}
{"kind": "need", "id": "2", "title": "外街道的社区", "community": "西社区", "street": "乙街道", "city": "丙市", "leaf": "CARE-WISH"}
{"kind": "need", "id": "3", "title": "只说社区，只有一个街道有它", "community": "西社区", "leaf": "CARE-WISH"}
{"kind": "need", "id": "4", "title": "只说城市", "city": "丁市", "leaf": "CARE-WISH"}
{"kind": "need", "id": "5", "title": "街道同名社区", "community": "东社区", "street": "乙街道", "leaf": "CARE-WISH"}
{"kind": "need", "id": "6", "title": "什么也没说", "leaf": "CARE-WISH"}"#,
    ));
    assert_eq!(intake.problems, []);
    let cases = [
        ("1", vec!["东社区", "甲街道"], "东社区"),
        ("2", vec!["西社区", "乙街道", "丙市"], "西社区"),
        ("3", vec!["西社区", "乙街道", "丙市"], "西社区"),
        ("4", vec!["丁市"], "丁市"),
        ("5", vec!["东社区", "乙街道", "丙市"], "东社区（乙街道）"),
        ("6", vec!["甲街道"], "甲街道"),
    ];
    for (id, expected_way, expected_poster) in cases {
        let need = need(&state, id);
        assert_eq!(way(&state, need), expected_way, "{id}");
        assert_eq!(poster(&state, need), expected_poster, "{id}");
    }
}

#[test]
fn a_project_row_carries_need_rows_wherever_they_stand() {
    let (state, intake) = taken(&rows(
        r#"{"kind": "project", "id": "J1", "title": "一面墙", "leaf": "SPACE-FIX", "needs": ["N1", 2]}
{"kind": "need", "id": "N1", "title": "围墙倾斜", "leaf": "SPACE-FIX"}
{"kind": "need", "id": 2, "title": "墙面彩绘", "leaf": "CULT-ARTS"}
{"kind": "project", "id": "J2", "title": "又一面墙", "leaf": "SPACE-FIX", "needs": "N1"}
{"kind": "project", "id": "J3", "title": "没有的墙", "leaf": "SPACE-FIX", "needs": ["N9"]}"#,
    ));
    for id in ["N1", "2"] {
        let carrier = state.carrier(need(&state, id).id).unwrap();
        assert_eq!(carrier.draft.entry.title, "一面墙", "{id}");
    }
    let problems: Vec<(u64, &str, &str)> = intake
        .problems
        .iter()
        .map(|problem| (problem.at.line, problem.field.as_deref().unwrap(), problem.fault.code()))
        .collect();
    assert_eq!(problems, [(4, "needs", "NEED_CARRIED"), (5, "needs", "UNKNOWN_NEED")]);
}

#[test]
fn whoever_posts_is_registered_as_what_it_is() {
    let (state, intake) = taken(&rows(
        r#"{"kind": "resource", "id": "1", "title": "法律咨询", "org": "清衡律师事务所", "community": "东社区", "leaf": "SAFE-LAW"}
{"kind": "resource", "id": "2", "title": "义诊", "org": "第二门诊", "org_type": "医院", "leaf": "HEALTH-CLINIC"}
{"kind": "need", "id": "3", "title": "党委发的需求", "org": "东社区党委", "org_type": "社区党委", "community": "东社区", "leaf": "CARE-WISH"}
{"kind": "need", "id": "4", "title": "街道办发的需求", "org": "街道办事处", "org_type": "街道", "community": "东社区", "leaf": "CARE-WISH"}"#,
    ));
    assert_eq!(intake.problems, []);
    let kind = |name: &str| state.organization(state.organization_named(name).unwrap()).unwrap().draft.kind;
    assert_eq!(kind("清衡律师事务所"), OrganizationKind::Unit(UnitKind::LawFirm));
    assert_eq!(kind("第二门诊"), OrganizationKind::Unit(UnitKind::Hospital));
    assert_eq!(kind("东社区"), OrganizationKind::Community);
    assert_eq!(poster(&state, need(&state, "3")), "东社区");
    assert_eq!(poster(&state, need(&state, "4")), "本街道");
}

#[test]
fn words_become_values_only_where_they_are_clear() {
    let (state, _) = taken(&fixture("需求清单_gb18030.csv"));
    let entry = |id: &str| need(&state, id).draft.entry.clone();
    let about = entry("1").quantity.unwrap();
    assert_eq!((about.amount, about.measure, about.approximate), (40, Measure::Households, true));
    assert_eq!(entry("1").category.unwrap().code.as_str(), "CARE-ELDER", "by its Chinese label");
    let twice = entry("3").quantity.unwrap();
    assert_eq!((twice.amount, twice.measure), (2, Measure::Sessions));
    let some = entry("6").quantity.unwrap();
    assert_eq!((some.amount, some.measure, some.wording.as_deref()), (1, Measure::Lot, Some("若干")));
    assert_eq!(need(&state, "3").status(), NeedStatus::Settled, "已完成");
    assert!(entry("3").category.is_some_and(|category| !category.is_stated()), "read from its wording");
}

#[test]
fn beneficiaries_are_one_group_or_words() {
    let cases = [
        ("独居老人", Some(BeneficiaryGroup::Elders)),
        ("骑手、快递员", Some(BeneficiaryGroup::NewJobs)),
        ("周边居民，老人优惠", Some(BeneficiaryGroup::Residents)),
        ("老人、残疾人", None),
        ("社区艺术团", None),
    ];
    for (words, expected) in cases {
        let line = format!(
            r#"{{"kind": "need", "id": "1", "title": "某事", "leaf": "CARE-WISH", "beneficiaries": "{words}"}}"#
        );
        let (state, _) = taken(&rows(&line));
        assert_eq!(need(&state, "1").draft.entry.beneficiaries.group, expected, "{words}");
    }
}

#[test]
fn what_only_the_street_can_tell_is_reported_with_its_line() {
    let (_, intake) = taken(&fixture("bad_rows.jsonl"));
    let errors: Vec<String> = intake
        .problems
        .iter()
        .filter(|problem| !problem.is_notice())
        .map(|problem| {
            format!(
                "{} {} {}",
                problem.at.line,
                problem.field.as_deref().unwrap_or("-"),
                problem.fault.code()
            )
        })
        .collect();
    assert_eq!(
        errors,
        [
            "8 leaf UNKNOWN_CATEGORY",
            "13 serves UNKNOWN_PLACE",
            "14 place UNKNOWN_PLACE",
            "19 parent UNKNOWN_PLACE",
            "21 window INVALID",
            "22 quantity INVALID",
        ]
    );
    let total = intake.summary.total();
    assert_eq!((total.new, total.refused), (2, 22));
}

#[test]
fn a_name_that_nobody_has_is_answered_with_the_one_that_may_be_meant() {
    let reading = rows(
        r#"{"kind":"place","name":"春晖里社区","level":"community"}
{"kind":"place","name":"秋实路社区","level":"community"}
{"kind":"place","name":"和平小区","level":"estate","parent":"春晖里社区"}
{"kind":"place","name":"和平小区","level":"estate","parent":"秋实路社区"}
{"kind":"place","name":"三号楼","level":"building","parent":"和平小区"}
{"kind":"need","id":"1","title":"送餐","community":"春晖里社区","place":"和平小区"}
{"kind":"need","id":"2","title":"送餐","org":"清河食品公司","place":"春辉里社区"}
{"kind":"need","id":"3","title":"送餐","org":"清河食品公司","place":"云上花园"}"#,
    );
    let (_, intake) = taken(&reading);
    let told: Vec<(u64, &str, String)> = intake
        .problems
        .iter()
        .filter(|it| !it.is_notice())
        .map(|it| (it.at.line, it.fault.code(), it.hint(Language::English).unwrap_or_default()))
        .collect();
    let place = "import the place first";
    assert_eq!(
        told,
        [
            (
                5,
                "UNCLEAR_PLACE",
                "give its id; there are: 本街道/春晖里社区/和平小区, 本街道/秋实路社区/和平小区".to_owned()
            ),
            (7, "UNKNOWN_PLACE", format!("did you mean \"春晖里社区\"? else {place}")),
            (8, "UNKNOWN_PLACE", format!("{place}, or name the community")),
        ]
    );
}

#[test]
fn importing_the_same_rows_twice_changes_nothing() {
    let reading = graphql::command_line::demo::reading();
    assert_eq!(reading.problems, []);
    let ledger = Ledger::open(MemoryLog::new(), || NOW).unwrap();
    let mut desk = LedgerDesk::new(ledger.clone(), Caller::System).unwrap();

    let first = take_in(&mut desk, &reading, &Options::default(), &mut |_| {}).unwrap();
    assert_eq!(first.problems.iter().filter(|problem| !problem.is_notice()).count(), 0);
    let state = ledger.state();
    assert_eq!((state.needs().count(), state.street().unwrap().name.as_str()), (198, "清河桥街道"));
    // The street itself was opened under its name; its office is amended by its row.
    assert_eq!(first.summary.total(), Counts { new: 657, changed: 1, there: 1, refused: 0 });

    let mut rows_through = 0;
    let second = take_in(&mut desk, &reading, &Options::default(), &mut |rows| rows_through += rows).unwrap();
    assert_eq!(ledger.state(), state, "same position, same state");
    assert_eq!(second.summary.total(), Counts { new: 0, changed: 0, there: 659, refused: 0 });
    assert_eq!(second.posted, first.posted, "rows are known again");
    assert_eq!(rows_through, 659);
    desk.close();
}

#[test]
fn a_row_whose_id_came_in_with_other_contents_is_refused_with_its_line() {
    let mut desk = MemoryDesk::new(NOW);
    let mut take = |lines: &str| take_in(&mut desk, &rows(lines), &Options::default(), &mut |_| {}).unwrap();
    take(r#"{"kind": "need", "id": "N1", "title": "轮椅", "leaf": "CARE-WISH"}"#);
    let again = take(
        r#"{"kind": "need", "id": "N2", "title": "拐杖", "leaf": "CARE-WISH"}
{"kind": "need", "id": "N1", "title": "另一台轮椅", "leaf": "CARE-WISH"}"#,
    );
    let said: Vec<String> = again
        .problems
        .iter()
        .map(|problem| {
            format!("{} {} {}", problem.at.line, problem.field.as_deref().unwrap(), problem.fault.code())
        })
        .collect();
    assert_eq!(said, ["2 id REFERENCE_TAKEN"]);
    assert_eq!(again.summary.total(), Counts { new: 1, changed: 0, there: 0, refused: 1 });
}
