//! The domain of Gongjian 共建 as pure functions.

pub mod matching;
