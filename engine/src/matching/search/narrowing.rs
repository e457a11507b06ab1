//! A small question cut out of a part: some rows, what has been decided about them, and what the others leave them.
//!
//! Either the others keep what they have: what they use is gone from the columns, and the ways they use are counted. Or they share
//! nothing with these rows (`tree/apart.rs`). What is left is a part like any other, so the same search answers it.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part and of what is made of it")]

use super::fixings::{Fixed, Fixings};
use super::part::{Group, Limit, Part, Way, most};
use super::prices::Prices;

/// Stands for a row, a column or an edge that is not in the small part.
const OUTSIDE: u32 = u32::MAX;

/// The part of these rows, ascending, when all others keep these units; without units, when they have nothing to do with
/// these rows. Of a group that has not all its rows among them only rows of served members are.
///
/// Names are positions in the part it is cut out of, of limits too.
pub(super) fn narrowed(part: &Part, fixings: &Fixings, units: Option<&[i64]>, rows: &[u32]) -> Part {
    let mut places = vec![OUTSIDE; part.demands.len()];
    for (place, &row) in (0..).zip(rows) {
        places[row as usize] = place;
    }
    let is_outside = |edge: usize| places[part.rows[edge] as usize] == OUTSIDE;
    let kept = |edge: usize| units.map_or(0, |units| if is_outside(edge) { units[edge] } else { 0 });
    let mut left = part.capacities.clone();
    for edge in 0..part.values.len() {
        left[part.columns[edge] as usize] -= kept(edge);
    }
    let mut small = Part { row_names: rows.to_vec(), ..Part::default() };
    let mut columns = vec![OUTSIDE; left.len()];
    let mut edges = vec![OUTSIDE; part.values.len()];
    for (place, &row) in (0..).zip(rows) {
        small.demands.push(part.demands[row as usize]);
        small.starts.push(small.values.len() as u32);
        small.sole.push(part.sole[row as usize]);
        for edge in part.edges_of(row as usize) {
            let column = part.columns[edge] as usize;
            // A piece keeps columns that have nothing: their prices are part of its proof.
            let is_used_up = units.is_some() && left[column] < part.lots[edge];
            if is_used_up || fixings.is_closed(edge) {
                continue;
            }
            if columns[column] == OUTSIDE {
                columns[column] = small.column_names.len() as u32;
                small.column_names.push(column as u32);
                small.capacities.push(left[column]);
            }
            edges[edge] = small.values.len() as u32;
            small.edge_names.push(edge);
            small.rows.push(place);
            small.columns.push(columns[column]);
            small.values.push(part.values[edge]);
            small.lots.push(part.lots[edge]);
            small.least.push(fixings.least[edge]);
            small.most.push(fixings.most[edge]);
        }
    }
    small.starts.push(small.values.len() as u32);
    small.member_of = vec![None; rows.len()];
    for group in &part.groups {
        small.take_group(group, &places, &fixings.members);
    }
    for (name, limit) in part.limits.iter().enumerate() {
        let is_used = |edge: usize| kept(edge) > 0;
        small.take_limit(name, limit, &edges, &fixings.ways, units.is_some().then_some(&is_used));
    }
    if units.is_some() {
        small.count_payments();
    }
    small.derive();
    small
}

impl Part {
    /// Of a group that is here in part every member here is served.
    fn take_group(&mut self, group: &Group, places: &[u32], fixed: &[Fixed]) {
        let members = (group.first..).zip(&group.members).filter(|(member, _)| fixed[*member] != Fixed::No);
        let members: Vec<(usize, &Vec<u32>)> = members.collect();
        let here: Vec<Vec<u32>> = members
            .iter()
            .map(|(_, rows)| {
                rows.iter().map(|&row| places[row as usize]).filter(|&row| row != OUTSIDE).collect()
            })
            .collect();
        let whole = members.iter().zip(&here).all(|((_, all), here)| here.len() == all.len());
        let is_open = members.iter().any(|(member, _)| fixed[*member] == Fixed::Open);
        if whole && is_open {
            let (number, first) = (self.groups.len() as u32, self.member_groups.len());
            for ((member, _), rows) in members.iter().zip(&here) {
                self.add_member(number, *member, rows, fixed[*member] == Fixed::Yes);
            }
            self.groups.push(Group { rule: group.rule, first, members: here, at_least: group.at_least });
            return;
        }
        for ((member, _), rows) in members.iter().zip(here).filter(|(_, rows)| !rows.is_empty()) {
            let (number, first) = (self.groups.len() as u32, self.member_groups.len());
            self.add_member(number, *member, &rows, true);
            self.groups.push(Group { rule: group.rule, first, members: vec![rows], at_least: 1 });
        }
    }

    fn add_member(&mut self, group: u32, name: usize, rows: &[u32], kept: bool) {
        let number = self.member_groups.len() as u32;
        for &row in rows {
            self.member_of[row as usize] = Some((group, number));
        }
        self.member_groups.push(group);
        self.member_names.push(name as u32);
        self.kept.push(kept);
    }

    /// Ways used outside are used in any case: they count, and their edges here are free to be used.
    fn take_limit(
        &mut self,
        name: usize,
        limit: &Limit,
        edges: &[u32],
        fixed: &[Fixed],
        is_used: Option<&dyn Fn(usize) -> bool>,
    ) {
        let (mut at_most, mut ways, mut names, mut used) =
            (limit.at_most, Vec::new(), Vec::new(), Vec::new());
        for (place, way) in (limit.first..).zip(&limit.ways) {
            if is_used.is_some_and(|is_used| way.edges.iter().any(|&edge| is_used(edge as usize))) {
                at_most -= 1;
                continue;
            }
            let here = way.edges.iter().map(|&edge| edges[edge as usize]).filter(|&edge| edge != OUTSIDE);
            let here: Vec<u32> = here.collect();
            if !here.is_empty() {
                let most = if is_used.is_some() { most(self, &here) } else { way.most };
                ways.push(Way { edges: here, most, pays_once: way.pays_once });
                names.push(place as u32);
                used.push(fixed[place] == Fixed::Yes);
            }
        }
        let is_settled = is_used.is_some() && at_most >= ways.len();
        if !ways.is_empty() && !is_settled {
            let (number, first) = (self.limits.len() as u32, self.way_limits.len());
            self.way_limits.resize(first + ways.len(), number);
            self.way_names.extend(names);
            self.used.extend(used);
            let is_one = at_most == 1;
            self.limits.push(Limit {
                rule: name,
                first,
                ways,
                at_most,
                stands_alone: false,
                sole: limit.sole && is_one,
                divides_rows: limit.divides_rows && is_one,
                divides_members: limit.divides_members && is_one,
            });
        }
    }
}

/// What the prices of the large part are in the small one.
pub(super) fn prices_of(small: &Part, prices: &Prices) -> Prices {
    Prices {
        columns: small.column_names.iter().map(|&column| prices.columns[column as usize]).collect(),
        limits: small.limits.iter().map(|limit| prices.limits[limit.rule]).collect(),
        cuts: Vec::new(),
    }
}
