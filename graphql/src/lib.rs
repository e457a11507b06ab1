//! The face of Gongjian 共建: who speaks, what may be asked, and how the answer travels.

pub mod sign_in;

pub mod schema;

pub mod lists;

pub mod command_line;
