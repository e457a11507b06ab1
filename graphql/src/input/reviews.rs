//! Inputs about what becomes of entries: review, merging, carrying over, striking off, appraisal, pauses.

use super::CommandInput;
use crate::{
    reading::Reading,
    schema::{appraisal::Grade, entry_life::RejectionCode, user_error::UserErrorCode},
};
use async_graphql::{ID, InputObject};
use engine::{appraisal, command::Command, need::RejectionGround, period};

/// Say that a need is as it says 核实.
#[derive(Clone, Debug, InputObject)]
pub struct VerifyNeedInput {
    /// Which need.
    pub need: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for VerifyNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::VerifyNeed { need: reading.need("need", &self.need)? })
    }
}

/// Do not take a need on 不予受理.
#[derive(Clone, Debug, InputObject)]
pub struct RejectNeedInput {
    /// Which need.
    pub need: ID,
    /// On what ground.
    pub ground: RejectionCode,
    /// Whose duty it is; said exactly when the ground is that.
    pub party: Option<String>,
    /// The need that says the same; said exactly when the ground is that.
    pub duplicate_of: Option<ID>,
    /// More of it, in words; has to be said when the ground is another one.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RejectNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let need = reading.need("need", &self.need);
        let ground = match (self.ground, &self.party, &self.duplicate_of) {
            (RejectionCode::OthersDuty, Some(party), None) => {
                Some(RejectionGround::OthersDuty { party: party.clone() })
            }
            (RejectionCode::DuplicateOf, None, Some(other)) => {
                reading.need("duplicateOf", other).map(|need| RejectionGround::DuplicateOf { need })
            }
            (RejectionCode::GovernmentProject, None, None) => Some(RejectionGround::GovernmentProject),
            (RejectionCode::NotFeasible, None, None) => Some(RejectionGround::NotFeasible),
            (RejectionCode::Other, None, None) => Some(RejectionGround::Other),
            _ => {
                let zh = "职责单位或重复的需求,与所选理由不相符";
                let en = "party and duplicateOf are said exactly with the ground that they belong to";
                reading.complain(UserErrorCode::Invalid, "ground", zh, en);
                None
            }
        };
        Some(Command::RejectNeed { need: need?, ground: ground?, note: self.note.clone() })
    }
}

/// Let another need carry what this one asks 并案.
#[derive(Clone, Debug, InputObject)]
pub struct MergeNeedInput {
    /// Which need; it ends.
    pub need: ID,
    /// The other one; it carries quantity, people and words of both.
    pub into: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for MergeNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let (need, into) = (reading.need("need", &self.need), reading.need("into", &self.into));
        Some(Command::MergeNeed { need: need?, into: into? })
    }
}

/// A quarter of a year 季度.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct QuarterInput {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub quarter: i32,
}

/// Take a need along into a later quarter 结转.
#[derive(Clone, Debug, InputObject)]
pub struct CarryOverNeedInput {
    /// Which need.
    pub need: ID,
    /// Into which quarter. A window that ends before it is lengthened to its last day.
    pub into: QuarterInput,
    /// Why.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CarryOverNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let need = reading.need("need", &self.need);
        let quarter = u8::try_from(self.into.quarter).unwrap_or(0);
        let into = period::Quarter { year: self.into.year, quarter };
        Some(Command::CarryOverNeed { need: need?, into, reason: self.reason.clone() })
    }
}

/// Say that a need is done with 销号.
#[derive(Clone, Debug, InputObject)]
pub struct StrikeOffNeedInput {
    /// Which need.
    pub need: ID,
    /// How it was settled; has to be said when not all of it is delivered and accepted.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for StrikeOffNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::StrikeOffNeed { need: reading.need("need", &self.need)?, note: self.note.clone() })
    }
}

/// Say how well a need was met 评议.
#[derive(Clone, Debug, InputObject)]
pub struct AppraiseNeedInput {
    /// Which need.
    pub need: ID,
    /// How satisfied.
    pub grade: Grade,
    /// Why.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AppraiseNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let appraisal = appraisal::Appraisal { grade: self.grade.into(), note: self.note.clone() };
        Some(Command::AppraiseNeed { need: reading.need("need", &self.need)?, appraisal })
    }
}

/// Say that a need still stands 再确认.
#[derive(Clone, Debug, InputObject)]
pub struct ReconfirmNeedInput {
    /// Which need.
    pub need: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ReconfirmNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::ReconfirmNeed { need: reading.need("need", &self.need)? })
    }
}

/// Lend nothing of a resource for now 暂停.
#[derive(Clone, Debug, InputObject)]
pub struct PauseResourceInput {
    /// Which resource.
    pub resource: ID,
    /// Why.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for PauseResourceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let resource = reading.resource("resource", &self.resource)?;
        Some(Command::PauseResource { resource, reason: self.reason.clone() })
    }
}

/// Lend a resource again 恢复.
#[derive(Clone, Debug, InputObject)]
pub struct ResumeResourceInput {
    /// Which resource.
    pub resource: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ResumeResourceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::ResumeResource { resource: reading.resource("resource", &self.resource)? })
    }
}

/// Say that a resource still stands 再确认.
#[derive(Clone, Debug, InputObject)]
pub struct ReconfirmResourceInput {
    /// Which resource.
    pub resource: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ReconfirmResourceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::ReconfirmResource { resource: reading.resource("resource", &self.resource)? })
    }
}
