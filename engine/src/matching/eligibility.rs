//! Eligibility: the hard rules. A pair passes all of them or fails the first with its [`Cause`].
//!
//! The rules stand in the order of how little a change could help: what is no match by nature comes
//! first, what time or a roster link would mend comes last. So the cause that is named is the nearest.

use super::market::{Asker, Giver, Market};
use crate::{
    category::CategoryCode,
    entry::{BeneficiaryGroup, Form},
    need::Channel,
    organization::UnitKind,
    pairing::{PairingStatus, Supplier},
    plan::Cause,
    quantity::{Measure, Quantity},
    resource::Counted,
    window::Overlap,
};

/// How an eligible pair is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counting {
    /// Each unit asked takes one unit of the resource: both count the same thing.
    OneByOne,
    /// All that is asked takes one unit, lot or engagement of the giving side.
    Whole,
}

/// How two categories relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinship {
    /// The same leaf.
    Same,
    /// The resource's stands in for the need's.
    StandsIn,
    /// The same top, and at least one of them was read from the wording rather than stated.
    SameTop,
    /// One of them is not known.
    Unknown,
}

/// What holds for a pair that passes every rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Eligible {
    pub counting: Counting,
    pub kinship: Kinship,
    /// Share of the asking window that is covered, 0 to 1000; `None` when the asking side named none.
    pub window: Option<u16>,
}

/// Judges one pair.
pub(super) fn judge(market: &Market<'_>, asker: &Asker, giver: &Giver) -> Result<Eligible, Cause> {
    if asker.organization == giver.organization {
        return Err(Cause::SameOrganization);
    }
    let kinship = kinship(market, asker, giver)?;
    if !forms_agree(asker.form, giver.form) {
        return Err(Cause::FormDiffers);
    }
    let counting = counting(asker.quantity.as_ref(), giver)?;
    if let (Some(ceiling), Some(Measure::Money)) =
        (asker.ceiling, asker.quantity.as_ref().map(|it| &it.measure))
        && asker.asked > ceiling
    {
        return Err(Cause::OverCeiling);
    }
    if !groups_agree(asker.group, giver.group) {
        return Err(Cause::BeneficiaryDiffers);
    }
    if !responds(asker.channel, giver.kind) {
        return Err(Cause::ResponderDiffers);
    }
    if !serves(market, asker, giver) {
        return Err(Cause::PlaceNotServed);
    }
    let share = match asker.window.overlap(&giver.window) {
        Overlap::Shares(share) => share,
        Overlap::NoCommonDay => return Err(Cause::NoCommonDay),
        Overlap::NoCommonWeekday => return Err(Cause::NoCommonWeekday),
        Overlap::NoCommonHour => return Err(Cause::NoCommonHour),
    };
    if paired_or_declined(market, asker, giver) {
        return Err(Cause::Declined);
    }
    if giver.remaining == 0 {
        return Err(Cause::NothingRemains);
    }
    let names_a_window = asker.window.from.is_some()
        || asker.window.to.is_some()
        || asker.window.hours.is_some()
        || asker.window.weekdays.is_some();
    Ok(Eligible { counting, kinship, window: names_a_window.then_some(share) })
}

/// Same leaf, or listed as a stand-in. What was only read from the wording is trusted as far as its top.
fn kinship(market: &Market<'_>, asker: &Asker, giver: &Giver) -> Result<Kinship, Cause> {
    let (Some(asked), Some(offered)) = (&asker.category, &giver.category) else {
        return Ok(Kinship::Unknown);
    };
    let stands_in = |code: &CategoryCode| {
        market.state.category(code).is_some_and(|category| category.substitutes.contains(&offered.code))
    };
    if asked.code == offered.code {
        Ok(Kinship::Same)
    } else if stands_in(&asked.code) {
        Ok(Kinship::StandsIn)
    } else if asked.top == offered.top && asked.top.is_some() && !(asked.stated && offered.stated) {
        Ok(Kinship::SameTop)
    } else {
        Err(Cause::CategoryDiffers)
    }
}

/// The same form, or one side did not say; people and their service are one thing.
const fn forms_agree(asked: Option<Form>, offered: Option<Form>) -> bool {
    match (asked, offered) {
        (None, _) | (_, None) => true,
        (Some(Form::Service | Form::People), Some(Form::Service | Form::People)) => true,
        (Some(asked), Some(offered)) => asked as u8 == offered as u8,
    }
}

/// How the amounts meet, or why they do not.
fn counting(asked: Option<&Quantity>, giver: &Giver) -> Result<Counting, Cause> {
    let Some(counted) = &giver.counted else { return Ok(Counting::Whole) };
    match (asked, counted) {
        (Some(asked), Counted::Units(offered)) if asked.measure == *offered => Ok(Counting::OneByOne),
        // A sum cannot be taken from without saying how much.
        (_, Counted::Units(Measure::Money)) => Err(Cause::MeasureDiffers),
        (Some(asked), Counted::Units(_)) if asked.measure.divides() && asked.measure != Measure::People => {
            Err(Cause::MeasureDiffers)
        }
        // Nothing was counted, or what was counted are people and households to be served.
        (_, Counted::Units(_)) => Ok(Counting::Whole),
        (Some(asked), Counted::Lots) => match &giver.quantity {
            Some(offered) if offered.measure == asked.measure && offered.amount < asked.amount => {
                Err(Cause::TooSmall)
            }
            _ => Ok(Counting::Whole),
        },
        (None, Counted::Lots) => Ok(Counting::Whole),
    }
}

fn groups_agree(asked: Option<BeneficiaryGroup>, offered: Option<BeneficiaryGroup>) -> bool {
    match (asked, offered) {
        (None, _) | (_, None) => true,
        (Some(asked), Some(offered)) => {
            asked == offered || asked == BeneficiaryGroup::Residents || offered == BeneficiaryGroup::Residents
        }
    }
}

/// Whom a whistle calls: the owners' whistle the property company, the neighbours' and the residents'
/// whistles teams, volunteers and social organisations. The other channels call everybody.
const fn responds(channel: Option<Channel>, kind: UnitKind) -> bool {
    match channel {
        Some(Channel::OwnerWhistle) => matches!(kind, UnitKind::PropertyCompany),
        Some(Channel::NeighbourWhistle | Channel::ResidentWhistle) => {
            matches!(kind, UnitKind::Volunteers | UnitKind::SocialOrganisation | UnitKind::CommunityBranch)
        }
        Some(
            Channel::OrganizationWhistle
            | Channel::CommunityWhistle
            | Channel::VisitingDay
            | Channel::Wish
            | Channel::Hotline
            | Channel::Import,
        )
        | None => true,
    }
}

/// The place lies in a served area, or is linked by the roster. An unknown place is served by everybody.
fn serves(market: &Market<'_>, asker: &Asker, giver: &Giver) -> bool {
    let Some(place) = asker.place else { return true };
    giver.serves.is_empty()
        || giver
            .serves
            .iter()
            .any(|area| market.state.lies_in(place, *area) || market.state.lies_in(*area, place))
        || market.state.relation(giver.organization, place).is_some()
}

/// Whether the two were declined before, or are bound to each other already.
fn paired_or_declined(market: &Market<'_>, asker: &Asker, giver: &Giver) -> bool {
    market.state.was_declined(asker.target, giver.supplier)
        || market.state.pairings_of_target(asker.target).any(|pairing| {
            let same = pairing.terms.supplier == giver.supplier;
            let bound = match pairing.status {
                PairingStatus::Claimed { .. } | PairingStatus::Agreed { .. } => true,
                PairingStatus::Proposed => matches!(pairing.origin, crate::pairing::Origin::Requested(_)),
                PairingStatus::Declined { .. }
                | PairingStatus::Lapsed { .. }
                | PairingStatus::Withdrawn { .. }
                | PairingStatus::Superseded => false,
            };
            same && bound
        })
}

/// Leaves out a unit's open capacity where one of its posted resources fits: what was posted goes first.
pub(super) fn posted_first<T>(judged: &mut Vec<(usize, T)>, market: &Market<'_>) {
    let with_resource: std::collections::BTreeSet<_> = judged
        .iter()
        .filter_map(|(index, _)| market.givers.get(*index))
        .filter(|giver| matches!(giver.supplier, Supplier::Resource(_)))
        .map(|giver| giver.organization)
        .collect();
    judged.retain(|(index, _)| {
        market.givers.get(*index).is_some_and(|giver| {
            matches!(giver.supplier, Supplier::Resource(_)) || !with_resource.contains(&giver.organization)
        })
    });
}
