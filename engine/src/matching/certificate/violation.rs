//! Everything the certificate can find wrong, each with the place and the numbers. Wording for people is made elsewhere.

use thiserror::Error;

use crate::matching::transport::Edge;

/// Why a solution is not a proven optimum. From a solver's answer it means a bug in the solver.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Violation {
    /// There must be one flow per edge and one price per row and column.
    #[error(
        "{flows} flows, {row_prices} row prices and {column_prices} column prices do not fit the instance"
    )]
    WrongShape {
        /// Flows given.
        flows: usize,
        /// Row prices given.
        row_prices: usize,
        /// Column prices given.
        column_prices: usize,
    },
    /// A row receives more than it asked for.
    #[error("row {row} receives {received} of {demand}")]
    RowOverfilled {
        /// The row.
        row: usize,
        /// Units it receives.
        received: u128,
        /// Units it asked for.
        demand: u64,
    },
    /// A column gives more than it has.
    #[error("column {column} gives {given} of {capacity}")]
    ColumnOverdrawn {
        /// The column.
        column: usize,
        /// Units it gives.
        given: u128,
        /// Units it has.
        capacity: u64,
    },
    /// A row's price is below zero.
    #[error("row {row} has the price {price}")]
    RowPriceNegative {
        /// The row.
        row: usize,
        /// Its price.
        price: i64,
    },
    /// A column's price is below zero.
    #[error("column {column} has the price {price}")]
    ColumnPriceNegative {
        /// The column.
        column: usize,
        /// Its price.
        price: i64,
    },
    /// An edge is worth more than its two ends ask: the prices bound nothing.
    #[error("edge {edge:?} is worth more than {row_price} + {column_price}")]
    EdgeUnderpriced {
        /// The edge.
        edge: Edge,
        /// Price of its row.
        row_price: i64,
        /// Price of its column.
        column_price: i64,
    },
    /// Flow runs along an edge that is worth less than its two ends ask.
    #[error("{flow} units flow along {edge:?}, worth less than {row_price} + {column_price}")]
    FlowOnDearEdge {
        /// The edge.
        edge: Edge,
        /// Units along it.
        flow: u64,
        /// Price of its row.
        row_price: i64,
        /// Price of its column.
        column_price: i64,
    },
    /// A row has a price although part of it is unmet.
    #[error("row {row} lacks {unmet} units and yet has the price {price}")]
    UnmetRowPriced {
        /// The row.
        row: usize,
        /// Units it does not receive.
        unmet: u128,
        /// Its price.
        price: i64,
    },
    /// A column has a price although part of it is idle.
    #[error("column {column} has {idle} idle units and yet the price {price}")]
    IdleColumnPriced {
        /// The column.
        column: usize,
        /// Units it does not give.
        idle: u128,
        /// Its price.
        price: i64,
    },
    /// The objective stated is not what the flows earn, or not what the prices bound.
    #[error("the objective {stated} is stated, the flows earn {earned}, the bound is {bound}")]
    ObjectiveMisstated {
        /// What the solution says.
        stated: i128,
        /// What the flows earn.
        earned: i128,
        /// What the prices bound.
        bound: i128,
    },
}
