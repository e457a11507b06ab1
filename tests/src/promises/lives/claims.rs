//! Lives that go by claims in part and jointly, by a choice among bids, by the decision of a meeting.

use super::{Life, Lives, Stage};
use crate::promises::counted_alike;
use engine::{
    identity::{BidId, OrganizationId, PairingId},
    meeting::{Decision, Item},
    moment::Moment,
    pairing::{Share, Side, Supplier, Target},
    state::State,
};

impl Life {
    /// For less: it draws as much less, rounded up.
    fn cut(&mut self, quantity: u64) {
        let exact = u128::from(self.draws) * u128::from(quantity);
        let mut draws = u64::try_from(exact / u128::from(self.quantity)).unwrap();
        if u128::from(draws) * u128::from(self.quantity) < exact {
            draws += 1;
        }
        (self.quantity, self.draws) = (quantity, draws);
    }
}

impl Lives {
    /// The numbers of those a pairing is to be agreed with, its own too.
    fn group(&self, pairing: PairingId) -> Vec<u64> {
        let own = &self.0[&pairing.number()];
        let Some(joint) = own.joint else { return vec![pairing.number()] };
        let open = |life: &Life| matches!(life.stage, Stage::Proposed | Stage::Claimed(..));
        let joined = self.0.iter().filter(|(_, life)| life.joint == Some(joint) && open(life));
        joined.map(|(number, _)| *number).collect()
    }

    pub(super) fn claim(&mut self, pairing: PairingId, side: Side, now: Moment, until: Moment) {
        let group = self.group(pairing);
        if self.0[&pairing.number()].stage == Stage::Proposed {
            assert!(side == Side::Giving || group.len() == 1, "{pairing} was claimed before its group");
            return self.step(pairing, |_| Some(Stage::Claimed(side, until)));
        }
        for number in group {
            self.step(PairingId::new(number), |stage| match stage {
                Stage::Claimed(by, limit) if by != side && now < limit => Some(Stage::Agreed),
                _ => None,
            });
        }
    }

    pub(super) fn claim_part(&mut self, pairing: PairingId, side: Side, quantity: u64, until: Moment) {
        let group = self.group(pairing);
        assert!(side == Side::Giving || group.len() == 1, "{pairing} was claimed before its group");
        let life = self.0.get_mut(&pairing.number()).unwrap();
        assert!(life.stage == Stage::Proposed && (1..=life.quantity).contains(&quantity), "{life:?}");
        life.cut(quantity);
        life.stage = Stage::Claimed(side, until);
    }

    pub(super) fn claim_jointly(
        &mut self,
        before: &State,
        target: Target,
        shares: &[Share],
        by: OrganizationId,
        until: Moment,
    ) {
        let (asked, _) = before.asked(target).unwrap();
        let promised = |wanted: &dyn Fn(&Life) -> u64| -> u64 {
            self.0.values().filter(|life| life.is_promised()).map(wanted).sum()
        };
        let taken = promised(&|life| if life.target == target { life.quantity } else { 0 });
        let said: u64 = shares.iter().filter_map(|share| share.quantity).sum();
        let mut left = asked - taken - said;
        let mut new = Vec::new();
        for share in shares {
            let supplier = share.supplier;
            let (capacity, _) = before.offered(supplier).unwrap();
            let drawn =
                promised(&|life| if life.supplier == supplier && counts(life) { life.draws } else { 0 });
            let alike = counted_alike(before, target, supplier);
            let most = if alike { left.min(capacity - drawn) } else { left };
            let quantity = share.quantity.unwrap_or(most);
            if share.quantity.is_none() {
                left -= quantity;
            }
            let draws = share.draws.unwrap_or(if alike { quantity } else { 1 });
            assert!(quantity > 0 && draws > 0 && drawn + draws <= capacity, "{share:?}");
            let own = before.giving(supplier) == Some(by);
            let stage = if own { Stage::Claimed(Side::Giving, until) } else { Stage::Proposed };
            new.push(Life { target, supplier, quantity, draws, planned: false, joint: None, stage });
        }
        for life in &new {
            self.make_way(target, life.supplier);
        }
        self.make_room(target, asked - new.iter().map(|life| life.quantity).sum::<u64>());
        let first = self.0.len() as u64 + 1;
        for life in new {
            self.begin(Life { joint: Some(first), ..life });
        }
    }

    pub(super) fn choose(&mut self, before: &State, bid: BidId) {
        let draft = &before.bid(bid).unwrap().draft;
        let (target, supplier, quantity, draws) = (draft.target, draft.supplier, draft.quantity, draft.draws);
        let (asked, _) = before.asked(target).unwrap();
        self.make_way(target, supplier);
        self.make_room(target, asked - quantity);
        let stage = Stage::Agreed;
        self.begin(Life { target, supplier, quantity, draws, planned: false, joint: None, stage });
    }

    pub(super) fn decided(&mut self, before: &State, now: Moment, item: Item, decision: &Decision) {
        match (item, decision) {
            (_, Decision::Postpone) | (Item::Project(_), Decision::Agree | Decision::ChangeTerms { .. }) => {}
            (Item::Project(project), Decision::Drop) => {
                self.gone(|life| matches!(life.target, Target::Slot(of, _) if of == project));
            }
            (Item::Pairing(pairing), Decision::Agree) => {
                for number in self.group(pairing) {
                    self.step(PairingId::new(number), |stage| match stage {
                        Stage::Proposed => Some(Stage::Agreed),
                        Stage::Claimed(_, limit) if now < limit => Some(Stage::Agreed),
                        _ => None,
                    });
                }
            }
            (Item::Pairing(pairing), Decision::Drop) => self.step(pairing, |stage| match stage {
                Stage::Proposed | Stage::Claimed(..) => Some(Stage::Declined),
                _ => None,
            }),
            (Item::Pairing(pairing), Decision::ChangeTerms { quantity, draws }) => {
                let mut life = self.0.remove(&pairing.number()).unwrap();
                if (life.quantity, life.draws) != (*quantity, *draws) {
                    let (asked, _) = before.asked(life.target).unwrap();
                    self.make_room(life.target, asked - quantity);
                    (life.quantity, life.draws) = (*quantity, *draws);
                }
                self.0.insert(pairing.number(), life);
            }
        }
    }

    /// A proposal between the same two goes.
    fn make_way(&mut self, target: Target, supplier: Supplier) {
        let twins = self.0.values_mut().filter(|life| (life.target, life.supplier) == (target, supplier));
        for twin in twins {
            assert!(!twin.is_promised() || twin.stage == Stage::Accepted, "{twin:?}");
            if twin.stage == Stage::Proposed {
                twin.stage = Stage::Superseded;
            }
        }
    }
}

/// A unit's engagement is over once it is accepted; what was drawn from a resource stays drawn.
fn counts(life: &Life) -> bool {
    life.stage != Stage::Accepted || matches!(life.supplier, Supplier::Resource(_))
}
