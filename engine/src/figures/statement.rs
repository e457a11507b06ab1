//! The statement of an account 时间银行对账单: every credit and every redemption, with what was left after it.

use crate::{
    contribution::{Credit, Redemption},
    event::Event,
    evolve::Recorded,
    identity::{DeliveryId, OrganizationId, Position},
    moment::Moment,
    state::State,
};
use serde::{Deserialize, Serialize};

/// What moved an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// 记入: a confirmed delivery was credited.
    Credited {
        /// Which delivery.
        delivery: DeliveryId,
        /// With what.
        credit: Credit,
    },
    /// 兑换: something was redeemed.
    Redeemed {
        /// What.
        redemption: Redemption,
    },
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the statement of its organization, from 1.
    pub number: u64,
    /// The commit that says it.
    pub position: Position,
    /// When that was made.
    pub time: Moment,
    /// What moved the account.
    pub turn: Turn,
    /// Points left after it.
    pub points_left: u64,
    /// Minutes left after it.
    pub minutes_left: u64,
}

/// The line that an event writes, given the state after it.
pub(super) fn line(state: &State, recorded: Recorded, event: &Event) -> Option<(OrganizationId, Line)> {
    let (organization, turn) = match event {
        Event::ContributionCredited { organization, delivery, credit } => {
            (*organization, Turn::Credited { delivery: *delivery, credit: credit.clone() })
        }
        Event::ContributionRedeemed { organization, redemption } => {
            (*organization, Turn::Redeemed { redemption: redemption.clone() })
        }
        _ => return None,
    };
    let account = state.account(organization)?;
    let number = state.figures().statement(organization).next_back().map_or(1, |line| line.number + 1);
    let line = Line {
        number,
        position: recorded.position,
        time: recorded.time,
        turn,
        points_left: account.points_left(),
        minutes_left: account.minutes_left(),
    };
    Some((organization, line))
}
