//! Inputs about pairings: request, claim, decline, withdraw, and adopting a plan.

use super::CommandInput;
use crate::{
    reading::Reading,
    schema::{user_error::UserErrorCode, words::Side},
};
use async_graphql::{ID, InputObject};
use engine::{
    command::Command,
    identity::PairingId,
    member::Caller,
    pairing,
    refusal::{Missing, Refusal},
};

/// Ask for a pairing by hand 申请配对. Asked by one of its sides, it is that side's claim as well.
#[derive(Clone, Debug, InputObject)]
pub struct RequestPairingInput {
    /// What is to be served: the id of a need or of a slot.
    pub target: ID,
    /// What is to serve it: the id of a resource, or of a unit that takes the matter up directly.
    pub supplier: ID,
    /// How much of what is asked; as much as both sides allow when not said.
    pub quantity: Option<i32>,
    /// How much of the giving side it takes; follows from the quantity when not said.
    pub draws: Option<i32>,
    /// The organization that asks; the caller's own when not said.
    pub by: Option<ID>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RequestPairingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let target = reading.target("target", &self.target);
        let supplier = reading.supplier("supplier", &self.supplier);
        let quantity = self.quantity.and_then(|quantity| reading.count("quantity", quantity));
        let draws = self.draws.and_then(|draws| reading.count("draws", draws));
        let by = reading.organization_or_own("by", self.by.as_ref());
        Some(Command::RequestPairing { target: target?, supplier: supplier?, quantity, draws, by: by? })
    }
}

/// Say yes to a pairing 认领.
#[derive(Clone, Debug, InputObject)]
pub struct ClaimPairingInput {
    /// Which pairing.
    pub pairing: ID,
    /// For which side; the caller's own when not said, if its organization is exactly one of both.
    pub side: Option<Side>,
    /// Only so much of what is proposed 部分认领: the rest is free for others. All of it when not said.
    pub quantity: Option<i32>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ClaimPairingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let (pairing, side) = pairing_and_side(reading, &self.pairing, self.side)?;
        let Some(quantity) = self.quantity else {
            return Some(Command::ClaimPairing { pairing, side });
        };
        Some(Command::ClaimPart { pairing, side, quantity: reading.count("quantity", quantity)? })
    }
}

/// Say no to a pairing 谢绝.
#[derive(Clone, Debug, InputObject)]
pub struct DeclinePairingInput {
    /// Which pairing.
    pub pairing: ID,
    /// For which side; the caller's own when not said, if its organization is exactly one of both.
    pub side: Option<Side>,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for DeclinePairingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let (pairing, side) = pairing_and_side(reading, &self.pairing, self.side)?;
        Some(Command::DeclinePairing { pairing, side, reason: self.reason.clone() })
    }
}

/// Take a claim, a request or an agreement back 撤回认领.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawPairingInput {
    /// Which pairing.
    pub pairing: ID,
    /// For which side; the caller's own when not said, if its organization is exactly one of both.
    pub side: Option<Side>,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawPairingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let (pairing, side) = pairing_and_side(reading, &self.pairing, self.side)?;
        Some(Command::WithdrawPairing { pairing, side, reason: self.reason.clone() })
    }
}

/// Compute the best plan for everything that is open, and make its pairings the standing proposals 采纳方案.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AdoptPlanInput {
    /// The `digest` of the preview that was looked at 试算: when the best plan of now proposes anything else, nothing is done,
    /// and `userErrors` says `PLAN_DIFFERS`. Whatever is best now when not said.
    pub digest: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

/// Which pairing, and for which of its sides the caller speaks.
fn pairing_and_side(
    reading: &mut Reading,
    id: &ID,
    side: Option<Side>,
) -> Option<(PairingId, pairing::Side)> {
    let id = reading.pairing("pairing", id)?;
    if let Some(side) = side {
        return Some((id, side.into()));
    }
    let Some(terms) = reading.state.pairing(id).map(|pairing| pairing.terms.clone()) else {
        reading.refuse(&Refusal::NotFound { field: "pairing", missing: Missing::Pairing(id) });
        return None;
    };
    let asking = reading.state.asking(terms.target);
    let giving = reading.state.giving(terms.supplier);
    let own = match reading.caller {
        Caller::Member { organization, .. } => Some(organization),
        Caller::System | Caller::Public => None,
    };
    match (own.is_some() && own == asking, own.is_some() && own == giving) {
        (true, false) => Some((id, pairing::Side::Asking)),
        (false, true) => Some((id, pairing::Side::Giving)),
        (true, true) | (false, false) => {
            let zh = "您的组织不是唯一的一方,请说明代表哪一方";
            let en = "your organization is not exactly one of both sides; say for which";
            reading.complain(UserErrorCode::SideUnclear, "side", zh, en);
            None
        }
    }
}
