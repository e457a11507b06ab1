//! The schema: the domain as GraphQL shows it, in the words of `DESIGN.md`.
//!
//! Reading goes by Relay's conventions: global ids, connections with cursors. Nothing here decides
//! anything: mutations make commands of their input, queries read one snapshot.
//!
//! # How the schema changes
//!
//! Until version 1.0 a name that proved wrong is given up for a better one outright, and the change log says which. From then
//! on:
//!
//! 1. What is there stays: no field, argument, enum value or type is taken away or given another meaning while a client
//!    may ask for it, and nothing that may be left out becomes required. New things come beside the old ones.
//! 2. What is not to be used any more is marked `@deprecated`, with a reason that names its successor between backticks
//!    (`Use \`Need.unserved\` instead.`), or says that there is none (`No successor:` …) and why. Tests hold that.
//! 3. It is answered as before for a year at least, and the change log says since when.
//! 4. Lists of an enum grow. A client takes a value it does not know as one it has no words for.

pub mod fault;
pub mod identity;
pub mod named;
pub mod naming;
pub mod scalar;
pub mod scope;
pub mod user_error;
pub mod viewed;
pub mod words;

pub mod connection;
pub mod filter;
pub mod listing;
pub mod related;

pub mod agreement;
pub mod appraisal;
pub mod category;
pub mod contact;
pub mod delivery;
pub mod entry;
pub mod entry_life;
pub mod event;
pub mod history;
pub mod limits;
pub mod matching;
pub mod member;
pub mod need;
pub mod organization;
pub mod pairing;
pub mod place;
pub mod plan;
pub mod project;
pub mod resource;
pub mod roster;
pub mod street;
pub mod suggestion;
pub mod works;

pub mod bid;
pub mod meeting;

pub mod contribution;
pub mod counting;
pub mod directory;
pub mod figures;
pub mod next_actions;
pub mod work;

pub mod dashboard;
pub mod live;

pub mod explaining;
pub mod explanation;
pub mod what_if;

pub mod operating;
pub mod verification;

#[cfg(test)]
mod costs;
pub mod mutation;
pub mod node;
pub mod query;
pub mod subscription;
pub mod weighing;

use async_graphql::{SDLExportOptions, Schema, SchemaBuilder, ValidationMode};

/// How deep a query may be nested; introspection takes 13.
pub const DEPTH_MAX: usize = 15;

/// How many fields a query may cost, counting the pages it asks for. A hundred needs with their
/// organizations, places and pairings fit; a page of pages of pages does not.
pub const COMPLEXITY_MAX: usize = 5_000;

/// How many directives one field may have.
pub const DIRECTIVES_MAX: usize = 16;

/// The schema of the face.
pub type Face = Schema<query::Query, mutation::Mutation, subscription::Subscription>;

type Builder = SchemaBuilder<query::Query, mutation::Mutation, subscription::Subscription>;

/// Builds the schema with its limits.
pub fn build() -> Face {
    limited().finish()
}

/// The same schema for documents that have passed its rules before: it asks again only what depends on the variables,
/// which is how deep and how costly they are.
pub fn build_trusting() -> Face {
    limited().validation_mode(ValidationMode::Fast).finish()
}

fn limited() -> Builder {
    unlimited().limit_depth(DEPTH_MAX).limit_complexity(COMPLEXITY_MAX).limit_directives(DIRECTIVES_MAX)
}

fn unlimited() -> Builder {
    let subscription = subscription::Subscription::default();
    Schema::build(query::Query::default(), mutation::Mutation::default(), subscription).disable_suggestions()
}

/// The schema in GraphQL's own language, sorted: what `schema.graphql` holds.
pub fn sdl() -> String {
    let options =
        SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    build().sdl_with_options(options)
}
