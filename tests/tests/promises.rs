//! What the engine promises, driven by thousands of random wishes against a slow, obvious twin.
//!
//! A failure names its seed and the step; `run(seed, steps)` with that seed repeats it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    decide::{Context, decide},
    event::Event,
    evolve::evolve_commit,
    identity::OrganizationId,
    member::{Caller, Role},
    organization::{OrganizationKind, UnitKind},
    place::PlaceLevel,
    refusal::Refusal,
    rules::Rules,
    state::State,
};
use std::collections::BTreeMap;
use tests::{
    promises::{contacts, lives::Lives, recount},
    street::Street,
    wishes::{NAMES, Wish, Wishes, acts_for},
};

/// So many streets live so many wishes each.
const SEEDS: u64 = 60;
const STEPS: usize = 800;

/// Every code there is; [`listed`] fails to compile when one is missing.
const CODES: [&str; 45] = [
    "NOT_ALLOWED",
    "STREET_NOT_OPENED",
    "STREET_ALREADY_OPENED",
    "INVALID",
    "NOT_FOUND",
    "NAME_TAKEN",
    "REFERENCE_TAKEN",
    "PLACE_TOO_HIGH",
    "CATEGORY_IN_USE",
    "ALREADY_LINKED",
    "NOT_LINKED",
    "TOKEN_TAKEN",
    "ALREADY_REVOKED",
    "REVISION_PASSED",
    "ALREADY_WITHDRAWN",
    "TARGET_NOT_OPEN",
    "SUPPLIER_NOT_OPEN",
    "TAKES_UP_NO_NEEDS",
    "BELOW_PROMISED",
    "PROMISED_OTHERWISE",
    "STILL_AGREED",
    "CAPACITY_EXCEEDED",
    "MORE_THAN_ASKED",
    "SAME_ORGANIZATION",
    "NOT_A_SIDE",
    "ALREADY_PAIRED",
    "ALREADY_CLAIMED",
    "CLAIM_LAPSED",
    "PAIRING_NOT",
    "NEED_CARRIED",
    "PLAN_STALE",
    "NOT_IN_STATE",
    "NOT_A_PARTY",
    "ALREADY_DONE",
    "NOT_ALIKE",
    "MORE_THAN_AGREED",
    "DELIVERY_OPEN",
    "CALL_OVER",
    "CEILING_EXCEEDED",
    "BALANCE_TOO_LOW",
    "JOINT_CLAIM_WAITS",
    "NOT_AHEAD",
    "CONTACT_GIVEN_BEFORE",
    "CONTACT_ERASED_BEFORE",
    "SIGN_ON_TAKEN",
];

/// The code of a refusal. No wildcard: a new refusal has to be reached by these wishes, too.
fn listed(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotAllowed { .. }
        | Refusal::StreetNotOpened
        | Refusal::StreetAlreadyOpened { .. }
        | Refusal::Invalid { .. }
        | Refusal::NotFound { .. }
        | Refusal::NameTaken { .. }
        | Refusal::ReferenceTaken { .. }
        | Refusal::PlaceTooHigh { .. }
        | Refusal::CategoryInUse { .. }
        | Refusal::AlreadyLinked
        | Refusal::NotLinked
        | Refusal::TokenTaken
        | Refusal::AlreadyRevoked
        | Refusal::RevisionPassed { .. }
        | Refusal::AlreadyWithdrawn
        | Refusal::TargetNotOpen { .. }
        | Refusal::SupplierNotOpen { .. }
        | Refusal::TakesUpNoNeeds { .. }
        | Refusal::BelowPromised { .. }
        | Refusal::PromisedOtherwise
        | Refusal::StillAgreed { .. }
        | Refusal::CapacityExceeded { .. }
        | Refusal::MoreThanAsked { .. }
        | Refusal::SameOrganization
        | Refusal::NotASide { .. }
        | Refusal::AlreadyPaired { .. }
        | Refusal::AlreadyClaimed { .. }
        | Refusal::ClaimLapsed { .. }
        | Refusal::PairingNot { .. }
        | Refusal::NeedCarried { .. }
        | Refusal::PlanStale { .. }
        | Refusal::NotInState { .. }
        | Refusal::NotAParty { .. }
        | Refusal::AlreadyDone { .. }
        | Refusal::NotAlike { .. }
        | Refusal::MoreThanAgreed { .. }
        | Refusal::DeliveryOpen { .. }
        | Refusal::CallOver { .. }
        | Refusal::CeilingExceeded { .. }
        | Refusal::BalanceTooLow { .. }
        | Refusal::JointClaimWaits { .. }
        | Refusal::NotAhead { .. }
        | Refusal::ContactGivenBefore { .. }
        | Refusal::ContactErasedBefore { .. }
        | Refusal::SignOnTaken { .. } => {
            let code = refusal.code();
            assert!(CODES.contains(&code), "{code} is not listed");
            code
        }
    }
}

/// Granted and refused, per kind of command; refusals, per code.
#[derive(Default)]
struct Counts {
    commands: BTreeMap<&'static str, (u32, u32)>,
    codes: BTreeMap<&'static str, u32>,
}

/// Says where a run stood when it failed.
struct Standing {
    seed: u64,
    step: usize,
    wish: String,
}

impl Drop for Standing {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, step {}: {}", self.seed, self.step, self.wish);
        }
    }
}

/// A street with two communities, four units, and a login of every role.
fn inhabited() -> Street {
    let mut street = Street::opened();
    let office = street.office();
    let root = street.state.street().unwrap().place;
    street.member(office, Role::Coordinator);
    for name in &NAMES[4..6] {
        let place = street.place(name, PlaceLevel::Community, Some(root));
        let community = street.organization(name, OrganizationKind::Community, Some(place));
        street.member(community, Role::CommunityOfficer);
        street.member(community, Role::Observer);
    }
    for (name, kind) in [
        (NAMES[6], UnitKind::Enterprise),
        (NAMES[7], UnitKind::Hospital),
        ("清河银行", UnitKind::Bank),
        ("清河律所", UnitKind::LawFirm),
    ] {
        let unit = street.organization(name, OrganizationKind::Unit(kind), None);
        street.member(unit, Role::UnitLiaison);
    }
    street
}

/// Whether a caller may at all be granted this, told from the caller alone.
fn may_hope(state: &State, caller: Caller, command: &Command) -> bool {
    match caller {
        Caller::System => true,
        Caller::Public => false,
        Caller::Member { member, organization, role } => {
            let ended = state.member(member).is_some_and(|member| member.revoked.is_some());
            let own = acts_for(state, command) == Some(organization);
            !ended
                && match role {
                    Role::Coordinator if coordinates_the_street(state, organization) => {
                        !matches!(command, Command::Tick | Command::OpenStreet { .. })
                    }
                    // What is for the street is not for a place of it; whose entries it reaches has a table of its own.
                    Role::Coordinator => own || is_about_entries(state, command),
                    Role::CommunityOfficer | Role::UnitLiaison => own,
                    Role::Observer => false,
                }
        }
    }
}

/// Whether a coordinator of this organization is one of the whole street: it is its office, or sits where the street is.
fn coordinates_the_street(state: &State, organization: OrganizationId) -> bool {
    let street = state.street().unwrap();
    let seat = state.organization(organization).and_then(|it| it.draft.place);
    street.office == organization || seat == Some(street.place)
}

/// Whether a command is about an entry or what became of it, and the coordinator's organization has a place at all.
fn is_about_entries(state: &State, command: &Command) -> bool {
    let is_review = matches!(
        command,
        Command::VerifyNeed { .. }
            | Command::RejectNeed { .. }
            | Command::MergeNeed { .. }
            | Command::CarryOverNeed { .. }
    );
    is_review || acts_for(state, command).is_some()
}

/// One street lives through the wishes of one seed.
fn run(seed: u64, steps: usize, counts: &mut Counts) {
    let mut standing = Standing { seed, step: 0, wish: String::new() };
    let mut wishes = Wishes::new(seed);
    let mut street = inhabited();
    let mut lives = Lives::default();
    let mut snapshots: Vec<State> = Vec::new();
    for step in 0..steps {
        let Wish { caller, command, hours } = wishes.next(&street.state);
        street.wait(hours);
        standing.step = step;
        standing.wish = format!("{caller:?} {command:?}");
        let before = street.state.clone();
        let answer = street.tell(caller, &command);
        assert_eq!(
            decide(&before, &Context { caller, now: street.now }, &command),
            answer,
            "the same inputs, the same answer"
        );

        let counted = counts.commands.entry(command.name()).or_default();
        match answer {
            Ok(events) => {
                counted.0 += 1;
                assert!(may_hope(&before, caller, &command), "{caller:?} was granted it");
                let moved = u64::from(!events.is_empty());
                assert_eq!(street.state.position().0, before.position().0 + moved);
                lives.live_through(&before, street.now, &command);
            }
            Err(refusal) => {
                counted.1 += 1;
                *counts.codes.entry(listed(&refusal)).or_default() += 1;
                assert!(street.state == before, "a refusal changes nothing");
            }
        }
        lives.check(&street.state);
        recount::check(&street.state);
        if step % 100 == 99 {
            (0..9).for_each(|days| contacts::check(&street, days));
        }
        if step % 50 == 0 {
            snapshots.push(street.state.clone());
        }
    }
    standing.wish = "replay".into();
    replays(&street, &snapshots);
}

/// Folded once more from nothing, through JSON too, the log gives the same, at its end and on the way; and
/// what readers held of earlier positions is still what it was.
fn replays(street: &Street, snapshots: &[State]) {
    let mut state = State::empty();
    let mut seen = 0;
    for (number, (recorded, events)) in street.log.iter().enumerate() {
        assert_eq!(recorded.position.0, number as u64 + 1, "one position a commit");
        let stored = serde_json::to_string(events).unwrap();
        let read: Vec<Event> = serde_json::from_str(&stored).unwrap();
        assert_eq!(&read, events);
        evolve_commit(&mut state, *recorded, &read);
        for snapshot in snapshots.iter().filter(|snapshot| snapshot.position() == state.position()) {
            assert!(*snapshot == state, "position {}", state.position());
            seen += 1;
        }
    }
    assert!(state == street.state && seen == snapshots.len());
    assert!(street.replayed() == street.state);
}

#[test]
fn the_promises_hold_through_thousands_of_random_wishes() {
    let mut counts = Counts::default();
    for seed in 1..=SEEDS {
        run(seed, STEPS, &mut counts);
    }
    // Before the log is opened nothing else is granted.
    let too_early = Street::default().tell(Caller::System, &Command::SetRules(Rules::STANDARD)).unwrap_err();
    *counts.codes.entry(listed(&too_early)).or_default() += 1;
    assert_eq!(Street::default().tell(Caller::System, &Command::Tick), Ok(Vec::new()));
    counts.commands.entry("OpenStreet").or_default().0 += SEEDS as u32;

    println!("{:20}{:>8}{:>8}", "command", "granted", "refused");
    for (command, (granted, refused)) in &counts.commands {
        println!("{command:20}{granted:8}{refused:8}");
    }
    for (code, refused) in &counts.codes {
        println!("{code:28}{refused:8}");
    }
    assert_eq!(counts.commands.len(), 75, "every kind of command was wished");
    for (command, (granted, _)) in &counts.commands {
        assert!(*granted > 0, "{command} was never granted");
    }
    let reached: Vec<&str> = counts.codes.keys().copied().collect();
    let mut codes = CODES;
    codes.sort_unstable();
    assert_eq!(reached, codes, "every refusal was reached");
}
