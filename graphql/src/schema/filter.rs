//! Filters as they come in; see [`super::listing`].
//!
//! All conditions of a filter hold at once. A top category includes its leaves, a place includes everything below it,
//! words are looked for in title and detail without regard to case.

use super::{
    fault::bad_input,
    identity::NodeId,
    listing::{condition::Condition, read, wanted::filter},
    scalar::{Date, DateTime},
    words::{Channel, Form, NeedStatus, PairingStatus, ProjectStatus, ResourceStatus, Urgency},
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

/// A span of time 时间范围.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct TimeRange {
    /// From this moment on; open when not said.
    pub from: Option<DateTime>,
    /// Before this moment; open when not said.
    pub until: Option<DateTime>,
}

impl TimeRange {
    /// Whether a moment lies in it.
    pub fn holds(self, moment: Moment) -> bool {
        self.from.is_none_or(|from| from.0 <= moment) && self.until.is_none_or(|until| moment < until.0)
    }
}

/// Which needs to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NeedFilter {
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<NeedStatus>>,
    /// Came in by one of these channels.
    pub channel: Option<Vec<Channel>>,
    /// As soon as one of these says; what says nothing is normal.
    pub urgency: Option<Vec<Urgency>>,
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Of use until a day in this span; what has no end is in none.
    pub deadline: Option<DayRange>,
    /// Posted in this span.
    pub posted: Option<TimeRange>,
    /// With all these words in title or detail, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<NeedFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<NeedFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<NeedFilter>>,
}

/// Which resources to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ResourceFilter {
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<ResourceStatus>>,
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Of use until a day in this span; what has no end is in none.
    pub deadline: Option<DayRange>,
    /// Posted in this span.
    pub posted: Option<TimeRange>,
    /// With all these words in title or detail, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<ResourceFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<ResourceFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<ResourceFilter>>,
}

/// Which projects to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProjectFilter {
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<ProjectStatus>>,
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Of use until a day in this span; what has no end is in none.
    pub deadline: Option<DayRange>,
    /// Posted in this span.
    pub posted: Option<TimeRange>,
    /// With all these words in title or detail, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<ProjectFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<ProjectFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<ProjectFilter>>,
}

/// Which pairings to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PairingFilter {
    /// Whose need or slot is of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// Whose need or project is in this place or below it.
    pub place: Option<ID>,
    /// With this organization on either side.
    pub organization: Option<ID>,
    /// With this organization on the asking side 需求方.
    pub asking: Option<ID>,
    /// With this organization on the giving side 供给方.
    pub giving: Option<ID>,
    /// That serve this need or slot.
    pub target: Option<ID>,
    /// That serve a slot of this project.
    pub project: Option<ID>,
    /// With this resource, or from the open capacity of this organization.
    pub supplier: Option<ID>,
    /// Proposed by this plan 匹配方案.
    pub plan: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<PairingStatus>>,
    /// Whose need came in by one of these channels.
    pub channel: Option<Vec<Channel>>,
    /// Whose need or slot is of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Proposed or requested in this span.
    pub proposed: Option<TimeRange>,
    /// Whose next step is due in this span 期限: while one side has claimed it, when that claim lapses; once it is agreed,
    /// the end (by UTC) of the last day on which it is of use. Others have no such moment.
    pub due: Option<TimeRange>,
    /// With all these words in what the need or slot says, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<PairingFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<PairingFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<PairingFilter>>,
}

filter!(NeedFilter:
    category => read::category,
    place => read::place,
    organization => read::organization,
    status => read::status(|it: NeedStatus| Status::Need(it.into())),
    channel => |all| Ok(Condition::Channel(all.clone())),
    urgency => read::each::<Urgency, _>(Condition::Urgency),
    form => |all| Ok(Condition::Form(all.clone())),
    deadline => read::deadline,
    posted => |span| Ok(Condition::Began(*span)),
    text => read::text,
);

filter!(ResourceFilter:
    category => read::category,
    place => read::place,
    organization => read::organization,
    status => read::status(|it: ResourceStatus| Status::Resource(it.into())),
    form => |all| Ok(Condition::Form(all.clone())),
    deadline => read::deadline,
    posted => |span| Ok(Condition::Began(*span)),
    text => read::text,
);

filter!(ProjectFilter:
    category => read::category,
    place => read::place,
    organization => read::organization,
    status => read::status(|it: ProjectStatus| Status::Project(it.into())),
    form => |all| Ok(Condition::Form(all.clone())),
    deadline => read::deadline,
    posted => |span| Ok(Condition::Began(*span)),
    text => read::text,
);

filter!(PairingFilter:
    category => read::category,
    place => read::place,
    organization => read::organization,
    asking => read::asking,
    giving => read::giving,
    target => read::target,
    project => read::project,
    supplier => read::supplier,
    plan => read::plan,
    status => read::status(|it: PairingStatus| Status::Pairing(it.into())),
    channel => |all| Ok(Condition::Channel(all.clone())),
    form => |all| Ok(Condition::Form(all.clone())),
    proposed => |span| Ok(Condition::Began(*span)),
    due => read::moments(Rank::Due),
    text => read::text,
);

/// The category a code or an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn category_code(text: &str) -> Result<CategoryCode> {
    if let Some(NodeId::Category(code)) = NodeId::read(text) {
        return Ok(code);
    }
    CategoryCode::new(text).map_err(|error| bad_input(format!("category: {error}")))
}

/// The place an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn place_id(id: &ID) -> Result<PlaceId> {
    match NodeId::read(id) {
        Some(NodeId::Place(place)) => Ok(place),
        _ => Err(bad_input("place: this is not the id of a place")),
    }
}

/// The organization an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn organization_id(id: &ID) -> Result<OrganizationId> {
    match NodeId::read(id) {
        Some(NodeId::Organization(organization)) => Ok(organization),
        _ => Err(bad_input("organization: this is not the id of an organization")),
    }
}
