//! The cards are counted, and compared with what the state has counted.

use super::{
    Book,
    cards::{NeedCard, NeedEnding, PairingCard, PairingEnding},
};
use crate::{
    appraisal::Grade,
    audit::{Finding, Findings},
    figures::{Counts, Earned, Histogram, Scope, Turn},
    history::Entity,
    identity::OrganizationId,
    moment::Moment,
    pairing::Target,
    period::Month,
    state::State,
    tallies::Slice,
};
use std::collections::BTreeMap;

type Cells = BTreeMap<(Scope, Month), Counts>;

impl Book {
    /// What the state has counted otherwise than the log says it. Asked when both stand at the same commit.
    pub fn findings(&self, state: &State) -> Vec<Finding> {
        let mut findings = Findings(Vec::new());
        let counted = state.figures().cells().filter(|(_, counts)| **counts != Counts::default());
        let kept = counted.map(|(cell, counts)| (cell.clone(), counts));
        let count = self.count();
        let found = count.iter().map(|(cell, counts)| (cell.clone(), counts)).collect();
        findings.compare("figures", kept, found, |(scope, _)| about(scope));
        self.at_accounts(state, &mut findings);
        self.at_records(state, &mut findings);
        findings.0
    }

    fn at_accounts(&self, state: &State, findings: &mut Findings) {
        let of = |organization: &OrganizationId| Entity::Organization(*organization);
        let kept = state.accounts().map(|(organization, account)| (organization, &**account));
        let found = self.accounts.iter().map(|(organization, account)| (*organization, account)).collect();
        findings.compare("account", kept, found, of);
        let lines = self.statements.iter();
        let lines = lines.flat_map(|(of, lines)| lines.iter().map(|(_, line)| ((*of, line.number), line)));
        let kept = state.figures().lines.iter().map(|(key, line)| (*key, &**line));
        findings.compare("statement", kept, lines.collect(), |(organization, _)| of(organization));
        let mut earned: BTreeMap<(Month, OrganizationId), Earned> = BTreeMap::new();
        for (organization, lines) in &self.statements {
            for (month, line) in lines {
                if let Turn::Credited { credit, .. } = &line.turn {
                    let sum = earned.entry((*month, *organization)).or_default();
                    sum.points += credit.points;
                    sum.minutes += credit.minutes.values().sum::<u64>();
                    sum.deliveries += 1;
                }
            }
        }
        let kept = state.figures().earned_by_month().map(|(key, earned)| (*key, earned.clone()));
        findings.compare("earnings", kept, earned, |(_, organization)| of(organization));
    }

    fn at_records(&self, state: &State, findings: &mut Findings) {
        let kept = state.records.iter().map(|(organization, record)| (*organization, &**record));
        let found = self.records.iter().map(|(organization, record)| (*organization, record)).collect();
        findings.compare("track record", kept, found, |organization| Entity::Organization(*organization));
        let rated = BTreeMap::from([("known", self.rated)]);
        findings.compare("track records", [("known", state.rated)], rated, |_| Entity::Street);
        // Each count as it is, and as it is heard: rounded down to a power of two.
        let step = |count: u32| if count == 0 { 0 } else { 1 << (u32::BITS - 1 - count.leading_zeros()) };
        for (what, kept, heard) in [
            ("what kinds of units took up", &state.taken_up, false),
            ("what is heard of it", &state.leanings, true),
        ] {
            let as_heard = |count: u32| if heard { step(count) } else { count };
            let lines = kept.iter().flat_map(|(kind, leaning)| {
                let leaves = leaning.leaves().map(|(leaf, count)| ((*kind, Some(leaf.clone())), count));
                leaves.chain([((*kind, None), leaning.all())]).collect::<Vec<_>>()
            });
            let mut found = BTreeMap::new();
            for (kind, leaves) in &self.taken_up {
                found.insert((*kind, None), as_heard(leaves.values().sum()));
                found.extend(
                    leaves.iter().map(|(leaf, count)| ((*kind, Some(leaf.clone())), as_heard(*count))),
                );
            }
            findings.compare(what, lines, found, |_| Entity::Street);
        }
    }

    /// Every cell of figures that anything counts in.
    fn count(&self) -> Cells {
        let mut cells = Cells::new();
        let entries = self.needs.values().filter(|card| card.entry.settled.is_none());
        for card in entries {
            let counts = of_need(card);
            for scope in &card.filed {
                cells.entry((scope.clone(), card.month)).or_default().add(&counts);
            }
        }
        for card in self.pairings.values() {
            let grade = match card.terms.target {
                Target::Need(need) => self.needs.get(&need).and_then(|card| card.grade),
                Target::Slot(project, _) => self.verdicts.get(&project).copied(),
            };
            let counts = of_pairing(card, grade);
            for scope in &card.filed {
                cells.entry((scope.clone(), card.month)).or_default().add(&counts);
            }
        }
        cells
    }
}

fn about(scope: &Scope) -> Entity {
    match scope {
        Scope::Street => Entity::Street,
        Scope::Place(id) => Entity::Place(*id),
        Scope::Of(slice) | Scope::Near(_, slice) => match slice {
            Slice::Organization(id) | Slice::Giving(id) => Entity::Organization(*id),
            Slice::Category(code) => Entity::Category(code.clone()),
            Slice::UnitKind(_) | Slice::Channel(_) | Slice::Form(_) | Slice::Beneficiary(_) => Entity::Street,
        },
    }
}

fn of_need(card: &NeedCard) -> Counts {
    let ended = |how| u64::from(card.ended == Some(how));
    let all = Counts {
        collected: 1,
        withdrawn: ended(NeedEnding::Withdrawn),
        merged: ended(NeedEnding::Merged),
        carried_over: u64::from(card.carried),
        expired: ended(NeedEnding::Expired),
        ..Counts::default()
    };
    // The street does not answer for what was taken back or is carried by another.
    if all.withdrawn + all.merged > 0 {
        return all;
    }
    let graded = |grade| u64::from(card.grade == Some(grade));
    Counts {
        replied: u64::from(card.replied.is_some()),
        replied_in_time: u64::from(card.replied == Some(true)),
        met: u64::from(card.met),
        rejected: if card.met { 0 } else { ended(NeedEnding::Rejected) },
        concluded_in_time: u64::from(card.concluded == Some(true)),
        satisfied: graded(Grade::Satisfied),
        basically_satisfied: graded(Grade::BasicallySatisfied),
        dissatisfied: graded(Grade::Dissatisfied),
        ..all
    }
}

fn of_pairing(card: &PairingCard, grade: Option<Grade>) -> Counts {
    let ended = |how| u64::from(card.ended == Some(how));
    let replaced = if card.claimed.is_none() { ended(PairingEnding::Superseded) } else { 0 };
    let mut given = [0; 3];
    let said = grade.filter(|_| card.done.is_some());
    let place = said.and_then(|grade| given.get_mut(grade as usize));
    place.into_iter().for_each(|count| *count += 1);
    Counts {
        proposed: 1 - replaced,
        superseded: replaced,
        claimed: u64::from(card.claimed.is_some()),
        agreed: u64::from(card.agreed.is_some()),
        fulfilled: u64::from(card.done.is_some()),
        fulfilled_in_time: u64::from(card.done.is_some() && card.in_time),
        given,
        declined: ended(PairingEnding::Declined),
        lapsed: ended(PairingEnding::Lapsed),
        taken_back: ended(PairingEnding::TakenBack),
        post_to_claim: days(Some(card.posted), card.claimed),
        claim_to_sign: days(card.claimed, card.signed),
        sign_to_done: days(card.signed, card.done),
        post_to_done: days(Some(card.posted), card.done),
        ..Counts::default()
    }
}

/// Whole days from one moment to the other, if there are both.
fn days(from: Option<Moment>, to: Option<Moment>) -> Histogram {
    let mut histogram = Histogram::default();
    if let (Some(from), Some(to)) = (from, to) {
        histogram.put(u32::try_from((to.millis() - from.millis()) / 86_400_000).unwrap_or(0));
    }
    histogram
}
