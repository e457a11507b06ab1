//! Inputs made of what the engine says: a change of a remedy, a draft of a joint project.

use super::{
    AddCapacityInput, ChangeInput, InviteUnitInput, MultiplyWeightInput, RaiseCeilingInput, ServeTooInput,
    TakeAsInput, WidenAskedInput, WidenOfferedInput, WideningInput, WideningSides,
};
use crate::{
    input::{
        entry::{EntryInput, HoursInput, QuantityInput, WindowInput},
        lists::{PostProjectInput, SlotInput},
        street::LinkRosterInput,
    },
    schema::{
        identity::NodeId,
        scalar::{DateTime, LocalTime, int},
        words::{Measure, Weekday},
    },
};
use async_graphql::ID;
use engine::{
    matching::{Change, what_if::Widening},
    pairing::{Supplier, Target},
    project::{ProjectDraft, SlotDraft},
    quantity::Quantity,
    window::Window,
};

impl ChangeInput {
    /// The input that supposes a change; `None` for a command, which has no such form.
    pub fn of(change: &Change) -> Option<Self> {
        Some(match change {
            Change::Command(_) => return None,
            Change::Wait { days } => Self::Wait(int(*days)),
            Change::At(moment) => Self::At(DateTime(*moment)),
            Change::LoseUnit(unit) => Self::LoseUnit(NodeId::Organization(*unit).id()),
            Change::InviteUnit { kind, place, engagements } => Self::InviteUnit(InviteUnitInput {
                kind: (*kind).into(),
                place: place.map(|place| NodeId::Place(place).id()),
                engagements: int(*engagements),
            }),
            Change::AddCapacity { supplier, more } => {
                Self::AddCapacity(AddCapacityInput { supplier: supplier_id(*supplier), more: int(*more) })
            }
            Change::MultiplyWeight { factor, times } => Self::MultiplyWeight(MultiplyWeightInput {
                factor: (*factor).into(),
                times: i32::from(*times),
            }),
            Change::MultiplyUrgency { times } => Self::MultiplyUrgency(i32::from(*times)),
            Change::WidenAsked { target, by } => {
                Self::WidenAsked(WidenAskedInput { target: target_id(*target), by: WideningInput::of(*by) })
            }
            Change::WidenOffered { resource, by } => Self::WidenOffered(WidenOfferedInput {
                resource: NodeId::Resource(*resource).id(),
                by: WideningInput::of(*by),
            }),
            Change::ServeToo { resource, place } => Self::ServeToo(ServeTooInput {
                resource: NodeId::Resource(*resource).id(),
                place: NodeId::Place(*place).id(),
            }),
            Change::Link(link) => Self::Link(LinkRosterInput {
                unit: NodeId::Organization(link.unit).id(),
                place: NodeId::Place(link.community).id(),
                relation: link.relation.into(),
                request_id: None,
            }),
            Change::RaiseCeiling { need, to } => {
                Self::RaiseCeiling(RaiseCeilingInput { need: NodeId::Need(*need).id(), to: int(*to) })
            }
            Change::TakeAs { target, category } => {
                Self::TakeAs(TakeAsInput { target: target_id(*target), category: ID(category.to_string()) })
            }
            Change::AcceptAnyForm { target } => Self::AcceptAnyForm(target_id(*target)),
            Change::OpenToEverybody { target } => Self::OpenToEverybody(target_id(*target)),
            Change::CallEverybody { need } => Self::CallEverybody(NodeId::Need(*need).id()),
            Change::LowerFitMin { to } => Self::LowerFitMin(i32::from(*to)),
        })
    }
}

impl WideningInput {
    fn of(by: Widening) -> Self {
        match by {
            Widening::Days { earlier, later } => {
                Self::Days(WideningSides { earlier: int(earlier), later: int(later) })
            }
            Widening::Minutes { earlier, later } => {
                Self::Minutes(WideningSides { earlier: earlier.into(), later: later.into() })
            }
            Widening::Weekdays(days) => Self::Weekdays(Weekday::of(days)),
        }
    }
}

impl PostProjectInput {
    /// The input that posts a draft as it is.
    pub fn of(draft: &ProjectDraft) -> Self {
        let entry = &draft.entry;
        Self {
            entry: EntryInput {
                title: entry.title.clone(),
                detail: entry.detail.clone(),
                organization: Some(NodeId::Organization(entry.organization).id()),
                place: entry.place.map(|place| NodeId::Place(place).id()),
                category: entry.category.as_ref().map(|category| ID(category.code.to_string())),
                form: entry.form.map(Into::into),
                quantity: entry.quantity.as_ref().map(QuantityInput::of),
                window: Some(WindowInput::of(&entry.window)),
                beneficiaries: None,
                reference: entry.reference.clone(),
                source: entry.source.clone(),
                settled: entry.settled.clone(),
            },
            slots: Some(draft.slots.iter().map(SlotInput::of).collect()),
            required: draft.required.map(i32::from),
            needs: Some(draft.needs.iter().map(|need| NodeId::Need(*need).id()).collect()),
            request_id: None,
        }
    }
}

impl SlotInput {
    fn of(slot: &SlotDraft) -> Self {
        Self {
            title: slot.title.clone(),
            category: slot.category.as_ref().map(|category| ID(category.code.to_string())),
            form: slot.form.map(Into::into),
            quantity: slot.quantity.as_ref().map(QuantityInput::of),
            window: Some(WindowInput::of(&slot.window)),
        }
    }
}

impl QuantityInput {
    fn of(quantity: &Quantity) -> Self {
        let measure = Measure::of(&quantity.measure);
        Self {
            amount: Some(int(quantity.amount)),
            measure: measure.named().is_some().then_some(measure),
            unit: Some(quantity.measure.unit().to_owned()),
            approximate: quantity.approximate,
            wording: quantity.wording.clone(),
        }
    }
}

impl WindowInput {
    fn of(window: &Window) -> Self {
        Self {
            from: window.from.map(Into::into),
            to: window.to.map(Into::into),
            hours: window.hours.map(|hours| HoursInput {
                from: LocalTime::from_minutes(hours.from),
                to: LocalTime::from_minutes(hours.to),
            }),
            weekdays: window.weekdays.map(Weekday::of),
            wording: window.wording.clone(),
        }
    }
}

fn target_id(target: Target) -> ID {
    match target {
        Target::Need(need) => NodeId::Need(need).id(),
        Target::Slot(project, index) => NodeId::Slot(project, index).id(),
    }
}

fn supplier_id(supplier: Supplier) -> ID {
    match supplier {
        Supplier::Resource(resource) => NodeId::Resource(resource).id(),
        Supplier::Unit(unit) => NodeId::Organization(unit).id(),
    }
}
