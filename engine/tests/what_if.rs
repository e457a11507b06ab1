//! What-if and what differs, seen from outside: nothing is recorded, and each difference has its reason.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use engine::{
    command::Command,
    entry::EntryDraft,
    identity::{OrganizationId, PairingId, ResourceId},
    matching::{
        Change, Explanations, Knowledge, explaining::difference::Why, what_if, what_if::Widening,
        wording::Names,
    },
    moment::Moment,
    need::{NeedDraft, Urgency},
    organization::UnitKind,
    pairing::{FactorKind, Side, Supplier, Target},
    plan::Cause,
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::{Refusal, wording::Language},
    state::State,
    window::Window,
};
use town::{NOW, Town, given, leaf};

fn explain_at(state: &State, now: Moment) -> Explanations<'_> {
    Explanations::of(state, Knowledge::builtin(), now).unwrap()
}

#[test]
fn a_supposed_loss_is_not_recorded_and_the_difference_says_why() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let owner = town.owner("社区卫生服务中心", UnitKind::Hospital, 0);
    let clinic = town.resource(owner, "老年人义诊", |draft| draft.lots = Some(1));
    let need = town.need(0, "老年人义诊", |_| {});
    let before = town.propose();
    assert_eq!(given(&before, clinic), [(need, 1)]);
    let kept = town.state.clone();
    let supposed = what_if(&town.state, &[Change::LoseUnit(owner)], NOW).unwrap();
    assert_eq!(town.state, kept);
    assert_eq!(supposed.state.position(), kept.position());
    let explanations = explain_at(&supposed.state, supposed.now);
    let difference = explanations.difference(&town.state, NOW, &before);
    let changed: Vec<(Supplier, u64, u64, Why)> =
        difference.changed.iter().map(|it| (it.supplier, it.before, it.after, it.why)).collect();
    assert_eq!(
        changed,
        [(clinic, 1, 0, Why::GiverGone), (Supplier::Unit(hospital), 0, 1, Why::InsteadOf(clinic)),]
    );
    assert!(difference.objective.unwrap().0 < 0);
}

#[test]
fn churn_names_what_left_and_who_outbid_it() {
    let mut town = Town::new(1);
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    let crew = town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let fix = |draft: &mut NeedDraft| draft.entry.category = leaf("SPACE-FIX");
    let drip = town.need(0, "水管维修", fix);
    town.adopt();
    assert_eq!(explain_at(&town.state, NOW).churn().changed, [], "the same plan again");
    assert_eq!(explain_at(&town.state, NOW).churn().kept, 1);
    let burst = town.need(0, "水管维修", |draft| {
        fix(draft);
        draft.urgency = Some(Urgency::Emergency);
    });
    let churn = explain_at(&town.state, NOW).churn();
    let changed: Vec<(Target, u64, u64, Why)> =
        churn.changed.iter().map(|it| (it.target, it.before, it.after, it.why)).collect();
    assert_eq!(changed, [(drip, 1, 0, Why::OutbidBy(burst)), (burst, 0, 1, Why::LeftBy(drip))]);
    let Target::Need(need) = drip else { panic!("{drip:?}") };
    town.run(Command::WithdrawNeed { need, reason: "已解决".into() });
    let churn = explain_at(&town.state, NOW).churn();
    assert!(churn.changed.iter().all(|it| it.target == burst && it.supplier == crew));
}

#[test]
fn what_loses_its_share_though_more_is_left_was_outbid() {
    let mut town = Town::new(1);
    let owner = town.owner("志愿服务队", UnitKind::Volunteers, 0);
    let sessions = |draft: &mut EntryDraft, amount| {
        draft.category = leaf("HEALTH-CLINIC");
        draft.quantity = Some(Quantity::of(amount, Measure::Sessions));
    };
    let offered = town.resource(owner, "义诊", |draft| sessions(&mut draft.entry, 2));
    let need = town.need(0, "义诊", |draft| sessions(&mut draft.entry, 2));
    let slot = |title: &str| SlotDraft {
        title: title.into(),
        category: leaf("HEALTH-CLINIC"),
        form: None,
        quantity: Some(Quantity::of(2, Measure::Sessions)),
        window: Window::open(),
    };
    let entry = EntryDraft::new("义诊进社区", town.communities[0].1);
    let slots = vec![slot("义诊"), slot("义诊")];
    town.run(Command::PostProject(ProjectDraft { slots, ..ProjectDraft::new(entry) }));
    let before = town.propose();
    assert_eq!(given(&before, offered), [(need, 2)], "two of four are no project");
    let more = [Change::AddCapacity { supplier: offered, more: 2 }];
    let supposed = what_if(&town.state, &more, NOW).unwrap();
    let difference = explain_at(&supposed.state, NOW).difference(&town.state, NOW, &before);
    let of = |target: Target| difference.changed.iter().find(|it| it.target == target).unwrap();
    assert_eq!((of(need).before, of(need).after), (2, 0));
    assert!(matches!(of(need).why, Why::OutbidBy(Target::Slot(..))), "{:?}", of(need).why);
    let slots = difference.changed.iter().filter(|it| matches!(it.target, Target::Slot(..)));
    assert_eq!(slots.map(|it| (it.after, it.why)).collect::<Vec<_>>(), [(2, Why::HasOtherwise); 2]);
}

#[test]
fn an_impossible_supposition_names_the_change_and_the_refusal() {
    let town = Town::new(1);
    let lost = Change::LoseUnit(OrganizationId::new(99));
    let changes = [Change::Wait { days: 1 }, lost.clone()];
    let impossible = what_if(&town.state, &changes, NOW).unwrap_err();
    assert_eq!((impossible.number, &impossible.change), (1, &lost));
    assert!(matches!(impossible.refusal, Refusal::NotFound { .. }));
    let twice = Change::MultiplyWeight { factor: FactorKind::Roster, times: 2 };
    let supposed = what_if(&town.state, &[twice], NOW).unwrap();
    assert_eq!(supposed.state.rules().weights.roster, 2 * town.state.rules().weights.roster);
}

#[test]
fn urgency_that_counts_double_outbids_what_has_waited_its_most_and_stays_within_the_rules() {
    let mut town = Town::new(1);
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    let crew = town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let fix = |draft: &mut NeedDraft| draft.entry.category = leaf("SPACE-FIX");
    let old = town.need(0, "水管维修", fix);
    let mut urgent = NeedDraft::new(EntryDraft::new("水管维修", town.communities[0].1));
    fix(&mut urgent);
    urgent.urgency = Some(Urgency::Urgent);
    let posted = Change::Command(Box::new(Command::PostNeed(urgent)));
    let later = [Change::At(NOW.plus_hours(80 * 24)), posted];
    let served = |changes: &[Change]| {
        let supposed = what_if(&town.state, changes, NOW).unwrap();
        let proposal = explain_at(&supposed.state, supposed.now).proposal();
        let [(target, 1)] = given(&proposal, crew)[..] else { panic!("{proposal:?}") };
        (target, supposed.state.rules().need_weights)
    };
    assert_eq!(served(&later).0, old, "1700 against 1500");
    let double = Change::MultiplyUrgency { times: 2 };
    let (target, weights) = served(&[later.as_slice(), std::slice::from_ref(&double)].concat());
    assert_ne!(target, old, "1700 against 2000");
    assert_eq!((weights.urgent, weights.emergency), (1_000, 2_000));
    let (_, weights) = served(&[later.as_slice(), &[Change::MultiplyUrgency { times: 9 }]].concat());
    assert_eq!((weights.urgent, weights.emergency), (2_000, 2_000));
    assert_eq!(double.message(Names::of(&town.state, Language::English)), "urgency counts 2 times as much");
    assert_eq!(double.message(Names::of(&town.state, Language::Chinese)), "紧急程度的加权变为 2 倍");
}

#[test]
fn a_pair_that_failed_a_rule_before_says_which() {
    let mut town = Town::new(1);
    let owner = town.owner("社区卫生服务中心", UnitKind::Hospital, 0);
    let soon = town.resource(owner, "老年人义诊", |draft| {
        draft.lots = Some(1);
        draft.entry.window = Window { from: None, to: Some(NOW.date(0)), ..Window::open() };
    });
    let need = town.need(0, "老年人义诊", |draft| {
        draft.entry.window = Window { from: NOW.date(0).succ_opt(), ..Window::open() };
    });
    let before = town.propose();
    assert_eq!(given(&before, soon), []);
    let resource = ResourceId::new(1);
    let later = Change::WidenOffered { resource, by: Widening::Days { earlier: 0, later: 3 } };
    let supposed = what_if(&town.state, &[later], NOW).unwrap();
    let difference = explain_at(&supposed.state, supposed.now).difference(&town.state, NOW, &before);
    let [changed] = &difference.changed[..] else { panic!("{difference:?}") };
    assert_eq!((changed.target, changed.supplier, changed.before, changed.after), (need, soon, 0, 1));
    assert_eq!(changed.why, Why::EligibleNow(Cause::NoCommonDay));
}

#[test]
fn a_unit_that_leaves_takes_its_agreements_with_it() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let need = town.need(0, "老年人义诊", |_| {});
    town.adopt();
    let pairing = PairingId::new(1);
    for side in [Side::Giving, Side::Asking] {
        town.run(Command::ClaimPairing { pairing, side });
    }
    assert_eq!(town.state.asked(need).unwrap().1.agreed, 1);
    let supposed = what_if(&town.state, &[Change::LoseUnit(hospital)], NOW).unwrap();
    assert_eq!(supposed.state.asked(need).unwrap().1.agreed, 0);
    assert!(explain_at(&supposed.state, NOW).unmet(need).unwrap().wanting == 1);
}

#[test]
fn what_was_claimed_since_is_taken_up_and_not_dropped() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let need = town.need(0, "老年人义诊", |_| {});
    let before = (town.state.clone(), town.propose());
    town.adopt();
    town.run(Command::ClaimPairing { pairing: PairingId::new(1), side: Side::Giving });
    let difference = explain_at(&town.state, NOW).difference(&before.0, NOW, &before.1);
    let [changed] = &difference.changed[..] else { panic!("{difference:?}") };
    assert_eq!((changed.target, changed.supplier), (need, Supplier::Unit(hospital)));
    assert_eq!((changed.before, changed.after, changed.why), (1, 0, Why::TakenUp));
}
