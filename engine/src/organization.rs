//! Who acts: street offices, communities, resident units and teams, and the standing links between them.

use crate::identity::{OrganizationId, PlaceId};
use serde::{Deserialize, Serialize};

/// What a resident unit is. The kind predicts what it takes up (hospital → health, law firm → legal).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnitKind {
    /// 机关: government, party and mass bodies.
    Government,
    /// 学校.
    School,
    /// 医院.
    Hospital,
    /// 银行, other finance.
    Bank,
    /// 律所.
    LawFirm,
    /// 国企.
    StateOwnedEnterprise,
    /// 企业.
    Enterprise,
    /// 商户.
    Merchant,
    /// 物业企业.
    PropertyCompany,
    /// 部队.
    Garrison,
    /// 社会组织.
    SocialOrganisation,
    /// 居民志愿者: residents and volunteers acting together.
    Volunteers,
    /// 社区党组织: a branch of the community itself.
    CommunityBranch,
    /// Anything else.
    Other,
}

/// What an organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrganizationKind {
    /// 街道办: coordinates, posts what no community posts.
    StreetOffice,
    /// 社区.
    Community,
    /// 驻区单位.
    Unit(UnitKind),
    /// 队伍: a residents' or volunteers' team.
    Team,
}

impl OrganizationKind {
    /// Whether it may take up a need without a posted resource.
    pub const fn takes_up_needs(self) -> bool {
        matches!(self, Self::Unit(_) | Self::Team)
    }

    /// The unit kind the matching knows it by.
    pub const fn unit_kind(self) -> UnitKind {
        match self {
            Self::Unit(kind) => kind,
            Self::Team => UnitKind::Volunteers,
            Self::Community => UnitKind::CommunityBranch,
            Self::StreetOffice => UnitKind::Government,
        }
    }
}

/// What is said when an organization is registered or amended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationDraft {
    /// Its name, unique in the street.
    pub name: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// Where it sits; `None` when nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// How many needs it takes on at once without posted resources; `None` = the street's rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_capacity: Option<u32>,
    /// The identity it had in an imported list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// An organization, with the running count of its engagements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its identity.
    pub id: OrganizationId,
    /// What was last said of it.
    pub draft: OrganizationDraft,
    /// Engagements taken directly from its open capacity.
    pub engagements: crate::pairing::Tally,
}

/// The kind of a standing relation between a unit and a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Relation {
    /// 包联: the unit is assigned to the community.
    Assigned,
    /// 双报到: the unit has reported to the community.
    Reported,
    /// 结对: paired by agreement.
    Paired,
}

/// A standing relation of a unit to a community's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RosterLink {
    /// The unit.
    pub unit: OrganizationId,
    /// The community, as a place.
    pub community: PlaceId,
    /// Of what kind.
    pub relation: Relation,
}
