//! The contacts of a state: who has which, and since when nothing has happened to what they are of.

use super::{
    State,
    listed::{Facet, Register},
};
use crate::{
    contact::ErasureReason,
    contact::{Contact, Erasure, Purpose, Subject},
    entry::EntryDraft,
    history::Entity,
    identity::{ContactId, NeedId, OrganizationId, ProjectId, ResourceId},
    moment::Moment,
    pairing::{Pairing, Supplier, Target},
};
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Everything the state knows of contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contacts {
    all: OrdMap<ContactId, Contact>,
    by_subject: OrdSet<(Subject, ContactId)>,
    /// The contacts that are kept, by what they are of, with the last moment at which something happened to that.
    moved: OrdMap<Subject, Moment>,
    /// The same, longest ago first.
    quiet: OrdSet<(Moment, Subject)>,
}

impl Contacts {
    /// Somebody gave one.
    pub(crate) fn give(&mut self, id: ContactId, of: Subject, purpose: Purpose, given: Moment) {
        self.all.insert(id, Contact { id, of, purpose, given, erased: None });
        self.by_subject.insert((of, id));
        self.moved.entry(of).or_insert(given);
        self.note(of, given);
    }

    /// Somebody erased one, or its time was over.
    pub(crate) fn erase(&mut self, id: ContactId, at: Moment, reason: ErasureReason) {
        let Some(contact) = self.all.get_mut(&id) else {
            return;
        };
        contact.erased.get_or_insert(Erasure { at, reason });
        let of = contact.of;
        if self.of(of).all(|contact| contact.erased.is_some())
            && let Some(moved) = self.moved.remove(&of)
        {
            self.quiet.remove(&(moved, of));
        }
    }

    /// Something happened to what may have contacts.
    fn note(&mut self, of: Subject, at: Moment) {
        if let Some(moved) = self.moved.get_mut(&of) {
            self.quiet.remove(&(*moved, of));
            *moved = at;
            self.quiet.insert((at, of));
        }
    }

    /// What each is of.
    pub(crate) const fn by_subject(&self) -> &OrdSet<(Subject, ContactId)> {
        &self.by_subject
    }

    /// When something last happened to what has kept ones.
    pub(crate) const fn moved(&self) -> &OrdMap<Subject, Moment> {
        &self.moved
    }

    /// The same, longest ago first.
    pub(crate) const fn quiet(&self) -> &OrdSet<(Moment, Subject)> {
        &self.quiet
    }

    /// Forgets the order, for those who have to notice.
    #[cfg(test)]
    pub(crate) fn forget_quiet(&mut self) {
        self.quiet.clear();
    }

    fn of(&self, of: Subject) -> impl DoubleEndedIterator<Item = &Contact> {
        self.by_subject
            .range((of, ContactId::new(0))..=(of, ContactId::new(u64::MAX)))
            .filter_map(|(_, id)| self.all.get(id))
    }
}

/// Notes that something happened to these entities, and so to the organizations that posted them. Called after the
/// event is folded in.
pub(crate) fn note(state: &mut State, at: Moment, touched: &[Entity]) {
    // That a contact was given or erased is nothing that happened to the matter itself.
    let is_of_contact = touched.iter().any(|entity| matches!(entity, Entity::Contact(_)));
    if is_of_contact || state.contacts.moved.is_empty() {
        return;
    }
    for of in touched.iter().filter_map(Subject::of) {
        let poster = state.owner(of).map(Subject::Organization);
        for of in [Some(of), poster].into_iter().flatten() {
            state.contacts.note(of, at);
        }
    }
}

impl State {
    /// A contact, without what it says.
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.all.get(&id)
    }

    /// All contacts in the order of their numbers, erased ones too.
    pub fn contacts(&self) -> impl DoubleEndedIterator<Item = &Contact> {
        self.contacts.all.values()
    }

    /// The contacts of one organization or entry, oldest first, erased ones too.
    pub fn contacts_of(&self, of: Subject) -> impl DoubleEndedIterator<Item = &Contact> {
        self.contacts.of(of)
    }

    /// The highest number a contact has had.
    pub fn last_contact(&self) -> ContactId {
        self.contacts.all.get_max().map_or(ContactId::new(0), |(id, _)| *id)
    }

    /// Whose contacts these are: the organization itself, or whoever posted the entry.
    pub fn owner(&self, of: Subject) -> Option<OrganizationId> {
        let poster = |entry: &EntryDraft| entry.organization;
        match of {
            Subject::Organization(id) => self.organization(id).map(|it| it.id),
            Subject::Need(id) => self.need(id).map(|it| poster(&it.draft.entry)),
            Subject::Resource(id) => self.resource(id).map(|it| poster(&it.draft.entry)),
            Subject::Project(id) => self.project(id).map(|it| poster(&it.draft.entry)),
        }
    }

    /// The entries of all lists that an organization has posted, list by list.
    pub(super) fn posted_by(&self, organization: OrganizationId) -> impl Iterator<Item = Subject> {
        let of_list = move |list: Register, entry: fn(u64) -> Subject| {
            let shelf = self.listed(list, &Facet::Organization(organization));
            shelf.into_iter().flat_map(|shelf| shelf.numbers(None, None)).map(entry)
        };
        of_list(Register::Needs, |number| Subject::Need(NeedId::new(number)))
            .chain(of_list(Register::Resources, |number| Subject::Resource(ResourceId::new(number))))
            .chain(of_list(Register::Projects, |number| Subject::Project(ProjectId::new(number))))
    }

    /// The pairings of an entry, or in which a unit itself is what serves; in no promised order.
    pub(crate) fn pairings_of(&self, of: Subject) -> Box<dyn Iterator<Item = &Arc<Pairing>> + '_> {
        match of {
            Subject::Organization(id) => Box::new(self.pairings_of_supplier(Supplier::Unit(id))),
            Subject::Need(id) => Box::new(self.pairings_of_target(Target::Need(id))),
            Subject::Resource(id) => Box::new(self.pairings_of_supplier(Supplier::Resource(id))),
            Subject::Project(id) => {
                let (first, last) = (Target::Slot(id, 0), Target::Slot(id, u16::MAX));
                let all = (first, crate::identity::PairingId::new(0))
                    ..=(last, crate::identity::PairingId::new(u64::MAX));
                Box::new(self.pairings_of_target.range(all).filter_map(|(_, id)| self.pairings.get(id)))
            }
        }
    }

    /// The kept contacts to whose subjects nothing has happened for so many days, and which are at rest: an entry
    /// that is closed and in no live pairing; an organization with no open entry and in no live pairing. By number.
    pub fn contacts_due(&self, now: Moment, days: u32) -> Vec<ContactId> {
        let quiet = self.contacts.quiet.iter().take_while(|(moved, _)| now.days_since(*moved) >= days);
        let resting = quiet.map(|(_, of)| *of).filter(|of| self.is_at_rest(*of));
        let kept = resting.flat_map(|of| self.contacts_of(of).filter(|contact| contact.erased.is_none()));
        let mut due: Vec<ContactId> = kept.map(|contact| contact.id).collect();
        due.sort_unstable();
        due
    }

    fn is_at_rest(&self, of: Subject) -> bool {
        let goes_on = |pairing: &Arc<Pairing>| pairing.status.is_under_way();
        match of {
            Subject::Organization(id) => {
                !self.posted_by(id).any(|entry| self.is_open_entry(entry))
                    && !self.pairings_of_organization(id).any(goes_on)
            }
            Subject::Need(_) | Subject::Resource(_) | Subject::Project(_) => {
                !self.is_open_entry(of) && !self.pairings_of(of).any(goes_on)
            }
        }
    }

    /// Whether an entry still asks or offers something.
    fn is_open_entry(&self, of: Subject) -> bool {
        match of {
            Subject::Organization(_) => false,
            Subject::Need(id) => self
                .need(id)
                .is_some_and(|it| it.end.is_none() && it.met.is_none() && it.draft.entry.settled.is_none()),
            Subject::Resource(id) => {
                self.resource(id).is_some_and(|it| it.end.is_none() && it.draft.entry.settled.is_none())
            }
            Subject::Project(id) => self.project(id).is_some_and(|it| it.is_open()),
        }
    }
}
