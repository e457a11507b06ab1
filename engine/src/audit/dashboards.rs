//! The dashboards' cells, the series of days and what is idle, added up from the lists once more: every entry writes a slip,
//! and every slip is counted wherever it belongs.

use super::Findings;
use crate::{
    category::CategoryCode,
    delivery::DeliveryStatus,
    entry::{EntryDraft, Form},
    history::Entity,
    identity::{NeedId, OrganizationId, PlaceId},
    moment::Moment,
    need::Channel,
    pairing::{Pairing, PairingStatus, Supplier, Tally, Target},
    period::Month,
    place::PlaceLevel,
    quantity::{Measure, Quantity},
    resource::{Resource, ResourceStatus},
    state::State,
    tallies::{Facet, Flow, List, NOWHERE, Stage, Standing, Stream, Sums},
};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

type Cell = (List, PlaceId, Vec<Facet>, Month, Standing, Stage, Measure);

type Day = (Option<PlaceId>, Option<Facet>, NaiveDate, Stream, Measure);

pub(super) fn look(state: &State, findings: &mut Findings) {
    let mut count = Count { state, cells: BTreeMap::new(), days: BTreeMap::new(), reached: BTreeMap::new() };
    for pairing in state.pairings() {
        count.pairing(pairing);
    }
    count.needs();
    count.resources();
    count.projects();
    let about = |place: PlaceId| if place == NOWHERE { Entity::Street } else { Entity::Place(place) };
    findings.compare("dashboards", state.tallies().cells(), count.cells, |(_, place, ..)| about(*place));
    findings.compare("series", state.tallies().days(), count.days, |(place, facet, ..)| match facet {
        Some(Facet::Category(Some(code))) => Entity::Category(code.clone()),
        Some(Facet::Organization(id) | Facet::Giving(Some(id))) => Entity::Organization(*id),
        Some(
            Facet::Category(None)
            | Facet::Giving(None)
            | Facet::Channel(_)
            | Facet::Form(_)
            | Facet::Beneficiary(_),
        )
        | None => place.map_or(Entity::Street, about),
    });
    let reached = state.tallies().reached().iter().map(|(need, stage)| (*need, *stage));
    findings.compare("ways", reached, count.reached, |need| Entity::Need(*need));
    at_what_is_idle(state, findings);
}

/// What something counts, and where.
struct Slip<'a> {
    list: List,
    since: Moment,
    entry: &'a EntryDraft,
    category: Option<CategoryCode>,
    giving: Option<OrganizationId>,
    channel: Option<Channel>,
    form: Option<Form>,
    standing: Standing,
    stage: Stage,
    sums: Vec<(Measure, Sums)>,
}

impl Slip<'_> {
    /// What it is told apart by: every list by who posted it, only pairings by who gives, only needs and their pairings by
    /// how they came.
    fn facets(&self) -> Vec<Facet> {
        let mut facets =
            vec![Facet::Category(self.category.clone()), Facet::Organization(self.entry.organization)];
        if self.list == List::Pairings {
            facets.push(Facet::Giving(self.giving));
        }
        if matches!(self.list, List::Needs | List::Pairings) {
            facets.push(Facet::Channel(self.channel));
        }
        facets.push(Facet::Form(self.form));
        facets.push(Facet::Beneficiary(self.entry.beneficiaries.group));
        facets
    }
}

struct Count<'a> {
    state: &'a State,
    cells: BTreeMap<Cell, Sums>,
    days: BTreeMap<Day, Flow>,
    reached: BTreeMap<NeedId, Stage>,
}

fn measure(quantity: Option<&Quantity>) -> Measure {
    quantity.map_or(Measure::Lot, |quantity| quantity.measure.clone())
}

/// What a resource is counted by: in lots where it is lent whole.
fn measure_of(resource: &Resource) -> Measure {
    let counted = measure(resource.draft.entry.quantity.as_ref());
    let is_lent_whole = matches!(counted, Measure::Households | Measure::Area | Measure::Other(_));
    if resource.draft.lots.is_some() || is_lent_whole { Measure::Lot } else { counted }
}

fn own(entry: &EntryDraft) -> Option<CategoryCode> {
    entry.category.as_ref().map(|category| category.code.clone())
}

/// The first step that holds, from the last on.
fn furthest(steps: [(Stage, bool); 4]) -> Option<Stage> {
    steps.into_iter().find(|(_, holds)| *holds).map(|(stage, _)| stage)
}

fn stage_of(pairing: &Pairing) -> Stage {
    let steps = [
        (Stage::Accepted, pairing.accepted > 0),
        (Stage::Delivered, pairing.delivered > 0),
        (Stage::Agreed, pairing.agreed.is_some()),
        (Stage::Claimed, pairing.claimed.is_some()),
    ];
    furthest(steps).unwrap_or(Stage::Proposed)
}

/// What of a resource is under way.
fn under_way(Tally { proposed, claimed, agreed, delivered, accepted }: Tally) -> Stage {
    let steps = [
        (Stage::Delivered, delivered > accepted),
        (Stage::Agreed, agreed > accepted),
        (Stage::Claimed, claimed > 0),
        (Stage::Proposed, proposed > 0),
    ];
    furthest(steps).unwrap_or(Stage::Posted)
}

/// The place of an entry and all around it; where nobody has said one, that nowhere is.
fn places(state: &State, entry: &EntryDraft) -> Vec<(PlaceId, PlaceLevel)> {
    let seat = state.organization(entry.organization).and_then(|it| it.draft.place);
    let mut next = entry.place.or(seat).and_then(|id| state.place(id));
    let mut found = Vec::new();
    while let Some(place) = next {
        found.push((place.id, place.level));
        next = place.parent.and_then(|id| state.place(id));
    }
    if found.is_empty() {
        found.push((NOWHERE, PlaceLevel::Street));
    }
    found
}

impl<'a> Count<'a> {
    fn day(&self, at: Moment) -> NaiveDate {
        at.date(self.state.rules().utc_offset_minutes)
    }

    fn file(&mut self, slip: &Slip<'_>) {
        let month = Month::of(self.day(slip.since));
        let facets = slip.facets();
        let mut cuts = vec![Vec::new()];
        cuts.extend(facets.iter().map(|one| vec![one.clone()]));
        for (at, one) in facets.iter().enumerate() {
            cuts.extend(facets.iter().skip(at + 1).map(|other| vec![one.clone(), other.clone()]));
        }
        for (place, level) in places(self.state, slip.entry) {
            // Below the community nothing is told apart, and two things at once only where nothing is around.
            let is_within = self.state.place(place).is_some_and(|place| place.parent.is_some());
            let told_apart = match level <= PlaceLevel::Community {
                false if is_within => 1,
                true if is_within => 1 + facets.len(),
                _ => cuts.len(),
            };
            for cut in cuts.iter().take(told_apart) {
                for (measure, sums) in slip.sums.iter().filter(|(_, sums)| *sums != Sums::default()) {
                    let (cut, measure) = (cut.clone(), measure.clone());
                    let cell = (slip.list, place, cut, month, slip.standing, slip.stage, measure);
                    let sum = self.cells.entry(cell).or_default();
                    *sum = sum.plus(*sums);
                }
            }
        }
    }

    /// Something happened on a day, where a slip is filed.
    fn happen(&mut self, on: NaiveDate, stream: Stream, slip: &Slip<'_>, measure: &Measure, amount: u64) {
        let around = places(self.state, slip.entry);
        let community = around.iter().find(|(_, level)| *level == PlaceLevel::Community);
        let near = community.or(around.first()).map(|(place, _)| *place).filter(|place| *place != NOWHERE);
        let mut parts: Vec<_> = around.iter().map(|(place, _)| (Some(*place), None, on)).collect();
        // In a community properties are told apart month by month.
        let month = on.with_day(1).unwrap_or(on);
        // What nobody said is no part of the street.
        for facet in slip.facets().into_iter().filter(Facet::is_said) {
            parts.extend(near.map(|near| (Some(near), Some(facet.clone()), month)));
            parts.push((None, Some(facet), on));
        }
        for (place, facet, under) in parts {
            let flow = self.days.entry((place, facet, under, stream, measure.clone())).or_default();
            flow.count += 1;
            flow.amount = flow.amount.saturating_add(amount);
        }
    }

    fn slip(list: List, since: Moment, entry: &'a EntryDraft, standing: Standing) -> Slip<'a> {
        let (category, giving, channel, form) = (own(entry), None, None, entry.form);
        let (stage, sums) = (Stage::Posted, Vec::new());
        Slip { list, since, entry, category, giving, channel, form, standing, stage, sums }
    }

    fn needs(&mut self) {
        for need in self.state.needs() {
            let (entry, standing) = (&need.draft.entry, Standing::Need(need.status()));
            let mut slip = Self::slip(List::Needs, need.posted, entry, standing);
            slip.channel = need.draft.channel;
            slip.stage = match self.reached.get(&need.id) {
                Some(Stage::Accepted) if need.appraised.is_some() => Stage::Appraised,
                reached => reached.copied().unwrap_or(Stage::Posted),
            };
            let (measure, asked) = (measure(entry.quantity.as_ref()), need.asked());
            slip.sums.push((measure.clone(), Sums { count: 1, amount: asked, tally: need.tally }));
            self.file(&slip);
            self.happen(self.day(need.posted), Stream::NeedsPosted, &slip, &measure, asked);
            if let Some(appraisal) = &need.appraised {
                self.happen(self.day(appraisal.at), Stream::Appraised, &slip, &measure, asked);
            }
        }
    }

    fn resources(&mut self) {
        for resource in self.state.resources() {
            let (entry, standing) = (&resource.draft.entry, Standing::Resource(resource.status()));
            let mut slip = Self::slip(List::Resources, resource.posted, entry, standing);
            slip.stage = under_way(resource.tally);
            let (measure, capacity) = (measure_of(resource), resource.draft.capacity());
            slip.sums.push((measure.clone(), Sums { count: 1, amount: capacity, tally: resource.tally }));
            self.file(&slip);
            self.happen(self.day(resource.posted), Stream::ResourcesPosted, &slip, &measure, capacity);
        }
    }

    fn projects(&mut self) {
        for project in self.state.projects() {
            let (entry, standing) = (&project.draft.entry, Standing::Project(project.status()));
            let mut slip = Self::slip(List::Projects, project.posted, entry, standing);
            let any = |share: fn(&Tally) -> u64| project.tallies.iter().any(|tally| share(tally) > 0);
            let steps = [
                (Stage::Accepted, any(|it| it.accepted)),
                (Stage::Delivered, any(|it| it.delivered)),
                (Stage::Agreed, any(|it| it.agreed)),
                (Stage::Claimed, any(|it| it.claimed)),
            ];
            let begun = if any(|it| it.proposed) { Stage::Proposed } else { Stage::Posted };
            slip.stage = furthest(steps).unwrap_or(begun);
            // The project itself, and what its slots ask, each in its own measure.
            let slots = project.draft.slots.iter().zip(&project.tallies);
            let mut sums = BTreeMap::from([(Measure::Lot, Sums { count: 1, ..Sums::default() })]);
            for (slot, tally) in slots {
                let sum: &mut Sums = sums.entry(measure(slot.quantity.as_ref())).or_default();
                *sum = sum.plus(Sums { count: 0, amount: slot.asked(), tally: *tally });
            }
            slip.sums.extend(sums);
            self.file(&slip);
            self.happen(self.day(project.posted), Stream::ProjectsPosted, &slip, &Measure::Lot, 0);
        }
    }

    fn pairing(&mut self, pairing: &Pairing) {
        let stage = stage_of(pairing);
        let served = match pairing.terms.target {
            Target::Need(id) => {
                let reached = self.reached.entry(id).or_insert(stage);
                *reached = stage.max(*reached);
                self.state.need(id).map(|need| {
                    let entry = &need.draft.entry;
                    (entry, own(entry), entry.form, need.draft.channel, entry.quantity.as_ref())
                })
            }
            Target::Slot(id, index) => self.state.project(id).and_then(|project| {
                let entry = &project.draft.entry;
                let slot = project.draft.slots.get(usize::from(index))?;
                let category = slot.category.as_ref().map(|category| category.code.clone());
                Some((
                    entry,
                    category.or_else(|| own(entry)),
                    slot.form.or(entry.form),
                    None,
                    slot.quantity.as_ref(),
                ))
            }),
        };
        // A slot that an amendment took away is asked by nobody.
        let Some((entry, category, form, channel, quantity)) = served else { return };
        let standing = Standing::Pairing((&pairing.status).into());
        let mut slip = Self::slip(List::Pairings, pairing.since, entry, standing);
        (slip.category, slip.stage, slip.channel, slip.form) = (category, stage, channel, form);
        slip.giving = giver(self.state, pairing.terms.supplier);
        let (measure, amount, none) = (measure(quantity), pairing.terms.quantity, Tally::NONE);
        let tally = match pairing.status {
            PairingStatus::Proposed => Tally { proposed: amount, ..none },
            PairingStatus::Claimed { .. } => Tally { claimed: amount, ..none },
            PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => {
                Tally { agreed: amount, delivered: pairing.delivered, accepted: pairing.accepted, ..none }
            }
            PairingStatus::Declined { .. }
            | PairingStatus::Lapsed { .. }
            | PairingStatus::Withdrawn { .. }
            | PairingStatus::Superseded => none,
        };
        slip.sums.push((measure.clone(), Sums { count: 1, amount, tally }));
        self.file(&slip);
        let done = match pairing.status {
            PairingStatus::Accepted { at } => Some(at),
            _ => None,
        };
        let steps = [
            (Some(pairing.since), Stream::Proposed),
            (pairing.claimed, Stream::Claimed),
            (pairing.agreed, Stream::Agreed),
            (done, Stream::Fulfilled),
        ];
        for (at, stream) in steps.into_iter().filter_map(|(at, stream)| Some((at?, stream))) {
            self.happen(self.day(at), stream, &slip, &measure, amount);
        }
        for delivery in self.state.deliveries_of(pairing.id) {
            let amount = delivery.draft.quantity;
            if !matches!(delivery.status, DeliveryStatus::Withdrawn { .. }) {
                self.happen(delivery.draft.on, Stream::Delivered, &slip, &measure, amount);
            }
            if let DeliveryStatus::Confirmed { at } = delivery.status {
                self.happen(self.day(at), Stream::Accepted, &slip, &measure, amount);
            }
        }
    }
}

fn giver(state: &State, supplier: Supplier) -> Option<OrganizationId> {
    match supplier {
        Supplier::Resource(id) => state.resource(id).map(|it| it.draft.entry.organization),
        Supplier::Unit(id) => Some(id),
    }
}

/// Since when something rests is taken as it is kept.
fn at_what_is_idle(state: &State, findings: &mut Findings) {
    let kept = state.tallies().resting();
    let is_idle = |it: &Resource| it.status() == ResourceStatus::Open && under_way(it.tally) == Stage::Posted;
    let (mut idle, mut queues) = (BTreeSet::new(), BTreeSet::new());
    for it in state.resources().filter(|it| is_idle(it)) {
        idle.insert(it.id);
        let Some(since) = kept.get(&it.id) else { continue };
        for (place, _) in places(state, &it.draft.entry) {
            queues.insert((place, own(&it.draft.entry), *since, it.id));
        }
    }
    findings.compare_sets("idle resources", kept.keys().copied(), idle, |id| Entity::Resource(*id));
    findings.compare_sets("queues of idle resources", state.tallies().queues(), queues, |(.., id)| {
        Entity::Resource(*id)
    });
    let early = kept.iter().filter(|(id, since)| state.resource(**id).is_some_and(|it| **since < it.posted));
    findings.compare_sets("rests before they were posted", early.map(|(id, _)| *id), [], |id| {
        Entity::Resource(*id)
    });
}
