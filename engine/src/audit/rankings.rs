//! The rankings of units: what speaks for whoever gives, added up once more from what was credited and from what each pairing
//! says, and the orders sorted anew.

use super::Findings;
use crate::{
    figures::{Merit, RankedBy, Span, Spot},
    history::Entity,
    identity::OrganizationId,
    state::State,
};
use std::collections::BTreeMap;

pub(super) fn look(state: &State, findings: &mut Findings) {
    let merits = merits(state);
    let mut orders = BTreeMap::<(Span, RankedBy), Vec<Spot>>::new();
    for ((giver, span), merit) in merits.iter().filter(|((giver, _), _)| state.is_unit(*giver)) {
        for by in RankedBy::ALL {
            let spot = Spot { share: merit.share(by), unit: *giver };
            if spot.share.denominator > 0 {
                orders.entry((*span, by)).or_default().push(spot);
            }
        }
    }
    orders.values_mut().for_each(|order| order.sort_by(Spot::compare));

    let kept = state.figures.merits().filter(|(_, merit)| **merit != Merit::default());
    let kept = kept.map(|(key, merit)| (*key, merit.clone()));
    findings.compare("merits", kept, merits, |(giver, _)| Entity::Organization(*giver));
    let kept = state.figures.orders().filter(|(_, order)| !order.is_empty());
    let kept = kept.map(|(key, order)| (*key, order.iter().copied().collect::<Vec<_>>()));
    findings.compare("rankings", kept, orders, |_| Entity::Street);
}

/// What speaks for each giver in each span.
fn merits(state: &State) -> BTreeMap<(OrganizationId, Span), Merit> {
    let credited = state.figures.earned_by_month().map(|((month, giver), earned)| {
        (*giver, *month, Merit { earned: earned.clone(), ..Merit::default() })
    });
    let mut merits = BTreeMap::<_, Merit>::new();
    for (giver, month, said) in credited.chain(state.figures.said_of_givers()) {
        for span in Span::around(month) {
            let merit = merits.entry((giver, span)).or_default();
            *merit = merit.plus(&said);
        }
    }
    merits.retain(|_, merit| *merit != Merit::default());
    merits
}
