//! The history of an entity: which commits said something about it, and what each of them changed.
//!
//! The state keeps, by entity, the positions of the commits that touched it; so a history reads those and
//! no others. [`Life`] folds them over an empty state: an entity's value depends on the events that touch it and on
//! nothing else, which the tests prove against the whole log.

use crate::{
    agreement::Subject,
    category::CategoryCode,
    event::Event,
    evolve::{Recorded, evolve},
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, PlanId, ProjectId, ResourceId,
    },
    meeting::Item,
    organization::RosterLink,
    pairing::{Supplier, Target},
    state::State,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeSet, fmt};

/// Whatever has a history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Entity {
    /// The street itself: its name, its place, its office.
    Street,
    /// The rules in force.
    Rules,
    /// A category.
    Category(CategoryCode),
    /// A place, with the units that are linked to it.
    Place(PlaceId),
    /// An organization, with its engagements and the communities it is linked to.
    Organization(OrganizationId),
    /// A login.
    Member(MemberId),
    /// A need, with what of it is proposed, claimed, agreed.
    Need(NeedId),
    /// A resource, likewise.
    Resource(ResourceId),
    /// A project, with the same for its slots.
    Project(ProjectId),
    /// A pairing.
    Pairing(PairingId),
    /// An adopted plan; its pairings have histories of their own.
    Plan(PlanId),
    /// A bid.
    Bid(BidId),
    /// A joint meeting, with its decisions.
    Meeting(MeetingId),
    /// An agreement, with its versions and milestones.
    Agreement(AgreementId),
    /// A delivery.
    Delivery(DeliveryId),
    /// A contact, without what it says.
    Contact(ContactId),
}

impl fmt::Display for Entity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Street => write!(out, "street"),
            Self::Rules => write!(out, "rules"),
            Self::Category(code) => write!(out, "{code}"),
            Self::Place(id) => write!(out, "{id}"),
            Self::Organization(id) => write!(out, "{id}"),
            Self::Member(id) => write!(out, "{id}"),
            Self::Need(id) => write!(out, "{id}"),
            Self::Resource(id) => write!(out, "{id}"),
            Self::Project(id) => write!(out, "{id}"),
            Self::Pairing(id) => write!(out, "{id}"),
            Self::Plan(id) => write!(out, "{id}"),
            Self::Bid(id) => write!(out, "{id}"),
            Self::Meeting(id) => write!(out, "{id}"),
            Self::Agreement(id) => write!(out, "{id}"),
            Self::Delivery(id) => write!(out, "{id}"),
            Self::Contact(id) => write!(out, "{id}"),
        }
    }
}

impl From<Target> for Entity {
    fn from(target: Target) -> Self {
        match target {
            Target::Need(need) => Self::Need(need),
            Target::Slot(project, _) => Self::Project(project),
        }
    }
}

impl From<Subject> for Entity {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Project(project) => Self::Project(project),
            Subject::Pairing(pairing) => Self::Pairing(pairing),
        }
    }
}

impl From<Item> for Entity {
    fn from(item: Item) -> Self {
        match item {
            Item::Project(project) => Self::Project(project),
            Item::Pairing(pairing) => Self::Pairing(pairing),
        }
    }
}

impl From<Supplier> for Entity {
    fn from(supplier: Supplier) -> Self {
        match supplier {
            Supplier::Resource(resource) => Self::Resource(resource),
            Supplier::Unit(unit) => Self::Organization(unit),
        }
    }
}

/// The entities whose values an event may change, given the state before it.
pub fn touched(state: &State, event: &Event) -> Vec<Entity> {
    let roster = |link: &RosterLink| vec![Entity::Organization(link.unit), Entity::Place(link.community)];
    let pairing = |id: &PairingId| {
        let terms = state.pairing(*id).map(|pairing| (pairing.terms.target, pairing.terms.supplier));
        let sides = terms.map(|(target, supplier)| [target.into(), supplier.into()]);
        [Entity::Pairing(*id)].into_iter().chain(sides.into_iter().flatten()).collect()
    };
    match event {
        // The rules begin with the street.
        Event::StreetOpened { .. } => vec![Entity::Street, Entity::Rules],
        Event::RulesSet { .. } => vec![Entity::Rules],
        Event::CategoryDefined { category } => vec![Entity::Category(category.code.clone())],
        Event::CategoryRetired { code } => vec![Entity::Category(code.clone())],
        Event::PlaceAdded { place } => vec![Entity::Place(place.id)],
        Event::PlaceRenamed { place, .. } => vec![Entity::Place(*place)],
        Event::OrganizationRegistered { organization, .. }
        | Event::OrganizationAmended { organization, .. } => vec![Entity::Organization(*organization)],
        Event::RosterLinked { link } | Event::RosterUnlinked { link } => roster(link),
        Event::MemberAdded { member, .. }
        | Event::MemberRevoked { member }
        | Event::TokenIssued { member, .. }
        | Event::TokenRevoked { member, .. }
        | Event::SignOnBound { member, .. }
        | Event::SignOnUnbound { member } => vec![Entity::Member(*member)],
        Event::NeedPosted { need, .. }
        | Event::NeedAmended { need, .. }
        | Event::NeedWithdrawn { need, .. } => vec![Entity::Need(*need)],
        Event::ResourcePosted { resource, .. }
        | Event::ResourceAmended { resource, .. }
        | Event::ResourceWithdrawn { resource, .. } => vec![Entity::Resource(*resource)],
        Event::ProjectPosted { project, .. }
        | Event::ProjectAmended { project, .. }
        | Event::ProjectWithdrawn { project, .. } => vec![Entity::Project(*project)],
        Event::PlanAdopted { plan, .. } => vec![Entity::Plan(*plan)],
        Event::PairingProposed { pairing, terms, .. } | Event::PairingRequested { pairing, terms, .. } => {
            vec![Entity::Pairing(*pairing), terms.target.into(), terms.supplier.into()]
        }
        Event::PairingClaimed { pairing: id, .. }
        | Event::PairingAgreed { pairing: id, .. }
        | Event::PairingDeclined { pairing: id, .. }
        | Event::PairingLapsed { pairing: id }
        | Event::PairingWithdrawn { pairing: id, .. }
        | Event::PairingSuperseded { pairing: id }
        | Event::PairingChanged { pairing: id, .. }
        | Event::PairingAccepted { pairing: id } => pairing(id),
        Event::PairingsJoined { pairings } => pairings.iter().map(|id| Entity::Pairing(*id)).collect(),
        Event::ReviewAsked { need }
        | Event::NeedVerified { need }
        | Event::NeedRejected { need, .. }
        | Event::NeedCarriedOver { need, .. }
        | Event::NeedExpired { need }
        | Event::NeedStruckOff { need, .. }
        | Event::NeedAppraised { need, .. }
        | Event::NeedWentStale { need }
        | Event::NeedReconfirmed { need }
        | Event::ReplyFellOverdue { need } => vec![Entity::Need(*need)],
        Event::NeedMerged { need, into } => vec![Entity::Need(*need), Entity::Need(*into)],
        Event::ResourcePaused { resource, .. }
        | Event::ResourceResumed { resource }
        | Event::ResourceExpired { resource }
        | Event::ResourceWentStale { resource }
        | Event::ResourceReconfirmed { resource } => vec![Entity::Resource(*resource)],
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
        | Event::MeetingCancelled { .. }
        | Event::AgreementDrafted { .. }
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
        | Event::ProjectFailed { .. }
        | Event::DeliveryRecorded { .. }
        | Event::DeliveryConfirmed { .. }
        | Event::DeliveryDisputed { .. }
        | Event::DeliveryCorrected { .. }
        | Event::DeliveryWithdrawn { .. }
        | Event::ConfirmationFellOverdue { .. }
        | Event::ContributionCredited { .. }
        | Event::ContributionRedeemed { .. } => cooperation(state, event),
        Event::ContactGiven { contact, of, .. } => vec![Entity::Contact(*contact), (*of).into()],
        Event::ContactErased { contact, .. } => {
            let of = state.contact(*contact).map(|contact| contact.of.into());
            [Entity::Contact(*contact)].into_iter().chain(of).collect()
        }
    }
}

/// The same for what becomes of a pairing. Whatever changes an entity's value names that entity here, also where the
/// event itself does not: then the state tells.
fn cooperation(state: &State, event: &Event) -> Vec<Entity> {
    let of_bid = |id: &BidId| {
        let target = state.bid(*id).map(|bid| Entity::from(bid.draft.target));
        [Entity::Bid(*id)].into_iter().chain(target).collect()
    };
    let of_agreement = |id: &AgreementId| {
        let subject = state.agreement(*id).map(|agreement| Entity::from(agreement.subject));
        [Entity::Agreement(*id)].into_iter().chain(subject).collect()
    };
    let of_pairing = |id: PairingId| {
        let terms = state.pairing(id).map(|pairing| (pairing.terms.target, pairing.terms.supplier));
        let sides = terms.map(|(target, supplier)| [target.into(), supplier.into()]);
        [Entity::Pairing(id)].into_iter().chain(sides.into_iter().flatten())
    };
    let of_delivery = |id: &DeliveryId| {
        let pairing = state.delivery(*id).map(|delivery| delivery.pairing);
        [Entity::Delivery(*id)].into_iter().chain(pairing.into_iter().flat_map(of_pairing)).collect()
    };
    let of_meeting = |id: &MeetingId, agenda: &[Item]| {
        [Entity::Meeting(*id)].into_iter().chain(agenda.iter().map(|item| Entity::from(*item))).collect()
    };
    match event {
        Event::CallOpened { target, .. } | Event::CallClosed { target } => vec![(*target).into()],
        Event::BidPlaced { bid, draft } => vec![Entity::Bid(*bid), draft.target.into()],
        Event::BidWithdrawn { bid, .. } | Event::BidDeclined { bid, .. } | Event::BidChosen { bid, .. } => {
            of_bid(bid)
        }
        Event::MeetingCalled { meeting, draft } | Event::MeetingAmended { meeting, draft } => {
            of_meeting(meeting, &draft.agenda)
        }
        Event::MeetingDecided { meeting, item, .. } => of_meeting(meeting, &[*item]),
        Event::MeetingClosed { meeting, .. } | Event::MeetingCancelled { meeting, .. } => {
            vec![Entity::Meeting(*meeting)]
        }
        Event::AgreementDrafted { agreement, subject, .. } => {
            vec![Entity::Agreement(*agreement), (*subject).into()]
        }
        Event::AgreementAmended { agreement, .. }
        | Event::AgreementSigned { agreement, .. }
        | Event::AgreementWithdrawn { agreement, .. }
        | Event::MilestoneReached { agreement, .. }
        | Event::MilestoneFellOverdue { agreement, .. } => of_agreement(agreement),
        Event::ProjectStarted { project }
        | Event::ProjectSuspended { project, .. }
        | Event::ProjectResumed { project }
        | Event::ProjectAccepted { project, .. }
        | Event::ProjectAppraised { project, .. }
        | Event::ProjectClosed { project }
        | Event::ProjectFailed { project, .. } => vec![Entity::Project(*project)],
        Event::DeliveryRecorded { delivery, pairing, .. } => {
            [Entity::Delivery(*delivery)].into_iter().chain(of_pairing(*pairing)).collect()
        }
        Event::DeliveryConfirmed { delivery }
        | Event::DeliveryDisputed { delivery, .. }
        | Event::DeliveryCorrected { delivery, .. }
        | Event::DeliveryWithdrawn { delivery, .. }
        | Event::ConfirmationFellOverdue { delivery } => of_delivery(delivery),
        Event::ContributionCredited { organization, delivery, .. } => {
            vec![Entity::Organization(*organization), Entity::Delivery(*delivery)]
        }
        Event::ContributionRedeemed { organization, .. } => vec![Entity::Organization(*organization)],
        _ => Vec::new(),
    }
}

/// An entity as the state has it, with the names of fields that programs see; `None` when there is none.
pub fn value(state: &State, entity: &Entity) -> Option<Value> {
    // What the entities are made of can be written: it comes from events, which were.
    fn json(value: &impl Serialize) -> Option<Value> {
        serde_json::to_value(value).ok()
    }
    let with_roster = |value: Option<Value>, mine: &dyn Fn(&RosterLink) -> bool| {
        let links: Vec<&RosterLink> = state.roster().filter(|link| mine(link)).collect();
        let mut value = value?;
        value.as_object_mut()?.insert("roster".to_owned(), json(&links)?);
        Some(value)
    };
    match entity {
        Entity::Street => json(state.street()?),
        Entity::Rules => state.street().and_then(|_| json(state.rules())),
        Entity::Category(code) => json(state.category(code)?),
        Entity::Place(id) => with_roster(json(state.place(*id)?), &|link| link.community == *id),
        Entity::Organization(id) => {
            let mut value = with_roster(json(state.organization(*id)?), &|link| link.unit == *id)?;
            if let Some(account) = state.account(*id) {
                value.as_object_mut()?.insert("account".to_owned(), json(account)?);
            }
            Some(value)
        }
        // The hashes of tokens are nobody's business.
        Entity::Member(id) => json(state.member(*id)?).map(|mut member| {
            if let Some(fields) = member.as_object_mut() {
                fields.remove("token");
                // That somebody is bound is told, not who.
                if let Some(sign_on) = fields.get_mut("signOn") {
                    *sign_on = Value::Bool(true);
                }
            }
            let tokens = member.get_mut("tokens").and_then(Value::as_array_mut);
            for token in tokens.into_iter().flatten().filter_map(Value::as_object_mut) {
                token.remove("hash");
            }
            member
        }),
        Entity::Need(id) => json(state.need(*id)?),
        Entity::Resource(id) => json(state.resource(*id)?),
        Entity::Project(id) => json(state.project(*id)?),
        Entity::Pairing(id) => json(state.pairing(*id)?),
        Entity::Plan(id) => json(state.plan(*id)?),
        Entity::Bid(id) => json(state.bid(*id)?),
        Entity::Meeting(id) => json(state.meeting(*id)?),
        Entity::Agreement(id) => json(state.agreement(*id)?),
        Entity::Delivery(id) => json(state.delivery(*id)?),
        Entity::Contact(id) => json(state.contact(*id)?),
    }
}

/// One field that has another value than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Which, as a JSON pointer (RFC 6901), such as `/draft/entry/title`.
    pub path: String,
    /// What it was; `None` when it was not there.
    pub before: Option<Value>,
    /// What it is; `None` when it is gone.
    pub after: Option<Value>,
}

/// What differs between two values, field by field in the order of their paths.
pub fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let mut found = Vec::new();
    compare(&mut String::new(), before, after, &mut found);
    found
}

fn compare(path: &mut String, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let keys = keys(before, after);
    if keys.is_empty() {
        found.push(Change { path: path.clone(), before: before.cloned(), after: after.cloned() });
    }
    let length = path.len();
    for key in keys {
        path.push('/');
        path.push_str(&key.name.replace('~', "~0").replace('/', "~1"));
        compare(path, key.of(before), key.of(after), found);
        path.truncate(length);
    }
}

/// A field of an object or a place in a list.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    index: usize,
    name: String,
}

impl Key {
    fn of<'a>(&self, value: Option<&'a Value>) -> Option<&'a Value> {
        match value? {
            Value::Object(fields) => fields.get(&self.name),
            Value::Array(items) => items.get(self.index),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }
}

/// What to look into; nothing when one of the two is to be shown as it is.
fn keys(before: Option<&Value>, after: Option<&Value>) -> BTreeSet<Key> {
    let both = || [before, after].into_iter().flatten();
    if both().all(Value::is_object) {
        let names = both().filter_map(Value::as_object).flat_map(|fields| fields.keys());
        names.map(|name| Key { index: 0, name: name.clone() }).collect()
    } else if both().all(Value::is_array) {
        let length = both().filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
        (0..length).map(|index| Key { index, name: index.to_string() }).collect()
    } else {
        BTreeSet::new()
    }
}

/// An entity's life, told commit by commit: give it those that touched the entity, all of them in order.
#[derive(Clone, Debug)]
pub struct Life {
    entity: Entity,
    state: State,
    value: Option<Value>,
}

impl Life {
    /// Before the first of them.
    pub fn of(entity: Entity) -> Self {
        Self { entity, state: State::empty(), value: None }
    }

    /// What one commit said of the entity, and what that changed.
    pub fn tell<'a>(&mut self, recorded: Recorded, events: &'a [Event]) -> (Vec<&'a Event>, Vec<Change>) {
        let mut said = Vec::new();
        for event in events {
            if touched(&self.state, event).contains(&self.entity) {
                evolve(&mut self.state, recorded, event);
                said.push(event);
            }
        }
        let value = value(&self.state, &self.entity);
        let changes = changes(self.value.as_ref(), value.as_ref());
        self.value = value;
        (said, changes)
    }

    /// The entity after the last commit that was told.
    pub const fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_change_names_the_field_and_says_what_it_was_and_is() {
        let before =
            json!({"title": "午餐", "quantity": {"amount": 40}, "days": [1, 2], "a/b~c": 1, "same": [1]});
        let after =
            json!({"title": "晚餐", "quantity": {"amount": 50}, "days": [1], "place": 3, "same": [1]});
        let found = changes(Some(&before), Some(&after));
        let change = |path: &str, before: Value, after: Value| Change {
            path: path.to_owned(),
            before: Some(before).filter(|value| !value.is_null()),
            after: Some(after).filter(|value| !value.is_null()),
        };
        assert_eq!(
            found,
            [
                change("/a~1b~0c", json!(1), Value::Null),
                change("/days/1", json!(2), Value::Null),
                change("/place", Value::Null, json!(3)),
                change("/quantity/amount", json!(40), json!(50)),
                change("/title", json!("午餐"), json!("晚餐")),
            ]
        );
        assert_eq!(changes(Some(&before), Some(&before)), []);
    }

    #[test]
    fn what_comes_into_being_and_what_ends_is_told_field_by_field() {
        let need = json!({"title": "午餐", "window": {}, "tally": {"proposed": 0}});
        let born = changes(None, Some(&need));
        let paths: Vec<&str> = born.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["/tally/proposed", "/title", "/window"]);
        assert!(born.iter().all(|change| change.before.is_none() && change.after.is_some()));
        assert!(changes(Some(&need), None).iter().all(|change| change.after.is_none()));
        let other_kind = changes(Some(&json!({"a": 1})), Some(&json!("a")));
        assert_eq!(other_kind.len(), 1, "{other_kind:?}");
    }
}
