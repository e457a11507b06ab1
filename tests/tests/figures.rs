//! Figures, work lists and next actions against slow twins, over random streets.
//!
//! A failure names its seed and its step; the same seed repeats it.

use engine::{
    audit::{Book, Finding, Flaw, audit},
    decide::{Context, decide},
    evolve::evolve_commit,
    figures::{self, Counts, Scope},
    history::Entity,
    member::Caller,
    moment::Moment,
    next_actions::next_actions,
    period::Month,
    place::PlaceLevel,
    state::State,
    tallies::{Slice, Where},
};
use std::collections::{BTreeMap, BTreeSet};
use tests::{
    living::{Standing, inhabited, live},
    promises::ranking,
    random::SplitMix64,
};

const SEEDS: u64 = 12;
const STEPS: usize = 500;

/// Of a property in a place there is what all its cells in that place come to, and nothing below a community. How many such
/// parts have anything.
fn parts(state: &State, seed: u64) -> usize {
    let slices: BTreeSet<Slice> = state.figures().slices().collect();
    let mut told = 0;
    for place in state.places() {
        let is_deep = state.around(place.id).skip(1).any(|it| it.level == PlaceLevel::Community);
        let inside: Vec<_> = state.places().filter(|it| state.lies_in(it.id, place.id)).collect();
        for slice in &slices {
            let mut cells = Counts::default();
            for near in &inside {
                cells.add(&state.figures().of(
                    &Scope::Near(near.id, slice.clone()),
                    Month::FIRST,
                    Month::LAST,
                ));
            }
            let part = Where { place: Some(place.id), slice: Some(slice.clone()) };
            let read = figures::read(state, &part, Month::FIRST, Month::LAST);
            assert_eq!(read, (!is_deep).then_some(cells.clone()), "seed {seed}: {part:?}");
            told += usize::from(cells != Counts::default());
        }
    }
    told
}

#[test]
fn figures_are_what_a_recount_of_the_log_gives_at_every_position() {
    let (mut sum, mut told) = (Counts::default(), 0);
    for seed in 1..=SEEDS {
        let street = live(seed, STEPS, true, |_, _| {});
        let standing = &mut Standing(seed, 0);
        let (mut state, mut book) = (State::empty(), Book::default());
        let mut months = BTreeSet::new();
        for (number, (recorded, events)) in street.log.iter().enumerate() {
            standing.1 = number;
            evolve_commit(&mut state, *recorded, events);
            months.insert(Month::of(recorded.time.date(state.rules().utc_offset_minutes)));
            for event in events {
                book.read(*recorded, event);
            }
            if number % 10 == 0 {
                assert_eq!(book.findings(&state), []);
                ranking::check(&state, &months);
            }
        }
        assert_eq!(book.findings(&state), []);
        assert!(ranking::check(&state, &months) > 0, "units are ranked");
        assert_eq!(state.figures(), street.state.figures(), "replayed as it was lived");
        sum.add(&state.figures().of(&Scope::Street, Month::FIRST, Month::LAST));
        told += parts(&state, seed);
    }
    assert!(told > 100, "{told} places have something of a property");
    println!("{sum:#?}");
    assert!(sum.collected > 0 && sum.replied > 0 && sum.claimed > 0 && sum.agreed > 0 && sum.lapsed > 0);
    assert!(sum.reply_rate().numerator <= sum.reply_rate().denominator);
    assert!(sum.met > 0 && sum.rejected > 0 && sum.merged > 0 && sum.satisfied > 0 && sum.fulfilled > 0);
    let spans = [&sum.post_to_claim, &sum.claim_to_sign, &sum.sign_to_done, &sum.post_to_done];
    assert!(spans.iter().all(|days| days.median().is_some()), "every span was seen");
}

/// What an audit has to say of the work list, or of what would keep it from looking there. Events that nobody decided on
/// may promise what is not there.
fn misled(state: &State) -> Vec<Finding> {
    let mut findings = audit(state);
    findings.retain(|it| match it.flaw {
        Flaw::Idle(..) | Flaw::Untold(..) | Flaw::Missing(_) | Flaw::NoTarget(_) | Flaw::Level => true,
        Flaw::Index(of) => of == "tasks",
        _ => false,
    });
    findings
}

#[test]
fn what_waits_for_whom_is_what_a_look_at_everything_finds() {
    let mut tasks: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 101..=100 + SEEDS {
        live(seed, STEPS, true, |_, street| {
            assert_eq!(misled(&street.state), []);
            let work: Vec<_> = street.state.waiting_for(None, street.now).collect();
            assert!(work.is_sorted_by_key(|it| (it.organization, it.since)), "of each, the oldest first");
            assert!(work.iter().all(|it| it.since <= street.now));
            for it in work {
                *tasks.entry(format!("{:?}", it.task)).or_default() += 1;
            }
        });
    }
    println!("{tasks:#?}");
    for task in [
        "ReviewNeed",
        "AnswerClaim",
        "ClaimProposal",
        "ChooseBid",
        "HoldMeeting",
        "SignAgreement",
        "StartProject",
        "DeliverAgreed",
        "ConfirmDelivery",
        "SettleDispute",
        "ReachMilestone(1)",
        "AppraiseNeed",
        "AppraiseProject",
        "CloseProject",
        "ReconfirmNeed",
        "ReconfirmResource",
    ] {
        assert!(tasks.contains_key(task), "{task} waited for nobody");
    }
}

/// The entities of a state that have next actions.
fn entities(state: &State) -> Vec<Entity> {
    let mut found: Vec<Entity> = state.needs().map(|it| Entity::Need(it.id)).collect();
    found.extend(state.resources().map(|it| Entity::Resource(it.id)));
    found.extend(state.projects().map(|it| Entity::Project(it.id)));
    found.extend(state.pairings().map(|it| Entity::Pairing(it.id)));
    found.extend(state.bids().map(|it| Entity::Bid(it.id)));
    found.extend(state.meetings().map(|it| Entity::Meeting(it.id)));
    found.extend(state.agreements().map(|it| Entity::Agreement(it.id)));
    found.extend(state.deliveries().map(|it| Entity::Delivery(it.id)));
    found
}

#[test]
fn an_action_that_is_shown_as_allowed_is_granted_and_a_refused_one_is_refused_alike() {
    let mut counts: BTreeMap<&'static str, (u32, u32)> = BTreeMap::new();
    for seed in 201..=200 + SEEDS {
        let mut random = SplitMix64::new(seed);
        live(seed, STEPS, false, |_, street| {
            let all = entities(&street.state);
            let members: Vec<Caller> = street
                .state
                .members()
                .map(|it| Caller::Member { member: it.id, organization: it.organization, role: it.role })
                .chain([Caller::System, Caller::Public])
                .collect();
            if all.is_empty() {
                return;
            }
            let entity = &all[random.below(all.len() as u64) as usize];
            let context = Context { caller: random.one(&members), now: street.now };
            let actions = next_actions(&street.state, &context, entity);
            assert!(!actions.is_empty(), "{entity} has next actions");
            let mut names: Vec<_> = actions.iter().map(|action| action.command.name()).collect();
            names.sort_unstable();
            assert!(names.is_sorted_by(|one, other| one < other), "each kind once: {names:?}");
            for action in actions {
                let mut as_told = street.clone();
                let told = as_told.tell(context.caller, &action.command).err();
                assert_eq!(told, action.refusal, "{:?}", action.command);
                assert_eq!(
                    decide(&street.state, &context, &action.command).err().map(|it| it.code()),
                    action.refusal.as_ref().map(|it| it.code())
                );
                let counted = counts.entry(action.command.name()).or_default();
                *(if action.is_allowed() { &mut counted.0 } else { &mut counted.1 }) += 1;
            }
        });
    }
    println!("{counts:#?}");
    for name in ["AmendNeed", "WithdrawNeed", "RequestPairing", "ClaimPairing", "DeclinePairing"] {
        let (allowed, refused) = counts[name];
        assert!(allowed > 0 && refused > 0, "{name}: {allowed} allowed, {refused} refused");
    }
}

#[test]
fn a_month_ends_at_midnight_of_the_street() {
    let mut street = inhabited();
    let community = street.state.organization_named("春晖里社区").unwrap();
    // 2026-05-31T15:59:59.999Z is the last millisecond of May in Shanghai.
    street.now = Moment::from_millis(1_780_243_199_999);
    street.need(community, None);
    street.now = Moment::from_millis(1_780_243_200_000);
    street.need(community, None);
    street.need(community, None);
    let collected = |month| {
        let month = Month { year: 2026, month };
        street.state.figures().of(&Scope::Street, month, month).collected
    };
    assert_eq!([4, 5, 6, 7].map(collected), [0, 1, 2, 0]);
}
