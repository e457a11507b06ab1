//! What the wording of a row says: its words, category, quantity and time, and which unit it suits.
//!
//! Everything here is learnt from rows that the engine carries or is given, counts in whole numbers, and gives the same
//! answer everywhere. Reading never guesses silently: what cannot be read stays text, and a category that is not clear
//! is *unsure*.
//!
//! Read in this order: [`segment`] cuts the wording, [`concepts`] knows what things are called, [`classify`] names the
//! category, `senses` knows which words are near each other; [`quantity`] with [`measure`], [`heads`], [`time`] and
//! [`unit_kind`] read the other columns; [`similarity`] compares two wordings and [`affinity`] a need with a unit; [`evaluation`] says how well all that does on [`published`] rows.

pub mod affinity;
mod bayes;
pub mod classify;
pub mod concepts;
pub mod evaluation;
mod fixed;
pub mod heads;
pub mod measure;
mod numeral;
pub mod published;
pub mod quantity;
mod reading;
pub mod segment;
mod senses;
pub mod similarity;
pub mod time;
pub mod unit_kind;
