//! Aggregates 汇总: the cells of a part of the street, group by group.

use super::keys::{Facet, Key, List, NOWHERE, Stage, Standing, Sums};
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
use std::collections::{BTreeMap, BTreeSet};

/// The months before and after all others.
const ALWAYS: (Month, Month) = (Month { year: i32::MIN, month: 0 }, Month { year: i32::MAX, month: 12 });

/// One value that everything in a part has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Of which list.
    pub list: List,
    /// In this place and all below it; everywhere when `None`.
    pub place: Option<PlaceId>,
    /// With this value only.
    pub slice: Option<Slice>,
    /// Standing in one of these states only; in any when `None`.
    pub standings: Option<BTreeSet<Standing>>,
    /// What began in these months, both included; ever when `None`.
    pub months: Option<(Month, Month)>,
}

impl Part {
    /// All of a list.
    pub const fn of(list: List) -> Self {
        Self { list, place: None, slice: None, standings: None, months: None }
    }

    /// Whether the cells of this part are kept: below the community only those without a slice are.
    pub fn is_kept(&self, state: &State) -> bool {
        self.slice.is_none() || is_detailed(state, self.place)
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
    /// Whether these groups are kept as facets of their own, which cannot be cut by another.
    const fn is_faceted(self) -> bool {
        match self {
            Self::Category
            | Self::TopCategory
            | Self::Organization
            | Self::Giving
            | Self::UnitKind
            | Self::Channel
            | Self::Form
            | Self::Beneficiary => true,
            Self::Place(_) | Self::Standing | Self::Month | Self::Quarter => false,
        }
    }

    /// Whether the groups of a part can be told from the cells that are kept.
    pub fn is_kept(self, state: &State, part: &Part) -> bool {
        match (self, &part.slice) {
            (Self::Place(level), Some(_)) => level <= PlaceLevel::Community && part.is_kept(state),
            (by, None) if by.is_faceted() => is_detailed(state, part.place),
            (by, slice) => (slice.is_none() || !by.is_faceted()) && part.is_kept(state),
        }
    }
}

fn is_detailed(state: &State, place: Option<PlaceId>) -> bool {
    let level = place.and_then(|place| state.place(place)).map(|place| place.level);
    level.is_none_or(|level| level <= PlaceLevel::Community)
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
        if let Some(measure) = state.tallies.cells.measure_of(key.measure) {
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
    each_line(state, part, |key, sums| totals.put(state, key, sums));
    totals
}

/// What a part comes to, group by group. Groups that have nothing are left out; what is in none comes last.
pub fn aggregate(state: &State, part: &Part, by: By) -> Vec<(Group, Totals)> {
    let mut groups: BTreeMap<Group, Totals> = BTreeMap::new();
    match by {
        By::Place(level) => {
            for place in state.places_of_level(part.place, level) {
                let totals = total(state, &Part { place: Some(place), ..part.clone() });
                groups.insert(Group::Place(place), totals);
            }
        }
        By::Standing | By::Month | By::Quarter => each_line(state, part, |key, sums| {
            let group = match by {
                By::Month => Group::Month(key.month),
                By::Quarter => Group::Quarter(key.month.quarter()),
                _ => Group::Standing(key.standing),
            };
            groups.entry(group).or_default().put(state, key, sums);
        }),
        By::Category
        | By::TopCategory
        | By::Organization
        | By::Giving
        | By::UnitKind
        | By::Channel
        | By::Form
        | By::Beneficiary => {
            let facet = first_of(by, part.list);
            for place in roots(state, part.place) {
                let lines = state.tallies.cells.of_kind(part.list, place, facet, months(part));
                for (key, sums) in lines.filter(|(key, _)| stands(part, key)) {
                    if let Some(group) = group_of(state, by, key.facet) {
                        groups.entry(group).or_default().put(state, key, sums);
                    }
                }
            }
        }
    }
    groups.retain(|_, totals| totals.count() > 0);
    let mut rest = total(state, part);
    groups.values().for_each(|group| rest.take(group));
    let rest = (rest.count() > 0).then_some((Group::Rest, rest));
    groups.into_iter().chain(rest).collect()
}

/// Whether a line is of a state that is looked at.
fn stands(part: &Part, key: &Key) -> bool {
    part.standings.as_ref().is_none_or(|wanted| wanted.contains(&key.standing))
}

fn months(part: &Part) -> (Month, Month) {
    part.months.unwrap_or(ALWAYS)
}

/// The places whose cells make up a place: itself, or all roots with what lies nowhere.
fn roots(state: &State, place: Option<PlaceId>) -> Vec<PlaceId> {
    place.map_or_else(|| state.children(None).chain([NOWHERE]).collect(), |place| vec![place])
}

/// Every line of a part.
fn each_line(state: &State, part: &Part, mut look: impl FnMut(&Key, &Sums)) {
    let cells = &state.tallies.cells;
    let facets: BTreeSet<Facet> = match &part.slice {
        None => [Facet::All].into(),
        Some(Slice::Category(code)) => {
            state.leaves(code).filter_map(|leaf| cells.category(&leaf)).map(Facet::Category).collect()
        }
        Some(Slice::Organization(it)) => [Facet::Organization(*it)].into(),
        Some(Slice::Giving(it)) => [Facet::Giving(*it)].into(),
        Some(Slice::Channel(it)) => [Facet::Channel(*it)].into(),
        Some(Slice::Form(it)) => [Facet::Form(*it)].into(),
        Some(Slice::Beneficiary(it)) => [Facet::Beneficiary(*it)].into(),
        Some(Slice::UnitKind(kind)) => {
            let all = state.organizations().filter(|it| it.draft.kind.unit_kind() == *kind);
            let of_unit =
                |id| if part.list == List::Pairings { Facet::Giving(id) } else { Facet::Organization(id) };
            all.map(|it| of_unit(it.id)).collect()
        }
    };
    for place in roots(state, part.place) {
        for facet in &facets {
            let lines = cells.of(part.list, place, *facet, months(part));
            for (key, sums) in lines.filter(|(key, _)| stands(part, key)) {
                look(key, sums);
            }
        }
    }
}

/// The first facet of the kind that groups are kept by.
const fn first_of(by: By, list: List) -> Facet {
    match (by, list) {
        (By::Category | By::TopCategory, _) => Facet::Category(0),
        (By::Giving, _) | (By::UnitKind, List::Pairings) => Facet::Giving(OrganizationId::new(0)),
        (By::Organization | By::UnitKind, _) => Facet::Organization(OrganizationId::new(0)),
        (By::Channel, _) => Facet::Channel(Channel::OrganizationWhistle),
        (By::Form, _) => Facet::Form(Form::Goods),
        (By::Beneficiary, _) => Facet::Beneficiary(BeneficiaryGroup::Residents),
        (By::Place(_) | By::Standing | By::Month | By::Quarter, _) => Facet::All,
    }
}

fn group_of(state: &State, by: By, facet: Facet) -> Option<Group> {
    Some(match facet {
        Facet::All => return None,
        Facet::Category(number) => {
            let code = state.tallies.cells.category_of(number)?;
            let top = state.category(code).and_then(|it| it.parent.clone()).filter(|_| by == By::TopCategory);
            Group::Category(top.unwrap_or_else(|| code.clone()))
        }
        Facet::Organization(it) | Facet::Giving(it) if by == By::UnitKind => {
            Group::UnitKind(state.organization(it)?.draft.kind.unit_kind())
        }
        Facet::Organization(it) | Facet::Giving(it) => Group::Organization(it),
        Facet::Channel(it) => Group::Channel(it),
        Facet::Form(it) => Group::Form(it),
        Facet::Beneficiary(it) => Group::Beneficiary(it),
    })
}

/// Whether a need was ever to be met here: not in other hands, as its list says.
pub(super) const fn is_counted(standing: Standing) -> bool {
    !matches!(standing, Standing::Need(NeedStatus::Settled))
}
