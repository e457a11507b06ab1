//! What cannot wait for the next plan 应急: an emergency that opens is matched at once, and so is quantity that a claim
//! gives free again.
//!
//! 1. It follows the log. Commits that came together are answered by one plan, made by the live planner and adopted
//!    as the system; a plan that would change nothing is not adopted.
//! 2. A plan of its own asks for none: only what people and time do is looked at, so it never runs in a circle.
//! 3. An emergency is matched in any street. Freed quantity is planned anew only where a plan has been adopted: a street
//!    that pairs by hand is not given plans it never asked for.
//! 4. Where it stopped is where the last plan looked. A start goes on from there.

use crate::{
    schema::{
        matching,
        scope::{Scope, Shared},
    },
    sign_in,
};
use engine::{
    command::Command,
    event::Event,
    identity::{NeedId, Position},
    member::Caller,
    need::Urgency,
    pairing::{Origin, Supplier, Target},
    plan::Proposal,
    refusal::{Refusal, wording::Language},
    state::State,
};
use std::collections::BTreeSet;
use storage::{ExecuteError, Ledger, RequestId};

/// How many commits are read at once.
const READ_MAX: usize = 500;

/// How often a plan is made anew because the street moved on meanwhile.
const TRIES_MAX: usize = 3;

/// Follows the log until it is closed.
pub async fn run(shared: Shared) {
    let mut heads = shared.ledger.head();
    let state = shared.ledger.state();
    let mut seen = state.plans().next_back().map_or_else(|| state.position(), |plan| plan.matched);
    drop(state);
    loop {
        // Whatever comes while it reads and plans wakes it again.
        heads.borrow_and_update();
        match news(&shared.ledger, seen).await {
            Some((read, asked)) => {
                seen = read;
                if asked {
                    replan(&shared).await;
                }
            }
            // The log cannot be read: commands fail too, and say why.
            None => tracing::warn!("what asks for a plan could not be read"),
        }
        if heads.changed().await.is_err() {
            return;
        }
    }
}

/// Reads to the end of the log: how far that was, and whether something asks for a plan.
async fn news(ledger: &Ledger, after: Position) -> Option<(Position, bool)> {
    let (mut seen, mut asked) = (after, false);
    loop {
        let commits = match ledger.recent(seen, READ_MAX) {
            Some(commits) => commits,
            None => {
                let reader = ledger.clone();
                let read = tokio::task::spawn_blocking(move || reader.read(seen, READ_MAX)).await;
                read.ok()?.ok()?
            }
        };
        let Some(last) = commits.last() else {
            return Some((seen, asked));
        };
        let state = ledger.state();
        asked |= commits.iter().flat_map(|commit| &commit.events).any(|event| asks(&state, event));
        seen = last.position;
    }
}

/// Whether something that has happened asks for a plan now.
fn asks(state: &State, event: &Event) -> bool {
    match event {
        Event::NeedPosted { need, .. } | Event::NeedAmended { need, .. } | Event::NeedVerified { need } => {
            is_pressing(state, *need)
        }
        Event::PairingLapsed { pairing } | Event::PairingWithdrawn { pairing, .. } => {
            let was_claimed = state.pairing(*pairing).is_some_and(|pairing| pairing.claimed.is_some());
            was_claimed && state.plans().next().is_some()
        }
        _ => false,
    }
}

/// An open emergency of which something is proposed to nobody.
fn is_pressing(state: &State, need: NeedId) -> bool {
    state.need(need).is_some_and(|need| {
        need.draft.urgency == Some(Urgency::Emergency)
            && need.is_open()
            && need.unserved() > need.tally.proposed
    })
}

/// Makes a plan for the street of now and adopts it, if it changes anything.
async fn replan(shared: &Shared) {
    for _ in 0..TRIES_MAX {
        let scope = Scope::new(shared.clone(), Caller::System, Language::Chinese);
        let Ok(proposal) = matching::propose(&scope).await else {
            return;
        };
        if stands(&scope.state, &proposal) {
            return;
        }
        let request = sign_in::random_hex::<16>().ok().and_then(|text| RequestId::new(text).ok());
        let Some(request) = request else {
            tracing::error!("the operating system gives no random bytes");
            return;
        };
        let command = Command::AdoptPlan(Box::new(proposal));
        match shared.ledger.execute(Caller::System, request, command).await {
            Ok(receipt) => {
                tracing::info!(position = receipt.position.0, "planned anew without being asked");
                return;
            }
            Err(ExecuteError::Refused(Refusal::PlanStale { .. })) => {}
            Err(error) => {
                tracing::warn!(%error, "the plan was not adopted");
                return;
            }
        }
    }
    tracing::warn!("the street moves faster than it can be planned; the next change tries again");
}

/// Whether the standing proposals are those of the plan already.
fn stands(state: &State, proposal: &Proposal) -> bool {
    type Part = (Target, Supplier, u64, u64);
    let planned = state.proposed().filter(|pairing| matches!(pairing.origin, Origin::Plan(_)));
    let standing: BTreeSet<Part> =
        planned.map(|it| (it.terms.target, it.terms.supplier, it.terms.quantity, it.terms.draws)).collect();
    let wanted = proposal.pairings.iter().map(|it| (it.target, it.supplier, it.quantity, it.draws));
    standing == wanted.collect()
}
