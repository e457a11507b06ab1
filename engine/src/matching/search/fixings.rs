//! What has been decided at a node of the search tree, and what follows from it at once.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part the fixings were made for")]

use super::Decision;
use super::part::{Group, Part, UNBOUNDED};

/// What has been decided about a member (`Yes` = served in full) or a way (`Yes` = used, and counted).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    Open,
    Yes,
    No,
}

/// The decisions on the way from the root to a node.
#[derive(Debug, Clone)]
pub(super) struct Fixings {
    pub(super) members: Vec<Fixed>,
    pub(super) ways: Vec<Fixed>,
    /// How many ways of each limit are decided to be used.
    pub(super) used: Vec<usize>,
    /// The least and the most units along each edge.
    pub(super) least: Vec<i64>,
    pub(super) most: Vec<i64>,
    /// Whether some edge of the row has bounds of its own.
    pub(super) bounded: Vec<bool>,
}

impl Fixings {
    /// Nothing decided: only what lots say for themselves.
    pub(super) fn none(part: &Part) -> Fixings {
        let mut fixings = Fixings {
            members: part.kept.iter().map(|&kept| if kept { Fixed::Yes } else { Fixed::Open }).collect(),
            ways: vec![Fixed::Open; part.way_limits.len()],
            used: vec![0; part.limits.len()],
            least: part.least.clone(),
            most: part.most.clone(),
            bounded: vec![false; part.demands.len()],
        };
        for (edge, &lot) in part.lots.iter().enumerate().filter(|&(_, &lot)| lot > 1) {
            let (row, column) = (part.rows[edge] as usize, part.columns[edge] as usize);
            let most = part.demands[row].min(part.capacities[column]) / lot * lot;
            fixings.most[edge] = fixings.most[edge].min(most);
            fixings.bounded[row] = true;
        }
        // An edge on a way carries no more than its column has, or it would pay for the way more than once.
        for &edge in part.limits.iter().flat_map(|limit| &limit.ways).flat_map(|way| &way.edges) {
            let (row, column) = (part.rows[edge as usize] as usize, part.columns[edge as usize] as usize);
            if part.capacities[column] < part.demands[row] {
                let most = &mut fixings.most[edge as usize];
                *most = part.capacities[column].min(*most);
                fixings.bounded[row] = true;
            }
        }
        for (edge, _) in part.most.iter().enumerate().filter(|(_, most)| **most < UNBOUNDED) {
            fixings.bounded[part.rows[edge] as usize] = true;
        }
        for (way, _) in part.used.iter().enumerate().filter(|(_, used)| **used) {
            fixings.ways[way] = Fixed::Yes;
            fixings.used[part.way_limits[way] as usize] += 1;
        }
        for limit in 0..part.limits.len() {
            fixings.close_if_full(part, limit);
        }
        fixings
    }

    /// Adds a decision. The first side of it is the one that serves, uses or gives more.
    pub(super) fn decide(&mut self, part: &Part, decision: Decision, first: bool) {
        let fixed = if first { Fixed::Yes } else { Fixed::No };
        match decision {
            Decision::Member { member } => {
                self.members[member as usize] = fixed;
                if let (true, Some(limit)) = (first, part.rivals[member as usize]) {
                    for (rival, of) in part.rivals.iter().enumerate() {
                        if *of == Some(limit) && self.members[rival] == Fixed::Open {
                            self.members[rival] = Fixed::No;
                        }
                    }
                }
                self.follow(part.group_of(member as usize));
            }
            Decision::Way { way } => {
                let limit = part.way_limits[way as usize] as usize;
                self.ways[way as usize] = fixed;
                if first {
                    self.used[limit] += 1;
                    self.close_if_full(part, limit);
                } else {
                    self.close(part, limit, way as usize);
                }
            }
            Decision::Multiples { edge, lots } => {
                let (edge, lot) = (edge as usize, part.lots[edge as usize]);
                if first {
                    self.least[edge] = self.least[edge].max((lots as i64 + 1) * lot);
                } else {
                    self.most[edge] = self.most[edge].min(lots as i64 * lot);
                }
            }
        }
    }

    /// Nothing at all may run along an edge.
    pub(super) fn is_closed(&self, edge: usize) -> bool {
        self.most[edge] <= 0
    }

    /// Decides the members left open where the number that has to be served leaves no choice.
    fn follow(&mut self, group: &Group) {
        let members = &mut self.members[group.first..group.first + group.members.len()];
        let possible = members.iter().filter(|&&fixed| fixed != Fixed::No).count();
        let any = members.contains(&Fixed::Yes);
        let follows = if possible < group.at_least {
            Fixed::No
        } else if possible == group.at_least && any {
            Fixed::Yes
        } else {
            return;
        };
        for fixed in members.iter_mut().filter(|fixed| **fixed == Fixed::Open) {
            *fixed = follows;
        }
    }

    fn close_if_full(&mut self, part: &Part, limit: usize) {
        let at = &part.limits[limit];
        if self.used[limit] >= at.at_most {
            for way in at.first..at.first + at.ways.len() {
                if self.ways[way] == Fixed::Open {
                    self.ways[way] = Fixed::No;
                    self.close(part, limit, way);
                }
            }
        }
    }

    fn close(&mut self, part: &Part, limit: usize, way: usize) {
        let at = &part.limits[limit];
        for &edge in &at.ways[way - at.first].edges {
            self.most[edge as usize] = 0;
        }
    }

    /// Whether the decisions contradict each other on their face: too many ways used, or more asked of an edge, a row
    /// or a column than there is. The certificate sees the same.
    pub(super) fn contradict(&self, part: &Part) -> bool {
        let over = part.limits.iter().zip(&self.used).any(|(limit, &used)| used > limit.at_most);
        let mut rows = part.demands.clone();
        let mut columns = part.capacities.clone();
        for (edge, &least) in self.least.iter().enumerate().filter(|&(_, &least)| least > 0) {
            rows[part.rows[edge] as usize] -= least;
            columns[part.columns[edge] as usize] -= least;
        }
        let crossed = self.least.iter().zip(&self.most).any(|(least, most)| least > most);
        over || crossed || rows.iter().chain(&columns).any(|&left| left < 0)
    }
}
