//! Deliveries and what they are credited with.

use super::{Recorded, change, pairings};
use crate::{
    delivery::{Delivery, DeliveryStatus},
    event::Event,
    identity::DeliveryId,
    state::State,
};
use std::sync::Arc;

pub(super) fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    let at = recorded.time;
    match event {
        Event::DeliveryRecorded { delivery, pairing, draft } => {
            state.last.delivery = state.last.delivery.max(delivery.number());
            state.deliveries_of.insert((*pairing, *delivery));
            let made = Delivery {
                id: *delivery,
                pairing: *pairing,
                draft: draft.clone(),
                recorded: at,
                overdue: None,
                status: DeliveryStatus::Recorded,
            };
            pairings::turn(state, recorded, *pairing, |it| {
                it.delivered = it.delivered.saturating_add(made.delivered());
            });
            state.deliveries.insert(*delivery, Arc::new(made));
        }
        Event::DeliveryConfirmed { delivery } => turn(state, recorded, *delivery, |it| {
            it.status = DeliveryStatus::Confirmed { at };
        }),
        Event::DeliveryDisputed { delivery, reason } => turn(state, recorded, *delivery, |it| {
            it.status = DeliveryStatus::Disputed { reason: reason.clone(), at };
        }),
        Event::DeliveryCorrected { delivery, draft } => turn(state, recorded, *delivery, |it| {
            it.draft = draft.clone();
            it.recorded = at;
            it.overdue = None;
            it.status = DeliveryStatus::Recorded;
        }),
        Event::DeliveryWithdrawn { delivery, reason } => turn(state, recorded, *delivery, |it| {
            it.status = DeliveryStatus::Withdrawn { reason: reason.clone() };
        }),
        Event::ConfirmationFellOverdue { delivery } => {
            change(&mut state.deliveries, delivery, |it| it.overdue = Some(at));
        }
        Event::ContributionCredited { organization, delivery: _, credit } => {
            let account = Arc::make_mut(state.accounts.entry(*organization).or_default());
            account.points = account.points.saturating_add(credit.points);
            for (class, minutes) in &credit.minutes {
                let earned = account.minutes.entry(*class).or_default();
                *earned = earned.saturating_add(*minutes);
            }
            account.deliveries += 1;
        }
        Event::ContributionRedeemed { organization, redemption } => {
            let account = Arc::make_mut(state.accounts.entry(*organization).or_default());
            account.points_spent = account.points_spent.saturating_add(redemption.points);
            account.minutes_spent = account.minutes_spent.saturating_add(redemption.minutes);
        }
        _ => {}
    }
}

/// Changes a delivery, and what its pairing counts as delivered and accepted.
fn turn(state: &mut State, recorded: Recorded, id: DeliveryId, apply: impl FnOnce(&mut Delivery)) {
    let Some(before) = state.deliveries.get(&id).map(Arc::clone) else {
        return;
    };
    let mut after = Delivery::clone(&before);
    apply(&mut after);
    pairings::turn(state, recorded, before.pairing, |it| {
        it.delivered = it.delivered.saturating_sub(before.delivered()).saturating_add(after.delivered());
        it.accepted = it.accepted.saturating_sub(before.accepted()).saturating_add(after.accepted());
    });
    state.deliveries.insert(id, Arc::new(after));
}
