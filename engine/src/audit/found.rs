//! What is found by name, reference, token and number, what falls due, what lies near, and what is quiet: searched for
//! through everything there is.

use super::Findings;
use crate::{
    agreement::Subject,
    contact,
    delivery::DeliveryStatus,
    entry::{EntryDraft, List},
    history::Entity,
    identity::{NeedId, OrganizationId, PlaceId},
    moment::Moment,
    organization::OrganizationKind,
    pairing::PairingStatus,
    place::PlaceLevel,
    state::{
        State,
        due::{Due, Kind},
    },
};
use chrono::{NaiveDate, NaiveTime};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(super) fn look(state: &State, findings: &mut Findings) {
    at_names(state, findings);
    at_references(state, findings);
    at_logins(state, findings);
    at_sets(state, findings);
    at_numbers(state, findings);
    at_what_falls_due(state, findings);
    at_what_lies_near(state, findings);
    at_contacts(state, findings);
    at_touches(state, findings);
}

fn at_names(state: &State, findings: &mut Findings) {
    let (mut names, mut references) = (BTreeMap::new(), BTreeMap::new());
    for place in state.places() {
        names.insert((place.parent, Arc::<str>::from(&*place.name)), place.id);
        if let Some(reference) = &place.reference {
            references.insert(Arc::<str>::from(&**reference), place.id);
        }
    }
    let kept = state.place_names.iter().map(|(name, id)| (name.clone(), *id));
    findings.compare("places by name", kept, names, |_| Entity::Street);
    let kept = state.place_references.iter().map(|(reference, id)| (Arc::clone(reference), *id));
    findings.compare("places by reference", kept, references, |_| Entity::Street);

    let (mut names, mut seats) = (BTreeMap::new(), BTreeMap::<PlaceId, OrganizationId>::new());
    for it in state.organizations() {
        names.insert(Arc::<str>::from(&*it.draft.name), it.id);
        if let (OrganizationKind::Community, Some(place)) = (it.draft.kind, it.draft.place) {
            let first = seats.entry(place).or_insert(it.id);
            *first = it.id.min(*first);
        }
    }
    let kept = state.organization_names.iter().map(|(name, id)| (Arc::clone(name), *id));
    findings.compare("organizations by name", kept, names, |_| Entity::Street);
    let kept = state.communities.iter().map(|(place, id)| (*place, *id));
    let about = |place: &PlaceId| Entity::Place(*place);
    findings.compare("communities by place", kept, seats, about);
}

fn at_references(state: &State, findings: &mut Findings) {
    let mut found = BTreeMap::new();
    let mut put = |list, entry: &EntryDraft, number| {
        if let Some(reference) = &entry.reference {
            found.entry((list, Arc::<str>::from(&**reference))).or_insert(number);
        }
    };
    state.needs().for_each(|it| put(List::Needs, &it.draft.entry, it.id.number()));
    state.resources().for_each(|it| put(List::Resources, &it.draft.entry, it.id.number()));
    state.projects().for_each(|it| put(List::Projects, &it.draft.entry, it.id.number()));
    let kept = state.references.iter().map(|(reference, number)| (reference.clone(), *number));
    findings.compare("entries by reference", kept, found, |_| Entity::Street);
}

fn at_logins(state: &State, findings: &mut Findings) {
    let (mut tokens, mut sign_ons) = (BTreeMap::new(), BTreeMap::new());
    for member in state.members() {
        tokens.extend(member.tokens.iter().map(|token| (token.hash.clone(), member.id)));
        sign_ons.extend(member.sign_on.iter().map(|sign_on| (sign_on.clone(), member.id)));
    }
    let kept = state.tokens.iter().map(|(token, id)| (token.clone(), *id));
    findings.compare("members by token", kept, tokens, |_| Entity::Street);
    let kept = state.sign_ons.iter().map(|(sign_on, id)| (sign_on.clone(), *id));
    findings.compare("members by sign-on", kept, sign_ons, |_| Entity::Street);
}

/// Sets of pairs, the strays among them too.
fn at_sets(state: &State, findings: &mut Findings) {
    let found = state.pairings().map(|it| (it.terms.target, it.id));
    let kept = state.pairings_of_target.iter().copied();
    findings.compare_sets("pairings by target", kept, found, |(_, id)| Entity::Pairing(*id));
    let found = state.pairings().map(|it| (it.terms.supplier, it.id));
    let kept = state.pairings_of_supplier.iter().copied();
    findings.compare_sets("pairings by supplier", kept, found, |(_, id)| Entity::Pairing(*id));
    let found = state.bids().map(|it| (it.draft.target, it.id));
    let kept = state.bids_of_target.iter().copied();
    findings.compare_sets("bids by target", kept, found, |(_, id)| Entity::Bid(*id));
    let found = state.bids().map(|it| (it.draft.supplier, it.id));
    let kept = state.bids_of_supplier.iter().copied();
    findings.compare_sets("bids by supplier", kept, found, |(_, id)| Entity::Bid(*id));
    let found = state.projects().flat_map(|it| it.draft.needs.iter().map(|need| (*need, it.id)));
    let kept = state.carriers.iter().copied();
    findings.compare_sets("projects by need", kept, found, |(_, id)| Entity::Project(*id));
    let found = state.meetings().flat_map(|it| it.draft.agenda.iter().map(|item| (*item, it.id)));
    let kept = state.meetings_on.iter().copied();
    findings.compare_sets("meetings by item", kept, found, |(_, id)| Entity::Meeting(*id));
    let found = state.agreements().map(|it| (it.subject, it.id));
    let kept = state.agreements_of.iter().copied();
    findings.compare_sets("agreements by subject", kept, found, |(_, id)| Entity::Agreement(*id));
    let found = state.deliveries().map(|it| (it.pairing, it.id));
    let kept = state.deliveries_of.iter().copied();
    findings.compare_sets("deliveries by pairing", kept, found, |(_, id)| Entity::Delivery(*id));
}

/// Numbers are given once, so the last of each noun is known to be the highest.
fn at_numbers(state: &State, findings: &mut Findings) {
    let highest = |last: Option<u64>| last.unwrap_or(0);
    let last = &state.last;
    let both = [
        ("places", last.place, highest(state.places.keys().next_back().map(|id| id.number()))),
        (
            "organizations",
            last.organization,
            highest(state.organizations.keys().next_back().map(|id| id.number())),
        ),
        ("members", last.member, highest(state.members.keys().next_back().map(|id| id.number()))),
        ("needs", last.need, highest(state.needs.keys().next_back().map(|id| id.number()))),
        ("resources", last.resource, highest(state.resources.keys().next_back().map(|id| id.number()))),
        ("projects", last.project, highest(state.projects.keys().next_back().map(|id| id.number()))),
        ("pairings", last.pairing, highest(state.pairings.keys().next_back().map(|id| id.number()))),
        ("plans", last.plan, highest(state.plans.keys().next_back().map(|id| id.number()))),
        ("bids", last.bid, highest(state.bids.keys().next_back().map(|id| id.number()))),
        ("meetings", last.meeting, highest(state.meetings.keys().next_back().map(|id| id.number()))),
        ("agreements", last.agreement, highest(state.agreements.keys().next_back().map(|id| id.number()))),
        ("deliveries", last.delivery, highest(state.deliveries.keys().next_back().map(|id| id.number()))),
    ];
    let found = both.iter().map(|(noun, _, found)| (*noun, *found)).collect();
    let kept = both.iter().map(|(noun, kept, _)| (*noun, *kept));
    findings.compare("last numbers", kept, found, |_| Entity::Street);
}

/// Midnight after a day.
fn after(day: NaiveDate) -> Moment {
    let next = day.succ_opt().unwrap_or(day);
    Moment::from_millis(next.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

fn at_what_falls_due(state: &State, findings: &mut Findings) {
    let mut found = BTreeSet::new();
    for need in state.needs() {
        let due = Due::Need(need.id);
        let is_settled = need.draft.entry.settled.is_some();
        if need.end.is_some() || need.met.is_some() || is_settled {
            continue;
        }
        if need.replied.is_none() && need.reply_overdue.is_none() {
            found.insert((Kind::Reply, need.posted, due));
        }
        if need.stale.is_none() && need.is_open() {
            found.insert((Kind::Confirmed, need.confirmed, due));
        }
        let is_promised = need.tally.claimed > 0 || need.tally.agreed > 0;
        found.extend(
            need.draft.entry.window.to.filter(|_| !is_promised).map(|to| (Kind::WindowEnd, after(to), due)),
        );
    }
    for resource in state.resources() {
        let due = Due::Resource(resource.id);
        if resource.end.is_some() || resource.draft.entry.settled.is_some() {
            continue;
        }
        if resource.stale.is_none() {
            found.insert((Kind::Confirmed, resource.confirmed, due));
        }
        let is_promised = resource.tally.claimed > 0 || resource.tally.agreed > resource.tally.accepted;
        let to = resource.draft.entry.window.to.filter(|_| !is_promised);
        found.extend(to.map(|to| (Kind::WindowEnd, after(to), due)));
    }
    for call in state.calls().filter(|call| call.closed.is_none()) {
        found.insert((Kind::Call, call.until, Due::Call(call.target)));
    }
    for delivery in state.deliveries() {
        if delivery.status == DeliveryStatus::Recorded && delivery.overdue.is_none() {
            found.insert((Kind::Confirmation, delivery.recorded, Due::Delivery(delivery.id)));
        }
    }
    for agreement in state.agreements() {
        let goes_on = match agreement.subject {
            Subject::Project(id) => state.project(id).is_some_and(|it| it.is_open()),
            Subject::Pairing(id) => {
                state.pairing(id).is_some_and(|it| matches!(it.status, PairingStatus::Agreed { .. }))
            }
        };
        let in_force = agreement.in_force().filter(|_| goes_on);
        for milestone in in_force.iter().flat_map(|version| &version.terms.milestones) {
            let reached = agreement.milestones.get(&milestone.number);
            if reached.is_none_or(|it| it.at.is_none() && it.overdue.is_none()) {
                let due = Due::Milestone(agreement.id, milestone.number);
                found.insert((Kind::Milestone, after(milestone.due), due));
            }
        }
    }
    let about = |(_, _, due): &(Kind, Moment, Due)| match due {
        Due::Need(id) => Entity::Need(*id),
        Due::Resource(id) => Entity::Resource(*id),
        Due::Milestone(id, _) => Entity::Agreement(*id),
        Due::Delivery(id) => Entity::Delivery(*id),
        Due::Call(target) => (*target).into(),
    };
    findings.compare_sets("limits that run", state.due.iter().copied(), found, about);
}

fn at_what_lies_near(state: &State, findings: &mut Findings) {
    let mut found = BTreeSet::new();
    for need in state.needs().filter(|need| need.end.is_none() && need.met.is_none()) {
        let poster = state.organization(need.draft.entry.organization);
        let place = need.draft.entry.place.or_else(|| poster.and_then(|it| it.draft.place));
        let mut around = place.and_then(|id| state.place(id));
        while let Some(it) = around.filter(|it| it.level != PlaceLevel::Community) {
            around = it.parent.and_then(|parent| state.place(parent));
        }
        found.insert((around.map(|it| it.id).or(place), need.id));
    }
    let about = |(_, need): &(Option<PlaceId>, NeedId)| Entity::Need(*need);
    findings.compare_sets("needs by community", state.vicinity.lines(), found, about);
}

fn at_contacts(state: &State, findings: &mut Findings) {
    let found = state.contacts().map(|it| (it.of, it.id));
    let kept = state.contacts.by_subject().iter().copied();
    findings.compare_sets("contacts by what they are of", kept, found, |(_, id)| Entity::Contact(*id));
    let kept: BTreeMap<_, _> = state.contacts.moved().iter().map(|(of, at)| (*of, *at)).collect();
    let of_kept: BTreeSet<contact::Subject> =
        state.contacts().filter(|it| it.erased.is_none()).map(|it| it.of).collect();
    let subjects = kept.keys().copied();
    findings.compare_sets("subjects of kept contacts", subjects, of_kept, |of| (*of).into());
    let found = kept.into_iter().map(|(of, at)| (at, of));
    let quiet = state.contacts.quiet().iter().copied();
    findings.compare_sets("quiet subjects", quiet, found, |(_, of)| (*of).into());
}

/// No commit after the last has said anything.
fn at_touches(state: &State, findings: &mut Findings) {
    let late = state.touches.iter().filter(|(_, position)| *position > state.position).cloned();
    findings.compare_sets("commits about it", late, [], |(entity, _)| entity.clone());
    // Whatever is there was brought there by a commit.
    let untouched = |entity: Entity| state.touches(&entity).next().is_none().then_some(entity);
    let needs = state.needs().filter_map(|it| untouched(Entity::Need(it.id)));
    let resources = state.resources().filter_map(|it| untouched(Entity::Resource(it.id)));
    let projects = state.projects().filter_map(|it| untouched(Entity::Project(it.id)));
    let pairings = state.pairings().filter_map(|it| untouched(Entity::Pairing(it.id)));
    let all = needs.chain(resources).chain(projects).chain(pairings);
    findings.compare_sets("first commits", [], all, |entity| entity.clone());
}
