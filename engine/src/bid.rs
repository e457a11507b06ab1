//! Open calls 揭榜 and bids: several units want to take up one need or slot, and one of them is chosen.
//!
//! A bid reserves nothing. It waits in its place of the queue until its target's asking side, or a coordinator,
//! chooses it, and the choice is recorded with its reason. Bids are welcome on every open target; a call is the
//! open invitation to make them until a set time.

use crate::{
    identity::{BidId, PairingId},
    moment::Moment,
    pairing::{Supplier, Target},
};
use serde::{Deserialize, Serialize};

/// The most bids that may wait on one target.
pub const WAITING_MAX: usize = 100;

/// What is said when a bid is placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BidDraft {
    /// What it would serve.
    pub target: Target,
    /// With what.
    pub supplier: Supplier,
    /// How much of what is asked, in base units of its measure.
    pub quantity: u64,
    /// How much of the giving side it takes: base units, lots, or one engagement.
    pub draws: u64,
    /// How it would be done, in the bidder's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Where a bid stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum BidStatus {
    /// It waits.
    Waiting,
    /// It was chosen; the pairing carries it on.
    #[serde(rename_all = "camelCase")]
    Chosen {
        /// Which pairing it became.
        pairing: PairingId,
        /// Why this one.
        reason: Option<String>,
        /// When.
        at: Moment,
    },
    /// It was not chosen.
    #[serde(rename_all = "camelCase")]
    Declined {
        /// Why.
        reason: String,
        /// When.
        at: Moment,
    },
    /// The bidder took it back, or its target or supplier closed.
    #[serde(rename_all = "camelCase")]
    Withdrawn {
        /// Why.
        reason: String,
        /// When.
        at: Moment,
    },
}

impl BidStatus {
    /// Its stable name, as shown to programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Chosen { .. } => "CHOSEN",
            Self::Declined { .. } => "DECLINED",
            Self::Withdrawn { .. } => "WITHDRAWN",
        }
    }
}

/// A bid with its life so far. Bids on one target stand in the order of their identities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Bid {
    /// Its identity.
    pub id: BidId,
    /// What was said.
    pub draft: BidDraft,
    /// When it was placed.
    pub placed: Moment,
    /// Where it stands.
    pub status: BidStatus,
}

/// An open call on one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// On what.
    pub target: Target,
    /// When it was opened.
    pub opened: Moment,
    /// Until when bids are taken.
    pub until: Moment,
    /// What bidders are to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was closed, if it was.
    pub closed: Option<Moment>,
}

impl Call {
    /// When it ended, if it has: when it was closed, or when its time was over.
    pub fn ended(&self, now: Moment) -> Option<Moment> {
        self.closed.or_else(|| (self.until <= now).then_some(self.until))
    }
}
