//! GraphQL over HTTP and over WebSocket, to the letter of the two specifications.
//!
//! The handler is our own because the stock one runs mutations on GET, answers wrong documents with
//! 200, takes any body, and knows no limits. In order: [`negotiation`], [`request`], then [`document`]
//! with its [`limits`] and [`variables`], shared by HTTP and [`socket`]s, [`execution`], then [`answer`]. What was [`checked`] or answered before is [`kept`]. Around all
//! of it stand the [`envelope`], [`admission`] and what is [`seen`].

pub mod negotiation;
pub mod request;

pub mod checked;
pub mod document;
pub mod documents;
pub mod limits;
pub mod variables;

pub mod execution;
pub mod kept;

pub mod answer;
pub mod graphql;
pub mod socket;

pub mod admission;
pub mod backup;
pub mod console;
pub mod envelope;
pub mod health;
pub mod held;
pub mod nowhere;
pub mod seen;
