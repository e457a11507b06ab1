//! The instance as the pivots want it: only rows and columns that can carry something, by connected component.
//!
//! Components come in the order of their smallest row; inside one, rows and columns keep the order of the instance.
//! So what the solver does inside a component depends on that component alone, and neighbours of the caller's numbering
//! stay neighbours in memory. Rows that ask for nothing, columns that give nothing, and those without any edge between
//! them are left out: they carry no flow, and the prices they need are found afterwards.

use std::ops::Range;

use crate::matching::transport::{Offer, Transport};

/// A row or column that is left out.
pub(super) const OUT: u32 = u32::MAX;

/// Which rows and columns take part, and with whom.
pub(super) struct Ground<'a> {
    instance: &'a Transport,
    /// The instance's number of each row that takes part.
    row_names: Vec<u32>,
    /// The instance's number of each column that takes part.
    column_names: Vec<u32>,
    /// The place of each of the instance's columns in its component, or [`OUT`].
    column_places: Vec<u32>,
    /// The parts that share nothing, each to be solved by itself.
    pub(super) components: Vec<Component>,
}

/// A set of rows and columns that no edge leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

/// One component, laid out by itself: its rows and its columns are numbered from 0 each.
pub(super) struct Part<'a> {
    pub(super) instance: &'a Transport,
    /// The instance's number of each row.
    pub(super) row_names: &'a [u32],
    /// The instance's number of each column.
    pub(super) column_names: &'a [u32],
    /// What each row asks for, at least 1.
    pub(super) demands: Vec<u32>,
    /// What each column gives, at least 1.
    pub(super) capacities: Vec<u32>,
    /// `starts[r]..starts[r + 1]` are the offers to row `r`.
    starts: Vec<u32>,
    /// Offers with renumbered columns.
    offers: Vec<Offer>,
}

impl Ground<'_> {
    pub(super) fn new(instance: &Transport) -> Ground<'_> {
        let (row_part, column_part, parts) = parts(instance);
        let (row_names, row_ranges) = grouped(&row_part, parts);
        let (column_names, column_ranges) = grouped(&column_part, parts);
        let mut column_places = vec![OUT; instance.column_count()];
        for columns in &column_ranges {
            for (place, &name) in (0u32..).zip(&column_names[columns.clone()]) {
                column_places[name as usize] = place;
            }
        }
        let components = row_ranges
            .into_iter()
            .zip(column_ranges)
            .map(|(rows, columns)| Component { rows, columns })
            .collect();
        Ground { instance, row_names, column_names, column_places, components }
    }

    /// The instance's numbers of a component's rows.
    pub(super) fn row_names_of(&self, component: &Component) -> &[u32] {
        &self.row_names[component.rows.clone()]
    }

    /// The instance's numbers of a component's columns.
    pub(super) fn column_names_of(&self, component: &Component) -> &[u32] {
        &self.column_names[component.columns.clone()]
    }

    /// A component laid out by itself.
    pub(super) fn part(&self, component: &Component) -> Part<'_> {
        let row_names = self.row_names_of(component);
        let column_names = self.column_names_of(component);
        let mut starts = Vec::with_capacity(row_names.len() + 1);
        let mut offers = Vec::with_capacity(self.edges_at_most(component));
        starts.push(0);
        for &name in row_names {
            for offer in self.instance.offers_of(name as usize) {
                let column = self.column_places[offer.column as usize];
                if column != OUT {
                    offers.push(Offer { column, ..*offer });
                }
            }
            starts.push(offers.len() as u32);
        }
        let units = |names: &[u32], all: &[u32]| names.iter().map(|&name| all[name as usize]).collect();
        Part {
            instance: self.instance,
            demands: units(row_names, self.instance.demands_narrow()),
            capacities: units(column_names, self.instance.capacities_narrow()),
            row_names,
            column_names,
            starts,
            offers,
        }
    }

    /// How many edges a component's rows have, those to columns that give nothing included: its size as work.
    pub(super) fn edges_at_most(&self, component: &Component) -> usize {
        let names = self.row_names_of(component).iter();
        names.map(|&name| self.instance.offers_of(name as usize).len()).sum()
    }
}

impl Part<'_> {
    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.demands.len()
    }

    /// The offers to a row.
    pub(super) fn offers_of(&self, row: usize) -> &[Offer] {
        &self.offers[self.starts[row] as usize..self.starts[row + 1] as usize]
    }
}

/// The component of each row and of each column, or [`OUT`], and how many components there are.
fn parts(instance: &Transport) -> (Vec<u32>, Vec<u32>, usize) {
    let rows = instance.row_count();
    let (demands, capacities) = (instance.demands_narrow(), instance.capacities_narrow());
    let mut sets = Sets::singletons(rows + capacities.len());
    let mut linked = vec![false; rows];
    for row in 0..rows {
        if demands[row] == 0 {
            continue;
        }
        let mut leader = row as u32;
        for offer in instance.offers_of(row) {
            if capacities[offer.column as usize] > 0 {
                linked[row] = true;
                leader = sets.join(leader, (rows + offer.column as usize) as u32);
            }
        }
    }

    // A set is led by its smallest member, which is a row wherever there is one: numbering sets as rows come by is
    // numbering them by their smallest row.
    let mut number = vec![OUT; rows];
    let mut parts = 0;
    let mut row_part = vec![OUT; rows];
    for row in (0..rows).filter(|&row| linked[row]) {
        let leader = sets.leader(row as u32) as usize;
        if number[leader] == OUT {
            number[leader] = parts;
            parts += 1;
        }
        row_part[row] = number[leader];
    }
    let column_part = (rows..rows + capacities.len())
        .map(|node| number.get(sets.leader(node as u32) as usize).copied())
        .map(|number| number.unwrap_or(OUT))
        .collect();
    (row_part, column_part, parts as usize)
}

/// Everything that is not [`OUT`], grouped by part in the order it came, and the range of each part.
fn grouped(part_of: &[u32], parts: usize) -> (Vec<u32>, Vec<Range<usize>>) {
    let mut ends = vec![0usize; parts];
    for &part in part_of.iter().filter(|&&part| part != OUT) {
        ends[part as usize] += 1;
    }
    let mut total = 0;
    let mut next: Vec<usize> = Vec::with_capacity(parts);
    for end in &mut ends {
        next.push(total);
        total += *end;
        *end = total;
    }
    let ranges = next.iter().zip(&ends).map(|(&from, &to)| from..to).collect();
    let mut names = vec![0; total];
    for (name, &part) in (0u32..).zip(part_of) {
        if part != OUT {
            names[next[part as usize]] = name;
            next[part as usize] += 1;
        }
    }
    (names, ranges)
}

/// Disjoint sets, each led by its smallest member.
struct Sets {
    above: Vec<u32>,
}

impl Sets {
    fn singletons(size: usize) -> Sets {
        Sets { above: (0..size as u32).collect() }
    }

    fn leader(&mut self, mut member: u32) -> u32 {
        while self.above[member as usize] != member {
            let above = self.above[member as usize];
            self.above[member as usize] = self.above[above as usize];
            member = above;
        }
        member
    }

    /// Puts the set of a leader and that of a member together. Who leads it.
    fn join(&mut self, leader: u32, member: u32) -> u32 {
        let other = self.leader(member);
        if other == leader {
            return leader;
        }
        let first = leader.min(other);
        self.above[leader.max(other) as usize] = first;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::transport::Edge;

    #[test]
    fn parts_come_in_the_order_of_their_smallest_row() {
        let pairs = [(0, 3), (1, 0), (2, 3), (3, 1), (4, 0), (5, 2), (6, 1)];
        let edges = pairs.map(|(row, column)| Edge { row, column, value: 1 });
        let demands = [1, 1, 1, 1, 1, 1, 0, 1];
        let instance = Transport::new(&demands, &[1, 1, 0, 1, 1], edges).unwrap();
        let ground = Ground::new(&instance);
        assert_eq!(ground.row_names, [0, 2, 1, 4, 3]);
        assert_eq!(ground.column_names, [3, 0, 1]);
        let ranges = [(0..2, 0..1), (2..4, 1..2), (4..5, 2..3)];
        let expected = ranges.map(|(rows, columns)| Component { rows, columns });
        assert_eq!(ground.components, expected);
        let second = ground.part(&ground.components[1]);
        assert_eq!((second.row_names, second.column_names), (&[1, 4][..], &[0][..]));
        assert_eq!(second.starts, [0, 1, 2]);
        assert_eq!(second.offers_of(1), [Offer { column: 0, value: 1 }]);
    }
}
