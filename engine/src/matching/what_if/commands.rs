//! What a change is in commands: each convenience becomes what somebody would have to order.

use super::{Change, Widening};
use crate::{
    category::Categorized,
    command::Command,
    identity::{NeedId, OrganizationId, ProjectId, ResourceId},
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::{FactorKind, PairingStatus, Side, Supplier, Target},
    place::PlaceLevel,
    project::{ProjectDraft, SlotDraft},
    refusal::{Missing, Refusal},
    resource::{Counted, ResourceDraft},
    rules::{NeedWeights, Rules},
    state::State,
    window::{DAY_MINUTES, Hours, Weekdays, Window},
};
use chrono::{Days, NaiveDate};

/// Why something that only seems to happen happens.
const SUPPOSED: &str = "假设";

/// The commands that make a change; none for those that only move the time.
pub(super) fn of(state: &State, change: &Change) -> Result<Vec<Command>, Refusal> {
    Ok(match change {
        Change::Command(command) => vec![command.as_ref().clone()],
        Change::Wait { .. } | Change::At(_) => Vec::new(),
        Change::LoseUnit(unit) => lose(state, *unit)?,
        Change::InviteUnit { kind, place, engagements } => {
            vec![Command::RegisterOrganization(OrganizationDraft {
                name: free_name(state, *kind),
                kind: OrganizationKind::Unit(*kind),
                place: *place,
                open_capacity: Some(*engagements),
                reference: None,
            })]
        }
        Change::AddCapacity { supplier: Supplier::Resource(resource), more } => {
            vec![amend_resource(state, *resource, |draft| grow(draft, *more))?]
        }
        Change::AddCapacity { supplier: Supplier::Unit(unit), more } => {
            let organization = organization(state, *unit)?;
            let capacity = state.open_capacity(organization).saturating_add(*more);
            let open_capacity = Some(u32::try_from(capacity).unwrap_or(u32::MAX));
            let draft = OrganizationDraft { open_capacity, ..organization.draft.clone() };
            vec![Command::AmendOrganization { organization: *unit, draft }]
        }
        Change::MultiplyWeight { factor, times } => {
            let mut rules = state.rules().clone();
            let weight = weight_of(&mut rules, *factor);
            *weight = weight.saturating_mul(*times);
            vec![Command::SetRules(rules)]
        }
        Change::MultiplyUrgency { times } => {
            let mut rules = state.rules().clone();
            let NeedWeights { urgent, emergency, .. } = &mut rules.need_weights;
            for added in [urgent, emergency] {
                *added = added.saturating_mul(*times).min(NeedWeights::URGENCY_MAX);
            }
            vec![Command::SetRules(rules)]
        }
        Change::WidenAsked { target: Target::Need(need), by } => vec![amend_need(state, *need, |draft| {
            draft.entry.window = widened(&draft.entry.window, *by);
        })?],
        Change::WidenAsked { target: Target::Slot(project, index), by } => {
            let (_, draft) = project_draft(state, *project)?;
            let whole = draft.entry.window.clone();
            vec![amend_slot(state, *project, *index, |slot| widen_slot(slot, &whole, *by))?]
        }
        Change::WidenOffered { resource, by } => vec![amend_resource(state, *resource, |draft| {
            draft.entry.window = widened(&draft.entry.window, *by);
        })?],
        Change::ServeToo { resource, place } => {
            let lies = state.resource(*resource).and_then(|resource| state.place_of(&resource.draft.entry));
            let street = lies.map(|lies| state.at_level(lies, PlaceLevel::Street).unwrap_or(lies));
            vec![amend_resource(state, *resource, |draft| {
                // Where no area was named it serves its street, and goes on doing so.
                if draft.serves.is_empty() {
                    draft.serves.extend(street);
                }
                draft.serves.push(*place);
            })?]
        }
        Change::Link(link) => vec![Command::LinkRoster(*link)],
        Change::RaiseCeiling { need, to } => {
            vec![amend_need(state, *need, |draft| draft.ceiling = Some(*to))?]
        }
        Change::TakeAs { target, category } => {
            let category = Some(Categorized::stated(category.clone()));
            vec![match target {
                Target::Need(need) => amend_need(state, *need, |draft| draft.entry.category = category)?,
                Target::Slot(project, index) => {
                    amend_slot(state, *project, *index, |slot| slot.category = category)?
                }
            }]
        }
        Change::AcceptAnyForm { target } => vec![match target {
            Target::Need(need) => amend_need(state, *need, |draft| draft.entry.form = None)?,
            Target::Slot(project, index) => amend_slot(state, *project, *index, |slot| slot.form = None)?,
        }],
        Change::OpenToEverybody { target } => vec![match target {
            Target::Need(need) => amend_need(state, *need, |draft| draft.entry.beneficiaries.group = None)?,
            Target::Slot(project, _) => {
                let (revision, mut draft) = project_draft(state, *project)?;
                draft.entry.beneficiaries.group = None;
                Command::AmendProject { project: *project, revision, draft }
            }
        }],
        Change::CallEverybody { need } => vec![amend_need(state, *need, |draft| draft.channel = None)?],
        Change::LowerFitMin { to } => {
            vec![Command::SetRules(Rules { fit_min: *to, ..state.rules().clone() })]
        }
    })
}

/// What it gives ends, what it offered is taken back, and it takes up nothing more.
fn lose(state: &State, unit: OrganizationId) -> Result<Vec<Command>, Refusal> {
    let organization = organization(state, unit)?;
    let offered: Vec<_> =
        state.resources().filter(|resource| resource.draft.entry.organization == unit).collect();
    let suppliers = offered.iter().map(|resource| Supplier::Resource(resource.id));
    let mut commands = Vec::new();
    for supplier in suppliers.chain([Supplier::Unit(unit)]) {
        for pairing in state.pairings_of_supplier(supplier) {
            let (pairing, side, reason) = (pairing.id, Side::Giving, SUPPOSED.to_owned());
            match state.pairing(pairing).map(|pairing| &pairing.status) {
                Some(PairingStatus::Agreed { .. } | PairingStatus::Claimed { by: Side::Giving, .. }) => {
                    commands.push(Command::WithdrawPairing { pairing, side, reason });
                }
                Some(PairingStatus::Proposed | PairingStatus::Claimed { by: Side::Asking, .. }) => {
                    commands.push(Command::DeclinePairing { pairing, side, reason });
                }
                Some(
                    PairingStatus::Accepted { .. }
                    | PairingStatus::Declined { .. }
                    | PairingStatus::Lapsed { .. }
                    | PairingStatus::Withdrawn { .. }
                    | PairingStatus::Superseded,
                )
                | None => {}
            }
        }
    }
    let standing = offered.iter().filter(|resource| resource.end.is_none());
    commands.extend(
        standing.map(|it| Command::WithdrawResource { resource: it.id, reason: SUPPOSED.to_owned() }),
    );
    let draft = OrganizationDraft { open_capacity: Some(0), ..organization.draft.clone() };
    commands.push(Command::AmendOrganization { organization: unit, draft });
    Ok(commands)
}

/// A name for a unit that is only supposed.
fn free_name(state: &State, kind: UnitKind) -> String {
    let plain = format!("{}({SUPPOSED})", kind.label_zh());
    let numbered = (2..).map(|number: u32| format!("{plain}{number}"));
    let free = |name: &String| state.organization_named(name).is_none();
    std::iter::once(plain.clone()).chain(numbered).find(free).unwrap_or(plain)
}

fn organization(state: &State, id: OrganizationId) -> Result<&crate::organization::Organization, Refusal> {
    let missing = Refusal::NotFound { field: "organization", missing: Missing::Organization(id) };
    state.organization(id).map(AsRef::as_ref).ok_or(missing)
}

fn amend_need(state: &State, id: NeedId, shape: impl FnOnce(&mut NeedDraft)) -> Result<Command, Refusal> {
    let missing = Refusal::NotFound { field: "need", missing: Missing::Need(id) };
    let need = state.need(id).ok_or(missing)?;
    let mut draft = need.draft.clone();
    shape(&mut draft);
    Ok(Command::AmendNeed { need: id, revision: need.revision, draft })
}

fn amend_resource(
    state: &State,
    id: ResourceId,
    shape: impl FnOnce(&mut ResourceDraft),
) -> Result<Command, Refusal> {
    let missing = Refusal::NotFound { field: "resource", missing: Missing::Resource(id) };
    let resource = state.resource(id).ok_or(missing)?;
    let mut draft = resource.draft.clone();
    shape(&mut draft);
    Ok(Command::AmendResource { resource: id, revision: resource.revision, draft })
}

fn project_draft(state: &State, id: ProjectId) -> Result<(u64, ProjectDraft), Refusal> {
    let missing = Refusal::NotFound { field: "project", missing: Missing::Project(id) };
    state.project(id).map(|project| (project.revision, project.draft.clone())).ok_or(missing)
}

fn amend_slot(
    state: &State,
    id: ProjectId,
    index: u16,
    shape: impl FnOnce(&mut SlotDraft),
) -> Result<Command, Refusal> {
    let (revision, mut draft) = project_draft(state, id)?;
    let missing = Refusal::NotFound { field: "slot", missing: Missing::Slot(id, index) };
    shape(draft.slots.get_mut(usize::from(index)).ok_or(missing)?);
    Ok(Command::AmendProject { project: id, revision, draft })
}

/// More of what it is counted in.
fn grow(draft: &mut ResourceDraft, more: u64) {
    let capacity = draft.capacity().saturating_add(more);
    match draft.counted() {
        Counted::Units(_) => {
            if let Some(quantity) = &mut draft.entry.quantity {
                quantity.amount = capacity;
            }
        }
        Counted::Lots => draft.lots = Some(capacity),
    }
}

const fn weight_of(rules: &mut Rules, factor: FactorKind) -> &mut u16 {
    let weights = &mut rules.weights;
    match factor {
        FactorKind::Category => &mut weights.category,
        FactorKind::Roster => &mut weights.roster,
        FactorKind::Distance => &mut weights.distance,
        FactorKind::Window => &mut weights.window,
        FactorKind::Wording => &mut weights.wording,
        FactorKind::Affinity => &mut weights.affinity,
        FactorKind::Freshness => &mut weights.freshness,
        FactorKind::Record => &mut weights.record,
    }
}

/// A slot's window widened where the project's applies to it.
fn widen_slot(slot: &mut SlotDraft, project: &Window, by: Widening) {
    let window = &mut slot.window;
    match by {
        Widening::Days { .. } => {
            window.from = window.from.or(project.from);
            window.to = window.to.or(project.to);
        }
        Widening::Minutes { .. } => window.hours = window.hours.or(project.hours),
        Widening::Weekdays(_) => window.weekdays = window.weekdays.or(project.weekdays),
    }
    *window = widened(window, by);
}

/// A window with more time in one dimension; what is open stays open.
fn widened(window: &Window, by: Widening) -> Window {
    let mut wider = window.clone();
    match by {
        Widening::Days { earlier, later } => {
            wider.from = window
                .from
                .map(|day| day.checked_sub_days(Days::new(earlier.into())).unwrap_or(NaiveDate::MIN));
            wider.to =
                window.to.map(|day| day.checked_add_days(Days::new(later.into())).unwrap_or(NaiveDate::MAX));
        }
        Widening::Minutes { earlier, later } => {
            wider.hours = window.hours.and_then(|hours| longer(hours, earlier, later));
        }
        Widening::Weekdays(days) => {
            wider.weekdays =
                window.weekdays.map(|weekdays| Weekdays((weekdays.0 | days.0) & Weekdays::ALL.0));
        }
    }
    wider
}

/// Hours that begin earlier and end later; `None` when that is the whole day.
const fn longer(hours: Hours, earlier: u16, later: u16) -> Option<Hours> {
    let (earlier, later) = (earlier as u32, later as u32);
    if hours.minutes() as u32 + earlier + later >= DAY_MINUTES as u32 {
        return None;
    }
    let day = DAY_MINUTES as u32;
    let from = (hours.from as u32 + day - earlier) % day;
    let to = (hours.to as u32 + later) % day;
    Some(Hours { from: from as u16, to: to as u16 })
}
