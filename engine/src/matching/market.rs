//! The market: everybody who asks and everything that can give, made ready to be compared.
//!
//! An *asker* is a need or a slot of a project; a *giver* is a posted resource or a unit's open capacity.
//! Wordings are analysed once here, not once a pair.

use super::Knowledge;
use crate::{
    category::CategoryCode,
    entry::{BeneficiaryGroup, EntryDraft, Form},
    identity::{OrganizationId, PlaceId},
    moment::Moment,
    need::{Channel, Need, Urgency},
    organization::{Organization, UnitKind},
    pairing::{Origin, PairingStatus, Supplier, Target},
    place::PlaceLevel,
    project::Project,
    quantity::Quantity,
    resource::{Counted, Resource, ResourceStatus},
    state::State,
    text::{
        affinity::{Affinity, NeedWords, Posted, UnitProfile},
        similarity::Terms,
    },
    window::Window,
};
use std::{collections::BTreeMap, sync::Arc};

/// The heaviest a need can weigh, in thousandths of an ordinary one.
pub const WEIGHT_MAX: u64 = 3_200;

/// A category with the top above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub code: CategoryCode,
    pub top: Option<CategoryCode>,
    pub stated: bool,
}

/// A need or slot, made ready.
#[derive(Debug)]
pub(super) struct Asker {
    pub target: Target,
    pub organization: OrganizationId,
    pub place: Option<PlaceId>,
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
    pub words: NeedWords,
    pub terms: Terms,
}

/// A resource or a unit's open capacity, made ready.
#[derive(Debug)]
pub(super) struct Giver {
    pub supplier: Supplier,
    pub organization: OrganizationId,
    pub kind: UnitKind,
    pub place: Option<PlaceId>,
    /// The areas it serves; empty = everywhere, because nobody said where it is.
    pub serves: Vec<PlaceId>,
    /// Whether those areas were named, rather than following from where it lies.
    pub serves_named: bool,
    pub category: Option<Placed>,
    pub form: Option<Form>,
    pub quantity: Option<Quantity>,
    /// What one unit of its capacity is; `None` for a unit, which counts engagements.
    pub counted: Option<Counted>,
    pub remaining: u64,
    pub window: Window,
    pub group: Option<BeneficiaryGroup>,
    /// When the resource was posted; `None` for a unit.
    pub posted: Option<Moment>,
    pub profile: Arc<UnitProfile>,
    /// Wording of the resource; `None` for a unit.
    pub terms: Option<Terms>,
}

/// Everybody and everything, and the state they come from.
#[derive(Debug)]
pub(super) struct Market<'a> {
    pub state: &'a State,
    pub knowledge: Knowledge<'a>,
    pub now: Moment,
    pub givers: Vec<Giver>,
}

impl<'a> Market<'a> {
    /// Every giver that is not withdrawn or settled, exhausted ones too: they are a cause to name.
    pub fn open(state: &'a State, knowledge: Knowledge<'a>, now: Moment) -> Self {
        let mut owned: BTreeMap<OrganizationId, Vec<&Arc<Resource>>> = BTreeMap::new();
        for resource in state.resources() {
            if !matches!(resource.status(), ResourceStatus::Withdrawn) {
                owned.entry(resource.draft.entry.organization).or_default().push(resource);
            }
        }
        let mut givers = Vec::new();
        for organization in state.organizations() {
            let resources = owned.get(&organization.id).map_or(&[][..], Vec::as_slice);
            if resources.is_empty() && !organization.draft.kind.takes_up_needs() {
                continue;
            }
            let profile = Arc::new(profile(knowledge.affinity, organization, resources));
            let open =
                resources.iter().filter(|resource| !matches!(resource.status(), ResourceStatus::Settled));
            for resource in open {
                givers.push(resource_giver(state, knowledge.affinity, organization, resource, &profile));
            }
            if organization.draft.kind.takes_up_needs() {
                givers.push(unit_giver(state, organization, &profile));
            }
        }
        Self { state, knowledge, now, givers }
    }

    /// Every need and slot that may be matched and still wants something; not the needs that an open project
    /// carries by its slots, or they would be served twice.
    pub fn askers(&self) -> Vec<Asker> {
        let on_its_own = |need: &Need| need.is_open() && self.state.stands_for(need.id).is_none();
        let needs = self.state.needs().filter(|need| on_its_own(need)).map(|need| self.need(need));
        let slots = self.state.projects().filter(|project| project.is_open()).flat_map(|project| {
            (0..project.draft.slots.len()).filter_map(|index| self.slot(project, u16::try_from(index).ok()?))
        });
        needs.chain(slots).filter(|asker| asker.wanting > 0).collect()
    }

    /// One need or slot, open or not.
    pub fn asker(&self, target: Target) -> Option<Asker> {
        match target {
            Target::Need(need) => self.state.need(need).map(|need| self.need(need)),
            Target::Slot(project, index) => self.slot(self.state.project(project)?, index),
        }
    }

    fn need(&self, need: &Need) -> Asker {
        let entry = &need.draft.entry;
        let mut asker = self.asked(Target::Need(need.id), entry, &entry.title, entry.category.as_ref());
        asker.channel = need.draft.channel;
        asker.ceiling = need.draft.ceiling;
        asker.wanting = need.unserved().saturating_sub(self.requested(asker.target));
        asker.weight =
            weight(need.draft.urgency, entry.beneficiaries.count, self.now.days_since(need.posted));
        asker
    }

    fn slot(&self, project: &Project, index: u16) -> Option<Asker> {
        let slot = project.draft.slots.get(usize::from(index))?;
        let tally = project.tallies.get(usize::from(index))?;
        let entry = &project.draft.entry;
        let target = Target::Slot(project.id, index);
        // A slot's own words say what is required; the project's title says in what.
        let wording = format!("{} {}", slot.title, entry.title);
        let category = slot.category.as_ref().or(entry.category.as_ref());
        let mut asker = self.asked(target, entry, &wording, category);
        asker.terms = self.knowledge.affinity.similarity().terms(&slot.title);
        asker.form = slot.form;
        asker.quantity.clone_from(&slot.quantity);
        asker.asked = slot.asked();
        asker.window = within(&slot.window, &entry.window);
        asker.wanting = slot.asked().saturating_sub(tally.reserved()).saturating_sub(self.requested(target));
        asker.weight = weight(None, entry.beneficiaries.count, self.now.days_since(project.posted));
        Some(asker)
    }

    fn asked(
        &self,
        target: Target,
        entry: &EntryDraft,
        wording: &str,
        category: Option<&crate::category::Categorized>,
    ) -> Asker {
        let affinity = self.knowledge.affinity;
        let words = match category {
            Some(category) if category.is_stated() => affinity.need_in(wording, category.code.as_str()),
            _ => affinity.need(wording),
        };
        Asker {
            target,
            organization: entry.organization,
            place: self.state.place_of(entry),
            category: category.map(|category| placed(self.state, category)),
            form: entry.form,
            quantity: entry.quantity.clone(),
            window: entry.window.clone(),
            group: entry.beneficiaries.group,
            channel: None,
            ceiling: None,
            asked: entry.amount(),
            wanting: entry.amount(),
            weight: 1_000,
            words,
            terms: affinity.similarity().terms(&entry.title),
        }
    }

    /// What people have requested for it by hand and nobody has claimed yet.
    fn requested(&self, target: Target) -> u64 {
        self.state
            .pairings_of_target(target)
            .filter(|pairing| {
                pairing.status == PairingStatus::Proposed && matches!(pairing.origin, Origin::Requested(_))
            })
            .map(|pairing| pairing.terms.quantity)
            .sum()
    }
}

/// Weight of a need in thousandths of an ordinary one: how soon it is wanted, how many people it serves
/// (50 for each doubling, at most 500), how long it has waited (10 a day, at most 700).
fn weight(urgency: Option<Urgency>, beneficiaries: Option<u32>, days_waited: u32) -> u64 {
    let urgency = match urgency {
        Some(Urgency::Emergency) => 2_000,
        Some(Urgency::Urgent) => 1_500,
        Some(Urgency::Normal) | None => 1_000,
    };
    let people = u64::from((beneficiaries.unwrap_or(0).saturating_add(1)).ilog2()) * 50;
    let waited = u64::from(days_waited) * 10;
    (urgency + people.min(500) + waited.min(700)).min(WEIGHT_MAX)
}

fn placed(state: &State, category: &crate::category::Categorized) -> Placed {
    Placed {
        code: category.code.clone(),
        top: state.category(&category.code).and_then(|category| category.parent.clone()),
        stated: category.is_stated(),
    }
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

fn profile(affinity: &Affinity, organization: &Organization, resources: &[&Arc<Resource>]) -> UnitProfile {
    let posted: Vec<Posted<'_>> = resources
        .iter()
        .map(|resource| Posted {
            title: &resource.draft.entry.title,
            leaf: resource
                .draft
                .entry
                .category
                .as_ref()
                .filter(|category| category.is_stated())
                .map(|category| category.code.as_str()),
        })
        .collect();
    affinity.unit(&organization.draft.name, Some(organization.draft.kind.unit_kind()), &posted)
}

fn resource_giver(
    state: &State,
    affinity: &Affinity,
    organization: &Organization,
    resource: &Resource,
    profile: &Arc<UnitProfile>,
) -> Giver {
    let entry = &resource.draft.entry;
    let place = state.place_of(entry);
    let serves_named = !resource.draft.serves.is_empty();
    Giver {
        supplier: Supplier::Resource(resource.id),
        organization: organization.id,
        kind: organization.draft.kind.unit_kind(),
        place,
        serves: if serves_named { resource.draft.serves.clone() } else { own_street(state, place) },
        serves_named,
        category: entry.category.as_ref().map(|category| placed(state, category)),
        form: entry.form,
        quantity: entry.quantity.clone(),
        counted: Some(resource.draft.counted()),
        remaining: resource.remaining(),
        window: entry.window.clone(),
        group: entry.beneficiaries.group,
        posted: Some(resource.posted),
        profile: Arc::clone(profile),
        terms: Some(affinity.similarity().terms(&entry.title)),
    }
}

fn unit_giver(state: &State, organization: &Organization, profile: &Arc<UnitProfile>) -> Giver {
    Giver {
        supplier: Supplier::Unit(organization.id),
        organization: organization.id,
        kind: organization.draft.kind.unit_kind(),
        place: organization.draft.place,
        serves: own_street(state, organization.draft.place),
        serves_named: false,
        category: None,
        form: None,
        quantity: None,
        counted: None,
        remaining: state.open_capacity(organization).saturating_sub(organization.engagements.reserved()),
        window: Window::open(),
        group: None,
        posted: None,
        profile: Arc::clone(profile),
        terms: None,
    }
}

/// The street a place lies in, or the place itself when it lies above; nothing when the place is unknown.
fn own_street(state: &State, place: Option<PlaceId>) -> Vec<PlaceId> {
    place.map(|place| state.at_level(place, PlaceLevel::Street).unwrap_or(place)).into_iter().collect()
}
