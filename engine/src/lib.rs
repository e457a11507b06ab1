//! The domain of Gongjian 共建 as pure functions.
//!
//! A street's life is a sequence of [`event::Event`]s. A [`command::Command`] is a wish;
//! [`decide`](decide::decide) looks at the [`state::State`] and answers with the events that
//! grant it, or with a [`refusal::Refusal`]; [`evolve`](evolve::evolve) folds an event into
//! the state and cannot fail. [`matching`] reads a state and proposes the best plan for it,
//! with a certificate; [`audit`] looks at a state as if the fold could be wrong; [`text`] understands the Chinese wording that real lists are made of.
//!
//! What this crate must not know: files, sockets, threads' timing, the clock, randomness,
//! logging. Time and identity come in as arguments, so that the same log gives the same
//! state on every machine and for ever. `tests/tests/walls.rs` holds it to that.
//!
//! Read in this order: the words ([`place`] … [`pairing`], then [`bid`] … [`contribution`] for what
//! becomes of a pairing), then [`command`], [`event`],
//! [`refusal`], [`permission`], [`state`], [`decide`], [`evolve`], [`history`], then [`matching`].

pub mod identity;
pub mod moment;
pub mod quantity;
pub mod window;

pub mod category;
pub mod contact;
pub mod entry;
pub mod member;
pub mod need;
pub mod organization;
pub mod pairing;
pub mod place;
pub mod plan;
pub mod project;
pub mod resource;

pub mod agreement;
pub mod appraisal;
pub mod bid;
pub mod contribution;
pub mod delivery;
pub mod leaning;
pub mod meeting;
pub mod period;
pub mod record;

pub mod rules;

pub mod command;
pub mod event;
pub mod permission;
pub mod refusal;

pub mod audit;
pub mod decide;
pub mod evolve;
pub mod figures;
pub mod history;
pub mod next_actions;
pub mod state;
pub mod tallies;

pub mod agenda;

pub mod text;

pub mod duplicates;

pub mod matching;
