//! Commands that can be given to pairings and to what becomes of them.

use super::building::{Desk, text};
use crate::{
    agreement::Subject,
    command::Command,
    identity::{AgreementId, BidId, DeliveryId, MeetingId, PairingId},
    meeting::{Decision, Item},
    pairing::Side,
};

impl Desk<'_> {
    pub fn of_pairing(&self, id: PairingId) -> Vec<Vec<Command>> {
        let Some(pairing) = self.state.pairing(id) else {
            return Vec::new();
        };
        let sides = self.sides(id);
        let each = |command: &dyn Fn(Side) -> Command| sides.iter().map(|side| command(*side)).collect();
        let subject = Subject::Pairing(id);
        // A part is less than the whole, when there is less.
        let quantity = (pairing.terms.quantity / 2).max(1);
        vec![
            each(&|side| Command::ClaimPairing { pairing: id, side }),
            each(&|side| Command::ClaimPart { pairing: id, side, quantity }),
            each(&|side| Command::DeclinePairing { pairing: id, side, reason: text() }),
            each(&|side| Command::WithdrawPairing { pairing: id, side, reason: text() }),
            vec![self.meeting(Item::Pairing(id))],
            vec![Command::DraftAgreement { subject, terms: self.terms(subject) }],
            vec![Command::RecordDelivery { pairing: id, draft: self.delivery(pairing.undelivered().max(1)) }],
            vec![Command::AcceptPairing { pairing: id }],
        ]
    }

    pub fn of_bid(&self, id: BidId) -> Vec<Vec<Command>> {
        vec![
            vec![Command::ChooseBid { bid: id, reason: None }],
            vec![Command::DeclineBid { bid: id, reason: text() }],
            vec![Command::WithdrawBid { bid: id, reason: text() }],
        ]
    }

    pub fn of_meeting(&self, id: MeetingId) -> Vec<Vec<Command>> {
        let Some(meeting) = self.state.meeting(id) else {
            return Vec::new();
        };
        let open = meeting.draft.agenda.iter().filter(|item| meeting.decided(**item).is_none());
        let decided = meeting.draft.agenda.iter().filter(|item| meeting.decided(**item).is_some());
        let postpone = |item: &Item| Command::DecideItem {
            meeting: id,
            item: *item,
            decision: Decision::Postpone,
            note: None,
        };
        vec![
            vec![Command::AmendMeeting { meeting: id, draft: meeting.draft.clone() }],
            open.chain(decided).map(postpone).collect(),
            vec![Command::CloseMeeting { meeting: id, minutes: text() }],
            vec![Command::CancelMeeting { meeting: id, reason: text() }],
        ]
    }

    pub fn of_agreement(&self, id: AgreementId) -> Vec<Vec<Command>> {
        let Some(agreement) = self.state.agreement(id) else {
            return Vec::new();
        };
        let Some(newest) = agreement.versions.last() else {
            return Vec::new();
        };
        let version = u32::try_from(agreement.newest()).unwrap_or(u32::MAX);
        let mut terms = newest.terms.clone();
        // An amendment says something else than what stands.
        terms.text = Some(terms.text.map_or_else(text, |before| format!("{before}{}", text())));
        let parties = newest.terms.parties.iter().filter(|party| self.speaker(**party) == **party);
        let mut signers: Vec<_> = parties.copied().collect();
        if signers.is_empty() {
            signers.push(self.own());
        }
        let of_terms = agreement.in_force().map_or(&newest.terms, |in_force| &in_force.terms);
        let reach = |milestone: &crate::agreement::Milestone| Command::ReachMilestone {
            agreement: id,
            milestone: milestone.number,
            note: None,
        };
        vec![
            vec![Command::AmendAgreement { agreement: id, version, terms }],
            signers
                .into_iter()
                .map(|party| Command::SignAgreement { agreement: id, version, party })
                .collect(),
            vec![Command::WithdrawAgreement { agreement: id, reason: text() }],
            of_terms.milestones.iter().map(reach).collect(),
        ]
    }

    pub fn of_delivery(&self, id: DeliveryId) -> Vec<Vec<Command>> {
        let Some(delivery) = self.state.delivery(id) else {
            return Vec::new();
        };
        vec![
            vec![Command::ConfirmDelivery { delivery: id }],
            vec![Command::DisputeDelivery { delivery: id, reason: text() }],
            vec![Command::CorrectDelivery { delivery: id, draft: delivery.draft.clone() }],
            vec![Command::WithdrawDelivery { delivery: id, reason: text() }],
        ]
    }
}
