//! Wishes: deliveries, in parts, disputed and corrected, pairings accepted short, and what is redeemed.

use super::Wishes;
use chrono::{Days, NaiveDate};
use engine::{
    command::Command,
    contribution::Redemption,
    delivery::{DeliveryDraft, DeliveryStatus, Effort, PersonClass},
    identity::{DeliveryId, OrganizationId, PairingId},
    pairing::PairingStatus,
    state::State,
};

impl Wishes {
    pub(super) fn delivery(&mut self, state: &State) -> Command {
        match self.random.below(100) {
            0..40 => self.record_delivery(state),
            40..65 => Command::ConfirmDelivery { delivery: self.some_delivery(state) },
            65..75 => {
                let delivery = self.some_delivery(state);
                Command::DisputeDelivery { delivery, reason: self.reason() }
            }
            75..83 => {
                let delivery = self.some_delivery(state);
                let pairing = state.delivery(delivery).map(|it| it.pairing);
                let draft = self.delivery_draft(state, pairing);
                Command::CorrectDelivery { delivery, draft }
            }
            83..86 => self.redeem(state),
            86..90 => {
                let delivery = self.some_delivery(state);
                Command::WithdrawDelivery { delivery, reason: self.reason() }
            }
            _ => {
                let short = state.pairings().filter(|it| it.accepted > 0 && it.undelivered() > 0);
                let short: Vec<PairingId> = short.map(|it| it.id).collect();
                let (any, _) = self.pairing(state, |status| matches!(status, PairingStatus::Agreed { .. }));
                let pairing = self.random.any(&short).filter(|_| self.random.percent(70)).unwrap_or(any);
                Command::AcceptPairing { pairing }
            }
        }
    }

    /// Mostly of somebody who has earned something, now and then more than that.
    fn redeem(&mut self, state: &State) -> Command {
        let earners: Vec<OrganizationId> = state.accounts().map(|(organization, _)| organization).collect();
        let organization = self.random.any(&earners).unwrap_or_else(|| self.organization(state));
        let (points, minutes) =
            state.account(organization).map_or((0, 0), |it| (it.points_left(), it.minutes_left()));
        let redemption = Redemption {
            points: self.random.below(points + 2),
            minutes: self.random.below(minutes + 2),
            what: self.reason(),
        };
        Command::RedeemContribution { organization, redemption }
    }

    fn record_delivery(&mut self, state: &State) -> Command {
        let (pairing, _) = self.pairing(state, |status| matches!(status, PairingStatus::Agreed { .. }));
        Command::RecordDelivery { pairing, draft: self.delivery_draft(state, Some(pairing)) }
    }

    /// A part or all of what is left, now and then more.
    pub(super) fn delivery_draft(&mut self, state: &State, pairing: Option<PairingId>) -> DeliveryDraft {
        let left = pairing.and_then(|id| state.pairing(id)).map_or(1, |it| it.undelivered());
        let quantity = match self.random.below(20) {
            0 => left + 1,
            1 => 0,
            2..12 => left,
            _ => self.random.between(1, left.max(1)),
        };
        let today = state.time().map_or(NaiveDate::MIN, |time| time.date(480));
        let on = match self.random.below(20) {
            0 => today + Days::new(400),
            1..4 => today - Days::new(self.random.below(9)),
            _ => today,
        };
        let mut efforts = Vec::new();
        for class in PersonClass::ALL {
            if self.random.percent(30) {
                let persons = self.random.between(1, 9) as u32;
                efforts.push(Effort {
                    class,
                    persons,
                    minutes: persons * self.random.between(10, 300) as u32,
                });
            }
        }
        if self.random.percent(3) {
            efforts.extend(efforts.clone());
        }
        DeliveryDraft { quantity, on, note: None, efforts }
    }

    /// Mostly one that waits for an answer.
    fn some_delivery(&mut self, state: &State) -> DeliveryId {
        let open = state
            .deliveries()
            .filter(|it| matches!(it.status, DeliveryStatus::Recorded | DeliveryStatus::Disputed { .. }));
        let open: Vec<DeliveryId> = open.map(|it| it.id).collect();
        match self.random.any(&open) {
            Some(found) if self.random.percent(90) => found,
            _ => DeliveryId::new(self.number(state.deliveries().count())),
        }
    }
}
