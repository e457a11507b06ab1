//! Where something is filed, and what it counts there: read off a state, before an event and after it.

use super::{
    days::Stream,
    facets::{Facet, Property},
    idle::Resting,
    keys::{List, NOWHERE, Stage, Standing, Sums},
};
use crate::{
    category::CategoryCode,
    delivery::{Delivery, DeliveryStatus},
    entry::{BeneficiaryGroup, EntryDraft, Form},
    history::Entity,
    identity::{OrganizationId, PlaceId},
    moment::Moment,
    need::{Channel, Need},
    pairing::{Pairing, PairingStatus, Tally, Target},
    period::Month,
    place::{Place, PlaceLevel},
    project::Project,
    quantity::{Measure, Quantity},
    resource::{Counted, Resource, ResourceStatus},
    state::State,
};
use chrono::NaiveDate;

/// The value something has of each property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct About {
    pub category: Option<CategoryCode>,
    pub organization: OrganizationId,
    pub giving: Option<OrganizationId>,
    pub channel: Option<Channel>,
    pub form: Option<Form>,
    pub beneficiary: Option<BeneficiaryGroup>,
}

impl About {
    /// What entries of its list are told apart by, in order.
    pub fn facets(&self, list: List) -> impl Iterator<Item = Facet> {
        Property::of(list).iter().map(|property| match property {
            Property::Category => Facet::Category(self.category.clone()),
            Property::Organization => Facet::Organization(self.organization),
            Property::Giving => Facet::Giving(self.giving),
            Property::Channel => Facet::Channel(self.channel),
            Property::Form => Facet::Form(self.form),
            Property::Beneficiary => Facet::Beneficiary(self.beneficiary),
        })
    }
}

/// How finely the cells of a place are kept. Every post and every claim writes a line for each cut, in each place around
/// it: pairs everywhere would make a post several times as dear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Below the community: no properties.
    Totals,
    /// In a community and above: one property at a time.
    Properties,
    /// In the street as a whole: two at once, too.
    Pairs,
}

impl Detail {
    /// How many of the cuts through so many facets are kept: see [`Cut::through`](super::facets::Cut::through).
    pub const fn cuts(self, facets: usize) -> usize {
        match self {
            Self::Totals => 1,
            Self::Properties => 1 + facets,
            Self::Pairs => usize::MAX,
        }
    }

    fn of(place: &Place) -> Self {
        match place.parent {
            None => Self::Pairs,
            Some(_) if place.level <= PlaceLevel::Community => Self::Properties,
            Some(_) => Self::Totals,
        }
    }
}

/// Where something is filed, and what it counts there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filed {
    pub list: List,
    pub month: Month,
    /// Its place and all around it, and what is told apart there.
    pub places: Vec<(PlaceId, Detail)>,
    pub about: About,
    pub standing: Standing,
    pub stage: Stage,
    pub lines: Vec<(Measure, Sums)>,
}

impl Filed {
    /// Whether all lines of this one stand under the keys of the other's.
    pub fn is_under_the_keys_of(&self, other: &Self) -> bool {
        let measures =
            |it: &Self| it.lines.iter().map(|(measure, _)| measure).eq(other.lines.iter().map(|(it, _)| it));
        self.list == other.list
            && self.month == other.month
            && self.standing == other.standing
            && self.stage == other.stage
            && self.places == other.places
            && self.about == other.about
            && measures(self)
    }
}

/// Something that happened on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Happened {
    pub on: NaiveDate,
    pub stream: Stream,
    pub spots: Spots,
    pub measure: Measure,
    pub amount: u64,
}

/// Where something happened, and what was said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spots {
    pub places: Vec<PlaceId>,
    /// The community; the place itself, where it lies in none.
    pub near: Option<PlaceId>,
    pub facets: Vec<Facet>,
}

impl Spots {
    fn new(state: &State, entry: &EntryDraft, about: &About, list: List) -> Self {
        Self {
            places: places(state, entry).into_iter().map(|(place, _)| place).collect(),
            near: state.place_of(entry).map(|place| state.vicinity(place)),
            facets: about.facets(list).filter(Facet::is_said).collect(),
        }
    }
}

/// Where an entity is filed in a state, if it is there.
pub(super) fn filed(state: &State, entity: &Entity) -> Option<Filed> {
    match entity {
        Entity::Need(id) => state.need(*id).map(|it| of_need(state, it)),
        Entity::Resource(id) => state.resource(*id).map(|it| of_resource(state, it)),
        Entity::Project(id) => state.project(*id).map(|it| of_project(state, it)),
        Entity::Pairing(id) => state.pairing(*id).and_then(|it| of_pairing(state, it)),
        _ => None,
    }
}

/// What of an entity happened on which day.
pub(super) fn happened(state: &State, entity: &Entity) -> Vec<Happened> {
    match entity {
        Entity::Need(id) => state.need(*id).map(|it| need_happened(state, it)).unwrap_or_default(),
        Entity::Resource(id) => state.resource(*id).map_or_else(Vec::new, |it| {
            let (measure, amount) = (measure_of_resource(it), it.draft.capacity());
            let on = day(state, it.posted);
            let entry = &it.draft.entry;
            let spots = Spots::new(state, entry, &about(entry), List::Resources);
            vec![Happened { on, stream: Stream::ResourcesPosted, spots, measure, amount }]
        }),
        Entity::Project(id) => state.project(*id).map_or_else(Vec::new, |it| {
            let entry = &it.draft.entry;
            let spots = Spots::new(state, entry, &about(entry), List::Projects);
            let on = day(state, it.posted);
            vec![Happened { on, stream: Stream::ProjectsPosted, spots, measure: Measure::Lot, amount: 0 }]
        }),
        Entity::Pairing(id) => state.pairing(*id).map_or_else(Vec::new, |it| pairing_happened(state, it)),
        Entity::Delivery(id) => state.delivery(*id).map_or_else(Vec::new, |it| delivery_happened(state, it)),
        _ => Vec::new(),
    }
}

/// How far a pairing has come by itself.
pub(super) const fn stage_of_pairing(pairing: &Pairing) -> Stage {
    if pairing.accepted > 0 {
        Stage::Accepted
    } else if pairing.delivered > 0 {
        Stage::Delivered
    } else if pairing.agreed.is_some() {
        Stage::Agreed
    } else if pairing.claimed.is_some() {
        Stage::Claimed
    } else {
        Stage::Proposed
    }
}

/// Where a resource rests: something of it is free and nothing of it is under way 闲置.
pub(super) fn rests(state: &State, resource: &Resource) -> Option<Resting> {
    let is_idle = resource.status() == ResourceStatus::Open && under_way(&resource.tally) == Stage::Posted;
    let entry = &resource.draft.entry;
    let places = || places(state, entry).into_iter().map(|(place, _)| place).collect();
    is_idle.then(|| Resting { places: places(), category: leaf(entry).cloned() })
}

fn of_need(state: &State, need: &Need) -> Filed {
    let entry = &need.draft.entry;
    let reached = state.tallies.reached.get(&need.id).copied().unwrap_or(Stage::Posted);
    let is_appraised = need.appraised.is_some() && reached == Stage::Accepted;
    let sums = Sums { count: 1, amount: need.asked(), tally: need.tally };
    Filed {
        list: List::Needs,
        month: month(state, need.posted),
        places: places(state, entry),
        about: About { channel: need.draft.channel, ..about(entry) },
        standing: Standing::Need(need.status()),
        stage: if is_appraised { Stage::Appraised } else { reached },
        lines: vec![(measure_of(entry.quantity.as_ref()), sums)],
    }
}

fn of_resource(state: &State, resource: &Resource) -> Filed {
    let entry = &resource.draft.entry;
    let sums = Sums { count: 1, amount: resource.draft.capacity(), tally: resource.tally };
    Filed {
        list: List::Resources,
        month: month(state, resource.posted),
        places: places(state, entry),
        about: about(entry),
        standing: Standing::Resource(resource.status()),
        stage: under_way(&resource.tally),
        lines: vec![(measure_of_resource(resource), sums)],
    }
}

fn of_project(state: &State, project: &Project) -> Filed {
    let entry = &project.draft.entry;
    // The project itself, then what its slots ask, each in its own measure.
    let mut lines = vec![(Measure::Lot, Sums { count: 1, ..Sums::default() })];
    for (slot, tally) in project.draft.slots.iter().zip(&project.tallies) {
        let (measure, asked) = (measure_of(slot.quantity.as_ref()), slot.asked());
        let more = Sums { count: 0, amount: asked, tally: *tally };
        match lines.iter_mut().find(|(kept, _)| *kept == measure) {
            Some((_, sums)) => *sums = sums.plus(more),
            None => lines.push((measure, more)),
        }
    }
    let all = project.tallies.iter().fold(Tally::NONE, |sum, tally| sum.plus(*tally));
    Filed {
        list: List::Projects,
        month: month(state, project.posted),
        places: places(state, entry),
        about: about(entry),
        standing: Standing::Project(project.status()),
        stage: furthest(&all),
        lines,
    }
}

fn of_pairing(state: &State, pairing: &Pairing) -> Option<Filed> {
    let asked = asked(state, pairing.terms.target)?;
    let sums = Sums { count: 1, amount: pairing.terms.quantity, tally: pairing.asking_share() };
    let about = asked.about(state, pairing);
    Some(Filed {
        list: List::Pairings,
        month: month(state, pairing.since),
        places: places(state, asked.entry),
        about,
        standing: Standing::Pairing((&pairing.status).into()),
        stage: stage_of_pairing(pairing),
        lines: vec![(asked.measure, sums)],
    })
}

/// What a pairing serves, as the lists say it.
struct Asked<'a> {
    entry: &'a EntryDraft,
    category: Option<&'a CategoryCode>,
    form: Option<Form>,
    channel: Option<Channel>,
    measure: Measure,
}

impl Asked<'_> {
    /// What is said of a pairing that serves it.
    fn about(&self, state: &State, pairing: &Pairing) -> About {
        About {
            category: self.category.cloned(),
            giving: state.giving(pairing.terms.supplier),
            channel: self.channel,
            form: self.form,
            ..about(self.entry)
        }
    }
}

fn asked(state: &State, target: Target) -> Option<Asked<'_>> {
    match target {
        Target::Need(need) => {
            let draft = &state.need(need)?.draft;
            let entry = &draft.entry;
            let (category, form, channel) = (leaf(entry), entry.form, draft.channel);
            Some(Asked { entry, category, form, channel, measure: measure_of(entry.quantity.as_ref()) })
        }
        Target::Slot(project, index) => {
            let draft = &state.project(project)?.draft;
            let slot = draft.slots.get(usize::from(index))?;
            let own = slot.category.as_ref().map(|category| &category.code);
            Some(Asked {
                entry: &draft.entry,
                category: own.or_else(|| leaf(&draft.entry)),
                form: slot.form.or(draft.entry.form),
                channel: None,
                measure: measure_of(slot.quantity.as_ref()),
            })
        }
    }
}

fn need_happened(state: &State, need: &Need) -> Vec<Happened> {
    let entry = &need.draft.entry;
    let about = About { channel: need.draft.channel, ..about(entry) };
    let spots = Spots::new(state, entry, &about, List::Needs);
    let measure = measure_of(entry.quantity.as_ref());
    let at = |moment, stream| Happened {
        on: day(state, moment),
        stream,
        spots: spots.clone(),
        measure: measure.clone(),
        amount: need.asked(),
    };
    let appraised = need.appraised.as_ref().map(|it| at(it.at, Stream::Appraised));
    [at(need.posted, Stream::NeedsPosted)].into_iter().chain(appraised).collect()
}

fn pairing_happened(state: &State, pairing: &Pairing) -> Vec<Happened> {
    let Some(asked) = asked(state, pairing.terms.target) else {
        return Vec::new();
    };
    let spots = Spots::new(state, asked.entry, &asked.about(state, pairing), List::Pairings);
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
    let step = |(at, stream): (Option<Moment>, Stream)| {
        Some(Happened {
            on: day(state, at?),
            stream,
            spots: spots.clone(),
            measure: asked.measure.clone(),
            amount: pairing.terms.quantity,
        })
    };
    steps.into_iter().filter_map(step).collect()
}

fn delivery_happened(state: &State, delivery: &Delivery) -> Vec<Happened> {
    let Some(pairing) = state.pairing(delivery.pairing) else {
        return Vec::new();
    };
    let Some(asked) = asked(state, pairing.terms.target) else {
        return Vec::new();
    };
    let (handed_over, confirmed) = match delivery.status {
        DeliveryStatus::Withdrawn { .. } => (None, None),
        DeliveryStatus::Recorded | DeliveryStatus::Disputed { .. } => (Some(delivery.draft.on), None),
        DeliveryStatus::Confirmed { at } => (Some(delivery.draft.on), Some(day(state, at))),
    };
    let spots = Spots::new(state, asked.entry, &asked.about(state, pairing), List::Pairings);
    let step = |(on, stream): (Option<NaiveDate>, Stream)| {
        let (spots, measure) = (spots.clone(), asked.measure.clone());
        Some(Happened { on: on?, stream, spots, measure, amount: delivery.draft.quantity })
    };
    [(handed_over, Stream::Delivered), (confirmed, Stream::Accepted)].into_iter().filter_map(step).collect()
}

/// What of a resource is under way; what is accepted is over.
const fn under_way(tally: &Tally) -> Stage {
    if tally.delivered > tally.accepted {
        Stage::Delivered
    } else if tally.agreed > tally.accepted {
        Stage::Agreed
    } else if tally.claimed > 0 {
        Stage::Claimed
    } else if tally.proposed > 0 {
        Stage::Proposed
    } else {
        Stage::Posted
    }
}

const fn furthest(tally: &Tally) -> Stage {
    if tally.accepted > 0 {
        Stage::Accepted
    } else if tally.delivered > 0 {
        Stage::Delivered
    } else if tally.agreed > 0 {
        Stage::Agreed
    } else if tally.claimed > 0 {
        Stage::Claimed
    } else if tally.proposed > 0 {
        Stage::Proposed
    } else {
        Stage::Posted
    }
}

fn about(entry: &EntryDraft) -> About {
    About {
        category: leaf(entry).cloned(),
        organization: entry.organization,
        giving: None,
        channel: None,
        form: entry.form,
        beneficiary: entry.beneficiaries.group,
    }
}

fn leaf(entry: &EntryDraft) -> Option<&CategoryCode> {
    entry.category.as_ref().map(|category| &category.code)
}

fn measure_of(quantity: Option<&Quantity>) -> Measure {
    quantity.map_or(Measure::Lot, |quantity| quantity.measure.clone())
}

fn measure_of_resource(resource: &Resource) -> Measure {
    match resource.draft.counted() {
        Counted::Units(measure) => measure,
        Counted::Lots => Measure::Lot,
    }
}

/// The place of an entry with all around it; [`NOWHERE`] when nobody said where it is.
fn places(state: &State, entry: &EntryDraft) -> Vec<(PlaceId, Detail)> {
    let around = state.place_of(entry).into_iter().flat_map(|place| state.around(place));
    let mut places: Vec<_> = around.map(|place| (place.id, Detail::of(place))).collect();
    if places.is_empty() {
        places.push((NOWHERE, Detail::Pairs));
    }
    places
}

fn day(state: &State, at: Moment) -> NaiveDate {
    at.date(state.rules().utc_offset_minutes)
}

fn month(state: &State, at: Moment) -> Month {
    Month::of(day(state, at))
}
