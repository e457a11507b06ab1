//! What each rule means, told on instances small enough to be read, and what the certificate refuses. Test code only.

use super::{
    Budget, Cut, Flaw, Found, LeafPrices, Mixed, Pieces, Question, Rule, Step, Unruly, check, search,
};
use crate::matching::transport::{Edge, Transport};

fn transport(demands: &[u64], capacities: &[u64], edges: &[(u32, u32, i64)]) -> Transport {
    let edges = edges.iter().map(|&(row, column, value)| Edge { row, column, value });
    Transport::new(demands, capacities, edges).unwrap()
}

/// The flows and the objective of the proven optimum.
fn best(base: &Transport, rules: Vec<Rule>) -> (Vec<u64>, i128) {
    let mixed = Mixed::new(base.clone(), rules).unwrap();
    let proved = check(&mixed, search(&mixed, Budget::UNLIMITED)).unwrap();
    assert_eq!(proved.gap(), 0);
    (proved.flows.clone(), proved.objective)
}

#[test]
fn a_project_is_served_whole_or_not_at_all() {
    // Rows 0 and 1 are the slots of a project, row 2 a need that wants the same column.
    let base = transport(&[2, 2, 3], &[4], &[(0, 0, 5), (1, 0, 2), (2, 0, 4)]);
    assert_eq!(best(&base, vec![]), (vec![2, 0, 2], 18));
    assert_eq!(best(&base, vec![Rule::all_or_nothing(&[0, 1])]), (vec![2, 2, 0], 14));
    let dearer = transport(&[2, 2, 4], &[4], &[(0, 0, 5), (1, 0, 2), (2, 0, 4)]);
    assert_eq!(best(&dearer, vec![Rule::all_or_nothing(&[0, 1])]), (vec![0, 0, 4], 16));
}

#[test]
fn of_several_slots_enough_are_served_and_the_others_get_nothing() {
    let base = transport(&[2, 2, 2], &[5], &[(0, 0, 5), (1, 0, 4), (2, 0, 3)]);
    assert_eq!(best(&base, vec![Rule::some_of(&[0, 1, 2], 2)]), (vec![2, 2, 0], 18));
    assert_eq!(best(&base, vec![Rule::some_of(&[0, 1, 2], 3)]), (vec![0, 0, 0], 0));
}

#[test]
fn a_member_of_several_rows_is_full_in_all_of_them() {
    let base = transport(&[1, 2, 2], &[3], &[(0, 0, 9), (1, 0, 1), (2, 0, 3)]);
    let rules = vec![Rule::Together { members: vec![vec![0, 1]], at_least: 1 }];
    assert_eq!(best(&base, rules), (vec![1, 2, 0], 11));
}

#[test]
fn a_need_is_shared_out_or_taken_up_whole() {
    // Row 0 shares the need out over columns 0 and 1, row 1 takes it up whole from column 2.
    let base = transport(&[4, 1], &[2, 2, 1], &[(0, 0, 3), (0, 1, 2), (1, 2, 9)]);
    assert_eq!(best(&base, vec![]), (vec![2, 2, 1], 19));
    let rules = vec![Rule::one_of(&base, &[vec![0], vec![1]])];
    assert_eq!(best(&base, rules), (vec![2, 2, 0], 10));
}

#[test]
fn one_provider_of_a_row_that_has_but_one_says_nothing_of_the_row() {
    // Of row 1 one edge may be used at most, and it has no more: that leaves it free to be one of the whole rows of which
    // either row 0 or the others are served.
    let edges = [(0, 0, 8), (0, 1, 6), (0, 2, 5), (1, 0, 5), (2, 0, 5), (2, 2, 7), (3, 2, 7)];
    let base = transport(&[1, 1, 1, 1], &[1, 2, 0], &edges);
    let rules = vec![
        Rule::providers(&base, &[1], 1),
        Rule::Choice { ways: vec![vec![], vec![2, 6], vec![0, 3, 4]], at_most: 1 },
        Rule::one_of(&base, &[vec![0], vec![1, 2, 3]]),
    ];
    assert_eq!(best(&base, rules), (vec![1, 0, 0, 0, 0, 0, 0], 8));
}

#[test]
fn a_need_for_one_provider_is_not_pieced_together() {
    let base = transport(&[5], &[3, 2, 4], &[(0, 0, 6), (0, 1, 5), (0, 2, 4)]);
    assert_eq!(best(&base, vec![]), (vec![3, 2, 0], 28));
    assert_eq!(best(&base, vec![Rule::providers(&base, &[0], 1)]), (vec![3, 0, 0], 18));
}

#[test]
fn a_cap_on_engagements_counts_pairings_and_not_units() {
    let base = transport(&[1, 1, 5], &[9, 9], &[(0, 0, 7), (1, 0, 6), (2, 1, 1)]);
    let needs = vec![vec![0], vec![1], vec![2]];
    let rules = vec![Rule::pairings(&base, &[0, 1], &needs, 2)];
    assert_eq!(best(&base, rules), (vec![1, 1, 0], 13));
}

#[test]
fn lots_are_not_split() {
    let base = transport(&[7, 5], &[10], &[(0, 0, 3), (1, 0, 2)]);
    assert_eq!(best(&base, vec![]), (vec![7, 3], 27));
    assert_eq!(best(&base, vec![Rule::Lots { column: 0, lot: 5 }]), (vec![5, 5], 25));
}

#[test]
fn what_no_rule_touches_is_plain_flow() {
    let base = transport(&[2, 1, 3], &[2, 2], &[(0, 0, 5), (1, 0, 4), (2, 1, 7)]);
    let mixed = Mixed::new(base, vec![Rule::all_or_nothing(&[0, 1])]).unwrap();
    let found = search(&mixed, Budget { steps: 0 });
    assert_eq!(found.proof.row_parts, [1, 1, 0]);
    assert_eq!(found.proof.column_parts, [1, 0]);
    assert_eq!(found.proof.parts[0].steps, [Step::Leaf(0)]);
    assert_eq!(found.flows, [0, 0, 2]);
}

#[test]
fn rules_that_mean_nothing_are_refused() {
    let base = transport(&[2, 0], &[2], &[(0, 0, 5), (1, 0, 5)]);
    let together = |members: Vec<Vec<u32>>, at_least| Rule::Together { members, at_least };
    let cases = [
        (vec![together(vec![vec![0]], 2)], Unruly::Meaningless { rule: 0, count: 2 }),
        (vec![together(vec![vec![1]], 1)], Unruly::MemberAsksNothing { rule: 0, member: 0 }),
        (vec![together(vec![vec![2]], 1)], Unruly::NoSuchRow { rule: 0, row: 2 }),
        (vec![together(vec![vec![0]], 1), together(vec![vec![0]], 1)], Unruly::RowTwice { rule: 1, row: 0 }),
        (vec![Rule::Choice { ways: vec![vec![2]], at_most: 1 }], Unruly::NoSuchEdge { rule: 0, edge: 2 }),
        (
            vec![Rule::Choice { ways: vec![vec![0], vec![1, 0]], at_most: 1 }],
            Unruly::EdgeTwice { rule: 0, edge: 0 },
        ),
        (vec![Rule::Lots { column: 1, lot: 2 }], Unruly::NoSuchColumn { rule: 0, column: 1 }),
        (vec![Rule::Lots { column: 0, lot: 0 }], Unruly::Meaningless { rule: 0, count: 0 }),
        (
            vec![Rule::Lots { column: 0, lot: 2 }, Rule::Lots { column: 0, lot: 3 }],
            Unruly::LotsTwice { rule: 1, column: 0 },
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(Mixed::new(base.clone(), rules), Err(expected));
    }
    let huge = transport(&[u64::from(u32::MAX); 2], &[1], &[(0, 0, i64::from(u32::MAX))]);
    let refused = Mixed::new(huge, vec![Rule::all_or_nothing(&[0])]);
    assert!(matches!(refused, Err(Unruly::TooMuchWorth { .. })));
}

/// A project (rows 0 and 1) and a need compete; the proof asks once.
fn sealed() -> (Mixed, Found) {
    let base = transport(&[2, 2, 4], &[4], &[(0, 0, 5), (1, 0, 2), (2, 0, 4)]);
    let mixed = Mixed::new(base, vec![Rule::all_or_nothing(&[0, 1])]).unwrap();
    let mut found = search(&mixed, Budget::UNLIMITED);
    let prices = |price| LeafPrices { columns: vec![price], rules: vec![], cuts: vec![] };
    let question = Question::Member { rule: 0, member: 0 };
    found.proof.parts[1].cuts = vec![];
    found.proof.parts[1].prices = vec![prices(0), prices(4)];
    found.proof.parts[1].steps = vec![Step::Ask(question), Step::Leaf(1), Step::Leaf(1)];
    assert!(check(&mixed, found.clone()).is_ok());
    (mixed, found)
}

#[test]
fn every_corruption_is_named() {
    type Corruption = fn(&mut Found);
    let elsewhere = Question::Member { rule: 0, member: 2 };
    let cases: Vec<(Corruption, Flaw)> = vec![
        (|found| found.flows.truncate(2), Flaw::WrongShape),
        (|found| found.flows[0] = 3, Flaw::RowOverfilled { row: 0 }),
        (|found| found.flows[0] = 1, Flaw::ColumnOverdrawn { column: 0 }),
        (|found| found.flows = vec![2, 0, 2], Flaw::RuleBroken { rule: 0 }),
        (|found| found.objective += 1, Flaw::ObjectiveMisstated { stated: 17, earned: 16 }),
        (|found| found.proof.row_parts.truncate(2), Flaw::WrongShape),
        (
            |found| found.proof.row_parts[2] = 0,
            Flaw::PartsJoined { edge: Edge { row: 2, column: 0, value: 4 } },
        ),
        (|found| found.proof.parts[1].prices[1].columns[0] = -1, Flaw::PricesUnfit { part: 1 }),
        (|found| found.proof.parts[1].prices[1].rules.push(0), Flaw::PricesUnfit { part: 1 }),
        (|found| found.proof.parts[1].steps[2] = Step::Leaf(7), Flaw::PricesUnfit { part: 1 }),
        (|found| found.proof.parts[1].cuts.push(cut(&[0], &[2], 2)), Flaw::PricesUnfit { part: 1 }),
        (|found| found.proof.parts[1].cuts.push(cut(&[0], &[2], 0)), Flaw::CutUnfounded { part: 1, cut: 0 }),
        (|found| found.proof.parts[1].cuts.push(cut(&[1], &[2], 2)), Flaw::CutUnfounded { part: 1, cut: 0 }),
        (
            |found| found.proof.parts[1].cuts.push(cut(&[0], &[2, 2], 2)),
            Flaw::CutUnfounded { part: 1, cut: 0 },
        ),
        (
            |found| found.proof.parts[1].cuts.push(Cut { left: vec![(0, 0)], ..cut(&[0], &[2], 2) }),
            Flaw::CutUnfounded { part: 1, cut: 0 },
        ),
        (
            |found| found.proof.parts[1].steps[0] = Step::Ask(Question::Member { rule: 0, member: 2 }),
            Flaw::QuestionMeaningless { part: 1, question: elsewhere },
        ),
        (|found| found.proof.parts[1].steps.truncate(2), Flaw::TreeUnfinished { part: 1 }),
        (|found| found.proof.parts[1].steps.push(Step::Leaf(1)), Flaw::TreeUnfinished { part: 1 }),
        (|found| found.bound -= 1, Flaw::BoundMisstated { stated: 15, proved: 16 }),
        // At price 0 the need alone earns 16, the project 14 beside it.
        (
            |found| found.proof.parts[1].steps[1] = Step::Leaf(0),
            Flaw::BoundMisstated { stated: 16, proved: 30 },
        ),
    ];
    for (corrupt, expected) in cases {
        let (mixed, mut found) = sealed();
        corrupt(&mut found);
        assert_eq!(check(&mixed, found), Err(expected));
    }
}

fn cut(columns: &[u32], rows: &[u32], divisor: u64) -> Cut {
    Cut { columns: columns.to_vec(), rows: rows.to_vec(), divisor, left: vec![] }
}

#[test]
fn a_cut_says_that_two_halves_of_a_project_are_none() {
    // Three of 6 units each compete for 10, so one goes ahead: worth 30. The relaxation takes one and two thirds: 46.
    let base = transport(&[6, 6, 6], &[10], &[(0, 0, 5), (1, 0, 4), (2, 0, 3)]);
    let mixed = Mixed::new(base, (0..3).map(|row| Rule::all_or_nothing(&[row])).collect()).unwrap();
    let mut found = search(&mixed, Budget::UNLIMITED);
    assert_eq!((found.objective, found.bound), (30, 30));
    // Rounded by 6 the 10 are 6 and 4 over: each project counts 2, and 2 is what there is. At 12 each only the first pays.
    let part = &mut found.proof.parts[1];
    part.cuts = vec![cut(&[0], &[0, 1, 2], 6)];
    part.prices = vec![LeafPrices { columns: vec![0], rules: vec![], cuts: vec![12] }];
    part.steps = vec![Step::Leaf(0)];
    assert_eq!(check(&mixed, found.clone()).unwrap().bound(), 30);
    // Without it no price of the column says as much.
    found.bound = 46;
    for price in 0..=5 {
        let part = &mut found.proof.parts[1];
        part.prices = vec![LeafPrices { columns: vec![price], rules: vec![], cuts: vec![0] }];
        assert!(check(&mixed, found.clone()).map_or(i128::MAX, |proved| proved.bound()) >= 46, "{price}");
    }
}

/// A project has a row on each of two columns, and each column a need that competes for it. Once it is decided that the project
/// stays undone the columns have nothing to do with each other.
fn fallen() -> (Mixed, Found) {
    let base = transport(&[2, 2, 3, 3], &[3, 3], &[(0, 0, 5), (1, 1, 2), (2, 0, 4), (3, 1, 4)]);
    let mixed = Mixed::new(base, vec![Rule::all_or_nothing(&[0, 1])]).unwrap();
    let mut found = search(&mixed, Budget::UNLIMITED);
    assert_eq!((found.objective, found.bound), (24, 24));
    let part = &mut found.proof.parts[1];
    let prices = |columns: [i64; 2]| LeafPrices { columns: columns.into(), rules: vec![], cuts: vec![] };
    part.cuts = vec![];
    part.prices = vec![prices([4, 4]), prices([4, 0]), prices([0, 4])];
    part.falls = vec![Pieces { rows: vec![0, 1, 0, 1], columns: vec![0, 1], count: 2 }];
    let question = Question::Member { rule: 0, member: 0 };
    part.steps = vec![Step::Ask(question), Step::Leaf(0), Step::Apart(0), Step::Leaf(1), Step::Leaf(2)];
    (mixed, found)
}

#[test]
fn pieces_that_share_nothing_are_added_up() {
    let (mixed, found) = fallen();
    assert_eq!(check(&mixed, found).unwrap().bound(), 24);
    type Corruption = fn(&mut Found);
    let cases: Vec<(Corruption, Flaw)> = vec![
        // Before it is decided about, the project joins the pieces.
        (
            |found| {
                let question = Step::Ask(Question::Member { rule: 0, member: 0 });
                found.proof.parts[1].steps =
                    vec![Step::Apart(0), question, Step::Leaf(1), Step::Leaf(1), Step::Leaf(2)];
            },
            Flaw::PiecesJoined { part: 1 },
        ),
        (|found| found.proof.parts[1].falls[0].rows[2] = 1, Flaw::PiecesJoined { part: 1 }),
        (|found| found.proof.parts[1].falls[0].columns[1] = 0, Flaw::PiecesJoined { part: 1 }),
        (|found| found.proof.parts[1].falls[0].rows[2] = 2, Flaw::PiecesUnfit { part: 1 }),
        (|found| found.proof.parts[1].falls[0].columns.truncate(1), Flaw::PiecesUnfit { part: 1 }),
        (|found| found.proof.parts[1].steps[2] = Step::Apart(1), Flaw::PiecesUnfit { part: 1 }),
        (|found| found.proof.parts[1].steps.truncate(4), Flaw::TreeUnfinished { part: 1 }),
        // At a price of 5 the second column alone says 15.
        (
            |found| found.proof.parts[1].prices[2].columns[1] = 5,
            Flaw::BoundMisstated { stated: 24, proved: 27 },
        ),
        (|found| found.bound = 23, Flaw::BoundMisstated { stated: 23, proved: 24 }),
    ];
    for (corrupt, expected) in cases {
        let (mixed, mut found) = fallen();
        corrupt(&mut found);
        assert_eq!(check(&mixed, found), Err(expected));
    }
}

#[test]
fn a_need_for_one_provider_is_bounded_by_one_provider_without_a_price() {
    // Pieced together it would earn 18 + 8, from one provider 18 or 16.
    let base = transport(&[5], &[3, 4], &[(0, 0, 6), (0, 1, 4)]);
    let mixed = Mixed::new(base.clone(), vec![Rule::providers(&base, &[0], 1)]).unwrap();
    let mut found = search(&mixed, Budget::UNLIMITED);
    let part = &mut found.proof.parts[1];
    part.prices = vec![LeafPrices { columns: vec![0, 0], rules: vec![0], cuts: vec![] }];
    part.steps = vec![Step::Leaf(0)];
    assert_eq!(check(&mixed, found).unwrap().bound(), 18);
}

#[test]
fn ways_of_whole_rows_are_bounded_by_the_better_one_without_a_price() {
    // Both together would earn 10 + 9, the one 10 and the other 9; what no choice speaks of earns its 2 besides.
    let base = transport(&[4, 1, 1], &[2, 2, 1, 1], &[(0, 0, 3), (0, 1, 2), (1, 2, 9), (2, 3, 2)]);
    let rule = Rule::one_of(&base, &[vec![0], vec![1]]);
    let mixed = Mixed::new(base.clone(), vec![rule, Rule::all_or_nothing(&[2])]).unwrap();
    let mut found = search(&mixed, Budget::UNLIMITED);
    let of_choice = found.proof.row_parts[0] as usize;
    let part = &mut found.proof.parts[of_choice];
    part.prices = vec![LeafPrices { columns: vec![0, 0, 0], rules: vec![0], cuts: vec![] }];
    part.steps = vec![Step::Leaf(0)];
    assert_eq!(check(&mixed, found).unwrap().bound(), 12);
    // Where ways are only part of their rows' edges, a price has to say it.
    let edge = Rule::Choice { ways: vec![vec![0], vec![2]], at_most: 1 };
    let mixed = Mixed::new(base, vec![edge]).unwrap();
    let mut found = search(&mixed, Budget::UNLIMITED);
    assert_eq!(found.objective, 4 + 9 + 2);
    let part = &mut found.proof.parts[1];
    part.prices = vec![LeafPrices { columns: vec![0, 0, 0], rules: vec![0], cuts: vec![] }];
    part.steps = vec![Step::Leaf(0)];
    let flaw = check(&mixed, found).unwrap_err();
    assert_eq!(flaw, Flaw::BoundMisstated { stated: 15, proved: 10 + 9 + 2 });
}
