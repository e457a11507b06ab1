//! What things are called in the words of a refusal: by title or name where they have one and the caller sees them, else by
//! their global id. The numbers of the log are known to nobody outside.

use super::{identity::NodeId, viewed::Viewed};
use engine::{
    history::Entity,
    matching::wording::Names,
    pairing::{Supplier, Target},
    refusal::wording::{Language, Naming},
};

/// What things are called before one caller, in one language.
#[derive(Clone, Copy, Debug)]
pub struct Called<'a> {
    at: &'a Viewed,
    /// The language of the message.
    pub language: Language,
}

impl<'a> Called<'a> {
    /// What they are called in a state, as the caller sees it.
    pub const fn new(at: &'a Viewed, language: Language) -> Self {
        Self { at, language }
    }

    /// The title or name of something that is there; `None` of what has none.
    fn title(&self, entity: &Entity) -> Option<String> {
        let names = Names::of(self.at, self.language);
        let quoted = |title: &str| match self.language {
            Language::Chinese => format!("「{title}」"),
            Language::English => format!("“{title}”"),
        };
        match entity {
            Entity::Need(id) => self.at.need(*id).map(|_| names.need(*id)),
            Entity::Resource(id) => self.at.resource(*id).map(|_| names.supplier(Supplier::Resource(*id))),
            Entity::Project(id) => self.at.project(*id).map(|it| quoted(&it.draft.entry.title)),
            Entity::Organization(id) => self.at.organization(*id).map(|_| names.organization(*id)),
            Entity::Place(id) => self.at.place(*id).map(|_| names.place(*id)),
            Entity::Category(code) => Some(names.category(code)),
            Entity::Meeting(id) => self.at.meeting(*id).map(|it| quoted(&it.draft.title)),
            Entity::Agreement(id) => {
                self.at.agreement(*id).and_then(|it| it.versions.last()).map(|it| quoted(&it.terms.title))
            }
            Entity::Street
            | Entity::Rules
            | Entity::Member(_)
            | Entity::Pairing(_)
            | Entity::Plan(_)
            | Entity::Bid(_)
            | Entity::Delivery(_)
            | Entity::Contact(_) => None,
        }
    }

    const fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// What it is, with its global id.
    fn by_id(&self, entity: &Entity) -> String {
        let (zh, en, id) = match entity {
            Entity::Street => return self.say("街道", "the street").to_owned(),
            Entity::Rules => return self.say("规则", "the rules").to_owned(),
            Entity::Category(code) => ("类别", "category", NodeId::Category(code.clone())),
            Entity::Place(id) => ("区域", "place", NodeId::Place(*id)),
            Entity::Organization(id) => ("组织", "organization", NodeId::Organization(*id)),
            Entity::Member(id) => ("成员", "member", NodeId::Member(*id)),
            Entity::Need(id) => ("需求", "need", NodeId::Need(*id)),
            Entity::Resource(id) => ("资源", "resource", NodeId::Resource(*id)),
            Entity::Project(id) => ("项目", "project", NodeId::Project(*id)),
            Entity::Pairing(id) => ("对接", "pairing", NodeId::Pairing(*id)),
            Entity::Plan(id) => ("方案", "plan", NodeId::Plan(*id)),
            Entity::Bid(id) => ("揭榜", "bid", NodeId::Bid(*id)),
            Entity::Meeting(id) => ("联席会", "meeting", NodeId::Meeting(*id)),
            Entity::Agreement(id) => ("协议", "agreement", NodeId::Agreement(*id)),
            Entity::Delivery(id) => ("交付", "delivery", NodeId::Delivery(*id)),
            Entity::Contact(id) => ("联系人", "contact", NodeId::Contact(*id)),
        };
        format!("{} {}", self.say(zh, en), id.id().0)
    }
}

impl Naming for Called<'_> {
    fn entity(&self, entity: &Entity) -> String {
        let title = if self.at.sees(entity.clone()) { self.title(entity) } else { None };
        title.unwrap_or_else(|| self.by_id(entity))
    }

    fn target(&self, target: Target) -> String {
        match target {
            Target::Slot(project, index)
                if self.at.project(project).is_some_and(|it| usize::from(index) < it.draft.slots.len()) =>
            {
                Names::of(self.at, self.language).target(target)
            }
            Target::Slot(..) => format!("{} {}", self.say("需求项", "slot"), NodeId::from(target).id().0),
            Target::Need(need) => self.entity(&Entity::Need(need)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{
        identity::{NeedId, PairingId},
        permission::View,
        refusal::Refusal,
        state::State,
    };
    use std::sync::Arc;

    #[test]
    fn what_has_no_title_goes_by_its_global_id() {
        let at = Viewed::new(Arc::new(State::empty()), View::Everything);
        let paired = Refusal::AlreadyPaired { pairing: PairingId::new(62) };
        let id = NodeId::Pairing(PairingId::new(62)).id().0;
        let said =
            |refusal: &Refusal, language| refusal.message_calling(language, &Called::new(&at, language));
        assert_eq!(said(&paired, Language::English), format!("the two are paired already, by pairing {id}"));
        assert_eq!(said(&paired, Language::Chinese), format!("双方已经对接:对接 {id}"));
        let closed = Refusal::TargetNotOpen { target: Target::Need(NeedId::new(7)) };
        assert!(!said(&closed, Language::English).contains("need-7"));
    }
}
