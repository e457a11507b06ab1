//! Inputs about agreements 共建协议: draft, amend, sign, withdraw, and reaching a milestone.

use super::CommandInput;
use crate::{
    reading::Reading,
    schema::{agreement::UndertakingKind, scalar::Date},
};
use async_graphql::{ID, InputObject};
use engine::{agreement as domain, command::Command};

/// What one party undertakes 承诺事项.
#[derive(Clone, Debug, InputObject)]
pub struct UndertakingInput {
    /// Who.
    pub party: ID,
    /// What kind of thing.
    pub kind: UndertakingKind,
    /// What, in words.
    pub what: String,
    /// The pairing that carries it, when one does.
    pub pairing: Option<ID>,
}

/// Where money comes from 资金来源.
#[derive(Clone, Debug, InputObject)]
pub struct FundingInput {
    /// Who pays, when it is one of the street's organizations.
    pub party: Option<ID>,
    /// The source in words, such as 「区级为民服务资金」.
    pub source: String,
    /// How much, in yuan.
    pub yuan: i32,
}

/// What is to be reached by when 里程碑.
#[derive(Clone, Debug, InputObject)]
pub struct MilestoneInput {
    /// Its number, the same through all versions.
    pub number: i32,
    /// What is reached.
    pub title: String,
    /// The last day.
    pub due: Date,
}

/// The terms of one version 协议内容.
#[derive(Clone, Debug, InputObject)]
pub struct TermsInput {
    /// What it is called.
    pub title: String,
    /// What else was agreed, in words.
    pub text: Option<String>,
    /// Who signs, each once: all who give, and whoever raised it.
    pub parties: Vec<ID>,
    /// What each undertakes.
    pub undertakings: Option<Vec<UndertakingInput>>,
    /// Where the money comes from.
    pub budget: Option<Vec<FundingInput>>,
    /// The most it may cost, in yuan.
    pub ceiling: Option<i32>,
    /// What is reached by when.
    pub milestones: Option<Vec<MilestoneInput>>,
}

impl TermsInput {
    /// All of it, once every part of it could be read.
    fn read(&self, reading: &mut Reading) -> Option<domain::Terms> {
        let parties: Vec<_> =
            self.parties.iter().map(|id| reading.organization("terms.parties", id)).collect();
        let undertakings = self.undertakings.iter().flatten();
        let undertakings: Vec<_> = undertakings.map(|it| it.read(reading)).collect();
        let budget: Vec<_> = self.budget.iter().flatten().map(|it| it.read(reading)).collect();
        let milestones: Vec<_> = self.milestones.iter().flatten().map(|it| it.read(reading)).collect();
        let ceiling = self.ceiling.and_then(|ceiling| reading.count("terms.ceiling", ceiling));
        Some(domain::Terms {
            title: self.title.clone(),
            text: self.text.clone(),
            parties: parties.into_iter().collect::<Option<_>>()?,
            undertakings: undertakings.into_iter().collect::<Option<_>>()?,
            budget: budget.into_iter().collect::<Option<_>>()?,
            ceiling,
            milestones: milestones.into_iter().collect::<Option<_>>()?,
        })
    }
}

impl UndertakingInput {
    fn read(&self, reading: &mut Reading) -> Option<domain::Undertaking> {
        let party = reading.organization("terms.undertakings.party", &self.party);
        let pairing = self.pairing.as_ref().and_then(|id| reading.pairing("terms.undertakings.pairing", id));
        Some(domain::Undertaking { party: party?, kind: self.kind.into(), what: self.what.clone(), pairing })
    }
}

impl FundingInput {
    fn read(&self, reading: &mut Reading) -> Option<domain::Funding> {
        let party = self.party.as_ref().and_then(|id| reading.organization("terms.budget.party", id));
        let yuan = reading.count("terms.budget.yuan", self.yuan)?;
        Some(domain::Funding { party, source: self.source.clone(), yuan })
    }
}

impl MilestoneInput {
    fn read(&self, reading: &mut Reading) -> Option<domain::Milestone> {
        let number = reading.count("terms.milestones.number", self.number);
        let due = reading.date("terms.milestones.due", &self.due);
        Some(domain::Milestone { number: number?, title: self.title.clone(), due: due? })
    }
}

/// Draft an agreement 起草协议.
#[derive(Clone, Debug, InputObject)]
pub struct DraftAgreementInput {
    /// What it is about: the id of a project, or of a pairing that belongs to none.
    pub subject: ID,
    /// Its terms.
    pub terms: TermsInput,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for DraftAgreementInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let subject = reading.subject("subject", &self.subject);
        let terms = self.terms.read(reading);
        Some(Command::DraftAgreement { subject: subject?, terms: terms? })
    }
}

/// Draft a newer version of an agreement 补充协议. The one in force holds until all have signed this one.
#[derive(Clone, Debug, InputObject)]
pub struct AmendAgreementInput {
    /// Which agreement.
    pub agreement: ID,
    /// The number of the newest version that was seen.
    pub version: i32,
    /// All terms of the newer version.
    pub terms: TermsInput,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AmendAgreementInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let agreement = reading.agreement("agreement", &self.agreement);
        let version = reading.count("version", self.version);
        let terms = self.terms.read(reading);
        Some(Command::AmendAgreement { agreement: agreement?, version: version?, terms: terms? })
    }
}

/// Sign the newest version of an agreement 签署.
#[derive(Clone, Debug, InputObject)]
pub struct SignAgreementInput {
    /// Which agreement.
    pub agreement: ID,
    /// The number of the version that was read.
    pub version: i32,
    /// Who signs; the caller's own organization when not said.
    pub party: Option<ID>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for SignAgreementInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let agreement = reading.agreement("agreement", &self.agreement);
        let version = reading.count("version", self.version);
        let party = reading.organization_or_own("party", self.party.as_ref());
        Some(Command::SignAgreement { agreement: agreement?, version: version?, party: party? })
    }
}

/// Declare an agreement void 作废 that nobody has acted upon.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawAgreementInput {
    /// Which agreement.
    pub agreement: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawAgreementInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let agreement = reading.agreement("agreement", &self.agreement)?;
        Some(Command::WithdrawAgreement { agreement, reason: self.reason.clone() })
    }
}

/// Say that a milestone is reached 里程碑达成.
#[derive(Clone, Debug, InputObject)]
pub struct ReachMilestoneInput {
    /// Which agreement.
    pub agreement: ID,
    /// Its number.
    pub milestone: i32,
    /// More of it, in words.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for ReachMilestoneInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let agreement = reading.agreement("agreement", &self.agreement);
        let milestone = reading.count("milestone", self.milestone);
        Some(Command::ReachMilestone {
            agreement: agreement?,
            milestone: milestone?,
            note: self.note.clone(),
        })
    }
}
