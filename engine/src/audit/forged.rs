//! A wrong value in every family of what is derived, and what the audit says of it.

use super::{Book, Finding, Flaw, audit};
use crate::{
    agreement::{Subject, Terms},
    bid::BidDraft,
    contact,
    contribution::{Credit, Redemption},
    delivery::DeliveryDraft,
    entry::{EntryDraft, List},
    event::Event,
    evolve::{Recorded, evolve_commit},
    history::Entity,
    identity::*,
    leaning::Leaning,
    meeting::{Item, MeetingDraft},
    member::{Role, SignOnHash, TokenHash},
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    pairing::{PairingTerms, Side, Supplier, Target},
    place::{Place, PlaceLevel},
    project::ProjectDraft,
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    state::{State, due, listed},
    tallies,
};
use chrono::NaiveDate;
use std::sync::Arc;

const NOON: Moment = Moment::from_millis(1_780_000_000_000);
const NEED: Target = Target::Need(NeedId::new(1));
const RESOURCE: Supplier = Supplier::Resource(ResourceId::new(1));

fn entry(title: &str, organization: u64) -> EntryDraft {
    let mut entry = EntryDraft::new(title, OrganizationId::new(organization));
    entry.quantity = Some(Quantity::of(2, Measure::Sessions));
    entry.reference = Some(title.to_owned());
    entry.window.to = NaiveDate::from_ymd_opt(2027, 1, 1);
    entry
}

fn organization(number: u64, kind: OrganizationKind, place: Option<u64>) -> Event {
    let (name, place) = (format!("单位{number}"), place.map(PlaceId::new));
    let draft = OrganizationDraft { name, kind, place, open_capacity: None, reference: None };
    Event::OrganizationRegistered { organization: OrganizationId::new(number), draft }
}

/// A street on which something of everything has happened, event by event.
fn told() -> Vec<Event> {
    let (office, community, hospital) =
        (OrganizationId::new(1), OrganizationId::new(2), OrganizationId::new(3));
    let (pairing, delivery) = (PairingId::new(1), DeliveryId::new(1));
    let terms = PairingTerms { target: NEED, supplier: RESOURCE, quantity: 2, draws: 2, fit: None };
    let parties = vec![community, hospital];
    let agreed = Terms {
        title: "义诊".into(),
        text: None,
        parties,
        undertakings: Vec::new(),
        budget: Vec::new(),
        ceiling: None,
        milestones: Vec::new(),
    };
    let place = |id: u64, name: &str, parent: u64| Place {
        id: PlaceId::new(id),
        name: name.into(),
        level: PlaceLevel::Community,
        parent: Some(PlaceId::new(parent)),
        reference: Some(name.into()),
    };
    let root = Place { level: PlaceLevel::Street, parent: None, ..place(1, "春风街道", 1) };
    let bid =
        BidDraft { target: NEED, supplier: Supplier::Unit(hospital), quantity: 1, draws: 1, note: None };
    let project = ProjectDraft { needs: vec![NeedId::new(2)], ..ProjectDraft::new(entry("共建花园", 2)) };
    let meeting = MeetingDraft {
        title: "联席会".into(),
        at: NOON,
        venue: None,
        participants: vec![office, community],
        agenda: vec![Item::Pairing(pairing)],
    };
    let on = NaiveDate::from_ymd_opt(2026, 5, 29).unwrap();
    vec![
        Event::StreetOpened { name: "春风街道".into(), place: PlaceId::new(1), office },
        Event::PlaceAdded { place: root },
        organization(1, OrganizationKind::StreetOffice, Some(1)),
        Event::PlaceAdded { place: place(2, "花园社区", 1) },
        organization(2, OrganizationKind::Community, Some(2)),
        organization(3, OrganizationKind::Unit(UnitKind::Hospital), None),
        Event::MemberAdded {
            member: MemberId::new(1),
            organization: community,
            role: Role::CommunityOfficer,
            label: "办公室电脑".into(),
            token: TokenHash("1".repeat(64)),
            expires: None,
        },
        Event::SignOnBound { member: MemberId::new(1), sign_on: SignOnHash("2".repeat(64)) },
        Event::NeedPosted { need: NeedId::new(1), draft: NeedDraft::new(entry("义诊量血压", 2)) },
        Event::NeedPosted { need: NeedId::new(2), draft: NeedDraft::new(entry("花园翻新", 2)) },
        Event::NeedVerified { need: NeedId::new(1) },
        Event::ResourcePosted {
            resource: ResourceId::new(1),
            draft: ResourceDraft::new(entry("家庭医生", 3)),
        },
        Event::ResourcePosted { resource: ResourceId::new(2), draft: ResourceDraft::new(entry("讲座", 3)) },
        Event::ProjectPosted { project: ProjectId::new(1), draft: project },
        Event::ContactGiven {
            contact: ContactId::new(1),
            of: contact::Subject::Organization(hospital),
            purpose: contact::Purpose::Liaison,
        },
        Event::BidPlaced { bid: BidId::new(1), draft: bid },
        Event::PairingRequested { pairing, by: community, terms },
        Event::PairingClaimed { pairing, side: Side::Asking, until: NOON },
        Event::PairingAgreed { pairing, side: Side::Giving },
        Event::MeetingCalled { meeting: MeetingId::new(1), draft: meeting },
        Event::AgreementDrafted {
            agreement: AgreementId::new(1),
            subject: Subject::Pairing(pairing),
            terms: agreed,
        },
        Event::DeliveryRecorded {
            delivery,
            pairing,
            draft: DeliveryDraft { quantity: 2, on, note: None, efforts: Vec::new() },
        },
        Event::DeliveryConfirmed { delivery },
        Event::ContributionCredited {
            organization: hospital,
            delivery,
            credit: Credit { points: 30, quantity: 2, minutes: [].into() },
        },
        Event::PairingAccepted { pairing },
        Event::ContributionRedeemed {
            organization: hospital,
            redemption: Redemption { points: 10, minutes: 0, what: "锦旗".into() },
        },
    ]
}

fn folded() -> (State, Book) {
    let (mut state, mut book) = (State::empty(), Book::default());
    for (position, event) in (1..).map(Position).zip(told()) {
        let time = Moment::from_millis(NOON.millis() + position.0 as i64 * 3_600_000);
        let recorded = Recorded { position, time };
        evolve_commit(&mut state, recorded, [&event]);
        book.read(recorded, &event);
    }
    (state, book)
}

/// What a change gives back is of no use.
fn gone<T>(_: T) {}

fn derived(findings: &[Finding]) -> Vec<&'static str> {
    let what = |finding: &Finding| match finding.flaw {
        Flaw::Derived { what, .. } => what,
        ref other => panic!("{other}"),
    };
    findings.iter().map(what).collect()
}

#[test]
fn a_sound_state_yields_nothing() {
    let (state, book) = folded();
    assert_eq!((audit(&state), book.findings(&state)), (vec![], vec![]));
}

#[test]
fn a_wrong_value_of_anything_derived_is_named() {
    type Forge = fn(&mut State);
    let forged: &[(&str, Forge)] = &[
        ("places by name", |it| gone(it.place_names.insert((None, "无".into()), PlaceId::new(2)))),
        ("places by reference", |it| gone(it.place_references.insert("无".into(), PlaceId::new(2)))),
        ("organizations by name", |it| gone(it.organization_names.remove("单位3"))),
        ("communities by place", |it| gone(it.communities.insert(PlaceId::new(2), OrganizationId::new(3)))),
        ("entries by reference", |it| gone(it.references.insert((List::Needs, "义诊量血压".into()), 2))),
        ("members by token", |it| gone(it.tokens.insert(TokenHash("3".repeat(64)), MemberId::new(1)))),
        ("members by sign-on", |it| it.sign_ons.clear()),
        ("pairings by target", |it| {
            gone(it.pairings_of_target.insert((Target::Slot(ProjectId::new(1), 0), PairingId::new(1))))
        }),
        ("pairings by supplier", |it| {
            gone(it.pairings_of_supplier.insert((Supplier::Unit(OrganizationId::new(3)), PairingId::new(1))))
        }),
        ("bids by target", |it| {
            gone(it.bids_of_target.insert((Target::Need(NeedId::new(2)), BidId::new(1))))
        }),
        ("bids by supplier", |it| gone(it.bids_of_supplier.insert((RESOURCE, BidId::new(1))))),
        ("projects by need", |it| gone(it.carriers.insert((NeedId::new(1), ProjectId::new(9))))),
        ("meetings by item", |it| {
            gone(it.meetings_on.insert((Item::Project(ProjectId::new(9)), MeetingId::new(1))))
        }),
        ("agreements by subject", |it| it.agreements_of.clear()),
        ("deliveries by pairing", |it| {
            gone(it.deliveries_of.insert((PairingId::new(9), DeliveryId::new(1))))
        }),
        ("last numbers", |it| it.last.need += 1),
        ("limits that run", |it| {
            gone(it.due.insert((due::Kind::Reply, NOON, due::Due::Need(NeedId::new(1)))))
        }),
        ("needs by community", |it| it.vicinity.put((None, NeedId::new(1)))),
        ("commits about it", |it| gone(it.touches.insert((Entity::Street, Position(99))))),
        ("orders", |it| {
            let (register, rank) = (listed::Register::Needs, listed::Rank::Quantity);
            it.ranked.insert((register, rank, listed::Mark::At(77), 1));
        }),
        ("register", |it| {
            let (unit, community) = (OrganizationId::new(3), PlaceId::new(2));
            listed::link(it, &RosterLink { unit, community, relation: Relation::Assigned });
        }),
        ("dashboards", |it| tallies::count_twice(it, &Entity::Need(NeedId::new(1)))),
        ("series", |it| tallies::count_twice(it, &Entity::Delivery(DeliveryId::new(1)))),
        ("idle resources", |it| tallies::forget_idle(it)),
        ("merits", |it| it.figures.forget_earnings()),
        ("rankings", |it| it.figures.crowd_rankings()),
        ("quiet subjects", |it| it.contacts.forget_quiet()),
    ];
    let (sound, book) = folded();
    for (what, forge) in forged {
        let mut state = sound.clone();
        forge(&mut state);
        let found = audit(&state);
        assert!(derived(&found).contains(what), "{what}: {found:#?}");
        assert!(found.len() <= 80, "{what}: {}", found.len());
        let told = found.iter().map(ToString::to_string).find(|told| told.contains(what)).unwrap();
        assert!(told.contains(" is kept as ") && told.contains(" and found as "), "{told}");
    }
    // What the log alone can say.
    let forged: &[(&str, Forge)] = &[
        ("figures", |it| it.figures.count_once_more()),
        ("earnings", |it| it.figures.forget_earnings()),
        ("statement", |it| it.figures.lines.clear()),
        ("account", |it| gone(it.accounts.remove(&OrganizationId::new(3)))),
        ("track record", |it| gone(it.records.insert(OrganizationId::new(2), Arc::default()))),
        ("track records", |it| it.rated = !it.rated),
        ("what kinds of units took up", |it| {
            gone(it.taken_up.insert(UnitKind::School, Arc::new(Leaning::default())))
        }),
        ("what is heard of it", |it| {
            gone(it.leanings.insert(UnitKind::School, Arc::new(Leaning::default())))
        }),
    ];
    for (what, forge) in forged {
        let mut state = sound.clone();
        forge(&mut state);
        let found = book.findings(&state);
        assert!(derived(&found).iter().all(|it| it == what) && !found.is_empty(), "{what}: {found:#?}");
    }
}

#[test]
fn a_task_that_nothing_asks_for_is_named_and_so_is_one_that_is_missing() {
    let (sound, _) = folded();
    let mut state = sound.clone();
    let line = state.waiting.iter().next().cloned().unwrap();
    state.waiting.remove(&line);
    let flaws = |state: &State| audit(state).into_iter().map(|it| it.flaw).collect::<Vec<_>>();
    assert!(flaws(&state).iter().any(|it| matches!(it, Flaw::Untold(..))), "{:?}", flaws(&state));
    assert!(waiting_for(&sound) > waiting_for(&state));
}

fn waiting_for(state: &State) -> usize {
    state.waiting_for(None, Moment::from_millis(i64::MAX)).count()
}
