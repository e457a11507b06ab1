//! Explanations seen from outside: what they claim is tried on the street itself.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use chrono::NaiveDate;
use engine::{
    command::Command,
    entry::Form,
    matching::{
        Change, Explanations, Knowledge,
        explaining::{ORDINARY, remedies::Remedy},
        what_if,
        what_if::Widening,
    },
    moment::Moment,
    need::{NeedDraft, Urgency},
    organization::{OrganizationDraft, UnitKind},
    pairing::{FactorKind, PairingTerms, Side, Supplier, Target},
    plan::{Cause, Proposal},
    quantity::{Measure, Quantity},
    refusal::wording::Language,
    resource::ResourceDraft,
    state::State,
    window::{Weekdays, Window},
};
use town::{NOW, Town, day, leaf, night, parking};

fn explain(town: &Town) -> Explanations<'_> {
    explain_at(&town.state, NOW)
}

fn explain_at(state: &State, now: Moment) -> Explanations<'_> {
    let explanations = Explanations::of(state, Knowledge::builtin(), now).unwrap();
    let summary = explanations.proposal().summary;
    assert_eq!(summary.objective, summary.bound);
    explanations
}

/// The plan after changes.
fn after(town: &Town, changes: &[Change]) -> Proposal {
    let supposed = what_if(&town.state, changes, NOW).unwrap();
    explain_at(&supposed.state, supposed.now).proposal()
}

fn served(proposal: &Proposal, target: Target) -> u64 {
    proposal.pairings.iter().filter(|terms| terms.target == target).map(|terms| terms.quantity).sum()
}

fn used(proposal: &Proposal, supplier: Supplier) -> u64 {
    proposal.pairings.iter().filter(|terms| terms.supplier == supplier).map(|terms| terms.draws).sum()
}

/// The same change with a number one less; `None` when it has none or would be no change.
fn one_less(change: &Change) -> Option<Change> {
    let less = |by: Widening| match by {
        Widening::Days { earlier, later } => {
            Some(Widening::Days { earlier: earlier.saturating_sub(1), later: later.saturating_sub(1) })
        }
        Widening::Minutes { earlier, later } => {
            Some(Widening::Minutes { earlier: earlier.saturating_sub(30), later: later.saturating_sub(30) })
        }
        Widening::Weekdays(_) => None,
    };
    match change.clone() {
        Change::Wait { days } => Some(Change::Wait { days: days - 1 }),
        Change::AddCapacity { supplier, more } => Some(Change::AddCapacity { supplier, more: more - 1 }),
        Change::WidenAsked { target, by } => less(by).map(|by| Change::WidenAsked { target, by }),
        Change::WidenOffered { resource, by } => less(by).map(|by| Change::WidenOffered { resource, by }),
        Change::InviteUnit { kind, place, engagements } => {
            Some(Change::InviteUnit { kind, place, engagements: engagements - 1 })
        }
        Change::RaiseCeiling { need, to } => Some(Change::RaiseCeiling { need, to: to - 1 }),
        Change::LowerFitMin { to } => Some(Change::LowerFitMin { to: to + 1 }),
        _ => None,
    }
}

/// Tries a remedy on the street: it reaches what it claims, and with any of its numbers one less it does not.
fn hold(town: &Town, remedy: &Remedy, reached: impl Fn(&Proposal) -> u64, at: &str) {
    let proposal = after(town, &remedy.changes);
    assert_eq!(reached(&proposal), remedy.reaches, "{at}: {remedy:?}");
    for (position, change) in remedy.changes.iter().enumerate() {
        if let Some(less) = one_less(change) {
            let mut changes = remedy.changes.clone();
            changes[position] = less;
            let proposal = after(town, &changes);
            assert!(reached(&proposal) < remedy.reaches, "{at}: less would do: {remedy:?}");
        }
    }
    assert_eq!(remedy.effort, remedy.changes.iter().map(Change::effort).sum::<u32>());
}

fn find(remedies: &[Remedy], wanted: impl Fn(&Change) -> bool) -> &Remedy {
    let alone = |remedy: &&Remedy| remedy.changes.len() == 1 && wanted(&remedy.changes[0]);
    remedies.iter().find(alone).unwrap_or_else(|| panic!("not among {remedies:#?}"))
}

#[test]
fn a_pairing_names_the_second_on_both_sides_and_its_margin() {
    let mut town = Town::new(2);
    let near = town.owner("第一维修队", UnitKind::Enterprise, 0);
    let far = town.owner("第二维修队", UnitKind::Enterprise, 1);
    let fix = |draft: &mut ResourceDraft| draft.entry.category = leaf("SPACE-FIX");
    let first = town.resource(near, "水管维修", fix);
    let second = town.resource(far, "水管维修", fix);
    let burst = town.need(0, "水管维修", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.urgency = Some(Urgency::Emergency);
    });
    let drip = town.need(0, "水管维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let explanations = explain(&town);
    let pairing = explanations.pairing(burst, first).unwrap();
    assert_eq!(pairing.asking.unwrap().who, second);
    assert_eq!(pairing.giving.unwrap().who, drip);
    assert!(pairing.margin.0 > 0 && pairing.margin <= pairing.worth);
    assert!(pairing.fit.factors.iter().any(|factor| factor.kind == FactorKind::Distance));
    assert_eq!(explanations.pairing(drip, first), None, "only what is in the plan");
}

#[test]
fn who_won_contested_capacity_is_named_with_the_lead_and_waiting_outbids_it() {
    let mut town = Town::new(2);
    town.without_fairness();
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    let crew = town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let fix = |draft: &mut NeedDraft| draft.entry.category = leaf("SPACE-FIX");
    let burst = town.need(0, "水管维修", |draft| {
        fix(draft);
        draft.urgency = Some(Urgency::Urgent);
        draft.entry.beneficiaries.count = Some(3);
    });
    let drip = town.need(0, "水管维修", fix);
    let unmet = explain(&town).unmet(drip).unwrap();
    assert_eq!(unmet.causes[0].cause, Cause::CapacityContested);
    assert_eq!((unmet.winners[0].target, unmet.winners[0].supplier), (burst, crew));
    // The same fit on both sides: 1600 against 1000.
    let burst_worth = explain(&town).pairing(burst, crew).unwrap().worth.0;
    assert_eq!(unmet.winners[0].lead.0, burst_worth * 600 / 1_600);
    for (number, remedy) in unmet.remedies.iter().enumerate() {
        hold(&town, remedy, |proposal| served(proposal, drip), &format!("remedy {number}"));
        assert!(remedy.in_full);
    }
    let more = find(&unmet.remedies, |change| matches!(change, Change::AddCapacity { .. }));
    assert_eq!(more.changes, [Change::AddCapacity { supplier: crew, more: 1 }]);
    assert!(unmet.remedies.windows(2).all(|pair| pair[0].effort <= pair[1].effort));
}

#[test]
fn a_need_that_waits_longest_outbids_one_that_has_waited_its_most() {
    let mut town = Town::new(1);
    town.without_fairness();
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let fix = |draft: &mut NeedDraft| draft.entry.category = leaf("SPACE-FIX");
    let old = town.need(0, "水管维修", fix);
    let later = NOW.plus_hours(50 * 24);
    // Posted fifty days later, by an office that serves some people more.
    let mut entry = town
        .state
        .need(match old {
            Target::Need(need) => need,
            Target::Slot(..) => panic!("{old:?}"),
        })
        .unwrap()
        .draft
        .clone();
    entry.entry.beneficiaries.count = Some(1);
    let posted =
        what_if(&town.state, &[Change::At(later), Change::Command(Box::new(Command::PostNeed(entry)))], NOW)
            .unwrap();
    let young = Target::Need(posted.state.needs().last().unwrap().id);
    let explanations = explain_at(&posted.state, posted.now);
    let unmet = explanations.unmet(young).unwrap();
    let wait = find(&unmet.remedies, |change| matches!(change, Change::Wait { .. }));
    // 1000 + 50 + 10 a day reaches 1000 + 700 on the 65th day and passes it on the next; a tie goes either way.
    let [Change::Wait { days }] = wait.changes[..] else { panic!("{wait:?}") };
    assert!((65..=66).contains(&days), "{days}");
}

#[test]
fn each_failed_rule_has_the_smallest_change_that_lifts_it() {
    type Shape<T> = fn(&mut T);
    type Wanted = fn(&Change) -> bool;
    let cases: [(&str, Shape<NeedDraft>, Shape<ResourceDraft>, Wanted); 8] = [
        (
            "three days later",
            |need| need.entry.window.to = NaiveDate::from_ymd_opt(2026, 6, 28),
            |resource| resource.entry.window.from = NaiveDate::from_ymd_opt(2026, 7, 1),
            |change| matches!(change, Change::WidenAsked { by: Widening::Days { earlier: 0, later: 3 }, .. }),
        ),
        (
            "the giver begins three days earlier",
            |need| need.entry.window.to = NaiveDate::from_ymd_opt(2026, 6, 28),
            |resource| resource.entry.window.from = NaiveDate::from_ymd_opt(2026, 7, 1),
            |change| {
                matches!(change, Change::WidenOffered { by: Widening::Days { earlier: 3, later: 0 }, .. })
            },
        ),
        (
            "half an hour",
            |need| need.entry.window = night(),
            |resource| resource.entry.window = day(),
            |change| {
                matches!(change, Change::WidenAsked { by: Widening::Minutes { earlier: 0, later: 30 }, .. })
            },
        ),
        (
            "on Saturday too",
            |need| need.entry.window.weekdays = Some(Weekdays(0b001_1111)),
            |resource| resource.entry.window.weekdays = Some(Weekdays(0b110_0000)),
            |change| {
                matches!(change, Change::WidenAsked { by: Widening::Weekdays(Weekdays(0b010_0000)), .. })
            },
        ),
        (
            "any form",
            |need| need.entry.form = Some(Form::Venue),
            |resource| resource.entry.form = Some(Form::Goods),
            |change| matches!(change, Change::AcceptAnyForm { .. }),
        ),
        (
            "another category",
            |need| need.entry.category = leaf("SPACE-PARK"),
            |resource| resource.entry.category = leaf("SPACE-VENUE"),
            |change| matches!(change, Change::TakeAs { category, .. } if category.as_str() == "SPACE-VENUE"),
        ),
        (
            "the ceiling at what is asked",
            |need| {
                need.ceiling = Some(3_000);
                need.entry.quantity = Some(Quantity::of(5_000, Measure::Money));
            },
            |resource| resource.entry.quantity = Some(Quantity::of(5_000, Measure::Money)),
            |change| matches!(change, Change::RaiseCeiling { to: 5_000, .. }),
        ),
        (
            "every responder",
            |need| need.channel = Some(engine::need::Channel::OwnerWhistle),
            |_| {},
            |change| matches!(change, Change::CallEverybody { .. }),
        ),
    ];
    for (name, need, resource, wanted) in cases {
        let mut town = Town::new(1);
        let owner = town.owner("某单位", UnitKind::Enterprise, 0);
        let supplier = town.resource(owner, "活动场地", resource);
        let target = town.need(0, "活动场地", need);
        let unmet = explain(&town).unmet(target).unwrap();
        let remedy = find(&unmet.remedies, wanted);
        assert!(remedy.in_full, "{name}");
        for remedy in &unmet.remedies {
            hold(&town, remedy, |proposal| served(proposal, target), name);
        }
        let idle = explain(&town).idle(supplier).unwrap();
        assert_eq!((idle.remaining > 0, idle.planned), (true, 0), "{name}");
        assert_eq!(idle.causes.iter().map(|(_, needs)| needs).sum::<u32>(), 1, "{name}");
        find(&idle.remedies, wanted);
        for remedy in &idle.remedies {
            hold(&town, remedy, |proposal| used(proposal, supplier), name);
        }
        for remedy in idle.remedies.iter().chain(&unmet.remedies) {
            for language in [Language::Chinese, Language::English] {
                assert!(!remedy.message(language).is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn another_communitys_car_park_that_serves_this_one_too_would_do() {
    let mut town = Town::new(2);
    let bank = town.owner("清河银行", UnitKind::Bank, 0);
    let first = town.communities[0].0;
    let second = town.communities[1].0;
    let park = town.resource(bank, "夜间开放停车场", |draft| {
        parking(30, night())(&mut draft.entry);
        draft.serves = vec![first];
    });
    let need = town.need(1, "居民夜间停车难", |draft| parking(20, night())(&mut draft.entry));
    let unmet = explain(&town).unmet(need).unwrap();
    let Supplier::Resource(resource) = park else { panic!("{park:?}") };
    let too = find(&unmet.remedies, |change| *change == Change::ServeToo { resource, place: second });
    assert_eq!((too.reaches, too.in_full), (20, true));
    find(&unmet.remedies, |change| matches!(change, Change::Link(link) if link.unit == bank));
}

#[test]
fn two_rules_are_lifted_together_only_when_none_alone_would_do() {
    let mut town = Town::new(2);
    // A community offers it, so there is no open capacity that could be more.
    let (first, owner) = town.communities[0];
    let second = town.communities[1].0;
    let Supplier::Resource(resource) = town.resource(owner, "操场开放", |draft| {
        draft.serves = vec![first];
        draft.entry.window = day();
    }) else {
        panic!("no resource")
    };
    let target = town.need(1, "操场开放", |draft| draft.entry.window = night());
    let unmet = explain(&town).unmet(target).unwrap();
    let half_an_hour = Widening::Minutes { earlier: 0, later: 30 };
    let both =
        [Change::ServeToo { resource, place: second }, Change::WidenAsked { target, by: half_an_hour }];
    assert_eq!(unmet.remedies[0].changes, both);
    assert_eq!(unmet.remedies[0].effort, 3 + 1);
    for remedy in &unmet.remedies {
        hold(&town, remedy, |proposal| served(proposal, target), "two rules");
    }
    let nearer = town.resource(owner, "操场开放", |draft| draft.entry.window = day());
    let unmet = explain(&town).unmet(target).unwrap();
    assert!(unmet.remedies.iter().all(|remedy| remedy.changes.len() == 1), "{nearer} fails one rule only");
}

#[test]
fn what_lies_idle_says_what_it_lost_to() {
    let mut town = Town::new(2);
    let near = town.owner("第一维修队", UnitKind::Enterprise, 0);
    let far = town.owner("第二维修队", UnitKind::Enterprise, 1);
    let fix = |draft: &mut ResourceDraft| draft.entry.category = leaf("SPACE-FIX");
    let first = town.resource(near, "水管维修", fix);
    let second = town.resource(far, "水管维修", fix);
    let need = town.need(0, "水管维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let explanations = explain(&town);
    assert_eq!(explanations.idle(first), None, "all of it is used");
    let idle = explanations.idle(second).unwrap();
    assert_eq!(idle.causes, []);
    assert_eq!((idle.lost[0].target, idle.lost[0].to), (need, first));
    assert!(idle.lost[0].lead.0 > 0);
}

#[test]
fn the_price_of_a_resource_is_what_one_more_unit_of_it_adds() {
    let mut town = Town::new(3);
    let bank = town.owner("清河银行", UnitKind::Bank, 0);
    let park = town.resource(bank, "夜间开放停车场", |draft| parking(30, night())(&mut draft.entry));
    for (community, amount) in [20, 25, 30].into_iter().enumerate() {
        town.need(community, "居民夜间停车难", |draft| parking(amount, night())(&mut draft.entry));
    }
    let explanations = explain(&town);
    let scarcity = explanations.scarcity().unwrap();
    let (_, price) = scarcity.givers.iter().find(|(supplier, _)| *supplier == park).unwrap();
    let now = explanations.proposal().summary.objective;
    let then = after(&town, &[Change::AddCapacity { supplier: park, more: 1 }]).summary.objective;
    assert!(price.0 > 0);
    assert_eq!(i128::from(now) + price.0, i128::from(then));
    let place = scarcity.street.iter().find(|it| it.measure == Some(Measure::Parking)).unwrap();
    let then = after(&town, &place.changes(&town.state)).summary.objective;
    assert_eq!(i128::from(now) + place.worth.0, i128::from(then));
    assert!(scarcity.categories.iter().all(|it| it.worth <= place.worth || it.measure.is_none()));
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn window(&mut self) -> Window {
        let date = |day: u64| NaiveDate::from_ymd_opt(2026, 6, 1 + u32::try_from(day).unwrap());
        match self.below(6) {
            0 => night(),
            1 => day(),
            2 => Window { from: date(self.below(28)), ..Window::default() },
            3 => Window { to: date(self.below(28)), ..Window::default() },
            4 => Window { weekdays: Some(Weekdays(1 << self.below(7))), ..Window::default() },
            _ => Window::open(),
        }
    }
}

const MATTERS: [(&str, &str); 4] = [
    ("夜间停车位", "SPACE-PARK"),
    ("水管维修", "SPACE-FIX"),
    ("老年人义诊", "HEALTH-CLINIC"),
    ("居民法律咨询", "SAFE-LAW"),
];

fn random_town(seed: u64) -> (Town, Vec<Target>, Vec<Supplier>) {
    let mut dice = Dice(seed);
    let mut town = Town::new(2);
    town.without_fairness();
    let (mut targets, mut suppliers) = (Vec::new(), Vec::new());
    for number in 0..1 + dice.below(4) {
        let kind = UnitKind::ALL[usize::try_from(dice.below(14)).unwrap()];
        let community = usize::try_from(dice.below(2)).unwrap();
        let place = Some(town.communities[community].0);
        let open_capacity = Some(u32::try_from(dice.below(2)).unwrap());
        let name = format!("单位{number}");
        let kind = engine::organization::OrganizationKind::Unit(kind);
        let draft = OrganizationDraft { name, kind, place, open_capacity, reference: None };
        town.run(Command::RegisterOrganization(draft));
        let owner = town.state.organizations().last().unwrap().id;
        suppliers.push(Supplier::Unit(owner));
        for _ in 0..dice.below(3) {
            let (title, code) = MATTERS[usize::try_from(dice.below(4)).unwrap()];
            let (window, amount) = (dice.window(), 1 + dice.below(12));
            let (serves, counted) = (dice.below(3), dice.below(2));
            let served = town.communities[community].0;
            suppliers.push(town.resource(owner, title, |draft| {
                draft.entry.category = leaf(code);
                draft.entry.window = window;
                if counted == 0 && code == "SPACE-PARK" {
                    draft.entry.quantity = Some(Quantity::of(amount, Measure::Parking));
                }
                if serves == 0 {
                    draft.serves = vec![served];
                }
            }));
        }
    }
    for _ in 0..2 + dice.below(6) {
        let (title, code) = MATTERS[usize::try_from(dice.below(4)).unwrap()];
        let community = usize::try_from(dice.below(2)).unwrap();
        let (window, amount) = (dice.window(), 1 + dice.below(12));
        let (counted, urgency, people) = (dice.below(2), dice.below(4), dice.below(60));
        targets.push(town.need(community, title, |draft| {
            draft.entry.category = leaf(code);
            draft.entry.window = window;
            draft.entry.beneficiaries.count = u32::try_from(people).ok();
            if counted == 0 && code == "SPACE-PARK" {
                draft.entry.quantity = Some(Quantity::of(amount, Measure::Parking));
            }
            if urgency == 0 {
                draft.urgency = Some(Urgency::Urgent);
            }
        }));
    }
    (town, targets, suppliers)
}

#[test]
fn every_claimed_change_holds_on_random_streets_and_less_would_not_do() {
    let (mut unmet_count, mut remedies, mut idle_count) = (0, 0, 0);
    for seed in 0..200 {
        let (town, targets, suppliers) = random_town(seed);
        let explanations = explain(&town);
        let proposal = explanations.proposal();
        for target in &targets {
            let unmet = explanations.unmet(*target);
            assert_eq!(
                unmet.as_ref().map(|unmet| unmet.wanting - unmet.planned),
                proposal.summary.unmet.iter().find(|unmet| unmet.target == *target).map(|it| it.quantity),
                "seed {seed}"
            );
            let Some(unmet) = unmet else { continue };
            unmet_count += 1;
            assert!(!unmet.causes.is_empty(), "seed {seed}");
            assert!(unmet.winners.iter().all(|winner| winner.lead.0 >= 0), "seed {seed}: {unmet:?}");
            for remedy in &unmet.remedies {
                remedies += 1;
                assert!(remedy.reaches > unmet.planned, "seed {seed}");
                hold(&town, remedy, |proposal| served(proposal, *target), &format!("seed {seed} {target}"));
            }
        }
        for supplier in suppliers {
            let Some(idle) = explanations.idle(supplier) else { continue };
            idle_count += 1;
            assert!(idle.lost.iter().all(|lost| lost.lead.0 >= 0), "seed {seed}: {idle:?}");
            for remedy in &idle.remedies {
                remedies += 1;
                hold(&town, remedy, |proposal| used(proposal, supplier), &format!("seed {seed} {supplier}"));
            }
        }
    }
    assert!(
        unmet_count > 300 && idle_count > 200 && remedies > 1_200,
        "{unmet_count} {idle_count} {remedies}"
    );
}

#[test]
fn margins_are_never_negative_and_forbidding_a_pairing_costs_at_least_its_margin() {
    let mut tried = 0;
    for seed in 0..200 {
        let (mut town, ..) = random_town(seed);
        let before = town.propose();
        let kept = before.summary.objective;
        let explained: Vec<_> = {
            let explanations = explain(&town);
            let of = |terms: &PairingTerms| explanations.pairing(terms.target, terms.supplier).unwrap();
            before.pairings.iter().map(of).collect()
        };
        assert_eq!(explained.iter().map(|it| it.worth.0).sum::<i128>(), i128::from(kept), "seed {seed}");
        let events = town.adopt();
        for (pairing, event) in explained.iter().zip(events.iter().filter_map(proposed)) {
            assert!(pairing.margin.0 >= 0 && pairing.margin <= pairing.worth, "seed {seed}: {pairing:?}");
            assert!(pairing.asking.is_none_or(|it| it.behind.0 >= 0), "seed {seed}: {pairing:?}");
            assert!(pairing.giving.is_none_or(|it| it.behind.0 >= 0), "seed {seed}: {pairing:?}");
            // A resource that is declined may bring its owner's open capacity in, which is no rival here.
            let Supplier::Unit(_) = pairing.supplier else { continue };
            let (id, reason) = (event, "没空".to_owned());
            let decline = Command::DeclinePairing { pairing: id, side: Side::Giving, reason };
            // Standing proposals count more, so the plans are compared without them.
            let fresh = random_town(seed).0;
            let mut declined = fresh.state.clone();
            let supposed = what_if(&town.state, &[Change::Command(Box::new(decline))], NOW).unwrap();
            let marked = supposed.state.was_declined(pairing.target, pairing.supplier);
            assert!(marked, "seed {seed}");
            declined.clone_from(&without_proposals(&supposed.state));
            let left = explain_at(&declined, NOW).proposal().summary.objective;
            assert!(i128::from(left) + pairing.margin.0 <= i128::from(kept), "seed {seed}: {pairing:?}");
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}

/// The same street with an empty plan adopted, so that nothing is proposed.
fn without_proposals(state: &State) -> State {
    let mut empty = explain_at(state, NOW).proposal();
    empty.pairings.clear();
    let adopt = Change::Command(Box::new(Command::AdoptPlan(Box::new(empty))));
    what_if(state, &[adopt], NOW).unwrap().state
}

fn proposed(event: &engine::event::Event) -> Option<engine::identity::PairingId> {
    match event {
        engine::event::Event::PairingProposed { pairing, .. } => Some(*pairing),
        _ => None,
    }
}

#[test]
fn scarcity_is_what_adding_the_unit_really_adds() {
    let (mut givers, mut categories) = (0, 0);
    for seed in 0..200 {
        let (town, ..) = random_town(seed);
        let explanations = explain(&town);
        let now = i128::from(explanations.proposal().summary.objective);
        let scarcity = explanations.scarcity().unwrap();
        for (supplier, worth) in &scarcity.givers {
            // An exhausted one would be judged anew when it has something again.
            let (capacity, _) = town.state.offered(*supplier).unwrap();
            if capacity == 0 {
                continue;
            }
            let then = after(&town, &[Change::AddCapacity { supplier: *supplier, more: 1 }]);
            assert_eq!(i128::from(then.summary.objective), now + worth.0, "seed {seed} {supplier}");
            givers += u32::from(worth.0 > 0);
        }
        for marginal in &scarcity.categories {
            let supposed = what_if(&town.state, &marginal.changes(&town.state), NOW).unwrap();
            let then = explain_at(&supposed.state, NOW);
            if then.counts_like(&explanations) {
                let objective = i128::from(then.proposal().summary.objective);
                assert_eq!(objective, now + marginal.worth.0, "seed {seed} {marginal:?}");
                categories += u32::from(marginal.worth.0 > 0);
                assert!(marginal.worth.0 <= 4 * ORDINARY, "seed {seed}");
            }
        }
    }
    assert!(givers > 50 && categories > 100, "{givers} {categories}");
}
