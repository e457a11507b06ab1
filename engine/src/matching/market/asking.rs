//! Askers: a need or a slot of a project, made ready to be compared.

use super::{Located, Placed, Shared};
use crate::{
    category::{Categorized, CategoryCode},
    entry::{BeneficiaryGroup, EntryDraft, Form},
    identity::{OrganizationId, ResourceId},
    moment::Moment,
    need::{Channel, Need, Urgency},
    pairing::{PairingStatus, Supplier, Target},
    plan::Cause,
    project::Project,
    quantity::Quantity,
    rules::NeedWeights,
    state::State,
    text::{
        affinity::{Affinity, NeedWords},
        similarity::Terms,
    },
    window::Window,
};
use std::{collections::BTreeMap, sync::Arc};

/// The heaviest a need can weigh, in thousandths of an ordinary one.
pub const WEIGHT_MAX: u64 = 3_200;

/// The most that people served add.
const PEOPLE_MAX: u64 = 500;

/// The most that waiting adds.
const WAITING_MAX: u64 = 700;

/// What is asked in words, analysed.
#[derive(Debug)]
pub(in crate::matching) struct AskedWording {
    /// All that is said: of a slot also the title of its project.
    said: String,
    /// The category a person stated.
    leaf: Option<CategoryCode>,
    title: String,
    pub words: NeedWords,
    /// Of the title alone.
    pub terms: Terms,
}

/// A need or slot, made ready.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::matching) struct Asker {
    pub target: Target,
    pub organization: OrganizationId,
    pub place: Option<Located>,
    pub category: Option<Placed>,
    pub form: Option<Form>,
    pub quantity: Option<Quantity>,
    pub window: Window,
    pub group: Option<BeneficiaryGroup>,
    pub channel: Option<Channel>,
    pub ceiling: Option<u64>,
    /// All it asks, in base units.
    pub asked: u64,
    /// What is neither claimed, agreed, nor requested by hand.
    pub wanting: u64,
    /// How much it weighs, in thousandths of an ordinary need.
    pub weight: u64,
    pub wording: Shared<AskedWording>,
    /// Whom it was declined with before or is bound to already, ascending.
    pub closed: Arc<[(Supplier, Cause)]>,
    posted: Moment,
    /// What it weighs before it has waited.
    weight_at_first: u64,
    /// What a day of waiting adds.
    weight_a_day: u64,
}

impl Asker {
    /// One need or slot, open or not; `known` is the same one as it was made ready before.
    pub fn of(
        state: &State,
        affinity: &Affinity,
        target: Target,
        now: Moment,
        known: Option<&Self>,
    ) -> Option<Self> {
        match target {
            Target::Need(need) => state.need(need).map(|need| Self::need(state, affinity, need, now, known)),
            Target::Slot(project, index) => {
                Self::slot(state, affinity, state.project(project)?, index, now, known)
            }
        }
    }

    /// Whether a need or slot may be matched and still wants something. A need that an open project carries
    /// by its slots is not matched itself, or it would be served twice.
    pub fn is_open(&self, state: &State) -> bool {
        is_open(state, self.target) && self.wanting > 0
    }

    /// Why this supplier is out of the question, whatever it gives: bound to it already, or declined.
    pub fn closed_to(&self, supplier: Supplier) -> Option<Cause> {
        let found = self.closed.binary_search_by_key(&supplier, |(closed, _)| *closed).ok()?;
        self.closed.get(found).map(|(_, cause)| *cause)
    }

    /// Whether it would judge everybody just as the other, however much it wants and weighs.
    pub fn judged_like(&self, other: &Self) -> bool {
        let Self { wanting, weight, posted, weight_at_first, weight_a_day, .. } = *other;
        Self { wanting, weight, posted, weight_at_first, weight_a_day, ..self.clone() } == *other
    }

    /// What it weighs at another time, in thousandths of an ordinary need: each day it has waited adds to it.
    pub fn weight_at(&self, now: Moment) -> u64 {
        let waited = u64::from(now.days_since(self.posted)) * self.weight_a_day;
        (self.weight_at_first + waited.min(WAITING_MAX)).min(WEIGHT_MAX)
    }

    fn need(state: &State, affinity: &Affinity, need: &Need, now: Moment, known: Option<&Self>) -> Self {
        let entry = &need.draft.entry;
        let target = Target::Need(need.id);
        let wording = wording(affinity, entry.category.as_ref(), &entry.title, &entry.title, known);
        let mut asker = Self::asked(state, target, entry, entry.category.as_ref(), wording);
        asker.channel = need.draft.channel;
        asker.ceiling = need.draft.ceiling;
        asker.wanting = need.unserved().saturating_sub(state.requested_for(target));
        asker.posted = need.posted;
        let weights = &state.rules().need_weights;
        asker.weight_at_first = weight_at_first(weights, need.draft.urgency, entry.beneficiaries.count);
        asker.weight = asker.weight_at(now);
        asker
    }

    fn slot(
        state: &State,
        affinity: &Affinity,
        project: &Project,
        index: u16,
        now: Moment,
        known: Option<&Self>,
    ) -> Option<Self> {
        let slot = project.draft.slots.get(usize::from(index))?;
        let tally = project.tallies.get(usize::from(index))?;
        let entry = &project.draft.entry;
        let target = Target::Slot(project.id, index);
        // A slot's own words say what is required; the project's title says in what.
        let said = format!("{} {}", slot.title, entry.title);
        let category = slot.category.as_ref().or(entry.category.as_ref());
        let wording = wording(affinity, category, &said, &slot.title, known);
        let mut asker = Self::asked(state, target, entry, category, wording);
        asker.form = slot.form;
        asker.quantity.clone_from(&slot.quantity);
        asker.asked = slot.asked();
        asker.window = within(&slot.window, &entry.window);
        asker.wanting =
            slot.asked().saturating_sub(tally.reserved()).saturating_sub(state.requested_for(target));
        asker.posted = project.posted;
        asker.weight_at_first = weight_at_first(&state.rules().need_weights, None, entry.beneficiaries.count);
        asker.weight = asker.weight_at(now);
        Some(asker)
    }

    fn asked(
        state: &State,
        target: Target,
        entry: &EntryDraft,
        category: Option<&Categorized>,
        wording: Shared<AskedWording>,
    ) -> Self {
        Self {
            target,
            organization: entry.organization,
            place: state.place_of(entry).map(|place| Located::of(state, place)),
            category: category.map(|category| Placed::of(state, category)),
            form: entry.form,
            quantity: entry.quantity.clone(),
            window: Window { wording: None, ..entry.window.clone() },
            group: entry.beneficiaries.group,
            channel: None,
            ceiling: None,
            asked: entry.amount(),
            wanting: entry.amount(),
            weight: 1_000,
            wording,
            closed: closed(state, target),
            posted: Moment::from_millis(0),
            weight_at_first: 1_000,
            weight_a_day: state.rules().need_weights.day.into(),
        }
    }
}

fn wording(
    affinity: &Affinity,
    category: Option<&Categorized>,
    said: &str,
    title: &str,
    known: Option<&Asker>,
) -> Shared<AskedWording> {
    let leaf = category.filter(|category| category.is_stated()).map(|category| &category.code);
    if let Some(Asker { wording, .. }) = known
        && wording.said == said
        && wording.title == title
        && wording.leaf.as_ref() == leaf
    {
        return wording.clone();
    }
    let words = match leaf {
        Some(leaf) => affinity.need_in(said, leaf.as_str()),
        None => affinity.need(said),
    };
    Shared::new(AskedWording {
        // Reading is dear, and mostly the title is all that is said.
        terms: if said == title { words.terms().clone() } else { affinity.similarity().terms(title) },
        words,
        said: said.to_owned(),
        leaf: leaf.cloned(),
        title: title.to_owned(),
    })
}

/// Whether a need or slot is there to be matched, whether or not it still wants something.
pub(in crate::matching) fn is_open(state: &State, target: Target) -> bool {
    match target {
        Target::Need(need) => {
            state.need(need).is_some_and(|need| need.is_open()) && state.stands_for(need).is_none()
        }
        Target::Slot(project, index) => state.project(project).is_some_and(|project| {
            project.takes_pairings() && usize::from(index) < project.draft.slots.len()
        }),
    }
}

/// Whom it was declined with before or is bound to already, ascending.
fn closed(state: &State, target: Target) -> Arc<[(Supplier, Cause)]> {
    let first = Supplier::Resource(ResourceId::new(0));
    let last = Supplier::Unit(OrganizationId::new(u64::MAX));
    let declined = state.declined.range((target, first)..=(target, last)).map(|(_, supplier)| *supplier);
    let mut closed: BTreeMap<Supplier, Cause> =
        declined.map(|supplier| (supplier, Cause::Declined)).collect();
    let bound = state.pairings_of_target(target).filter(|pairing| match pairing.status {
        PairingStatus::Claimed { .. } | PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => true,
        PairingStatus::Proposed => pairing.is_requested(),
        PairingStatus::Declined { .. }
        | PairingStatus::Lapsed { .. }
        | PairingStatus::Withdrawn { .. }
        | PairingStatus::Superseded => false,
    });
    closed.extend(bound.map(|pairing| (pairing.terms.supplier, Cause::AlreadyPaired)));
    closed.into_iter().collect()
}

/// Weight of a need in thousandths of an ordinary one, before it has waited: how soon it is wanted, how many
/// people it serves.
fn weight_at_first(weights: &NeedWeights, urgency: Option<Urgency>, beneficiaries: Option<u32>) -> u64 {
    let urgency = match urgency {
        Some(Urgency::Emergency) => weights.emergency,
        Some(Urgency::Urgent) => weights.urgent,
        Some(Urgency::Normal) | None => 0,
    };
    let doublings = beneficiaries.unwrap_or(0).saturating_add(1).ilog2();
    let people = u64::from(doublings) * u64::from(weights.doubling);
    1_000 + u64::from(urgency) + people.min(PEOPLE_MAX)
}

/// A slot's window, with what it leaves open taken from its project.
fn within(slot: &Window, project: &Window) -> Window {
    Window {
        from: slot.from.or(project.from),
        to: slot.to.or(project.to),
        hours: slot.hours.or(project.hours),
        weekdays: slot.weekdays.or(project.weekdays),
        wording: None,
    }
}
