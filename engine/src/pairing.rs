//! Pairings 配对: a need or slot with what serves it, and the two claims that agree it.

use crate::{
    identity::{NeedId, OrganizationId, PairingId, PlanId, ProjectId, ResourceId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// A need.
    Need(NeedId),
    /// A slot of a project, by its index.
    Slot(ProjectId, u16),
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Need(need) => write!(out, "{need}"),
            Self::Slot(project, index) => write!(out, "{project}#{}", u32::from(*index) + 1),
        }
    }
}

/// What serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Supplier {
    /// A posted resource.
    Resource(ResourceId),
    /// A unit's open capacity: it takes the matter up directly.
    Unit(OrganizationId),
}

impl fmt::Display for Supplier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(resource) => write!(out, "{resource}"),
            Self::Unit(unit) => write!(out, "{unit}"),
        }
    }
}

/// The two sides of a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Whoever posted the need or project.
    Asking,
    /// Whoever owns the resource, or the unit itself.
    Giving,
}

impl Side {
    /// The other side.
    pub const fn other(self) -> Self {
        match self {
            Self::Asking => Self::Giving,
            Self::Giving => Self::Asking,
        }
    }
}

/// How much is in which state. On the asking side in base units of what is asked, on the giving side
/// in base units of the resource, in its lots, or in engagements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Proposed or requested, claimed by nobody yet.
    pub proposed: u64,
    /// Claimed by one side.
    pub claimed: u64,
    /// Agreed by both, and all that came of it since.
    pub agreed: u64,
    /// Of what is agreed: handed over, as the giver says.
    #[serde(default)]
    pub delivered: u64,
    /// Of what is delivered: confirmed by the receiver.
    #[serde(default)]
    pub accepted: u64,
}

impl Tally {
    /// Nothing at all.
    pub const NONE: Self = Self { proposed: 0, claimed: 0, agreed: 0, delivered: 0, accepted: 0 };

    /// Both together.
    pub const fn plus(self, other: Self) -> Self {
        Self {
            proposed: self.proposed.saturating_add(other.proposed),
            claimed: self.claimed.saturating_add(other.claimed),
            agreed: self.agreed.saturating_add(other.agreed),
            delivered: self.delivered.saturating_add(other.delivered),
            accepted: self.accepted.saturating_add(other.accepted),
        }
    }

    /// What is left without the other.
    pub const fn minus(self, other: Self) -> Self {
        Self {
            proposed: self.proposed.saturating_sub(other.proposed),
            claimed: self.claimed.saturating_sub(other.claimed),
            agreed: self.agreed.saturating_sub(other.agreed),
            delivered: self.delivered.saturating_sub(other.delivered),
            accepted: self.accepted.saturating_sub(other.accepted),
        }
    }

    /// What is promised to somebody: claimed and agreed.
    pub const fn reserved(&self) -> u64 {
        self.claimed.saturating_add(self.agreed)
    }

    /// Everything that is not over.
    pub const fn live(&self) -> u64 {
        self.reserved().saturating_add(self.proposed)
    }
}

/// How well a pairing fits: whole numbers from 0 to 1000 a factor, and the weighted total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fit {
    /// The weighted mean of the factors.
    pub total: u16,
    /// What it is made of, in a fixed order; a factor that the asking side gives no ground to judge is left out.
    pub factors: Vec<Factor>,
}

/// One factor of a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// Which.
    pub kind: FactorKind,
    /// 0 to 1000.
    pub value: u16,
    /// The weight the street's rules gave it.
    pub weight: u16,
    /// Whether the giving side left open what it looks at, and the value is that of an ordinary pair. Lines of
    /// before have no such factors: they left them out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
}

/// What a factor looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FactorKind {
    /// How close the categories are.
    Category,
    /// The standing relation between unit and community.
    Roster,
    /// How near the places are in the territory tree.
    Distance,
    /// How much of the asking window is covered.
    Window,
    /// How alike the wordings are.
    Wording,
    /// What units of this kind and name have taken up before.
    Affinity,
    /// How recently the resource was posted.
    Freshness,
    /// How what the unit was to give before has gone.
    Record,
}

impl FactorKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Category,
        Self::Roster,
        Self::Distance,
        Self::Window,
        Self::Wording,
        Self::Affinity,
        Self::Freshness,
        Self::Record,
    ];
}

/// Where a pairing comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// The matching proposed it.
    Plan(PlanId),
    /// An organization asked for it by hand.
    Requested(OrganizationId),
}

/// Where a pairing stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum PairingStatus {
    /// Nobody has claimed it.
    Proposed,
    /// One side has; the quantity is reserved until the limit.
    #[serde(rename_all = "camelCase")]
    Claimed {
        /// Which side.
        by: Side,
        /// When it lapses.
        until: Moment,
    },
    /// Both sides have.
    Agreed {
        /// When the second did.
        at: Moment,
    },
    /// All of it is delivered and accepted 验收.
    Accepted {
        /// When.
        at: Moment,
    },
    /// One side does not want it.
    Declined {
        /// Which side.
        by: Side,
        /// Why, in its words.
        reason: String,
    },
    /// The second claim did not come in time.
    Lapsed {
        /// When.
        at: Moment,
    },
    /// Taken back by a side that had claimed or requested it, or gone with its entry.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// A newer plan or a request by hand took its place.
    Superseded,
}

impl PairingStatus {
    /// Whether something is still to be done about it.
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::Proposed | Self::Claimed { .. } | Self::Agreed { .. })
    }

    /// Whether it counts: under way, or accepted.
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Proposed | Self::Claimed { .. } | Self::Agreed { .. } | Self::Accepted { .. })
    }
}

/// A pairing with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pairing {
    /// Its identity.
    pub id: PairingId,
    /// What was said when it was proposed or requested.
    pub terms: PairingTerms,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it stands.
    pub status: PairingStatus,
    /// When it was proposed or requested.
    pub since: Moment,
    /// When it was first claimed, if it was.
    pub claimed: Option<Moment>,
    /// When both sides had agreed, if they had.
    pub agreed: Option<Moment>,
    /// How much of its quantity is handed over, as the giver says.
    pub delivered: u64,
    /// How much of that the receiver has confirmed.
    pub accepted: u64,
    /// The first of the pairings it is claimed jointly with 联合认领: none of them is agreed before every giver of
    /// them has claimed.
    pub joint: Option<PairingId>,
}

impl Pairing {
    /// A pairing as it is proposed or requested.
    pub const fn begun(id: PairingId, terms: PairingTerms, origin: Origin, since: Moment) -> Self {
        Self {
            id,
            terms,
            origin,
            status: PairingStatus::Proposed,
            since,
            claimed: None,
            agreed: None,
            delivered: 0,
            accepted: 0,
            joint: None,
        }
    }

    /// Whether an organization asked for it by hand and nobody has claimed it yet.
    pub const fn is_requested(&self) -> bool {
        matches!((&self.status, self.origin), (PairingStatus::Proposed, Origin::Requested(_)))
    }

    /// What it counts on the asking side.
    pub fn asking_share(&self) -> Tally {
        self.share(self.terms.quantity, self.delivered, self.accepted)
    }

    /// What it counts on the giving side. A unit's engagement counts until it is accepted: the open capacity says how
    /// many it has at once. What was drawn from a posted resource stays drawn.
    pub fn giving_share(&self) -> Tally {
        let over = matches!(self.status, PairingStatus::Accepted { .. });
        if over && matches!(self.terms.supplier, Supplier::Unit(_)) {
            return Tally::NONE;
        }
        self.share(self.terms.draws, self.drawn(self.delivered), self.drawn(self.accepted))
    }

    /// How much of the giving side so much of the quantity has taken, rounded down.
    fn drawn(&self, part: u64) -> u64 {
        let PairingTerms { quantity, draws, .. } = self.terms;
        if part >= quantity {
            return draws;
        }
        let drawn = u128::from(draws) * u128::from(part) / u128::from(quantity.max(1));
        u64::try_from(drawn).unwrap_or(draws)
    }

    const fn share(&self, amount: u64, delivered: u64, accepted: u64) -> Tally {
        match self.status {
            PairingStatus::Proposed => Tally { proposed: amount, ..Tally::NONE },
            PairingStatus::Claimed { .. } => Tally { claimed: amount, ..Tally::NONE },
            PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => {
                Tally { agreed: amount, delivered, accepted, ..Tally::NONE }
            }
            PairingStatus::Declined { .. }
            | PairingStatus::Lapsed { .. }
            | PairingStatus::Withdrawn { .. }
            | PairingStatus::Superseded => Tally::NONE,
        }
    }

    /// What of it is agreed and not handed over yet.
    pub const fn undelivered(&self) -> u64 {
        match self.status {
            PairingStatus::Agreed { .. } => self.terms.quantity.saturating_sub(self.delivered),
            _ => 0,
        }
    }
}

/// The most shares of one joint claim.
pub const SHARES_MAX: usize = 20;

/// One giver's share of a joint claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// What it gives with.
    pub supplier: Supplier,
    /// How much of what is asked; `None` = as much as both sides allow.
    pub quantity: Option<u64>,
    /// How much of the giving side it takes; `None` = follows from the quantity.
    pub draws: Option<u64>,
}

/// What a pairing is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairingTerms {
    /// What is served.
    pub target: Target,
    /// What serves it.
    pub supplier: Supplier,
    /// How much of what is asked, in base units of its measure.
    pub quantity: u64,
    /// How much of the giving side it takes: base units, lots, or one engagement.
    pub draws: u64,
    /// How well it fits; `None` when it was requested by hand against the rules of the matching.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
}

impl PairingTerms {
    /// What another quantity draws: as much more or less as the quantity is, rounded up. Who gives one by one still
    /// does, and one engagement stays one when the quantity shrinks.
    pub fn draws_for(&self, quantity: u64) -> u64 {
        let drawn =
            (u128::from(self.draws) * u128::from(quantity)).div_ceil(u128::from(self.quantity.max(1)));
        u64::try_from(drawn).unwrap_or(u64::MAX).max(1)
    }
}
