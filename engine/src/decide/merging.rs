//! One need carries what another asks 并案: quantity, beneficiaries and words follow, promises do not.

use super::{check, closing};
use crate::{
    entry::{BeneficiaryGroup, EntryDraft, TEXT_CHARS_MAX},
    event::Event,
    identity::NeedId,
    need::{Need, NeedDraft, Urgency},
    pairing::Target,
    place::PlaceLevel,
    project::ProjectDraft,
    quantity::{AMOUNT_MAX, Quantity},
    refusal::{Missing, Problem, Refusal},
    state::State,
};

pub(super) fn merge(state: &State, id: NeedId, into: NeedId) -> Result<Vec<Event>, Refusal> {
    let Some(need) = state.need(id) else {
        return Err(Refusal::NotFound { field: "need", missing: Missing::Need(id) });
    };
    let Some(other) = state.need(into) else {
        return Err(Refusal::NotFound { field: "into", missing: Missing::Need(into) });
    };
    if id == into {
        return Err(Refusal::Invalid { field: "into", problem: Problem::NamesItself });
    }
    check::still_asked(need)?;
    check::still_asked(other)?;
    if need.tally.agreed > 0 {
        return Err(Refusal::StillAgreed { agreed: need.tally.agreed });
    }
    let community = |need: &Need| state.at_level(state.place_of(&need.draft.entry)?, PlaceLevel::Community);
    if let (Some(here), Some(there)) = (community(need), community(other))
        && here != there
    {
        return Err(Refusal::NotAlike { need: id, other: into });
    }
    let draft = NeedDraft {
        entry: entry(state, need, other)?,
        channel: other.draft.channel,
        urgency: sooner(need.draft.urgency, other.draft.urgency),
        ceiling: ceiling(&need.draft, &other.draft),
    };
    let carried = carried(state, id, into)?;
    let mut events = Vec::new();
    if draft != other.draft {
        events.push(Event::NeedAmended { need: into, draft });
    }
    events.push(Event::NeedMerged { need: id, into });
    events.extend(carried);
    events.extend(closing::of_target(state, Target::Need(id), &format!("并入 {into}")));
    Ok(events)
}

fn entry(state: &State, need: &Need, into: &Need) -> Result<EntryDraft, Refusal> {
    let (from, mut entry) = (&need.draft.entry, into.draft.entry.clone());
    entry.quantity = quantity(state, need, into)?;
    let counts = (entry.beneficiaries.count, from.beneficiaries.count);
    entry.beneficiaries.count = match counts {
        (Some(here), Some(there)) => Some(here.saturating_add(there)),
        (here, there) => here.or(there),
    };
    entry.beneficiaries.group = match (entry.beneficiaries.group, from.beneficiaries.group) {
        (Some(here), Some(there)) if here != there => Some(BeneficiaryGroup::Residents),
        (here, there) => here.or(there),
    };
    let said = entry.beneficiaries.wording.take();
    entry.beneficiaries.wording = joined(said, from.beneficiaries.wording.as_deref(), ";");
    let words = match &from.detail {
        Some(detail) => format!("并入 {}「{}」:{detail}", need.id, from.title),
        None => format!("并入 {}「{}」", need.id, from.title),
    };
    entry.detail = joined(entry.detail.take(), Some(&words), "\n");
    entry.category = entry.category.or_else(|| from.category.clone());
    entry.form = entry.form.or(from.form);
    Ok(entry)
}

/// Both together where both count the same. A need that counts nothing is one whole thing, and the same thing twice is
/// still one.
fn quantity(state: &State, need: &Need, into: &Need) -> Result<Option<Quantity>, Refusal> {
    let stands = &into.draft.entry.quantity;
    let Some(more) = need.draft.entry.quantity.as_ref().filter(|it| it.is_counted()) else {
        return Ok(stands.clone());
    };
    match stands.as_ref().filter(|it| it.is_counted()) {
        Some(here) if here.measure == more.measure => {
            let amount = here.amount.saturating_add(more.amount);
            check::range("quantity", amount, 1, AMOUNT_MAX)?;
            Ok(Some(Quantity {
                amount,
                measure: here.measure.clone(),
                approximate: here.approximate || more.approximate,
                wording: joined(here.wording.clone(), more.wording.as_deref(), ";"),
            }))
        }
        // Nobody has promised anything of the whole thing yet, so it may be counted from now on.
        None if into.tally.live() == 0 && state.queue(Target::Need(into.id)).next().is_none() => {
            Ok(Some(more.clone()))
        }
        _ => Err(Refusal::NotAlike { need: need.id, other: into.id }),
    }
}

/// The more pressing of two.
fn sooner(one: Option<Urgency>, other: Option<Urgency>) -> Option<Urgency> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// What both may cost together; a need that sets no limit adds none and takes none away.
fn ceiling(need: &NeedDraft, into: &NeedDraft) -> Option<u64> {
    into.ceiling.map(|ceiling| ceiling.saturating_add(need.ceiling.unwrap_or(0)).min(AMOUNT_MAX))
}

/// An open project that carries the need carries the other one from now on.
fn carried(state: &State, need: NeedId, into: NeedId) -> Result<Option<Event>, Refusal> {
    let Some(project) = state.carrier(need) else {
        return Ok(None);
    };
    if state.carrier(into).is_some_and(|other| other.id != project.id) {
        return Err(Refusal::NeedCarried { need, by: project.id });
    }
    let mut needs: Vec<NeedId> = project.draft.needs.clone();
    if needs.contains(&into) {
        needs.retain(|named| *named != need);
    } else {
        needs.iter_mut().filter(|named| **named == need).for_each(|named| *named = into);
    }
    let draft = ProjectDraft { needs, ..project.draft.clone() };
    Ok(Some(Event::ProjectAmended { project: project.id, draft }))
}

/// Two texts as one, no longer than a text may be; the merged need keeps its own words in full.
fn joined(one: Option<String>, other: Option<&str>, between: &str) -> Option<String> {
    let text = match (one, other) {
        (Some(one), Some(other)) if one != other => format!("{one}{between}{other}"),
        (Some(one), _) => one,
        (None, other) => other?.to_owned(),
    };
    if text.chars().count() <= TEXT_CHARS_MAX {
        return Some(text);
    }
    Some(text.chars().take(TEXT_CHARS_MAX - 1).chain(['…']).collect())
}
