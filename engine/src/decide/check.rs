//! Checks that several decisions share: texts, numbers, references, the common part of entries.

use crate::{
    category::{Categorized, CategoryCode},
    entry::{EntryDraft, List, TEXT_CHARS_MAX, TITLE_CHARS_MAX},
    history::Entity,
    identity::{OrganizationId, PlaceId},
    need::{Need, NeedEnd, NeedStatus},
    project::{Project, ProjectEnd},
    quantity::{AMOUNT_MAX, Measure, Quantity},
    refusal::{Missing, Problem, Refusal},
    resource::{Resource, ResourceEnd},
    state::State,
    window::{DAY_MINUTES, Weekdays, Window},
};

/// The longest name, label, reference or reason, in characters.
pub(super) const NAME_CHARS_MAX: usize = 120;

pub(super) fn text(field: &'static str, value: &str, chars_max: usize) -> Result<(), Refusal> {
    if value.trim().is_empty() {
        return Err(Refusal::Invalid { field, problem: Problem::Empty });
    }
    if value.chars().count() > chars_max {
        return Err(Refusal::Invalid { field, problem: Problem::TooLong { chars_max } });
    }
    if value.chars().any(is_unprintable) {
        return Err(Refusal::Invalid { field, problem: Problem::Unprintable });
    }
    Ok(())
}

/// Signs that show nothing, or show what follows turned round: in a name they make one thing look like another. Lines and
/// tabs, as cells of spreadsheets have them, are text.
fn is_unprintable(sign: char) -> bool {
    let turns = matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || (sign.is_control() && !matches!(sign, '\n' | '\r' | '\t'))
}

pub(super) fn optional_text(
    field: &'static str,
    value: Option<&str>,
    chars_max: usize,
) -> Result<(), Refusal> {
    value.map_or(Ok(()), |value| text(field, value, chars_max))
}

pub(super) fn range(field: &'static str, got: u64, min: u64, max: u64) -> Result<(), Refusal> {
    if (min..=max).contains(&got) {
        Ok(())
    } else {
        Err(Refusal::Invalid { field, problem: Problem::OutOfRange { min, max, got } })
    }
}

pub(super) fn place(state: &State, field: &'static str, place: PlaceId) -> Result<(), Refusal> {
    match state.place(place) {
        Some(_) => Ok(()),
        None => Err(Refusal::NotFound { field, missing: Missing::Place(place) }),
    }
}

pub(super) fn organization(
    state: &State,
    field: &'static str,
    organization: OrganizationId,
) -> Result<(), Refusal> {
    match state.organization(organization) {
        Some(_) => Ok(()),
        None => Err(Refusal::NotFound { field, missing: Missing::Organization(organization) }),
    }
}

/// A leaf of the taxonomy.
pub(super) fn leaf(state: &State, field: &'static str, code: &CategoryCode) -> Result<(), Refusal> {
    match state.category(code) {
        None => Err(Refusal::NotFound { field, missing: Missing::Category(code.clone()) }),
        Some(category) if category.parent.is_none() => {
            Err(Refusal::Invalid { field, problem: Problem::WrongLevel })
        }
        Some(_) => Ok(()),
    }
}

pub(super) fn categorized(state: &State, category: Option<&Categorized>) -> Result<(), Refusal> {
    let Some(category) = category else {
        return Ok(());
    };
    range("confidence", category.confidence.into(), 0, 1000)?;
    leaf(state, "category", &category.code)
}

pub(super) fn quantity(quantity: Option<&Quantity>) -> Result<(), Refusal> {
    let Some(quantity) = quantity else {
        return Ok(());
    };
    range("quantity", quantity.amount, 1, AMOUNT_MAX)?;
    if let Measure::Other(unit) = &quantity.measure {
        text("unit", unit, NAME_CHARS_MAX)?;
    }
    optional_text("quantity", quantity.wording.as_deref(), TEXT_CHARS_MAX)
}

pub(super) fn window(window: &Window) -> Result<(), Refusal> {
    if let (Some(from), Some(to)) = (window.from, window.to)
        && from > to
    {
        return Err(Refusal::Invalid { field: "window", problem: Problem::EndsBeforeItBegins });
    }
    if let Some(hours) = window.hours {
        range("hours.from", hours.from.into(), 0, u64::from(DAY_MINUTES) - 1)?;
        range("hours.to", hours.to.into(), 0, DAY_MINUTES.into())?;
    }
    if let Some(weekdays) = window.weekdays {
        if weekdays.0 == 0 {
            return Err(Refusal::Invalid { field: "weekdays", problem: Problem::Empty });
        }
        range("weekdays", weekdays.0.into(), 1, Weekdays::ALL.0.into())?;
    }
    optional_text("window", window.wording.as_deref(), TEXT_CHARS_MAX)
}

/// The part all lists share. `own` is the entry's own number when it is amended.
pub(super) fn entry(state: &State, list: List, entry: &EntryDraft, own: Option<u64>) -> Result<(), Refusal> {
    text("title", &entry.title, TITLE_CHARS_MAX)?;
    optional_text("detail", entry.detail.as_deref(), TEXT_CHARS_MAX)?;
    organization(state, "organization", entry.organization)?;
    if let Some(id) = entry.place {
        place(state, "place", id)?;
    }
    categorized(state, entry.category.as_ref())?;
    quantity(entry.quantity.as_ref())?;
    window(&entry.window)?;
    optional_text("beneficiaries", entry.beneficiaries.wording.as_deref(), TEXT_CHARS_MAX)?;
    optional_text("source", entry.source.as_deref(), TEXT_CHARS_MAX)?;
    optional_text("settled", entry.settled.as_deref(), NAME_CHARS_MAX)?;
    optional_text("reference", entry.reference.as_deref(), NAME_CHARS_MAX)?;
    if let Some(reference) = &entry.reference
        && let Some(number) = state.referenced(list, reference)
        && Some(number) != own
    {
        return Err(Refusal::ReferenceTaken { list, reference: reference.clone() });
    }
    Ok(())
}

/// A need that has not ended.
pub(super) fn goes_on(need: &Need) -> Result<(), Refusal> {
    match &need.end {
        None => Ok(()),
        Some(NeedEnd::Withdrawn { .. }) => Err(Refusal::AlreadyWithdrawn),
        Some(
            NeedEnd::Rejected { .. }
            | NeedEnd::Merged { .. }
            | NeedEnd::Expired { .. }
            | NeedEnd::StruckOff { .. },
        ) => Err(Refusal::NotInState {
            entity: Entity::Need(need.id),
            wanted: "not ended",
            is: need.status().name(),
        }),
    }
}

/// A need that has not ended, is not met, and is in nobody else's hands: something of it is still asked.
pub(super) fn still_asked(need: &Need) -> Result<(), Refusal> {
    goes_on(need)?;
    let is = need.status();
    let wanted = match is {
        NeedStatus::Met | NeedStatus::Appraised => "not met",
        NeedStatus::Settled => "not settled",
        NeedStatus::Posted
        | NeedStatus::Open
        | NeedStatus::PartlyAgreed
        | NeedStatus::Agreed
        | NeedStatus::PartlyMet
        | NeedStatus::Rejected
        | NeedStatus::Merged
        | NeedStatus::Expired
        | NeedStatus::Withdrawn => return Ok(()),
    };
    Err(Refusal::NotInState { entity: Entity::Need(need.id), wanted, is: is.name() })
}

/// A resource that has not ended.
pub(super) fn still_offered(resource: &Resource) -> Result<(), Refusal> {
    match &resource.end {
        None => Ok(()),
        Some(ResourceEnd::Withdrawn { .. }) => Err(Refusal::AlreadyWithdrawn),
        Some(ResourceEnd::Expired { .. }) => Err(Refusal::NotInState {
            entity: Entity::Resource(resource.id),
            wanted: "not ended",
            is: resource.status().name(),
        }),
    }
}

/// A project that has not begun either: later it is given up on the way.
pub(super) fn not_begun(project: &Project) -> Result<(), Refusal> {
    not_ended(project)?;
    if project.started.is_some() {
        let (entity, is) = (Entity::Project(project.id), project.status().name());
        return Err(Refusal::NotInState { entity, wanted: "not started", is });
    }
    Ok(())
}

/// A project that has not ended, nor is accepted as a whole: then it is what was accepted.
pub(super) fn not_ended(project: &Project) -> Result<(), Refusal> {
    match &project.end {
        None if project.accepted.is_some() => Err(Refusal::NotInState {
            entity: Entity::Project(project.id),
            wanted: "not accepted",
            is: project.status().name(),
        }),
        None => Ok(()),
        Some(ProjectEnd::Withdrawn { .. }) => Err(Refusal::AlreadyWithdrawn),
        Some(ProjectEnd::Failed { .. } | ProjectEnd::Closed { .. }) => Err(Refusal::NotInState {
            entity: Entity::Project(project.id),
            wanted: "not ended",
            is: project.status().name(),
        }),
    }
}

pub(super) fn revision(seen: u64, current: u64) -> Result<(), Refusal> {
    if seen == current { Ok(()) } else { Err(Refusal::RevisionPassed { seen, current }) }
}
