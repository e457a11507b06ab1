//! Wishes: claims in part and jointly, calls and bids.

use super::{NOWHERE, Wishes};
use engine::{
    bid::BidStatus,
    command::Command,
    identity::BidId,
    moment::Moment,
    pairing::{PairingStatus, Share, Side, Supplier, Target},
    state::State,
};

impl Wishes {
    pub(super) fn claim_life(&mut self, state: &State) -> Command {
        match self.random.below(16) {
            0..3 => self.claim_part(state),
            3..6 => self.claim_jointly(state),
            6..8 => self.open_call(state),
            8 => Command::CloseCall { target: self.called(state) },
            9..12 => self.place_bid(state),
            12 => Command::WithdrawBid { bid: self.bid(state), reason: self.reason() },
            13 => Command::DeclineBid { bid: self.bid(state), reason: self.reason() },
            _ => {
                let reason = self.random.percent(50).then(|| self.reason());
                Command::ChooseBid { bid: self.bid(state), reason }
            }
        }
    }

    fn claim_part(&mut self, state: &State) -> Command {
        let (pairing, _) = self.pairing(state, |status| *status == PairingStatus::Proposed);
        let proposed = state.pairing(pairing).map_or(1, |it| it.terms.quantity);
        let quantity = if self.random.percent(10) { proposed + 1 } else { self.random.below(proposed + 1) };
        Command::ClaimPart { pairing, side: self.random.one(&[Side::Asking, Side::Giving]), quantity }
    }

    /// Two or three givers on a target of which something is left, now and then not quite as it should be.
    fn claim_jointly(&mut self, state: &State) -> Command {
        let wanting = |target: Target| {
            state.asked(target).map_or(0, |(asked, tally)| asked.saturating_sub(tally.reserved()))
        };
        let targets = [0; 6].map(|_| self.target(state));
        let target = targets.into_iter().max_by_key(|target| wanting(*target)).unwrap_or(targets[0]);
        let asking = state.asking(target);
        let mut suppliers: Vec<Supplier> = Vec::new();
        for _ in 0..12 {
            let supplier = self.supplier(state);
            let careless = self.random.percent(5);
            let (capacity, tally) = state.offered(supplier).unwrap_or_default();
            let fits = capacity > tally.reserved() && state.giving(supplier) != asking;
            if suppliers.len() < 3 && (careless || fits && !suppliers.contains(&supplier)) {
                suppliers.push(supplier);
            }
        }
        suppliers.truncate(self.random.between(1, 6).max(2) as usize);
        let part = wanting(target).min(12) / 3;
        let shares: Vec<Share> = suppliers
            .into_iter()
            .map(|supplier| Share {
                supplier,
                // Mostly so little that all of them have room.
                quantity: self.random.percent(85).then(|| self.random.below(part + 1).max(1)),
                draws: self.random.percent(5).then(|| self.random.below(6)),
            })
            .collect();
        let leader = shares.first().and_then(|share| state.giving(share.supplier));
        let by = leader.filter(|_| self.random.percent(95)).unwrap_or_else(|| self.organization(state));
        Command::ClaimJointly { target, shares, by }
    }

    fn open_call(&mut self, state: &State) -> Command {
        let last = state.time().unwrap_or(Moment::from_millis(0));
        let until = match self.random.below(10) {
            0 => last,
            1 => Moment::from_millis(i64::MAX),
            _ => last.plus_hours(self.random.between(1, 60) as u32),
        };
        let note = self.random.percent(30).then(|| "请附方案".to_owned());
        Command::OpenCall { target: self.target(state), until, note }
    }

    /// What a call stands on, mostly.
    fn called(&mut self, state: &State) -> Target {
        let calls: Vec<Target> = state.calls().map(|call| call.target).collect();
        match self.random.any(&calls) {
            Some(target) if self.random.percent(85) => target,
            _ => self.target(state),
        }
    }

    fn place_bid(&mut self, state: &State) -> Command {
        let target = if self.random.percent(40) { self.called(state) } else { self.target(state) };
        Command::PlaceBid {
            target,
            supplier: self.supplier(state),
            quantity: self.random.percent(60).then(|| self.random.below(8)),
            draws: self.random.percent(15).then(|| self.random.below(8)),
            note: self.random.percent(20).then(|| "本周可到位".to_owned()),
        }
    }

    /// A bid, mostly one that waits.
    fn bid(&mut self, state: &State) -> BidId {
        let waiting: Vec<BidId> =
            state.bids().filter(|it| it.status == BidStatus::Waiting).map(|it| it.id).collect();
        match self.random.any(&waiting) {
            Some(bid) if self.random.percent(85) => bid,
            _ if self.random.percent(10) => BidId::new(NOWHERE),
            _ => BidId::new(self.number(state.bids().count())),
        }
    }
}
