//! Inputs about how a project runs: start, rest, acceptance, appraisal, the end.

use super::CommandInput;
use crate::{reading::Reading, schema::appraisal::Grade};
use async_graphql::{ID, InputObject};
use engine::{appraisal::Appraisal, command::Command};

/// Say that a project is under way 开工.
#[derive(Clone, Debug, InputObject)]
pub struct StartProjectInput {
    /// Which project.
    pub project: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for StartProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::StartProject { project })
    }
}

/// Let a project rest 暂停.
#[derive(Clone, Debug, InputObject)]
pub struct SuspendProjectInput {
    /// Which project.
    pub project: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for SuspendProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::SuspendProject { project, reason: self.reason.clone() })
    }
}

/// Let a project go on 复工.
#[derive(Clone, Debug, InputObject)]
pub struct ResumeProjectInput {
    /// Which project.
    pub project: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ResumeProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::ResumeProject { project })
    }
}

/// Accept a project as a whole 验收, with what is delivered.
#[derive(Clone, Debug, InputObject)]
pub struct AcceptProjectInput {
    /// Which project.
    pub project: ID,
    /// More of it, in words.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AcceptProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::AcceptProject { project, note: self.note.clone() })
    }
}

/// Say how well a project was done 评议.
#[derive(Clone, Debug, InputObject)]
pub struct AppraiseProjectInput {
    /// Which project.
    pub project: ID,
    /// How satisfied.
    pub grade: Grade,
    /// Why.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AppraiseProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let appraisal = Appraisal { grade: self.grade.into(), note: self.note.clone() };
        Some(Command::AppraiseProject { project: reading.project("project", &self.project)?, appraisal })
    }
}

/// Say that a project is done with 办结.
#[derive(Clone, Debug, InputObject)]
pub struct CloseProjectInput {
    /// Which project.
    pub project: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CloseProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::CloseProject { project })
    }
}

/// Give a project up on the way 终止.
#[derive(Clone, Debug, InputObject)]
pub struct FailProjectInput {
    /// Which project.
    pub project: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for FailProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::FailProject { project, reason: self.reason.clone() })
    }
}
