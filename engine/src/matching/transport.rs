//! The instance the solver is given: rows that ask, columns that can give, and what one unit is worth along each edge.
//!
//! Maximise `Σ value · flow` over whole-number flows, where no row receives more than its demand and no column gives more
//! than its capacity. Demand may stay unmet and capacity may stay idle, both at value zero, so every instance has a
//! solution. A value that shrinks as a need fills up is a concave piecewise-linear function: the caller posts one row
//! per piece of the need (the dearer pieces first in value, each with its own demand), and the optimum fills them in
//! order by itself. Nothing in here knows about it.
//!
//! What exists is valid: [`Transport::new`] refuses everything else, and its bounds prove that the solver cannot
//! overflow (see [`VALUE_MAX`]). What a row or a column *means* is known by the caller alone.

use thiserror::Error;

/// The most units one row may ask for. A flow along an edge is never more than this, so it fits 32 bits.
pub const DEMAND_MAX: u64 = u32::MAX as u64;

/// The most units one column may give. Slack is never more than this, so it fits 32 bits too.
pub const CAPACITY_MAX: u64 = u32::MAX as u64;

/// The most one unit may be worth along one edge.
///
/// With [`ROWS_MAX`] this bounds every price the solver ever holds: a price is an alternating sum of values along a tree
/// path which visits each row at most once, so it stays below `(ROWS_MAX + 1) · VALUE_MAX < 2^57`, and the sum of two
/// prices and a value stays below `2^59`. The prices of an optimum are smaller still: between 0 and the largest value.
pub const VALUE_MAX: i64 = u32::MAX as i64;

/// The most rows an instance may have.
pub const ROWS_MAX: usize = 1 << 24;

/// The most columns an instance may have.
pub const COLUMNS_MAX: usize = 1 << 24;

/// The most edges an instance may have: positions are 32 bits wide.
pub const EDGES_MAX: usize = u32::MAX as usize;

/// The largest total an instance within the bounds above can reach, as objective or as bound: `2^24` rows and as many
/// columns, each of `2^32` units at a price of `2^32`. Far inside `i128`, which is why totals are `i128` and prices `i64`.
pub const TOTAL_MAX: i128 =
    (ROWS_MAX as i128 + COLUMNS_MAX as i128) * (DEMAND_MAX as i128) * (VALUE_MAX as i128);

const _: () = assert!((ROWS_MAX as i128 + 1) * (VALUE_MAX as i128) < 1 << 57);
const _: () = assert!(TOTAL_MAX < i128::MAX / 4);

/// One way a row can be served: `column` may give to `row`, each unit being worth `value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Position of the row, from 0.
    pub row: u32,
    /// Position of the column, from 0.
    pub column: u32,
    /// Worth of one unit, 1 to [`VALUE_MAX`].
    pub value: i64,
}

/// Why an instance was refused. Every reason is a mistake of the caller; trying again cannot help.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Malformed {
    /// More rows than [`ROWS_MAX`].
    #[error("{rows} rows are more than {ROWS_MAX}")]
    TooManyRows {
        /// Rows given.
        rows: usize,
    },
    /// More columns than [`COLUMNS_MAX`].
    #[error("{columns} columns are more than {COLUMNS_MAX}")]
    TooManyColumns {
        /// Columns given.
        columns: usize,
    },
    /// More edges than [`EDGES_MAX`].
    #[error("{edges} edges are more than {EDGES_MAX}")]
    TooManyEdges {
        /// Edges given.
        edges: usize,
    },
    /// A row asks for more than [`DEMAND_MAX`].
    #[error("row {row} asks for {demand}, more than {DEMAND_MAX}")]
    DemandTooLarge {
        /// The row.
        row: usize,
        /// What it asks for.
        demand: u64,
    },
    /// A column gives more than [`CAPACITY_MAX`].
    #[error("column {column} gives {capacity}, more than {CAPACITY_MAX}")]
    CapacityTooLarge {
        /// The column.
        column: usize,
        /// What it gives.
        capacity: u64,
    },
    /// An edge names a row that does not exist.
    #[error("edge {edge:?} names a row beyond the {rows} given")]
    NoSuchRow {
        /// The edge.
        edge: Edge,
        /// Rows given.
        rows: usize,
    },
    /// An edge names a column that does not exist.
    #[error("edge {edge:?} names a column beyond the {columns} given")]
    NoSuchColumn {
        /// The edge.
        edge: Edge,
        /// Columns given.
        columns: usize,
    },
    /// An edge worth nothing or less: it could only do harm, so the caller must leave it out.
    #[error("edge {edge:?} is worth nothing")]
    ValueNotPositive {
        /// The edge.
        edge: Edge,
    },
    /// An edge worth more than [`VALUE_MAX`].
    #[error("edge {edge:?} is worth more than {VALUE_MAX}")]
    ValueTooLarge {
        /// The edge.
        edge: Edge,
    },
    /// Two edges join the same row and column.
    #[error("edges {first:?} and {second:?} join the same pair")]
    DuplicateEdge {
        /// The one of lower value.
        first: Edge,
        /// The other.
        second: Edge,
    },
    /// There must be one key per row and per column.
    #[error("{row_keys} keys of rows and {column_keys} of columns do not fit the instance")]
    WrongKeys {
        /// Keys of rows given.
        row_keys: usize,
        /// Keys of columns given.
        column_keys: usize,
    },
    /// Two rows have the same key: nothing would tell them apart.
    #[error("several rows have the key {key}")]
    DuplicateRowKey {
        /// The key.
        key: u64,
    },
    /// Two columns have the same key.
    #[error("several columns have the key {key}")]
    DuplicateColumnKey {
        /// The key.
        key: u64,
    },
}

/// The far end of an edge as the row sees it: eight bytes, because the solver reads these more than anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The column that offers.
    pub(crate) column: u32,
    /// Worth of one unit of it to the row.
    pub(crate) value: u32,
}

/// A checked instance, edges grouped by row.
///
/// Edges are numbered by row, then by column, whatever the order they were given in: two callers who describe the same
/// instance get the same numbering and hence the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transport {
    demands: Vec<u32>,
    capacities: Vec<u32>,
    /// `starts[r]..starts[r + 1]` are the edges of row `r`.
    starts: Vec<u32>,
    offers: Vec<Offer>,
    /// Names that outlive the numbering, of rows and of columns; without any, positions take their place.
    keys: Option<(Vec<u64>, Vec<u64>)>,
}

impl Transport {
    /// Checks and lays out an instance of `demands.len()` rows and `capacities.len()` columns.
    ///
    /// # Errors
    /// Anything in [`Malformed`]; when several things are wrong, the first in the order of its variants.
    pub fn new(
        demands: &[u64],
        capacities: &[u64],
        edges: impl IntoIterator<Item = Edge>,
    ) -> Result<Transport, Malformed> {
        let (rows, columns) = (demands.len(), capacities.len());
        if rows > ROWS_MAX {
            return Err(Malformed::TooManyRows { rows });
        }
        if columns > COLUMNS_MAX {
            return Err(Malformed::TooManyColumns { columns });
        }
        let mut edges: Vec<Edge> = edges.into_iter().collect();
        if edges.len() > EDGES_MAX {
            return Err(Malformed::TooManyEdges { edges: edges.len() });
        }
        let demands = narrow(demands).map_err(|(row, demand)| Malformed::DemandTooLarge { row, demand })?;
        let capacities = narrow(capacities)
            .map_err(|(column, capacity)| Malformed::CapacityTooLarge { column, capacity })?;
        for &edge in &edges {
            check(edge, rows, columns)?;
        }
        if !edges.is_sorted() {
            edges.sort_unstable();
        }
        for (&first, &second) in edges.iter().zip(edges.iter().skip(1)) {
            if (first.row, first.column) == (second.row, second.column) {
                return Err(Malformed::DuplicateEdge { first, second });
            }
        }
        let (starts, offers) = group(rows, &edges);
        Ok(Transport { demands, capacities, starts, offers, keys: None })
    }

    /// Gives rows and columns names of their own, by which the solver decides between flows of the same value. So long as
    /// they are made from what a row or a column *is*, the answer does not depend on how the caller numbers them.
    ///
    /// A row and a column may share a key. Without keys, the positions are the keys.
    ///
    /// # Errors
    /// [`Malformed::WrongKeys`], [`Malformed::DuplicateRowKey`] or [`Malformed::DuplicateColumnKey`].
    pub fn with_keys(self, row_keys: Vec<u64>, column_keys: Vec<u64>) -> Result<Transport, Malformed> {
        if (row_keys.len(), column_keys.len()) != (self.row_count(), self.column_count()) {
            return Err(Malformed::WrongKeys { row_keys: row_keys.len(), column_keys: column_keys.len() });
        }
        if let Some(key) = duplicate(&row_keys) {
            return Err(Malformed::DuplicateRowKey { key });
        }
        if let Some(key) = duplicate(&column_keys) {
            return Err(Malformed::DuplicateColumnKey { key });
        }
        Ok(Transport { keys: Some((row_keys, column_keys)), ..self })
    }

    /// What a row is called, whatever its position.
    #[must_use]
    pub fn row_key(&self, row: u32) -> u64 {
        let given = self.keys.as_ref().and_then(|(keys, _)| keys.get(row as usize));
        given.copied().unwrap_or(u64::from(row))
    }

    /// What a column is called, whatever its position.
    #[must_use]
    pub fn column_key(&self, column: u32) -> u64 {
        let given = self.keys.as_ref().and_then(|(_, keys)| keys.get(column as usize));
        given.copied().unwrap_or(u64::from(column))
    }

    /// How many rows there are.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.demands.len()
    }

    /// How many columns there are.
    #[must_use]
    pub fn column_count(&self) -> usize {
        self.capacities.len()
    }

    /// How many edges there are.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.offers.len()
    }

    /// What each row asks for, in units.
    pub fn demands(&self) -> impl ExactSizeIterator<Item = u64> + Clone + '_ {
        self.demands.iter().map(|&demand| u64::from(demand))
    }

    /// What each column can give, in units.
    pub fn capacities(&self) -> impl ExactSizeIterator<Item = u64> + Clone + '_ {
        self.capacities.iter().map(|&capacity| u64::from(capacity))
    }

    /// Every edge in the order of its number: by row, then by column.
    pub fn edges(&self) -> impl Iterator<Item = Edge> + Clone + '_ {
        (0u32..).zip(self.starts.iter().zip(self.starts.iter().skip(1))).flat_map(|(row, (&start, &end))| {
            self.slice(start, end).iter().map(move |offer| Edge {
                row,
                column: offer.column,
                value: i64::from(offer.value),
            })
        })
    }

    /// The number of the edge that joins `row` and `column`, if there is one.
    #[must_use]
    pub fn edge_between(&self, row: u32, column: u32) -> Option<usize> {
        let row = row as usize;
        let (&start, &end) = (self.starts.get(row)?, self.starts.get(row + 1)?);
        self.slice(start, end)
            .binary_search_by_key(&column, |offer| offer.column)
            .ok()
            .map(|place| start as usize + place)
    }

    /// Demands in the 32 bits they are known to fit.
    pub(crate) fn demands_narrow(&self) -> &[u32] {
        &self.demands
    }

    /// Capacities in the 32 bits they are known to fit.
    pub(crate) fn capacities_narrow(&self) -> &[u32] {
        &self.capacities
    }

    /// The number of a row's first edge, or of the edge that would be next if it has none.
    pub(crate) fn first_edge_of(&self, row: usize) -> usize {
        self.starts.get(row).map_or(0, |&start| start as usize)
    }

    /// The offers a row has, in the order of the edges' numbers.
    pub(crate) fn offers_of(&self, row: usize) -> &[Offer] {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&start), Some(&end)) => self.slice(start, end),
            _ => &[],
        }
    }

    fn slice(&self, start: u32, end: u32) -> &[Offer] {
        self.offers.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The same numbers in 32 bits, or the place and size of the first that does not fit.
fn narrow(quantities: &[u64]) -> Result<Vec<u32>, (usize, u64)> {
    quantities
        .iter()
        .enumerate()
        .map(|(place, &quantity)| u32::try_from(quantity).map_err(|_| (place, quantity)))
        .collect()
}

/// The least key that comes more than once.
fn duplicate(keys: &[u64]) -> Option<u64> {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.iter().zip(sorted.iter().skip(1)).find(|(one, other)| one == other).map(|(key, _)| *key)
}

fn check(edge: Edge, rows: usize, columns: usize) -> Result<(), Malformed> {
    if edge.row as usize >= rows {
        return Err(Malformed::NoSuchRow { edge, rows });
    }
    if edge.column as usize >= columns {
        return Err(Malformed::NoSuchColumn { edge, columns });
    }
    if edge.value <= 0 {
        return Err(Malformed::ValueNotPositive { edge });
    }
    if edge.value > VALUE_MAX {
        return Err(Malformed::ValueTooLarge { edge });
    }
    Ok(())
}

/// Row starts and offers of edges that are checked and sorted.
fn group(rows: usize, edges: &[Edge]) -> (Vec<u32>, Vec<Offer>) {
    let mut starts = Vec::with_capacity(rows + 1);
    let mut offers = Vec::with_capacity(edges.len());
    for edge in edges {
        while starts.len() <= edge.row as usize {
            starts.push(offers.len() as u32);
        }
        offers.push(Offer { column: edge.column, value: edge.value as u32 });
    }
    starts.resize(rows + 1, offers.len() as u32);
    (starts, offers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(row: u32, column: u32, value: i64) -> Edge {
        Edge { row, column, value }
    }

    #[test]
    fn the_numbering_does_not_depend_on_the_order_given() {
        let sorted = [edge(0, 1, 5), edge(2, 0, 7), edge(2, 1, 9)];
        let shuffled = [sorted[2], sorted[0], sorted[1]];
        let instance = Transport::new(&[1, 2, 3], &[4, 5], shuffled).unwrap();
        assert_eq!(instance, Transport::new(&[1, 2, 3], &[4, 5], sorted).unwrap());
        assert_eq!(instance.edges().collect::<Vec<_>>(), sorted);
        assert_eq!(instance.edge_between(0, 1), Some(0));
        assert_eq!(instance.edge_between(2, 1), Some(2));
        assert_eq!(instance.edge_between(1, 1), None);
        assert_eq!(instance.edge_between(9, 1), None);
    }

    #[test]
    fn each_mistake_is_named() {
        let cases = [
            (vec![edge(2, 0, 1)], Malformed::NoSuchRow { edge: edge(2, 0, 1), rows: 2 }),
            (vec![edge(0, 1, 1)], Malformed::NoSuchColumn { edge: edge(0, 1, 1), columns: 1 }),
            (vec![edge(0, 0, 0)], Malformed::ValueNotPositive { edge: edge(0, 0, 0) }),
            (vec![edge(0, 0, -4)], Malformed::ValueNotPositive { edge: edge(0, 0, -4) }),
            (vec![edge(0, 0, VALUE_MAX + 1)], Malformed::ValueTooLarge { edge: edge(0, 0, VALUE_MAX + 1) }),
            (
                vec![edge(0, 0, 3), edge(1, 0, 1), edge(0, 0, 2)],
                Malformed::DuplicateEdge { first: edge(0, 0, 2), second: edge(0, 0, 3) },
            ),
        ];
        for (edges, expected) in cases {
            assert_eq!(Transport::new(&[1, 1], &[1], edges), Err(expected));
        }
        assert_eq!(
            Transport::new(&[0, DEMAND_MAX + 1], &[1], []),
            Err(Malformed::DemandTooLarge { row: 1, demand: DEMAND_MAX + 1 })
        );
        assert_eq!(
            Transport::new(&[0], &[CAPACITY_MAX + 1], []),
            Err(Malformed::CapacityTooLarge { column: 0, capacity: CAPACITY_MAX + 1 })
        );
    }

    #[test]
    fn keys_tell_rows_apart_and_columns() {
        let instance = Transport::new(&[1, 1], &[1, 1, 1], [edge(0, 0, 1)]).unwrap();
        assert_eq!((instance.row_key(1), instance.column_key(2)), (1, 2));
        let cases = [
            (vec![7], vec![7, 8, 9], Malformed::WrongKeys { row_keys: 1, column_keys: 3 }),
            (vec![7, 7], vec![7, 8, 9], Malformed::DuplicateRowKey { key: 7 }),
            (vec![7, 8], vec![9, 8, 9], Malformed::DuplicateColumnKey { key: 9 }),
        ];
        for (rows, columns, expected) in cases {
            assert_eq!(instance.clone().with_keys(rows, columns), Err(expected));
        }
        let named = instance.with_keys(vec![70, 80], vec![80, 70, 90]).unwrap();
        assert_eq!((named.row_key(1), named.column_key(2)), (80, 90));
    }

    #[test]
    fn the_bounds_themselves_are_allowed() {
        let instance = Transport::new(&[DEMAND_MAX], &[CAPACITY_MAX], [edge(0, 0, VALUE_MAX)]);
        assert_eq!(instance.unwrap().edge_count(), 1);
    }
}
