//! Which rows somebody sees, put together from the side of who looks: from what it has posted to what hangs on that. What is
//! published is read off the log.

use engine::{
    agreement::Subject,
    event::Event,
    identity::OrganizationId,
    pairing::{Supplier, Target},
    state::{
        State,
        listed::{Register, call_number},
    },
};
use std::collections::BTreeSet;

/// Rows by their register and number.
pub type Rows = BTreeSet<(Register, u64)>;

/// Whose rows of these are told apart; all others are everybody's or are asked for in another way.
pub const NARROWED: [Register; 8] = [
    Register::Needs,
    Register::Calls,
    Register::Pairings,
    Register::Bids,
    Register::Agreements,
    Register::Deliveries,
    Register::Meetings,
    Register::Plans,
];

/// Every row there is.
pub fn all(state: &State) -> Rows {
    let of = |register| state.numbers(register, None, None).map(move |number| (register, number));
    NARROWED.into_iter().flat_map(of).collect()
}

/// The needs that are not published at the end of a log.
pub fn unpublished<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeSet<u64> {
    let (mut waiting, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for event in events {
        match event {
            Event::ReviewAsked { need } => {
                waiting.insert(need.number());
            }
            Event::NeedVerified { need } => {
                waiting.remove(&need.number());
            }
            Event::NeedRejected { need, .. } => {
                refused.insert(need.number());
            }
            _ => {}
        }
    }
    waiting.union(&refused).copied().collect()
}

/// What the public reads.
pub fn published(state: &State, unpublished: &BTreeSet<u64>) -> Rows {
    let needs = state.needs().map(|it| it.id.number()).filter(|it| !unpublished.contains(it));
    let mut rows: Rows = needs.map(|number| (Register::Needs, number)).collect();
    call(state, &mut rows);
    rows
}

/// What is called for needs that are seen, and for slots.
fn call(state: &State, rows: &mut Rows) {
    for it in state.calls() {
        let is_seen = match it.target {
            Target::Need(need) => rows.contains(&(Register::Needs, need.number())),
            Target::Slot(..) => true,
        };
        if is_seen {
            rows.insert((Register::Calls, call_number(it.target)));
        }
    }
}

/// What is published, and what an organization has to do with.
pub fn of_organization(state: &State, unpublished: &BTreeSet<u64>, whose: OrganizationId) -> Rows {
    let mut rows = published(state, unpublished);
    let mut put = |register, number| {
        rows.insert((register, number));
    };
    // Papers of the street.
    for it in state.meetings() {
        put(Register::Meetings, it.id.number());
    }
    for it in state.plans() {
        put(Register::Plans, it.id.number());
    }
    let asks: BTreeSet<Target> = state
        .needs()
        .filter(|it| it.draft.entry.organization == whose)
        .map(|it| Target::Need(it.id))
        .chain(state.projects().filter(|it| it.draft.entry.organization == whose).flat_map(|it| {
            // Slots that are not any more keep what was on them.
            (0..100).map(|index| Target::Slot(it.id, index))
        }))
        .collect();
    let gives: BTreeSet<Supplier> = state
        .resources()
        .filter(|it| it.draft.entry.organization == whose)
        .map(|it| Supplier::Resource(it.id))
        .chain([Supplier::Unit(whose)])
        .collect();
    for target in &asks {
        if let Target::Need(need) = target {
            put(Register::Needs, need.number());
        }
    }
    // A community reviews what lies in its place, unless a place further in has a community of its own.
    let office = state.street().map(|street| street.office);
    for need in state.needs() {
        let poster = state.organization(need.draft.entry.organization).and_then(|it| it.draft.place);
        let place = need.draft.entry.place.or(poster);
        let reviewer = place.and_then(|place| {
            let around = state.around(place);
            let seats = around.map(|it| state.organizations().find(|here| is_community_of(here, it.id)));
            seats.flatten().map(|it| it.id).next()
        });
        if reviewer.or(office) == Some(whose) {
            put(Register::Needs, need.id.number());
        }
    }
    let mut pairings = BTreeSet::new();
    for it in state.pairings() {
        if asks.contains(&it.terms.target) || gives.contains(&it.terms.supplier) {
            pairings.insert(it.id);
            put(Register::Pairings, it.id.number());
            if let Target::Need(need) = it.terms.target {
                put(Register::Needs, need.number());
            }
        }
    }
    // Who claims together knows who claims with whom.
    let joint: BTreeSet<_> =
        state.pairings().filter(|it| gives.contains(&it.terms.supplier)).filter_map(|it| it.joint).collect();
    for it in state.pairings().filter(|it| it.joint.is_some_and(|leader| joint.contains(&leader))) {
        put(Register::Pairings, it.id.number());
    }
    for it in state.bids() {
        if asks.contains(&it.draft.target) || gives.contains(&it.draft.supplier) {
            put(Register::Bids, it.id.number());
            if let Target::Need(need) = it.draft.target {
                put(Register::Needs, need.number());
            }
        }
    }
    for it in state.deliveries().filter(|it| pairings.contains(&it.pairing)) {
        put(Register::Deliveries, it.id.number());
    }
    for it in state.agreements() {
        let is_party = it.versions.iter().any(|version| version.terms.parties.contains(&whose));
        let is_side = match it.subject {
            Subject::Pairing(pairing) => pairings.contains(&pairing),
            Subject::Project(project) => asks.contains(&Target::Slot(project, 0)),
        };
        if is_party || is_side {
            put(Register::Agreements, it.id.number());
        }
    }
    call(state, &mut rows);
    rows
}

/// Whether an organization is the community of a place: there may be two, and then the first one is.
fn is_community_of(here: &engine::organization::Organization, place: engine::identity::PlaceId) -> bool {
    here.draft.kind == engine::organization::OrganizationKind::Community && here.draft.place == Some(place)
}
