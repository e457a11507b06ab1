//! Filters as they come in; see [`super::listing`].
//!
//! All conditions of a filter hold at once. A top category includes its leaves, a place includes everything below it,
//! words are looked for in title and detail without regard to case.

use super::{
    fault::{bad_input, wrong_id},
    identity::NodeId,
    listing::{condition::Condition, read, wanted::filter},
    scalar::{Date, DateTime},
    words::{
        BeneficiaryGroup, Channel, Form, NeedStatus, PairingStatus, ProjectStatus, ResourceStatus, UnitKind,
        Urgency,
    },
};
use async_graphql::{ID, InputObject, Result};
use engine::{
    category::CategoryCode,
    identity::{OrganizationId, PlaceId},
    moment::Moment,
    state::listed::{Rank, Status},
};

/// A span of days 日期范围, both ends in it.
#[derive(Clone, Debug, InputObject)]
pub struct DayRange {
    /// The first day; open when not said.
    pub from: Option<Date>,
    /// The last day; open when not said.
    pub to: Option<Date>,
}

/// A span of time 时间范围, the first end in it and the second not: a day is from its midnight to the next.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct TimeRange {
    /// From this moment on; open when not said.
    pub from: Option<DateTime>,
    /// Up to this moment, which is beyond it; open when not said.
    pub to: Option<DateTime>,
}

impl TimeRange {
    /// Whether a moment lies in it.
    pub fn holds(self, moment: Moment) -> bool {
        self.from.is_none_or(|from| from.0 <= moment) && self.to.is_none_or(|to| moment < to.0)
    }
}

filter! {
    /// Which needs 需求 to list. All conditions hold at once.
    NeedFilter {
        /// Of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// In this place or below it.
        place: ID => read::place,
        /// Posted by this organization.
        organization: ID => read::organization,
        /// In one of these states.
        status: Vec<NeedStatus> => read::status(|it: NeedStatus| Status::Need(it.into())),
        /// Came in by one of these channels.
        channel: Vec<Channel> => |all| Ok(Condition::Channel(all.clone())),
        /// As soon as one of these says; what says nothing is normal.
        urgency: Vec<Urgency> => read::each::<Urgency, _>(Condition::Urgency),
        /// Of one of these forms.
        form: Vec<Form> => |all| Ok(Condition::Form(all.clone())),
        /// For one of these groups 服务对象.
        beneficiary: Vec<BeneficiaryGroup> => |all| Ok(Condition::Beneficiary(all.clone())),
        /// Posted by whoever is of this kind 单位类型, as tiles group them: communities and the street office have one, too.
        unit_kind: UnitKind => |kind| Ok(Condition::UnitKind(*kind)),
        /// Of use until a day in this span; what has no end is in none.
        deadline: DayRange => read::deadline,
        /// Posted in this span.
        posted: TimeRange => |span| Ok(Condition::Began(*span)),
        /// With all these words in title or detail, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

filter! {
    /// Which resources 资源 to list. All conditions hold at once.
    ResourceFilter {
        /// Of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// In this place or below it.
        place: ID => read::place,
        /// Posted by this organization.
        organization: ID => read::organization,
        /// In one of these states.
        status: Vec<ResourceStatus> => read::status(|it: ResourceStatus| Status::Resource(it.into())),
        /// Of one of these forms.
        form: Vec<Form> => |all| Ok(Condition::Form(all.clone())),
        /// For one of these groups 服务对象.
        beneficiary: Vec<BeneficiaryGroup> => |all| Ok(Condition::Beneficiary(all.clone())),
        /// Posted by whoever is of this kind 单位类型, as tiles group them: communities and the street office have one, too.
        unit_kind: UnitKind => |kind| Ok(Condition::UnitKind(*kind)),
        /// Of use until a day in this span; what has no end is in none.
        deadline: DayRange => read::deadline,
        /// Posted in this span.
        posted: TimeRange => |span| Ok(Condition::Began(*span)),
        /// With all these words in title or detail, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

filter! {
    /// Which projects 项目 to list. All conditions hold at once.
    ProjectFilter {
        /// Of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// In this place or below it.
        place: ID => read::place,
        /// Posted by this organization.
        organization: ID => read::organization,
        /// In one of these states.
        status: Vec<ProjectStatus> => read::status(|it: ProjectStatus| Status::Project(it.into())),
        /// Of one of these forms.
        form: Vec<Form> => |all| Ok(Condition::Form(all.clone())),
        /// For one of these groups 服务对象.
        beneficiary: Vec<BeneficiaryGroup> => |all| Ok(Condition::Beneficiary(all.clone())),
        /// Posted by whoever is of this kind 单位类型, as tiles group them: communities and the street office have one, too.
        unit_kind: UnitKind => |kind| Ok(Condition::UnitKind(*kind)),
        /// Of use until a day in this span; what has no end is in none.
        deadline: DayRange => read::deadline,
        /// Posted in this span.
        posted: TimeRange => |span| Ok(Condition::Began(*span)),
        /// With all these words in title or detail, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

filter! {
    /// Which pairings 配对 to list. All conditions hold at once.
    PairingFilter {
        /// Whose need or slot is of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// Whose need or project is in this place or below it.
        place: ID => read::place,
        /// With this organization on either side.
        organization: ID => read::organization,
        /// With this organization on the asking side 需求方.
        asking: ID => read::asking,
        /// With this organization on the giving side 供给方.
        giving: ID => read::giving,
        /// That serve this need or slot.
        target: ID => read::target,
        /// That serve a slot of this project.
        project: ID => read::project,
        /// With this resource, or from the open capacity of this organization.
        supplier: ID => read::supplier,
        /// Proposed by this plan 匹配方案.
        plan: ID => read::plan,
        /// In one of these states.
        status: Vec<PairingStatus> => read::status(|it: PairingStatus| Status::Pairing(it.into())),
        /// Whose need came in by one of these channels.
        channel: Vec<Channel> => |all| Ok(Condition::Channel(all.clone())),
        /// Whose need or slot is of one of these forms.
        form: Vec<Form> => |all| Ok(Condition::Form(all.clone())),
        /// Whose need or slot is for one of these groups 服务对象.
        beneficiary: Vec<BeneficiaryGroup> => |all| Ok(Condition::Beneficiary(all.clone())),
        /// Given by whoever is of this kind 单位类型, as tiles group them.
        unit_kind: UnitKind => |kind| Ok(Condition::UnitKind(*kind)),
        /// Proposed or requested in this span.
        proposed: TimeRange => |span| Ok(Condition::Began(*span)),
        /// Whose next step is due in this span 期限: while one side has claimed it, when that claim lapses; once it is agreed,
        /// the end (by UTC) of the last day on which it is of use. Others have no such moment.
        due: TimeRange => read::moments(Rank::Due),
        /// With all these words in what the need or slot says, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

/// The category a code or an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn category_code(text: &str) -> Result<CategoryCode> {
    if let Some(NodeId::Category(code)) = NodeId::read(text) {
        return Ok(code);
    }
    CategoryCode::new(text).map_err(|error| {
        bad_input(
            "category:应为类别的标识或代码:2 到 32 个大写字母、数字或连字符",
            format!("category: {error}"),
        )
    })
}

/// The place an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn place_id(id: &ID) -> Result<PlaceId> {
    match NodeId::read(id) {
        Some(NodeId::Place(place)) => Ok(place),
        _ => Err(wrong_id("place", "区域", "a place")),
    }
}

/// The organization an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn organization_id(id: &ID) -> Result<OrganizationId> {
    match NodeId::read(id) {
        Some(NodeId::Organization(organization)) => Ok(organization),
        _ => Err(wrong_id("organization", "组织", "an organization")),
    }
}
