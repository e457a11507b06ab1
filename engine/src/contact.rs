//! Contacts 联系人: that there is somebody to call about an organization or an entry, and never who.
//!
//! What a contact says (name, phone) is sealed in a vault beside the log and can be erased there; an event stands
//! for ever. So nothing here is free text: a purpose and a reason are words of ours, in which no person can be named.

use crate::{
    history::Entity,
    identity::{ContactId, NeedId, OrganizationId, ProjectId, ResourceId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most contacts that one organization or entry has at a time: the law asks for no more than are needed.
pub const CONTACTS_MAX: usize = 20;

/// The longest a street may keep the contacts of what is over: ten years, in days.
pub const CONTACT_DAYS_MAX: u32 = 3_650;

/// What a contact is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// An organization.
    Organization(OrganizationId),
    /// A need.
    Need(NeedId),
    /// A resource.
    Resource(ResourceId),
    /// A project.
    Project(ProjectId),
}

impl Subject {
    /// What an entity is as the subject of contacts; `None` where it can have none.
    pub const fn of(entity: &Entity) -> Option<Self> {
        match entity {
            Entity::Organization(id) => Some(Self::Organization(*id)),
            Entity::Need(id) => Some(Self::Need(*id)),
            Entity::Resource(id) => Some(Self::Resource(*id)),
            Entity::Project(id) => Some(Self::Project(*id)),
            Entity::Street
            | Entity::Rules
            | Entity::Category(_)
            | Entity::Place(_)
            | Entity::Member(_)
            | Entity::Pairing(_)
            | Entity::Plan(_)
            | Entity::Bid(_)
            | Entity::Meeting(_)
            | Entity::Agreement(_)
            | Entity::Delivery(_)
            | Entity::Contact(_) => None,
        }
    }
}

impl From<Subject> for Entity {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Organization(id) => Self::Organization(id),
            Subject::Need(id) => Self::Need(id),
            Subject::Resource(id) => Self::Resource(id),
            Subject::Project(id) => Self::Project(id),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(id) => write!(out, "{id}"),
            Self::Need(id) => write!(out, "{id}"),
            Self::Resource(id) => write!(out, "{id}"),
            Self::Project(id) => write!(out, "{id}"),
        }
    }
}

/// What somebody is called about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// 联络: arranges the matter for the organization.
    Liaison,
    /// 服务对象: is to be served, or speaks for those who are.
    Beneficiary,
    /// 现场: opens the door, shows the way.
    OnSite,
    /// 应急: at any hour, when something goes wrong.
    Emergency,
}

/// Why a contact was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErasureReason {
    /// 本人要求: the person asked for it.
    Asked,
    /// 不再需要: it has served its purpose.
    NotNeeded,
    /// 已更换: another one takes its place.
    Replaced,
    /// 录入有误: it was a mistake.
    Mistake,
    /// 期满: the street's rule says so.
    Retention,
}

/// That a contact was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: ErasureReason,
}

/// A contact, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Its number in the vault.
    pub id: ContactId,
    /// What it is of.
    pub of: Subject,
    /// What for.
    pub purpose: Purpose,
    /// When it was given.
    pub given: Moment,
    /// That it was erased, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erasure>,
}
