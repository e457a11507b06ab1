//! `evolve`: fold one event into the state. It looks nothing up outside and cannot fail.
//!
//! Events come from `decide` or from a log whose hashes hold, so what they name exists. An event that
//! names nothing changes nothing; it never panics.

mod deliveries;
mod entries;
mod lists;
mod meetings;
mod pairings;
mod projects;
mod records;

use crate::{
    event::Event,
    figures,
    history::{self, Entity},
    identity::{OrganizationId, Position},
    member::{Member, Token},
    moment::Moment,
    organization::{Organization, OrganizationDraft, OrganizationKind},
    pairing::Tally,
    plan::Plan,
    state::{State, Street, contacts, due, listed, vicinity, waiting},
    tallies,
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
    let touched = history::touched(state, event);
    let beside = waiting::beside(state, event);
    for (kind, at, due) in touched.iter().flat_map(|entity| due::of(state, entity)).collect::<Vec<_>>() {
        state.due.remove(&(kind, at, due));
    }
    let needs = touched.iter().filter_map(|entity| match entity {
        Entity::Need(need) => Some(*need),
        _ => None,
    });
    let needs = needs.chain(vicinity::moved_by(state, event));
    let before: Vec<_> = needs.map(|need| (need, vicinity::of(state, need))).collect();
    let listed: Vec<_> = touched.iter().cloned().chain(listed::moved(state, event)).collect();
    let listed: Vec<_> = listed.into_iter().map(|it| (listed::of(state, &it), it)).collect();
    let moved = || touched.iter().chain(&beside);
    for line in moved().flat_map(|entity| waiting::of(state, entity)).collect::<Vec<_>>() {
        state.waiting.remove(&line);
    }
    let moving = tallies::moving(state, event, &touched);
    fold(state, recorded, event);
    for (need, before) in before {
        let after = vicinity::of(state, need);
        if before != after {
            before.into_iter().for_each(|place| state.vicinity.take(place));
            after.into_iter().for_each(|place| state.vicinity.put(place));
        }
    }
    for (before, entity) in listed {
        listed::note(state, &entity, &before);
    }
    for (kind, at, due) in touched.iter().flat_map(|entity| due::of(state, entity)).collect::<Vec<_>>() {
        state.due.insert((kind, at, due));
    }
    contacts::note(state, recorded.time, &touched);
    for line in moved().flat_map(|entity| waiting::of(state, entity)).collect::<Vec<_>>() {
        state.waiting.insert(line);
    }
    figures::note(state, recorded, event, &touched);
    tallies::note(state, recorded, moving);
    state.touches.extend(touched.into_iter().map(|entity| (entity, recorded.position)));
}

fn fold(state: &mut State, recorded: Recorded, event: &Event) {
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
            seat(state, *organization, draft);
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
            unseat(state, *organization);
            seat(state, *organization, draft);
            state.organization_names.insert(Arc::from(draft.name.as_str()), *organization);
            change(&mut state.organizations, organization, |it| it.draft = draft.clone());
        }
        Event::RosterLinked { link } => {
            state.roster.insert(*link);
            listed::link(state, link);
        }
        Event::RosterUnlinked { link } => {
            listed::unlink(state, link);
            state.roster.remove(link);
        }
        Event::MemberAdded { member, organization, role, label, token, expires } => {
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
                        expires: *expires,
                        revoked: None,
                    }],
                    sign_on: None,
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
        Event::SignOnBound { member, sign_on } => {
            let before = state.member(*member).and_then(|member| member.sign_on.clone());
            if let Some(before) = before {
                state.sign_ons.remove(&before);
            }
            state.sign_ons.insert(sign_on.clone(), *member);
            change(&mut state.members, member, |member| member.sign_on = Some(sign_on.clone()));
        }
        Event::SignOnUnbound { member } => {
            let before = state.member(*member).and_then(|member| member.sign_on.clone());
            if let Some(before) = before {
                state.sign_ons.remove(&before);
            }
            change(&mut state.members, member, |member| member.sign_on = None);
        }
        Event::NeedPosted { .. }
        | Event::NeedAmended { .. }
        | Event::NeedWithdrawn { .. }
        | Event::ResourcePosted { .. }
        | Event::ResourceAmended { .. }
        | Event::ResourceWithdrawn { .. }
        | Event::ProjectPosted { .. }
        | Event::ProjectAmended { .. }
        | Event::ProjectWithdrawn { .. } => lists::evolve(state, recorded, event),
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
        Event::PairingProposed { .. }
        | Event::PairingRequested { .. }
        | Event::PairingClaimed { .. }
        | Event::PairingAgreed { .. }
        | Event::PairingDeclined { .. }
        | Event::PairingLapsed { .. }
        | Event::PairingWithdrawn { .. }
        | Event::PairingSuperseded { .. }
        | Event::PairingChanged { .. }
        | Event::PairingsJoined { .. }
        | Event::PairingAccepted { .. } => pairings::evolve(state, recorded, event),
        Event::ReviewAsked { .. }
        | Event::NeedVerified { .. }
        | Event::NeedRejected { .. }
        | Event::NeedMerged { .. }
        | Event::NeedCarriedOver { .. }
        | Event::NeedExpired { .. }
        | Event::NeedStruckOff { .. }
        | Event::NeedAppraised { .. }
        | Event::NeedWentStale { .. }
        | Event::NeedReconfirmed { .. }
        | Event::ReplyFellOverdue { .. }
        | Event::ResourcePaused { .. }
        | Event::ResourceResumed { .. }
        | Event::ResourceExpired { .. }
        | Event::ResourceWentStale { .. }
        | Event::ResourceReconfirmed { .. } => entries::evolve(state, recorded, event),
        Event::CallOpened { .. }
        | Event::CallClosed { .. }
        | Event::BidPlaced { .. }
        | Event::BidWithdrawn { .. }
        | Event::BidDeclined { .. }
        | Event::BidChosen { .. }
        | Event::MeetingCalled { .. }
        | Event::MeetingAmended { .. }
        | Event::MeetingDecided { .. }
        | Event::MeetingClosed { .. }
        | Event::MeetingCancelled { .. } => meetings::evolve(state, recorded, event),
        Event::AgreementDrafted { .. }
        | Event::AgreementAmended { .. }
        | Event::AgreementSigned { .. }
        | Event::AgreementWithdrawn { .. }
        | Event::MilestoneReached { .. }
        | Event::MilestoneFellOverdue { .. }
        | Event::ProjectStarted { .. }
        | Event::ProjectSuspended { .. }
        | Event::ProjectResumed { .. }
        | Event::ProjectAccepted { .. }
        | Event::ProjectAppraised { .. }
        | Event::ProjectClosed { .. }
        | Event::ProjectFailed { .. } => projects::evolve(state, recorded, event),
        Event::DeliveryRecorded { .. }
        | Event::DeliveryConfirmed { .. }
        | Event::DeliveryDisputed { .. }
        | Event::DeliveryCorrected { .. }
        | Event::DeliveryWithdrawn { .. }
        | Event::ConfirmationFellOverdue { .. }
        | Event::ContributionCredited { .. }
        | Event::ContributionRedeemed { .. } => deliveries::evolve(state, recorded, event),
        Event::ContactGiven { contact, of, purpose } => {
            state.contacts.give(*contact, *of, *purpose, recorded.time);
        }
        Event::ContactErased { contact, reason } => {
            state.contacts.erase(*contact, recorded.time, *reason);
        }
    }
}

/// A community answers for the place it sits at; of several, the one that was registered first.
fn seat(state: &mut State, organization: OrganizationId, draft: &OrganizationDraft) {
    if let (OrganizationKind::Community, Some(place)) = (draft.kind, draft.place) {
        let first = state.communities.get(&place).map_or(organization, |other| organization.min(*other));
        state.communities.insert(place, first);
    }
}

/// Who leaves its seat leaves it to the next one that sits there.
fn unseat(state: &mut State, organization: OrganizationId) {
    let place = state.organizations.get(&organization).and_then(|it| it.draft.place);
    if let Some(place) = place
        && state.communities.get(&place) == Some(&organization)
    {
        state.communities.remove(&place);
        let sits = |it: &Arc<Organization>| {
            it.id != organization
                && it.draft.kind == OrganizationKind::Community
                && it.draft.place == Some(place)
        };
        if let Some(next) = state.organizations.values().find(|it| sits(it)) {
            state.communities.insert(place, next.id);
        }
    }
}

/// Changes one value of a map of shared values; readers of older snapshots keep theirs.
fn change<K: Ord + Clone, V: Clone>(map: &mut OrdMap<K, Arc<V>>, key: &K, apply: impl FnOnce(&mut V)) {
    if let Some(value) = map.get_mut(key) {
        apply(Arc::make_mut(value));
    }
}
