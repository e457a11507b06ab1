//! What differs between two plans, pairing by pairing, each with its reason.

use super::{Explanations, Worth};
use crate::{
    identity::OrganizationId,
    matching::{
        Knowledge,
        market::{Asker, Market, is_open},
    },
    moment::Moment,
    pairing::{Origin, Pairing, PairingStatus, PairingTerms, Supplier, Target},
    plan::{Cause, Proposal},
    resource::ResourceStatus,
    state::State,
};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

/// How a plan differs from an earlier or another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// By how much the objective grew; negative when it fell, `None` when that of the other is not known.
    pub objective: Option<Worth>,
    /// What is new, dropped, or changed in quantity, in the order of the targets.
    pub changed: Vec<Changed>,
    /// How many pairings stay as they were.
    pub kept: usize,
}

/// One pairing that is new, dropped, or changed in quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// What is served.
    pub target: Target,
    /// What serves it.
    pub supplier: Supplier,
    /// The quantity before, in base units of what is asked; 0 when the pairing is new.
    pub before: u64,
    /// The quantity now; 0 when the pairing is dropped.
    pub after: u64,
    /// Why.
    pub why: Why,
}

/// Why a pairing changed; of several reasons the first in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was requested by hand, claimed or agreed: it stands beside the plan now.
    TakenUp,
    /// The need or slot is no longer open.
    NeedGone,
    /// The resource or unit is no longer there.
    GiverGone,
    /// The pair fails a rule now.
    NotEligible(Cause),
    /// The need or slot was not open before.
    NeedNew,
    /// The resource or unit was not there before.
    GiverNew,
    /// The pair failed a rule before.
    EligibleNow(Cause),
    /// The need wants another quantity than before.
    WantsOtherwise,
    /// The giver has another capacity left than before.
    HasOtherwise,
    /// The need is served by this one instead.
    InsteadBy(Supplier),
    /// This one, which served the need before, no longer does.
    InsteadOf(Supplier),
    /// The capacity went to this need.
    OutbidBy(Target),
    /// This need left the capacity.
    LeftBy(Target),
    /// The street's rules changed.
    RulesChanged,
    /// Nothing here changed but weights and what waiting adds; the plan as a whole is worth more so.
    Rebalanced,
}

impl Explanations<'_> {
    /// How this plan differs from another, made at a moment for another state of the street.
    pub fn difference(&self, state: &State, now: Moment, before: &Proposal) -> Difference {
        let objective = i128::from(self.proposal().summary.objective) - i128::from(before.summary.objective);
        let earlier = Earlier::new(self.planned.market.knowledge, state, Some(now));
        Difference { objective: Some(Worth(objective)), ..self.against(&earlier, &before.pairings) }
    }

    /// How this plan differs from what the street already proposes: what adopting it would churn.
    pub fn churn(&self) -> Difference {
        let by_a_plan = |origin: Origin| matches!(origin, Origin::Plan(_));
        let standing: Vec<PairingTerms> = self
            .state()
            .proposed()
            .filter(|pairing| by_a_plan(pairing.origin))
            .map(|pairing| pairing.terms.clone())
            .collect();
        // Which moment each was proposed for is not looked up.
        self.against(&Earlier::new(self.planned.market.knowledge, self.state(), None), &standing)
    }

    fn against(&self, earlier: &Earlier<'_>, before: &[PairingTerms]) -> Difference {
        let after = self.proposal().pairings;
        let pair = |terms: &PairingTerms| ((terms.target, terms.supplier), terms.quantity);
        let before: BTreeMap<_, u64> = before.iter().map(pair).collect();
        let after: BTreeMap<_, u64> = after.iter().map(pair).collect();
        let all: BTreeSet<(Target, Supplier)> = before.keys().chain(after.keys()).copied().collect();
        let moved: Vec<Moved> = all
            .into_iter()
            .map(|(target, supplier)| Moved {
                target,
                supplier,
                before: before.get(&(target, supplier)).copied().unwrap_or(0),
                after: after.get(&(target, supplier)).copied().unwrap_or(0),
            })
            .collect();
        let (kept, changed): (Vec<&Moved>, Vec<&Moved>) =
            moved.iter().partition(|moved| moved.before == moved.after);
        let changed = changed
            .into_iter()
            .map(|it| Changed {
                target: it.target,
                supplier: it.supplier,
                before: it.before,
                after: it.after,
                why: self.why(earlier, it, &moved),
            })
            .collect();
        Difference { objective: None, changed, kept: kept.len() }
    }

    fn why(&self, earlier: &Earlier<'_>, moved: &Moved, all: &[Moved]) -> Why {
        let Moved { target, supplier, .. } = *moved;
        let before = earlier.state;
        let grew = moved.after > moved.before;
        let gone = if grew { None } else { self.why_gone(moved) };
        let new = if grew { why_new(before, moved) } else { None };
        if let Some(why) = gone.or(new) {
            return why;
        }
        if moved.before == 0
            && let Some(cause) = earlier.cause(target, supplier)
        {
            return Why::EligibleNow(cause);
        }
        if moved.before > 0 && moved.after > 0 && before.asked(target) != self.state().asked(target) {
            return Why::WantsOtherwise;
        }
        // That more is left explains no less, nor less more.
        let (had, has) = (remaining(before, supplier), remaining(self.state(), supplier));
        let explains = if grew { has > had } else { has < had };
        if explains {
            return Why::HasOtherwise;
        }
        let other_giver = strongest(all, |it| it.target == target && it.supplier != supplier, !grew);
        if let Some(other) = other_giver {
            return if grew { Why::InsteadOf(other.supplier) } else { Why::InsteadBy(other.supplier) };
        }
        let other_need = strongest(all, |it| it.supplier == supplier && it.target != target, !grew);
        match other_need {
            Some(other) if grew => Why::LeftBy(other.target),
            Some(other) => Why::OutbidBy(other.target),
            None if before.rules() != self.state().rules() => Why::RulesChanged,
            None => Why::Rebalanced,
        }
    }

    fn why_gone(&self, moved: &Moved) -> Option<Why> {
        let Moved { target, supplier, .. } = *moved;
        let beside_the_plan = |pairing: &Pairing| match pairing.status {
            PairingStatus::Claimed { .. } | PairingStatus::Agreed { .. } => true,
            _ => pairing.is_requested(),
        };
        let mut of_the_two =
            self.state().pairings_of_target(target).filter(|pairing| pairing.terms.supplier == supplier);
        if of_the_two.any(|pairing| beside_the_plan(pairing)) {
            return Some(Why::TakenUp);
        }
        let Some((asker, _)) = self.asker_at(target) else {
            // It asks for nothing more where others have claimed all of it.
            return Some(if is_open(self.state(), target) { Why::WantsOtherwise } else { Why::NeedGone });
        };
        if !is_there(self.state(), supplier) {
            return Some(Why::GiverGone);
        }
        let giver = self.giver_at(supplier)?;
        self.cause(asker, giver).filter(|_| moved.after == 0).map(Why::NotEligible)
    }
}

/// What a plan is compared with: the street as it stood then, and its market as soon as it is asked for.
struct Earlier<'s> {
    knowledge: Knowledge<'s>,
    state: &'s State,
    /// When that plan was made, where it is known.
    now: Option<Moment>,
    market: OnceCell<(Market<'s>, Vec<Asker>)>,
}

impl<'s> Earlier<'s> {
    const fn new(knowledge: Knowledge<'s>, state: &'s State, now: Option<Moment>) -> Self {
        Self { knowledge, state, now, market: OnceCell::new() }
    }

    /// The rule that a pair failed then; `None` when it failed none, or that is not known.
    fn cause(&self, target: Target, supplier: Supplier) -> Option<Cause> {
        let now = self.now?;
        let (market, askers) = self.market.get_or_init(|| {
            let mut market = Market::open(self.state, self.knowledge, now);
            let (askers, _) = market.judged_askers();
            (market, askers)
        });
        let asker = askers.iter().find(|asker| asker.target == target)?;
        let giver = market.givers.iter().find(|giver| giver.supplier == supplier)?;
        market.cause(asker, giver)
    }
}

/// One pair before and after.
struct Moved {
    target: Target,
    supplier: Supplier,
    before: u64,
    after: u64,
}

/// Of the pairs in question, the one that grew (or shrank) the most; the first of several.
fn strongest(all: &[Moved], wanted: impl Fn(&Moved) -> bool, grew: bool) -> Option<&Moved> {
    let by = |it: &Moved| {
        if grew { it.after.saturating_sub(it.before) } else { it.before.saturating_sub(it.after) }
    };
    let most = all.iter().rev().filter(|it| wanted(it) && by(it) > 0);
    most.max_by_key(|it| by(it))
}

fn why_new(before: &State, moved: &Moved) -> Option<Why> {
    if !is_open(before, moved.target) {
        Some(Why::NeedNew)
    } else if is_there(before, moved.supplier) {
        None
    } else {
        Some(Why::GiverNew)
    }
}

fn is_there(state: &State, supplier: Supplier) -> bool {
    match supplier {
        Supplier::Resource(resource) => state.resource(resource).is_some_and(|resource| {
            matches!(resource.status(), ResourceStatus::Open | ResourceStatus::Exhausted)
        }),
        Supplier::Unit(unit) => takes_up(state, unit),
    }
}

fn takes_up(state: &State, unit: OrganizationId) -> bool {
    state
        .organization(unit)
        .is_some_and(|unit| unit.draft.kind.takes_up_needs() && state.open_capacity(unit) > 0)
}

fn remaining(state: &State, supplier: Supplier) -> Option<u64> {
    let spoken_for = |reserved: u64| reserved.saturating_add(state.requested_of(supplier));
    state.offered(supplier).map(|(capacity, tally)| capacity.saturating_sub(spoken_for(tally.reserved())))
}
