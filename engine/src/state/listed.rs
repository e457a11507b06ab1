//! What the things of a register have in common: by register and facet, the numbers of those that have it; and in what
//! order they stand by amounts and moments.
//!
//! A page of a filtered list is looked for where fewest stand, and an order that people ask for is that of the facets, or
//! of a [`Rank`]. Both indexes are derived, as [`super::due`] is: [`crate::evolve`] takes a thing from where it stood and
//! puts it where it stands, event by event. What is said of a thing here and what a filter sees of it are one:
//! [`Thing`]. Numbers alone are kept: of a facet in sets (`state/numbers.rs`) that need little for what many have; of a rank,
//! which hardly two share, a line each.

mod mark;
mod numbering;
mod standing;
mod status;
mod thing;

pub use mark::Mark;
pub use numbering::{call_number, call_target, link_number, link_of};
pub(crate) use standing::{link, moved, note, of, unlink};
pub use status::{AgreementStanding, BidStanding, CallStanding, DeliveryStanding, MeetingStanding, Status};
pub use thing::{Matter, Thing};

use super::{
    State,
    numbers::{self, NumberSet},
    parts::{Collection, THINGS_MAX},
};
use crate::{
    category::CategoryCode,
    entry::List,
    history::Entity,
    identity::{
        AgreementId, BidId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId, PlaceId,
        PlanId, ProjectId, ResourceId,
    },
    member::Role,
    need::{NeedStatus, Urgency},
    organization::{OrganizationKind, Relation, RosterLink},
    place::PlaceLevel,
};
use chrono::NaiveDate;
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::{iter, ops::Bound};

/// Things that are listed together 台账.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Register {
    /// 需求清单.
    Needs,
    /// 资源清单.
    Resources,
    /// 项目清单.
    Projects,
    /// 配对.
    Pairings,
    /// 揭榜: bids.
    Bids,
    /// 揭榜: the last call on each target, by [`call_number`].
    Calls,
    /// 联席会.
    Meetings,
    /// 共建协议.
    Agreements,
    /// 交付.
    Deliveries,
    /// 匹配方案.
    Plans,
    /// 成员.
    Members,
    /// 组织.
    Organizations,
    /// 区域.
    Places,
    /// 包联/双报到/结对: the roster, by [`link_number`].
    Roster,
}

impl Register {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Needs,
        Self::Resources,
        Self::Projects,
        Self::Pairings,
        Self::Bids,
        Self::Calls,
        Self::Meetings,
        Self::Agreements,
        Self::Deliveries,
        Self::Plans,
        Self::Members,
        Self::Organizations,
        Self::Places,
        Self::Roster,
    ];

    /// The entity that a thing of it is, or belongs to: a call to what it is on, a link of the roster to the street.
    pub(crate) fn entity(self, number: u64) -> Entity {
        match self {
            Self::Needs => Entity::Need(NeedId::new(number)),
            Self::Resources => Entity::Resource(ResourceId::new(number)),
            Self::Projects => Entity::Project(ProjectId::new(number)),
            Self::Pairings => Entity::Pairing(PairingId::new(number)),
            Self::Bids => Entity::Bid(BidId::new(number)),
            Self::Calls => call_target(number).into(),
            Self::Meetings => Entity::Meeting(MeetingId::new(number)),
            Self::Agreements => Entity::Agreement(AgreementId::new(number)),
            Self::Deliveries => Entity::Delivery(DeliveryId::new(number)),
            Self::Plans => Entity::Plan(PlanId::new(number)),
            Self::Members => Entity::Member(MemberId::new(number)),
            Self::Organizations => Entity::Organization(OrganizationId::new(number)),
            Self::Places => Entity::Place(PlaceId::new(number)),
            Self::Roster => Entity::Street,
        }
    }
}

impl From<List> for Register {
    fn from(list: List) -> Self {
        match list {
            List::Needs => Self::Needs,
            List::Resources => Self::Resources,
            List::Projects => Self::Projects,
        }
    }
}

/// Something that things have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Facet {
    /// It is this organization's: see [`Thing::organizations`].
    Organization(OrganizationId),
    /// Lying in this community; in this place, where that lies in none; or nowhere.
    Place(Option<PlaceId>),
    /// About this, or about nothing that is known.
    Category(Option<CategoryCode>),
    /// About this top category or one of its leaves, or about nothing that is known.
    TopCategory(Option<CategoryCode>),
    /// Standing there in its life.
    Status(Status),
    /// To be done so soon; needs only.
    Urgency(Urgency),
    /// Of use until this day, or without end; entries only.
    Deadline(Option<NaiveDate>),
    /// Proposed by this plan; pairings only.
    Plan(PlanId),
    /// May do that; members only.
    Role(Role),
    /// On what this organization asks; bids only, which are their bidder's.
    Asking(OrganizationId),
    /// Not published; needs only.
    Unpublished,
    /// Seen by this organization, though it is not its own; agreements only.
    Beside(OrganizationId),
    /// Being that; organizations only.
    Kind(OrganizationKind),
    /// Lying so deep; places only.
    Level(PlaceLevel),
    /// Being such a link; the roster only.
    Relation(Relation),
}

/// What kind of thing a facet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetKind {
    /// Whose.
    Organization,
    /// Where it lies.
    Place,
    /// What it is about.
    Category,
    /// To which top category that belongs.
    TopCategory,
    /// Where it stands.
    Status,
    /// How soon.
    Urgency,
    /// Until when.
    Deadline,
    /// By which plan.
    Plan,
    /// What it may do.
    Role,
    /// Who asks.
    Asking,
    /// That it is not published.
    Unpublished,
    /// Who else sees it.
    Beside,
    /// What it is.
    Kind,
    /// How deep it lies.
    Level,
    /// What kind of link it is.
    Relation,
}

impl FacetKind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Organization,
        Self::Place,
        Self::Category,
        Self::TopCategory,
        Self::Status,
        Self::Urgency,
        Self::Deadline,
        Self::Plan,
        Self::Role,
        Self::Asking,
        Self::Unpublished,
        Self::Beside,
        Self::Kind,
        Self::Level,
        Self::Relation,
    ];
}

impl Facet {
    /// What kind of thing it is.
    pub const fn kind(&self) -> FacetKind {
        match self {
            Self::Organization(_) => FacetKind::Organization,
            Self::Place(_) => FacetKind::Place,
            Self::Category(_) => FacetKind::Category,
            Self::TopCategory(_) => FacetKind::TopCategory,
            Self::Status(_) => FacetKind::Status,
            Self::Urgency(_) => FacetKind::Urgency,
            Self::Deadline(_) => FacetKind::Deadline,
            Self::Plan(_) => FacetKind::Plan,
            Self::Role(_) => FacetKind::Role,
            Self::Asking(_) => FacetKind::Asking,
            Self::Unpublished => FacetKind::Unpublished,
            Self::Beside(_) => FacetKind::Beside,
            Self::Kind(_) => FacetKind::Kind,
            Self::Level(_) => FacetKind::Level,
            Self::Relation(_) => FacetKind::Relation,
        }
    }
}

/// The least facet of a kind, as facets are ordered.
const fn least(kind: FacetKind) -> Facet {
    match kind {
        FacetKind::Organization => Facet::Organization(OrganizationId::new(0)),
        FacetKind::Place => Facet::Place(None),
        FacetKind::Category => Facet::Category(None),
        FacetKind::TopCategory => Facet::TopCategory(None),
        FacetKind::Status => Facet::Status(Status::Need(NeedStatus::Posted)),
        FacetKind::Urgency => Facet::Urgency(Urgency::Emergency),
        FacetKind::Deadline => Facet::Deadline(None),
        FacetKind::Plan => Facet::Plan(PlanId::new(0)),
        FacetKind::Role => Facet::Role(Role::Coordinator),
        FacetKind::Asking => Facet::Asking(OrganizationId::new(0)),
        FacetKind::Unpublished => Facet::Unpublished,
        FacetKind::Beside => Facet::Beside(OrganizationId::new(0)),
        FacetKind::Kind => Facet::Kind(OrganizationKind::StreetOffice),
        FacetKind::Level => Facet::Level(PlaceLevel::District),
        FacetKind::Relation => Facet::Relation(Relation::Assigned),
    }
}

/// What things stand in an order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rank {
    /// How much, in base units; entries, pairings, bids, deliveries.
    Quantity,
    /// How well it fits; pairings that the matching judged.
    Fit,
    /// Milliseconds until which the next step is to be done: until when a claim stands, the end of the last day on which
    /// what is agreed is of use (by UTC, as in [`super::due`]); of an agreement, of its next milestone.
    Due,
    /// The day of a delivery, as days since the common era began.
    On,
    /// Milliseconds when a meeting is held.
    Held,
    /// Milliseconds since when an agreement is in force.
    Signed,
    /// What the newest version of an agreement comes to, in yuan.
    Value,
    /// Milliseconds when a call was opened.
    Opened,
    /// Milliseconds until which a call takes bids.
    Until,
    /// What it is called, by its first characters: see [`Mark::lettering`]. Things that are alike in these stand together,
    /// and are put in order when they are read.
    Name,
}

impl Rank {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Quantity,
        Self::Fit,
        Self::Due,
        Self::On,
        Self::Held,
        Self::Signed,
        Self::Value,
        Self::Opened,
        Self::Until,
        Self::Name,
    ];
}

/// A place in an order: a mark, and the number of the thing that stands there.
pub type Marked = (Mark, u64);

/// How many numbers share a word of a [`Shelf`].
pub const SHELF_WORD: u64 = numbers::BITS;

/// Things of one register by their numbers, in the order in which they came to be.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a>(&'a NumberSet);

impl<'a> Shelf<'a> {
    /// How many they are; at once.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none; an index keeps no such shelf.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Which of the [`SHELF_WORD`] numbers from `index` times as many on stand here: a bit for each, the least at the lowest.
    pub fn word(self, index: u64) -> u64 {
        self.0.word(index)
    }

    /// Those beyond one number and before another, the older first.
    pub fn numbers(self, after: Option<u64>, before: Option<u64>) -> Numbers<'a> {
        // Beyond the greatest number and before the least there is nothing.
        let first = after.map_or(Some(0), |after| after.checked_add(1));
        let last = before.map_or(Some(u64::MAX), |before| before.checked_sub(1));
        Box::new(first.zip(last).into_iter().flat_map(move |(first, last)| self.0.range(first..=last)))
    }
}

/// Numbers of things, each greater than the one before.
pub type Numbers<'a> = Box<dyn DoubleEndedIterator<Item = u64> + 'a>;

/// From numbers to keys and back.
type Numbering<K> = (fn(u64) -> K, fn(K) -> u64);

/// By register and facet, the things that have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed(OrdMap<(Register, Facet), NumberSet>);

/// Some of the things that have a facet: words of a [`NumberSet`].
pub(super) type Run = ((Register, Facet), Vec<(u64, u64)>);

impl Collection for Listed {
    type Thing = Run;

    // Most shelves are short, so that some go together.
    const TOGETHER: usize = 16;

    fn things(&self) -> impl Iterator<Item = Run> {
        self.0.iter().flat_map(|(key, shelf)| {
            let mut words = shelf.words();
            iter::from_fn(move || {
                let run: Vec<_> = words.by_ref().take(THINGS_MAX).collect();
                (!run.is_empty()).then(|| (key.clone(), run))
            })
        })
    }

    fn fill(&mut self, runs: Vec<Run>) {
        for (key, words) in runs {
            self.0.entry(key).or_default().fill(words);
        }
    }
}

impl Listed {
    fn put(&mut self, register: Register, facet: Facet, number: u64) {
        self.0.entry((register, facet)).or_default().insert(number);
    }

    fn take(&mut self, register: Register, facet: Facet, number: u64) {
        let key = (register, facet);
        if let Some(shelf) = self.0.get_mut(&key) {
            shelf.remove(number);
            if shelf.is_empty() {
                self.0.remove(&key);
            }
        }
    }
}

impl State {
    /// The things of a register that have something in common; `None` when there are none.
    pub fn listed(&self, register: Register, facet: &Facet) -> Option<Shelf<'_>> {
        self.listed.0.get(&(register, facet.clone())).map(Shelf)
    }

    /// All facets of a kind that things of a register have, in their order.
    pub fn facets(&self, register: Register, kind: FacetKind) -> impl Iterator<Item = (&Facet, Shelf<'_>)> {
        let of_kind = move |key: &(Register, Facet)| key.0 == register && key.1.kind() == kind;
        self.listed
            .0
            .range((register, least(kind))..)
            .take_while(move |(key, _)| of_kind(key))
            .map(|((_, facet), shelf)| (facet, Shelf(shelf)))
    }

    /// The things of a register in an order, from one place in it to another, both of them in it.
    pub fn ranked(
        &self,
        register: Register,
        rank: Rank,
        (first, last): (Marked, Marked),
    ) -> impl DoubleEndedIterator<Item = Marked> {
        let line = |(mark, number): Marked| (register, rank, mark, number);
        // A range that ends before it begins is none, and the set would not take it.
        let range = (first <= last).then(|| self.ranked.range(line(first)..=line(last)));
        range.into_iter().flatten().map(|(_, _, mark, number)| (*mark, *number))
    }

    /// The numbers of a register beyond one and before another, the older first.
    pub fn numbers(&self, register: Register, after: Option<u64>, before: Option<u64>) -> Numbers<'_> {
        // A range that ends before it begins is none, and the map would not take it.
        if after.zip(before).is_some_and(|(after, before)| before <= after) {
            return Box::new(iter::empty());
        }
        fn between<'a, K: Ord + Copy, V>(
            map: &'a OrdMap<K, V>,
            [after, before]: [Option<u64>; 2],
            (key, number): Numbering<K>,
        ) -> Numbers<'a> {
            let bound = |it: Option<u64>| it.map_or(Bound::Unbounded, |it| Bound::Excluded(key(it)));
            Box::new(map.range((bound(after), bound(before))).map(move |(key, _)| number(*key)))
        }
        let span = [after, before];
        match register {
            Register::Needs => between(&self.needs, span, (NeedId::new, NeedId::number)),
            Register::Resources => between(&self.resources, span, (ResourceId::new, ResourceId::number)),
            Register::Projects => between(&self.projects, span, (ProjectId::new, ProjectId::number)),
            Register::Pairings => between(&self.pairings, span, (PairingId::new, PairingId::number)),
            Register::Bids => between(&self.bids, span, (BidId::new, BidId::number)),
            Register::Calls => between(&self.calls, span, (call_target, call_number)),
            Register::Meetings => between(&self.meetings, span, (MeetingId::new, MeetingId::number)),
            Register::Agreements => between(&self.agreements, span, (AgreementId::new, AgreementId::number)),
            Register::Deliveries => between(&self.deliveries, span, (DeliveryId::new, DeliveryId::number)),
            Register::Plans => between(&self.plans, span, (PlanId::new, PlanId::number)),
            Register::Members => between(&self.members, span, (MemberId::new, MemberId::number)),
            Register::Places => between(&self.places, span, (PlaceId::new, PlaceId::number)),
            Register::Roster => {
                let [after, before] = span.map(|it| it.map(link_of));
                // Not every number is that of a link, so that two of them may come to the same.
                let is_span = after.zip(before).is_none_or(|(after, before)| after < before);
                let bound = |it: Option<RosterLink>| it.map_or(Bound::Unbounded, Bound::Excluded);
                let links = is_span.then(|| self.roster.range((bound(after), bound(before))));
                Box::new(links.into_iter().flatten().map(link_number))
            }
            Register::Organizations => {
                between(&self.organizations, span, (OrganizationId::new, OrganizationId::number))
            }
        }
    }

    /// How many things stand in a register, ended ones too.
    pub fn register_len(&self, register: Register) -> usize {
        match register {
            Register::Needs => self.needs.len(),
            Register::Resources => self.resources.len(),
            Register::Projects => self.projects.len(),
            Register::Pairings => self.pairings.len(),
            Register::Bids => self.bids.len(),
            Register::Calls => self.calls.len(),
            Register::Meetings => self.meetings.len(),
            Register::Agreements => self.agreements.len(),
            Register::Deliveries => self.deliveries.len(),
            Register::Plans => self.plans.len(),
            Register::Members => self.members.len(),
            Register::Organizations => self.organizations.len(),
            Register::Places => self.places.len(),
            Register::Roster => self.roster.len(),
        }
    }
}
