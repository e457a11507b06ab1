//! Agreements 共建协议: terms and undertakings that every party signs. ValueFlows calls the two Agreement and Commitment.
//!
//! An agreement has versions. The first is drafted, any later one is an amendment 补充协议; a version is in force once
//! every party it names has signed it, and until then the one before it holds.

use crate::{
    identity::{AgreementId, OrganizationId, PairingId, ProjectId},
    moment::Moment,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most parties, undertakings, sources of money or milestones of one agreement.
pub const LINES_MAX: usize = 100;

/// What an agreement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// A project, with all its slots.
    Project(ProjectId),
    /// One pairing that belongs to no project.
    Pairing(PairingId),
}

/// What kind of thing a party undertakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UndertakingKind {
    /// 出资: it pays.
    Pays,
    /// 施工: it builds.
    Builds,
    /// 供物: it supplies things or a venue.
    Supplies,
    /// 出力: it sends people.
    Staffs,
    /// 协调: it organizes, and opens doors.
    Coordinates,
}

/// What one party undertakes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Undertaking {
    /// Who.
    pub party: OrganizationId,
    /// What kind of thing.
    pub kind: UndertakingKind,
    /// What, in words.
    pub what: String,
    /// The pairing that carries it, when one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairing: Option<PairingId>,
}

/// Where money comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Funding {
    /// Who pays, when it is one of the street's organizations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<OrganizationId>,
    /// The source in words, such as 「区级为民服务资金」.
    pub source: String,
    /// How much, in yuan.
    pub yuan: u64,
}

/// What is to be reached by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Milestone {
    /// Its number, unique in the agreement and through its versions.
    pub number: u16,
    /// What is reached.
    pub title: String,
    /// The last day.
    pub due: NaiveDate,
}

/// The terms of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// What it is called.
    pub title: String,
    /// What else was agreed, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who signs, each once.
    pub parties: Vec<OrganizationId>,
    /// What each undertakes.
    pub undertakings: Vec<Undertaking>,
    /// Where the money comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budget: Vec<Funding>,
    /// The most it may cost, in yuan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<u64>,
    /// What is reached by when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
}

impl Terms {
    /// What the sources of money come to, in yuan.
    pub fn yuan(&self) -> u64 {
        self.budget.iter().fold(0, |sum, funding| sum.saturating_add(funding.yuan))
    }
}

/// One version with its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its terms.
    pub terms: Terms,
    /// When it was drafted.
    pub drafted: Moment,
    /// Who has signed, and when.
    pub signatures: BTreeMap<OrganizationId, Moment>,
}

impl Version {
    /// When the last party signed; `None` while somebody has not.
    pub fn in_force_since(&self) -> Option<Moment> {
        let mut since = None;
        for party in &self.terms.parties {
            since = since.max(Some(*self.signatures.get(party)?));
        }
        since
    }
}

/// What became of a milestone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// When it was reached.
    pub at: Option<Moment>,
    /// What was said then.
    pub note: Option<String>,
    /// When its last day was over and it was not reached.
    pub overdue: Option<Moment>,
}

/// An agreement with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Its identity.
    pub id: AgreementId,
    /// What it is about.
    pub subject: Subject,
    /// Its versions, the first one first; there is always one.
    pub versions: Vec<Version>,
    /// What became of milestones, by number.
    pub milestones: BTreeMap<u16, Reached>,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
}

impl Agreement {
    /// The number of the newest version; the first is 1.
    pub const fn newest(&self) -> usize {
        self.versions.len()
    }

    /// The newest version that all its parties have signed.
    pub fn in_force(&self) -> Option<&Version> {
        if self.withdrawn.is_some() {
            return None;
        }
        self.versions.iter().rev().find(|version| version.in_force_since().is_some())
    }

    /// The newest version, while somebody has not signed it.
    pub fn unsigned(&self) -> Option<&Version> {
        if self.withdrawn.is_some() {
            return None;
        }
        self.versions.last().filter(|version| version.in_force_since().is_none())
    }
}
