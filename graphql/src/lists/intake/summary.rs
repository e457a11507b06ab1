//! How many rows of each kind went in.

use crate::lists::Kind;
use std::collections::BTreeMap;

/// What became of the rows of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Went in.
    pub new: u64,
    /// Changed what was there; organizations only.
    pub changed: u64,
    /// Were there before, and nothing changed.
    pub there: u64,
    /// Did not go in.
    pub refused: u64,
}

/// What became of all rows; under no kind those that did not even tell theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary(BTreeMap<Option<Kind>, Counts>);

impl Summary {
    /// The counts of one kind, to add to.
    pub fn of(&mut self, kind: Option<Kind>) -> &mut Counts {
        self.0.entry(kind).or_default()
    }

    /// The kinds that had rows.
    pub fn kinds(&self) -> impl Iterator<Item = (Option<Kind>, Counts)> + '_ {
        self.0.iter().map(|(kind, counts)| (*kind, *counts))
    }

    /// All kinds together.
    pub fn total(&self) -> Counts {
        self.0.values().fold(Counts::default(), |sum, counts| Counts {
            new: sum.new + counts.new,
            changed: sum.changed + counts.changed,
            there: sum.there + counts.there,
            refused: sum.refused + counts.refused,
        })
    }
}
