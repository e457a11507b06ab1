//! Figures 统计: what is collected, answered, settled and appraised, and how pairings fare, counted by month.
//!
//! **One rule of belonging.** Whatever is counted belongs to the month in which it *began*, on the street's clock: a
//! need to the month it was collected in, a pairing to the month it was proposed or requested in, a credit to the
//! month it was given in. So every rate is a share of a fixed set of things, it never passes 1, and it grows until
//! all of them are done with: the figures of June, read on the 15th of July, say how far June has come by then. A need
//! that is taken along into a later period stays with the month it was collected in, and is counted as taken along.
//!
//! **One rule of filing.** A need is filed under its place (and every place around it), its poster and its category
//! as its draft says them, read when it is posted or amended; a pairing under those of what it serves, and under its
//! giver, read when it begins. What an organization or a category becomes later moves nothing that is filed. A property
//! is told apart in all of the street and in each community: what lies in a larger place is the sum of its communities,
//! so that a post writes one more cell for each property and not one for each place around it.
//!
//! Units are kept in the order of each measure for every month, quarter and year ([`Ranking`]).
//!
//! The rates and where they come from stand at [`Counts`]. The counts are kept by [`crate::evolve`], so a question is a
//! look-up at any position of the log; `tests/tests/figures.rs` counts the log once more, slowly.

mod counts;
mod filing;
mod histogram;
mod ranking;
mod statement;

pub use counts::{Counts, Rate};
pub use filing::{Filed, NeedStands, PairingStands, Scope};
pub use histogram::Histogram;
pub use ranking::{Merit, Ranked, RankedBy, Ranking, Span, Spot};
pub use statement::{Line, Turn};

use crate::{
    contribution::Credit,
    event::Event,
    evolve::Recorded,
    history::Entity,
    identity::{NeedId, OrganizationId, PairingId},
    moment::Moment,
    pairing::Target,
    period::Month,
    state::State,
    tallies::{Slice, Where},
};
use filing::{Stands, Way};
use imbl::{OrdMap, Vector};
use ranking::Rankings;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// What one organization was credited with in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    /// Points.
    pub points: u64,
    /// Minutes of all classes of persons.
    pub minutes: u64,
    /// Deliveries.
    pub deliveries: u64,
}

impl Earned {
    fn add(&mut self, credit: &Credit) {
        self.points = self.points.saturating_add(credit.points);
        self.minutes = self.minutes.saturating_add(credit.all_minutes());
        self.deliveries = self.deliveries.saturating_add(1);
    }

    /// Both together.
    pub const fn plus(&self, other: &Self) -> Self {
        Self {
            points: self.points.saturating_add(other.points),
            minutes: self.minutes.saturating_add(other.minutes),
            deliveries: self.deliveries.saturating_add(other.deliveries),
        }
    }
}

/// Everything that is counted at one position of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The number of the cell of a scope and month. What is filed keeps the numbers of its cells, so that counting
    /// searches for nothing.
    numbers: OrdMap<(Scope, Month), u32>,
    cells: Vector<Arc<Counts>>,
    pub(crate) needs: OrdMap<NeedId, Arc<Filed<NeedStands>>>,
    pub(crate) pairings: OrdMap<PairingId, Arc<Filed<PairingStands>>>,
    earned: OrdMap<(Month, OrganizationId), Earned>,
    rankings: Rankings,
    pub(crate) lines: OrdMap<(OrganizationId, u64), Arc<Line>>,
}

impl Figures {
    /// What is counted in one cell's scope from the first month to the last, both included.
    pub fn of(&self, scope: &Scope, first: Month, last: Month) -> Counts {
        let range = (scope.clone(), first)..=(scope.clone(), last);
        let mut sum = Counts::default();
        for (_, number) in self.numbers.range(range) {
            if let Some(counts) = self.cells.get(*number as usize) {
                sum.add(counts);
            }
        }
        sum
    }

    /// Every value of a property that something was ever filed under, some more than once.
    pub fn slices(&self) -> impl Iterator<Item = Slice> {
        self.numbers.keys().filter_map(|(scope, _)| match scope {
            Scope::Of(slice) => Some(slice.clone()),
            Scope::Street | Scope::Place(_) | Scope::Near(..) => None,
        })
    }

    /// What organizations were credited with from the first month to the last, both included.
    pub fn earned(&self, first: Month, last: Month) -> BTreeMap<OrganizationId, Earned> {
        let range = (first, OrganizationId::new(0))..=(last, OrganizationId::new(u64::MAX));
        let mut sums: BTreeMap<OrganizationId, Earned> = BTreeMap::new();
        for ((_, organization), earned) in self.earned.range(range) {
            let sum = sums.entry(*organization).or_default();
            *sum = sum.plus(earned);
        }
        sums
    }

    /// Every cell, for those who count it once more.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&(Scope, Month), &Counts)> {
        let counts = |number: u32| self.cells.get(number as usize);
        self.numbers.iter().filter_map(move |(cell, number)| Some((cell, &**counts(*number)?)))
    }

    /// What was credited in each month, likewise.
    pub(crate) fn earned_by_month(&self) -> impl Iterator<Item = (&(Month, OrganizationId), &Earned)> {
        self.earned.iter()
    }

    /// What speaks for whoever gives, likewise.
    pub(crate) fn merits(&self) -> impl Iterator<Item = (&(OrganizationId, Span), &Merit)> {
        self.rankings.merits()
    }

    /// The orders of units, likewise.
    pub(crate) fn orders(&self) -> impl Iterator<Item = (&(Span, RankedBy), &Vector<Spot>)> {
        self.rankings.orders()
    }

    /// What each pairing says for its giver, with the month in which it began, likewise.
    pub(crate) fn said_of_givers(&self) -> impl Iterator<Item = (OrganizationId, Month, Merit)> {
        self.pairings.values().filter_map(|filed| {
            let mut merit = Merit::default();
            filed.stands.speak(&mut merit, Way::In);
            Some((filed.stands.giver()?, filed.month, merit))
        })
    }

    /// Counts something that is counted already, for those who have to notice.
    #[cfg(test)]
    pub(crate) fn count_once_more(&mut self) {
        self.cells.iter_mut().take(1).for_each(|counts| Arc::make_mut(counts).collected += 1);
    }

    /// Forgets what was credited, likewise.
    #[cfg(test)]
    pub(crate) fn forget_earnings(&mut self) {
        self.earned.clear();
    }

    /// Lets units stand in an order twice, likewise.
    #[cfg(test)]
    pub(crate) fn crowd_rankings(&mut self) {
        self.rankings.crowd();
    }

    /// The units of a span in the order of one measure, the best first.
    pub fn ranking(&self, span: Span, by: RankedBy) -> Ranking<'_> {
        self.rankings.ranking(span, by)
    }

    /// The time-bank statement of an organization, oldest line first.
    pub fn statement(&self, organization: OrganizationId) -> impl DoubleEndedIterator<Item = &Arc<Line>> {
        self.lines.range((organization, 0)..=(organization, u64::MAX)).map(|(_, line)| line)
    }

    /// The numbers of the cells of these scopes in one month, made where there are none.
    fn numbers(&mut self, scopes: Vec<Scope>, month: Month) -> Arc<[u32]> {
        let number = |scope: Scope| {
            let key = (scope, month);
            if let Some(number) = self.numbers.get(&key) {
                return *number;
            }
            let number = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
            self.cells.push_back(Arc::default());
            self.numbers.insert(key, number);
            number
        };
        scopes.into_iter().map(number).collect()
    }

    fn count(&mut self, cells: &[u32], stands: &impl Stands, way: Way) {
        for number in cells {
            if let Some(counts) = self.cells.get_mut(*number as usize) {
                stands.count(Arc::make_mut(counts), way);
            }
        }
    }

    fn recount<T: Stands>(&mut self, cells: &[u32], before: &T, after: &T) {
        for number in cells {
            if let Some(counts) = self.cells.get_mut(*number as usize) {
                let counts = Arc::make_mut(counts);
                before.count(counts, Way::Out);
                after.count(counts, Way::In);
            }
        }
    }
}

/// What is counted in a part of the street from the first month to the last, both included; `None` of one property below a
/// community, where it is not told apart. Costs the cells of the part: of a property in a place, one for each community and
/// month.
pub fn read(state: &State, part: &Where, first: Month, last: Month) -> Option<Counts> {
    let mut sum = Counts::default();
    for scope in Scope::of(state, part)? {
        sum.add(&state.figures.of(&scope, first, last));
    }
    Some(sum)
}

/// Counts what an event has changed; the state is that after it.
pub(crate) fn note(state: &mut State, recorded: Recorded, event: &Event, touched: &[Entity]) {
    if let Event::ContributionCredited { organization, credit, .. } = event {
        let month = month_of(state, recorded.time);
        let is_unit = state.is_unit(*organization);
        state.figures.earned.entry((month, *organization)).or_default().add(credit);
        state.figures.rankings.credit(*organization, is_unit, month, credit);
    }
    if let Event::OrganizationAmended { organization, .. } = event {
        let is_unit = state.is_unit(*organization);
        state.figures.rankings.seat(*organization, is_unit);
    }
    if let Some((organization, line)) = statement::line(state, recorded, event) {
        state.figures.lines.insert((organization, line.number), Arc::new(line));
    }
    for entity in touched {
        match entity {
            Entity::Need(need) => note_need(state, event, *need),
            Entity::Pairing(pairing) => note_pairing(state, recorded, *pairing),
            _ => {}
        }
    }
    // What is said of something holds for all that was given for it, and an agreement for all that it covers.
    let beside: Vec<PairingId> = match event {
        Event::AgreementSigned { agreement, .. } => filing::covered(state, *agreement),
        Event::NeedAppraised { need, .. } => {
            state.pairings_of_target(Target::Need(*need)).map(|it| it.id).collect()
        }
        Event::ProjectAppraised { project, .. } => {
            state.pairings_of_project(*project).map(|it| it.id).collect()
        }
        _ => Vec::new(),
    };
    for pairing in beside {
        note_pairing(state, recorded, pairing);
    }
}

/// Counts anew what of a pairing speaks for its giver.
fn note_merit(state: &mut State, month: Month, before: Option<&PairingStands>, stands: &PairingStands) {
    let Some(giver) = stands.giver().filter(|_| !before.is_some_and(|it| it.speaks_alike(stands))) else {
        return;
    };
    let is_unit = state.is_unit(giver);
    state.figures.rankings.change(giver, is_unit, month, |merit| {
        if let Some(before) = before {
            before.speak(merit, Way::Out);
        }
        stands.speak(merit, Way::In);
    });
}

fn month_of(state: &State, at: Moment) -> Month {
    Month::of(at.date(state.rules().utc_offset_minutes))
}

fn note_need(state: &mut State, event: &Event, id: NeedId) {
    let Some(need) = state.needs.get(&id).map(Arc::clone) else {
        return;
    };
    let before = state.figures.needs.get(&id).map(Arc::clone);
    let stands = NeedStands::of(state, &need, before.as_ref().map(|filed| &filed.stands));
    let amended = matches!(event, Event::NeedAmended { .. });
    let month = before.as_ref().map_or_else(|| month_of(state, need.posted), |filed| filed.month);
    let cells = match &before {
        Some(before) if !amended => Arc::clone(&before.cells),
        Some(_) | None => {
            let scopes = filing::of_need(state, &need);
            state.figures.numbers(scopes, month)
        }
    };
    let figures = &mut state.figures;
    match &before {
        Some(before) if before.cells == cells && before.stands == stands => return,
        Some(before) if before.cells == cells => figures.recount(&cells, &before.stands, &stands),
        Some(before) => {
            figures.count(&before.cells, &before.stands, Way::Out);
            figures.count(&cells, &stands, Way::In);
        }
        None => figures.count(&cells, &stands, Way::In),
    }
    figures.needs.insert(id, Arc::new(Filed { month, cells, stands }));
}

fn note_pairing(state: &mut State, recorded: Recorded, id: PairingId) {
    let Some(pairing) = state.pairings.get(&id).map(Arc::clone) else {
        return;
    };
    let before = state.figures.pairings.get(&id).map(Arc::clone);
    let stands =
        PairingStands::of(state, recorded.time, &pairing, before.as_ref().map(|filed| &filed.stands));
    let (month, cells) = match &before {
        Some(before) if before.stands == stands => return,
        Some(before) => {
            state.figures.recount(&before.cells, &before.stands, &stands);
            (before.month, Arc::clone(&before.cells))
        }
        None => {
            let month = month_of(state, pairing.since);
            let scopes = filing::of_pairing(state, &pairing);
            let cells = state.figures.numbers(scopes, month);
            state.figures.count(&cells, &stands, Way::In);
            (month, cells)
        }
    };
    note_merit(state, month, before.as_ref().map(|filed| &filed.stands), &stands);
    state.figures.pairings.insert(id, Arc::new(Filed { month, cells, stands }));
}

/// When what a pairing serves was posted.
fn posted(state: &State, target: Target) -> Option<Moment> {
    match target {
        Target::Need(need) => state.need(need).map(|need| need.posted),
        Target::Slot(project, _) => state.project(project).map(|project| project.posted),
    }
}
