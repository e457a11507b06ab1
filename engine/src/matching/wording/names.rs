//! Names: what people call the things that a message speaks of.
//!
//! The matching knows identities. A state knows what they are called, so messages are worded against one: needs,
//! slots, resources and projects by their titles in quotation marks, organizations and places by their names,
//! categories in the language of the message. What the state does not know, a unit that is only supposed to join, is
//! called by its identity.

use crate::{
    category::CategoryCode,
    identity::{NeedId, OrganizationId, PlaceId, ResourceId},
    pairing::{Supplier, Target},
    refusal::wording::Language,
    state::State,
};

/// What things are called in one state and one language.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    state: &'a State,
    /// The language of the message.
    pub language: Language,
}

impl<'a> Names<'a> {
    /// The names of a state.
    pub const fn of(state: &'a State, language: Language) -> Self {
        Self { state, language }
    }

    /// The title of a need or slot; of a slot its project's too.
    pub fn target(&self, target: Target) -> String {
        match target {
            Target::Need(need) => self.need(need),
            Target::Slot(project, index) => {
                let project = self.state.project(project);
                let slot = project.and_then(|it| it.draft.slots.get(usize::from(index)).zip(Some(it)));
                slot.map_or_else(
                    || target.to_string(),
                    |(slot, project)| {
                        let title = &project.draft.entry.title;
                        match self.language {
                            Language::Chinese => format!("「{title}」的「{}」", slot.title),
                            Language::English => format!("“{}” of “{title}”", slot.title),
                        }
                    },
                )
            }
        }
    }

    /// The title of a need.
    pub fn need(&self, need: NeedId) -> String {
        let known = self.state.need(need);
        known.map_or_else(|| need.to_string(), |known| self.quoted(&known.draft.entry.title))
    }

    /// The title of a resource, or the name of a unit.
    pub fn supplier(&self, supplier: Supplier) -> String {
        match supplier {
            Supplier::Resource(resource) => self.resource(resource),
            Supplier::Unit(unit) => self.organization(unit),
        }
    }

    /// The owner and the title of a resource: many units post the same.
    pub fn resource(&self, resource: ResourceId) -> String {
        let Some(known) = self.state.resource(resource) else { return resource.to_string() };
        let entry = &known.draft.entry;
        let (owner, title) = (self.organization(entry.organization), self.quoted(&entry.title));
        match self.language {
            Language::Chinese => format!("{owner}的{title}"),
            Language::English => format!("{title} of {owner}"),
        }
    }

    /// The name of an organization.
    pub fn organization(&self, organization: OrganizationId) -> String {
        let known = self.state.organization(organization);
        known.map_or_else(|| organization.to_string(), |known| known.draft.name.clone())
    }

    /// The name of a place.
    pub fn place(&self, place: PlaceId) -> String {
        self.state.place(place).map_or_else(|| place.to_string(), |known| known.name.clone())
    }

    /// The name of a category.
    pub fn category(&self, code: &CategoryCode) -> String {
        let Some(known) = self.state.category(code) else { return code.to_string() };
        match self.language {
            Language::Chinese => self.quoted(&known.zh),
            Language::English => self.quoted(&known.en),
        }
    }

    fn quoted(&self, title: &str) -> String {
        match self.language {
            Language::Chinese => format!("「{title}」"),
            Language::English => format!("“{title}”"),
        }
    }
}
