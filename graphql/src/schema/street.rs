//! The street 街道, its rules, and who is asking.

use super::{
    limits::{CreditRule, Limits},
    member::Member,
    organization::Organization,
    place::Place,
    scope::{Scope, Snapshot},
    words::{FactorCode, Role},
};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use engine::{
    identity::OrganizationId, member::Caller, pairing::FactorKind, permission::Sight as DomainSight,
    rules::Rules as DomainRules, state::Street as DomainStreet,
};

/// The street, as it was at one position.
#[derive(Clone)]
pub struct Street {
    at: Snapshot,
    it: DomainStreet,
}

impl Street {
    /// The street, once opened.
    pub fn find(at: &Snapshot) -> Option<Self> {
        at.street().map(|it| Self { at: Snapshot::clone(at), it: it.clone() })
    }
}

/// A street 街道: one jurisdiction, one log.
#[Object]
impl Street {
    /// Its name.
    async fn name(&self) -> &str {
        &self.it.name
    }

    /// Its root in the territory tree.
    async fn place(&self) -> Option<Place> {
        Place::find(&self.at, self.it.place)
    }

    /// Its office 街道办.
    async fn office(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.office)
    }
}

/// How much one factor of the fit counts 权重.
#[derive(Clone, SimpleObject)]
pub struct FactorWeight {
    /// Which factor.
    pub code: FactorCode,
    /// What it is called, in the language of the request.
    pub label: String,
    /// What it counts, 0 to 1000; 0 leaves it out.
    pub weight: i32,
}

/// The rules of a street, as they were at one position.
#[derive(Clone)]
pub struct Rules(pub DomainRules);

/// What a street may set 规则: weights of the matching, limits of time, default capacities.
#[Object]
impl Rules {
    /// Minutes the street's clock is ahead of UTC.
    async fn utc_offset_minutes(&self) -> i32 {
        self.0.utc_offset_minutes.into()
    }

    /// Hours after which a claim lapses when the other side stays silent 认领时限.
    async fn claim_hours(&self) -> i32 {
        super::scalar::int(self.0.claim_hours)
    }

    /// How many needs a unit takes on at once without posted resources, unless it says otherwise 认领上限.
    async fn open_capacity(&self) -> i32 {
        super::scalar::int(self.0.open_capacity)
    }

    /// The least fit, 0 to 1000, at which a pairing is proposed 最低契合度.
    async fn fit_min(&self) -> i32 {
        self.0.fit_min.into()
    }

    /// What each factor of the fit counts 权重.
    #[graphql(complexity = "crate::schema::connection::cost(8, child_complexity)")]
    async fn weights(&self, ctx: &Context<'_>) -> Result<Vec<FactorWeight>> {
        let language = Scope::of(ctx)?.language;
        let weight = |kind: FactorKind| FactorWeight {
            code: kind.into(),
            label: kind.label(language).to_owned(),
            weight: self.0.weights.of(kind).into(),
        };
        Ok(FactorKind::ALL.into_iter().map(weight).collect())
    }

    /// What makes one need weigh more than another 需求权重.
    async fn need_weights(&self) -> NeedWeights {
        let it = self.0.need_weights;
        NeedWeights {
            urgent: it.urgent.into(),
            emergency: it.emergency.into(),
            doubling: it.doubling.into(),
            day: it.day.into(),
        }
    }

    /// How a plan shares out what is scarce 公平规则.
    async fn fairness(&self) -> Fairness {
        let it = self.0.fairness;
        Fairness {
            first_half: it.first_half.into(),
            community: it.community.into(),
            burden: it.burden.into(),
        }
    }

    /// Days after which the contacts of what is over are erased 联系人保存期限; null = only when somebody erases them.
    async fn contact_days(&self) -> Option<i32> {
        self.0.contact_days.map(super::scalar::int)
    }

    /// By when things are to happen 时限.
    async fn limits(&self) -> Limits {
        self.0.limits.into()
    }

    /// The table of credits in force 积分规则: the first line that fits counts.
    #[graphql(complexity = "crate::schema::connection::cost(100, child_complexity)")]
    async fn credits(&self) -> Vec<CreditRule> {
        self.0.credit_rules().iter().map(CreditRule::from).collect()
    }
}

/// What a need weighs beyond an ordinary one (1000) 需求权重, in thousandths of it; 3200 in all is the most.
#[derive(Clone, Copy, SimpleObject)]
pub struct NeedWeights {
    /// Added when it is urgent 紧急.
    pub urgent: i32,
    /// Added when it is an emergency 突发.
    pub emergency: i32,
    /// Added for each doubling of the people it serves, at most 500 in all 受益人数.
    pub doubling: i32,
    /// Added for each day it has waited, at most 700 in all 等待天数.
    pub day: i32,
}

/// How a plan shares out what is scarce 公平规则.
#[derive(Clone, Copy, SimpleObject)]
pub struct Fairness {
    /// How much more than the mean the first half of a need counts, and how much less the second, in
    /// thousandths.
    pub first_half: i32,
    /// What the first need served in a community adds, in thousandths of an ordinary need met in full; the
    /// second adds half of it, the third a quarter.
    pub community: i32,
    /// What a unit's second engagement at the same time costs, in thousandths of an ordinary need met in
    /// full; the third costs twice that, up to five times.
    pub burden: i32,
}

/// What a caller may look at 可见范围.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DomainSight")]
pub enum Sight {
    /// 公开视图: the three lists, places, organizations; no pairings, plans or events.
    Notices,
    /// 成员视图: pairings, plans with their reasons, the event feed.
    Street,
    /// 协调员视图: logins too.
    Members,
}

/// Whoever asks.
#[derive(Clone)]
pub struct Me {
    at: Snapshot,
    caller: Caller,
    sight: DomainSight,
}

impl Me {
    /// Whoever this request comes from.
    pub fn new(scope: &Scope) -> Self {
        Self { at: Snapshot::clone(&scope.state), caller: scope.caller(), sight: scope.sight() }
    }

    const fn acts_for(&self) -> Option<OrganizationId> {
        match self.caller {
            Caller::Member { organization, .. } => Some(organization),
            Caller::System | Caller::Public => None,
        }
    }
}

/// Whoever asks 当前用户: a signed-in member, or the public.
#[Object]
impl Me {
    /// Whether a token was shown and is good.
    async fn signed_in(&self) -> bool {
        matches!(self.caller, Caller::Member { .. })
    }

    /// What this caller may look at.
    async fn sight(&self) -> Sight {
        self.sight.into()
    }

    /// The role; null for the public.
    async fn role(&self) -> Option<Role> {
        match self.caller {
            Caller::Member { role, .. } => Some(role.into()),
            Caller::System | Caller::Public => None,
        }
    }

    /// Whom the caller acts for; null for the public.
    async fn organization(&self) -> Option<Organization> {
        self.acts_for().and_then(|organization| Organization::find(&self.at, organization))
    }

    /// The login itself; null for the public.
    async fn member(&self) -> Option<Member> {
        match self.caller {
            Caller::Member { member, .. } => Member::find(&self.at, member),
            Caller::System | Caller::Public => None,
        }
    }
}
