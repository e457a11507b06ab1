//! G13 against a slow twin that looks at every entity after every commit.

use crate::{random::number, story::Story, street::coordinator};
use engine::{
    history::{Change, Entity, changes, value},
    identity::Position,
    member::Caller,
    state::State,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use storage::{ReadError, ledger::Page, memory::MemoryLog, snapshot::Pace};

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
    all.extend(state.contacts().map(|it| Entity::Contact(it.id)));
    all
}

/// By entity, the commits that changed it and how.
fn twin(story: &Story) -> BTreeMap<Entity, Vec<(Position, Vec<Change>)>> {
    let mut told: BTreeMap<Entity, Vec<(Position, Vec<Change>)>> = BTreeMap::new();
    let mut known: BTreeMap<Entity, Value> = BTreeMap::new();
    for (position, state) in &story.states {
        let mut all = entities(state);
        all.extend(known.keys().cloned());
        for entity in all {
            let now = value(state, &entity);
            let changes = changes(known.get(&entity), now.as_ref());
            if !changes.is_empty() {
                told.entry(entity.clone()).or_default().push((*position, changes));
            }
            match now {
                Some(now) => drop(known.insert(entity, now)),
                None => drop(known.remove(&entity)),
            }
        }
    }
    told
}

#[test]
fn g13_a_history_is_what_changed_and_nothing_else() {
    let seed = number("GONGJIAN_STORY_SEED", 20_240_101);
    let commands = number("GONGJIAN_STORY_COMMANDS", 450);
    let story = Story::tell(MemoryLog::new(), Pace::STANDARD, seed, commands);
    let twin = twin(&story);
    let kinds: BTreeSet<String> =
        twin.keys().map(|entity| format!("{entity:?}").split('(').next().unwrap().to_owned()).collect();
    assert_eq!(kinds.len(), 12, "the story has every kind: {kinds:?}");
    let most = twin.values().map(Vec::len).max();
    println!("{} entities, up to {most:?} changes each", twin.len());
    for (entity, expected) in &twin {
        let mut found = Vec::new();
        let mut after = Position::START;
        loop {
            let page = story.ledger.history(entity, Page::After(after), 3).unwrap();
            assert!(page.moves.len() <= 3 && !(page.moves.is_empty() && page.later));
            assert_eq!(page.earlier, after != Position::START, "{entity:?}");
            let Some(last) = page.moves.last() else { break };
            after = last.position;
            let later = page.later;
            for moved in page.moves {
                assert_eq!(Some(moved.time), story.states[&moved.position].time());
                assert!(!moved.events.is_empty(), "{entity:?} at {}", moved.position);
                found.push((moved.position, moved.changes));
            }
            if !later {
                break;
            }
        }
        let all: Vec<Position> = found.iter().map(|(position, _)| *position).collect();
        found.retain(|(_, changes)| !changes.is_empty());
        assert_eq!(&found, expected, "{entity:?}");

        // The same from the end.
        let newest = story.ledger.history(entity, Page::NEWEST, 2).unwrap();
        let last: Vec<Position> = newest.moves.iter().map(|moved| moved.position).collect();
        assert_eq!(last, all[all.len().saturating_sub(2)..], "{entity:?}");
        assert_eq!((newest.total, newest.earlier, newest.later), (all.len(), all.len() > 2, false));
        let before = story.ledger.history(entity, Page::Before(last[0]), 1).unwrap();
        assert_eq!(
            before.moves.first().map(|moved| moved.position),
            all.iter().rev().nth(last.len()).copied()
        );
    }
}

#[test]
fn g13_a_history_says_who_and_reads_no_other_commits() {
    let log = MemoryLog::new();
    let ledger = crate::street::street(log);
    let done = |caller: Caller, id: &str, command| {
        ledger.execute_blocking(caller, crate::street::request(id), command).unwrap()
    };
    done(Caller::System, "a", crate::street::community("花园"));
    let member = engine::command::Command::AddMember {
        organization: engine::identity::OrganizationId::new(1),
        role: engine::member::Role::Coordinator,
        label: "办公室电脑".to_owned(),
        token: engine::member::TokenHash("a".repeat(64)),
        expires: None,
    };
    done(Caller::System, "b", member);
    let place = engine::identity::PlaceId::new(2);
    let rename = engine::command::Command::RenamePlace { place, name: "河畔".to_owned() };
    done(coordinator(1), "c", rename);
    let history = ledger.history(&Entity::Place(place), Page::NEWEST, 1).unwrap();
    let moved = &history.moves[0];
    assert_eq!((moved.actor, moved.request.as_str(), moved.position), (coordinator(1), "c", Position(4)));
    let change =
        Change { path: "/name".to_owned(), before: Some("花园".into()), after: Some("河畔".into()) };
    assert_eq!(moved.changes, [change]);
    let nobody = ledger.history(&Entity::Place(engine::identity::PlaceId::new(9)), Page::NEWEST, 1).unwrap();
    assert_eq!((nobody.moves.len(), nobody.total), (0, 0));
    let login = ledger.history(&Entity::Member(engine::identity::MemberId::new(1)), Page::NEWEST, 9).unwrap();
    assert!(
        !format!("{:?}", login.moves[0].changes).contains(&"a".repeat(64)),
        "a token's hash is nobody's business"
    );

    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
    assert_eq!(ledger.history(&Entity::Place(place), Page::NEWEST, 1), Err(ReadError::Closed));
}
