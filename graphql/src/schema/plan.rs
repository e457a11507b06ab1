//! Plans 匹配方案: the result of a matching run, adopted or only tried.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, PageRequest, connection, page_size, place},
    filter::{PairingFilter, TimeRange},
    identity::NodeId,
    listing::{
        self,
        condition::Condition,
        listed,
        order::{By, order},
        wanted::filter,
    },
    organization::Organization,
    pairing::{Fit, Pairing, PairingConnection, PairingOrder, Supplier, Target},
    scalar::{DateTime, Long, Position, int},
    scope::{Scope, Snapshot},
    words::CauseCode,
};
use crate::sign_in::hex;
use async_graphql::{Context, ID, Object, OutputType, Result, SimpleObject, TypeName};
use engine::{
    history::Entity,
    identity::PlanId,
    pairing::{self as paired, PairingTerms},
    plan as domain,
};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, marker::PhantomData, sync::Arc};

/// A plan, as it was at one position.
#[derive(Clone)]
pub struct Plan {
    at: Snapshot,
    it: Arc<domain::Plan>,
}

impl Plan {
    /// The plan of this identity.
    pub fn find(at: &Snapshot, id: PlanId) -> Option<Self> {
        at.plan(id)
            .filter(|_| at.sees(Entity::Plan(id)))
            .map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) })
    }

    /// The plan adopted last.
    pub fn latest(at: &Snapshot) -> Option<Self> {
        at.plans().next_back().and_then(|it| Self::find(at, it.id))
    }
}

/// A plan 匹配方案 that the street has adopted.
#[Object]
impl Plan {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Plan(self.it.id).id()
    }

    /// The position of the state that was matched.
    async fn matched(&self) -> Position {
        self.it.matched.into()
    }

    /// When it was adopted 采纳时间.
    async fn adopted_at(&self) -> DateTime {
        DateTime(self.it.adopted)
    }

    #[graphql(flatten)]
    async fn figures(&self) -> Figures<Plan> {
        Figures { at: Arc::clone(&self.at), it: self.it.summary.clone(), of: PhantomData }
    }

    /// The pairings it proposed, as they stand now, as far as the caller sees them. Those that an earlier plan had proposed
    /// in the same way stay with that plan.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PairingFilter>,
        #[graphql(desc = "In which order; oldest first when not said.")] order_by: Option<PairingOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Plan(self.it.id)];
        Some(listing::for_members::<Pairing>(ctx, &self.at, (filter, order_by), page, within))
    }
}

connection!(Plan, PlanConnection, PlanEdge, "the plans 匹配方案 a street has adopted");
listed!(Plan, Plans of PlanId, PlanFilter, PlanOrder, PlanConnection);

filter! {
    /// Which plans 匹配方案 to list. All conditions hold at once.
    PlanFilter {
        /// Adopted in this span.
        adopted: TimeRange => |span| Ok(Condition::Began(*span)),
    }
}

order! {
    /// In which order to list plans 排序.
    PlanOrder,
    /// What plans may be sorted by 排序依据.
    PlanOrderField {
        /// 采纳时间: when it was adopted, the oldest first.
        Adopted = By::Number,
    }
}

/// The figures of a plan; its fields appear in both adopted and tried ones.
pub struct Figures<O> {
    at: Snapshot,
    it: domain::PlanSummary,
    of: PhantomData<fn() -> O>,
}

/// One type for each thing it is a part of: the library copies the fields of a part when it comes to it, and one that is under way
/// elsewhere has none yet.
impl<O: OutputType> TypeName for Figures<O> {
    fn type_name() -> Cow<'static, str> {
        format!("FiguresOf{}", O::type_name()).into()
    }
}

/// The figures of a plan.
#[Object(name_type)]
impl<O: OutputType> Figures<O> {
    /// Its value: the sum over all pairings of need weight × share met × fit, scaled.
    async fn objective(&self) -> Long {
        Long(self.it.objective.into())
    }

    /// No plan can be worth more than this: the value of the dual prices.
    async fn bound(&self) -> Long {
        Long(self.it.bound.into())
    }

    /// `bound` less `objective`; 0 when the plan is proven best.
    async fn gap(&self) -> Long {
        Long(self.it.bound.saturating_sub(self.it.objective).into())
    }

    /// SHA-256 of the dual prices in hexadecimal, to check the certificate by.
    async fn prices_digest(&self) -> &str {
        &self.it.prices_digest
    }

    /// How fair it is, and what that costs 公平指标; null for plans made before this was told.
    async fn merit(&self) -> Option<Merit> {
        self.it.merit.map(Merit::from)
    }

    /// How it differs from what earlier plans proposed 变动; null for plans made before this was told.
    async fn churn(&self) -> Option<Churn> {
        let churn =
            |it: domain::Churn| Churn { kept: int(it.kept), added: int(it.added), dropped: int(it.dropped) };
        self.it.churn.map(churn)
    }

    /// How many needs and slots were open.
    async fn targets(&self) -> i32 {
        int(self.it.targets)
    }

    /// How many needs and slots it does not serve in full.
    async fn unmet_count(&self) -> i32 {
        int(self.it.unmet.len())
    }

    /// The needs and slots it does not serve in full, and why 未满足及原因. Who acts for an organization reads of its own, and
    /// of needs that it reviews.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn unmet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<UnmetConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let own = || self.it.unmet.iter().enumerate().filter(|(_, it)| self.at.is_own(it.target));
            let wrap = |(_, it): (usize, &domain::Unmet)| Unmet { at: Arc::clone(&self.at), it: it.clone() };
            Ok(UnmetConnection::new(ctx, page, own, place, wrap))
        };
        Some(read())
    }
}

/// How fair a plan is 公平指标, and what that costs.
#[derive(Clone, Copy, SimpleObject)]
pub struct Merit {
    /// How many needs and slots have nothing, neither from this plan nor promised before.
    pub with_nothing: i32,
    /// The smallest share that a need or slot which gets something has, in thousandths 最低满足率.
    pub least_share: i32,
    /// How many communities ask for something or were served within the last year.
    pub communities: i32,
    /// How many of them have nothing 未覆盖社区.
    pub communities_with_nothing: i32,
    /// Gini coefficient of the pairings over the units that have something to give, in thousandths: 0 when
    /// all give in equally many 负担基尼系数.
    pub burden_gini: i32,
    /// The best total when only weight × fit × share counts.
    pub plain_objective: Long,
    /// By how much the plain total of this plan stays below that 公平的代价.
    pub price_of_fairness: Long,
}

impl From<domain::Merit> for Merit {
    fn from(it: domain::Merit) -> Self {
        Self {
            with_nothing: int(it.with_nothing),
            least_share: it.least_share.into(),
            communities: int(it.communities),
            communities_with_nothing: int(it.communities_with_nothing),
            burden_gini: it.burden_gini.into(),
            plain_objective: Long(it.plain_objective.into()),
            price_of_fairness: Long(it.price_of_fairness.into()),
        }
    }
}

/// How a plan differs from what stood before 变动: pairs proposed by earlier plans and claimed by nobody.
#[derive(Clone, Copy, SimpleObject)]
pub struct Churn {
    /// Pairs that stay 保留.
    pub kept: i32,
    /// Pairs that are new 新增.
    pub added: i32,
    /// Pairs that go 取消.
    pub dropped: i32,
}

/// A plan that was computed and not adopted.
#[derive(Clone)]
pub struct PlanPreview {
    at: Snapshot,
    it: Arc<domain::Proposal>,
}

impl PlanPreview {
    /// The preview of a proposal for this state.
    pub fn new(at: &Snapshot, it: domain::Proposal) -> Self {
        Self { at: Arc::clone(at), it: Arc::new(it) }
    }
}

/// A plan that was computed on the snapshot of this request and not recorded 试算方案.
#[Object]
impl PlanPreview {
    /// The position of the state that was matched.
    async fn matched(&self) -> Position {
        self.it.position.into()
    }

    #[graphql(flatten)]
    async fn figures(&self) -> Figures<PlanPreview> {
        Figures { at: Arc::clone(&self.at), it: self.it.summary.clone(), of: PhantomData }
    }

    /// SHA-256 in hexadecimal of what it proposes: who serves what, with how much. `adoptPlan` takes it, and then adopts this
    /// or nothing. As long as the best plan proposes the same, it stays the same.
    async fn digest(&self) -> String {
        digest(&self.it)
    }

    /// How many pairings it proposes.
    async fn pairings_count(&self) -> i32 {
        int(self.it.pairings.len())
    }

    /// The pairings it proposes, in the order of what they serve. Who acts for an organization reads of those in which it
    /// asks or gives, and of needs that it reviews.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ProposedPairingConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let all = || self.it.pairings.iter().enumerate();
            let own = || all().filter(|(_, it)| self.at.sees_pair(it.target, it.supplier));
            let wrap = |(_, it): (usize, &PairingTerms)| ProposedPairing {
                at: Arc::clone(&self.at),
                it: it.clone(),
            };
            Ok(ProposedPairingConnection::new(ctx, page, own, place, wrap))
        };
        Some(read())
    }
}

/// What tells one proposal from another: who serves what, with how much. What the fit and the objective come to moves with
/// the hour and is no part of it.
pub fn digest(proposal: &domain::Proposal) -> String {
    let mut hash = Sha256::new();
    for it in &proposal.pairings {
        let target = NodeId::from(it.target).id();
        let supplier = match it.supplier {
            paired::Supplier::Resource(id) => NodeId::Resource(id).id(),
            paired::Supplier::Unit(id) => NodeId::Organization(id).id(),
        };
        hash.update(format!("{} {} {} {}\n", *target, *supplier, it.quantity, it.draws));
    }
    hex(&hash.finalize())
}

/// A pairing of a plan that was not adopted.
#[derive(Clone)]
pub struct ProposedPairing {
    at: Snapshot,
    it: PairingTerms,
}

/// A pairing of a plan that was computed and not recorded 拟配对.
#[Object]
impl ProposedPairing {
    /// What would be served.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// What would serve it.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.supplier)
    }

    /// The organization of the asking side 需求方.
    async fn asking(&self) -> Option<Organization> {
        self.at.asking(self.it.target).and_then(|asking| Organization::find(&self.at, asking))
    }

    /// The organization of the giving side 供给方.
    async fn giving(&self) -> Option<Organization> {
        self.at.giving(self.it.supplier).and_then(|giving| Organization::find(&self.at, giving))
    }

    /// How much of what is asked, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.quantity)
    }

    /// How much of the giving side it takes: base units, lots, or one engagement.
    async fn draws(&self) -> i32 {
        int(self.it.draws)
    }

    /// How well it fits 契合度.
    async fn fit(&self, ctx: &Context<'_>) -> Result<Option<Fit>> {
        let language = Scope::of(ctx)?.language;
        Ok(self.it.fit.as_ref().map(|fit| Fit::new(fit, language)))
    }
}

connection!(
    ProposedPairing,
    ProposedPairingConnection,
    ProposedPairingEdge,
    "the pairings 拟配对 of a plan that was not recorded; pages of one plan go together, see `matched`"
);

/// What a plan does not serve in full.
#[derive(Clone)]
pub struct Unmet {
    at: Snapshot,
    it: domain::Unmet,
}

/// A need or slot that a plan does not serve in full, and why 未匹配.
#[Object]
impl Unmet {
    /// Which need or slot.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// How much stays unmet, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.quantity)
    }

    /// Why, the most frequent cause first.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn reasons(&self) -> Vec<UnmetReason> {
        let reason = |it: &domain::UnmetReason| UnmetReason { at: Arc::clone(&self.at), it: it.clone() };
        self.it.reasons.iter().map(reason).collect()
    }
}

connection!(Unmet, UnmetConnection, UnmetEdge, "what a plan leaves unmet 未匹配");

/// One cause why something is unmet.
#[derive(Clone)]
pub struct UnmetReason {
    at: Snapshot,
    it: domain::UnmetReason,
}

impl UnmetReason {
    /// The node of a reason for this state.
    pub fn new(at: &Snapshot, it: domain::UnmetReason) -> Self {
        Self { at: Arc::clone(at), it }
    }
}

/// One cause why a need or slot stays unmet 未匹配原因, and how many candidates it shut out.
#[Object]
impl UnmetReason {
    /// The cause.
    async fn code(&self) -> CauseCode {
        self.it.cause.into()
    }

    /// The cause and what would lift it, in the language of the request.
    async fn message(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.it.message(Scope::of(ctx)?.language))
    }

    /// How many candidates it shut out.
    async fn candidates(&self) -> i32 {
        int(self.it.candidates)
    }

    /// The candidate that came nearest, when one can be named.
    async fn nearest(&self) -> Option<Supplier> {
        self.it.nearest.and_then(|supplier| Supplier::find(&self.at, supplier))
    }
}
