//! Eligibility: the hard rules. A pair passes all of them or fails the first with its [`Cause`].
//!
//! The order of the rules: own entries; category and territory, because these two shut out nearly everybody,
//! and an index tells whom without looking at each; then what lies in the nature of the two (form, measure,
//! ceiling, beneficiaries, responders) before what time would mend (windows, a declined pair, capacity). So a
//! cause other than the first three says that matter and place would do.

use super::market::{Asker, Giver, Placed};
use crate::{
    entry::{BeneficiaryGroup, Form},
    need::Channel,
    organization::UnitKind,
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
pub(super) fn judge(asker: &Asker, giver: &Giver) -> Result<Eligible, Cause> {
    if asker.organization == giver.organization {
        return Err(Cause::SameOrganization);
    }
    let kinship = kinship(asker.category.as_ref(), giver.category.as_ref()).ok_or(Cause::CategoryDiffers)?;
    if !serves(asker, giver) {
        return Err(Cause::PlaceNotServed);
    }
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
    let share = match asker.window.overlap(&giver.window) {
        Overlap::Shares(share) => share,
        Overlap::NoCommonDay => return Err(Cause::NoCommonDay),
        Overlap::NoCommonWeekday => return Err(Cause::NoCommonWeekday),
        Overlap::NoCommonHour => return Err(Cause::NoCommonHour),
    };
    if let Some(cause) = asker.closed_to(giver.supplier) {
        return Err(cause);
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

/// Same leaf, or listed as a stand-in; `None` when the two are not kin. What was only read from the wording
/// is trusted as far as its top.
pub(super) fn kinship(asked: Option<&Placed>, offered: Option<&Placed>) -> Option<Kinship> {
    let (Some(asked), Some(offered)) = (asked, offered) else {
        return Some(Kinship::Unknown);
    };
    if asked.code == offered.code {
        Some(Kinship::Same)
    } else if asked.stand_ins.contains(&offered.code) {
        Some(Kinship::StandsIn)
    } else if asked.top == offered.top && asked.top.is_some() && !(asked.stated && offered.stated) {
        Some(Kinship::SameTop)
    } else {
        None
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
    let Some(counted) = &giver.counted else {
        return match asked {
            Some(Quantity { measure, .. }) if measure.has_to_be_posted() => Err(Cause::MeasureDiffers),
            _ => Ok(Counting::Whole),
        };
    };
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

/// The place lies in a served area or around one, or is linked by the roster. An unknown place is served by
/// everybody.
fn serves(asker: &Asker, giver: &Giver) -> bool {
    let Some(place) = &asker.place else { return true };
    giver.serves.is_empty()
        || giver.serves.iter().any(|area| place.lies_in(area) || area.lies_in(place))
        || giver.relation(place).is_some()
}
