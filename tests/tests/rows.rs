//! Everybody sees what is published and what it has to do with, and nothing beside: over random streets, by the rule itself
//! and by every list of the real program, compared with a slow look from the side of who looks.
//!
//! A failure names its seed and the step.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::{
    command::Command,
    event::Event,
    identity::OrganizationId,
    member::{Caller, Role},
    organization::{OrganizationKind, UnitKind},
    permission::View,
    place::PlaceLevel,
    rules::{ReviewRule, Rules},
    state::{
        State,
        listed::{Register, Thing},
    },
};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use storage::{Ledger, RequestId, sled::SledLog};
use tempfile::TempDir;
use tests::{
    client::Client,
    drivers::tell,
    program::{Server, run},
    promises::rows::{self, Rows},
    street::{START, Street},
    wishes::{NAMES, Wish, Wishes},
};

/// So many streets live so many wishes each; the rule is looked at after each so many.
const SEEDS: u64 = 12;
const STEPS: usize = 600;
const EVERY: usize = 60;

/// A street with two communities and four units, on which needs are reviewed. A login of every role.
fn inhabited() -> Street {
    let mut street = Street::opened();
    street.run(reviewed());
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

fn reviewed() -> Command {
    let mut rules = Rules::STANDARD;
    rules.limits.review = ReviewRule::All;
    Command::SetRules(rules)
}

/// What a view sees of all that is told apart.
fn seen(state: &State, view: View) -> Rows {
    let found = rows::all(state)
        .into_iter()
        .filter(|(register, number)| view.sees_thing(state, Thing::find(state, *register, *number).unwrap()));
    found.collect()
}

fn differing(one: &Rows, other: &Rows) -> Vec<(Register, u64)> {
    one.symmetric_difference(other).copied().collect()
}

#[test]
fn the_rule_lets_through_what_one_has_to_do_with_and_nothing_else() {
    let (mut hidden, mut unpublished_ever) = (0, 0);
    for seed in 1..=SEEDS {
        let mut wishes = Wishes::new(seed);
        let mut street = inhabited();
        for step in 0..STEPS {
            let Wish { caller, command, hours } = wishes.next(&street.state);
            street.wait(hours);
            // Whoever sets the rules sets them so that there is something to review.
            let command = if matches!(command, Command::SetRules(_)) { reviewed() } else { command };
            // What is refused changes nothing.
            let _ = street.tell(caller, &command);
            if step % EVERY != EVERY - 1 {
                continue;
            }
            let state = &street.state;
            let log = || street.log.iter().flat_map(|(_, events)| events);
            let unpublished = rows::unpublished(log());
            unpublished_ever += unpublished.len();
            let place = || format!("seed {seed}, step {step}");
            assert_eq!(differing(&seen(state, View::Everything), &rows::all(state)), [], "{}", place());
            let public = rows::published(state, &unpublished);
            assert_eq!(differing(&seen(state, View::Notices), &public), [], "{}", place());
            for organization in state.organizations() {
                let own = rows::of_organization(state, &unpublished, organization.id);
                let view = View::Organization(organization.id);
                assert_eq!(differing(&seen(state, view), &own), [], "{} {}", place(), organization.id);
                hidden += rows::all(state).len() - own.len();
                whatever_waits_is_seen(state, organization.id, &own);
            }
        }
    }
    tell(&format!("{hidden} rows not shown, {unpublished_ever} needs not published"));
    assert!(hidden > 0 && unpublished_ever > 0);
}

/// Nobody is asked to do something with what it does not see.
fn whatever_waits_is_seen(state: &State, organization: OrganizationId, own: &Rows) {
    let view = View::Organization(organization);
    for waiting in state.waiting_for(Some(organization), START) {
        assert!(view.sees(state, &waiting.about), "{organization} {waiting:?} {own:?}");
    }
}

/// A list of the face: its field, its register, what its nodes are called.
const LISTS: [(&str, Register, &str); 9] = [
    ("needs", Register::Needs, "Need"),
    ("pairings", Register::Pairings, "Pairing"),
    ("bids", Register::Bids, "Bid"),
    ("agreements", Register::Agreements, "Agreement"),
    ("deliveries", Register::Deliveries, "Delivery"),
    ("meetings", Register::Meetings, "Meeting"),
    ("plans", Register::Plans, "Plan"),
    ("resources", Register::Resources, "Resource"),
    ("projects", Register::Projects, "Project"),
];

/// A street that has lived so many wishes, in a log; what it came to, and its events.
async fn lived(directory: &TempDir, seed: u64) -> (Arc<State>, Vec<Event>) {
    let clock = Arc::new(AtomicI64::new(START.millis()));
    let ticking = Arc::clone(&clock);
    let now = move || engine::moment::Moment::from_millis(ticking.load(Ordering::SeqCst));
    let ledger = Ledger::open(SledLog::open(directory.path()).unwrap(), now).unwrap();
    let (mut number, mut events) = (0, Vec::new());
    let mut execute = async |caller: Caller, command: Command| {
        number += 1;
        let request = RequestId::new(format!("wish-{number}")).unwrap();
        if let Ok(receipt) = ledger.execute(caller, request, command).await {
            events.extend(receipt.events().iter().cloned());
        }
    };
    execute(Caller::System, Command::OpenStreet { name: "清河桥街道".into() }).await;
    execute(Caller::System, reviewed()).await;
    let root = ledger.state().street().unwrap().place;
    for name in &NAMES[4..6] {
        let add = Command::AddPlace {
            name: (*name).into(),
            level: PlaceLevel::Community,
            parent: Some(root),
            reference: None,
        };
        execute(Caller::System, add).await;
        let place = ledger.state().place_named(Some(root), name);
        execute(Caller::System, organization(name, OrganizationKind::Community, place)).await;
    }
    for (name, kind) in
        [(NAMES[6], UnitKind::Enterprise), (NAMES[7], UnitKind::Hospital), ("清河银行", UnitKind::Bank)]
    {
        execute(Caller::System, organization(name, OrganizationKind::Unit(kind), None)).await;
    }
    let mut wishes = Wishes::new(seed);
    for _ in 0..STEPS {
        let Wish { caller, command, hours } = wishes.next(&ledger.state());
        clock.fetch_add(i64::from(hours) * 3_600_000, Ordering::SeqCst);
        let command = if matches!(command, Command::SetRules(_)) { reviewed() } else { command };
        execute(caller, command).await;
    }
    let state = ledger.state();
    ledger.close().await;
    (state, events)
}

fn organization(name: &str, kind: OrganizationKind, place: Option<engine::identity::PlaceId>) -> Command {
    Command::RegisterOrganization(engine::organization::OrganizationDraft {
        name: name.into(),
        kind,
        place,
        open_capacity: None,
        reference: None,
    })
}

/// Whoever looks: what to ask with, and what it is to see.
struct Viewer {
    name: String,
    client: Client,
    rows: Rows,
    is_public: bool,
}

#[tokio::test]
async fn every_list_shows_what_the_rule_lets_through_and_misses_nothing() {
    let directory = TempDir::new().unwrap();
    let seed = 7;
    tell(&format!("seed {seed}"));
    let (state, events) = lived(&directory, seed).await;
    let unpublished = rows::unpublished(events.iter());
    let position = state.position().0;
    let token = |role: &str, organization: OrganizationId| {
        let organization = organization.number().to_string();
        let task = ["member", "add", "--role", role, "--organization", &organization];
        run(&task, Some(directory.path()), []).trim().to_owned()
    };
    let office = state.street().unwrap().office;
    let mut tokens = vec![
        ("coordinator".to_owned(), token("coordinator", office), rows::all(&state)),
        ("observer".to_owned(), token("observer", office), rows::all(&state)),
    ];
    for organization in state.organizations().take(7) {
        let own = rows::of_organization(&state, &unpublished, organization.id);
        let role = match organization.draft.kind {
            OrganizationKind::Unit(_) => "unit-liaison",
            _ => "community-officer",
        };
        tokens.push((organization.draft.name.clone(), token(role, organization.id), own));
    }
    let server = Server::start(directory.path(), &[]);
    let mut viewers: Vec<Viewer> = tokens
        .into_iter()
        .map(|(name, token, rows)| Viewer {
            name,
            client: Client::member(&server.address, &token),
            rows,
            is_public: false,
        })
        .collect();
    let public = rows::published(&state, &unpublished);
    viewers.push(Viewer {
        name: "the public".to_owned(),
        client: Client::public(&server.address),
        rows: public,
        is_public: true,
    });
    let mut shown = 0;
    for viewer in &viewers {
        for (field, register, noun) in LISTS {
            // The public has no past; what has come since is only the logins above.
            let now = viewer.is_public;
            if now && !matches!(register, Register::Needs | Register::Resources | Register::Projects) {
                continue;
            }
            let found = pages(&viewer.client, field, (!now).then_some(position)).await;
            let every = || state.numbers(register, None, None);
            let expected: Vec<u64> = match register {
                Register::Resources | Register::Projects => every().collect(),
                _ => every().filter(|it| viewer.rows.contains(&(register, *it))).collect(),
            };
            shown += found.len();
            assert_eq!(found, expected, "{field} for {}", viewer.name);
            for number in every().filter(|it| !expected.contains(it)) {
                let id = URL_SAFE_NO_PAD.encode(format!("{noun}:{number}"));
                let query = format!("{{ node(id: \"{id}\") {{ id }} }}");
                let answer = viewer.client.data(&query, json!({})).await;
                assert_eq!(answer["node"], Value::Null, "{noun} {number} for {}", viewer.name);
            }
        }
    }
    tell(&format!("{shown} rows shown to {} viewers", viewers.len()));
    let pairings = state.pairings().count();
    assert!(pairings > 20 && state.bids().count() > 3 && !unpublished.is_empty(), "{pairings}");
    server.stop();
}

/// All of a list, page by page, as numbers; it counts as many.
async fn pages(client: &Client, field: &str, position: Option<u64>) -> Vec<u64> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = format!(
            "{field}(first: 40, after: $after) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }}"
        );
        let query = match position {
            Some(position) => {
                format!("query($after: String) {{ asOf(position: \"{position}\") {{ {page} }} }}")
            }
            None => format!("query($after: String) {{ {page} }}"),
        };
        let data = client.data(&query, json!({ "after": after })).await;
        let page = if position.is_some() { &data["asOf"][field] } else { &data[field] };
        for node in page["nodes"].as_array().unwrap() {
            let id = URL_SAFE_NO_PAD.decode(node["id"].as_str().unwrap()).unwrap();
            let text = String::from_utf8(id).unwrap();
            found.push(text.split_once(':').unwrap().1.parse().unwrap());
        }
        if page["pageInfo"]["hasNextPage"] != true {
            assert_eq!(page["totalCount"], found.len(), "{field}");
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
