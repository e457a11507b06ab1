//! Where answers leave pieces that share nothing, what each can hold may be added up.
#![expect(
    clippy::indexing_slicing,
    reason = "what indexes anything here was found to be within bounds before"
)]

use std::collections::BTreeMap;

use super::Ground;
use super::leaves::Answers;
use crate::matching::search::{Mixed, Pieces, Rule};

/// The rows and columns of the piece that is looked at, by their places.
pub(super) struct Scope {
    pub(super) rows: Vec<bool>,
    pub(super) columns: Vec<bool>,
}

impl Scope {
    /// This piece of what was looked at before.
    pub(super) fn of(pieces: &Pieces, number: u32, outer: Option<&Scope>) -> Scope {
        let inside = |labels: &[u32], outer: Option<&Vec<bool>>| {
            let inside = labels.iter().enumerate();
            let inside =
                inside.map(|(place, &label)| label == number && outer.is_none_or(|outer| outer[place]));
            inside.collect()
        };
        Scope {
            rows: inside(&pieces.rows, outer.map(|outer| &outer.rows)),
            columns: inside(&pieces.columns, outer.map(|outer| &outer.columns)),
        }
    }
}

impl Ground {
    /// Whether every row and column has a piece.
    pub(super) fn fits(&self, pieces: &Pieces) -> bool {
        let sizes = (pieces.rows.len(), pieces.columns.len());
        sizes == (self.rows.len(), self.capacities.len())
            && pieces.rows.iter().chain(&pieces.columns).all(|&label| label < pieces.count)
    }

    /// Whether an edge that may still carry something, or a rule about which something is still open, joins two of the
    /// pieces. Every flow that gives these answers is a flow in each piece otherwise, and each piece may choose its own.
    pub(super) fn are_joined(
        &self,
        mixed: &Mixed,
        answers: &Answers,
        scope: Option<&Scope>,
        pieces: &Pieces,
    ) -> bool {
        let is_here = |place: usize| scope.is_none_or(|scope| scope.rows[place]);
        let mut row_labels = BTreeMap::new();
        let mut edge_labels = BTreeMap::new();
        for (place, (row, (_, edges))) in self.rows.iter().enumerate().filter(|(place, _)| is_here(*place)) {
            let label = pieces.rows[place];
            if self.members.get(row).is_some_and(|&member| is_unserved(mixed, answers, member)) {
                continue;
            }
            row_labels.insert(*row, label);
            for (number, _, column) in edges {
                if answers.bounds.get(number).is_some_and(|&(_, most)| most <= 0) {
                    continue;
                }
                if pieces.columns[*column] != label || scope.is_some_and(|scope| !scope.columns[*column]) {
                    return true;
                }
                edge_labels.insert(*number, label);
            }
        }
        let differ = |mut labels: Box<dyn Iterator<Item = u32> + '_>| {
            labels.next().is_some_and(|first| labels.any(|label| label != first))
        };
        let choices = self.choices.iter().map(|(rule, _)| rule);
        choices.chain(&self.groups).any(|&rule| match &mixed.rules()[rule] {
            Rule::Choice { ways, .. } => {
                differ(Box::new(ways.iter().flatten().filter_map(|edge| edge_labels.get(edge).copied())))
            }
            Rule::Together { members, .. } => {
                let rows = members.iter().flatten().filter_map(|row| row_labels.get(row).copied());
                !is_settled(mixed, answers, rule) && differ(Box::new(rows))
            }
            Rule::Lots { .. } => false,
        })
    }
}

/// How many members of a group are answered to be served, how many are not answered about, and how many have to be served.
fn counts(mixed: &Mixed, answers: &Answers, rule: usize) -> (usize, usize, usize) {
    let Rule::Together { members, at_least } = &mixed.rules()[rule] else { return (0, 0, 0) };
    let answered = |wanted: Option<bool>| {
        (0..members.len()).filter(|&member| answers.members.get(&(rule, member)).copied() == wanted).count()
    };
    (answered(Some(true)), answered(None), *at_least)
}

/// Whether it is known of every member whether it is served.
fn is_settled(mixed: &Mixed, answers: &Answers, rule: usize) -> bool {
    let (served, open, at_least) = counts(mixed, answers, rule);
    open == 0 || served + open < at_least || (served > 0 && served + open == at_least)
}

/// Whether it is known of a member that it is not served.
fn is_unserved(mixed: &Mixed, answers: &Answers, (rule, member): (usize, usize)) -> bool {
    let (served, open, at_least) = counts(mixed, answers, rule);
    answers.members.get(&(rule, member)) == Some(&false) || served + open < at_least
}
