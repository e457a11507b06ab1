//! Joint projects: what is worth doing together, found in a plan and drafted so that it can be posted.
//!
//! Three kinds are found, each need in at most one project of a kind, needs that a project carries in none:
//!
//! * **Together** ([`Kind::Together`]): pairings of the plan for needs of one community, whose categories are
//!   kindred (the same top, or one stands in for the other) and whose windows have time in common, all with
//!   all; two needs and two giving organizations at least, [`MEMBERS_MAX`] pairings at most. Groups are
//!   filled in the order of the needs: each pairing joins the first group it suits.
//! * **Shared** ([`Kind::Shared`]): one need and several organizations with different roles, as in the leaning
//!   wall that one unit builds and another pays for. The plan's givers are in it, and beside them for each
//!   [`Role`] not filled yet the first giver with something left over, of a kindred category, that only form or
//!   measure keeps from the need; its words have to have something in common with the need's, unless it pays. Whoever
//!   pays, pays what the need may cost, so a need without ceiling finds nobody who pays.
//! * **Exchange** ([`Kind::Exchange`]): organizations that give to each other, two as in night parking for day
//!   parking, or in a ring of three or four. Every gift in a ring counts [`RING_BONUS_MILLE`] thousandths
//!   more than alone; a ring is proposed when its gifts, so counted, are worth more than the plan's prices
//!   ask for both their ends: `Σ (value + worth · bonus − row price − column price) > 0`. So what the plan does
//!   anyway forms rings for certain, and what it does not do only where the bonus outweighs what it displaces.
//!
//! Bounded work: groups compare the pairings of one community; roles look once at every giver for each need
//! that is planned; rings follow the [`GIFTS_MAX`] best gifts of each organization, so at most 512 ways from
//! each, and the best [`RINGS_MAX`] that share no need and no giver are kept. The order is deterministic.

mod drafting;
mod rings;
mod shared;
mod together;

use super::{
    eligibility::Counting,
    explaining::{Explanations, Worth},
    market::{Asker, Giver},
};
use crate::{
    entry::Form,
    identity::{OrganizationId, PlaceId},
    pairing::{Supplier, Target},
    project::ProjectDraft,
    quantity::Measure,
    window::Window,
};
use std::collections::BTreeMap;

/// The most pairings in one group.
pub const MEMBERS_MAX: usize = 8;

/// How much more a gift in a ring counts, in thousandths.
pub const RING_BONUS_MILLE: i64 = 100;

/// How many gifts of one organization are followed.
pub const GIFTS_MAX: usize = 8;

/// The most organizations in a ring.
pub const RING_MAX: usize = 4;

/// The most rings that are proposed.
pub const RINGS_MAX: usize = 20;

/// Something worth doing together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointProject {
    /// Of what kind, and why it belongs together.
    pub kind: Kind,
    /// What its pairings are worth by themselves, or would be: as
    /// [`PairingExplained::worth`](super::explaining::pairing::PairingExplained::worth).
    pub value: Worth,
    /// What it is worth more than its parts.
    pub bonus: Worth,
    /// Who gives what, in the order of the draft's slots.
    pub undertakings: Vec<Undertaking>,
    /// A project that could be posted as it is: a slot for each undertaking, carrying its needs.
    pub draft: ProjectDraft,
}

/// Why things belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kindred needs of one community, at times in common.
    Together {
        /// The community.
        community: PlaceId,
    },
    /// One need, several roles.
    Shared {
        /// The need.
        target: Target,
    },
    /// Organizations that give to each other.
    Exchange {
        /// Each gives to the next, the last to the first; the smallest identity first.
        organizations: Vec<OrganizationId>,
    },
}

/// What one organization takes on 承诺.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undertaking {
    /// Who.
    pub organization: OrganizationId,
    /// As what.
    pub role: Role,
    /// With what.
    pub supplier: Supplier,
    /// For what.
    pub target: Target,
    /// How much of what is asked, in base units; of a payer, yuan.
    pub quantity: u64,
    /// How much of the giving side it takes: base units, lots, or one engagement.
    pub draws: u64,
    /// When: what asking and giving side have in common.
    pub window: Window,
}

/// What part somebody plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 出资.
    Pays,
    /// 供物.
    Supplies,
    /// 施工.
    Builds,
    /// 出人.
    Staffs,
    /// 提供场地.
    Hosts,
    /// 服务: also whoever takes a need up directly.
    Serves,
}

impl Role {
    /// By the form of what is given, else by what it is counted in.
    fn of(giver: &Giver) -> Self {
        match (giver.form, giver.quantity.as_ref().map(|quantity| &quantity.measure)) {
            (Some(Form::Money), _) | (None, Some(Measure::Money)) => Self::Pays,
            (Some(Form::Goods), _) | (None, Some(Measure::Items)) => Self::Supplies,
            (Some(Form::Works), _) => Self::Builds,
            (Some(Form::People), _) | (None, Some(Measure::People)) => Self::Staffs,
            (Some(Form::Venue), _) | (None, Some(Measure::Parking | Measure::Area)) => Self::Hosts,
            (Some(Form::Service), _) | (None, _) => Self::Serves,
        }
    }
}

/// A pair with what it carries, or could carry.
#[derive(Clone, Copy, Debug)]
struct Gift {
    asker: usize,
    giver: usize,
    quantity: u64,
    draws: u64,
    value: i128,
}

impl Explanations<'_> {
    /// What is worth doing together: exchanges, then shared needs, then groups, each in a fixed order.
    pub fn joint_projects(&self) -> Vec<JointProject> {
        let gifts = self.gifts();
        let mut projects = self.rings();
        projects.extend(self.shared(&gifts));
        projects.extend(self.together(&gifts));
        projects
    }

    /// The plan's pairings for needs that no project carries, in the order of the needs.
    fn gifts(&self) -> Vec<Gift> {
        let mut gifts: BTreeMap<(usize, usize), Gift> = BTreeMap::new();
        for given in self.given() {
            let (asker, giver) = (given.asker, given.giver);
            if self.planned.askers.get(asker).is_some_and(|asker| self.is_free(asker.target)) {
                let none = Gift { asker, giver, quantity: 0, draws: 0, value: 0 };
                let gift = gifts.entry((asker, giver)).or_insert(none);
                gift.quantity += self.quantity(&given);
                gift.draws += given.flow;
                gift.value += given.total();
            }
        }
        gifts.into_values().collect()
    }

    /// Whether it is a need that no open project carries.
    fn is_free(&self, target: Target) -> bool {
        match target {
            Target::Need(need) => self.state().carrier(need).is_none(),
            Target::Slot(..) => false,
        }
    }

    fn sides(&self, gift: &Gift) -> Option<(&Asker, &Giver)> {
        Some((self.planned.askers.get(gift.asker)?, self.giver(gift.giver)?))
    }

    fn undertaking(&self, gift: &Gift) -> Option<Undertaking> {
        let (asker, giver) = self.sides(gift)?;
        Some(Undertaking {
            organization: giver.organization,
            role: Role::of(giver),
            supplier: giver.supplier,
            target: asker.target,
            quantity: gift.quantity,
            draws: gift.draws,
            window: drafting::common(&asker.window, &giver.window).unwrap_or_default(),
        })
    }

    /// What a line would serve if it carried so much.
    fn would_serve(&self, gift: &mut Gift, counting: Counting, flow: u64) {
        let wanting = self.planned.askers.get(gift.asker).map_or(0, |asker| asker.wanting);
        gift.draws += flow;
        match counting {
            Counting::OneByOne => gift.quantity += flow,
            Counting::Whole => gift.quantity = wanting,
        }
    }
}
