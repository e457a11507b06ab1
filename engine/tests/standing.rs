//! What stands beside a plan: pairings that people have requested, claimed or agreed, and what nobody has posted.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

#[path = "town/trying.rs"]
mod trying;

use engine::{
    command::Command,
    decide::{Context, decide},
    entry::Form,
    identity::PairingId,
    matching::explaining::difference::Why,
    member::Caller,
    organization::UnitKind,
    pairing::{Side, Supplier, Target},
    plan::Cause,
    quantity::{Measure, Quantity},
    refusal::Refusal,
};
use town::{NOW, Town, given, leaf, night, parking};
use trying::explain;

/// A car park of 30 spaces and two needs of 20.
fn car_park() -> (Town, Supplier, [Target; 2]) {
    let mut town = Town::new(2);
    let bank = town.owner("清河银行", UnitKind::Bank, 0);
    let park = town.resource(bank, "夜间开放停车场", |draft| parking(30, night())(&mut draft.entry));
    let needs = [0, 1].map(|community| {
        town.need(community, "居民夜间停车难", |draft| parking(20, night())(&mut draft.entry))
    });
    (town, park, needs)
}

fn request(town: &mut Town, target: Target, supplier: Supplier, quantity: Option<u64>) {
    let by = town.state.asking(target).unwrap();
    town.run(Command::RequestPairing { target, supplier, quantity, draws: None, by });
}

#[test]
fn what_is_requested_by_hand_is_not_planned_for_somebody_else() {
    let (mut town, park, [first, second]) = car_park();
    let before = town.propose();
    let earlier = town.state.clone();
    assert_eq!(given(&before, park), [(first, 20), (second, 10)]);
    request(&mut town, second, park, None);
    let after = town.propose();
    assert_eq!(given(&after, park), [(first, 10)], "20 of the 30 are spoken for");
    let context = Context { caller: Caller::System, now: NOW };
    let stale = decide(&town.state, &context, &Command::AdoptPlan(Box::new(before.clone())));
    assert!(matches!(stale, Err(Refusal::PlanStale { .. })), "{stale:?}");

    let difference = explain(&town).difference(&earlier, NOW, &before);
    let why = |target| difference.changed.iter().find(|changed| changed.target == target).unwrap().why;
    assert_eq!((why(first), why(second)), (Why::HasOtherwise, Why::TakenUp));
}

#[test]
fn a_need_that_others_have_taken_up_is_still_there() {
    let (mut town, park, [first, second]) = car_park();
    let firm = town.owner("银柳大厦", UnitKind::Enterprise, 0);
    let (earlier, before) = (town.state.clone(), town.propose());
    let other = town.resource(firm, "地下车库", |draft| parking(20, night())(&mut draft.entry));
    request(&mut town, first, other, None);
    let difference = explain(&town).difference(&earlier, NOW, &before);
    let changed =
        |target| difference.changed.iter().find(|it| it.target == target && it.supplier == park).unwrap();
    assert_eq!((changed(first).why, changed(first).after), (Why::WantsOtherwise, 0));
    assert_eq!((changed(second).before, changed(second).after), (10, 20));
    let left_by = changed(second).why;
    assert_eq!(left_by, Why::LeftBy(first));
}

#[test]
fn what_is_left_after_a_claim_in_part_is_not_called_declined() {
    let (mut town, park, [need, _]) = car_park();
    request(&mut town, need, park, Some(5));
    town.run(Command::ClaimPairing { pairing: PairingId::new(1), side: Side::Giving });
    let unmet = town.propose().summary.unmet;
    let left = unmet.iter().find(|unmet| unmet.target == need).unwrap();
    let causes: Vec<Cause> = left.reasons.iter().map(|reason| reason.cause).collect();
    assert_eq!(left.quantity, 15);
    assert!(causes.contains(&Cause::AlreadyPaired) && !causes.contains(&Cause::Declined), "{causes:?}");
}

#[test]
fn money_is_planned_only_where_somebody_posted_it() {
    let mut town = Town::new(1);
    let builder = town.unit("恒远建设集团", UnitKind::Enterprise, 0);
    let university = town.owner("清河师范学院", UnitKind::School, 0);
    let sum = |yuan| Some(Quantity::of(yuan, Measure::Money));
    let need = town.need(0, "围墙材料费", |draft| {
        draft.entry.category = leaf("LIVE-FUND");
        draft.entry.form = Some(Form::Money);
        draft.entry.quantity = sum(45_000);
    });
    let unmet = town.propose().summary.unmet;
    assert_eq!(unmet[0].reasons[0].cause, Cause::MeasureDiffers, "an open capacity is no purse");
    let fund = town.resource(university, "校园周边环境整治专项资金", |draft| {
        draft.entry.category = leaf("LIVE-FUND");
        draft.entry.form = Some(Form::Money);
        draft.entry.quantity = sum(50_000);
    });
    let proposal = town.propose();
    assert_eq!(given(&proposal, fund), [(need, 45_000)]);
    assert_eq!(given(&proposal, Supplier::Unit(builder)), []);
    // By hand it may be asked of anybody.
    request(&mut town, need, Supplier::Unit(builder), None);
    assert_eq!(given(&town.propose(), fund), []);
}
