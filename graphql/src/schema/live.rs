//! Live 实时: what dashboards and phones follow over a socket.
//!
//! 1. A feed of *changes* gives every one, in order, once; what came last says where to go on.
//! 2. A *tile* gives its newest value, at once and whenever it differs: what changes quickly is given once in a while, and
//!    the last value is always given. Who was away says at which position it last saw the tile, and is told only what
//!    differs from then.
//! 3. Nobody holds anybody up: a slow client has its own page of the log, or nothing but the newest state.
//! 4. Whoever is no member any more hears so, and nothing after it.
//!
//! The socket beneath pings, and limits how many there are and how much each may run ([`crate::http`]).

pub mod changes;
pub mod filter;
pub mod tiles;

use super::fault::{FaultCode, fault};
use async_graphql::Error;
use engine::{member::Caller, state::State};

/// Whether a caller may go on following.
fn is_member_still(state: &State, caller: &Caller) -> bool {
    match caller {
        Caller::Member { member, .. } => state.member(*member).is_some_and(|it| it.revoked.is_none()),
        Caller::System => true,
        Caller::Public => false,
    }
}

/// What is said to one who may not.
fn ended() -> Error {
    fault(FaultCode::Unauthenticated, "the login was revoked; 该成员已停用")
}
