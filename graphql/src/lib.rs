//! The face of Gongjian 共建: who speaks, what may be asked, and how the answer travels.

pub mod sign_in;

pub mod input;
pub mod reading;
pub mod schema;

pub use schema::sdl as schema_sdl;
