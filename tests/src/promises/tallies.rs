//! The tallies, counted once more: every list is read from its first entry to its last, each entry is put down as it
//! stands with what one would say of it, and these slips are counted. Nothing here asks the engine what it has counted;
//! only since when a resource rests is followed through the log, because no list says that.

use chrono::{Datelike, NaiveDate};
use engine::{
    category::CategoryCode,
    delivery::DeliveryStatus,
    entry::EntryDraft,
    identity::{NeedId, OrganizationId, PlaceId, ResourceId},
    moment::Moment,
    need::NeedStatus,
    organization::UnitKind,
    pairing::{Pairing, PairingStatus, Supplier, Tally, Target},
    period::Month,
    place::PlaceLevel,
    quantity::{Measure, Quantity},
    resource::{Resource, ResourceStatus},
    state::State,
    tallies::{
        self, By, Flow, Grain, Group, List, Part, Slice, Stage, Standing, Stream, Sums, Totals, Where,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What one would say of an entry.
#[derive(Clone, Debug)]
struct Slip {
    list: List,
    month: Month,
    places: Vec<PlaceId>,
    category: Option<CategoryCode>,
    top: Option<CategoryCode>,
    organization: OrganizationId,
    giving: Option<OrganizationId>,
    rest: Vec<Slice>,
    standing: Standing,
    stage: Stage,
    amounts: Vec<(Measure, u64, Tally)>,
}

/// What happened, where, on which day.
struct Happening {
    on: NaiveDate,
    stream: Stream,
    places: Vec<PlaceId>,
    category: Option<CategoryCode>,
    top: Option<CategoryCode>,
    measure: Measure,
    amount: u64,
}

/// All slips of one state.
pub struct Slips<'a> {
    state: &'a State,
    slips: Vec<Slip>,
    happenings: Vec<Happening>,
}

impl<'a> Slips<'a> {
    /// Reads the lists of a state.
    pub fn of(state: &'a State) -> Self {
        let mut all = Self { state, slips: Vec::new(), happenings: Vec::new() };
        for need in state.needs() {
            let entry = &need.draft.entry;
            let mut slip =
                all.slip(List::Needs, need.posted, entry, entry.category.as_ref().map(|it| &it.code));
            slip.rest.extend(need.draft.channel.map(Slice::Channel));
            slip.rest.extend(entry.form.map(Slice::Form));
            slip.standing = Standing::Need(need.status());
            slip.stage = all.stage_of_need(need.id);
            if slip.stage == Stage::Accepted && need.appraised.is_some() {
                slip.stage = Stage::Appraised;
            }
            let measure = measure(entry.quantity.as_ref());
            slip.amounts.push((measure.clone(), need.asked(), need.tally));
            all.happen(Some(need.posted), Stream::NeedsPosted, &slip, &measure, need.asked());
            all.happen(
                need.appraised.as_ref().map(|it| it.at),
                Stream::Appraised,
                &slip,
                &measure,
                need.asked(),
            );
            all.slips.push(slip);
        }
        for resource in state.resources() {
            let entry = &resource.draft.entry;
            let leaf = entry.category.as_ref().map(|it| &it.code);
            let mut slip = all.slip(List::Resources, resource.posted, entry, leaf);
            slip.rest.extend(entry.form.map(Slice::Form));
            slip.standing = Standing::Resource(resource.status());
            slip.stage = under_way(resource);
            let counted = super::shared_out(&resource.draft).unwrap_or(Measure::Lot);
            let capacity = resource.draft.capacity();
            slip.amounts.push((counted.clone(), capacity, resource.tally));
            all.happen(Some(resource.posted), Stream::ResourcesPosted, &slip, &counted, capacity);
            all.slips.push(slip);
        }
        for project in state.projects() {
            let entry = &project.draft.entry;
            let leaf = entry.category.as_ref().map(|it| &it.code);
            let mut slip = all.slip(List::Projects, project.posted, entry, leaf);
            slip.rest.extend(entry.form.map(Slice::Form));
            slip.standing = Standing::Project(project.status());
            let any = |share: &dyn Fn(&Tally) -> u64| project.tallies.iter().any(|tally| share(tally) > 0);
            slip.stage = if any(&|it| it.accepted) {
                Stage::Accepted
            } else if any(&|it| it.delivered) {
                Stage::Delivered
            } else if any(&|it| it.agreed) {
                Stage::Agreed
            } else if any(&|it| it.claimed) {
                Stage::Claimed
            } else if any(&|it| it.proposed) {
                Stage::Proposed
            } else {
                Stage::Posted
            };
            let slots = project.draft.slots.iter().zip(&project.tallies);
            slip.amounts =
                slots.map(|(slot, it)| (measure(slot.quantity.as_ref()), slot.asked(), *it)).collect();
            all.happen(Some(project.posted), Stream::ProjectsPosted, &slip, &Measure::Lot, 0);
            all.slips.push(slip);
        }
        for pairing in state.pairings() {
            let slip = all.of_pairing(pairing);
            all.slips.push(slip);
        }
        all
    }

    fn of_pairing(&mut self, pairing: &Pairing) -> Slip {
        let (entry, leaf, form, channel, quantity) = match pairing.terms.target {
            Target::Need(need) => {
                let draft = &self.state.need(need).unwrap().draft;
                let entry = &draft.entry;
                (entry, entry.category.as_ref(), entry.form, draft.channel, entry.quantity.as_ref())
            }
            Target::Slot(project, index) => {
                let draft = &self.state.project(project).unwrap().draft;
                let slot = &draft.slots[usize::from(index)];
                let category = slot.category.as_ref().or(draft.entry.category.as_ref());
                (&draft.entry, category, slot.form.or(draft.entry.form), None, slot.quantity.as_ref())
            }
        };
        let mut slip = self.slip(List::Pairings, pairing.since, entry, leaf.map(|it| &it.code));
        slip.giving = Some(match pairing.terms.supplier {
            Supplier::Resource(it) => self.state.resource(it).unwrap().draft.entry.organization,
            Supplier::Unit(it) => it,
        });
        slip.rest.extend(channel.map(Slice::Channel));
        slip.rest.extend(form.map(Slice::Form));
        slip.standing = Standing::Pairing((&pairing.status).into());
        slip.stage = stage(pairing);
        let (measure, asked) = (measure(quantity), pairing.terms.quantity);
        let live = match pairing.status {
            PairingStatus::Proposed => Tally { proposed: asked, ..Tally::NONE },
            PairingStatus::Claimed { .. } => Tally { claimed: asked, ..Tally::NONE },
            PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => Tally {
                agreed: asked,
                delivered: pairing.delivered,
                accepted: pairing.accepted,
                ..Tally::NONE
            },
            _ => Tally::NONE,
        };
        slip.amounts.push((measure.clone(), asked, live));
        self.happen(Some(pairing.since), Stream::Proposed, &slip, &measure, asked);
        self.happen(pairing.claimed, Stream::Claimed, &slip, &measure, asked);
        self.happen(pairing.agreed, Stream::Agreed, &slip, &measure, asked);
        if let PairingStatus::Accepted { at } = pairing.status {
            self.happen(Some(at), Stream::Fulfilled, &slip, &measure, asked);
        }
        for delivery in self.state.deliveries_of(pairing.id) {
            let quantity = delivery.draft.quantity;
            if matches!(delivery.status, DeliveryStatus::Withdrawn { .. }) {
                continue;
            }
            self.happenings.push(happening(delivery.draft.on, Stream::Delivered, &slip, &measure, quantity));
            if let DeliveryStatus::Confirmed { at } = delivery.status {
                let on = at.date(self.state.rules().utc_offset_minutes);
                self.happenings.push(happening(on, Stream::Accepted, &slip, &measure, quantity));
            }
        }
        slip
    }

    fn slip(&self, list: List, since: Moment, entry: &EntryDraft, leaf: Option<&CategoryCode>) -> Slip {
        let seat = self.state.organization(entry.organization).and_then(|it| it.draft.place);
        let mut places = Vec::new();
        let mut place = entry.place.or(seat);
        while let Some(here) = place {
            places.push(here);
            place = self.state.place(here).unwrap().parent;
        }
        Slip {
            list,
            month: Month::of(since.date(self.state.rules().utc_offset_minutes)),
            places,
            category: leaf.cloned(),
            top: leaf.and_then(|leaf| self.state.category(leaf)?.parent.clone()),
            organization: entry.organization,
            giving: None,
            rest: entry.beneficiaries.group.map(Slice::Beneficiary).into_iter().collect(),
            standing: Standing::Need(NeedStatus::Posted),
            stage: Stage::Posted,
            amounts: Vec::new(),
        }
    }

    fn happen(&mut self, at: Option<Moment>, stream: Stream, slip: &Slip, measure: &Measure, amount: u64) {
        let on = at.map(|at| at.date(self.state.rules().utc_offset_minutes));
        self.happenings.extend(on.map(|on| happening(on, stream, slip, measure, amount)));
    }

    fn stage_of_need(&self, need: NeedId) -> Stage {
        let of_need = |it: &&std::sync::Arc<Pairing>| it.terms.target == Target::Need(need);
        self.state.pairings().filter(of_need).map(|it| stage(it)).max().unwrap_or(Stage::Posted)
    }

    /// The kind of whoever posted it or gives.
    fn kind(&self, slip: &Slip) -> UnitKind {
        let id = slip.giving.unwrap_or(slip.organization);
        self.state.organization(id).unwrap().draft.kind.unit_kind()
    }

    fn is_in(&self, slip: &Slip, part: &Part) -> bool {
        let sliced = match &part.slice {
            None => true,
            Some(Slice::Category(code)) => {
                slip.category.as_ref() == Some(code) || slip.top.as_ref() == Some(code)
            }
            Some(Slice::Organization(it)) => slip.organization == *it,
            Some(Slice::Giving(it)) => slip.giving == Some(*it),
            Some(Slice::UnitKind(it)) => self.kind(slip) == *it,
            Some(other) => slip.rest.contains(other),
        };
        let in_time = part.months.is_none_or(|(first, last)| first <= slip.month && slip.month <= last);
        let here = part.place.is_none_or(|place| slip.places.contains(&place));
        let stands = part.standings.as_ref().is_none_or(|wanted| wanted.contains(&slip.standing));
        slip.list == part.list && sliced && in_time && here && stands
    }

    /// What a part comes to.
    fn total(
        &self,
        part: &Part,
        further: impl Fn(&Slip) -> bool,
    ) -> BTreeMap<(Standing, Stage, Measure), Sums> {
        let mut sums: BTreeMap<(Standing, Stage, Measure), Sums> = BTreeMap::new();
        for slip in self.slips.iter().filter(|slip| self.is_in(slip, part) && further(slip)) {
            let first = match (slip.list, slip.amounts.first()) {
                (List::Projects, _) | (_, None) => Measure::Lot,
                (_, Some((measure, ..))) => measure.clone(),
            };
            sums.entry((slip.standing, slip.stage, first)).or_default().count += 1;
            for (measure, amount, tally) in &slip.amounts {
                let sum = sums.entry((slip.standing, slip.stage, measure.clone())).or_default();
                sum.amount += amount;
                sum.tally = sum.tally.plus(*tally);
            }
        }
        sums
    }

    /// In which group a slip belongs.
    fn group(&self, slip: &Slip, by: By, within: Option<PlaceId>) -> Group {
        let found = match by {
            By::Category => slip.category.clone().map(Group::Category),
            By::TopCategory => slip.top.clone().or_else(|| slip.category.clone()).map(Group::Category),
            By::Place(level) => {
                // Of the places around it, those that lie in the part.
                let outer = within.and_then(|outer| slip.places.iter().position(|place| *place == outer));
                let inside = &slip.places[..outer.map_or(slip.places.len(), |outer| outer + 1)];
                let at = |place: &&PlaceId| self.state.place(**place).unwrap().level == level;
                inside.iter().find(at).map(|place| Group::Place(*place))
            }
            By::Organization => Some(Group::Organization(slip.organization)),
            By::Giving => slip.giving.map(Group::Organization),
            By::UnitKind => Some(Group::UnitKind(self.kind(slip))),
            By::Standing => Some(Group::Standing(slip.standing)),
            By::Month => Some(Group::Month(slip.month)),
            By::Quarter => Some(Group::Quarter(slip.month.quarter())),
            By::Channel => slip.rest.iter().find_map(|it| match it {
                Slice::Channel(it) => Some(Group::Channel(*it)),
                _ => None,
            }),
            By::Form => slip.rest.iter().find_map(|it| match it {
                Slice::Form(it) => Some(Group::Form(*it)),
                _ => None,
            }),
            By::Beneficiary => slip.rest.iter().find_map(|it| match it {
                Slice::Beneficiary(it) => Some(Group::Beneficiary(*it)),
                _ => None,
            }),
        };
        found.unwrap_or(Group::Rest)
    }

    /// Compares every cell that may be asked for with what the slips come to; how many were compared.
    ///
    /// # Panics
    /// When one differs.
    pub fn check(&self) -> usize {
        let months: BTreeSet<Month> = self.slips.iter().map(|slip| slip.month).collect();
        let whole = months.first().zip(months.last()).map(|(first, last)| (*first, *last));
        let one = months.iter().nth(months.len() / 2).map(|month| (*month, *month));
        let mut places: Vec<Option<PlaceId>> = self.state.places().map(|place| Some(place.id)).collect();
        places.push(None);
        let mut compared = 0;
        for list in [List::Needs, List::Resources, List::Projects, List::Pairings] {
            for place in &places {
                for months in [None, whole, one] {
                    let part = Part { place: *place, months, ..Part::of(list) };
                    compared += self.check_groups(&part);
                    // Of all time: each state is a further look at everything.
                    let of_list = self.slips.iter().filter(|slip| slip.list == list && months.is_none());
                    for standing in of_list.map(|slip| slip.standing).collect::<BTreeSet<_>>() {
                        let standings = Some(BTreeSet::from([standing]));
                        compared += self.check_groups(&Part { standings, ..part.clone() });
                    }
                    for slice in self.slices(list) {
                        let part = Part { slice: Some(slice), ..part.clone() };
                        compared += usize::from(part.is_kept(self.state));
                        if part.is_kept(self.state) {
                            let kept = tallies::total(self.state, &part);
                            assert_eq!(lines(&kept), self.total(&part, |_| true), "{part:?}");
                        }
                    }
                }
            }
        }
        compared + self.check_days()
    }

    fn check_groups(&self, part: &Part) -> usize {
        let kept = tallies::total(self.state, part);
        assert_eq!(lines(&kept), self.total(part, |_| true), "{part:?}");
        let mut compared = 1;
        let levels = PlaceLevel::ALL.map(By::Place);
        let others = [
            By::Category,
            By::TopCategory,
            By::Organization,
            By::Giving,
            By::UnitKind,
            By::Standing,
            By::Channel,
            By::Form,
            By::Beneficiary,
            By::Month,
            By::Quarter,
        ];
        for by in others.into_iter().chain(levels).filter(|by| by.is_kept(self.state, part)) {
            let kept: BTreeMap<Group, _> = tallies::aggregate(self.state, part, by)
                .into_iter()
                .map(|(group, it)| (group, lines(&it)))
                .collect();
            let groups: BTreeSet<Group> = self
                .slips
                .iter()
                .filter(|slip| self.is_in(slip, part))
                .map(|slip| self.group(slip, by, part.place))
                .collect();
            let told = groups.into_iter().map(|group| {
                let sums = self.total(part, |slip| self.group(slip, by, part.place) == group);
                (group, sums)
            });
            compared += kept.len();
            assert_eq!(kept, told.collect(), "{part:?} by {by:?}");
        }
        compared
    }

    fn slices(&self, list: List) -> Vec<Slice> {
        let mut found: Vec<Slice> = Vec::new();
        for slip in self.slips.iter().filter(|slip| slip.list == list) {
            let own = [
                slip.category.clone().map(Slice::Category),
                slip.top.clone().map(Slice::Category),
                Some(Slice::Organization(slip.organization)),
                slip.giving.map(Slice::Giving),
                Some(Slice::UnitKind(self.kind(slip))),
            ];
            for slice in own.into_iter().flatten().chain(slip.rest.iter().cloned()) {
                if !found.contains(&slice) {
                    found.push(slice);
                }
            }
        }
        found
    }

    fn check_days(&self) -> usize {
        let days: BTreeSet<NaiveDate> = self.happenings.iter().map(|it| it.on).collect();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return 0 };
        let middle = *days.iter().nth(days.len() / 2).unwrap();
        let categories: BTreeSet<&CategoryCode> =
            self.happenings.iter().flat_map(|it| it.category.iter().chain(&it.top)).collect();
        let mut parts: Vec<Option<Where>> = vec![None];
        parts.extend(self.state.places().map(|place| Some(Where::Place(place.id))));
        parts.extend(categories.into_iter().map(|code| Some(Where::Category(code.clone()))));
        let mut compared = 0;
        for part in parts {
            for span in [(*first, *last), (middle, *last), (middle, middle)] {
                for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter] {
                    let kept = tallies::series(self.state, part.as_ref(), span, grain);
                    let told = self.days(part.as_ref(), span, grain);
                    compared += kept.len();
                    assert_eq!(kept, told, "{part:?} in {span:?} by {grain:?}");
                }
            }
        }
        compared
    }

    fn days(
        &self,
        part: Option<&Where>,
        (first, last): (NaiveDate, NaiveDate),
        grain: Grain,
    ) -> BTreeMap<NaiveDate, BTreeMap<(Stream, Measure), Flow>> {
        let here = |it: &&Happening| match part {
            None => true,
            Some(Where::Place(place)) => it.places.contains(place),
            Some(Where::Category(code)) => {
                it.category.as_ref() == Some(code) || it.top.as_ref() == Some(code)
            }
        };
        let mut found: BTreeMap<NaiveDate, BTreeMap<(Stream, Measure), Flow>> = BTreeMap::new();
        for it in self.happenings.iter().filter(here).filter(|it| first <= it.on && it.on <= last) {
            let mut begin = it.on;
            // Back to the day on which the step begins, one by one.
            let begins = |day: NaiveDate| match grain {
                Grain::Day => true,
                Grain::Week => day.weekday() == chrono::Weekday::Mon,
                Grain::Month => day.day() == 1,
                Grain::Quarter => day.day() == 1 && [1, 4, 7, 10].contains(&day.month()),
            };
            while !begins(begin) {
                begin = begin.pred_opt().unwrap();
            }
            let flow = found.entry(begin).or_default().entry((it.stream, it.measure.clone())).or_default();
            flow.count += 1;
            flow.amount += it.amount;
        }
        found
    }
}

fn happening(on: NaiveDate, stream: Stream, slip: &Slip, measure: &Measure, amount: u64) -> Happening {
    Happening {
        on,
        stream,
        places: slip.places.clone(),
        category: slip.category.clone(),
        top: slip.top.clone(),
        measure: measure.clone(),
        amount,
    }
}

fn measure(quantity: Option<&Quantity>) -> Measure {
    quantity.map_or(Measure::Lot, |it| it.measure.clone())
}

fn stage(pairing: &Pairing) -> Stage {
    let steps = [
        (Stage::Accepted, pairing.accepted > 0),
        (Stage::Delivered, pairing.delivered > 0),
        (Stage::Agreed, pairing.agreed.is_some()),
        (Stage::Claimed, pairing.claimed.is_some()),
    ];
    steps.into_iter().find(|(_, holds)| *holds).map_or(Stage::Proposed, |(stage, _)| stage)
}

/// What of a resource is under way.
fn under_way(resource: &Resource) -> Stage {
    let Tally { proposed, claimed, agreed, delivered, accepted } = resource.tally;
    let steps = [
        (Stage::Delivered, delivered > accepted),
        (Stage::Agreed, agreed > accepted),
        (Stage::Claimed, claimed > 0),
        (Stage::Proposed, proposed > 0),
    ];
    steps.into_iter().find(|(_, holds)| *holds).map_or(Stage::Posted, |(stage, _)| stage)
}

fn lines(totals: &Totals) -> BTreeMap<(Standing, Stage, Measure), Sums> {
    totals
        .lines()
        .map(|(standing, stage, measure, sums)| ((standing, stage, measure.clone()), *sums))
        .collect()
}

/// Since when resources rest, followed commit by commit.
#[derive(Clone, Debug, Default)]
pub struct Rests(BTreeMap<ResourceId, Moment>);

impl Rests {
    /// Looks at all resources after an event.
    pub fn look(&mut self, state: &State, now: Moment) {
        for resource in state.resources() {
            let idle = resource.status() == ResourceStatus::Open && under_way(resource) == Stage::Posted;
            if idle {
                self.0.entry(resource.id).or_insert(now);
            } else {
                self.0.remove(&resource.id);
            }
        }
    }

    /// Compares what the state finds idle, everywhere, in each place and in each category, page by page.
    ///
    /// # Panics
    /// When it differs.
    pub fn check(&self, state: &State) -> usize {
        let told = |place: Option<PlaceId>, code: Option<&CategoryCode>| -> Vec<(Moment, ResourceId)> {
            let here = |id: &ResourceId| {
                let entry = &state.resource(*id).unwrap().draft.entry;
                let seat = state.organization(entry.organization).and_then(|it| it.draft.place);
                let leaf = entry.category.as_ref().map(|it| &it.code);
                let top = leaf.and_then(|leaf| state.category(leaf)?.parent.as_ref());
                place
                    .is_none_or(|outer| entry.place.or(seat).is_some_and(|inner| state.lies_in(inner, outer)))
                    && (code.is_none() || leaf == code || top == code)
            };
            let found: BTreeSet<(Moment, ResourceId)> =
                self.0.iter().filter(|(id, _)| here(id)).map(|(id, since)| (*since, *id)).collect();
            found.into_iter().collect()
        };
        assert_eq!(state.idle_count(), self.0.len());
        let places = state.places().map(|place| Some(place.id)).chain([None]);
        for place in places {
            for category in state.categories().map(|it| Some(&it.code)).chain([None]) {
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let page = state.idle(place, category, after, 2);
                    let Some(last) = page.last() else { break };
                    after = Some(*last);
                    found.extend(page);
                }
                assert_eq!(found, told(place, category), "{place:?} {category:?}");
            }
        }
        self.0.len()
    }
}
