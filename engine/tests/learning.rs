//! What the street has seen of its units flows into the fit, and the plan kept ready follows it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use chrono::NaiveDate;
use engine::{
    appraisal::{Appraisal, Grade},
    category::{Category, CategoryCode},
    command::Command,
    delivery::DeliveryDraft,
    event::Event,
    identity::{DeliveryId, NeedId, OrganizationId, PairingId},
    matching::{Knowledge, Planner, Subject, Suggestion, propose, suggest},
    organization::UnitKind,
    pairing::{FactorKind, Side, Supplier, Target},
    rules::Rules,
};
use town::{NOW, Town, leaf};

/// What a unit has behind it.
#[derive(Clone, Copy, Debug)]
enum Past {
    Fulfilled(Grade),
    LeftUnanswered,
    Declined,
}

/// Two units alike, of whose names only one character differs and means nothing, and a community that has asked before.
struct Street {
    town: Town,
    units: [OrganizationId; 2],
}

impl Street {
    fn new() -> Self {
        let mut town = Town::new(1);
        let units = ["甲公司", "乙公司"].map(|name| town.unit(name, UnitKind::Enterprise, 0));
        Self { town, units }
    }

    /// Lets a unit live through something with a need of legal advice.
    fn live(&mut self, unit: OrganizationId, past: Past) {
        let need = self.ask();
        self.live_with(need, unit, past);
    }

    fn live_with(&mut self, need: Target, unit: OrganizationId, past: Past) {
        let Target::Need(need) = need else { unreachable!("a need was posted") };
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
        self.suggested_for(need)
    }

    fn suggested_for(&mut self, need: Target) -> [Suggestion; 2] {
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
    for _ in 0..8 {
        street.live(unit, Past::Fulfilled(Grade::Satisfied));
        seen.push(value(&street.suggested()[0], FactorKind::Affinity).unwrap());
    }
    // A kind is heard when its facts double.
    let steps = [(0, 1), (1, 2), (2, 4), (4, 8)]
        .map(|(from, to): (usize, usize)| (seen[to] - seen[from]) / (to - from) as u16);
    assert!(steps.is_sorted_by(|more, less| more > less) && seen[8] < 1000, "{seen:?}");
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

/// A need of a category, worded so that it tells nothing.
fn worded_alike(street: &mut Street, code: &str) -> Target {
    street.town.need(0, "请大家帮一帮", |draft| draft.entry.category = leaf(code))
}

/// By how much a hospital of which nothing is known goes before such a school, before and after so many hospitals saw
/// a pairing of this category through; in all and by affinity.
fn hospital_before_school(code: &str, hospitals: usize, weight: u16) -> [(i32, i32); 2] {
    let mut street = Street::new();
    let own = Category {
        code: CategoryCode::new("ZZ-HUT").unwrap(),
        parent: CategoryCode::new("HEALTH").ok(),
        zh: "健康小屋".into(),
        en: "Health hut".into(),
        substitutes: Vec::new(),
    };
    street.town.run(Command::DefineCategory(own));
    let mut rules = street.town.state.rules().clone();
    rules.weights.affinity = weight;
    street.town.run(Command::SetRules(rules));
    street.units = [("东风", UnitKind::Hospital), ("西风", UnitKind::School)]
        .map(|(name, kind)| street.town.unit(name, kind, 0));
    let gap = |street: &mut Street| {
        let need = worded_alike(street, code);
        let [hospital, school] = street.suggested_for(need);
        let affinity = |it: &Suggestion| value(it, FactorKind::Affinity).map_or(0, i32::from);
        (i32::from(hospital.fit.total) - i32::from(school.fit.total), affinity(&hospital) - affinity(&school))
    };
    let before = gap(&mut street);
    for number in 0..hospitals {
        let past = street.town.unit(&format!("{number}号"), UnitKind::Hospital, 0);
        let need = worded_alike(&mut street, code);
        street.live_with(need, past, Past::Fulfilled(Grade::Satisfied));
    }
    [before, gap(&mut street)]
}

#[test]
fn what_units_of_a_kind_saw_through_speaks_for_the_others_of_it() {
    let weight = Rules::STANDARD.weights.affinity;
    for (code, hospitals, weight, goes_before, gains) in [
        ("ZZ-HUT", 0, weight, false, false),
        ("ZZ-HUT", 3, weight, true, true),
        ("HEALTH-PSY", 3, weight, true, true),
        ("EDU-CARE", 3, weight, true, true),
        ("EDU-CARE", 0, weight, false, false),
        ("ZZ-HUT", 3, 0, false, false),
        ("HEALTH-PSY", 3, 0, false, false),
    ] {
        let [before, after] = hospital_before_school(code, hospitals, weight);
        let told = format!("{code}, {hospitals} hospitals, weight {weight}: {before:?} {after:?}");
        assert_eq!(after.0 > 0, goes_before, "{told}");
        assert_eq!((after.0 > before.0, after.1 > before.1), (gains, gains), "{told}");
    }
}

#[test]
fn the_plan_that_is_kept_ready_hears_what_a_kind_has_taken_up() {
    let mut street = Street::new();
    let kin = ["南风公司", "北风公司"].map(|name| street.town.unit(name, UnitKind::Enterprise, 0));
    let mut planner = Planner::open(Knowledge::builtin());
    for turn in 0..10 {
        street.ask();
        planner.advance(&street.town.state, NOW);
        let kept = planner.propose().unwrap();
        let fresh = propose(&street.town.state, Knowledge::builtin(), NOW).unwrap();
        assert_eq!(kept.pairings, fresh.pairings, "after {turn}");
        assert_eq!(kept.summary.objective, fresh.summary.objective, "after {turn}");
        street.live(kin[turn % 2], Past::Fulfilled(Grade::Satisfied));
    }
}
