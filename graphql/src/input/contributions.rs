//! Inputs about contributions: redeeming.

use super::CommandInput;
use crate::reading::Reading;
use async_graphql::{ID, InputObject};
use engine::{command::Command, contribution::Redemption};

/// Redeem points or banked time 兑换.
#[derive(Clone, Debug, InputObject)]
pub struct RedeemContributionInput {
    /// Whose.
    pub organization: ID,
    /// Points to spend; none when not said.
    pub points: Option<i32>,
    /// Minutes to spend; none when not said.
    pub minutes: Option<i32>,
    /// For what.
    pub what: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RedeemContributionInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let organization = reading.organization("organization", &self.organization);
        let points = reading.count("points", self.points.unwrap_or(0));
        let minutes = reading.count("minutes", self.minutes.unwrap_or(0));
        let redemption = Redemption { points: points?, minutes: minutes?, what: self.what.clone() };
        Some(Command::RedeemContribution { organization: organization?, redemption })
    }
}
