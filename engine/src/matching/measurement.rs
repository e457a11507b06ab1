//! How well the suggestions rank: the whole road from a wording to a ranked list, measured on pages it has not seen.
//!
//! [`crate::text::evaluation`] measures the reading of wording alone and says which pages are learnt from, which are measured
//! and who stands in the pool. Here the pool becomes a street (its units are registered, their resources posted with the
//! category that the lexicon reads), every need is posted by its wording, and what [`super::suggest_for_targets`] answers is
//! ranked by the same rule.
//!
//! Published rows tell where a unit stands only by what it did there. So the street is measured twice: [`Territory::Untold`]
//! puts nobody anywhere, and roster and distance say nothing; [`Territory::Told`] gives every neighbourhood its community and
//! links the units that are told of in it. The latter shows what knowing the roster would be worth, not what was known.
//!
//! Found on the published rows, resources posted beforehand, of 1000 (intervals in [`crate::text::evaluation`] and from
//! `gongjian evaluate`):
//!
//! | whole fit | MRR | recall at 1 | 3 | 5 | 10 |
//! |---|---|---|---|---|---|
//! | pages kept back, 29 questions, 60 units | 414 | 310 | 482 | 551 | 620 |
//! | … among 20 of the need's street | 518 | 379 | 586 | 655 | 724 |
//! | … the roster told | 913 | 827 | 1000 | 1000 | 1000 |
//! | halves of all pages, 480 questions | 406 | 264 | 456 | 545 | 712 |
//!
//! On those halves only affinity is worth more than luck (without it, chance is left). Roster, distance and window have
//! nothing to say of such rows, and freshness hardly: everything was posted at one time. Where the roster is told, leaving it
//! out loses most (MRR 543 instead of 934).

use super::{Knowledge, suggest_for_targets};
use crate::{
    category::{Categorized, CategoryCode},
    command::Command,
    decide::{Context, decide},
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{NeedId, OrganizationId, PlaceId},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    pairing::{FactorKind, Target},
    place::PlaceLevel,
    refusal::Refusal,
    resource::ResourceDraft,
    rules::{Rules, Weights},
    state::State,
    text::{
        affinity::Affinity,
        evaluation::{
            Posting, Reach, Split,
            ranking::{Bench, PoolUnit, Ranking},
        },
        published::{ListRow, PairingRow},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// The time of the measured street; only differences of time count, and there are none.
const THEN: Moment = Moment::from_millis(1_767_225_600_000);

/// Whether the measured street knows its territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Territory {
    /// Nobody is anywhere.
    Untold,
    /// Every neighbourhood is a community, and the units told of in it are on its roster.
    Told,
}

/// Which factors of the fit are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// All, as a new street weighs them.
    All,
    /// All but one.
    Without(FactorKind),
    /// One alone.
    Only(FactorKind),
}

impl Heard {
    /// All factors, each left out, each alone.
    pub fn every() -> impl Iterator<Item = Self> {
        let without = FactorKind::ALL.into_iter().map(Self::Without);
        std::iter::once(Self::All).chain(without).chain(FactorKind::ALL.into_iter().map(Self::Only))
    }

    fn weights(self) -> Weights {
        let standard = Rules::STANDARD.weights;
        let weight = |kind: FactorKind| match self {
            Self::Without(silent) if silent == kind => 0,
            Self::Only(heard) if heard != kind => 0,
            Self::All | Self::Without(_) | Self::Only(_) => standard.of(kind),
        };
        Weights {
            category: weight(FactorKind::Category),
            roster: weight(FactorKind::Roster),
            distance: weight(FactorKind::Distance),
            window: weight(FactorKind::Window),
            wording: weight(FactorKind::Wording),
            affinity: weight(FactorKind::Affinity),
            freshness: weight(FactorKind::Freshness),
            record: weight(FactorKind::Record),
        }
    }
}

/// What one choice of factors achieved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The factors.
    pub heard: Heard,
    /// Among whom units were looked for.
    pub reach: Reach,
    /// The ranks of the units that really took a need up, by page.
    pub ranking: Ranking,
}

/// Ranks of the units that really took a need up, for each choice of factors within every reach.
///
/// # Errors
/// A [`Refusal`] when a row cannot be posted; the rows that come with the program can.
pub fn measure(
    lists: &[ListRow],
    pairings: &[PairingRow],
    split: Split,
    posting: Posting,
    territory: Territory,
    choices: impl IntoIterator<Item = Heard>,
) -> Result<Vec<Line>, Refusal> {
    let mut lines: Vec<Line> = choices
        .into_iter()
        .flat_map(|heard| Reach::ALL.map(|reach| Line { heard, reach, ranking: Ranking::default() }))
        .collect();
    for (_, learnt, measured) in split.sides(lists, pairings) {
        let bench = Bench::of(&learnt, &measured, posting);
        let affinity = Affinity::learn(&bench.learnt.lists, &bench.learnt.pairings);
        let mut street = Street::open(&affinity)?;
        street.settle(&bench, territory)?;
        for of_choice in lines.chunk_by_mut(|one, other| one.heard == other.heard) {
            let Some(heard) = of_choice.first().map(|line| line.heard) else { continue };
            let fits = street.fits(&bench, heard)?;
            for line in of_choice {
                line.ranking
                    .extend(&bench.rank(line.reach, |need| fits.get(need).cloned().unwrap_or_default()));
            }
        }
    }
    Ok(lines)
}

/// A street that exists only to be measured.
struct Street<'a> {
    state: State,
    affinity: &'a Affinity,
    /// The communities of a told territory, by neighbourhood; `None` is the one for those from elsewhere.
    communities: BTreeMap<Option<usize>, PlaceId>,
    units: Vec<OrganizationId>,
    targets: Vec<Target>,
}

impl<'a> Street<'a> {
    fn open(affinity: &'a Affinity) -> Result<Self, Refusal> {
        let mut street = Self {
            state: State::empty(),
            affinity,
            communities: BTreeMap::new(),
            units: Vec::new(),
            targets: Vec::new(),
        };
        street.run(&Command::OpenStreet { name: "量街道".into() })?;
        Ok(street)
    }

    /// Builds the territory where it is told, registers every unit and posts every need.
    fn settle(&mut self, bench: &Bench, territory: Territory) -> Result<(), Refusal> {
        if territory == Territory::Told {
            self.divide(bench)?;
        }
        for unit in &bench.units {
            let organization = self.register(unit)?;
            self.units.push(organization);
        }
        for question in &bench.questions {
            let place = self.communities.get(&Some(question.neighbourhood)).copied();
            let target = self.ask(&question.need, place)?;
            self.targets.push(target);
        }
        Ok(())
    }

    /// A community for every neighbourhood, and one for the units from elsewhere.
    fn divide(&mut self, bench: &Bench) -> Result<(), Refusal> {
        let of_units = bench.units.iter().flat_map(|unit| &unit.neighbourhoods);
        let of_needs = bench.questions.iter().map(|question| &question.neighbourhood);
        let numbers = of_units.chain(of_needs).copied().map(Some).chain([None]);
        for number in numbers.collect::<BTreeSet<_>>() {
            let place = PlaceId::new(self.state.last.place + 1);
            let name = number.map_or_else(|| "外社区".to_owned(), |number| format!("{number}社区"));
            let parent = self.state.places().next().map(|street| street.id);
            self.run(&Command::AddPlace { name, level: PlaceLevel::Community, parent, reference: None })?;
            self.communities.insert(number, place);
        }
        Ok(())
    }

    /// How well each unit fits each need when these factors are heard, by the need's wording and in the order of the
    /// units.
    fn fits(&mut self, bench: &Bench, heard: Heard) -> Result<BTreeMap<String, Vec<u64>>, Refusal> {
        self.run(&Command::SetRules(Rules { weights: heard.weights(), ..Rules::STANDARD }))?;
        let knowledge = Knowledge::of(self.affinity);
        let suggested = suggest_for_targets(&self.state, knowledge, THEN, &self.targets, usize::MAX);
        let fits = suggested.iter().map(|answer| {
            let by_unit: BTreeMap<OrganizationId, u64> =
                answer.iter().map(|one| (one.organization, u64::from(one.fit.total))).collect();
            self.units.iter().map(|unit| by_unit.get(unit).copied().unwrap_or(0)).collect()
        });
        Ok(bench.questions.iter().map(|question| question.need.clone()).zip(fits).collect())
    }

    fn run(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(&self.state, &Context { caller: Caller::System, now: THEN }, command)?;
        let recorded = Recorded { position: self.state.position().next(), time: THEN };
        evolve_commit(&mut self.state, recorded, &events);
        Ok(events)
    }

    fn register(&mut self, unit: &PoolUnit) -> Result<OrganizationId, Refusal> {
        let organization = OrganizationId::new(self.state.last.organization + 1);
        let place = self.communities.get(&unit.neighbourhoods.first().copied()).copied();
        self.run(&Command::RegisterOrganization(OrganizationDraft {
            name: unit.name.clone(),
            kind: OrganizationKind::Unit(unit.kind.unwrap_or(UnitKind::Other)),
            place,
            open_capacity: None,
            reference: None,
        }))?;
        for number in &unit.neighbourhoods {
            if let Some(&community) = self.communities.get(&Some(*number)) {
                let link = RosterLink { unit: organization, community, relation: Relation::Reported };
                self.run(&Command::LinkRoster(link))?;
            }
        }
        for title in &unit.resources {
            let entry = EntryDraft { place, ..self.entry(title, organization) };
            self.run(&Command::PostResource(ResourceDraft::new(entry)))?;
        }
        Ok(organization)
    }

    fn ask(&mut self, wording: &str, place: Option<PlaceId>) -> Result<Target, Refusal> {
        let need = NeedId::new(self.state.last.need + 1);
        let office = OrganizationId::new(1);
        let entry = EntryDraft { place, ..self.entry(wording, office) };
        self.run(&Command::PostNeed(NeedDraft::new(entry)))?;
        Ok(Target::Need(need))
    }

    fn entry(&self, title: &str, organization: OrganizationId) -> EntryDraft {
        let guess = self.affinity.lexicon().classify(title);
        let category = guess
            .leaf
            .and_then(|leaf| CategoryCode::new(&leaf).ok())
            .map(|code| Categorized { code, confidence: guess.confidence.min(999) });
        EntryDraft { category, ..EntryDraft::new(title, organization) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{
        evaluation::{Method, evaluate},
        published,
    };

    fn measured(territory: Territory, choices: &[Heard]) -> Vec<Line> {
        let split = Split::KeptBack;
        let (lists, pairings) = (published::lists(), published::pairings());
        measure(lists, pairings, split, Posting::Beforehand, territory, choices.iter().copied()).unwrap()
    }

    #[test]
    fn suggestions_rank_no_worse_than_the_reading_of_wording_alone() {
        for posting in [Posting::Beforehand, Posting::AlsoWhatItDid] {
            let (lists, pairings) = (published::lists(), published::pairings());
            let lines =
                measure(lists, pairings, Split::Halves, posting, Territory::Untold, [Heard::All]).unwrap();
            let suggested = lines.first().unwrap().ranking.total();
            let alone = evaluate(lists, pairings, Split::Halves, posting).of(Method::Affinity).unwrap();
            assert!(suggested.mean_reciprocal_rank() + 15 >= alone.mean_reciprocal_rank());
            assert!(suggested.recall_at_5() + 25 >= alone.recall_at_5());
        }
    }

    #[test]
    fn leaving_out_a_factor_that_says_nothing_changes_nothing() {
        let silent = [FactorKind::Roster, FactorKind::Window];
        let choices: Vec<Heard> = std::iter::once(Heard::All).chain(silent.map(Heard::Without)).collect();
        let lines = measured(Territory::Untold, &choices);
        for line in &lines {
            let whole = lines.iter().find(|other| other.reach == line.reach).unwrap();
            assert_eq!(line.ranking, whole.ranking, "{line:?}");
        }
    }

    #[test]
    fn a_roster_that_is_told_lifts_who_stands_on_it() {
        let choices = [Heard::All, Heard::Without(FactorKind::Roster)];
        let lines = measured(Territory::Told, &choices);
        let figure = |heard: Heard| {
            let line = lines.iter().find(|line| line.heard == heard && line.reach == Reach::Pool);
            line.unwrap().ranking.total().mean_reciprocal_rank()
        };
        assert!(
            figure(choices[0]) > figure(choices[1]) + 50,
            "{} {}",
            figure(choices[0]),
            figure(choices[1])
        );
    }

    #[test]
    fn each_choice_hears_what_it_says() {
        assert_eq!(Heard::All.weights(), Rules::STANDARD.weights);
        for kind in FactorKind::ALL {
            for other in FactorKind::ALL {
                let standard = Rules::STANDARD.weights.of(other);
                let (without, only) = (Heard::Without(kind).weights(), Heard::Only(kind).weights());
                assert_eq!(without.of(other), if kind == other { 0 } else { standard });
                assert_eq!(only.of(other), if kind == other { standard } else { 0 });
            }
        }
    }
}
