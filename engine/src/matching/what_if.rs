//! What-if: a state as it would be after changes that nobody has made.
//!
//! [`what_if`] runs changes on an O(1) clone of the state, by the same `decide` and `evolve` as a real
//! command, as the street office's system would. Nothing is recorded, and the state asked from stays as it
//! is. What comes out is a [`State`] and a time like any other, so plans, suggestions and explanations can be
//! asked of it. It keeps the position it started from: it stands for no position of its own.
//!
//! A [`Change`] is any [`Command`], or one of the conveniences that the explanations speak in: each knows its
//! numbers, its effort ([`Change::effort`], by which remedies are ranked) and its wording
//! ([`Change::message`]).

mod commands;
mod wording;

use crate::{
    category::CategoryCode,
    command::Command,
    decide::{Context, decide},
    evolve::{Recorded, evolve_commit},
    identity::{NeedId, OrganizationId, PlaceId, ResourceId},
    member::Caller,
    moment::Moment,
    organization::{RosterLink, UnitKind},
    pairing::{FactorKind, Supplier, Target},
    refusal::Refusal,
    state::State,
    window::Weekdays,
};

/// Hours are widened by whole steps of so many minutes.
pub const WIDENING_STEP_MINUTES: u16 = 30;

/// Something that might be different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Any command, as the system would give it.
    Command(Box<Command>),
    /// So many days pass and nothing else happens: what waits weighs more, what was posted grows stale.
    Wait {
        /// How many.
        days: u32,
    },
    /// It is another moment, earlier or later.
    At(Moment),
    /// A unit leaves: its resources, its open capacity, and every pairing it gives in.
    LoseUnit(OrganizationId),
    /// A unit of this kind joins, with so much open capacity and nothing posted.
    InviteUnit {
        /// Of what kind.
        kind: UnitKind,
        /// Where it sits.
        place: Option<PlaceId>,
        /// How many engagements it takes on.
        engagements: u32,
    },
    /// A resource has more of what it counts, or a unit takes on more engagements.
    AddCapacity {
        /// Which.
        supplier: Supplier,
        /// How much more: base units, lots or engagements.
        more: u64,
    },
    /// A factor of the fit counts so many times as much.
    MultiplyWeight {
        /// Which.
        factor: FactorKind,
        /// How many times.
        times: u16,
    },
    /// What urgency and an emergency add to the weight of a need counts so many times as much, as far as the
    /// rules let it.
    MultiplyUrgency {
        /// How many times.
        times: u16,
    },
    /// A need or slot may be served at more times.
    WidenAsked {
        /// Which.
        target: Target,
        /// By how much.
        by: Widening,
    },
    /// A resource is there at more times.
    WidenOffered {
        /// Which.
        resource: ResourceId,
        /// By how much.
        by: Widening,
    },
    /// A resource serves another place too, with all below it.
    ServeToo {
        /// Which.
        resource: ResourceId,
        /// The place.
        place: PlaceId,
    },
    /// A unit is linked to a community.
    Link(RosterLink),
    /// A need may cost more.
    RaiseCeiling {
        /// Which.
        need: NeedId,
        /// The new ceiling in yuan.
        to: u64,
    },
    /// A need or slot is taken as a matter of another category.
    TakeAs {
        /// Which.
        target: Target,
        /// The category.
        category: CategoryCode,
    },
    /// A need or slot may be met in any form: goods, service, works, venue, money, people.
    AcceptAnyForm {
        /// Which.
        target: Target,
    },
    /// A need, or the project of a slot, is not kept to one group of people.
    OpenToEverybody {
        /// Which.
        target: Target,
    },
    /// A need calls every class of responders.
    CallEverybody {
        /// Which.
        need: NeedId,
    },
    /// The street proposes pairings that fit less.
    LowerFitMin {
        /// The new least fit, 0 to 1000.
        to: u16,
    },
}

/// By how much a window is widened, in one of its dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widening {
    /// So many days earlier and later.
    Days {
        /// Days before the first.
        earlier: u32,
        /// Days after the last.
        later: u32,
    },
    /// So many minutes a day earlier and later.
    Minutes {
        /// Minutes before the first.
        earlier: u16,
        /// Minutes after the last.
        later: u16,
    },
    /// On these days of the week too.
    Weekdays(Weekdays),
}

/// A state that is not, at a time that may not be now.
#[derive(Clone, Debug)]
pub struct Supposed {
    /// The state.
    pub state: State,
    /// The time.
    pub now: Moment,
}

/// A change that cannot even be supposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// Its position among the changes, from 0.
    pub number: usize,
    /// The change.
    pub change: Change,
    /// Why the street would refuse it.
    pub refusal: Refusal,
}

/// The state after these changes, in their order. See the module.
///
/// # Errors
/// [`Impossible`] with the first change that the street would refuse.
pub fn what_if(state: &State, changes: &[Change], now: Moment) -> Result<Supposed, Impossible> {
    let mut supposed = Supposed { state: state.clone(), now };
    for (number, change) in changes.iter().enumerate() {
        supposed.apply(change).map_err(|refusal| Impossible { number, change: change.clone(), refusal })?;
    }
    Ok(supposed)
}

impl Supposed {
    fn apply(&mut self, change: &Change) -> Result<(), Refusal> {
        match change {
            Change::Wait { days } => self.now = self.now.plus_hours(days.saturating_mul(24)),
            Change::At(moment) => self.now = *moment,
            change => {
                for command in commands::of(&self.state, change)? {
                    self.run(&command)?;
                }
            }
        }
        Ok(())
    }

    fn run(&mut self, command: &Command) -> Result<(), Refusal> {
        let context = Context { caller: Caller::System, now: self.now };
        let events = decide(&self.state, &context, command)?;
        let recorded = Recorded { position: self.state.position(), time: self.now };
        evolve_commit(&mut self.state, recorded, &events);
        Ok(())
    }
}

impl Change {
    /// How much trouble it is, in points: the rule by which remedies are ranked, smallest first.
    ///
    /// | change | points |
    /// |---|---|
    /// | wait | 1 a day |
    /// | widen | 1 a day, 1 a half-hour, 2 a day of the week |
    /// | serve another place | 3 |
    /// | link the roster | 4 |
    /// | whom it is for, whom it calls | 5 |
    /// | more capacity | 4 and 1 for each further doubling; 6 an engagement of a unit |
    /// | raise the ceiling | 6 |
    /// | any form | 6 |
    /// | another category | 8 |
    /// | lower the least fit | 8 and 1 for each 25 |
    /// | another unit | 11 and 1 an engagement |
    /// | another moment, another weight or urgency, a lost unit, any other command | 20 |
    pub fn effort(&self) -> u32 {
        let small = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
        match self {
            Self::Wait { days } => *days,
            Self::WidenAsked { by, .. } | Self::WidenOffered { by, .. } => match by {
                Widening::Days { earlier, later } => earlier.saturating_add(*later),
                Widening::Minutes { earlier, later } => {
                    u32::from(earlier.saturating_add(*later).div_ceil(WIDENING_STEP_MINUTES))
                }
                Widening::Weekdays(days) => 2 * days.0.count_ones(),
            },
            Self::ServeToo { .. } => 3,
            Self::Link(_) => 4,
            Self::OpenToEverybody { .. } | Self::CallEverybody { .. } => 5,
            Self::AddCapacity { supplier: Supplier::Resource(_), more } => 4 + more.max(&1).ilog2(),
            Self::AddCapacity { supplier: Supplier::Unit(_), more } => small(more.saturating_mul(6)),
            Self::RaiseCeiling { .. } | Self::AcceptAnyForm { .. } => 6,
            Self::TakeAs { .. } => 8,
            Self::LowerFitMin { to } => 8 + u32::from(1_000 - to.min(&1_000)) / 25,
            Self::InviteUnit { engagements, .. } => engagements.saturating_add(11),
            Self::Command(_)
            | Self::At(_)
            | Self::LoseUnit(_)
            | Self::MultiplyWeight { .. }
            | Self::MultiplyUrgency { .. } => 20,
        }
    }
}
