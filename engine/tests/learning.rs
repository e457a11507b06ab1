//! What the street has seen of its units flows into the fit, and the plan kept ready follows it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use chrono::NaiveDate;
use engine::{
    appraisal::{Appraisal, Grade},
    command::Command,
    delivery::DeliveryDraft,
    event::Event,
    identity::{DeliveryId, NeedId, OrganizationId, PairingId},
    matching::{Knowledge, Planner, Subject, Suggestion, propose, suggest},
    organization::UnitKind,
    pairing::{FactorKind, Side, Supplier, Target},
};
use town::{NOW, Town, leaf};

/// What a unit has behind it.
#[derive(Clone, Copy, Debug)]
enum Past {
    Fulfilled(Grade),
    LeftUnanswered,
    Declined,
}

/// Two units alike, and a community that has asked before.
struct Street {
    town: Town,
    units: [OrganizationId; 2],
}

impl Street {
    fn new() -> Self {
        let mut town = Town::new(1);
        let units = ["东风公司", "西风公司"].map(|name| town.unit(name, UnitKind::Enterprise, 0));
        Self { town, units }
    }

    /// Lets a unit live through something with a need of legal advice.
    fn live(&mut self, unit: OrganizationId, past: Past) {
        let Target::Need(need) = self.ask() else { unreachable!("a need was posted") };
        let asked = self.town.run(Command::RequestPairing {
            target: Target::Need(need),
            supplier: Supplier::Unit(unit),
            quantity: None,
            draws: None,
            by: self.town.communities[0].1,
        });
        let Some(Event::PairingRequested { pairing, .. }) = asked.first() else { panic!("{asked:?}") };
        let pairing = *pairing;
        match past {
            Past::Fulfilled(grade) => self.fulfil(need, pairing, grade),
            Past::LeftUnanswered => self.town.fold(&[Event::PairingLapsed { pairing }]),
            Past::Declined => {
                self.town.run(Command::DeclinePairing {
                    pairing,
                    side: Side::Giving,
                    reason: "没有人手".into(),
                });
            }
        }
    }

    fn fulfil(&mut self, need: NeedId, pairing: PairingId, grade: Grade) {
        let delivery = DeliveryId::new(pairing.number());
        let on = NaiveDate::from_ymd_opt(2026, 5, 28).unwrap();
        let draft = DeliveryDraft { quantity: 1, on, note: None, efforts: Vec::new() };
        self.town.fold(&[
            Event::PairingAgreed { pairing, side: Side::Giving },
            Event::DeliveryRecorded { delivery, pairing, draft },
            Event::DeliveryConfirmed { delivery },
            Event::PairingAccepted { pairing },
            Event::NeedAppraised { need, appraisal: Appraisal { grade, note: None } },
        ]);
    }

    fn ask(&mut self) -> Target {
        self.town.need(0, "邻里纠纷想找人咨询", |draft| draft.entry.category = leaf("SAFE-LAW"))
    }

    /// How both units are suggested for a need like those before.
    fn suggested(&mut self) -> [Suggestion; 2] {
        let need = self.ask();
        let found = suggest(&self.town.state, Knowledge::builtin(), NOW, Subject::Target(need), usize::MAX);
        self.units.map(|unit| found.iter().find(|it| it.organization == unit).unwrap().clone())
    }
}

fn value(suggestion: &Suggestion, kind: FactorKind) -> Option<u16> {
    suggestion.fit.factors.iter().find(|factor| factor.kind == kind).map(|factor| factor.value)
}

#[test]
fn where_nothing_is_known_nothing_is_said_and_then_everybody_starts_with_the_same() {
    let mut street = Street::new();
    let [one, other] = street.suggested();
    assert_eq!(one.fit, other.fit);
    assert_eq!(value(&one, FactorKind::Record), None);
    street.live(street.units[0], Past::Fulfilled(Grade::Satisfied));
    let [known, unknown] = street.suggested();
    assert_eq!(
        (value(&known, FactorKind::Record), value(&unknown, FactorKind::Record)),
        (Some(888), Some(800))
    );
}

#[test]
fn what_a_unit_did_well_speaks_for_it_and_what_it_did_badly_against() {
    for (past, better) in [
        (Past::Fulfilled(Grade::Satisfied), true),
        (Past::Fulfilled(Grade::BasicallySatisfied), true),
        (Past::LeftUnanswered, false),
        (Past::Declined, false),
    ] {
        let mut street = Street::new();
        street.live(street.units[0], past);
        let [known, unknown] = street.suggested();
        assert_eq!(known.fit.total > unknown.fit.total, better, "{past:?}: {known:?} {unknown:?}");
        assert_ne!(known.fit.total, unknown.fit.total, "{past:?}");
    }
}

#[test]
fn a_dissatisfied_raiser_outweighs_the_delivery_itself() {
    let mut street = Street::new();
    let [one, other] = street.units;
    street.live(one, Past::Fulfilled(Grade::Satisfied));
    street.live(other, Past::Fulfilled(Grade::Dissatisfied));
    let [pleased, displeased] = street.suggested();
    let record = |it: &Suggestion| value(it, FactorKind::Record).unwrap();
    assert!(record(&pleased) > 857 && record(&displeased) < 600, "{pleased:?} {displeased:?}");
    assert_eq!(value(&pleased, FactorKind::Affinity), value(&displeased, FactorKind::Affinity));
    assert!(pleased.fit.total > displeased.fit.total);
}

#[test]
fn each_fact_more_moves_the_affinity_less() {
    let mut street = Street::new();
    let unit = street.units[0];
    let mut seen = vec![value(&street.suggested()[0], FactorKind::Affinity).unwrap()];
    for _ in 0..4 {
        street.live(unit, Past::Fulfilled(Grade::Satisfied));
        seen.push(value(&street.suggested()[0], FactorKind::Affinity).unwrap());
    }
    let steps: Vec<u16> = seen.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.is_sorted_by(|more, less| more > less) && seen[4] < 1000, "{seen:?}");
}

#[test]
fn the_plan_that_is_kept_ready_hears_of_it_at_once() {
    let mut street = Street::new();
    let mut planner = Planner::open(Knowledge::builtin());
    let pasts = [
        Past::Fulfilled(Grade::Satisfied),
        Past::LeftUnanswered,
        Past::Declined,
        Past::Fulfilled(Grade::Dissatisfied),
    ];
    for (turn, past) in pasts.into_iter().enumerate() {
        street.live(street.units[turn % 2], past);
        street.ask();
        planner.advance(&street.town.state, NOW);
        let kept = planner.propose().unwrap();
        let fresh = propose(&street.town.state, Knowledge::builtin(), NOW).unwrap();
        assert_eq!(kept.pairings, fresh.pairings, "{past:?}");
        assert_eq!(kept.summary.objective, fresh.summary.objective, "{past:?}");
    }
}
