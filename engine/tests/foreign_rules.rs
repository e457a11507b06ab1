//! Problems beyond flow that others posed, with the optimum others published: the search finds and proves it too, or ends early
//! on either side of it.
//!
//! *Warehouses* are OR-Library's capacitated warehouse location problems (Beasley, European Journal of Operational
//! Research 33, 1988): customers who all have to be served, sites with a capacity, a cost per unit from each site to each
//! customer, and a cost for every site that opens. Here they become most value. All customers are one member that is
//! served in full or not at all, and every unit is worth a bonus less its cost. A site that stays shut is a row of its
//! own that takes the whole capacity, all or nothing, and is worth what opening would have cost.
//!
//! That says it all, but the relaxation would open a site by as little as it uses. So a shut site and a customer's
//! edge to it are two ways of which at most one is used ([`Rule::Choice`]): the inequality `x ≤ demand · open` that makes
//! the relaxation of warehouse location tight.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use engine::matching::search::{Budget, Mixed, Rule, check, search};
use engine::matching::transport::{Edge, Transport};

/// What 50 customers ask for, and the unit costs from 50 sites in eightieths; the file names its source.
const CUSTOMERS_AND_SITES: &str = include_str!("instances/or_library_warehouses.txt");

/// The sites of the smaller problems; the larger ones have all.
const SITES_16: [usize; 16] = [2, 6, 7, 10, 11, 12, 14, 15, 17, 21, 22, 24, 26, 28, 29, 32];
const SITES_25: [usize; 25] =
    [2, 6, 7, 10, 11, 12, 14, 15, 17, 21, 22, 24, 26, 28, 29, 32, 33, 36, 37, 40, 41, 42, 44, 45, 48];

/// The one site that costs nothing to open.
const FREE: usize = 22;

/// Units of cost in the file.
const PER_DOLLAR: u64 = 80;

/// Name, sites, capacity of each, cost to open one, published optimum in thousandths.
type Warehouses = (&'static str, usize, u64, u64, i128);

const WAREHOUSES: [Warehouses; 37] = [
    ("cap41", 16, 5_000, 7_500, 1_040_444_375),
    ("cap42", 16, 5_000, 12_500, 1_098_000_450),
    ("cap43", 16, 5_000, 17_500, 1_153_000_450),
    ("cap44", 16, 5_000, 25_000, 1_235_500_450),
    ("cap51", 16, 10_000, 17_500, 1_025_208_225),
    ("cap61", 16, 15_000, 7_500, 932_615_750),
    ("cap62", 16, 15_000, 12_500, 977_799_400),
    ("cap63", 16, 15_000, 17_500, 1_014_062_050),
    ("cap64", 16, 15_000, 25_000, 1_045_650_250),
    ("cap71", 16, 58_268, 7_500, 932_615_750),
    ("cap72", 16, 58_268, 12_500, 977_799_400),
    ("cap73", 16, 58_268, 17_500, 1_010_641_450),
    ("cap74", 16, 58_268, 25_000, 1_034_976_975),
    ("cap81", 25, 5_000, 7_500, 838_499_288),
    ("cap82", 25, 5_000, 12_500, 910_889_563),
    ("cap83", 25, 5_000, 17_500, 975_889_563),
    ("cap84", 25, 5_000, 25_000, 1_069_369_525),
    ("cap91", 25, 15_000, 7_500, 796_648_438),
    ("cap92", 25, 15_000, 12_500, 855_733_500),
    ("cap93", 25, 15_000, 17_500, 896_617_538),
    ("cap94", 25, 15_000, 25_000, 946_051_325),
    ("cap101", 25, 58_268, 7_500, 796_648_437),
    ("cap102", 25, 58_268, 12_500, 854_704_200),
    ("cap103", 25, 58_268, 17_500, 893_782_112),
    ("cap104", 25, 58_268, 25_000, 928_941_750),
    ("cap111", 50, 5_000, 7_500, 826_124_713),
    ("cap112", 50, 5_000, 12_500, 901_377_213),
    ("cap113", 50, 5_000, 17_500, 970_567_750),
    ("cap114", 50, 5_000, 25_000, 1_063_356_488),
    ("cap121", 50, 15_000, 7_500, 793_439_563),
    ("cap122", 50, 15_000, 12_500, 852_524_625),
    ("cap123", 50, 15_000, 17_500, 895_302_325),
    ("cap124", 50, 15_000, 25_000, 946_051_325),
    ("cap131", 50, 58_268, 7_500, 793_439_562),
    ("cap132", 50, 58_268, 12_500, 851_495_325),
    ("cap133", 50, 58_268, 17_500, 893_076_712),
    ("cap134", 50, 58_268, 25_000, 928_941_750),
];

/// What turns the worth of a flow into its cost, in eightieths.
struct Books {
    most: i128,
    scale: i128,
}

impl Books {
    fn cost(&self, objective: i128) -> i128 {
        assert_eq!(objective % self.scale, 0);
        self.most - objective / self.scale
    }
}

fn pose(&(_, sites, capacity, opening, _): &Warehouses) -> (Mixed, Books) {
    let named: Vec<usize> = match sites {
        16 => SITES_16.into(),
        25 => SITES_25.into(),
        _ => (0..sites).collect(),
    };
    let mut lines = CUSTOMERS_AND_SITES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(' ').map(|word| word.parse().unwrap()).collect::<Vec<u64>>());
    let asked = lines.next().unwrap();
    let costs: Vec<Vec<u64>> = lines.map(|row| named.iter().map(|&site| row[site]).collect()).collect();
    assert_eq!(costs.len(), asked.len());
    let all: u64 = asked.iter().sum();
    let opening = opening * PER_DOLLAR;
    // What a shut site is worth by the unit has to be whole.
    let scale = (1..=capacity).find(|scale| (opening * scale).is_multiple_of(capacity)).unwrap();
    // Serving everybody is worth more than shutting everything.
    let bonus = costs.iter().flatten().max().unwrap() + opening * sites as u64 / all + 1;
    let mut edges = Vec::new();
    for (row, costs) in (0..).zip(&costs) {
        let worth = costs.iter().map(|cost| ((bonus - cost) * scale) as i64);
        edges.extend((0..).zip(worth).map(|(column, value)| Edge { row, column, value }));
    }
    let customers = asked.len() as u32;
    let mut demands = asked;
    let mut shut = Vec::new();
    for column in (0..sites as u32).filter(|&column| named[column as usize] != FREE) {
        let row = demands.len() as u32;
        edges.push(Edge { row, column, value: (opening * scale / capacity) as i64 });
        demands.push(capacity);
        shut.push((row, column));
    }
    let base = Transport::new(&demands, &vec![capacity; sites], edges).unwrap();
    let mut rules = vec![Rule::Together { members: vec![(0..customers).collect()], at_least: 1 }];
    for &(row, column) in &shut {
        rules.push(Rule::all_or_nothing(&[row]));
        let at_site = base.edges().enumerate().filter(|(_, edge)| edge.column == column);
        let (of_shut, served): (Vec<_>, Vec<_>) = at_site.partition(|(_, edge)| edge.row == row);
        let ways = served.iter().map(|(edge, _)| vec![vec![of_shut[0].0], vec![*edge]]);
        rules.extend(ways.map(|ways| Rule::Choice { ways, at_most: 1 }));
    }
    let most = i128::from(all * bonus + opening * shut.len() as u64);
    (Mixed::new(base, rules).unwrap(), Books { most, scale: scale.into() })
}

/// What the search has not proven after 20,000 steps: as a rule capacities are tight and sites many.
const UNPROVEN: [&str; 18] = [
    "cap51", "cap63", "cap81", "cap82", "cap83", "cap84", "cap91", "cap92", "cap93", "cap94", "cap111",
    "cap112", "cap113", "cap114", "cap121", "cap122", "cap123", "cap124",
];

/// The cost of what the search finds and the least that it leaves possible, in thousandths.
fn found_and_bound(problem: &Warehouses, steps: u64) -> (i128, i128) {
    let (mixed, books) = pose(problem);
    let proved = check(&mixed, search(&mixed, Budget { steps })).unwrap();
    let thousandths = |objective| books.cost(objective) * 1_000 / i128::from(PER_DOLLAR);
    // A bound need not be a whole cost.
    let bound = proved.bound() - proved.bound().rem_euclid(books.scale);
    (thousandths(proved.objective), thousandths(bound))
}

#[test]
fn warehouses_come_out_at_their_published_optimum() {
    let mut proven = WAREHOUSES.iter().filter(|problem| !UNPROVEN.contains(&problem.0));
    assert_eq!(proven.clone().count(), 19);
    for problem in &mut proven {
        let (cost, bound) = found_and_bound(problem, 20_000);
        // Published to the thousandth, rounded either way.
        assert!((cost - problem.4).abs() <= 1 && cost == bound, "{}: {cost}, {bound}", problem.0);
    }
}

#[test]
fn where_the_search_ends_early_the_published_optimum_lies_between_what_it_found_and_what_it_proved() {
    for problem in WAREHOUSES.iter().filter(|problem| UNPROVEN.contains(&problem.0)) {
        let (cost, bound) = found_and_bound(problem, 6_000);
        assert!(bound - 1 <= problem.4 && problem.4 <= cost + 1, "{}: {cost}, {bound}", problem.0);
        assert!(cost <= problem.4 / 100 * 101, "{}: {cost}", problem.0);
    }
}
