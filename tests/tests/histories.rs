//! G13 for every kind of entity: its history, commit for commit and value for value, against a slow twin that looks at all
//! entities after every commit of a street that lived at random.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    evolve::evolve_commit,
    history::{Change, Entity, changes, value},
    identity::Position,
    member::Caller,
    state::State,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use storage::{Head, Ledger, Log, RequestId, ledger::Page, memory::MemoryLog, record::Record};
use tests::{living::live, street::START};

const SEEDS: u64 = 6;
const STEPS: usize = 500;

/// Everything that has a history.
fn entities(state: &State) -> BTreeSet<Entity> {
    let mut all = BTreeSet::from([Entity::Street, Entity::Rules]);
    all.extend(state.categories().map(|it| Entity::Category(it.code.clone())));
    all.extend(state.places().map(|it| Entity::Place(it.id)));
    all.extend(state.organizations().map(|it| Entity::Organization(it.id)));
    all.extend(state.members().map(|it| Entity::Member(it.id)));
    all.extend(state.needs().map(|it| Entity::Need(it.id)));
    all.extend(state.resources().map(|it| Entity::Resource(it.id)));
    all.extend(state.projects().map(|it| Entity::Project(it.id)));
    all.extend(state.pairings().map(|it| Entity::Pairing(it.id)));
    all.extend(state.plans().map(|it| Entity::Plan(it.id)));
    all.extend(state.bids().map(|it| Entity::Bid(it.id)));
    all.extend(state.meetings().map(|it| Entity::Meeting(it.id)));
    all.extend(state.agreements().map(|it| Entity::Agreement(it.id)));
    all.extend(state.deliveries().map(|it| Entity::Delivery(it.id)));
    all.extend(state.contacts().map(|it| Entity::Contact(it.id)));
    all
}

/// A kind by its name; a new one does not compile until it stands among [`entities`] too.
const fn kind(entity: &Entity) -> &'static str {
    match entity {
        Entity::Street => "street",
        Entity::Rules => "rules",
        Entity::Category(_) => "category",
        Entity::Place(_) => "place",
        Entity::Organization(_) => "organization",
        Entity::Member(_) => "member",
        Entity::Need(_) => "need",
        Entity::Resource(_) => "resource",
        Entity::Project(_) => "project",
        Entity::Pairing(_) => "pairing",
        Entity::Plan(_) => "plan",
        Entity::Bid(_) => "bid",
        Entity::Meeting(_) => "meeting",
        Entity::Agreement(_) => "agreement",
        Entity::Delivery(_) => "delivery",
        Entity::Contact(_) => "contact",
    }
}

/// How many entities of each kind a street had whose histories were compared.
fn compared(seed: u64) -> BTreeMap<&'static str, usize> {
    let street = live(seed, STEPS, true, |_, _| {});
    let log = MemoryLog::new();
    let (mut state, mut known) = (State::empty(), BTreeMap::<Entity, Value>::new());
    let mut twin = BTreeMap::<Entity, Vec<(Position, Vec<Change>)>>::new();
    let mut head = Head::START;
    for (recorded, events) in &street.log {
        let request = RequestId::new(format!("commit-{}", recorded.position)).unwrap();
        let record = Record::seal(head, recorded.time, Caller::System, request, events.clone()).unwrap();
        log.append(head.position, std::slice::from_ref(&record)).unwrap();
        head = record.commit().head();
        evolve_commit(&mut state, *recorded, events);
        let mut all = entities(&state);
        all.extend(known.keys().cloned());
        for entity in all {
            let now = value(&state, &entity);
            let changes = changes(known.get(&entity), now.as_ref());
            if !changes.is_empty() {
                twin.entry(entity.clone()).or_default().push((recorded.position, changes));
            }
            match now {
                Some(now) => drop(known.insert(entity, now)),
                None => drop(known.remove(&entity)),
            }
        }
    }

    let ledger = Ledger::open(log, || START).unwrap();
    assert_eq!(*ledger.state(), state);
    let mut kinds = BTreeMap::<&str, usize>::new();
    for (entity, expected) in &twin {
        let mut found = Vec::new();
        let (mut after, mut later) = (Position::START, true);
        while later {
            let page = ledger.history(entity, Page::After(after), 7).unwrap();
            after = page.moves.last().map_or(after, |last| last.position);
            later = page.later;
            found.extend(page.moves.into_iter().map(|moved| (moved.position, moved.changes)));
        }
        found.retain(|(_, changes)| !changes.is_empty());
        assert_eq!(&found, expected, "seed {seed}: {entity:?}");
        *kinds.entry(kind(entity)).or_default() += 1;
    }
    kinds
}

#[test]
fn g13_the_history_of_every_kind_is_what_changed_and_nothing_else() {
    let mut kinds = BTreeMap::<&str, usize>::new();
    for seed in 1..=SEEDS {
        for (kind, count) in compared(seed) {
            *kinds.entry(kind).or_default() += count;
        }
    }
    println!("{} entities: {kinds:?}", kinds.values().sum::<usize>());
    assert_eq!(kinds.len(), 16, "the streets have some of every kind");
}

#[test]
fn what_an_organization_has_to_do_with_is_found_whole() {
    let mut found = 0;
    for seed in 1..=SEEDS {
        let street = live(seed, STEPS, true, |_, _| {});
        let state = &street.state;
        for organization in state.organizations() {
            let involved = state.involved(organization.id, usize::MAX).unwrap();
            let looked_up: BTreeSet<Entity> =
                involved.iter().filter(|it| state.involves(it, organization.id)).cloned().collect();
            let told = entities(state).into_iter().filter(|it| state.involves(it, organization.id));
            assert_eq!(looked_up, told.collect(), "seed {seed}, {}", organization.id);
            assert_eq!(state.involved(organization.id, 0).is_none(), involved.len() > 1, "seed {seed}");
            found += looked_up.len();
        }
    }
    println!("{found} things of organizations");
    assert!(found > 1_000);
}
