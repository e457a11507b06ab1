//! What becomes of needs and resources beside pairings: review, period, confirmation, the end, likely duplicates.

use super::{
    appraisal::Appraisal,
    connection::{PageRequest, connection, page_size, place},
    fault::{FaultCode, fault},
    need::Need,
    organization::Organization,
    scalar::DateTime,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use engine::{
    duplicates::{Duplicate, Duplicates},
    history::Entity,
    need::{self as domain, NeedEnd, RejectionGround, Review},
    period::Quarter as DomainQuarter,
    permission::Sight,
    resource::{Resource, ResourceEnd},
};
use std::sync::Arc;

/// Whether somebody has to look at a need before it is matched 核实.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NeedReview {
    /// 无需核实: nobody asked for it.
    NotAsked,
    /// 待核实: it is not matched before.
    Waiting,
    /// 已核实.
    Verified,
}

/// Why a need is not taken on 不予受理理由.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RejectionCode {
    /// 属其他单位职责: it is another party's duty.
    OthersDuty,
    /// 已列入政府项目: a government project covers it.
    GovernmentProject,
    /// 不具备条件: it cannot be done.
    NotFeasible,
    /// 重复: it says what another need says.
    DuplicateOf,
    /// 其他: the note says what.
    Other,
}

/// How a need ended 办结方式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NeedEndKind {
    /// 撤回: its poster took it back.
    Withdrawn,
    /// 不予受理: it was not taken on.
    Rejected,
    /// 并案: another need carries it.
    Merged,
    /// 到期: its time was over before anything was promised.
    Expired,
    /// 销号: it is done with.
    StruckOff,
}

/// The end of a need 办结.
#[derive(Clone, SimpleObject)]
pub struct NeedEnding {
    /// How.
    pub kind: NeedEndKind,
    /// When; null when it was withdrawn: its history says when.
    pub at: Option<DateTime>,
    /// On what ground it was rejected.
    pub ground: Option<RejectionCode>,
    /// Whose duty it is, when it is another party's.
    pub party: Option<String>,
    /// The need that says the same, or that carries it from now on.
    pub other: Option<Need>,
    /// Why, or how it was settled, in words.
    pub note: Option<String>,
}

impl NeedEnding {
    fn of(at: &Snapshot, end: &NeedEnd) -> Self {
        let ended = |kind| Self { kind, at: None, ground: None, party: None, other: None, note: None };
        match end {
            NeedEnd::Withdrawn { reason } => {
                Self { note: Some(reason.clone()), ..ended(NeedEndKind::Withdrawn) }
            }
            NeedEnd::Rejected { ground, note, at: when } => {
                let (code, party, other) = match ground {
                    RejectionGround::OthersDuty { party } => {
                        (RejectionCode::OthersDuty, Some(party.clone()), None)
                    }
                    RejectionGround::GovernmentProject => (RejectionCode::GovernmentProject, None, None),
                    RejectionGround::NotFeasible => (RejectionCode::NotFeasible, None, None),
                    RejectionGround::DuplicateOf { need } => {
                        (RejectionCode::DuplicateOf, None, Need::find(at, *need))
                    }
                    RejectionGround::Other => (RejectionCode::Other, None, None),
                };
                Self {
                    at: Some(DateTime(*when)),
                    ground: Some(code),
                    party,
                    other,
                    note: note.clone(),
                    ..ended(NeedEndKind::Rejected)
                }
            }
            NeedEnd::Merged { into, at: when } => {
                Self { at: Some(DateTime(*when)), other: Need::find(at, *into), ..ended(NeedEndKind::Merged) }
            }
            NeedEnd::Expired { at: when } => {
                Self { at: Some(DateTime(*when)), ..ended(NeedEndKind::Expired) }
            }
            NeedEnd::StruckOff { note, at: when } => {
                Self { at: Some(DateTime(*when)), note: note.clone(), ..ended(NeedEndKind::StruckOff) }
            }
        }
    }
}

/// A quarter of a year 季度.
#[derive(Clone, SimpleObject)]
pub struct Quarter {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub quarter: i32,
}

impl From<DomainQuarter> for Quarter {
    fn from(it: DomainQuarter) -> Self {
        Self { year: it.year, quarter: it.quarter.into() }
    }
}

/// A need taken along into a later quarter 结转.
#[derive(Clone, SimpleObject)]
pub struct CarriedOver {
    /// Into which.
    pub into: Quarter,
    /// Why.
    pub reason: String,
    /// When that was decided.
    pub at: DateTime,
}

connection!(
    CarriedOver,
    CarriedOverConnection,
    CarriedOverEdge,
    "the quarters a need was taken along into 结转"
);

/// A need that seems to say the same 疑似重复. Nothing is dropped for it: a person rejects or merges.
#[derive(Clone, SimpleObject)]
pub struct LikelyDuplicate {
    /// Which.
    pub need: Option<Need>,
    /// How likely, 0 to 1000: the weighted mean of its parts.
    pub score: i32,
    /// How alike the wordings are, 0 to 1000.
    pub wording: i32,
    /// How near the places are, 0 to 1000; null when one is not known.
    pub place: Option<i32>,
    /// How close the categories are, 0 to 1000; null when one is not known.
    pub category: Option<i32>,
    /// How much of the times is common, 0 to 1000; null when neither names one.
    pub time: Option<i32>,
}

impl LikelyDuplicate {
    fn of(at: &Snapshot, it: Duplicate) -> Self {
        Self {
            need: Need::find(at, it.need),
            score: it.score.into(),
            wording: it.wording.into(),
            place: it.place.map(i32::from),
            category: it.category.map(i32::from),
            time: it.time.map(i32::from),
        }
    }
}

/// The likely duplicates of a need, looked for off the threads that answer.
///
/// # Errors
/// `NOT_ALLOWED` for the public; `INTERNAL` when the search ends unfinished, which is a bug.
pub(super) async fn duplicates(
    ctx: &Context<'_>,
    at: &Snapshot,
    need: engine::identity::NeedId,
) -> Result<Vec<LikelyDuplicate>> {
    Scope::of(ctx)?.needs(Sight::Street)?;
    let state = Arc::clone(at);
    let found = tokio::task::spawn_blocking(move || Duplicates::of(&state).of_need(need)).await;
    let found = found.map_err(|_| fault(FaultCode::Internal, "the duplicates could not be looked for"))?;
    Ok(found
        .into_iter()
        .filter(|it| at.sees(Entity::Need(it.need)))
        .map(|it| LikelyDuplicate::of(at, it))
        .collect())
}

/// What became of a need beside its pairings; its fields appear in the need.
pub struct NeedLife {
    at: Snapshot,
    it: Arc<domain::Need>,
}

impl NeedLife {
    /// Of a need of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Need>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }
}

/// What became of a need beside its pairings.
#[Object]
impl NeedLife {
    /// Whether somebody has to look at it first 核实.
    async fn review(&self) -> NeedReview {
        match self.it.review {
            Review::NotAsked => NeedReview::NotAsked,
            Review::Waiting => NeedReview::Waiting,
            Review::Verified { .. } => NeedReview::Verified,
        }
    }

    /// When it was verified.
    async fn verified_at(&self) -> Option<DateTime> {
        match self.it.review {
            Review::Verified { at } => Some(DateTime(at)),
            Review::NotAsked | Review::Waiting => None,
        }
    }

    /// The community that reviews it 核实方; null leaves it to the street's coordinators.
    async fn reviewer(&self) -> Option<Organization> {
        self.at.reviewer(self.it.id).and_then(|id| Organization::find(&self.at, id))
    }

    /// How it ended 办结; null while it goes on.
    async fn end(&self) -> Option<NeedEnding> {
        self.it.end.as_ref().map(|end| NeedEnding::of(&self.at, end))
    }

    /// When it was answered 答复: verified, rejected, merged, or first claimed by a giver.
    async fn replied_at(&self) -> Option<DateTime> {
        self.it.replied.map(DateTime)
    }

    /// When the time for an answer was over, if there was none 逾期未答复.
    async fn reply_overdue_at(&self) -> Option<DateTime> {
        self.it.reply_overdue.map(DateTime)
    }

    /// When all it asked was accepted, or it was struck off 办结时间.
    async fn met_at(&self) -> Option<DateTime> {
        self.it.met.map(DateTime)
    }

    /// When somebody last said that it still stands.
    async fn confirmed_at(&self) -> DateTime {
        DateTime(self.it.confirmed)
    }

    /// Since when it is asked to be confirmed again 待确认; null when it is not.
    async fn stale_since(&self) -> Option<DateTime> {
        self.it.stale.map(DateTime)
    }

    /// The quarter it belongs to 所属期.
    async fn period(&self) -> Quarter {
        self.it.period(self.at.rules().utc_offset_minutes).into()
    }

    /// The quarters it was taken along into, the last one last 结转.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn carried_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<CarriedOverConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let carried = || self.it.carried_over.iter().enumerate();
            let wrap = |(_, it): (usize, &domain::CarriedOver)| CarriedOver {
                into: it.into.into(),
                reason: it.reason.clone(),
                at: DateTime(it.at),
            };
            Ok(CarriedOverConnection::new(ctx, page, carried, place, wrap))
        };
        Some(read())
    }

    /// What its raiser says of it 评议.
    async fn appraisal(&self) -> Option<Appraisal> {
        self.it.appraised.as_ref().map(Appraisal::from)
    }

    /// Whether it takes the light path 微心愿: no meeting, no agreement.
    async fn is_light(&self) -> bool {
        self.it.is_light()
    }

    /// Needs that seem to say the same, the likeliest first, at most ten 疑似重复. Null, with an error, for the
    /// public.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn likely_duplicates(&self, ctx: &Context<'_>) -> Option<Result<Vec<LikelyDuplicate>>> {
        Some(duplicates(ctx, &self.at, self.it.id).await)
    }
}

/// What became of a resource beside its pairings; its fields appear in the resource.
pub struct ResourceLife(Arc<Resource>);

impl ResourceLife {
    /// Of a resource.
    pub fn new(it: &Arc<Resource>) -> Self {
        Self(Arc::clone(it))
    }
}

/// What became of a resource beside its pairings.
#[Object]
impl ResourceLife {
    /// Why nothing of it is lent for now 暂停原因; null while it is.
    async fn paused_reason(&self) -> Option<&str> {
        self.0.paused.as_deref()
    }

    /// When its time was over 到期.
    async fn expired_at(&self) -> Option<DateTime> {
        match self.0.end {
            Some(ResourceEnd::Expired { at }) => Some(DateTime(at)),
            Some(ResourceEnd::Withdrawn { .. }) | None => None,
        }
    }

    /// When its owner last said that it still stands.
    async fn confirmed_at(&self) -> DateTime {
        DateTime(self.0.confirmed)
    }

    /// Since when it is asked to be confirmed again 待确认; null when it is not.
    async fn stale_since(&self) -> Option<DateTime> {
        self.0.stale.map(DateTime)
    }
}
