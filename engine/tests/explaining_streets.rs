//! Explanations on random streets, with fairness and without: whatever they claim holds when it is tried.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

#[path = "town/trying.rs"]
mod trying;

#[path = "town/streets.rs"]
mod random;

use engine::{
    command::Command,
    matching::{
        Change,
        explaining::{ORDINARY, pairing::PairingExplained},
        what_if,
    },
    pairing::{PairingTerms, Side, Supplier},
    rules::Fairness,
    state::State,
};
use random::{crowded_town, random_town};
use town::NOW;
use trying::{after, explain, explain_at, hold, served, used};

/// The seeds of streets where only the total counts, and of streets that share out fairly.
fn streets() -> impl Iterator<Item = (Fairness, u64)> {
    let plain = (0..150).map(|seed| (Fairness::NONE, seed));
    plain.chain((0..150).map(|seed| (Fairness::STANDARD, seed)))
}

#[test]
fn every_claimed_change_holds_on_random_streets_and_less_would_not_do() {
    let (mut unmet_count, mut remedies, mut idle_count) = (0, 0, 0);
    for (fairness, seed) in streets() {
        let (town, targets, suppliers) = random_town(seed, fairness);
        let explanations = explain(&town);
        let proposal = explanations.proposal();
        for target in &targets {
            let unmet = explanations.unmet(*target);
            assert_eq!(
                unmet.as_ref().map(|unmet| unmet.wanting - unmet.planned),
                proposal.summary.unmet.iter().find(|unmet| unmet.target == *target).map(|it| it.quantity),
                "seed {seed}"
            );
            let Some(unmet) = unmet else { continue };
            unmet_count += 1;
            assert!(!unmet.causes.is_empty(), "seed {seed}");
            assert!(unmet.winners.iter().all(|winner| winner.lead.0 >= 0), "seed {seed}: {unmet:?}");
            for remedy in &unmet.remedies {
                remedies += 1;
                assert!(remedy.reaches > unmet.planned, "seed {seed}");
                hold(&town, remedy, |proposal| served(proposal, *target), &format!("seed {seed} {target}"));
            }
        }
        for supplier in suppliers {
            let Some(idle) = explanations.idle(supplier) else { continue };
            idle_count += 1;
            assert!(idle.lost.iter().all(|lost| lost.lead.0 >= 0), "seed {seed}: {idle:?}");
            for remedy in &idle.remedies {
                remedies += 1;
                hold(&town, remedy, |proposal| used(proposal, supplier), &format!("seed {seed} {supplier}"));
            }
        }
    }
    assert!(
        unmet_count > 300 && idle_count > 200 && remedies > 1_200,
        "{unmet_count} {idle_count} {remedies}"
    );
}

#[test]
fn remedies_do_not_depend_on_how_many_threads_try_them() {
    let mut remedies = 0;
    for seed in 0..25 {
        let (town, targets, _) = random_town(seed, Fairness::STANDARD);
        let by = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let explanations = explain(&town);
                targets.iter().map(|target| explanations.unmet(*target)).collect::<Vec<_>>()
            })
        };
        let alone = by(1);
        assert_eq!(by(2), alone, "seed {seed}");
        assert_eq!(by(5), alone, "seed {seed}");
        remedies += alone.iter().flatten().map(|unmet| unmet.remedies.len()).sum::<usize>();
    }
    assert!(remedies > 50, "{remedies}");
}

#[test]
fn margins_are_never_negative_and_forbidding_a_pairing_costs_at_least_its_margin() {
    let (mut tried, mut shared) = (0, 0);
    for (fairness, seed) in streets() {
        let (mut town, ..) = random_town(seed, fairness);
        let before = town.propose();
        let kept = before.summary.objective;
        let explained: Vec<_> = {
            let explanations = explain(&town);
            let of = |terms: &PairingTerms| explanations.pairing(terms.target, terms.supplier).unwrap();
            before.pairings.iter().map(of).collect()
        };
        let adds = |it: &PairingExplained| it.worth.0 + it.bonus.0 - it.burden.0;
        assert_eq!(explained.iter().map(adds).sum::<i128>(), i128::from(kept), "seed {seed}");
        shared += u32::from(explained.iter().any(|it| it.bonus.0 > 0 && it.burden.0 > 0));
        let events = town.adopt();
        for (pairing, event) in explained.iter().zip(events.iter().filter_map(proposed)) {
            assert!((0..=adds(pairing)).contains(&pairing.margin.0), "seed {seed}: {pairing:?}");
            assert!(pairing.asking.is_none_or(|it| it.behind.0 >= 0), "seed {seed}: {pairing:?}");
            assert!(pairing.giving.is_none_or(|it| it.behind.0 >= 0), "seed {seed}: {pairing:?}");
            // A resource that is declined takes its owner's open capacity with it, which is more than one pair.
            let Supplier::Unit(_) = pairing.supplier else { continue };
            let (id, reason) = (event, "没空".to_owned());
            let decline = Command::DeclinePairing { pairing: id, side: Side::Giving, reason };
            // Standing proposals count more, so the plans are compared without them.
            let fresh = random_town(seed, fairness).0;
            let mut declined = fresh.state.clone();
            let supposed = what_if(&town.state, &[Change::Command(Box::new(decline))], NOW).unwrap();
            let marked = supposed.state.was_declined(pairing.target, pairing.supplier);
            assert!(marked, "seed {seed}");
            declined.clone_from(&without_proposals(&supposed.state));
            let left = explain_at(&declined, NOW).proposal().summary.objective;
            assert!(i128::from(left) + pairing.margin.0 <= i128::from(kept), "seed {seed}: {pairing:?}");
            tried += 1;
        }
    }
    assert!(tried > 40 && shared > 3, "{tried} {shared}");
}

/// The same street with an empty plan adopted, so that nothing is proposed.
fn without_proposals(state: &State) -> State {
    let mut empty = explain_at(state, NOW).proposal();
    empty.pairings.clear();
    let adopt = Change::Command(Box::new(Command::AdoptPlan(Box::new(empty))));
    what_if(state, &[adopt], NOW).unwrap().state
}

fn proposed(event: &engine::event::Event) -> Option<engine::identity::PairingId> {
    match event {
        engine::event::Event::PairingProposed { pairing, .. } => Some(*pairing),
        _ => None,
    }
}

#[test]
fn scarcity_is_what_adding_the_unit_really_adds() {
    let (mut units, mut resources, mut categories) = (0, 0, 0);
    for (fairness, seed) in streets() {
        let (town, ..) = random_town(seed, fairness);
        let explanations = explain(&town);
        let now = i128::from(explanations.proposal().summary.objective);
        let scarcity = explanations.scarcity().unwrap();
        for (supplier, worth) in &scarcity.givers {
            // An exhausted one would be judged anew when it has something again.
            let (capacity, _) = town.state.offered(*supplier).unwrap();
            if capacity == 0 {
                continue;
            }
            let more = [Change::AddCapacity { supplier: *supplier, more: 1 }];
            let supposed = what_if(&town.state, &more, NOW).unwrap();
            let then = explain_at(&supposed.state, NOW);
            let adds = i128::from(then.proposal().summary.objective) - now;
            // Where a need is counted another way then, that is more than the price foresees.
            assert!(adds >= worth.0, "seed {seed} {supplier}");
            if then.counts_like(&explanations) {
                assert_eq!(adds, worth.0, "seed {seed} {supplier}");
            }
            let count = if matches!(supplier, Supplier::Unit(_)) { &mut units } else { &mut resources };
            *count += u32::from(worth.0 > 0);
        }
        for marginal in &scarcity.categories {
            let supposed = what_if(&town.state, &marginal.changes(&town.state), NOW).unwrap();
            let then = explain_at(&supposed.state, NOW);
            if then.counts_like(&explanations) {
                let objective = i128::from(then.proposal().summary.objective);
                assert_eq!(objective, now + marginal.worth.0, "seed {seed} {marginal:?}");
                categories += u32::from(marginal.worth.0 > 0);
                assert!(marginal.worth.0 <= 4 * ORDINARY, "seed {seed}");
            }
        }
    }
    assert!(units > 3 && resources > 50 && categories > 100, "{units} {resources} {categories}");
}

#[test]
fn one_more_engagement_adds_what_it_is_worth_less_what_it_burdens() {
    let heavy = Fairness { burden: 200, ..Fairness::STANDARD };
    let (mut adds, mut rests, mut burdened) = (0, 0, 0);
    for (fairness, seed) in (0..60).flat_map(|seed| [(Fairness::STANDARD, seed), (heavy, seed)]) {
        let (town, hospitals) = crowded_town(seed, fairness);
        let explanations = explain(&town);
        let proposal = explanations.proposal();
        let now = i128::from(proposal.summary.objective);
        let of = |terms: &PairingTerms| explanations.pairing(terms.target, terms.supplier).unwrap();
        let pairings: Vec<PairingExplained> = proposal.pairings.iter().map(of).collect();
        let sum: i128 = pairings.iter().map(|it| it.worth.0 + it.bonus.0 - it.burden.0).sum();
        assert_eq!(sum, now, "seed {seed}");
        burdened += pairings.iter().filter(|it| it.burden.0 > 0 && it.bonus.0 > 0).count();
        let scarcity = explanations.scarcity().unwrap();
        for hospital in hospitals {
            let (_, worth) = scarcity.givers.iter().find(|(supplier, _)| *supplier == hospital).unwrap();
            let then = after(&town, &[Change::AddCapacity { supplier: hospital, more: 1 }]);
            assert_eq!(i128::from(then.summary.objective), now + worth.0, "seed {seed} {hospital}");
            adds += u32::from(worth.0 > 0);
            // All it has is taken up, and more would be too dear.
            rests += u32::from(worth.0 == 0 && explanations.idle(hospital).is_none());
        }
    }
    assert!(adds > 30 && rests > 10 && burdened > 50, "{adds} {rests} {burdened}");
}
