//! How well the suggestions rank: the whole road from a wording to a ranked list, measured on pages it has not seen.
//!
//! [`crate::text::evaluation`] measures the reading of wording alone. Here the pool becomes a street (its
//! units are registered, their resources posted with the category that the lexicon reads), every need is
//! posted by its wording, and what [`super::suggest_for_targets`] answers is ranked by the same rule.
//!
//! Found on the published rows (ten directions, 480 questions), of 1000:
//!
//! | pool | MRR | recall at 1 | 3 | 5 | 10 |
//! |---|---|---|---|---|---|
//! | posted beforehand | 393 | 245 | 441 | 570 | 729 |
//! | as if every unit had posted what it then did | 540 | 391 | 612 | 710 | 850 |
//!
//! Bigram TF-IDF in the same runs: 174 and 156 at 5, 366 and 416 at 5.

use super::{Knowledge, suggest_for_targets};
use crate::{
    category::{Categorized, CategoryCode},
    command::Command,
    decide::{Context, decide},
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::OrganizationId,
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::Target,
    refusal::Refusal,
    resource::ResourceDraft,
    state::State,
    text::{
        affinity::Affinity,
        evaluation::{
            Pool,
            ranking::{Bench, PoolUnit, Ranks},
            split::{SEEDS, halves},
        },
        published::{ListRow, PairingRow},
    },
};

/// The time of the measured street; only differences of time count, and there are none.
const THEN: Moment = Moment::from_millis(1_767_225_600_000);

/// Ranks of the units that really took a need up, over all seeds and both directions.
///
/// # Errors
/// A [`Refusal`] when a row cannot be posted; the rows that come with the program can.
pub fn measure(lists: &[ListRow], pairings: &[PairingRow], pool: Pool) -> Result<Ranks, Refusal> {
    let mut ranks = Ranks::default();
    for seed in SEEDS {
        let (one, other) = halves(lists, pairings, seed);
        for (learnt, measured) in [(&one, &other), (&other, &one)] {
            let affinity = Affinity::learn(&learnt.lists, &learnt.pairings);
            ranks = ranks.and(rank(&Bench::of(measured, pool), &affinity)?);
        }
    }
    Ok(ranks)
}

fn rank(bench: &Bench, affinity: &Affinity) -> Result<Ranks, Refusal> {
    let mut street = Street::open(affinity)?;
    let units: Vec<OrganizationId> =
        bench.units.iter().map(|unit| street.register(unit)).collect::<Result<_, _>>()?;
    let targets: Vec<Target> =
        bench.questions.iter().map(|question| street.ask(&question.need)).collect::<Result<_, _>>()?;
    let suggested = suggest_for_targets(&street.state, Knowledge::of(affinity), THEN, &targets, usize::MAX);
    let mut answers = suggested.iter();
    Ok(bench.rank(|_| {
        let answer = answers.next().map_or(&[][..], Vec::as_slice);
        let fit = |unit: &OrganizationId| {
            let found = answer.iter().find(|suggestion| suggestion.organization == *unit);
            found.map_or(0, |suggestion| u64::from(suggestion.fit.total))
        };
        units.iter().map(fit).collect()
    }))
}

/// A street that exists only to be measured.
struct Street<'a> {
    state: State,
    affinity: &'a Affinity,
}

impl<'a> Street<'a> {
    fn open(affinity: &'a Affinity) -> Result<Self, Refusal> {
        let mut street = Self { state: State::empty(), affinity };
        street.run(&Command::OpenStreet { name: "量街道".into() })?;
        Ok(street)
    }

    fn run(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(&self.state, &Context { caller: Caller::System, now: THEN }, command)?;
        let recorded = Recorded { position: self.state.position().next(), time: THEN };
        evolve_commit(&mut self.state, recorded, &events);
        Ok(events)
    }

    fn register(&mut self, unit: &PoolUnit) -> Result<OrganizationId, Refusal> {
        let organization = OrganizationId::new(self.state.last.organization + 1);
        self.run(&Command::RegisterOrganization(OrganizationDraft {
            name: unit.name.clone(),
            kind: OrganizationKind::Unit(unit.kind.unwrap_or(UnitKind::Other)),
            place: None,
            open_capacity: None,
            reference: None,
        }))?;
        for title in &unit.resources {
            let entry = self.entry(title, organization);
            self.run(&Command::PostResource(ResourceDraft::new(entry)))?;
        }
        Ok(organization)
    }

    fn ask(&mut self, wording: &str) -> Result<Target, Refusal> {
        let need = crate::identity::NeedId::new(self.state.last.need + 1);
        let office = OrganizationId::new(1);
        let entry = EntryDraft { place: None, ..self.entry(wording, office) };
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

    #[test]
    fn suggestions_rank_no_worse_than_the_reading_of_wording_alone() {
        for pool in [Pool::Posted, Pool::PostedAndDone] {
            let suggested = measure(published::lists(), published::pairings(), pool).unwrap();
            let report = evaluate(published::lists(), published::pairings(), pool);
            let alone = report.of(Method::Affinity).unwrap();
            assert!(suggested.mean_reciprocal_rank() + 15 >= alone.mean_reciprocal_rank());
            assert!(suggested.recall_at_5() + 25 >= alone.recall_at_5());
        }
    }
}
