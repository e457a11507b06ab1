//! Pages of the work list: whose, under which filter, in which order.

use super::{WorkConnection, WorkItem, WorkTask};
use crate::schema::{
    connection::PageArguments,
    fault::not_allowed,
    filter::{TimeRange, organization_id, place_id},
    identity::NodeId,
    listing::{
        order::OrderDirection,
        sorted,
        wanted::{Naming, Wanted, filter},
    },
    live::filter::lies,
    scalar::int,
    scope::Scope,
};
use async_graphql::{Enum, ID, InputObject, Result};
use engine::{
    history::Entity,
    identity::{OrganizationId, PlaceId},
    member::Caller,
    moment::Moment,
    permission::{Right, Sight},
    state::{
        State,
        listed::Mark,
        waiting::{Task, Waiting},
    },
};
use std::sync::Arc;

/// One condition on something that waits.
#[derive(Debug)]
pub enum WorkCondition {
    /// One of these is to be done.
    Task(Vec<WorkTask>),
    /// For this organization.
    Organization(OrganizationId),
    /// With what lies in this place or below it.
    Place(PlaceId),
    /// Its limit is over, or is not.
    Late(bool),
    /// It waits since this span.
    Since(TimeRange),
    /// Its limit lies in this span.
    Until(TimeRange),
}

impl WorkCondition {
    fn holds(&self, state: &State, it: &Waiting) -> bool {
        match self {
            Self::Task(wanted) => wanted.contains(&it.task.into()),
            Self::Organization(wanted) => it.organization == *wanted,
            Self::Place(outer) => lies(state, &it.about, *outer),
            Self::Late(wanted) => it.late == *wanted,
            Self::Since(span) => span.holds(it.since),
            Self::Until(span) => it.until.is_some_and(|until| span.holds(until)),
        }
    }
}

impl Naming for WorkCondition {
    fn names(&self) -> Option<NodeId> {
        match self {
            Self::Organization(id) => Some(NodeId::Organization(*id)),
            Self::Place(id) => Some(NodeId::Place(*id)),
            Self::Task(_) | Self::Late(_) | Self::Since(_) | Self::Until(_) => None,
        }
    }
}

filter! {
    /// Which work 待办 to list. All conditions hold at once.
    WorkFilter of WorkCondition {
        /// Where one of these is to be done.
        task: Vec<WorkTask> => |all| Ok(WorkCondition::Task(all.clone())),
        /// That waits for this organization.
        organization: ID => |id| organization_id(id).map(WorkCondition::Organization),
        /// To be done with what lies in this place or below it.
        place: ID => |id| place_id(id).map(WorkCondition::Place),
        /// Only what is late 逾期, or only what is not.
        late: bool => |is_late| Ok(WorkCondition::Late(*is_late)),
        /// That waits since this span.
        since: TimeRange => |span| Ok(WorkCondition::Since(*span)),
        /// To be done until a moment in this span 期限; what has no limit is in none.
        until: TimeRange => |span| Ok(WorkCondition::Until(*span)),
    }
}

/// What work may be sorted by 排序依据. What is alike there comes with the longest wait first, either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum WorkOrderField {
    /// 逾期: what is late first.
    #[default]
    Late,
    /// 等待时间: since when it waits, the longest first.
    Since,
    /// 期限: until when it is to be done, the soonest first.
    Until,
    /// 事项: by what is to be done, in the order in which a need goes its way.
    Task,
    /// 单位: by whom it waits for, as these were registered.
    Organization,
}

impl WorkOrderField {
    /// What its cursors begin with.
    const fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Since => "since",
            Self::Until => "until",
            Self::Task => "task",
            Self::Organization => "organization",
        }
    }

    fn mark(self, it: &Waiting) -> Mark {
        match self {
            Self::Late => Mark::At(i64::from(!it.late)),
            Self::Since => Mark::At(it.since.millis()),
            Self::Until => it.until.map_or(Mark::Nothing, |until| Mark::At(until.millis())),
            Self::Task => Mark::At(WorkTask::from(it.task) as i64),
            Self::Organization => Mark::amount(it.organization.number()),
        }
    }
}

/// In which order to list work 排序. What has nothing to be sorted by comes last either way.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct WorkOrder {
    /// By what.
    pub field: WorkOrderField,
    /// Which way.
    #[graphql(default)]
    pub direction: OrderDirection,
}

/// Where something that waits stands in an order: by what it is sorted by, then since when it waits.
type Spot = (Mark, Moment, OrganizationId, Task, Entity);

/// What of the work list is asked for: whose, filter and order.
pub type Asked = (Option<OrganizationId>, Option<WorkFilter>, Option<WorkOrder>);

/// A page of the work list of one organization, or of the whole street.
///
/// # Errors
/// `NOT_ALLOWED` for the public, and for the list of others unless a coordinator asks; `BAD_USER_INPUT` when the filter
/// makes no sense or a cursor belongs to another order.
pub fn read(
    scope: &Scope,
    (whose, filter, order): Asked,
    page: &PageArguments<'_>,
) -> Result<WorkConnection> {
    let whose = allowed(scope, whose)?;
    let wanted = Wanted::read(&scope.state, filter, [])?;
    let WorkOrder { field, direction } = order.unwrap_or_default();
    let state = &scope.state;
    let waiting = state.waiting_for(whose, scope.now());
    let passing = waiting.filter(|it| wanted.passes(&|condition: &WorkCondition| condition.holds(state, it)));
    let placed = |it: Waiting| {
        let spot: Spot = (field.mark(&it), it.since, it.organization, it.task, it.about.clone());
        (spot, it)
    };
    let entries: Vec<(Spot, Waiting)> = passing.map(placed).collect();
    let total = int(entries.len());
    let compare = |one: &Spot, other: &Spot| {
        let rest = |it: &Spot| (it.1, it.2, it.3);
        let alike = || rest(one).cmp(&rest(other)).then_with(|| one.4.cmp(&other.4));
        direction.of_marks(one.0, other.0).then_with(alike)
    };
    let page = sorted::page(entries, field.name(), compare, page)?;
    let wrap = |(_, it)| Some(WorkItem { at: Arc::clone(state), it: Arc::new(it) });
    Ok(WorkConnection::of(page.mapped(wrap), total))
}

/// Whose list the caller gets; `None` for that of the whole street.
fn allowed(scope: &Scope, wanted: Option<OrganizationId>) -> Result<Option<OrganizationId>> {
    scope.needs(Sight::Street)?;
    let for_all = scope.has(Right::Coordinate);
    let own = match scope.caller() {
        Caller::Member { organization, .. } => Some(organization),
        Caller::System | Caller::Public => None,
    };
    match wanted.or(own.filter(|_| !for_all)) {
        Some(it) if Some(it) == own || scope.has(Right::ActFor(it)) => Ok(Some(it)),
        None if for_all => Ok(None),
        _ => {
            let needs =
                ("街道协调员角色或本单位", "the role of a street coordinator, or one's own organization");
            Err(not_allowed(scope.language, needs))
        }
    }
}
