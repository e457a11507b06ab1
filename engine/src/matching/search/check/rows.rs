//! The most one row can earn by itself at given prices.

use std::collections::BTreeMap;

/// Worth of a unit, least units, most units, units of a lot.
pub(super) type Offer = (i128, i128, i128, Option<i128>);

/// Rows that ask for more lots than this are bounded as if lots could be split.
const WHOLE_LOTS_MAX: i128 = 16;

/// The most a row can earn from its offers, all of its demand or not. `None`: it cannot be done.
///
/// Where lots come from several columns, each sum of whole lots is looked at.
pub(super) fn earned_in_lots(demand: i128, offers: &[Offer], full: bool) -> Option<i128> {
    if offers.iter().all(|&(_, least, most, lot)| least == 0 && most >= demand && lot.is_none()) {
        let best = offers.iter().map(|&(worth, ..)| demand * worth).max();
        return if full && demand > 0 { best } else { Some(best.unwrap_or(0).max(0)) };
    }
    let (lots, others): (Vec<Offer>, Vec<Offer>) =
        offers.iter().partition(|(_, _, most, lot)| *most > 0 && lot.is_some_and(|lot| lot > 1));
    let plain =
        |offers: Vec<Offer>| offers.into_iter().map(|(worth, least, most, _)| (worth, least, most)).collect();
    let smallest = lots.iter().filter_map(|(.., lot)| *lot).min();
    if lots.len() < 2 || smallest.is_none_or(|lot| demand / lot > WHOLE_LOTS_MAX) {
        return earned(demand, plain(offers.to_vec()), full);
    }
    let mut sums = BTreeMap::from([(0, 0)]);
    for (worth, least, most, lot) in lots {
        let mut next = BTreeMap::new();
        for (units, earned) in sums {
            let mut sent = least;
            while sent <= most && units + sent <= demand {
                let best = next.entry(units + sent).or_insert(i128::MIN);
                *best = (*best).max(earned + sent * worth);
                sent += lot.unwrap_or(1);
            }
        }
        sums = next;
    }
    let others = plain(others);
    let totals = sums
        .into_iter()
        .filter_map(|(units, lots)| Some(lots + earned(demand - units, others.clone(), full)?));
    totals.max()
}

/// The most a row can earn that one of its offers serves at most.
pub(super) fn earned_from_one(demand: i128, offers: &[Offer], full: bool) -> Option<i128> {
    let in_use = offers.iter().filter(|(_, least, ..)| *least > 0).count();
    let totals = offers.iter().filter_map(|&(worth, least, most, lot)| {
        if in_use > usize::from(least > 0) {
            return None;
        }
        let most = most.min(demand);
        let most = most - most % lot.unwrap_or(1);
        if full {
            return (most == demand).then_some(demand * worth);
        }
        Some(if worth > 0 { most * worth } else { least * worth })
    });
    let nothing = (in_use == 0 && !(full && demand > 0)).then_some(0);
    totals.chain(nothing).max()
}

/// The most a row can earn from its offers (worth of a unit, least units, most units), all of its demand or not.
/// `None`: it cannot be done.
fn earned(demand: i128, mut offers: Vec<(i128, i128, i128)>, full: bool) -> Option<i128> {
    let mut left = demand;
    let mut earned = 0;
    for &(worth, least, most) in &offers {
        if least > most {
            return None;
        }
        left -= least;
        earned += least * worth;
    }
    if left < 0 {
        return None;
    }
    offers.sort_unstable_by_key(|&(worth, ..)| std::cmp::Reverse(worth));
    for (worth, least, most) in offers {
        if worth > 0 || full {
            let units = left.min(most - least);
            left -= units;
            earned += units * worth;
        }
    }
    (left == 0 || !full).then_some(earned)
}
