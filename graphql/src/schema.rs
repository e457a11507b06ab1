//! The schema: the domain as GraphQL shows it, in the words of `DESIGN.md`.
//!
//! Reading goes by Relay's conventions: global ids, connections with cursors. Nothing here decides
//! anything: mutations make commands of their input, queries read one snapshot.

pub mod fault;
pub mod identity;
pub mod scalar;
pub mod scope;
pub mod words;

pub mod connection;
pub mod filter;

pub mod category;
pub mod entry;
pub mod event;
pub mod matching;
pub mod member;
pub mod need;
pub mod organization;
pub mod pairing;
pub mod place;
pub mod plan;
pub mod project;
pub mod resource;
pub mod street;
pub mod suggestion;

pub mod node;
pub mod query;

use async_graphql::{EmptyMutation, EmptySubscription, Schema};

/// The schema of the face.
pub type Face = Schema<query::Query, EmptyMutation, EmptySubscription>;

/// Builds the schema.
pub fn build() -> Face {
    Schema::build(query::Query, EmptyMutation, EmptySubscription).finish()
}
