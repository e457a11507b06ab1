//! Pairings 配对: a need or slot with what serves it, and the two claims that agree it.

use super::{
    bid::Bid,
    connection::connection,
    filter::PairingFilter,
    identity::NodeId,
    listing::{
        listed,
        order::{By, order},
    },
    meeting::Discussion,
    need::Need,
    next_actions::NextPart,
    organization::Organization,
    plan::Plan,
    project::Slot,
    resource::Resource,
    scalar::{DateTime, int},
    scope::{Scope, Snapshot},
    words::{FactorCode, PairingStatus, Side},
    works::PairingLife,
};
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject, Union};
use engine::{
    history::Entity,
    identity::PairingId,
    meeting::Item,
    pairing as domain,
    refusal::wording::Language,
    state::listed::{FacetKind, Rank},
};
use std::sync::Arc;

/// What is to be served 需求 or 需求项: a need, or a slot of a project.
#[derive(Clone, Union)]
pub enum Target {
    /// A need.
    Need(Need),
    /// A slot of a project.
    Slot(Slot),
}

impl Target {
    /// The node of a target of this state.
    pub fn find(at: &Snapshot, target: domain::Target) -> Option<Self> {
        match target {
            domain::Target::Need(need) => Need::find(at, need).map(Self::Need),
            domain::Target::Slot(project, index) => Slot::find(at, project, index).map(Self::Slot),
        }
    }
}

/// What serves 供给: a posted resource, or a unit that takes the matter up directly.
#[derive(Clone, Union)]
pub enum Supplier {
    /// A posted resource.
    Resource(Resource),
    /// A unit's open capacity.
    Organization(Organization),
}

impl Supplier {
    /// The node of a supplier of this state.
    pub fn find(at: &Snapshot, supplier: domain::Supplier) -> Option<Self> {
        match supplier {
            domain::Supplier::Resource(resource) => Resource::find(at, resource).map(Self::Resource),
            domain::Supplier::Unit(unit) => Organization::find(at, unit).map(Self::Organization),
        }
    }
}

/// One factor of a fit 契合度因素.
#[derive(Clone, SimpleObject)]
pub struct Factor {
    /// Which.
    pub code: FactorCode,
    /// What it is called, in the language of the request.
    pub label: String,
    /// How well, 0 to 1000.
    pub value: i32,
    /// What the street's rules make it count, 0 to 1000.
    pub weight: i32,
    /// Whether the giving side left open what it looks at, and the value is that of an ordinary pair 按常情计.
    pub assumed: bool,
}

/// How well a pairing fits 契合度.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Fit {
    /// The weighted mean of the factors, 0 to 1000.
    pub total: i32,
    #[graphql(skip)]
    factors: Vec<Factor>,
    /// The same in words, the weightiest first, in the language of the request.
    pub reasons: Vec<String>,
}

#[ComplexObject]
impl Fit {
    /// What it is made of 契合度因素; a factor that the asking side gives no ground to judge is left out.
    #[graphql(complexity = "crate::schema::connection::cost(8, child_complexity)")]
    async fn factors(&self) -> &[Factor] {
        &self.factors
    }
}

impl Fit {
    /// A fit in one language.
    pub fn new(it: &domain::Fit, language: Language) -> Self {
        let factor = |factor: &domain::Factor| Factor {
            code: factor.kind.into(),
            label: factor.kind.label(language).to_owned(),
            value: factor.value.into(),
            weight: factor.weight.into(),
            assumed: factor.assumed,
        };
        Self {
            total: it.total.into(),
            factors: it.factors.iter().map(factor).collect(),
            reasons: it.reasons(language),
        }
    }
}

/// A pairing, as it was at one position.
#[derive(Clone)]
pub struct Pairing {
    at: Snapshot,
    it: Arc<domain::Pairing>,
}

impl Pairing {
    /// The node of a pairing of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Pairing>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The pairing of this identity.
    pub fn find(at: &Snapshot, id: PairingId) -> Option<Self> {
        at.pairing(id).filter(|_| at.sees(Entity::Pairing(id))).map(|it| Self::new(at, it))
    }
}

/// A pairing 配对: a need or slot with what serves it, for a quantity.
#[Object]
impl Pairing {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Pairing(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Pairing(self.it.id))
    }

    /// What is served.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.terms.target)
    }

    /// What serves it.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.terms.supplier)
    }

    /// The need that is served; null when it is a slot.
    async fn need(&self) -> Option<Need> {
        match self.it.terms.target {
            domain::Target::Need(need) => Need::find(&self.at, need),
            domain::Target::Slot(..) => None,
        }
    }

    /// The slot that is served; null when it is a need.
    async fn slot(&self) -> Option<Slot> {
        match self.it.terms.target {
            domain::Target::Need(_) => None,
            domain::Target::Slot(project, index) => Slot::find(&self.at, project, index),
        }
    }

    /// The resource that serves; null when a unit takes the matter up directly.
    async fn resource(&self) -> Option<Resource> {
        match self.it.terms.supplier {
            domain::Supplier::Resource(resource) => Resource::find(&self.at, resource),
            domain::Supplier::Unit(_) => None,
        }
    }

    /// The organization of the asking side 需求方.
    async fn asking(&self) -> Option<Organization> {
        self.at.asking(self.it.terms.target).and_then(|asking| Organization::find(&self.at, asking))
    }

    /// The organization of the giving side 供给方.
    async fn giving(&self) -> Option<Organization> {
        self.at.giving(self.it.terms.supplier).and_then(|giving| Organization::find(&self.at, giving))
    }

    /// How much of what is asked, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.terms.quantity)
    }

    /// How much of the giving side it takes: base units, lots, or one engagement.
    async fn draws(&self) -> i32 {
        int(self.it.terms.draws)
    }

    /// How well it fits 契合度; null when it was requested by hand.
    async fn fit(&self, ctx: &Context<'_>) -> Result<Option<Fit>> {
        let language = Scope::of(ctx)?.language;
        Ok(self.it.terms.fit.as_ref().map(|fit| Fit::new(fit, language)))
    }

    /// Where it stands 状态.
    async fn status(&self) -> PairingStatus {
        PairingStatus::of(&self.it.status)
    }

    /// Which side claimed it first, while it is CLAIMED, or declined it.
    async fn by(&self) -> Option<Side> {
        match &self.it.status {
            domain::PairingStatus::Claimed { by, .. } | domain::PairingStatus::Declined { by, .. } => {
                Some((*by).into())
            }
            _ => None,
        }
    }

    /// When the claim lapses 认领截止, while it is CLAIMED.
    async fn claimed_until(&self) -> Option<DateTime> {
        match &self.it.status {
            domain::PairingStatus::Claimed { until, .. } => Some(DateTime(*until)),
            _ => None,
        }
    }

    /// When both sides had agreed, whatever became of it then, or when it lapsed.
    async fn settled_at(&self) -> Option<DateTime> {
        match &self.it.status {
            domain::PairingStatus::Lapsed { at } => Some(DateTime(*at)),
            _ => self.it.agreed.map(DateTime),
        }
    }

    /// Why it was declined or withdrawn 原因.
    async fn reason(&self) -> Option<&str> {
        match &self.it.status {
            domain::PairingStatus::Declined { reason, .. } | domain::PairingStatus::Withdrawn { reason } => {
                Some(reason)
            }
            _ => None,
        }
    }

    /// The plan that proposed it; null when it was requested by hand.
    async fn plan(&self) -> Option<Plan> {
        match self.it.origin {
            domain::Origin::Plan(plan) => Plan::find(&self.at, plan),
            domain::Origin::Requested(_) => None,
        }
    }

    /// Who asked for it by hand; null when a plan proposed it.
    async fn requested_by(&self) -> Option<Organization> {
        match self.it.origin {
            domain::Origin::Plan(_) => None,
            domain::Origin::Requested(by) => Organization::find(&self.at, by),
        }
    }

    #[graphql(flatten)]
    async fn life(&self) -> PairingLife {
        PairingLife::new(&self.at, &self.it)
    }

    /// When it was proposed or requested.
    async fn since(&self) -> DateTime {
        DateTime(self.it.since)
    }

    /// What it is claimed jointly with 联合认领, as far as that is not over; empty when it stands for itself.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn joint_with(&self) -> Vec<Self> {
        let Some(leader) = self.it.joint else { return Vec::new() };
        let others = self.at.pairings_of_target(self.it.terms.target);
        let others =
            others.filter(|it| it.joint == Some(leader) && it.status.is_live() && it.id != self.it.id);
        others.filter_map(|it| Self::find(&self.at, it.id)).collect()
    }

    /// The bid 揭榜 that was chosen to be it; null when it came otherwise.
    async fn bid(&self) -> Option<Bid> {
        Bid::chosen_as(&self.at, &self.it)
    }

    #[graphql(flatten)]
    async fn discussion(&self) -> Discussion<Pairing> {
        Discussion::new(&self.at, Item::Pairing(self.it.id))
    }
}

connection!(Pairing, PairingConnection, PairingEdge, "pairings 配对");
listed!(Pairing, Pairings of PairingId, PairingFilter, PairingOrder, PairingConnection);

order! {
    /// In which order to list pairings 排序. What has nothing to be sorted by comes last either way.
    PairingOrder,
    /// What pairings may be sorted by 排序依据.
    PairingOrderField {
        /// 提出时间: when it was proposed or requested, the oldest first.
        Proposed = By::Number,
        /// 状态: as the life of a pairing goes, those that nobody has claimed first.
        Status = By::Facet(FacetKind::Status),
        /// 期限: when its next step is due, the soonest first: while one side has claimed it, when that claim lapses; once
        /// it is agreed, the last day on which it is of use.
        Due = By::Rank(Rank::Due),
        /// 数量: how much of what is asked, in base units whatever they count.
        Quantity = By::Rank(Rank::Quantity),
        /// 契合度: how well it fits, the worst first; what was requested by hand may have none.
        Fit = By::Rank(Rank::Fit),
        /// 类别: the code of the category of the need or slot.
        Category = By::Facet(FacetKind::Category),
    }
}
