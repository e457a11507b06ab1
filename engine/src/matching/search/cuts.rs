//! Inequalities that no flow breaks and the relaxation does: what whole members ask of some columns, rounded.
//!
//! Take some columns, and rows that these columns should serve. What the rows ask fits into what the columns have, less
//! what rows get elsewhere or not at all: `Σ D·y ≤ b + s`, where `y` says 0 or 1 of each member and `D` what its rows ask, `b` is the
//! capacity less what the free rows ask, and `s ≥ 0` is what members get from elsewhere and free rows not from here. Since
//! members are whole, this may be rounded by any divisor (mixed-integer rounding, Nemhauser and Wolsey 1990; which rows,
//! which divisor, and which members are counted by what they leave rather than by what they take, is looked for much as
//! Marchand and Wolsey do, Operations Research 49, 2001). With `g = b mod δ`
//! `Σ G(D)·y ≤ (δ - g)·⌊b / δ⌋ + s`, where `G(d) = (δ - g)·⌊d / δ⌋ + max(0, d mod δ - g)`; all of it in whole numbers.
//!
//! In the bound such an inequality has a price `k ≥ 0` of its own: its free rows pay it by the unit for these columns,
//! the rows of members earn it by the unit elsewhere, and members pay `k·G(D)`, which column prices could not ask of them.
//!
//! **Which columns.** Each that is used up, and each set of such columns that rows share out among themselves.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part the cut was made for")]

use super::part::Part;
use super::prices::Prices;
use crate::matching::simplex;
use crate::matching::transport::{Edge, Transport};

/// A cut broken by less, in 2^-16 units, is not worth its price.
const EXCESS_LEAST: i64 = 1 << 12;

/// One inequality over a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// The columns, ascending.
    pub(super) columns: Vec<u32>,
    /// The rows, ascending.
    pub(super) rows: Vec<u32>,
    pub(super) divisor: i64,
    /// Members counted by what they leave, ascending; of a group that goes all together its first.
    pub(super) left: Vec<u32>,
    /// Members and their factor: the sum over those taken, and the units on edges that pay less those on edges that
    /// earn, is at most `most`.
    pub(super) terms: Vec<(u32, i64)>,
    pub(super) most: i64,
    /// The edges between the columns and the free rows.
    pub(super) paying: Vec<u32>,
    /// The edges of the members' rows to other columns.
    pub(super) earning: Vec<u32>,
    /// What the columns have.
    pub(super) capacity: i64,
}

/// What is all or nothing: a member, or a group that goes all together, named by its first member.
struct Item {
    member: u32,
    demand: i64,
    /// How far it is taken, in 2^-16.
    taken: i64,
    left: bool,
}

impl Item {
    fn is_undecided(&self) -> bool {
        (1 << 11..63 << 10).contains(&self.taken)
    }
}

/// What rounding by this divisor makes of so many units.
fn rounded(units: i64, divisor: i64, rest: i64) -> i64 {
    (divisor - rest) * units.div_euclid(divisor) + (units.rem_euclid(divisor) - rest).max(0)
}

/// The member that stands for this one: itself, or the first of its group if that goes all together.
fn stands_for(part: &Part, member: u32) -> u32 {
    let group = part.group_of(member as usize);
    if group.at_least == group.members.len() { group.first as u32 } else { member }
}

/// A solution of the relaxation, or nearly one: how far each member is taken, and units along each edge, in 2^-16.
struct Relaxed {
    members: Vec<i64>,
    edges: Vec<i64>,
}

impl Relaxed {
    /// The best flow that serves members so far. It is at a corner, as averages never are.
    fn new(part: &Part, members: Vec<i64>) -> Option<Relaxed> {
        let demands = (0..part.demands.len()).map(|row| match part.member_of[row] {
            None => (part.demands[row] as u64) << FINE,
            Some((_, member)) => ((part.demands[row] * members[member as usize]) >> (16 - FINE)) as u64,
        });
        let demands: Vec<u64> = demands.collect();
        let capacities: Vec<u64> = part.capacities.iter().map(|&units| (units as u64) << FINE).collect();
        // What members get is worth more than anything it displaces.
        let dearest = i128::from(part.values.iter().copied().max()?);
        let edges = (0..part.values.len()).map(|edge| {
            let value = 1 + (i128::from(part.values[edge]) * ((1 << 30) - 1) / dearest) as i64;
            let row = part.rows[edge];
            let first = if part.member_of[row as usize].is_some() { 1 << 31 } else { 0 };
            Edge { row, column: part.columns[edge], value: value + first }
        });
        let instance = Transport::new(&demands, &capacities, edges).ok()?;
        let solution = simplex::solve(&instance, simplex::Budget::UNLIMITED).ok()?;
        let edges = solution.flows.iter().map(|&units| (units as i64) << (16 - FINE)).collect();
        Some(Relaxed { members, edges })
    }
}

/// Members may be taken by one in 2^6 of what they ask.
const FINE: u32 = 6;

/// The cuts that are broken when each member is taken so far, in 2^-16.
pub(super) fn broken(part: &Part, prices: &Prices, members: Vec<i64>) -> Vec<Cut> {
    let Some(seen) = &Relaxed::new(part, members) else { return Vec::new() };
    let mut inside = vec![false; part.capacities.len()];
    let mut cuts = Vec::new();
    for columns in used_up(part, seen) {
        columns.iter().for_each(|&column| inside[column as usize] = true);
        cuts.extend(Recipe::new(part, prices, seen, &columns, &inside).and_then(|recipe| recipe.best(part)));
        columns.iter().for_each(|&column| inside[column as usize] = false);
    }
    cuts
}

/// The columns that are used up, each alone, and in sets that hang together by rows that use several.
fn used_up(part: &Part, seen: &Relaxed) -> Vec<Vec<u32>> {
    let mut used = vec![0; part.capacities.len()];
    for (&column, &units) in part.columns.iter().zip(&seen.edges) {
        used[column as usize] += units;
    }
    let tight: Vec<bool> = (0..used.len())
        .map(|column| used[column] > 0 && used[column] >= part.capacities[column] << 16)
        .collect();
    let mut sets: Vec<Vec<u32>> = Vec::new();
    for share in SHARES {
        let mut leaders: Vec<u32> = (0..used.len() as u32).collect();
        for row in 0..part.demands.len() {
            let least = (part.demands[row] << 16) / share;
            let edges = part.edges_of(row).filter(|&edge| seen.edges[edge] > least);
            let mut columns = edges.map(|edge| part.columns[edge]).filter(|&column| tight[column as usize]);
            let Some(first) = columns.next() else { continue };
            for column in columns {
                let (one, other) = (leader(&mut leaders, first), leader(&mut leaders, column));
                leaders[one.max(other) as usize] = one.min(other);
            }
        }
        let mut pieces = vec![Vec::new(); used.len()];
        for column in (0..used.len() as u32).filter(|&column| tight[column as usize]) {
            pieces[leader(&mut leaders, column) as usize].push(column);
        }
        sets.extend(pieces.into_iter().filter(|columns| !columns.is_empty()));
    }
    sets.extend((0..used.len() as u32).filter(|&column| tight[column as usize]).map(|column| vec![column]));
    sets.sort_unstable();
    sets.dedup();
    sets
}

/// A row uses a column if it gets one unit in so many of what it asks from it. Averages are never quite at rest.
const SHARES: [i64; 2] = [1 << 10, 8];

fn leader(leaders: &mut [u32], mut column: u32) -> u32 {
    while leaders[column as usize] != column {
        leaders[column as usize] = leaders[leaders[column as usize] as usize];
        column = leaders[column as usize];
    }
    column
}

/// How a cut is made.
struct Recipe<'a> {
    columns: &'a [u32],
    inside: &'a [bool],
    capacity: i64,
    rows: Vec<u32>,
    items: Vec<Item>,
    /// Capacity less what the free rows ask.
    room: i64,
    /// What members get elsewhere and free rows not from here, in 2^-16.
    lacking: i64,
}

impl<'a> Recipe<'a> {
    fn new(
        part: &Part,
        prices: &Prices,
        seen: &Relaxed,
        columns: &'a [u32],
        inside: &'a [bool],
    ) -> Option<Recipe<'a>> {
        let capacity = columns.iter().map(|&column| part.capacities[column as usize]).sum();
        let mut recipe = Recipe {
            columns,
            inside,
            capacity,
            rows: Vec::new(),
            items: Vec::new(),
            room: capacity,
            lacking: 0,
        };
        let mut asked: Vec<(u32, i64)> = Vec::new();
        for row in 0..part.demands.len() {
            let is_inside = |edge: usize| inside[part.columns[edge] as usize];
            if !part.edges_of(row).any(is_inside) {
                continue;
            }
            let (mut here, mut elsewhere) = (0, 0);
            for edge in part.edges_of(row) {
                *if is_inside(edge) { &mut here } else { &mut elsewhere } += seen.edges[edge];
            }
            let demand = part.demands[row];
            match part.member_of[row] {
                None if here > demand << 15 => {
                    recipe.room -= demand;
                    recipe.lacking += ((demand << 16) - here).max(0);
                }
                None => continue,
                Some((_, member)) => {
                    // What is hardly ever taken goes by where it would be served.
                    let belongs = if here + elsewhere > demand << 10 {
                        here >= elsewhere
                    } else {
                        let worth = |&edge: &usize| {
                            (part.values[edge] - prices.columns[part.columns[edge] as usize], edge)
                        };
                        part.edges_of(row).max_by_key(worth).is_some_and(is_inside)
                    };
                    if !belongs {
                        continue;
                    }
                    recipe.lacking += elsewhere;
                    asked.push((stands_for(part, member), demand));
                }
            }
            recipe.rows.push(row as u32);
        }
        asked.sort_unstable();
        for (member, demand) in asked {
            match recipe.items.last_mut() {
                Some(item) if item.member == member => item.demand += demand,
                _ => {
                    let taken = seen.members[member as usize];
                    recipe.items.push(Item { member, demand, taken, left: taken > 1 << 15 });
                }
            }
        }
        recipe.items.iter().any(Item::is_undecided).then_some(recipe)
    }

    /// What is left for members counted by what they take, when the others all take their part.
    fn room_left(&self) -> i64 {
        self.room - self.items.iter().filter(|item| item.left).map(|item| item.demand).sum::<i64>()
    }

    /// By how much the cut with this divisor is broken, in 2^-16.
    fn excess(&self, divisor: i64) -> i64 {
        let room = self.room_left();
        let rest = room.rem_euclid(divisor);
        let most = (divisor - rest) * room.div_euclid(divisor);
        let factors = self.items.iter().map(|item| {
            if item.left {
                rounded(-item.demand, divisor, rest) * ((1 << 16) - item.taken)
            } else {
                rounded(item.demand, divisor, rest) * item.taken
            }
        });
        factors.sum::<i64>() - (most << 16) - self.lacking
    }

    fn best(mut self, part: &Part) -> Option<Cut> {
        let undecided = self.items.iter().filter(|item| item.is_undecided());
        let mut divisors: Vec<i64> = undecided
            .flat_map(|item| [item.demand, (item.demand + 1) / 2])
            .filter(|&units| units > 1)
            .collect();
        divisors.sort_unstable();
        divisors.dedup();
        let best = |recipe: &Self| divisors.iter().map(|&divisor| (recipe.excess(divisor), divisor)).max();
        let mut found = best(&self)?;
        let mut order: Vec<usize> =
            (0..self.items.len()).filter(|&item| self.items[item].is_undecided()).collect();
        order.sort_by_key(|&item| ((self.items[item].taken - (1 << 15)).abs(), item));
        for item in order {
            self.items[item].left ^= true;
            match best(&self) {
                Some(better) if better > found => found = better,
                _ => self.items[item].left ^= true,
            }
        }
        let (excess, divisor) = found;
        (excess >= EXCESS_LEAST).then(|| self.cut(part, divisor))
    }

    fn cut(&self, part: &Part, divisor: i64) -> Cut {
        let room = self.room_left();
        let rest = room.rem_euclid(divisor);
        let mut most = (divisor - rest) * room.div_euclid(divisor) + self.capacity - self.room;
        let mut terms = Vec::new();
        for item in &self.items {
            let mut factor = rounded(item.demand, divisor, rest);
            if item.left {
                // It stands before what is left of it: the whole of it goes to the other side.
                factor = -rounded(-item.demand, divisor, rest);
                most += factor;
            }
            if factor != 0 {
                terms.push((item.member, factor));
            }
        }
        let (mut paying, mut earning) = (Vec::new(), Vec::new());
        for &row in &self.rows {
            let is_member = part.member_of[row as usize].is_some();
            for edge in part.edges_of(row as usize) {
                match (self.inside[part.columns[edge] as usize], is_member) {
                    (true, false) => paying.push(edge as u32),
                    (false, true) => earning.push(edge as u32),
                    (true, true) | (false, false) => {}
                }
            }
        }
        let left = self.items.iter().filter(|item| item.left).map(|item| item.member).collect();
        let (columns, rows, capacity) = (self.columns.to_vec(), self.rows.clone(), self.capacity);
        Cut { columns, rows, divisor, left, terms, most, paying, earning, capacity }
    }
}
