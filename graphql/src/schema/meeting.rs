//! Joint meetings 联席会: agendas, decisions, minutes, and the draft of the next agenda.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, PageRequest, connection, page_size, place},
    filter::TimeRange,
    identity::NodeId,
    listing::{
        self,
        condition::Condition,
        listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    next_actions::NextPart,
    organization::{Organization, OrganizationConnection},
    pairing::Pairing,
    project::Project,
    scalar::{DateTime, int},
    scope::{Scope, Snapshot},
    words::Side,
};
use async_graphql::{Context, Enum, ID, Object, OutputType, Result, TypeName, Union};
use engine::{
    agenda,
    history::Entity,
    identity::MeetingId,
    meeting::{self as domain, Item},
    permission::Sight,
    state::listed::{FacetKind, MeetingStanding, Rank, Status},
};
use std::{borrow::Cow, marker::PhantomData, sync::Arc};

/// Where a meeting stands 联席会状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "MeetingStanding")]
pub enum MeetingStatus {
    /// 已召集: decisions may be written down.
    Called,
    /// 已结束: its minutes are written.
    Closed,
    /// 已取消.
    Cancelled,
}

/// What a meeting decides of an item 议定结果.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DecisionCode {
    /// 同意: a pairing is agreed, a project goes ahead to its agreement.
    Agree,
    /// 调整: the pairing is for another quantity from now on.
    ChangeTerms,
    /// 缓议: not now.
    Postpone,
    /// 不予实施: the pairing is declined, the project withdrawn.
    Drop,
}

/// Why an item is on the draft of an agenda 列入原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AgendaReason {
    /// 上次缓议: a meeting put it off.
    Postponed,
    /// 单方认领: one side has claimed, and the other has not answered.
    Claimed,
    /// 待签约: the project is agreed and waits for its signatures.
    ToBeSigned,
    /// 待议定: the project is not agreed yet.
    ToBeAgreed,
    /// 待认领: the pairing is proposed, and nobody has claimed it.
    Unclaimed,
}

/// What an item of an agenda 议题 is about: a pairing or a project.
#[derive(Clone, Union)]
pub enum AgendaSubject {
    /// A pairing.
    Pairing(Pairing),
    /// A project.
    Project(Project),
}

impl AgendaSubject {
    fn find(at: &Snapshot, item: Item) -> Option<Self> {
        match item {
            Item::Pairing(pairing) => Pairing::find(at, pairing).map(Self::Pairing),
            Item::Project(project) => Project::find(at, project).map(Self::Project),
        }
    }
}

/// A decision of a meeting, as it was written down.
#[derive(Clone)]
pub struct Decision {
    at: Snapshot,
    it: domain::Decided,
}

/// A decision of a joint meeting 议定事项.
#[Object]
impl Decision {
    /// Of what.
    async fn subject(&self) -> Option<AgendaSubject> {
        AgendaSubject::find(&self.at, self.it.item)
    }

    /// What 议定结果.
    async fn decision(&self) -> DecisionCode {
        match self.it.decision {
            domain::Decision::Agree => DecisionCode::Agree,
            domain::Decision::ChangeTerms { .. } => DecisionCode::ChangeTerms,
            domain::Decision::Postpone => DecisionCode::Postpone,
            domain::Decision::Drop => DecisionCode::Drop,
        }
    }

    /// How much of what is asked from then on; null unless the terms were changed.
    async fn quantity(&self) -> Option<i32> {
        match self.it.decision {
            domain::Decision::ChangeTerms { quantity, .. } => Some(int(quantity)),
            _ => None,
        }
    }

    /// How much of the giving side it took from then on; null unless the terms were changed.
    async fn draws(&self) -> Option<i32> {
        match self.it.decision {
            domain::Decision::ChangeTerms { draws, .. } => Some(int(draws)),
            _ => None,
        }
    }

    /// Why, and what else was said 说明.
    async fn note(&self) -> Option<&str> {
        self.it.note.as_deref()
    }

    /// When it was written down.
    async fn decided_at(&self) -> DateTime {
        DateTime(self.it.at)
    }
}

/// An item of an agenda.
#[derive(Clone)]
pub struct AgendaItem {
    at: Snapshot,
    item: Item,
    decided: Option<domain::Decided>,
}

/// An item of the agenda 议题.
#[Object]
impl AgendaItem {
    /// What it is about.
    async fn subject(&self) -> Option<AgendaSubject> {
        AgendaSubject::find(&self.at, self.item)
    }

    /// What stands decided of it; null as long as nothing is.
    async fn decision(&self) -> Option<Decision> {
        self.decided.clone().map(|it| Decision { at: Arc::clone(&self.at), it })
    }
}

/// A meeting, as it was at one position.
#[derive(Clone)]
pub struct Meeting {
    at: Snapshot,
    it: Arc<domain::Meeting>,
}

impl Meeting {
    fn new(at: &Snapshot, it: &Arc<domain::Meeting>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The meeting of this identity.
    pub fn find(at: &Snapshot, id: MeetingId) -> Option<Self> {
        at.meeting(id).filter(|_| at.sees(Entity::Meeting(id))).map(|it| Self::new(at, it))
    }
}

/// A joint meeting 联席会.
#[Object]
impl Meeting {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Meeting(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Meeting(self.it.id))
    }

    /// What it is called 名称.
    async fn title(&self) -> &str {
        &self.it.draft.title
    }

    /// When it is held 时间.
    async fn held_at(&self) -> DateTime {
        DateTime(self.it.draft.at)
    }

    /// Where 地点.
    async fn venue(&self) -> Option<&str> {
        self.it.draft.venue.as_deref()
    }

    /// Who takes part 参会单位.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<OrganizationConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let all = self.it.draft.participants.iter().enumerate();
            let found =
                || all.clone().filter_map(|(index, id)| Some((index, Organization::find(&self.at, *id)?)));
            Ok(OrganizationConnection::new(ctx, page, found, place, |(_, it)| it))
        };
        Some(read())
    }

    /// The agenda 议程, each item with what stands decided of it. Who acts for an organization reads those that it sees.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn agenda(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<AgendaItemConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let seen = || self.it.draft.agenda.iter().enumerate().filter(|(_, it)| self.at.sees(**it));
            let wrap = |(_, item): (usize, &Item)| AgendaItem {
                at: Arc::clone(&self.at),
                item: *item,
                decided: self.it.decided(*item).cloned(),
            };
            Ok(AgendaItemConnection::new(ctx, page, seen, place, wrap))
        };
        Some(read())
    }

    /// Everything that was decided, in the order in which it was. Who acts for an organization reads what is on items that it
    /// sees.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn decisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<DecisionConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let seen = || self.it.decisions.iter().enumerate().filter(|(_, it)| self.at.sees(it.item));
            let wrap =
                |(_, it): (usize, &domain::Decided)| Decision { at: Arc::clone(&self.at), it: it.clone() };
            Ok(DecisionConnection::new(ctx, page, seen, place, wrap))
        };
        Some(read())
    }

    /// Where it stands 状态.
    async fn status(&self) -> MeetingStatus {
        MeetingStanding::from(&self.it.status).into()
    }

    /// The minutes 会议纪要; null until it is closed.
    async fn minutes(&self) -> Option<&str> {
        match &self.it.status {
            domain::MeetingStatus::Closed { minutes, .. } => Some(minutes),
            domain::MeetingStatus::Called | domain::MeetingStatus::Cancelled { .. } => None,
        }
    }

    /// When it was called.
    async fn called_at(&self) -> DateTime {
        DateTime(self.it.called)
    }

    /// When it was closed.
    async fn closed_at(&self) -> Option<DateTime> {
        match self.it.status {
            domain::MeetingStatus::Closed { at, .. } => Some(DateTime(at)),
            domain::MeetingStatus::Called | domain::MeetingStatus::Cancelled { .. } => None,
        }
    }

    /// Why it was cancelled 原因.
    async fn reason(&self) -> Option<&str> {
        match &self.it.status {
            domain::MeetingStatus::Cancelled { reason } => Some(reason),
            domain::MeetingStatus::Called | domain::MeetingStatus::Closed { .. } => None,
        }
    }
}

connection!(AgendaItem, AgendaItemConnection, AgendaItemEdge, "an agenda 议程");
connection!(Decision, DecisionConnection, DecisionEdge, "what a joint meeting has decided 议定事项");
connection!(SuggestedItem, SuggestedItemConnection, SuggestedItemEdge, "the draft of an agenda 议程草案");
connection!(Meeting, MeetingConnection, MeetingEdge, "joint meetings 联席会");
listed!(Meeting, Meetings of MeetingId, MeetingFilter, MeetingOrder, MeetingConnection);

filter! {
    /// Which joint meetings 联席会 to list. All conditions hold at once.
    MeetingFilter {
        /// In which this organization takes part.
        participant: ID => read::organization,
        /// With this pairing or project on its agenda.
        about: ID => read::item,
        /// In one of these states.
        status: Vec<MeetingStatus> => read::status(|it: MeetingStatus| Status::Meeting(it.into())),
        /// Called in this span.
        called: TimeRange => |span| Ok(Condition::Began(*span)),
        /// Held in this span.
        held: TimeRange => read::moments(Rank::Held),
        /// With all these words in its title, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

order! {
    /// In which order to list joint meetings 排序.
    MeetingOrder,
    /// What joint meetings may be sorted by 排序依据.
    MeetingOrderField {
        /// 召集时间: when it was called, the oldest first.
        Called = By::Number,
        /// 开会时间: when it is held.
        Held = By::Rank(Rank::Held),
        /// 状态: as the life of a meeting goes, those that are not over first.
        Status = By::Facet(FacetKind::Status),
    }
}

/// What meetings say of a pairing or project; its fields appear in both.
pub struct Discussion<O> {
    at: Snapshot,
    item: Item,
    of: PhantomData<fn() -> O>,
}

impl<O> Discussion<O> {
    /// What meetings say of this item.
    pub fn new(at: &Snapshot, item: Item) -> Self {
        Self { at: Arc::clone(at), item, of: PhantomData }
    }
}

/// One type for each thing it is a part of: the library copies the fields of a part when it comes to it, and one that is under way
/// elsewhere has none yet.
impl<O: OutputType> TypeName for Discussion<O> {
    fn type_name() -> Cow<'static, str> {
        format!("DiscussionOf{}", O::type_name()).into()
    }
}

/// What meetings say of a pairing or project.
#[Object(name_type)]
impl<O: OutputType> Discussion<O> {
    /// The joint meetings 联席会 that have it on their agenda, as they were called when not said otherwise. Null, with an
    /// error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<MeetingFilter>,
        #[graphql(desc = "In which order; as they were called when not said.")] order_by: Option<
            MeetingOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<MeetingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Item(self.item)];
        Some(listing::for_members::<Meeting>(ctx, &self.at, (filter, order_by), page, within))
    }
}

/// An item that the next meeting had best talk about.
#[derive(Clone)]
pub struct SuggestedItem {
    at: Snapshot,
    it: agenda::Suggested,
}

/// An item of the draft of an agenda 议程草案, with why it is there.
#[Object]
impl SuggestedItem {
    /// What it is about.
    async fn subject(&self) -> Option<AgendaSubject> {
        AgendaSubject::find(&self.at, self.it.item)
    }

    /// Why it is there 列入原因.
    async fn why(&self) -> AgendaReason {
        match self.it.why {
            agenda::Why::Postponed(_) => AgendaReason::Postponed,
            agenda::Why::Claimed { .. } => AgendaReason::Claimed,
            agenda::Why::ToBeSigned => AgendaReason::ToBeSigned,
            agenda::Why::ToBeAgreed => AgendaReason::ToBeAgreed,
            agenda::Why::Unclaimed => AgendaReason::Unclaimed,
        }
    }

    /// The meeting that put it off.
    async fn postponed_by(&self) -> Option<Meeting> {
        match self.it.why {
            agenda::Why::Postponed(meeting) => Meeting::find(&self.at, meeting),
            _ => None,
        }
    }

    /// Which side has claimed.
    async fn claimed_by(&self) -> Option<Side> {
        match self.it.why {
            agenda::Why::Claimed { by, .. } => Some(by.into()),
            _ => None,
        }
    }

    /// When that claim lapses.
    async fn claimed_until(&self) -> Option<DateTime> {
        match self.it.why {
            agenda::Why::Claimed { until, .. } => Some(DateTime(until)),
            _ => None,
        }
    }
}

/// The queries about meetings.
pub struct MeetingQuery {
    bound: Option<Scope>,
}

impl MeetingQuery {
    /// Of a state that was asked for, or else of the request's own.
    pub const fn of(bound: Option<Scope>) -> Self {
        Self { bound }
    }

    fn scope<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Scope> {
        let scope = self.bound.as_ref().map_or_else(|| Scope::of(ctx), Ok)?;
        scope.needs(Sight::Street)?;
        Ok(scope)
    }
}

/// The queries about meetings.
#[Object]
impl MeetingQuery {
    /// The joint meetings 联席会, in the order in which they were called. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<MeetingFilter>,
        #[graphql(desc = "In which order; as they were called when not said.")] order_by: Option<
            MeetingOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<MeetingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let asked = (filter, order_by);
        let read = |scope: &Scope| listing::for_members::<Meeting>(ctx, &scope.state, asked, page, []);
        Some(self.scope(ctx).and_then(read))
    }

    /// What the next joint meeting had best talk about 议程草案, each item with why; who acts for an organization reads the
    /// items that it sees. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn draft_agenda(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<SuggestedItemConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let at = &self.scope(ctx)?.state;
            let drafted = agenda::draft(at);
            let seen = || drafted.iter().enumerate().filter(|(_, it)| at.sees(it.item));
            let wrap = |(_, it): (usize, &agenda::Suggested)| SuggestedItem { at: Arc::clone(at), it: *it };
            Ok(SuggestedItemConnection::new(ctx, page, seen, place, wrap))
        };
        Some(read())
    }
}
