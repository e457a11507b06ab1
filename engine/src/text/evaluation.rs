//! How well the reading of wording does on rows it has not seen. Pure: rows in, figures out.
//!
//! The pages are split into two halves; one half is learnt, the other measured, and then the other way round, over
//! several fixed seeds. Nothing of the measured half is learnt: neither its pairings nor its list rows.

mod baseline;
pub mod classification;
pub mod ranking;
pub mod report;
pub mod split;

pub use report::{Method, Report, evaluate};
