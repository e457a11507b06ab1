//! The tallies, counted once more: every list is read from its first entry to its last, each entry is put down as it
//! stands with what one would say of it, and these slips are counted. Nothing here asks the engine what it has counted.

use chrono::{Datelike, NaiveDate};
use engine::{
    category::CategoryCode,
    delivery::DeliveryStatus,
    entry::EntryDraft,
    identity::{NeedId, OrganizationId, PlaceId},
    moment::Moment,
    need::NeedStatus,
    organization::UnitKind,
    pairing::{Pairing, PairingStatus, Supplier, Tally, Target},
    period::Month,
    place::PlaceLevel,
    quantity::{Measure, Quantity},
    resource::Resource,
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

/// What happened on which day, and to what.
struct Happening {
    on: NaiveDate,
    stream: Stream,
    slip: Slip,
    measure: Measure,
    amount: u64,
}

/// Every kind of groups there is.
const GROUPS: [By; 17] = [
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
    By::Place(PlaceLevel::Street),
    By::Place(PlaceLevel::Community),
    By::Place(PlaceLevel::Grid),
    By::Place(PlaceLevel::Estate),
    By::Place(PlaceLevel::Building),
    By::Place(PlaceLevel::Stairwell),
];

/// What a part comes to, line by line.
type Lines = BTreeMap<(Standing, Stage, Measure), Sums>;

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

    /// Whether a slip has this value.
    fn has(&self, slip: &Slip, slice: &Slice) -> bool {
        match slice {
            Slice::Category(code) => slip.category.as_ref() == Some(code) || slip.top.as_ref() == Some(code),
            Slice::Organization(it) => slip.organization == *it,
            Slice::Giving(it) => slip.giving == Some(*it),
            Slice::UnitKind(it) => self.kind(slip) == *it,
            Slice::Channel(_) | Slice::Form(_) | Slice::Beneficiary(_) => slip.rest.contains(slice),
        }
    }

    fn is_in(&self, slip: &Slip, part: &Part) -> bool {
        let sliced = part.slices.iter().all(|slice| self.has(slip, slice));
        let in_time = part.months.is_none_or(|(first, last)| first <= slip.month && slip.month <= last);
        let here = part.place.is_none_or(|place| slip.places.contains(&place));
        let stands = part.standings.as_ref().is_none_or(|wanted| wanted.contains(&slip.standing));
        slip.list == part.list && sliced && in_time && here && stands
    }

    /// What a part comes to, group by group.
    fn groups<const N: usize>(&self, part: &Part, by: [By; N]) -> BTreeMap<[Group; N], Lines> {
        let mut groups: BTreeMap<[Group; N], Lines> = BTreeMap::new();
        for slip in self.slips.iter().filter(|slip| self.is_in(slip, part)) {
            let sums = groups.entry(by.map(|by| self.group(slip, by, part.place))).or_default();
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
        groups
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

    /// Compares every cell that may be asked for with what the slips come to; how many groups were compared.
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
        for list in List::ALL {
            let slices = self.slices(list);
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
                    for slice in &slices {
                        let part = Part { slices: vec![slice.clone()], ..part.clone() };
                        compared += self.compare(&part, []);
                    }
                }
                compared +=
                    self.check_crossed(&Part { place: *place, months: one, ..Part::of(list) }, &slices);
            }
        }
        compared + self.check_days()
    }

    fn check_groups(&self, part: &Part) -> usize {
        let groups = GROUPS.iter().map(|by| self.compare(part, [*by])).sum::<usize>();
        groups + self.compare(part, [])
    }

    /// Two things at once: two groups, a value and a group, two values, and more than is kept.
    fn check_crossed(&self, part: &Part, slices: &[Slice]) -> usize {
        let mut compared = 0;
        for (at, one) in GROUPS.iter().enumerate() {
            let further = GROUPS.iter().skip(at + 1);
            for other in further.filter(|it| !matches!((one, it), (By::Place(_), By::Place(_)))) {
                compared += self.compare(part, [*one, *other]) + self.compare(part, [*other, *one]);
            }
        }
        for (at, slice) in slices.iter().enumerate() {
            let cut = Part { slices: vec![slice.clone()], ..part.clone() };
            compared += GROUPS.iter().map(|by| self.compare(&cut, [*by])).sum::<usize>();
            for other in slices.iter().skip(at + 1).step_by(3) {
                let cut = Part { slices: vec![slice.clone(), other.clone()], ..part.clone() };
                compared += self.compare(&cut, []) + self.compare(&cut, [By::Standing]);
            }
        }
        compared
    }

    /// Compares the groups of a part, where they are kept; where not, nothing is told.
    fn compare<const N: usize>(&self, part: &Part, by: [By; N]) -> usize {
        let kept: BTreeMap<[Group; N], Lines> = tallies::aggregate(self.state, part, by)
            .into_iter()
            .map(|(group, it)| (group, lines(&it)))
            .collect();
        if part.kept(self.state, &by).is_ok() {
            assert_eq!(kept, self.groups(part, by), "{part:?} by {by:?}");
        }
        kept.len()
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
        let places: Vec<PlaceId> = self.state.places().map(|place| place.id).collect();
        let slices: Vec<Slice> = List::ALL.iter().flat_map(|list| self.slices(*list)).collect();
        let mut parts = vec![Where::default()];
        parts.extend(places.iter().map(|place| Where { place: Some(*place), slice: None }));
        parts.extend(slices.iter().map(|slice| Where { place: None, slice: Some(slice.clone()) }));
        for place in places {
            let here = |slice: &Slice| Where { place: Some(place), slice: Some(slice.clone()) };
            parts.extend(slices.iter().map(here));
        }
        let mut compared = 0;
        for part in &parts {
            for span in [(*first, *last), (middle, *last), (middle, middle)] {
                for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter] {
                    let kept = tallies::series(self.state, part, span, grain);
                    compared += kept.len();
                    let told = match part.kept(self.state, grain) {
                        Ok(()) => self.days(part, span, grain),
                        Err(_) => BTreeMap::new(),
                    };
                    assert_eq!(kept, told, "{part:?} in {span:?} by {grain:?}");
                }
            }
        }
        compared
    }

    fn days(
        &self,
        part: &Where,
        (mut first, mut last): (NaiveDate, NaiveDate),
        grain: Grain,
    ) -> BTreeMap<NaiveDate, BTreeMap<(Stream, Measure), Flow>> {
        if part.place.is_some() && part.slice.is_some() {
            first = first.with_day(1).unwrap();
            last = last.with_day(last.num_days_in_month().into()).unwrap();
        }
        let here = |it: &&Happening| {
            part.place.is_none_or(|place| it.slip.places.contains(&place))
                && part.slice.as_ref().is_none_or(|slice| self.has(&it.slip, slice))
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
    Happening { on, stream, slip: slip.clone(), measure: measure.clone(), amount }
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
pub(super) fn under_way(resource: &Resource) -> Stage {
    let Tally { proposed, claimed, agreed, delivered, accepted } = resource.tally;
    let steps = [
        (Stage::Delivered, delivered > accepted),
        (Stage::Agreed, agreed > accepted),
        (Stage::Claimed, claimed > 0),
        (Stage::Proposed, proposed > 0),
    ];
    steps.into_iter().find(|(_, holds)| *holds).map_or(Stage::Posted, |(stage, _)| stage)
}

fn lines(totals: &Totals) -> Lines {
    totals
        .lines()
        .map(|(standing, stage, measure, sums)| ((standing, stage, measure.clone()), *sums))
        .collect()
}
