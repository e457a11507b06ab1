//! Inputs about joint claims, calls and bids.

use super::CommandInput;
use crate::{reading::Reading, schema::scalar::DateTime};
use async_graphql::{ID, InputObject};
use engine::{command::Command, pairing::Share};

/// One giver's share of a joint claim 联合认领.
#[derive(Clone, Debug, InputObject)]
pub struct ShareInput {
    /// What it gives with: the id of a resource, or of a unit that takes the matter up directly.
    pub supplier: ID,
    /// How much of what is asked; as much as is left when not said.
    pub quantity: Option<i32>,
    /// How much of the giving side it takes; follows from the quantity when not said.
    pub draws: Option<i32>,
}

impl ShareInput {
    fn share(&self, reading: &mut Reading) -> Option<Share> {
        let supplier = reading.supplier("shares.supplier", &self.supplier);
        let quantity = self.quantity.and_then(|quantity| reading.count("shares.quantity", quantity));
        let draws = self.draws.and_then(|draws| reading.count("shares.draws", draws));
        Some(Share { supplier: supplier?, quantity, draws })
    }
}

/// Claim a need or slot together with other givers 联合认领.
#[derive(Clone, Debug, InputObject)]
pub struct ClaimJointlyInput {
    /// What is to be served: the id of a need or of a slot.
    pub target: ID,
    /// With what, by whom; that of the leader 牵头单位 first.
    pub shares: Vec<ShareInput>,
    /// The leader; the caller's own organization when not said.
    pub by: Option<ID>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ClaimJointlyInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let target = reading.target("target", &self.target);
        let shares: Vec<Share> = self.shares.iter().filter_map(|share| share.share(reading)).collect();
        let by = reading.organization_or_own("by", self.by.as_ref());
        Some(Command::ClaimJointly { target: target?, shares, by: by? })
    }
}

/// Invite bids for a need or slot 发榜.
#[derive(Clone, Debug, InputObject)]
pub struct OpenCallInput {
    /// On what: the id of a need or of a slot.
    pub target: ID,
    /// Until when bids are taken.
    pub until: DateTime,
    /// What bidders are to know 榜单说明.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for OpenCallInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let target = reading.target("target", &self.target)?;
        let until = reading.moment("until", self.until)?;
        Some(Command::OpenCall { target, until, note: self.note.clone() })
    }
}

/// Take no more bids 收榜. Those that wait go on waiting.
#[derive(Clone, Debug, InputObject)]
pub struct CloseCallInput {
    /// On what: the id of a need or of a slot.
    pub target: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CloseCallInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::CloseCall { target: reading.target("target", &self.target)? })
    }
}

/// Offer to take up a need or slot 揭榜. It reserves nothing.
#[derive(Clone, Debug, InputObject)]
pub struct PlaceBidInput {
    /// What it would serve: the id of a need or of a slot.
    pub target: ID,
    /// With what: the id of a resource, or of a unit that takes the matter up directly.
    pub supplier: ID,
    /// How much of what is asked; as much as both sides allow when not said.
    pub quantity: Option<i32>,
    /// How much of the giving side it takes; follows from the quantity when not said.
    pub draws: Option<i32>,
    /// How it would be done 方案.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for PlaceBidInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let target = reading.target("target", &self.target);
        let supplier = reading.supplier("supplier", &self.supplier);
        let quantity = self.quantity.and_then(|quantity| reading.count("quantity", quantity));
        let draws = self.draws.and_then(|draws| reading.count("draws", draws));
        let note = self.note.clone();
        Some(Command::PlaceBid { target: target?, supplier: supplier?, quantity, draws, note })
    }
}

/// Take a bid back 撤回揭榜.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawBidInput {
    /// Which bid.
    pub bid: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawBidInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let bid = reading.bid("bid", &self.bid)?;
        Some(Command::WithdrawBid { bid, reason: self.reason.clone() })
    }
}

/// Choose a bid 选定: its pairing is agreed at once. The others go on waiting.
#[derive(Clone, Debug, InputObject)]
pub struct ChooseBidInput {
    /// Which bid.
    pub bid: ID,
    /// Why this one 选定理由.
    pub reason: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ChooseBidInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let bid = reading.bid("bid", &self.bid)?;
        Some(Command::ChooseBid { bid, reason: self.reason.clone() })
    }
}

/// Do not choose a bid 未选.
#[derive(Clone, Debug, InputObject)]
pub struct DeclineBidInput {
    /// Which bid.
    pub bid: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for DeclineBidInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let bid = reading.bid("bid", &self.bid)?;
        Some(Command::DeclineBid { bid, reason: self.reason.clone() })
    }
}
