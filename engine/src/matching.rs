//! The matching: the best plan over the whole pool at once, with a proof that it is the best.

pub mod transport;

pub mod simplex;
