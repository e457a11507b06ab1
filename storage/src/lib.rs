//! The log and the ledger.
