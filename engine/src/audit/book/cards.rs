//! The cards: what the log says of one need, pairing, agreement or delivery.

use crate::{
    agreement::{Subject, Terms},
    appraisal::Grade,
    entry::EntryDraft,
    figures::Scope,
    identity::{OrganizationId, PairingId},
    moment::Moment,
    pairing::{PairingTerms, Side},
    period::Month,
};
use std::collections::BTreeSet;

/// How a need has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NeedEnding {
    Withdrawn,
    Expired,
    Merged,
    Rejected,
    /// On a ground that the rules do not name.
    Otherwise,
}

/// How a pairing has ended without being fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PairingEnding {
    Declined,
    Lapsed,
    TakenBack,
    Superseded,
}

/// What is known of a need.
#[derive(Clone, Debug)]
pub(super) struct NeedCard {
    pub(super) month: Month,
    pub(super) posted: Moment,
    pub(super) entry: EntryDraft,
    pub(super) filed: Vec<Scope>,
    pub(super) ended: Option<NeedEnding>,
    pub(super) carried: bool,
    pub(super) overdue: bool,
    /// Whether in time.
    pub(super) replied: Option<bool>,
    pub(super) met: bool,
    /// Whether in time.
    pub(super) concluded: Option<bool>,
    pub(super) grade: Option<Grade>,
}

/// What is known of a pairing.
#[derive(Clone, Debug)]
pub(super) struct PairingCard {
    pub(super) month: Month,
    pub(super) posted: Moment,
    pub(super) terms: PairingTerms,
    pub(super) filed: Vec<Scope>,
    /// Who claimed it last, while the other side has not.
    pub(super) waits_on: Option<Side>,
    pub(super) claimed: Option<Moment>,
    pub(super) agreed: Option<Moment>,
    pub(super) signed: Option<Moment>,
    pub(super) done: Option<Moment>,
    pub(super) in_time: bool,
    pub(super) ended: Option<PairingEnding>,
}

/// An agreement: what it is about, its versions, each with who has signed it, and whether it was withdrawn.
#[derive(Clone, Debug)]
pub(super) struct AgreementCard {
    pub(super) subject: Subject,
    pub(super) versions: Vec<(Terms, BTreeSet<OrganizationId>)>,
    pub(super) void: bool,
}

/// A delivery: of which pairing, how much, and whether it is confirmed.
#[derive(Clone, Debug)]
pub(super) struct DeliveryCard {
    pub(super) pairing: PairingId,
    pub(super) quantity: u64,
    pub(super) confirmed: bool,
}
