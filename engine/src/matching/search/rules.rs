//! What a flow cannot say: rules that count, and rules of all or nothing.
//!
//! Three primitive forms carry all of them; the constructors of [`Rule`] put the usual wishes into these forms.

use thiserror::Error;

use crate::matching::transport::Transport;

/// The most a part of the instance that rules touch may be worth: every row served in full along its best edge.
///
/// It keeps a penalty larger than any total within the 64 bits of a price.
pub const WORTH_MAX: i64 = 1 << 60;

/// One rule a flow has to keep. Rows, columns and edges are positions in the [`Transport`] below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Each member, a set of rows, is served in full or gets nothing; at least `at_least` members are served, or none.
    ///
    /// With `at_least` the number of members this is all or nothing, with less it is k of n. A need that is one
    /// member of its own is taken up whole or not at all.
    Together {
        /// The rows of each member. No row is a member twice, here or elsewhere.
        members: Vec<Vec<u32>>,
        /// The fewest members worth serving, 1 to the number of members.
        at_least: usize,
    },
    /// Of these ways, each a set of edges, at most `at_most` carry anything.
    Choice {
        /// The edges of each way. No edge is in two ways of one rule.
        ways: Vec<Vec<usize>>,
        /// How many ways may carry something.
        at_most: usize,
    },
    /// What the column gives to a row is a multiple of `lot`.
    Lots {
        /// The column. At most one such rule for each.
        column: u32,
        /// Units in a lot, at least 1.
        lot: u64,
    },
}

impl Rule {
    /// All of these rows in full, or none of them anything.
    #[must_use]
    pub fn all_or_nothing(rows: &[u32]) -> Rule {
        Rule::Together { members: rows.iter().map(|&row| vec![row]).collect(), at_least: rows.len() }
    }

    /// At least `at_least` of these rows in full and the others nothing, or none anything.
    #[must_use]
    pub fn some_of(rows: &[u32], at_least: usize) -> Rule {
        Rule::Together { members: rows.iter().map(|&row| vec![row]).collect(), at_least }
    }

    /// Only one of these sets of rows receives anything: a need shared out one by one, or taken up whole.
    #[must_use]
    pub fn one_of(base: &Transport, alternatives: &[Vec<u32>]) -> Rule {
        let ways = alternatives.iter().map(|rows| edges_where(base, |row, _| rows.contains(&row)));
        Rule::Choice { ways: ways.collect(), at_most: 1 }
    }

    /// These rows, the pieces of one need, are served by at most `at_most` columns.
    #[must_use]
    pub fn providers(base: &Transport, rows: &[u32], at_most: usize) -> Rule {
        let mut columns: Vec<u32> =
            base.edges().filter(|edge| rows.contains(&edge.row)).map(|edge| edge.column).collect();
        columns.sort_unstable();
        columns.dedup();
        let ways =
            columns.iter().map(|&way| edges_where(base, |row, column| column == way && rows.contains(&row)));
        Rule::Choice { ways: ways.collect(), at_most }
    }

    /// At most `at_most` of these needs, each a set of rows, are served from these columns: a unit's cap on new
    /// engagements counts pairings, however much each of them carries.
    #[must_use]
    pub fn pairings(base: &Transport, columns: &[u32], needs: &[Vec<u32>], at_most: usize) -> Rule {
        let ways = needs
            .iter()
            .map(|rows| edges_where(base, |row, column| columns.contains(&column) && rows.contains(&row)));
        Rule::Choice { ways: ways.filter(|edges| !edges.is_empty()).collect(), at_most }
    }
}

fn edges_where(base: &Transport, wanted: impl Fn(u32, u32) -> bool) -> Vec<usize> {
    let edges = base.edges().enumerate();
    edges.filter(|(_, edge)| wanted(edge.row, edge.column)).map(|(number, _)| number).collect()
}

/// Why rules were refused. Every reason is a mistake of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unruly {
    /// A rule names a row that does not exist.
    #[error("rule {rule} names row {row}, which does not exist")]
    NoSuchRow {
        /// The rule.
        rule: usize,
        /// The row.
        row: u32,
    },
    /// A rule names a column that does not exist.
    #[error("rule {rule} names column {column}, which does not exist")]
    NoSuchColumn {
        /// The rule.
        rule: usize,
        /// The column.
        column: u32,
    },
    /// A rule names an edge that does not exist.
    #[error("rule {rule} names edge {edge}, which does not exist")]
    NoSuchEdge {
        /// The rule.
        rule: usize,
        /// The edge.
        edge: usize,
    },
    /// A row is a member twice, of one group or of two.
    #[error("rule {rule} takes row {row}, which is a member already")]
    RowTwice {
        /// The later rule.
        rule: usize,
        /// The row.
        row: u32,
    },
    /// An edge is in two ways of one rule.
    #[error("rule {rule} counts edge {edge} in two ways")]
    EdgeTwice {
        /// The rule.
        rule: usize,
        /// The edge.
        edge: usize,
    },
    /// Two rules give lots to one column.
    #[error("rule {rule} gives lots to column {column}, which has lots already")]
    LotsTwice {
        /// The later rule.
        rule: usize,
        /// The column.
        column: u32,
    },
    /// A member asks for nothing: being full and being empty would be the same.
    #[error("rule {rule} has a member {member} that asks for nothing")]
    MemberAsksNothing {
        /// The rule.
        rule: usize,
        /// The member.
        member: usize,
    },
    /// `at_least` is 0 or more than there are members, or a lot has no units.
    #[error("rule {rule} counts to {count}, which means nothing")]
    Meaningless {
        /// The rule.
        rule: usize,
        /// The number.
        count: u64,
    },
    /// The instance could be worth more than [`WORTH_MAX`].
    #[error("an instance worth {worth} is too large to be searched")]
    TooMuchWorth {
        /// Every row in full along its best edge.
        worth: i128,
    },
}

/// A transportation problem with rules on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mixed {
    base: Transport,
    rules: Vec<Rule>,
}

impl Mixed {
    /// Checks that the rules speak of the instance and do not contradict themselves.
    ///
    /// # Errors
    /// The first [`Unruly`] in the order of the rules, [`Unruly::TooMuchWorth`] last.
    pub fn new(base: Transport, rules: Vec<Rule>) -> Result<Mixed, Unruly> {
        let demands: Vec<u64> = base.demands().collect();
        let mut taken = vec![false; base.row_count()];
        let mut lots = vec![false; base.column_count()];
        for (rule, stated) in rules.iter().enumerate() {
            match stated {
                Rule::Together { members, at_least } => {
                    if *at_least == 0 || *at_least > members.len() {
                        return Err(Unruly::Meaningless { rule, count: *at_least as u64 });
                    }
                    for (member, rows) in members.iter().enumerate() {
                        let mut asked = 0;
                        for &row in rows {
                            let place = taken.get_mut(row as usize).ok_or(Unruly::NoSuchRow { rule, row })?;
                            if std::mem::replace(place, true) {
                                return Err(Unruly::RowTwice { rule, row });
                            }
                            asked += demands.get(row as usize).copied().unwrap_or(0);
                        }
                        if asked == 0 {
                            return Err(Unruly::MemberAsksNothing { rule, member });
                        }
                    }
                }
                Rule::Choice { ways, .. } => {
                    let mut edges: Vec<usize> = ways.iter().flatten().copied().collect();
                    edges.sort_unstable();
                    if let Some(&edge) = edges.last().filter(|&&edge| edge >= base.edge_count()) {
                        return Err(Unruly::NoSuchEdge { rule, edge });
                    }
                    if let Some((&edge, _)) =
                        edges.iter().zip(edges.iter().skip(1)).find(|(edge, next)| edge == next)
                    {
                        return Err(Unruly::EdgeTwice { rule, edge });
                    }
                }
                Rule::Lots { column, lot } => {
                    if *lot == 0 {
                        return Err(Unruly::Meaningless { rule, count: 0 });
                    }
                    let place = lots
                        .get_mut(*column as usize)
                        .ok_or(Unruly::NoSuchColumn { rule, column: *column })?;
                    if std::mem::replace(place, true) {
                        return Err(Unruly::LotsTwice { rule, column: *column });
                    }
                }
            }
        }
        let mut best = vec![0i64; demands.len()];
        for edge in base.edges() {
            if let Some(best) = best.get_mut(edge.row as usize) {
                *best = edge.value.max(*best);
            }
        }
        let worth: i128 =
            demands.iter().zip(&best).map(|(&units, &value)| i128::from(units) * i128::from(value)).sum();
        if !rules.is_empty() && worth > i128::from(WORTH_MAX) {
            return Err(Unruly::TooMuchWorth { worth });
        }
        Ok(Mixed { base, rules })
    }

    /// The problem without its rules.
    #[must_use]
    pub fn base(&self) -> &Transport {
        &self.base
    }

    /// The rules, in the order given.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}
