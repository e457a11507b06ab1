//! Explanations of a street, and what they claim tried on it.
#![allow(dead_code, reason = "each test file uses the part that it needs")]

use crate::town::{NOW, Town};
use engine::{
    matching::{Change, Explanations, Knowledge, explaining::remedies::Remedy, what_if, what_if::Widening},
    moment::Moment,
    pairing::{Supplier, Target},
    plan::Proposal,
    state::State,
};

pub fn explain(town: &Town) -> Explanations<'_> {
    explain_at(&town.state, NOW)
}

pub fn explain_at(state: &State, now: Moment) -> Explanations<'_> {
    let explanations = Explanations::of(state, Knowledge::builtin(), now).unwrap();
    let summary = explanations.proposal().summary;
    assert_eq!(summary.objective, summary.bound);
    explanations
}

/// The plan after changes.
pub fn after(town: &Town, changes: &[Change]) -> Proposal {
    let supposed = what_if(&town.state, changes, NOW).unwrap();
    explain_at(&supposed.state, supposed.now).proposal()
}

pub fn served(proposal: &Proposal, target: Target) -> u64 {
    proposal.pairings.iter().filter(|terms| terms.target == target).map(|terms| terms.quantity).sum()
}

pub fn used(proposal: &Proposal, supplier: Supplier) -> u64 {
    proposal.pairings.iter().filter(|terms| terms.supplier == supplier).map(|terms| terms.draws).sum()
}

/// The same change with a number one less; `None` when it has none or would be no change.
pub fn one_less(change: &Change) -> Option<Change> {
    let less = |by: Widening| match by {
        Widening::Days { earlier, later } => {
            Some(Widening::Days { earlier: earlier.saturating_sub(1), later: later.saturating_sub(1) })
        }
        Widening::Minutes { earlier, later } => {
            Some(Widening::Minutes { earlier: earlier.saturating_sub(30), later: later.saturating_sub(30) })
        }
        Widening::Weekdays(_) => None,
    };
    match change.clone() {
        Change::Wait { days } => Some(Change::Wait { days: days - 1 }),
        Change::AddCapacity { supplier, more } => Some(Change::AddCapacity { supplier, more: more - 1 }),
        Change::WidenAsked { target, by } => less(by).map(|by| Change::WidenAsked { target, by }),
        Change::WidenOffered { resource, by } => less(by).map(|by| Change::WidenOffered { resource, by }),
        Change::InviteUnit { kind, place, engagements } => {
            Some(Change::InviteUnit { kind, place, engagements: engagements - 1 })
        }
        Change::RaiseCeiling { need, to } => Some(Change::RaiseCeiling { need, to: to - 1 }),
        Change::LowerFitMin { to } => Some(Change::LowerFitMin { to: to + 1 }),
        _ => None,
    }
}

/// Tries a remedy on the street: it reaches what it claims, and with any of its numbers one less it does not.
pub fn hold(town: &Town, remedy: &Remedy, reached: impl Fn(&Proposal) -> u64, at: &str) {
    let proposal = after(town, &remedy.changes);
    assert_eq!(reached(&proposal), remedy.reaches, "{at}: {remedy:?}");
    for (position, change) in remedy.changes.iter().enumerate() {
        if let Some(less) = one_less(change) {
            let mut changes = remedy.changes.clone();
            changes[position] = less;
            let proposal = after(town, &changes);
            assert!(reached(&proposal) < remedy.reaches, "{at}: less would do: {remedy:?}");
        }
    }
    assert_eq!(remedy.effort, remedy.changes.iter().map(Change::effort).sum::<u32>());
}

pub fn find(remedies: &[Remedy], wanted: impl Fn(&Change) -> bool) -> &Remedy {
    let alone = |remedy: &&Remedy| remedy.changes.len() == 1 && wanted(&remedy.changes[0]);
    remedies.iter().find(alone).unwrap_or_else(|| panic!("not among {remedies:#?}"))
}
