//! `evolve`: fold one event into the state. It looks nothing up outside and cannot fail.
//!
//! Events come from `decide` or from a log whose hashes hold, so what they name exists. An event that
//! names nothing changes nothing; it never panics.

use crate::{
    entry::List,
    event::Event,
    history,
    identity::{OrganizationId, PairingId, Position},
    member::{Member, Token},
    moment::Moment,
    need::Need,
    organization::Organization,
    pairing::{Origin, Pairing, PairingStatus, PairingTerms, Side, Supplier, Tally, Target},
    plan::Plan,
    project::Project,
    resource::Resource,
    state::{State, Street},
};
use imbl::OrdMap;
use std::sync::Arc;

/// Where and when the commit of an event stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its position.
    pub position: Position,
    /// Its time.
    pub time: Moment,
}

/// Folds the events of one commit into the state.
pub fn evolve_commit<'a>(state: &mut State, recorded: Recorded, events: impl IntoIterator<Item = &'a Event>) {
    for event in events {
        evolve(state, recorded, event);
    }
    state.position = recorded.position;
    state.time = Some(recorded.time);
}

/// Folds one event into the state. The position moves with the commit, not with the event.
pub fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    history::note(state, recorded.position, event);
    match event {
        Event::StreetOpened { name, place, office } => {
            state.street = Some(Arc::new(Street { name: name.clone(), place: *place, office: *office }));
        }
        Event::RulesSet { rules } => state.rules = Arc::new(rules.clone()),
        Event::CategoryDefined { category } => {
            state.categories.insert(category.code.clone(), Arc::new(category.clone()));
        }
        Event::CategoryRetired { code } => {
            state.categories.remove(code);
        }
        Event::PlaceAdded { place } => {
            state.last.place = state.last.place.max(place.id.number());
            state.place_names.insert((place.parent, Arc::from(place.name.as_str())), place.id);
            if let Some(reference) = &place.reference {
                state.place_references.insert(Arc::from(reference.as_str()), place.id);
            }
            state.places.insert(place.id, Arc::new(place.clone()));
        }
        Event::PlaceRenamed { place, name } => {
            let Some(old) = state.places.get(place).map(Arc::clone) else {
                return;
            };
            state.place_names.remove(&(old.parent, Arc::from(old.name.as_str())));
            state.place_names.insert((old.parent, Arc::from(name.as_str())), *place);
            change(&mut state.places, place, |place| place.name.clone_from(name));
        }
        Event::OrganizationRegistered { organization, draft } => {
            state.last.organization = state.last.organization.max(organization.number());
            state.organization_names.insert(Arc::from(draft.name.as_str()), *organization);
            state.organizations.insert(
                *organization,
                Arc::new(Organization {
                    id: *organization,
                    draft: draft.clone(),
                    engagements: Tally::default(),
                }),
            );
        }
        Event::OrganizationAmended { organization, draft } => {
            if let Some(old) = state.organizations.get(organization) {
                state.organization_names.remove(old.draft.name.as_str());
            }
            state.organization_names.insert(Arc::from(draft.name.as_str()), *organization);
            change(&mut state.organizations, organization, |it| it.draft = draft.clone());
        }
        Event::RosterLinked { link } => {
            state.roster.insert(*link);
        }
        Event::RosterUnlinked { link } => {
            state.roster.remove(link);
        }
        Event::MemberAdded { member, organization, role, label, token } => {
            state.last.member = state.last.member.max(member.number());
            state.tokens.insert(token.clone(), *member);
            state.members.insert(
                *member,
                Arc::new(Member {
                    id: *member,
                    organization: *organization,
                    role: *role,
                    label: label.clone(),
                    token: token.clone(),
                    revoked: None,
                    tokens: vec![Token {
                        label: label.clone(),
                        hash: token.clone(),
                        issued: recorded.time,
                        expires: None,
                        revoked: None,
                    }],
                }),
            );
        }
        Event::MemberRevoked { member } => {
            change(&mut state.members, member, |member| member.revoked = Some(recorded.time));
        }
        Event::TokenIssued { member, label, token, expires } => {
            state.tokens.insert(token.clone(), *member);
            let (label, hash) = (label.clone(), token.clone());
            let issued = Token { label, hash, issued: recorded.time, expires: *expires, revoked: None };
            change(&mut state.members, member, |member| member.tokens.push(issued));
        }
        Event::TokenRevoked { member, token } => change(&mut state.members, member, |member| {
            for ended in member.tokens.iter_mut().filter(|it| it.hash == *token) {
                ended.revoked = Some(recorded.time);
            }
        }),
        Event::NeedPosted { .. }
        | Event::NeedAmended { .. }
        | Event::NeedWithdrawn { .. }
        | Event::ResourcePosted { .. }
        | Event::ResourceAmended { .. }
        | Event::ResourceWithdrawn { .. }
        | Event::ProjectPosted { .. }
        | Event::ProjectAmended { .. }
        | Event::ProjectWithdrawn { .. } => evolve_lists(state, recorded, event),
        Event::PlanAdopted { plan, matched, summary } => {
            state.last.plan = state.last.plan.max(plan.number());
            state.plans.insert(
                *plan,
                Arc::new(Plan {
                    id: *plan,
                    matched: *matched,
                    adopted: recorded.time,
                    summary: summary.clone(),
                }),
            );
        }
        Event::PairingProposed { pairing, plan, terms } => {
            add_pairing(state, recorded, *pairing, Origin::Plan(*plan), terms);
        }
        Event::PairingRequested { pairing, by, terms } => {
            add_pairing(state, recorded, *pairing, Origin::Requested(*by), terms);
        }
        Event::PairingClaimed { pairing, side, until } => {
            move_pairing(state, *pairing, PairingStatus::Claimed { by: *side, until: *until });
        }
        Event::PairingAgreed { pairing, side: Side::Asking | Side::Giving } => {
            move_pairing(state, *pairing, PairingStatus::Agreed { at: recorded.time });
        }
        Event::PairingDeclined { pairing, side, reason } => {
            if let Some(declined) = state.pairings.get(pairing) {
                state.declined.insert((declined.terms.target, declined.terms.supplier));
            }
            move_pairing(state, *pairing, PairingStatus::Declined { by: *side, reason: reason.clone() });
        }
        Event::PairingLapsed { pairing } => {
            move_pairing(state, *pairing, PairingStatus::Lapsed { at: recorded.time });
        }
        Event::PairingWithdrawn { pairing, reason } => {
            move_pairing(state, *pairing, PairingStatus::Withdrawn { reason: reason.clone() });
        }
        Event::PairingSuperseded { pairing } => move_pairing(state, *pairing, PairingStatus::Superseded),
    }
}

fn evolve_lists(state: &mut State, recorded: Recorded, event: &Event) {
    match event {
        Event::NeedPosted { need, draft } => {
            state.last.need = state.last.need.max(need.number());
            refer(state, List::Needs, draft.entry.reference.as_deref(), need.number());
            let posted = Need {
                id: *need,
                draft: draft.clone(),
                posted: recorded.time,
                revision: 1,
                withdrawn: None,
                tally: Tally::default(),
            };
            state.needs.insert(*need, Arc::new(posted));
        }
        Event::NeedAmended { need, draft } => {
            let old = state.needs.get(need).and_then(|need| need.draft.entry.reference.clone());
            unrefer(state, List::Needs, old.as_deref());
            refer(state, List::Needs, draft.entry.reference.as_deref(), need.number());
            change(&mut state.needs, need, |need| {
                need.draft = draft.clone();
                need.revision += 1;
            });
        }
        Event::NeedWithdrawn { need, reason } => {
            change(&mut state.needs, need, |need| need.withdrawn = Some(reason.clone()));
        }
        Event::ResourcePosted { resource, draft } => {
            state.last.resource = state.last.resource.max(resource.number());
            refer(state, List::Resources, draft.entry.reference.as_deref(), resource.number());
            let posted = Resource {
                id: *resource,
                draft: draft.clone(),
                posted: recorded.time,
                revision: 1,
                withdrawn: None,
                tally: Tally::default(),
            };
            state.resources.insert(*resource, Arc::new(posted));
        }
        Event::ResourceAmended { resource, draft } => {
            let old =
                state.resources.get(resource).and_then(|resource| resource.draft.entry.reference.clone());
            unrefer(state, List::Resources, old.as_deref());
            refer(state, List::Resources, draft.entry.reference.as_deref(), resource.number());
            change(&mut state.resources, resource, |resource| {
                resource.draft = draft.clone();
                resource.revision += 1;
            });
        }
        Event::ResourceWithdrawn { resource, reason } => {
            change(&mut state.resources, resource, |resource| resource.withdrawn = Some(reason.clone()));
        }
        Event::ProjectPosted { project, draft } => {
            state.last.project = state.last.project.max(project.number());
            refer(state, List::Projects, draft.entry.reference.as_deref(), project.number());
            let posted = Project {
                id: *project,
                draft: draft.clone(),
                posted: recorded.time,
                revision: 1,
                withdrawn: None,
                tallies: vec![Tally::default(); draft.slots.len()],
            };
            state.carriers.extend(draft.needs.iter().map(|need| (*need, *project)));
            state.projects.insert(*project, Arc::new(posted));
        }
        Event::ProjectAmended { project, draft } => {
            let (old, no_more) = state.projects.get(project).map_or((None, Vec::new()), |project| {
                (project.draft.entry.reference.clone(), project.draft.needs.clone())
            });
            for need in no_more {
                state.carriers.remove(&(need, *project));
            }
            state.carriers.extend(draft.needs.iter().map(|need| (*need, *project)));
            unrefer(state, List::Projects, old.as_deref());
            refer(state, List::Projects, draft.entry.reference.as_deref(), project.number());
            change(&mut state.projects, project, |project| {
                project.draft = draft.clone();
                project.tallies.resize(draft.slots.len(), Tally::default());
                project.revision += 1;
            });
        }
        Event::ProjectWithdrawn { project, reason } => {
            change(&mut state.projects, project, |project| project.withdrawn = Some(reason.clone()));
        }
        _ => {}
    }
}

/// Changes one value of a map of shared values; readers of older snapshots keep theirs.
fn change<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, Arc<V>>, key: &K, apply: impl FnOnce(&mut V)) {
    if let Some(value) = map.get_mut(key) {
        apply(Arc::make_mut(value));
    }
}

fn refer(state: &mut State, list: List, reference: Option<&str>, number: u64) {
    if let Some(reference) = reference {
        state.references.insert((list, Arc::from(reference)), number);
    }
}

fn unrefer(state: &mut State, list: List, reference: Option<&str>) {
    if let Some(reference) = reference {
        state.references.remove(&(list, Arc::from(reference)));
    }
}

fn add_pairing(state: &mut State, recorded: Recorded, id: PairingId, origin: Origin, terms: &PairingTerms) {
    state.last.pairing = state.last.pairing.max(id.number());
    state.pairings_of_target.insert((terms.target, id));
    state.pairings_of_supplier.insert((terms.supplier, id));
    let status = PairingStatus::Proposed;
    tally(state, terms, &status, Change::Enter);
    state.proposed.insert(id);
    let pairing = Pairing { id, terms: terms.clone(), origin, status, since: recorded.time };
    state.pairings.insert(id, Arc::new(pairing));
}

fn move_pairing(state: &mut State, id: PairingId, status: PairingStatus) {
    let Some(pairing) = state.pairings.get(&id).map(Arc::clone) else {
        return;
    };
    tally(state, &pairing.terms, &pairing.status, Change::Leave);
    tally(state, &pairing.terms, &status, Change::Enter);
    state.proposed.remove(&id);
    if let PairingStatus::Claimed { until, .. } = pairing.status {
        state.claims_due.remove(&(until, id));
    }
    if let PairingStatus::Claimed { until, .. } = status {
        state.claims_due.insert((until, id));
    }
    change(&mut state.pairings, &id, |pairing| pairing.status = status);
}

#[derive(Clone, Copy)]
enum Change {
    Enter,
    Leave,
}

/// Moves a pairing's quantities into or out of the tallies of both its sides.
fn tally(state: &mut State, terms: &PairingTerms, status: &PairingStatus, moved: Change) {
    let shift = |tally: &mut Tally, amount: u64| {
        let counter = match status {
            PairingStatus::Proposed => &mut tally.proposed,
            PairingStatus::Claimed { .. } => &mut tally.claimed,
            PairingStatus::Agreed { .. } => &mut tally.agreed,
            PairingStatus::Declined { .. }
            | PairingStatus::Lapsed { .. }
            | PairingStatus::Withdrawn { .. }
            | PairingStatus::Superseded => return,
        };
        *counter = match moved {
            Change::Enter => counter.saturating_add(amount),
            Change::Leave => counter.saturating_sub(amount),
        };
    };
    match terms.target {
        Target::Need(need) => change(&mut state.needs, &need, |need| shift(&mut need.tally, terms.quantity)),
        Target::Slot(project, index) => change(&mut state.projects, &project, |project| {
            if let Some(tally) = project.tallies.get_mut(usize::from(index)) {
                shift(tally, terms.quantity);
            }
        }),
    }
    match terms.supplier {
        Supplier::Resource(resource) => {
            change(&mut state.resources, &resource, |resource| shift(&mut resource.tally, terms.draws));
        }
        Supplier::Unit(unit) => engage(state, unit, |tally| shift(tally, terms.draws)),
    }
}

fn engage(state: &mut State, unit: OrganizationId, apply: impl FnOnce(&mut Tally)) {
    change(&mut state.organizations, &unit, |unit| apply(&mut unit.engagements));
}
