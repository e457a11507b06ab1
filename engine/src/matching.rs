//! The matching: the best plan over the whole pool at once, with a proof that it is the best.
//!
//! Read in this order. [`transport`] is the problem once words have become numbers: rows that ask, columns that can
//! give, edges with a value per unit. [`simplex`] solves it exactly. [`certificate`] checks the answer without trusting
//! the solver, and is the only place that can say "verified". A slow twin in the tests (`oracle`) shares no code with
//! any of them and has to agree on every instance it can reach.

pub mod transport;

pub mod simplex;

pub mod certificate;

#[cfg(test)]
mod oracle;
