//! Random streets with what often goes wrong between needs and givers: windows, places, measures, capacity.
#![allow(dead_code, reason = "each test file uses the part that it needs")]

use crate::town::{Town, day, leaf, night};
use chrono::NaiveDate;
use engine::{
    command::Command,
    event::Event,
    need::Urgency,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::{Side, Supplier, Target},
    quantity::{Measure, Quantity},
    rules::Fairness,
    window::{Weekdays, Window},
};

/// SplitMix64.
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub fn window(&mut self) -> Window {
        let date = |day: u64| NaiveDate::from_ymd_opt(2026, 6, 1 + u32::try_from(day).unwrap());
        match self.below(6) {
            0 => night(),
            1 => day(),
            2 => Window { from: date(self.below(28)), ..Window::default() },
            3 => Window { to: date(self.below(28)), ..Window::default() },
            4 => Window { weekdays: Some(Weekdays(1 << self.below(7))), ..Window::default() },
            _ => Window::open(),
        }
    }
}

pub const MATTERS: [(&str, &str); 4] = [
    ("夜间停车位", "SPACE-PARK"),
    ("水管维修", "SPACE-FIX"),
    ("老年人义诊", "HEALTH-CLINIC"),
    ("居民法律咨询", "SAFE-LAW"),
];

/// What some of the matters are counted in, every other time: spaces are only shared out, sessions could also be taken up
/// whole.
fn measure(code: &str, drawn: u64) -> Option<Measure> {
    match code {
        "SPACE-PARK" if drawn == 0 => Some(Measure::Parking),
        "HEALTH-CLINIC" if drawn == 0 => Some(Measure::Sessions),
        _ => None,
    }
}

/// A street drawn from a seed, with this fairness.
pub fn random_town(seed: u64, fairness: Fairness) -> (Town, Vec<Target>, Vec<Supplier>) {
    let mut dice = Dice(seed);
    let mut town = Town::new(2);
    town.set_fairness(fairness);
    let (mut targets, mut suppliers) = (Vec::new(), Vec::new());
    for number in 0..1 + dice.below(4) {
        let kind = UnitKind::ALL[usize::try_from(dice.below(14)).unwrap()];
        let community = usize::try_from(dice.below(2)).unwrap();
        let place = Some(town.communities[community].0);
        let open_capacity = Some(u32::try_from(dice.below(3)).unwrap());
        let name = format!("单位{number}");
        let kind = OrganizationKind::Unit(kind);
        let draft = OrganizationDraft { name, kind, place, open_capacity, reference: None };
        town.run(Command::RegisterOrganization(draft));
        let owner = town.state.organizations().last().unwrap().id;
        suppliers.push(Supplier::Unit(owner));
        for _ in 0..dice.below(3) {
            let (title, code) = MATTERS[usize::try_from(dice.below(4)).unwrap()];
            let (window, amount) = (dice.window(), 1 + dice.below(12));
            let (serves, counted) = (dice.below(3), dice.below(2));
            let served = town.communities[community].0;
            suppliers.push(town.resource(owner, title, |draft| {
                draft.entry.category = leaf(code);
                draft.entry.window = window;
                draft.entry.quantity = measure(code, counted).map(|it| Quantity::of(amount, it));
                if serves == 0 {
                    draft.serves = vec![served];
                }
            }));
        }
    }
    for _ in 0..2 + dice.below(6) {
        let (title, code) = MATTERS[usize::try_from(dice.below(4)).unwrap()];
        let community = usize::try_from(dice.below(2)).unwrap();
        let (window, amount) = (dice.window(), 1 + dice.below(12));
        let (counted, urgency, people) = (dice.below(2), dice.below(4), dice.below(60));
        targets.push(town.need(community, title, |draft| {
            draft.entry.category = leaf(code);
            draft.entry.window = window;
            draft.entry.beneficiaries.count = u32::try_from(people).ok();
            draft.entry.quantity = measure(code, counted).map(|it| Quantity::of(amount, it));
            if urgency == 0 {
                draft.urgency = Some(Urgency::Urgent);
            }
        }));
    }
    (town, targets, suppliers)
}

/// A street where more ask than hospitals can take up, some of which are engaged already.
pub fn crowded_town(seed: u64, fairness: Fairness) -> (Town, Vec<Supplier>) {
    let mut dice = Dice(seed);
    let mut town = Town::new(2);
    town.set_fairness(fairness);
    let mut hospitals = Vec::new();
    for number in 0..1 + dice.below(2) {
        let community = usize::try_from(dice.below(2)).unwrap();
        let draft = OrganizationDraft {
            name: format!("第{number}医院"),
            kind: OrganizationKind::Unit(UnitKind::Hospital),
            place: Some(town.communities[community].0),
            open_capacity: Some(2 + u32::try_from(dice.below(3)).unwrap()),
            reference: None,
        };
        town.run(Command::RegisterOrganization(draft));
        hospitals.push(Supplier::Unit(town.state.organizations().last().unwrap().id));
    }
    let ask = |town: &mut Town, dice: &mut Dice| {
        let (community, people) = (usize::try_from(dice.below(2)).unwrap(), dice.below(60));
        let urgent = dice.below(4) == 0;
        town.need(community, "老年人义诊", |draft| {
            draft.entry.beneficiaries.count = u32::try_from(people).ok();
            draft.urgency = urgent.then_some(Urgency::Urgent);
        });
    };
    if dice.below(2) == 0 {
        ask(&mut town, &mut dice);
        for event in town.adopt() {
            let Event::PairingProposed { pairing, .. } = event else { continue };
            town.run(Command::ClaimPairing { pairing, side: Side::Giving });
        }
    }
    for _ in 0..3 + dice.below(6) {
        ask(&mut town, &mut dice);
    }
    (town, hospitals)
}
