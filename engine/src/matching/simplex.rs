//! The exact solver: network simplex on the two sides of the problem themselves.
//!
//! Rows and columns hang in a spanning tree from one root, which takes what rows do not get and what columns do not give.
//! The tree starts as a star in which nothing is matched. As long as some edge is worth more than the prices at its two
//! ends, it comes in, flow is pushed round the loop it closes, and an emptied edge leaves (`simplex/tree.rs` says why this ends).
//! Then the prices prove that the flow is the best: `simplex/closing.rs` reads both off. Connected components are solved
//! side by side on as many threads as there are, each as if it were alone.
//!
//! **Which optimum.** Several flows may share the best value, and several prices prove it. The answer is named by a rule, and not
//! by the way it was found: a function of the instance and its keys, whatever the numbering, the threads or the order of edges.
//! - Of the flows of the best value it is the one with the greatest total of ties, a fixed mixture of the keys of row and
//!   column; should two share that too, the lexicographically greater in the order of the keys (`simplex/tie.rs`). The tree goes
//!   on to it over the edges on which nothing is lost (`simplex/tying.rs`).
//! - Of the prices that prove it they are the least for columns and the greatest for rows. So the price of a column is exactly
//!   what one more unit of its capacity would add, and the price of a row what the last unit of its demand adds. The
//!   tree is kept such that it cannot end with others (`simplex/tree.rs`).
//!
//! **Afterwards** a solution need not be thrown away: [`standing`] keeps instance and tree, and repairs them after an edit.
//!
//! **Speed**, with about 20 edges a row, on two quiet cores: the whole solve, the least of several times, and how many times
//! that LEMON's NetworkSimplex took in the same run (`tests/peers` has the whole field and says how). `benches/transport.rs` compares with successive shortest paths, the textbook's way.
//!
//! | rows × columns | instance | exchanges | time | LEMON takes |
//! |---|---|---|---|---|
//! | 100 × 80 | ample · scarce | 133 · 374 | 0.025 · 0.13 ms | 2.2 · 1.7 × |
//! | 2,000 × 1,500 | ample · scarce, near | 3,078 · 10,914 | 0.85 · 12 ms | 3.1 · 2.4 × |
//! | 20,000 × 15,000 | ample, near · anywhere | 30,458 · 31,526 | 9.5 · 9.5 ms | 6.3 · 6.2 × |
//! | 20,000 × 15,000 | scarce, near · anywhere | 112,813 · 149,070 | 0.15 · 0.34 s | 3.2 · 3.4 × |
//! | 200,000 × 150,000 | ample, near · anywhere | 303,402 · 315,481 | 0.15 · 0.26 s | 21 · 15 × |
//! | 200,000 × 150,000 | scarce, near | 1,110,686 | 2.35 s | 9 × |
//!
//! Naming the one optimum is one look at every edge, on all cores where there are many, for those on which nothing would be
//! lost. Where values are drawn apart there are hardly any (one exchange among 300,000 at 200,000 × 150,000), and with a
//! hundred different values still few. With ten, at 20,000 × 15,000, ties took 8 ms of an ample instance and most of a scarce
//! solve again; with a single value they are the harder problem, two and seven times the rest (measured when an ample
//! solve took 25 ms). Where everything is worth the same and columns lie anywhere, finding any optimum takes over a million
//! exchanges: the shape this solver likes least.
//!
//! **Where the time goes.** On ample instances half is looking at rows' offers, a seventh exchanges, a ninth finding and
//! laying out components, and the look for ties a twentieth. On scarce ones more than half is walking the ring through
//! parts that move: some 240 nodes an exchange on average, hundreds towards the end, when the tree hangs 40 to 80 deep;
//! each step waits for the one before. Offers are a fifth, loops a seventh.
//!
//! **Tried, other ways than this one.** Auction with a fixed step (forward, from prices of 0, a throw-away program): at
//! 20,000 × 15,000 ample it comes within 10⁻⁶ of the optimum in about four times our exact time and within 10⁻⁹ in twenty;
//! at 2,000 × 1,500 scarce it needs ninety times our exact time to come within 10⁻⁷, because where all want the same rows
//! outbid each other by one step after the other; at 20,000 × 15,000 scarce it was stopped. Steps that shrink do not help
//! with that by themselves, and prices of idle columns have to come back to 0 between them. Cost scaling: not our own, but
//! LEMON's and OR-tools' take 4 to 50 times as long up to 2,000 × 1,500, 110 to 160 times on larger ample instances.
//! Successive shortest paths with potentials: slower on every shape, and hopeless when all want the same.
//!
//! **Tried, other first trees.** Tiles of neighbouring rows solved to the end first, then those of two, four, … together,
//! at 20,000 × 15,000: the same on ample instances, and four to seventeen times slower on scarce ones, near or anywhere,
//! because a tile hands out columns that the whole wants elsewhere, and undoing it costs more than starting.
//!
//! **Tried, which edge comes in.** Exchanging, beside the best eight of a block, all that gain nine tenths of the best: the
//! rounds of ample instances went from 30 to 12 and their time down by a third, and scarce ones did not mind; eight tenths
//! cost scarce ones a sixth, sixteen instead of eight a third to a half. Exchanging all that a block names: three to ten
//! times slower on scarce instances. One bound for all blocks that sinks by a tenth as gains dry up: as many exchanges,
//! twice the looks. The best few of all rows, or of 2,000: no fewer exchanges than from blocks of 512. The best by gain
//! times what the loop carries, by gain times its logarithm, or what carries nothing last: up to a third more exchanges and
//! 1.3 to 3 times the time. As many looks as there are moved nodes, so that choosing costs what moving does: half the moved
//! nodes, twice the looks, no quicker. Blocks of 16 to 2,048 rows: small ones suit ample instances, large ones scarce; 128
//! loses little on either. Looking first at the four offers that were last the best, at all of them every second round:
//! nothing gained; every fifth: up to twice the time on scarce ones. Not looking again at what has not moved, and at a row
//! just exchanged only in the next round: a sixth less on ample ones. The most a row could have left in four strands, and
//! which offer only if it gains: a twelfth less on all. Going through the candidates once in order, putting none back: a
//! third more exchanges on scarce ones.
//!
//! **Tried, the tree.** Depth and follower in an array of their own: a sixth less on scarce instances. Lists of children
//! instead of one ring: a quarter more. Numbering rows and columns anew in the order of the ring every so often: fewer
//! moved nodes where columns are near, more where they lie anywhere, and no time gained on either. Repricing the rest
//! instead of the moved part where the rest is smaller: not built, because the moved part was hardly ever more than half.
//! Columns instead of rows hanging only from edges with flow: the same number of exchanges within 5 % either way, but it
//! ends with the greatest prices for columns. Reading a connected instance's edges where they lie instead of copying them:
//! no time and no memory gained (the peak is the answer's). Prices of ties for the whole tree instead of the branches that
//! have a choice, and the look at every edge on one core: up to a tenth of an ample solve.
#![expect(
    clippy::indexing_slicing,
    reason = "the inner loops follow indices that the checked instance and the tree's own links made; each is below the length it is used on by construction"
)]

use std::cmp::Reverse;
use std::sync::atomic::AtomicU64;

use thiserror::Error;

use self::closing::{Outcome, close};
use self::ground::{Component, Ground};
use self::steps::Steps;
use self::tie::Ties;
use self::tree::Tree;
use super::transport::Transport;

mod ground;

mod tree;

mod steps;

mod pricing;

mod tie;
mod tying;

mod closing;

pub mod standing;

#[cfg(test)]
mod canonical;

/// How much work a solve may do, in exchanges of an edge of the tree (pivots). Between two exchanges lies at most one look
/// at every edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The most exchanges the solver may make.
    pub pivots: u64,
}

impl Budget {
    /// As many exchanges as it takes. The solver always ends; only how soon has no useful bound.
    pub const UNLIMITED: Budget = Budget { pivots: u64::MAX };
}

/// A flow, and the prices that prove it the best.
///
/// The prices are those of the dual problem: `column_prices[c] ≥ 0` is what one more unit of capacity of column `c` would
/// add, `row_prices[r] ≥ 0` what would be lost with the last unit of demand of row `r` (where it asks for nothing: what leaves
/// it wanting nothing). Along every edge their sum is at least the edge's value, and equal to it where there is flow. A row
/// with unmet demand and a column with idle capacity have the price 0. (One more unit of demand may add less than the price
/// of the row says, never more.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Units along each edge, in the order of the edges' numbers.
    pub flows: Vec<u64>,
    /// Price of each row.
    pub row_prices: Vec<i64>,
    /// Price of each column.
    pub column_prices: Vec<i64>,
    /// Total value of the flows.
    pub objective: i128,
    /// Exchanges it took: a measure of work that does not depend on the machine.
    pub pivots: u64,
}

/// The budget ran out before the optimum was proven. A larger budget can help.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not proven after {} pivots: found {}, at most {bound} is possible", best.pivots, best.objective)]
pub struct OutOfBudget {
    /// The best flow found, feasible. Its prices are feasible too, so the bound below follows from them.
    pub best: Solution,
    /// No flow is worth more than this.
    pub bound: i128,
}

/// The best flow of an instance, and the prices that prove it.
///
/// # Errors
/// [`OutOfBudget`] when more pivots are needed than `budget` allows.
pub fn solve(instance: &Transport, budget: Budget) -> Result<Solution, OutOfBudget> {
    solve_by(instance, budget, Ties::FULL)
}

fn solve_by(instance: &Transport, budget: Budget, ties: Ties) -> Result<Solution, OutOfBudget> {
    let ground = Ground::new(instance);
    let outcomes = outcomes(instance, &ground, budget, ties)?;
    Ok(close(instance, &ground, &outcomes))
}

/// Every component's optimum that the rule names.
fn outcomes(
    instance: &Transport,
    ground: &Ground<'_>,
    budget: Budget,
    ties: Ties,
) -> Result<Vec<Option<Outcome>>, OutOfBudget> {
    let outcomes = side_by_side(ground, budget, ties);
    let pivots: u64 = outcomes.iter().flatten().map(|outcome| outcome.pivots).sum();
    if pivots <= budget.pivots && outcomes.iter().flatten().all(|outcome| outcome.done) {
        return Ok(outcomes);
    }
    drop(outcomes);
    let best = close(instance, ground, &one_by_one(ground, budget, ties));
    let bound = bound(instance, &best);
    Err(OutOfBudget { best, bound })
}

/// How many edges a task should have at least: a street has thousands of components, most of them tiny.
const TASK_EDGES: usize = 4_096;

/// A component to be solved.
struct Job<'a> {
    edges: usize,
    component: &'a Component,
    outcome: &'a mut Option<Outcome>,
}

/// Every component solved, on as many threads as there are, the large ones first. If it turns out that the budget is too
/// small, some are not done, and which is a matter of chance.
fn side_by_side(ground: &Ground<'_>, budget: Budget, ties: Ties) -> Vec<Option<Outcome>> {
    let mut outcomes: Vec<Option<Outcome>> = ground.components.iter().map(|_| None).collect();
    let slots = ground.components.iter().zip(&mut outcomes);
    let mut jobs: Vec<Job<'_>> = slots
        .map(|(component, outcome)| Job { edges: ground.edges_at_most(component), component, outcome })
        .collect();
    jobs.sort_by_key(|job| Reverse(job.edges));
    let together = AtomicU64::new(0);
    let work = |task: &mut [Job<'_>]| {
        for job in task {
            let mut steps = Steps::shared(budget.pivots, &together);
            *job.outcome = Some(solve_part(ground, job.component, ties, &mut steps));
        }
    };
    let mut tasks = tasks(&mut jobs);
    match tasks.as_mut_slice() {
        [only] => work(only),
        several => rayon::scope_fifo(|scope| {
            for task in several {
                scope.spawn_fifo(|_| work(task));
            }
        }),
    }
    outcomes
}

/// Jobs cut into tasks of some size, in their order.
fn tasks<'a, 'b>(mut jobs: &'a mut [Job<'b>]) -> Vec<&'a mut [Job<'b>]> {
    let mut tasks = Vec::new();
    while !jobs.is_empty() {
        let mut edges = 0;
        let full = jobs.iter().position(|job| {
            edges += job.edges;
            edges >= TASK_EDGES
        });
        let (task, later) = jobs.split_at_mut(full.map_or(jobs.len(), |last| last + 1));
        tasks.push(task);
        jobs = later;
    }
    tasks
}

/// The components solved in their order until the budget is used up; the rest have no outcome.
fn one_by_one(ground: &Ground<'_>, budget: Budget, ties: Ties) -> Vec<Option<Outcome>> {
    let mut left = budget.pivots;
    let mut stopped = false;
    let outcomes = ground.components.iter().map(|component| {
        if stopped {
            return None;
        }
        let outcome = solve_part(ground, component, ties, &mut Steps::alone(left));
        left -= outcome.pivots;
        stopped = !outcome.done;
        Some(outcome)
    });
    outcomes.collect()
}

/// One component, from nothing to the optimum that the rule names, or as far as the steps go.
fn solve_part(ground: &Ground<'_>, component: &Component, ties: Ties, steps: &mut Steps<'_>) -> Outcome {
    let part = ground.part(component);
    let mut tree = Tree::star(&part.demands, &part.capacities);
    let optimal = pricing::optimise(&part, &mut tree, steps);
    let (row_prices, negated) = tree.prices();
    let row_prices = row_prices.to_vec();
    let column_prices = negated.iter().map(|&negated| (-negated).max(0)).collect();
    let done = optimal && tying::decide(&part, &mut tree, ties, steps);
    let places = tree.nodes().iter().map(|node| (node.parent, node.flow)).collect();
    Outcome { places, row_prices, column_prices, pivots: steps.taken(), done }
}

/// What the prices of a solution prove that no flow exceeds.
fn bound(instance: &Transport, solution: &Solution) -> i128 {
    let rows = instance.demands().zip(&solution.row_prices);
    let columns = instance.capacities().zip(&solution.column_prices);
    rows.chain(columns).map(|(units, &price)| i128::from(units) * i128::from(price)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::certificate::verify;
    use crate::matching::oracle::{Shape, random};
    use crate::matching::transport::Edge;

    const SMALL: Shape = Shape { rows: 14, columns: 12, density: 35, demand: 6, capacity: 7, value: 40 };

    fn instance(demands: &[u64], capacities: &[u64], edges: &[(u32, u32, i64)]) -> Transport {
        let edges = edges.iter().map(|&(row, column, value)| Edge { row, column, value });
        Transport::new(demands, capacities, edges).unwrap()
    }

    /// The clinic (column 0) is worth more to the elderly home (row 0), but the home can also go to the pharmacy
    /// (column 1) at little loss, and the school (row 1) cannot.
    #[test]
    fn the_one_with_the_worse_second_choice_goes_first() {
        let edges = [(0, 0, 90), (0, 1, 80), (1, 0, 70), (1, 1, 10)];
        let solution = solve(&instance(&[4, 4], &[5, 9], &edges), Budget::UNLIMITED).unwrap();
        assert_eq!(solution.flows, [1, 3, 4, 0]);
        assert_eq!(solution.objective, 90 + 3 * 80 + 4 * 70);
        assert_eq!(solution.row_prices, [80, 60]);
        assert_eq!(solution.column_prices, [10, 0]);
    }

    #[test]
    fn a_need_in_pieces_fills_the_dearer_piece_first() {
        // One need of 5 units, the first 2 worth 9 each, the rest 4; a rival at 6; 4 units to give.
        let edges = [(0, 0, 9), (1, 0, 4), (2, 0, 6)];
        let solution = solve(&instance(&[2, 3, 1], &[4], &edges), Budget::UNLIMITED).unwrap();
        assert_eq!(solution.flows, [2, 1, 1]);
        assert_eq!(solution.column_prices, [4]);
    }

    #[test]
    fn instances_with_nothing_to_do_are_solved() {
        let cases = [
            instance(&[], &[], &[]),
            instance(&[3], &[], &[]),
            instance(&[], &[3], &[]),
            instance(&[3, 1], &[2, 2], &[]),
            instance(&[0], &[5], &[(0, 0, 7)]),
            instance(&[5], &[0], &[(0, 0, 7)]),
            instance(&[0], &[0], &[(0, 0, 7)]),
        ];
        for case in cases {
            let solution = solve(&case, Budget { pivots: 0 }).unwrap();
            assert_eq!((solution.objective, solution.pivots), (0, 0));
            assert_eq!(verify(&case, solution).unwrap().gap(), 0);
        }
    }

    #[test]
    fn components_are_solved_as_if_alone() {
        for seed in 0..300 {
            let parts = [random(SMALL, 2 * seed), random(SMALL, 2 * seed + 1)];
            let (mut demands, mut capacities, mut edges) = (vec![], vec![], vec![]);
            let mut expected = (vec![], vec![], vec![], 0, 0);
            for part in parts {
                let (rows, columns) = (demands.len() as u32, capacities.len() as u32);
                edges.extend(part.edges().map(|edge| Edge {
                    row: edge.row + rows,
                    column: edge.column + columns,
                    ..edge
                }));
                demands.extend(part.demands());
                capacities.extend(part.capacities());
                let row_keys = (u64::from(rows)..demands.len() as u64).collect();
                let column_keys = (u64::from(columns)..capacities.len() as u64).collect();
                let alone = part.with_keys(row_keys, column_keys).unwrap();
                let alone = solve(&alone, Budget::UNLIMITED).unwrap();
                expected.0.extend(alone.flows);
                expected.1.extend(alone.row_prices);
                expected.2.extend(alone.column_prices);
                expected.3 += alone.objective;
                expected.4 += alone.pivots;
            }
            let both = Transport::new(&demands, &capacities, edges).unwrap();
            let both = solve(&both, Budget::UNLIMITED).unwrap();
            let Solution { flows, row_prices, column_prices, objective, pivots } = both;
            let found = (flows, row_prices, column_prices, objective, pivots);
            assert_eq!(found, expected, "seed {seed}");
        }
    }

    #[test]
    fn the_order_the_edges_are_given_in_does_not_matter() {
        for seed in 0..300 {
            let forward = random(SMALL, seed);
            let demands: Vec<u64> = forward.demands().collect();
            let capacities: Vec<u64> = forward.capacities().collect();
            let mut edges: Vec<Edge> = forward.edges().collect();
            edges.reverse();
            let backward = Transport::new(&demands, &capacities, edges).unwrap();
            let (one, other) = (solve(&forward, Budget::UNLIMITED), solve(&backward, Budget::UNLIMITED));
            assert_eq!(one, other, "seed {seed}");
        }
    }

    #[test]
    fn a_short_budget_leaves_a_feasible_flow_and_a_true_bound() {
        for seed in 0..300 {
            let case = random(SMALL, seed);
            let optimum = solve(&case, Budget::UNLIMITED).unwrap();
            assert_eq!(solve(&case, Budget { pivots: optimum.pivots }), Ok(optimum.clone()));
            let mut before = 0;
            for pivots in 0..optimum.pivots {
                let OutOfBudget { best, bound } = solve(&case, Budget { pivots }).unwrap_err();
                assert_eq!(best.pivots, pivots, "seed {seed}");
                assert!(before <= best.objective, "seed {seed}");
                assert!(best.objective <= optimum.objective, "seed {seed}");
                assert!(optimum.objective <= bound, "seed {seed}");
                before = best.objective;
                assert_feasible(&case, best, bound, seed);
            }
        }
    }

    /// The certificate finds nothing wrong before it comes to whether flow and prices match.
    fn assert_feasible(case: &Transport, best: Solution, bound: i128, seed: u64) {
        use crate::matching::certificate::Violation;
        match verify(case, best) {
            Ok(verified) => assert_eq!(verified.bound(), bound, "seed {seed}"),
            Err(
                Violation::FlowOnDearEdge { .. }
                | Violation::UnmetRowPriced { .. }
                | Violation::IdleColumnPriced { .. },
            ) => {}
            Err(other) => panic!("seed {seed}: {other}"),
        }
    }
}
