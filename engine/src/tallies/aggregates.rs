//! Aggregates 汇总: the cells of a part of the street, group by group.

use super::{
    facets::{Cut, Facet, Property},
    keys::{Key, List, NOWHERE, Stage, Standing, Sums},
};
use crate::{
    category::CategoryCode,
    entry::{BeneficiaryGroup, Form},
    identity::{OrganizationId, PlaceId},
    need::{Channel, NeedStatus},
    organization::UnitKind,
    period::{Month, Quarter},
    place::PlaceLevel,
    quantity::Measure,
    state::State,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One value that everything in a part has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Slice {
    /// A category: a leaf, or a top with all its leaves.
    Category(CategoryCode),
    /// Who posted it; of a pairing, who asks.
    Organization(OrganizationId),
    /// Of a pairing, who gives.
    Giving(OrganizationId),
    /// How it came in.
    Channel(Channel),
    /// What kind of thing it is.
    Form(Form),
    /// Whom it is for.
    Beneficiary(BeneficiaryGroup),
    /// What kind whoever posted it is of; of a pairing, whoever gives.
    UnitKind(UnitKind),
}

impl Slice {
    /// The property it is a value of, in a list.
    const fn property(&self, list: List) -> Property {
        match (self, list) {
            (Self::Category(_), _) => Property::Category,
            (Self::UnitKind(_), List::Pairings) | (Self::Giving(_), _) => Property::Giving,
            (Self::UnitKind(_) | Self::Organization(_), _) => Property::Organization,
            (Self::Channel(_), _) => Property::Channel,
            (Self::Form(_), _) => Property::Form,
            (Self::Beneficiary(_), _) => Property::Beneficiary,
        }
    }

    /// The facets that make it up, in a list.
    pub(super) fn facets(&self, state: &State, list: List) -> Vec<Facet> {
        match self {
            Self::Category(code) => state.leaves(code).map(|leaf| Facet::Category(Some(leaf))).collect(),
            Self::Organization(it) => vec![Facet::Organization(*it)],
            Self::Giving(it) => vec![Facet::Giving(Some(*it))],
            Self::Channel(it) => vec![Facet::Channel(Some(*it))],
            Self::Form(it) => vec![Facet::Form(Some(*it))],
            Self::Beneficiary(it) => vec![Facet::Beneficiary(Some(*it))],
            Self::UnitKind(kind) => {
                let all = state.organizations().filter(|it| it.draft.kind.unit_kind() == *kind);
                let of_unit = |id| match list {
                    List::Pairings => Facet::Giving(Some(id)),
                    List::Needs | List::Resources | List::Projects => Facet::Organization(id),
                };
                all.map(|it| of_unit(it.id)).collect()
            }
        }
    }
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Of which list.
    pub list: List,
    /// In this place and all below it; everywhere when `None`.
    pub place: Option<PlaceId>,
    /// With all of these values.
    pub slices: Vec<Slice>,
    /// Standing in one of these states only; in any when `None`.
    pub standings: Option<BTreeSet<Standing>>,
    /// What began in these months, both included; ever when `None`.
    pub months: Option<(Month, Month)>,
}

/// Why something cannot be read off the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// More than two properties would have to be told apart at once.
    Properties,
    /// Below the community no property is told apart.
    Depth,
    /// Two properties at once are told apart in the street as a whole, not in one place of it.
    Pairs,
    /// What happened in one place of the street with a property is told apart by month, not by day.
    Days,
}

impl Part {
    /// All of a list.
    pub const fn of(list: List) -> Self {
        Self { list, place: None, slices: Vec::new(), standings: None, months: None }
    }

    /// Whether these groups of this part can be told from the cells that are kept.
    ///
    /// # Errors
    /// Why they cannot.
    pub fn kept(&self, state: &State, by: &[By]) -> Result<(), NotKept> {
        let properties = self.properties(by);
        let own = self.place.and_then(|place| state.place(place));
        let levels = by.iter().filter_map(|by| if let By::Place(level) = by { Some(*level) } else { None });
        let deepest = levels.clone().chain(own.map(|place| place.level)).max();
        let is_whole = own.is_none_or(|place| place.parent.is_none()) && levels.count() == 0;
        if properties.len() > 2 {
            Err(NotKept::Properties)
        } else if !properties.is_empty() && deepest.is_some_and(|level| level > PlaceLevel::Community) {
            Err(NotKept::Depth)
        } else if properties.len() == 2 && !is_whole {
            Err(NotKept::Pairs)
        } else {
            Ok(())
        }
    }

    /// What has to be told apart for these groups of this part.
    fn properties(&self, by: &[By]) -> BTreeSet<Property> {
        let slices = self.slices.iter().map(|slice| slice.property(self.list));
        slices.chain(by.iter().filter_map(|by| by.property(self.list))).collect()
    }

    /// The numbers of the facets of a property that lie in this part; `None` when all do.
    fn wanted(&self, state: &State, property: Property) -> Option<BTreeSet<u32>> {
        let slices = self.slices.iter().filter(|slice| slice.property(self.list) == property);
        let numbers = |slice: &Slice| -> BTreeSet<u32> {
            let facets = slice.facets(state, self.list);
            facets.iter().filter_map(|facet| state.tallies.cells.number(facet)).collect()
        };
        slices.map(numbers).reduce(|one, other| &one & &other)
    }
}

/// By what groups are formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By category leaf.
    Category,
    /// By top category, rolled up.
    TopCategory,
    /// By place of one level, rolled up.
    Place(PlaceLevel),
    /// By who posted it; of pairings, who asks.
    Organization,
    /// Of pairings, by who gives.
    Giving,
    /// By the kind of whoever posted it; of pairings, of whoever gives.
    UnitKind,
    /// By status.
    Standing,
    /// By channel.
    Channel,
    /// By form.
    Form,
    /// By beneficiary.
    Beneficiary,
    /// By the month in which it began.
    Month,
    /// By that month's quarter.
    Quarter,
}

impl By {
    /// The property that tells these groups of a list apart, where it takes one and the list has it.
    fn property(self, list: List) -> Option<Property> {
        let property = match self {
            Self::Category | Self::TopCategory => Property::Category,
            Self::Giving => Property::Giving,
            Self::UnitKind if list == List::Pairings => Property::Giving,
            Self::Organization | Self::UnitKind => Property::Organization,
            Self::Channel => Property::Channel,
            Self::Form => Property::Form,
            Self::Beneficiary => Property::Beneficiary,
            Self::Place(_) | Self::Standing | Self::Month | Self::Quarter => return None,
        };
        Property::of(list).contains(&property).then_some(property)
    }
}

/// What a group has in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// A category.
    Category(CategoryCode),
    /// A place.
    Place(PlaceId),
    /// An organization.
    Organization(OrganizationId),
    /// A kind of units.
    UnitKind(UnitKind),
    /// A status.
    Standing(Standing),
    /// A channel.
    Channel(Channel),
    /// A form.
    Form(Form),
    /// A beneficiary.
    Beneficiary(BeneficiaryGroup),
    /// A month.
    Month(Month),
    /// A quarter.
    Quarter(Quarter),
    /// Of which it is not said, or which lies in no place of that level.
    Rest,
}

/// What a part comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<(Standing, Stage, Measure), Sums>);

impl Totals {
    /// Everything together, in each measure.
    pub fn lines(&self) -> impl Iterator<Item = (Standing, Stage, &Measure, &Sums)> {
        self.0.iter().map(|((standing, stage, measure), sums)| (*standing, *stage, measure, sums))
    }

    /// How many entries there are.
    pub fn count(&self) -> u64 {
        self.0.values().map(|sums| sums.count).sum()
    }

    /// How many entries there are for which this holds.
    pub fn count_if(&self, holds: impl Fn(Standing, Stage) -> bool) -> u64 {
        let lines = self.lines().filter(|(standing, stage, ..)| holds(*standing, *stage));
        lines.map(|(.., sums)| sums.count).sum()
    }

    /// How many there are in each status.
    pub fn by_standing(&self) -> BTreeMap<Standing, u64> {
        let mut counts = BTreeMap::new();
        for (standing, _, _, sums) in self.lines().filter(|(.., sums)| sums.count > 0) {
            *counts.entry(standing).or_default() += sums.count;
        }
        counts
    }

    /// How much there is in each measure, of those for which this holds.
    pub fn by_measure(&self, holds: impl Fn(Standing, Stage) -> bool) -> BTreeMap<Measure, Sums> {
        let mut sums: BTreeMap<Measure, Sums> = BTreeMap::new();
        for (standing, stage, measure, more) in self.lines() {
            // A project is counted, and asks no more than its slots do.
            if more.amount > 0 && holds(standing, stage) {
                let sum = sums.entry(measure.clone()).or_default();
                *sum = sum.plus(*more);
            }
        }
        sums
    }

    fn put(&mut self, state: &State, key: &Key, sums: &Sums) {
        if let Some(measure) = state.tallies.cells.measure(key.measure) {
            let line = self.0.entry((key.standing, key.stage, measure.clone())).or_default();
            *line = line.plus(*sums);
        }
    }

    fn take(&mut self, other: &Self) {
        for (line, sums) in &other.0 {
            if let Some(kept) = self.0.get_mut(line) {
                *kept = kept.minus(*sums);
                if *kept == Sums::default() {
                    self.0.remove(line);
                }
            }
        }
    }
}

/// What a part comes to altogether.
pub fn total(state: &State, part: &Part) -> Totals {
    let mut totals = Totals::default();
    each_line(state, part, &[], |key, sums| totals.put(state, key, sums));
    totals
}

/// What a part comes to, by groups that are formed by each of these at once, at most one of them by place. Groups that have
/// nothing are left out; what is in none comes last. Nothing of what is not [kept](Part::kept).
pub fn aggregate<const N: usize>(state: &State, part: &Part, by: [By; N]) -> Vec<([Group; N], Totals)> {
    let mut groups = in_place(state, part, by);
    let by_place = by.iter().enumerate().find_map(|(at, by)| match by {
        By::Place(level) => Some((at, *level)),
        _ => None,
    });
    if let Some((at, level)) = by_place {
        for place in state.places_of_level(part.place, level) {
            let here = Part { place: Some(place), ..part.clone() };
            for (mut group, totals) in in_place(state, &here, by) {
                if let Some(rest) = groups.get_mut(&group) {
                    rest.take(&totals);
                }
                if let Some(part) = group.get_mut(at) {
                    *part = Group::Place(place);
                }
                groups.insert(group, totals);
            }
        }
    }
    groups.into_iter().filter(|(_, totals)| totals.count() > 0).collect()
}

/// The same without a look at places: what is grouped by them is all in the rest.
fn in_place<const N: usize>(state: &State, part: &Part, by: [By; N]) -> BTreeMap<[Group; N], Totals> {
    let mut groups: BTreeMap<[Group; N], Totals> = BTreeMap::new();
    each_line(state, part, &by, |key, sums| {
        let group = by.map(|by| group_of(state, by, key));
        groups.entry(group).or_default().put(state, key, sums);
    });
    groups
}

/// The places whose cells make up a place: itself, or all roots with what lies nowhere.
fn roots(state: &State, place: Option<PlaceId>) -> Vec<PlaceId> {
    place.map_or_else(|| state.children(None).chain([NOWHERE]).collect(), |place| vec![place])
}

/// Every line of a part that tells these groups apart.
fn each_line(state: &State, part: &Part, by: &[By], mut look: impl FnMut(&Key, &Sums)) {
    let cells = &state.tallies.cells;
    let properties = part.properties(by);
    let wanted = |property| part.wanted(state, property);
    let cuts = Cut::ranges(&properties, wanted, |property| cells.all(property)).unwrap_or_default();
    let stands = |key: &Key| part.standings.as_ref().is_none_or(|wanted| wanted.contains(&key.standing));
    for place in roots(state, part.place) {
        for cut in &cuts {
            let lines = cells.of(part.list, place, *cut, part.months.unwrap_or((Month::FIRST, Month::LAST)));
            lines.filter(|(key, _)| stands(key)).for_each(|(key, sums)| look(key, sums));
        }
    }
}

/// The group a line belongs to; that of what nobody said is the rest.
fn group_of(state: &State, by: By, key: &Key) -> Group {
    let facet = by.property(key.list).and_then(|property| {
        let number = key.cut.number(property)?;
        state.tallies.cells.facet(number)
    });
    let found = match (by, facet) {
        (By::Standing, _) => Some(Group::Standing(key.standing)),
        (By::Month, _) => Some(Group::Month(key.month)),
        (By::Quarter, _) => Some(Group::Quarter(key.month.quarter())),
        (By::TopCategory, Some(Facet::Category(Some(code)))) => {
            Some(Group::Category(state.top_of(code).clone()))
        }
        (By::UnitKind, Some(Facet::Organization(id) | Facet::Giving(Some(id)))) => {
            state.organization(*id).map(|it| Group::UnitKind(it.draft.kind.unit_kind()))
        }
        (_, Some(Facet::Category(code))) => code.clone().map(Group::Category),
        (_, Some(Facet::Organization(it))) => Some(Group::Organization(*it)),
        (_, Some(Facet::Giving(it))) => it.map(Group::Organization),
        (_, Some(Facet::Channel(it))) => it.map(Group::Channel),
        (_, Some(Facet::Form(it))) => it.map(Group::Form),
        (_, Some(Facet::Beneficiary(it))) => it.map(Group::Beneficiary),
        (_, None) => None,
    };
    found.unwrap_or(Group::Rest)
}

/// Whether a need was ever to be met here: not in other hands, as its list says.
pub(super) const fn is_counted(standing: Standing) -> bool {
    !matches!(standing, Standing::Need(NeedStatus::Settled))
}
