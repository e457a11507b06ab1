//! Problems that others posed, with the optimum others found: the solver finds it too, and its certificate holds.
//!
//! They are posed as least cost with everything served. Here that becomes most value: every edge is worth `bonus - cost`,
//! with the bonus above what any chain of displacements can cost, so that the best plan serves all there is to serve, and
//! `units · bonus - objective` is the least cost. A general network with capacities becomes a transportation problem as
//! Wagner showed ("On a class of capacitated transportation problems", Management Science 5, 1959): each arc is a row that
//! asks for its capacity, either from its head (that much flows) or from its tail (that much stays unused), and each node
//! is a column that gives the capacity leaving it less its supply.
//!
//! Where they come from:
//! - NETGEN (Klingman, Napier, Stutz, Management Science 20, 1974), drawn by the crate `netgen_rs` with the parameters of
//!   the families NETGEN-8, NETGEN-SR and NETGEN-LO-SR of LEMON's benchmark suite (Kovács, Optimization Methods and
//!   Software 30, 2015). The optima of `netgen_8_08a` and `netgen_8_13a` are published, checked by Gurobi; the others,
//!   and those of the NETGEN assignments, were found by OR-tools 9.15.
//! - Machol and Wien's assignments (Operations Research 24, 1976), the hardest for the Hungarian method: cost `i · j`.
//!   The best pairs the dearest with the cheapest, `n (n + 1) (n + 2) / 6`.
//! - Textbook transportation problems with the optimum printed beside them.
//! - OR-Library's assignments assign100 to assign800 (Beasley, Journal of the Operational Research Society 41, 1990),
//!   with the optima published there. The costs are kept in `instances/or_library_assignments.zst`.
//! - Any network in DIMACS format, from the directory that `GONGJIAN_FOREIGN_INSTANCES` names: `NAME.min` beside a
//!   `NAME.sol` whose line `s` says the optimum.
//!
//! `foreign_rules.rs` does the same for what no flow can say.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use engine::matching::certificate::verify;
use engine::matching::simplex::{Budget, solve};
use engine::matching::transport::{Edge, Transport, VALUE_MAX};
use netgen_rs::NetgenParams;

/// One way from a column to a row, and what a unit costs on it.
struct Lane {
    row: usize,
    column: usize,
    cost: i64,
}

/// The least cost at which every row is served in full; `None` if that cannot be done.
fn least_cost(demands: &[u64], capacities: &[u64], lanes: &[Lane]) -> Option<i128> {
    let dearest = lanes.iter().map(|lane| lane.cost).max().unwrap_or(0);
    let cheapest = lanes.iter().map(|lane| lane.cost).min().unwrap_or(0);
    // A chain that serves one unit more visits each row and each column at most once.
    let steps = demands.len().min(capacities.len()) as i64 + 1;
    let bonus = steps * (dearest - cheapest) + dearest + 1;
    assert!(bonus - cheapest <= VALUE_MAX);
    let edges = lanes.iter().map(|lane| Edge {
        row: lane.row as u32,
        column: lane.column as u32,
        value: bonus - lane.cost,
    });
    let instance = Transport::new(demands, capacities, edges).unwrap();
    let verified = verify(&instance, solve(&instance, Budget::UNLIMITED).unwrap()).unwrap();
    let asked: u64 = demands.iter().sum();
    let served: u64 = verified.flows.iter().sum();
    (served == asked).then(|| i128::from(served) * i128::from(bonus) - verified.objective())
}

/// The least cost of an assignment of everybody to everything.
fn least_assignment(costs: &[Vec<i64>]) -> Option<i128> {
    let ones = vec![1; costs.len()];
    least_transport(&ones, &ones, costs)
}

/// The least cost of serving all of `asked` from `offered`; `costs[row][column]`.
fn least_transport(asked: &[u64], offered: &[u64], costs: &[Vec<i64>]) -> Option<i128> {
    let lanes = costs.iter().enumerate().flat_map(|(row, costs)| {
        costs.iter().enumerate().map(move |(column, &cost)| Lane { row, column, cost })
    });
    least_cost(asked, offered, &lanes.collect::<Vec<_>>())
}

/// A directed network: what each node supplies (or, below zero, wants), and its arcs.
#[derive(Default)]
struct Network {
    supplies: Vec<i64>,
    arcs: Vec<Arc>,
}

struct Arc {
    from: usize,
    to: usize,
    capacity: i64,
    cost: i64,
}

/// The least cost of a flow that leaves nothing over.
fn least_flow(network: &Network) -> Option<i128> {
    let mut capacities: Vec<i64> = network.supplies.iter().map(|supply| -supply).collect();
    let mut lanes = Vec::new();
    let mut demands = Vec::new();
    for (row, arc) in network.arcs.iter().enumerate() {
        demands.push(arc.capacity as u64);
        capacities[arc.from] += arc.capacity;
        lanes.push(Lane { row, column: arc.to, cost: arc.cost });
        lanes.push(Lane { row, column: arc.from, cost: 0 });
    }
    let capacities: Option<Vec<u64>> = capacities.into_iter().map(|units| units.try_into().ok()).collect();
    least_cost(&demands, &capacities?, &lanes)
}

/// What NETGEN draws with this seed and these parameters, in the order of its input lines.
fn netgen(seed: i64, parameters: [i64; 13]) -> Network {
    let drawn = netgen_rs::generate(seed, &NetgenParams::from_slice(&parameters).unwrap()).unwrap();
    let place = |node: u64| usize::try_from(node).unwrap() - 1;
    let arcs = drawn.arcs.iter().map(|arc| Arc {
        from: place(arc.from),
        to: place(arc.to),
        capacity: arc.capacity,
        cost: arc.cost,
    });
    Network { supplies: drawn.supply, arcs: arcs.collect() }
}

/// Seeds of the instances that LEMON's suite calls `a` and `b`.
const A: i64 = 13_502_460;
const B: i64 = 69_013_527;

#[test]
fn netgen_networks_come_out_at_their_known_optimum() {
    // Nodes, sources (as many sinks), arcs, supply; costs 1–10,000 and capacities 1–1,000 throughout.
    let cases = [
        ("netgen_8_08a", A, [256, 16, 2_048, 16_000], 142_274_536),
        ("netgen_8_08b", B, [256, 16, 2_048, 16_000], 156_271_100),
        ("netgen_8_09a", A, [512, 23, 4_096, 23_000], 282_304_901),
        ("netgen_8_09b", B, [512, 23, 4_096, 23_000], 274_836_617),
        ("netgen_8_10a", A, [1_024, 32, 8_192, 32_000], 369_269_289),
        ("netgen_8_10b", B, [1_024, 32, 8_192, 32_000], 372_831_386),
        ("netgen_8_11a", A, [2_048, 45, 16_384, 45_000], 478_217_975),
        ("netgen_8_12a", A, [4_096, 64, 32_768, 64_000], 783_715_427),
        ("netgen_8_13a", A, [8_192, 91, 65_536, 91_000], 1_184_953_451),
        ("netgen_sr_08a", A, [256, 16, 4_096, 16_000], 69_878_458),
        ("netgen_sr_09a", A, [512, 23, 11_585, 23_000], 92_476_110),
        ("netgen_sr_10a", A, [1_024, 32, 32_768, 32_000], 93_356_931),
        ("netgen_lo_sr_08a", A, [256, 16, 4_096, 160], 585_566),
        ("netgen_lo_sr_09a", A, [512, 23, 11_585, 230], 657_453),
        ("netgen_lo_sr_10a", A, [1_024, 32, 32_768, 320], 536_846),
    ];
    for (name, seed, [nodes, sources, arcs, supply], optimum) in cases {
        let parameters = [nodes, sources, sources, arcs, 1, 10_000, supply, 0, 0, 100, 100, 1, 1_000];
        assert_eq!(least_flow(&netgen(seed, parameters)), Some(optimum), "{name}");
    }
}

#[test]
fn netgen_assignments_come_out_at_their_known_optimum() {
    // Problems 11 to 15 of the paper: 200 to 200, costs 1–100, so many arcs.
    for (arcs, optimum) in [(1_500, 4_991), (2_250, 3_843), (3_000, 3_048), (3_750, 2_392), (4_500, 2_460)] {
        let drawn = netgen(A, [400, 200, 200, arcs, 1, 100, 200, 0, 0, 0, 0, 0, 0]);
        let lanes = drawn.arcs.iter().map(|arc| Lane { row: arc.from, column: arc.to - 200, cost: arc.cost });
        let lanes: Vec<Lane> = lanes.collect();
        assert_eq!(least_cost(&[1; 200], &[1; 200], &lanes), Some(optimum), "{arcs} arcs");
    }
}

#[test]
fn machol_and_wiens_assignments_pair_the_dearest_with_the_cheapest() {
    for size in [2, 5, 10, 50, 100, 200] {
        let costs: Vec<Vec<i64>> = (1..=size).map(|i| (1..=size).map(|j| i * j).collect()).collect();
        let optimum = i128::from(size) * i128::from(size + 1) * i128::from(size + 2) / 6;
        assert_eq!(least_assignment(&costs), Some(optimum), "{size}");
    }
}

#[test]
fn textbook_problems_come_out_as_printed() {
    // Dantzig, Linear Programming and Extensions (1963), chapter 3-3: cases from Seattle and San Diego to New York,
    // Chicago and Topeka, 9 dollars a case and hundred miles; GAMS ships it as `trnsport`: 153.675 thousand dollars.
    let dollars =
        [[25, 25], [17, 18], [18, 14]].map(|row| row.map(|hundred_miles| 9 * hundred_miles).to_vec());
    assert_eq!(least_transport(&[325, 300, 275], &[350, 600], &dollars), Some(153_675));

    // Hillier and Lieberman, Introduction to Operations Research, chapter 8.1: peas from three canneries to four
    // warehouses, 152,535 dollars.
    let dollars =
        [[464, 352, 995], [513, 416, 682], [654, 690, 388], [867, 791, 685]].map(|row| row.to_vec());
    assert_eq!(least_transport(&[80, 65, 70, 85], &[75, 125, 100], &dollars), Some(152_535));

    // Winston, Operations Research: Applications and Algorithms, chapter 7.1: Powerco, 1,020 dollars (thousands).
    let dollars = [[8, 9, 14], [6, 12, 9], [10, 13, 16], [9, 7, 5]].map(|row| row.to_vec());
    assert_eq!(least_transport(&[45, 20, 30, 30], &[35, 50, 40], &dollars), Some(1_020));
}

#[test]
fn what_cannot_be_served_is_said() {
    assert_eq!(least_transport(&[3], &[1, 1], &[vec![1, 1]]), None);
    let two_apart =
        Network { supplies: vec![1, -1], arcs: vec![Arc { from: 1, to: 0, capacity: 9, cost: 1 }] };
    assert_eq!(least_flow(&two_apart), None);
}

/// OR-Library's assignments: size, where the costs begin, published optimum.
///
/// They were all drawn from one stream of random numbers and overlap: assign200 to assign700 lie within assign800.
const OR_LIBRARY: [(usize, usize, i128); 8] = [
    (100, 640_000, 305),
    (200, 86_700, 475),
    (300, 55_001, 626),
    (400, 24_012, 804),
    (500, 11_203, 991),
    (600, 110_008, 1_176),
    (700, 28_889, 1_362),
    (800, 0, 1_552),
];

/// The costs of assign800 and then those of assign100, row by row, 1 to 100, a byte each.
const OR_LIBRARY_COSTS: &[u8] = include_bytes!("instances/or_library_assignments.zst");

#[test]
fn or_librarys_assignments_come_out_at_their_published_optimum() {
    let costs = zstd::decode_all(OR_LIBRARY_COSTS).unwrap();
    assert_eq!(costs.len(), 800 * 800 + 100 * 100);
    for (size, first, optimum) in OR_LIBRARY {
        let rows = costs[first..first + size * size].chunks(size);
        let costs: Vec<Vec<i64>> = rows.map(|row| row.iter().map(|&cost| cost.into()).collect()).collect();
        assert_eq!(least_assignment(&costs), Some(optimum), "assign{size}");
    }
}

#[test]
fn networks_from_a_named_directory_come_out_at_their_known_optimum() {
    let Some(directory) = std::env::var_os("GONGJIAN_FOREIGN_INSTANCES") else {
        // Past the capture of output: who runs the tests is to see what did not run.
        let note = "skipped: GONGJIAN_FOREIGN_INSTANCES names no directory of DIMACS networks\n";
        std::io::stderr().write_all(note.as_bytes()).unwrap();
        return;
    };
    let directory = Path::new(&directory);
    let mut solved = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "min") {
            let network = dimacs(&fs::read_to_string(&path).unwrap());
            let solution = fs::read_to_string(path.with_extension("sol")).unwrap();
            let optimum = solution.lines().find_map(|line| line.strip_prefix("s ")).unwrap();
            assert_eq!(least_flow(&network), Some(optimum.trim().parse().unwrap()), "{}", path.display());
            solved += 1;
        }
    }
    assert!(solved > 0, "{} holds no network", directory.display());
}

/// `p min NODES ARCS`, `n NODE SUPPLY`, `a FROM TO LEAST MOST COST`; nodes count from 1.
fn dimacs(text: &str) -> Network {
    let mut network = Network::default();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let kind = words.next();
        let mut number = || words.next().unwrap().parse::<i64>().unwrap();
        match kind {
            Some("p") => {
                assert_eq!(words.next(), Some("min"));
                let nodes: usize = words.next().unwrap().parse().unwrap();
                network.supplies = vec![0; nodes];
            }
            Some("n") => {
                let node = number() as usize - 1;
                network.supplies[node] = number();
            }
            Some("a") => {
                let (from, to) = (number() as usize - 1, number() as usize - 1);
                let (least, capacity, cost) = (number(), number(), number());
                assert_eq!(least, 0, "an arc that must be used is not read");
                network.arcs.push(Arc { from, to, capacity, cost });
            }
            _ => {}
        }
    }
    network
}

#[test]
fn networks_are_read_as_they_are_meant() {
    let network = dimacs("c two ways\np min 3 3\nn 1 4\nn 3 -4\na 1 2 0 3 1\na 2 3 0 9 1\na 1 3 0 9 5\n");
    assert_eq!(least_flow(&network), Some(3 * 2 + 5));
}
