//! Needs that could be shared out one by one or taken up whole: the plan takes whichever way is worth more to all.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

#[path = "town/trying.rs"]
mod trying;

#[path = "town/streets.rs"]
mod random;

use engine::{
    command::Command,
    entry::EntryDraft,
    matching::Change,
    need::{NeedDraft, Urgency},
    organization::UnitKind,
    pairing::Supplier,
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    rules::Fairness,
    window::Window,
};
use random::random_town;
use town::{Town, day, given, leaf, night};
use trying::after;

fn sessions(draft: &mut EntryDraft, amount: u64) {
    draft.category = leaf("HEALTH-CLINIC");
    draft.quantity = Some(Quantity::of(amount, Measure::Sessions));
}

#[test]
fn a_need_that_could_be_shared_out_in_part_is_taken_up_whole() {
    let mut town = Town::new(1);
    let owner = town.owner("清河银行", UnitKind::Bank, 0);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let offered = town.resource(owner, "义诊", |draft| sessions(&mut draft.entry, 2));
    let need = town.need(0, "义诊", |draft| sessions(&mut draft.entry, 20));
    let proposal = town.propose();
    assert_eq!(given(&proposal, Supplier::Unit(hospital)), [(need, 20)]);
    assert_eq!(given(&proposal, offered), [], "a need is counted in one way");
    assert_eq!(proposal.summary.unmet, []);
}

#[test]
fn whoever_can_take_up_a_need_whole_is_left_to_those_who_have_nothing_else() {
    let mut town = Town::new(1);
    let owner = town.owner("清河银行", UnitKind::Bank, 0);
    let offered = town.resource(owner, "义诊", |draft| {
        draft.entry.window = night();
        sessions(&mut draft.entry, 20);
    });
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    // Three engagements, four needs: the one that what is offered covers goes there, although it weighs most.
    let urgent = town.need(0, "义诊", |draft| {
        draft.urgency = Some(Urgency::Emergency);
        sessions(&mut draft.entry, 20);
    });
    let by_day = |draft: &mut NeedDraft| {
        draft.entry.category = leaf("HEALTH-CLINIC");
        draft.entry.window = day();
    };
    let others: Vec<_> = (0..3).map(|_| town.need(0, "义诊", by_day)).collect();
    let proposal = town.propose();
    assert_eq!(given(&proposal, offered), [(urgent, 20)]);
    let taken: Vec<_> = given(&proposal, Supplier::Unit(hospital)).iter().map(|(need, _)| *need).collect();
    assert_eq!(taken, others);
}

/// A project that requires so many sessions in each of its slots, and so many of the slots.
fn project(town: &mut Town, amounts: &[u64], required: u16) {
    let slot = |amount: &u64| SlotDraft {
        title: "义诊".into(),
        category: leaf("HEALTH-CLINIC"),
        form: None,
        quantity: Some(Quantity::of(*amount, Measure::Sessions)),
        window: Window::open(),
    };
    let entry = EntryDraft::new("义诊进社区", town.communities[0].1);
    let slots = amounts.iter().map(slot).collect();
    let draft = ProjectDraft { slots, required: Some(required), ..ProjectDraft::new(entry) };
    town.run(Command::PostProject(draft));
}

#[test]
fn a_slot_is_taken_up_whole_where_the_others_of_its_project_use_up_what_could_be_shared_out() {
    let mut town = Town::new(1);
    let owner = town.owner("清河银行", UnitKind::Bank, 0);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let offered = town.resource(owner, "义诊", |draft| sessions(&mut draft.entry, 12));
    // Enough for either slot, not for both.
    project(&mut town, &[8, 8], 2);
    let proposal = town.propose();
    let amounts = |supplier| given(&proposal, supplier).iter().map(|(_, amount)| *amount).collect::<Vec<_>>();
    assert_eq!((amounts(offered), amounts(Supplier::Unit(hospital))), (vec![8], vec![8]));
    assert_eq!((proposal.summary.unmet.len(), proposal.summary.bound), (0, proposal.summary.objective));
}

#[test]
fn losing_a_unit_never_makes_a_plan_better() {
    let (mut whole, mut dearer) = (0, 0);
    for (fairness, seed) in (0..150).flat_map(|seed| [(Fairness::NONE, seed), (Fairness::STANDARD, seed)]) {
        let (mut town, _, suppliers) = random_town(seed, fairness);
        match seed % 3 {
            0 => {}
            1 => project(&mut town, &[3, 5], 2),
            _ => project(&mut town, &[2, 4, 6], 2),
        }
        let proposal = town.propose();
        assert_eq!(proposal.summary.bound, proposal.summary.objective, "seed {seed}");
        let shared = |terms: &&engine::pairing::PairingTerms| terms.draws < terms.quantity;
        whole += proposal.pairings.iter().filter(shared).count();
        for supplier in suppliers {
            let Supplier::Unit(unit) = supplier else { continue };
            let left = after(&town, &[Change::LoseUnit(unit)]).summary.objective;
            assert!(left <= proposal.summary.objective, "seed {seed}: without {unit}");
            dearer += usize::from(left < proposal.summary.objective);
        }
    }
    assert!(whole > 20 && dearer > 100, "{whole} {dearer}");
}
