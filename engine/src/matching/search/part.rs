//! The instance in parts that share nothing: neither an edge nor a rule.
//!
//! Part 0 gathers all that no rule touches, however many pieces that is; every other part is connected. Inside a part
//! rows, columns and edges are renumbered and keep their order, and the rules stand in the form the search wants them.

#![expect(
    clippy::indexing_slicing,
    reason = "positions come from a checked instance and from the numbering made here"
)]

use std::collections::BTreeMap;

use super::rules::{Mixed, Rule};

/// An edge's upper bound where nothing bounds it but the row and the column.
pub(super) const UNBOUNDED: i64 = i64::MAX;

/// Rows that are served in full or not at all, and must come at least so many at once.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rule: usize,
    /// Its members are `first..first + members.len()` of the part's.
    pub(super) first: usize,
    pub(super) members: Vec<Vec<u32>>,
    pub(super) at_least: usize,
}

/// Ways of which only so many may be used.
#[derive(Debug)]
pub(super) struct Limit {
    pub(super) rule: usize,
    /// Its ways are `first..first + ways.len()` of the part's.
    pub(super) first: usize,
    pub(super) ways: Vec<Way>,
    pub(super) at_most: usize,
    /// Whether no row of it is a member: then nothing that is decided about members decides it.
    pub(super) stands_alone: bool,
    /// Whether it says of one row that one edge may serve it at most.
    pub(super) sole: bool,
    /// Whether its ways are whole rows, of which one way's may be served.
    pub(super) divides_rows: bool,
    /// Whether its ways are whole members of one group, of which one may be served.
    pub(super) divides_members: bool,
}

impl Limit {
    /// Whether what runs on its ways has to pay for them: not where rows by themselves say what may be used.
    pub(super) fn has_price(&self) -> bool {
        !self.sole && !self.divides_rows && !self.divides_members
    }
}

/// Edges that count as one when any of them is used.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) edges: Vec<u32>,
    /// No flow sends more through it than this; at least 1.
    pub(super) most: i64,
    /// Whether its edges together, each filled by itself, carry no more: what pays by the unit never pays more than once.
    pub(super) pays_once: bool,
}

/// One part, in its own numbering.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The instance's number of each edge.
    pub(super) edge_names: Vec<usize>,
    /// The instance's number of each row and of each column.
    pub(super) row_names: Vec<u32>,
    pub(super) column_names: Vec<u32>,
    pub(super) demands: Vec<i64>,
    pub(super) capacities: Vec<i64>,
    /// `starts[r]..starts[r + 1]` are the edges of row `r`.
    pub(super) starts: Vec<u32>,
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<i64>,
    /// Units each edge's flow is a multiple of: 1 where no lot says otherwise.
    pub(super) lots: Vec<i64>,
    /// The edges in lots.
    pub(super) in_lots: Vec<u32>,
    pub(super) groups: Vec<Group>,
    pub(super) limits: Vec<Limit>,
    /// The group and the member a row belongs to, the latter among all members of the part.
    pub(super) member_of: Vec<Option<(u32, u32)>>,
    /// What the whole group of each member could earn at the very most: how much moves with it.
    pub(super) at_stake: Vec<i128>,
    /// Members that are served in any case; all others are open. Ways likewise.
    pub(super) kept: Vec<bool>,
    pub(super) used: Vec<bool>,
    /// The least and the most units along each edge that have been decided.
    pub(super) least: Vec<i64>,
    pub(super) most: Vec<i64>,
    /// Of a part cut out of another, what its members and its ways are there.
    pub(super) member_names: Vec<u32>,
    pub(super) way_names: Vec<u32>,
    /// The group of each member.
    pub(super) member_groups: Vec<u32>,
    /// Rows that one edge may serve at most, whichever it is: what they earn by themselves says so without a price.
    pub(super) sole: Vec<bool>,
    /// The way a row belongs to with all its edges: what it earns is earned only if that way is the one in use.
    pub(super) row_ways: Vec<Option<u32>>,
    /// The limit of each way.
    pub(super) way_limits: Vec<u32>,
    /// The limit that lets only one of its members be served, of each member that has such rivals.
    pub(super) rivals: Vec<Option<u32>>,
    /// More than any flow of this part is worth.
    pub(super) penalty: i64,
}

impl Part {
    /// Fills in what follows from the rest.
    pub(super) fn derive(&mut self) {
        let worth = |row: usize| {
            let best = self.values[self.edges_of(row)].iter().copied().max().unwrap_or(0);
            i128::from(self.demands[row]) * i128::from(best)
        };
        let worth: Vec<i128> = (0..self.demands.len()).map(worth).collect();
        let all: i128 = worth.iter().sum();
        self.penalty = i64::try_from(all).unwrap_or(i64::MAX / 8).min(i64::MAX / 8) + 1;
        let stakes = self.groups.iter().flat_map(|group| {
            let best = group.members.iter().flatten().map(|&row| worth[row as usize]);
            std::iter::repeat_n(best.sum::<i128>() / (1 << 20) + 1, group.members.len())
        });
        self.at_stake = stakes.collect();
        for limit in &mut self.limits {
            let mut edges = limit.ways.iter().flat_map(|way| &way.edges);
            limit.stands_alone =
                edges.all(|&edge| self.member_of[self.rows[edge as usize] as usize].is_none());
        }
        self.row_ways = vec![None; self.demands.len()];
        for limit in self.limits.iter().filter(|limit| limit.divides_rows) {
            for (way, at) in (limit.first as u32..).zip(&limit.ways) {
                for &edge in &at.edges {
                    self.row_ways[self.rows[edge as usize] as usize] = Some(way);
                }
            }
        }
        self.rivals = vec![None; self.member_groups.len()];
        for (number, limit) in (0..).zip(&self.limits).filter(|(_, limit)| limit.divides_members) {
            for edge in limit.ways.iter().filter_map(|way| way.edges.first()) {
                if let Some((_, member)) = self.member_of[self.rows[*edge as usize] as usize] {
                    self.rivals[member as usize] = Some(number);
                }
            }
        }
        self.in_lots =
            (0..).zip(&self.lots).filter(|(_, lot)| **lot > 1).map(|(edge, _): (u32, _)| edge).collect();
    }

    /// Finds the rows that one edge may serve at most.
    fn find_sole(&mut self) {
        self.sole = vec![false; self.demands.len()];
        for limit in &mut self.limits {
            let single = limit.at_most == 1 && limit.ways.iter().all(|way| way.edges.len() == 1);
            let mut rows = limit.ways.iter().flat_map(|way| &way.edges).map(|&edge| self.rows[edge as usize]);
            let row = rows.next().filter(|row| single && rows.all(|other| other == *row));
            let edges = |row: u32| (self.starts[row as usize + 1] - self.starts[row as usize]) as usize;
            if let Some(row) = row.filter(|&row| limit.ways.len() == edges(row)) {
                limit.sole = true;
                self.sole[row as usize] = true;
            }
        }
    }

    /// Finds the choices of one way whose ways are whole rows, no row in two of them and none a member.
    fn find_divided(&mut self) {
        let mut divided = vec![false; self.demands.len()];
        for limit in self.limits.iter_mut().filter(|limit| limit.at_most == 1 && !limit.sole) {
            let mut rows: BTreeMap<usize, (usize, u32)> = BTreeMap::new();
            let mut is_apart = true;
            for (way, at) in limit.ways.iter().enumerate() {
                for &edge in &at.edges {
                    let (of, edges) = rows.entry(self.rows[edge as usize] as usize).or_insert((way, 0));
                    is_apart &= *of == way;
                    *edges += 1;
                }
            }
            let is_whole = |row: usize, edges: u32| edges == self.starts[row + 1] - self.starts[row];
            let is_free = |row: usize| !divided[row] && self.member_of[row].is_none();
            limit.divides_rows =
                is_apart && rows.iter().all(|(&row, &(_, edges))| is_whole(row, edges) && is_free(row));
            if limit.divides_rows {
                rows.keys().for_each(|&row| divided[row] = true);
            }
        }
    }

    /// Finds the choices of one way whose ways are whole members of one group, no member in two such choices.
    fn find_rivals(&mut self) {
        let mut taken = vec![false; self.member_groups.len()];
        for limit in self.limits.iter_mut().filter(|it| it.at_most == 1 && !it.sole && !it.divides_rows) {
            let member_of = |edge: &u32| self.member_of[self.rows[*edge as usize] as usize];
            let mut members: Vec<(u32, u32)> = Vec::new();
            let are_members = limit.ways.iter().all(|way| {
                let Some((group, member)) = way.edges.first().and_then(member_of) else { return false };
                let at = &self.groups[group as usize];
                let rows = &at.members[member as usize - at.first];
                let edges: usize = rows
                    .iter()
                    .map(|&row| (self.starts[row as usize + 1] - self.starts[row as usize]) as usize)
                    .sum();
                members.push((group, member));
                edges == way.edges.len()
                    && way.edges.iter().all(|edge| member_of(edge) == Some((group, member)))
            });
            let is_free = |&(_, member): &(u32, u32)| !taken[member as usize];
            let one_group = members.iter().all(|(group, _)| Some(*group) == members.first().map(|it| it.0));
            limit.divides_members = are_members && one_group && members.iter().all(is_free);
            if limit.divides_members {
                members.iter().for_each(|&(_, member)| taken[member as usize] = true);
            }
        }
    }

    /// Finds the ways that never pay more than once.
    pub(super) fn count_payments(&mut self) {
        for way in self.limits.iter_mut().flat_map(|limit| &mut limit.ways) {
            let filled = way.edges.iter().map(|&edge| {
                let (row, column) = (self.rows[edge as usize], self.columns[edge as usize]);
                i128::from(self.demands[row as usize].min(self.capacities[column as usize]))
            });
            way.pays_once = filled.sum::<i128>() <= i128::from(way.most);
        }
    }

    /// The edges of a row.
    pub(super) fn edges_of(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row] as usize..self.starts[row + 1] as usize
    }

    /// The group of a member.
    pub(super) fn group_of(&self, member: usize) -> &Group {
        &self.groups[self.member_groups[member] as usize]
    }

    /// Which ways of limits that are used up by these units carry nothing.
    pub(super) fn unused(&self, units: &[i64]) -> Vec<bool> {
        let mut unused = vec![false; self.way_limits.len()];
        for limit in &self.limits {
            let idle = |way: &Way| way.edges.iter().all(|&edge| units[edge as usize] == 0);
            if limit.ways.iter().filter(|way| !idle(way)).count() >= limit.at_most {
                for (place, way) in (limit.first..).zip(&limit.ways) {
                    unused[place] = idle(way);
                }
            }
        }
        unused
    }

    /// What these units are worth.
    pub(super) fn earned(&self, units: &[i64]) -> i128 {
        units.iter().zip(&self.values).map(|(&units, &value)| i128::from(units) * i128::from(value)).sum()
    }

    /// Which members these units serve in full.
    pub(super) fn served(&self, units: &[i64]) -> Vec<bool> {
        let full = |&row: &u32| {
            let row = row as usize;
            units[self.edges_of(row)].iter().sum::<i64>() == self.demands[row]
        };
        self.groups.iter().flat_map(|group| group.members.iter().map(|rows| rows.iter().all(full))).collect()
    }
}

/// Where every row and column went, and the parts.
pub(super) struct Parts {
    pub(super) row_parts: Vec<u32>,
    pub(super) column_parts: Vec<u32>,
    pub(super) parts: Vec<Part>,
}

/// Splits an instance.
pub(super) fn split(mixed: &Mixed) -> Parts {
    let (row_parts, column_parts, count) = number(mixed);
    let mut parts: Vec<Part> = (0..count).map(|_| Part::default()).collect();
    let mut row_places = Vec::with_capacity(row_parts.len());
    for (&part, demand) in row_parts.iter().zip(mixed.base().demands()) {
        let part = &mut parts[part as usize];
        part.row_names.push(row_places.len() as u32);
        row_places.push(part.demands.len() as u32);
        part.demands.push(demand as i64);
    }
    let mut column_places = Vec::with_capacity(column_parts.len());
    for (&part, capacity) in column_parts.iter().zip(mixed.base().capacities()) {
        let part = &mut parts[part as usize];
        part.column_names.push(column_places.len() as u32);
        column_places.push(part.capacities.len() as u32);
        part.capacities.push(capacity as i64);
    }
    let mut edge_places = Vec::with_capacity(mixed.base().edge_count());
    for (name, edge) in mixed.base().edges().enumerate() {
        let part = &mut parts[row_parts[edge.row as usize] as usize];
        let row = row_places[edge.row as usize];
        part.starts.resize(part.starts.len().max(row as usize + 1), part.values.len() as u32);
        edge_places.push(part.values.len() as u32);
        part.edge_names.push(name);
        part.rows.push(row);
        part.columns.push(column_places[edge.column as usize]);
        part.values.push(edge.value);
        part.lots.push(1);
    }
    for part in &mut parts {
        part.starts.resize(part.demands.len() + 1, part.values.len() as u32);
        part.member_of = vec![None; part.demands.len()];
    }
    let edge_part: Vec<u32> = mixed.base().edges().map(|edge| row_parts[edge.row as usize]).collect();
    // Lots come last: what a way carries at most goes by what its columns have, lots or not.
    let stated = mixed.rules().iter().enumerate();
    let (lots, others): (Vec<_>, Vec<_>) = stated.partition(|(_, rule)| matches!(rule, Rule::Lots { .. }));
    for (rule, stated) in others.into_iter().chain(lots) {
        match stated {
            Rule::Together { members, at_least } => {
                let Some(&row) = members.iter().flatten().next() else { continue };
                let part = &mut parts[row_parts[row as usize] as usize];
                let members: Vec<Vec<u32>> = members
                    .iter()
                    .map(|rows| rows.iter().map(|&row| row_places[row as usize]).collect())
                    .collect();
                let (group, first) = (part.groups.len() as u32, part.member_groups.len());
                for (member, rows) in (first as u32..).zip(&members) {
                    for &row in rows {
                        part.member_of[row as usize] = Some((group, member));
                    }
                }
                part.member_groups.resize(first + members.len(), group);
                part.kept.resize(first + members.len(), false);
                part.groups.push(Group { rule, first, members, at_least: *at_least });
            }
            Rule::Choice { ways, at_most } => {
                let Some(&edge) = ways.iter().flatten().next() else { continue };
                let part = &mut parts[edge_part[edge] as usize];
                let ways: Vec<Way> = ways
                    .iter()
                    .map(|edges| {
                        let edges: Vec<u32> = edges.iter().map(|&edge| edge_places[edge]).collect();
                        Way { most: most(part, &edges), edges, pays_once: false }
                    })
                    .collect();
                let first = part.way_limits.len();
                part.way_limits.resize(first + ways.len(), part.limits.len() as u32);
                part.used.resize(first + ways.len(), false);
                part.limits.push(Limit {
                    rule,
                    first,
                    at_most: (*at_most).min(ways.len()),
                    ways,
                    stands_alone: false,
                    sole: false,
                    divides_rows: false,
                    divides_members: false,
                });
            }
            Rule::Lots { column, lot } => {
                let part = &mut parts[column_parts[*column as usize] as usize];
                let place = column_places[*column as usize];
                let lot = i64::try_from(*lot).unwrap_or(UNBOUNDED);
                for (&column, held) in part.columns.iter().zip(&mut part.lots) {
                    if column == place {
                        *held = lot;
                    }
                }
                let capacity = &mut part.capacities[place as usize];
                *capacity -= *capacity % lot;
            }
        }
    }
    for part in &mut parts {
        part.least = vec![0; part.values.len()];
        part.most = vec![UNBOUNDED; part.values.len()];
        part.find_sole();
        part.find_divided();
        part.find_rivals();
        part.count_payments();
        part.derive();
    }
    Parts { row_parts, column_parts, parts }
}

/// The most a flow can send through these edges, by their rows and by their columns; at least 1.
pub(super) fn most(part: &Part, edges: &[u32]) -> i64 {
    let total = |ends: &[u32], units: &[i64]| {
        let mut ends: Vec<u32> = edges.iter().map(|&edge| ends[edge as usize]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends.iter().map(|&end| units[end as usize]).sum::<i64>()
    };
    total(&part.rows, &part.demands).min(total(&part.columns, &part.capacities)).max(1)
}

/// The part of each row and of each column, and how many parts there are.
fn number(mixed: &Mixed) -> (Vec<u32>, Vec<u32>, usize) {
    let base = mixed.base();
    let rows = base.row_count();
    let mut sets = Sets::new(rows + base.column_count());
    let ends: Vec<(u32, u32)> = base.edges().map(|edge| (edge.row, rows as u32 + edge.column)).collect();
    for &(row, column) in &ends {
        sets.join(row, column);
    }
    let mut touched = Vec::new();
    for rule in mixed.rules() {
        let nodes: Vec<u32> = match rule {
            Rule::Together { members, .. } => members.iter().flatten().copied().collect(),
            Rule::Choice { ways, .. } => ways.iter().flatten().map(|&edge| ends[edge].0).collect(),
            Rule::Lots { column, .. } => vec![rows as u32 + column],
        };
        let Some(&first) = nodes.first() else { continue };
        for node in nodes {
            sets.join(first, node);
        }
        touched.push(first);
    }
    let mut numbers: Vec<Option<u32>> = vec![Some(0); sets.above.len()];
    for node in touched {
        numbers[sets.leader(node) as usize] = None;
    }
    let mut count = 1;
    let mut parts = Vec::with_capacity(numbers.len());
    for node in 0..sets.above.len() as u32 {
        let number = &mut numbers[sets.leader(node) as usize];
        parts.push(*number.get_or_insert_with(|| {
            count += 1;
            count - 1
        }));
    }
    let column_parts = parts.split_off(rows);
    (parts, column_parts, count as usize)
}

/// Disjoint sets, each led by its smallest member.
pub(super) struct Sets {
    above: Vec<u32>,
}

impl Sets {
    pub(super) fn new(count: usize) -> Sets {
        Sets { above: (0..count as u32).collect() }
    }

    pub(super) fn leader(&mut self, mut member: u32) -> u32 {
        while self.above[member as usize] != member {
            let above = self.above[member as usize];
            self.above[member as usize] = self.above[above as usize];
            member = above;
        }
        member
    }

    pub(super) fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.leader(one), self.leader(other));
        self.above[one.max(other) as usize] = one.min(other);
    }
}
