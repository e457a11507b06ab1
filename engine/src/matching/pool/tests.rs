//! Random streets and histories: the pool beside one opened afresh, and beside judging everybody with everybody.

mod history;

use super::*;
use crate::{
    identity::NeedId,
    matching::{Subject, candidates::Candidate, market::Located, propose, suggest},
};
use history::{Dealer, History};
use twin::judged_with_everybody;

fn opened(state: &State, now: Moment) -> Pool<'static> {
    let mut pool = Pool::open(Knowledge::builtin());
    pool.advance(state, now);
    pool
}

/// Everything a plan is made from, as text: analysed wordings too.
fn shown(pool: &Pool<'_>) -> Vec<String> {
    let (givers, open) = pool.listed();
    let givers = givers.iter().map(|giver| format!("{giver:?}"));
    givers.chain(open.iter().map(|(asker, judged)| format!("{asker:?} {judged:?}"))).collect()
}

fn agrees_with_the_twin(pool: &Pool<'_>, seed: u64) {
    let market = pool.market();
    for (asker, judged) in &market.open {
        let mut judged = judged.clone();
        for (cause, shut) in &mut judged.shut {
            shut.nearest = market.nearest(asker, *cause, *shut);
        }
        assert_eq!(
            judged,
            judged_with_everybody(pool.ground(), &market, asker),
            "seed {seed}, {}",
            asker.target
        );
    }
}

#[test]
fn promise_1_after_any_history_the_pool_equals_one_opened_afresh() {
    for seed in 0..12 {
        let mut history = History::begin(seed);
        let mut pool = opened(&history.state, history.now);
        for step in 0..60 {
            history.step();
            pool.advance(&history.state, history.now);
            if step % 4 == 3 {
                let afresh = opened(&history.state, history.now);
                assert_eq!(shown(&pool), shown(&afresh), "seed {seed}, step {step}");
            }
        }
    }
}

#[test]
fn promise_1_holds_for_going_back_and_to_another_street() {
    let mut history = History::begin(77);
    let (early, then) = (history.state.clone(), history.now);
    let mut pool = opened(&early, then);
    for _ in 0..80 {
        history.step();
    }
    let other = History::begin(78);
    for (state, now) in
        [(&history.state, history.now), (&early, then), (&other.state, other.now), (&State::empty(), then)]
    {
        pool.advance(state, now);
        assert_eq!(shown(&pool), shown(&opened(state, now)));
    }
    assert_eq!(pool.extent(), Extent { askers: 0, givers: 0, met: 0, candidates: 0 });
}

#[test]
fn promise_2_the_index_agrees_with_judging_everybody_with_everybody() {
    let mut causes = BTreeSet::new();
    for seed in 100..124 {
        let mut history = History::begin(seed);
        for _ in 0..40 {
            history.step();
        }
        let pool = opened(&history.state, history.now);
        agrees_with_the_twin(&pool, seed);
        causes.extend(pool.listed().1.into_iter().flat_map(|(_, judged)| judged.shut.into_keys()));
    }
    assert!(causes.len() >= 14, "the streets are too plain, only {causes:?} came about");
}

#[test]
fn promise_3_the_number_of_threads_does_not_show() {
    let mut history = History::begin(300);
    for _ in 0..60 {
        history.step();
    }
    let on = |threads: usize| {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        threads.install(|| shown(&opened(&history.state, history.now)))
    };
    assert_eq!(on(1), on(2));
    assert_eq!(on(1), on(4));
}

#[test]
fn promise_4_what_is_withdrawn_leaves_nothing_behind() {
    let mut history = History::begin(400);
    let mut pool = opened(&history.state, history.now);
    for _ in 0..60 {
        history.step();
        pool.advance(&history.state, history.now);
    }
    let mut gone = history.state.clone();
    gone.needs = imbl::OrdMap::new();
    gone.projects = imbl::OrdMap::new();
    gone.resources = imbl::OrdMap::new();
    gone.organizations = imbl::OrdMap::new();
    pool.advance(&gone, history.now);
    assert!(pool.open.is_empty() && pool.resources.is_empty() && pool.linked.is_empty());
    assert_eq!(format!("{:?}", pool.giving), format!("{:?}", Index::<GiverAt>::default()));
    assert_eq!(format!("{:?}", pool.asking), format!("{:?}", Index::<Target>::default()));
}

#[test]
fn what_is_not_touched_has_not_changed() {
    for seed in 500..506 {
        let mut history = History::begin(seed);
        let mut pool = opened(&history.state, history.now);
        for step in 0..60 {
            let before = by_identity(&pool);
            history.step();
            let touched = pool.advance(&history.state, history.now);
            let after = by_identity(&pool);
            for (target, shown) in before.0.iter().chain(&after.0) {
                let same = before.0.get(target) == after.0.get(target);
                assert!(same || touched.targets.contains(target), "seed {seed}, step {step}: {shown}");
            }
            for (supplier, shown) in before.1.iter().chain(&after.1) {
                let same = before.1.get(supplier) == after.1.get(supplier);
                assert!(same || touched.suppliers.contains(supplier), "seed {seed}, step {step}: {shown}");
            }
        }
    }
}

/// What a solver would see of each side, by identity: weights, quantities, candidates, what remains.
fn by_identity(pool: &Pool<'_>) -> (BTreeMap<Target, String>, BTreeMap<Supplier, String>) {
    let (givers, open) = pool.listed();
    let candidate =
        |candidate: &Candidate| (givers[candidate.giver].supplier, candidate.counting, candidate.fit);
    let askers = open.iter().map(|(asker, judged)| {
        let candidates: Vec<_> = judged.candidates.iter().map(candidate).collect();
        let seen = (asker.weight, asker.asked, asker.wanting, candidates);
        (asker.target, format!("{} {seen:?}", asker.target))
    });
    let remaining = |giver: &Arc<Giver>| (giver.supplier, format!("{} {}", giver.supplier, giver.remaining));
    (askers.collect(), givers.iter().map(remaining).collect())
}

#[test]
fn a_warm_pool_suggests_what_one_made_for_the_question_suggests() {
    for seed in 600..604 {
        let mut history = History::begin(seed);
        let mut pool = opened(&history.state, history.now);
        for _ in 0..40 {
            history.step();
            pool.advance(&history.state, history.now);
        }
        let last = history.state.last;
        let needs = (1..=last.need).map(|need| Subject::Target(Target::Need(NeedId::new(need))));
        let owners = (1..=last.organization).map(|it| Subject::Organization(OrganizationId::new(it)));
        let resources =
            (1..=last.resource).map(|it| Subject::Supplier(Supplier::Resource(ResourceId::new(it))));
        for subject in needs.chain(owners).chain(resources) {
            let cold = suggest(&history.state, Knowledge::builtin(), history.now, subject, 9);
            assert_eq!(pool.suggest(subject, 9), cold, "seed {seed}, {subject:?}");
        }
        assert_eq!(
            pool.propose().unwrap(),
            propose(&history.state, Knowledge::builtin(), history.now).unwrap()
        );
    }
}

#[test]
fn places_that_were_looked_up_answer_as_the_territory_does() {
    let state = History::begin(700).state;
    let mut dealer = Dealer(700);
    for _ in 0..400 {
        let [one, other] = [0; 2].map(|_| PlaceId::new(dealer.below(state.last.place + 2) + 1));
        let [here, there] = [one, other].map(|place| Located::of(&state, place));
        assert_eq!(here.lies_in(&there), state.lies_in(one, other));
        assert_eq!(here.steps(&there), state.steps(one, other).map(|steps| steps as usize));
    }
}
