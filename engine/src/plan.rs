//! Matching plans 匹配方案: the result of one matching run, as it is stored when a street adopts it.

use crate::{
    identity::{PlanId, Position},
    moment::Moment,
    pairing::{PairingTerms, Target},
};
use serde::{Deserialize, Serialize};

/// A plan to adopt: what is proposed, what stays unmet and why, and the certificate's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// The position of the state that was matched.
    pub position: Position,
    /// The pairings, in the order of their targets.
    pub pairings: Vec<PairingTerms>,
    /// What the plan leaves unmet.
    pub summary: PlanSummary,
}

/// What is kept of a plan beside its pairings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanSummary {
    /// Value of the plan: the sum over all pairings of need weight × share met × fit, scaled (see [`crate::matching`]).
    pub objective: u64,
    /// No plan can be worth more than this: the value of the dual prices.
    pub bound: u64,
    /// SHA-256 of the dual prices in hexadecimal.
    pub prices_digest: String,
    /// How many needs and slots were open.
    pub targets: u32,
    /// What stays unmet, wholly or in part.
    pub unmet: Vec<Unmet>,
    /// How fair it is, and what that costs; plans made before this was told have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merit: Option<Merit>,
    /// How it differs from what earlier plans proposed; plans made before this was told have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub churn: Option<Churn>,
}

/// The figures of merit of a plan. See [`crate::matching::fairness`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merit {
    /// How many needs and slots have nothing, neither from this plan nor promised before.
    pub with_nothing: u32,
    /// The smallest share that a need or slot which gets something has, in thousandths.
    pub least_share: u16,
    /// How many communities ask for something or were served within the last year.
    pub communities: u32,
    /// How many of them have nothing.
    pub communities_with_nothing: u32,
    /// Gini coefficient of the pairings over the units that have something to give, in thousandths:
    /// 0 when all give in equally many.
    pub burden_gini: u16,
    /// The best total when only weight × fit × share counts.
    pub plain_objective: u64,
    /// By how much the plain total of this plan stays below that.
    pub price_of_fairness: u64,
}

/// How a plan differs from what stood before: pairs proposed by earlier plans and claimed by nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Churn {
    /// Pairs that stay.
    pub kept: u32,
    /// Pairs that are new.
    pub added: u32,
    /// Pairs that go.
    pub dropped: u32,
}

/// A need or slot that the plan does not serve in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unmet {
    /// Which.
    pub target: Target,
    /// How much stays unmet, in base units.
    pub quantity: u64,
    /// Why, the most frequent cause first.
    pub reasons: Vec<UnmetReason>,
}

/// One cause, and how many candidates it shut out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmetReason {
    /// The cause.
    pub cause: Cause,
    /// How many candidates.
    pub candidates: u32,
    /// The candidate that came nearest, when one can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<crate::pairing::Supplier>,
}

/// Why a candidate does not serve a need. The codes are stable; the wording is made where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// Nothing was posted and no unit takes on more.
    NoCandidate,
    /// The need's list said that it is settled already.
    AlreadySettled,
    /// An open project carries the need, and its slots are matched in its place.
    CarriedByProject,
    /// The categories differ and none stands in for the other.
    CategoryDiffers,
    /// A service was asked and a thing is offered, or the like.
    FormDiffers,
    /// The amounts count different things.
    MeasureDiffers,
    /// What is lent whole is smaller than what is asked.
    TooSmall,
    /// No common day.
    NoCommonDay,
    /// No common day of the week.
    NoCommonWeekday,
    /// No common hour.
    NoCommonHour,
    /// The place is not served, and no roster link helps.
    PlaceNotServed,
    /// It is meant for another group of people.
    BeneficiaryDiffers,
    /// The whistle calls for another class of responders.
    ResponderDiffers,
    /// It costs more than the need's ceiling.
    OverCeiling,
    /// Nothing of it remains.
    NothingRemains,
    /// The asking organization owns it.
    SameOrganization,
    /// The two were tried and one side declined.
    Declined,
    /// A pairing of the two stands already.
    AlreadyPaired,
    /// It fits too badly to be proposed.
    FitTooLow,
    /// It would fit, but others use all of its capacity and win more by it.
    CapacityContested,
    /// It would fit, but other slots without which the project cannot go ahead could not be served.
    ProjectIncomplete,
}

impl Cause {
    /// The stable code, as shown to programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoCandidate => "NO_CANDIDATE",
            Self::AlreadySettled => "ALREADY_SETTLED",
            Self::CarriedByProject => "CARRIED_BY_PROJECT",
            Self::CategoryDiffers => "CATEGORY_DIFFERS",
            Self::FormDiffers => "FORM_DIFFERS",
            Self::MeasureDiffers => "MEASURE_DIFFERS",
            Self::TooSmall => "TOO_SMALL",
            Self::NoCommonDay => "NO_COMMON_DAY",
            Self::NoCommonWeekday => "NO_COMMON_WEEKDAY",
            Self::NoCommonHour => "NO_COMMON_HOUR",
            Self::PlaceNotServed => "PLACE_NOT_SERVED",
            Self::BeneficiaryDiffers => "BENEFICIARY_DIFFERS",
            Self::ResponderDiffers => "RESPONDER_DIFFERS",
            Self::OverCeiling => "OVER_CEILING",
            Self::NothingRemains => "NOTHING_REMAINS",
            Self::SameOrganization => "SAME_ORGANIZATION",
            Self::Declined => "DECLINED",
            Self::AlreadyPaired => "ALREADY_PAIRED",
            Self::FitTooLow => "FIT_TOO_LOW",
            Self::CapacityContested => "CAPACITY_CONTESTED",
            Self::ProjectIncomplete => "PROJECT_INCOMPLETE",
        }
    }
}

/// A plan the street has adopted. Its pairings stand in the state, under its identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Its identity.
    pub id: PlanId,
    /// The state that was matched.
    pub matched: Position,
    /// When it was adopted.
    pub adopted: Moment,
    /// Its figures and what it left unmet.
    pub summary: PlanSummary,
}
