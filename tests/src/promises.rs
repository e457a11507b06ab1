//! A slow, obvious twin of what the engine keeps, to be compared with after every step.
//!
//! 1. The chain: *asked ≥ proposed ≥ claimed + agreed ≥ agreed* for every need and slot.
//! 2. Nothing is promised beyond its capacity, neither a resource nor a unit.
//! 3. Tallies, indexes and registers are what a recount gives, by [`recount`]: with 1, 2, 8 and 9 the engine's own `audit`.
//! 4. Contacts are kept as long as what they are of is open or paired, and so many days more.
//! 5. What is delivered, accepted and credited is what the granted commands handed over and confirmed.
//! 6. Every pairing stands where its own history, told by [`lives`] from the commands alone, puts it.
//! 7. Figures, accounts and records are what the log comes to when it is counted once more, by the audit's `Book`; units
//!    stand in the order that [`ranking`] puts them in.
//! 8. What waits for whom is what a look at everything finds.
//! 9. Things are listed where a look at each puts them.
//! 10. The tallies are what the lists come to when they are counted once more, by [`tallies`]; what is idle, by [`rests`].
//! 11. Everybody sees the rows that are published and those it has to do with, as [`rows`] puts them together from the
//!     side of who looks.

pub mod contacts;
pub mod lives;
pub mod ranking;
pub mod recount;
pub mod rests;
pub mod rows;
pub mod tallies;
mod works;

use engine::{
    pairing::{Supplier, Target},
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    state::State,
};

/// Whether the two sides count the same thing one by one.
pub fn counted_alike(state: &State, target: Target, supplier: Supplier) -> bool {
    let asked: Option<Quantity> = match target {
        Target::Need(need) => state.need(need).and_then(|need| need.draft.entry.quantity.clone()),
        Target::Slot(project, index) => state
            .project(project)
            .and_then(|project| project.draft.slots.get(usize::from(index))?.quantity.clone()),
    };
    let Supplier::Resource(resource) = supplier else { return false };
    let offered = state.resource(resource).and_then(|resource| shared_out(&resource.draft));
    asked.is_some_and(|asked| Some(asked.measure) == offered)
}

/// What a resource is shared out by; nothing when it is lent whole.
pub fn shared_out(draft: &ResourceDraft) -> Option<Measure> {
    let whole = [Measure::Lot, Measure::Households, Measure::Area];
    let measure = draft.entry.quantity.as_ref()?.measure.clone();
    let other = matches!(measure, Measure::Other(_));
    (draft.lots.is_none() && !other && !whole.contains(&measure)).then_some(measure)
}
