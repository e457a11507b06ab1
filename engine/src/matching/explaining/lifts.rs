//! Lifts: which change would lift the rule that a pair fails, and over which range it could be larger.
//!
//! Here a rule is only read; whether a lift serves anybody is tried by `remedies`.

use super::Explanations;
use crate::{
    matching::{
        market::{Asker, Giver},
        what_if::{Change, WIDENING_STEP_MINUTES, Widening},
    },
    organization::{Relation, RosterLink},
    pairing::{Supplier, Target},
    place::PlaceLevel,
    plan::Cause,
    quantity::{Measure, Quantity},
    resource::Counted,
    window::{DAY_MINUTES, Hours, Weekdays, Window},
};

/// The furthest a window is widened: a quarter of a year.
const DAYS_MAX: u64 = 92;

/// The most engagements or lots that are asked for in addition.
const ENGAGEMENTS_MAX: u64 = 10;

/// A change with a number that could be larger. Below `least` the rule would still fail.
pub(super) struct Lift {
    pub least: u64,
    pub most: u64,
    /// Whether less than `least` may do as well, through others: then the change is more than is needed.
    pub may_be_less: bool,
    pub make: Box<dyn Fn(u64) -> Change + Send + Sync>,
}

impl Lift {
    pub fn fixed(change: Change) -> Self {
        Self::range(1, 1, move |_| change.clone())
    }

    pub fn range(least: u64, most: u64, make: impl Fn(u64) -> Change + Send + Sync + 'static) -> Self {
        Self { least, most, may_be_less: false, make: Box::new(make) }
    }

    /// The change with its smallest number.
    pub fn smallest(&self) -> Change {
        (self.make)(self.least)
    }
}

impl Explanations<'_> {
    /// What would lift this cause between these two; nothing where no change of an entry can.
    pub(super) fn lifts(&self, cause: Cause, asker: &Asker, giver: &Giver) -> Vec<Lift> {
        let (target, supplier) = (asker.target, giver.supplier);
        match cause {
            Cause::NoCommonDay => days(target, supplier, &asker.window, &giver.window),
            Cause::NoCommonHour => hours(target, supplier, &asker.window, &giver.window),
            Cause::NoCommonWeekday => weekdays(target, supplier, &asker.window, &giver.window),
            Cause::PlaceNotServed => self.place(asker, giver),
            Cause::CategoryDiffers => {
                // Another name makes no parking spaces, and no money, of what nobody has counted in them.
                let measure =
                    |quantity: &Option<Quantity>| quantity.as_ref().map(|quantity| quantity.measure.clone());
                let asked = measure(&asker.quantity);
                let is_there = !asked.as_ref().is_some_and(Measure::has_to_be_posted)
                    || asked == measure(&giver.quantity);
                let code = giver.category.as_ref().filter(|_| is_there);
                let code = code.map(|category| category.code.clone());
                code.map(|category| Lift::fixed(Change::TakeAs { target, category })).into_iter().collect()
            }
            Cause::FormDiffers => vec![Lift::fixed(Change::AcceptAnyForm { target })],
            Cause::BeneficiaryDiffers => vec![Lift::fixed(Change::OpenToEverybody { target })],
            Cause::ResponderDiffers => match target {
                Target::Need(need) => vec![Lift::fixed(Change::CallEverybody { need })],
                Target::Slot(..) => Vec::new(),
            },
            Cause::OverCeiling => match target {
                Target::Need(need) => vec![Lift::fixed(Change::RaiseCeiling { need, to: asker.asked })],
                Target::Slot(..) => Vec::new(),
            },
            Cause::NothingRemains | Cause::CapacityContested => vec![capacity(asker, giver)],
            Cause::FitTooLow => self.fit_min(asker, giver).into_iter().collect(),
            Cause::NoCandidate
            | Cause::AlreadySettled
            | Cause::CarriedByProject
            | Cause::MeasureDiffers
            | Cause::TooSmall
            | Cause::SameOrganization
            | Cause::Declined
            | Cause::AlreadyPaired
            | Cause::ProjectIncomplete => Vec::new(),
        }
    }

    /// As low as this pair takes it. It is a rule of the street, so others may come in before.
    fn fit_min(&self, asker: &Asker, giver: &Giver) -> Option<Lift> {
        let fit_min = self.state().rules().fit_min;
        let less = fit_min.checked_sub(self.planned.market.matter(asker, giver).ok()?)?;
        let make = move |less| Change::LowerFitMin {
            to: fit_min.saturating_sub(u16::try_from(less).unwrap_or(u16::MAX)),
        };
        Some(Lift { may_be_less: true, ..Lift::range(less.into(), less.into(), make) })
    }

    fn place(&self, asker: &Asker, giver: &Giver) -> Vec<Lift> {
        let state = self.state();
        let Some(place) = self.place_of(asker.target) else { return Vec::new() };
        let community = state.at_level(place, PlaceLevel::Community);
        let mut lifts = Vec::new();
        if let Supplier::Resource(resource) = giver.supplier {
            lifts.push(Lift::fixed(Change::ServeToo { resource, place: community.unwrap_or(place) }));
        }
        if let Some(community) = community {
            let (unit, relation) = (giver.organization, Relation::Paired);
            lifts.push(Lift::fixed(Change::Link(RosterLink { unit, community, relation })));
        }
        lifts
    }
}

/// More of a giver that is all taken: as many units as are wanted, or some engagements.
fn capacity(asker: &Asker, giver: &Giver) -> Lift {
    let supplier = giver.supplier;
    let measure = asker.quantity.as_ref().map(|quantity| &quantity.measure);
    let one_by_one = match &giver.counted {
        Some(Counted::Units(counted)) => Some(counted) == measure,
        Some(Counted::Lots) | None => false,
    };
    let most = if one_by_one { asker.wanting } else { ENGAGEMENTS_MAX };
    Lift::range(1, most.max(1), move |more| Change::AddCapacity { supplier, more })
}

/// Widens either side; the giving side only where it is a resource.
fn widen(
    target: Target,
    supplier: Supplier,
    (least, most): (u64, u64),
    asked: impl Fn(u64) -> Widening + Send + Sync + 'static,
    offered: impl Fn(u64) -> Widening + Send + Sync + 'static,
) -> Vec<Lift> {
    let mut lifts = vec![Lift::range(least, most, move |n| Change::WidenAsked { target, by: asked(n) })];
    if let Supplier::Resource(resource) = supplier {
        let make = move |n| Change::WidenOffered { resource, by: offered(n) };
        lifts.push(Lift::range(least, most, make));
    }
    lifts
}

fn days(target: Target, supplier: Supplier, asked: &Window, offered: &Window) -> Vec<Lift> {
    let gap = |last: Option<chrono::NaiveDate>, first: Option<chrono::NaiveDate>| {
        let gap = (first? - last?).num_days();
        u64::try_from(gap).ok().filter(|gap| (1..=DAYS_MAX).contains(gap))
    };
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let later = move |n| Widening::Days { earlier: 0, later: small(n) };
    let earlier = move |n| Widening::Days { earlier: small(n), later: 0 };
    if let Some(gap) = gap(asked.to, offered.from) {
        widen(target, supplier, (gap, DAYS_MAX), later, earlier)
    } else if let Some(gap) = gap(offered.to, asked.from) {
        widen(target, supplier, (gap, DAYS_MAX), earlier, later)
    } else {
        Vec::new()
    }
}

/// Later or earlier, whichever takes fewer steps; later where both take as many.
fn hours(target: Target, supplier: Supplier, asked: &Window, offered: &Window) -> Vec<Lift> {
    let (Some(asks), Some(offers)) = (asked.hours, offered.hours) else { return Vec::new() };
    let minutes = |n: u64| u16::try_from(n).unwrap_or(u16::MAX).saturating_mul(WIDENING_STEP_MINUTES);
    let day = u64::from(DAY_MINUTES / WIDENING_STEP_MINUTES);
    let later = move |n| Widening::Minutes { earlier: 0, later: minutes(n) };
    let earlier = move |n| Widening::Minutes { earlier: minutes(n), later: 0 };
    let (after, before) = (steps_between(asks, offers), steps_between(offers, asks));
    if after <= before {
        widen(target, supplier, (after, day), later, earlier)
    } else {
        widen(target, supplier, (before, day), earlier, later)
    }
}

/// How many steps the one has to end later to share time with the other, which begins after it.
fn steps_between(one: Hours, other: Hours) -> u64 {
    let day = u64::from(DAY_MINUTES);
    let gap = (u64::from(other.from) + day - u64::from(one.to) % day) % day;
    gap / u64::from(WIDENING_STEP_MINUTES) + 1
}

/// The first day of the week that the other side has, and all that it has.
fn weekdays(target: Target, supplier: Supplier, asked: &Window, offered: &Window) -> Vec<Lift> {
    let (Some(asks), Some(offers)) = (asked.weekdays, offered.weekdays) else { return Vec::new() };
    let days = |days: Weekdays| {
        let first = Weekdays(days.0 & days.0.wrapping_neg());
        move |n: u64| Widening::Weekdays(if n == 1 { first } else { days })
    };
    widen(target, supplier, (1, 2), days(offers), days(asks))
}
