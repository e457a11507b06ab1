//! Where a need or a pairing is filed, and what of it is counted there.

use super::{Counts, Histogram, Merit, posted};
use crate::{
    agreement::Subject,
    appraisal::Grade,
    category::Categorized,
    identity::{AgreementId, OrganizationId, PairingId, PlaceId},
    moment::Moment,
    need::{Need, NeedEnd, RejectionGround},
    pairing::{Pairing, PairingStatus, Target},
    period::Month,
    state::State,
    tallies::{Slice, Where},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What figures are told apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// The whole street.
    Street,
    /// A place, with all below it.
    Place(PlaceId),
    /// What has this in common, wherever it lies. Of an organization as who asks, the needs it posted and the pairings
    /// that serve it; of who gives, and of a kind of units, pairings; of a category, a leaf or a top with all its leaves.
    Of(Slice),
    /// Of this what lies in one community; in one place, where that lies in none.
    Near(PlaceId, Slice),
}

impl Scope {
    /// What a part of the street is made of; `None` below a community, where places alone are told apart.
    pub(super) fn of(state: &State, part: &Where) -> Option<Vec<Self>> {
        Some(match (part.place, &part.slice) {
            (None, None) => vec![Self::Street],
            (Some(place), None) => vec![Self::Place(place)],
            (None, Some(slice)) => vec![Self::Of(slice.clone())],
            (Some(place), Some(slice)) => {
                let near = state.vicinities(place)?.into_iter();
                near.map(|place| Self::Near(place, slice.clone())).collect()
            }
        })
    }

    /// Everything that what lies in a place and has these in common is told apart by.
    fn all(state: &State, place: Option<PlaceId>, slices: Vec<Slice>) -> Vec<Self> {
        let around = place.into_iter().flat_map(|place| state.around(place)).map(|it| Self::Place(it.id));
        let mut scopes: Vec<Self> = [Self::Street].into_iter().chain(around).collect();
        let near = place.map(|place| state.vicinity(place));
        for slice in slices {
            scopes.extend(near.map(|near| Self::Near(near, slice.clone())));
            scopes.push(Self::Of(slice));
        }
        scopes
    }
}

/// Something with the month and the cells it is filed under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed<T> {
    pub(super) month: Month,
    /// The numbers of its cells, one for each scope.
    pub(super) cells: Arc<[u32]>,
    pub(super) stands: T,
}

/// Whether a thing is counted in, or out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
}

impl Way {
    /// Counts one thing if it holds. What is counted out was counted in before.
    const fn count(self, count: &mut u64, holds: bool) {
        *count = match self {
            Self::In => count.saturating_add(holds as u64),
            Self::Out => count.saturating_sub(holds as u64),
        };
    }

    fn spread(self, histogram: &mut Histogram, days: Option<u32>) {
        match (self, days) {
            (Self::In, Some(days)) => histogram.put(days),
            (Self::Out, Some(days)) => histogram.take(days),
            (_, None) => {}
        }
    }
}

/// What of a thing is counted.
pub(super) trait Stands {
    /// Counts it in or out.
    fn count(&self, counts: &mut Counts, way: Way);
}

/// The scopes of a need, as its draft says them now.
pub(super) fn of_need(state: &State, need: &Need) -> Vec<Scope> {
    let entry = &need.draft.entry;
    let mut slices = vec![Slice::Organization(entry.organization)];
    slices.extend(about(state, entry.category.as_ref()));
    slices.extend(need.draft.channel.map(Slice::Channel));
    slices.extend(entry.form.map(Slice::Form));
    slices.extend(entry.beneficiaries.group.map(Slice::Beneficiary));
    Scope::all(state, state.place_of(entry), slices)
}

/// The scopes of a pairing, as what it serves and whoever gives are now.
pub(super) fn of_pairing(state: &State, pairing: &Pairing) -> Vec<Scope> {
    let mut slices: Vec<Slice> =
        state.asking(pairing.terms.target).map(Slice::Organization).into_iter().collect();
    if let Some(giver) = state.giving(pairing.terms.supplier) {
        slices.push(Slice::Giving(giver));
        slices.extend(state.organization(giver).map(|it| Slice::UnitKind(it.draft.kind.unit_kind())));
    }
    let (entry, own, form) = match pairing.terms.target {
        Target::Need(need) => {
            let draft = state.need(need).map(|need| &need.draft);
            slices.extend(draft.and_then(|draft| draft.channel).map(Slice::Channel));
            (draft.map(|draft| &draft.entry), None, None)
        }
        Target::Slot(project, index) => {
            let draft = state.project(project).map(|project| &project.draft);
            let slot = draft.and_then(|draft| draft.slots.get(usize::from(index)));
            let category = slot.and_then(|slot| slot.category.as_ref());
            (draft.map(|draft| &draft.entry), category, slot.and_then(|slot| slot.form))
        }
    };
    let form = form.or_else(|| entry.and_then(|entry| entry.form));
    slices.extend(form.map(Slice::Form));
    slices.extend(entry.and_then(|entry| entry.beneficiaries.group).map(Slice::Beneficiary));
    slices.extend(about(state, own.or_else(|| entry.and_then(|entry| entry.category.as_ref()))));
    Scope::all(state, entry.and_then(|entry| state.place_of(entry)), slices)
}

/// A leaf, and the top it belongs to.
fn about<'a>(state: &'a State, given: Option<&'a Categorized>) -> impl Iterator<Item = Slice> + 'a {
    let leaf = given.map(|given| &given.code);
    let top = leaf.map(|leaf| state.top_of(leaf)).filter(|top| Some(*top) != leaf);
    leaf.into_iter().chain(top).cloned().map(Slice::Category)
}

/// The pairings that an agreement in force covers.
pub(super) fn covered(state: &State, agreement: AgreementId) -> Vec<PairingId> {
    let Some(agreement) = state.agreement(agreement).filter(|it| it.in_force().is_some()) else {
        return Vec::new();
    };
    match agreement.subject {
        Subject::Pairing(pairing) => vec![pairing],
        Subject::Project(project) => state.pairings_of_project(project).map(|pairing| pairing.id).collect(),
    }
}

/// How a need stands. Written as its bits: there is one for each need, and a start reads them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u16", from = "u16")]
pub struct NeedStands {
    /// Not in other hands, as its list says.
    counted: bool,
    withdrawn: bool,
    merged: bool,
    carried_over: bool,
    expired: bool,
    rejected: bool,
    /// Answered, and whether that was in time.
    replied: Option<bool>,
    /// Met, or rejected on a ground, and whether that was in time.
    concluded: Option<bool>,
    met: bool,
    grade: Option<Grade>,
}

impl NeedStands {
    /// How a need stands now. What was judged of its time before stays judged.
    pub(super) fn of(state: &State, need: &Need, before: Option<&Self>) -> Self {
        let limits = &state.rules().limits;
        let (withdrawn, merged, expired, rejected) = match &need.end {
            None | Some(NeedEnd::StruckOff { .. }) => (false, false, false, None),
            Some(NeedEnd::Withdrawn { .. }) => (true, false, false, None),
            Some(NeedEnd::Merged { .. }) => (false, true, false, None),
            Some(NeedEnd::Expired { .. }) => (false, false, true, None),
            Some(NeedEnd::Rejected { ground, at, .. }) => match ground {
                RejectionGround::DuplicateOf { .. } => (false, true, false, None),
                RejectionGround::OthersDuty { .. }
                | RejectionGround::GovernmentProject
                | RejectionGround::NotFeasible => (false, false, false, Some(*at)),
                RejectionGround::Other => (false, false, false, None),
            },
        };
        let judged = |already: Option<bool>, at: Option<Moment>, overdue: bool, days: u16| {
            already.or_else(|| at.map(|at| !overdue && in_time(need.posted, at, days)))
        };
        let late = need.reply_overdue.is_some();
        let met = need.met.is_some();
        let concluded_at = need.met.or(rejected);
        Self {
            counted: need.draft.entry.settled.is_none(),
            withdrawn,
            merged,
            carried_over: !need.carried_over.is_empty(),
            expired,
            rejected: rejected.is_some() && !met,
            replied: judged(before.and_then(|it| it.replied), need.replied, late, limits.reply_days),
            concluded: judged(before.and_then(|it| it.concluded), concluded_at, false, limits.resolve_days),
            met,
            grade: need.appraised.as_ref().map(|it| it.appraisal.grade),
        }
    }
}

impl From<NeedStands> for u16 {
    fn from(it: NeedStands) -> Self {
        let thrice = |holds: Option<bool>| match holds {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        };
        let grade = match it.grade {
            None => 0,
            Some(Grade::Satisfied) => 1,
            Some(Grade::BasicallySatisfied) => 2,
            Some(Grade::Dissatisfied) => 3,
        };
        let holds = [it.counted, it.withdrawn, it.merged, it.carried_over, it.expired, it.rejected, it.met];
        let bits = holds.into_iter().rev().fold(0, |bits, holds| bits << 1 | Self::from(holds));
        bits | thrice(it.replied) << 7 | thrice(it.concluded) << 9 | grade << 11
    }
}

impl From<u16> for NeedStands {
    fn from(bits: u16) -> Self {
        let holds = |bit: u16| bits >> bit & 1 == 1;
        let thrice = |bit: u16| match bits >> bit & 3 {
            1 => Some(false),
            2 => Some(true),
            _ => None,
        };
        Self {
            counted: holds(0),
            withdrawn: holds(1),
            merged: holds(2),
            carried_over: holds(3),
            expired: holds(4),
            rejected: holds(5),
            met: holds(6),
            replied: thrice(7),
            concluded: thrice(9),
            grade: match bits >> 11 & 3 {
                1 => Some(Grade::Satisfied),
                2 => Some(Grade::BasicallySatisfied),
                3 => Some(Grade::Dissatisfied),
                _ => None,
            },
        }
    }
}

/// Whether a moment lies within so many days; 0 sets no limit.
fn in_time(since: Moment, at: Moment, days: u16) -> bool {
    days == 0 || at < since.plus_hours(u32::from(days) * 24)
}

impl Stands for NeedStands {
    fn count(&self, counts: &mut Counts, way: Way) {
        let add = |count: &mut u64, holds: bool| way.count(count, holds);
        if !self.counted {
            return;
        }
        add(&mut counts.collected, true);
        add(&mut counts.withdrawn, self.withdrawn);
        add(&mut counts.merged, self.merged);
        add(&mut counts.carried_over, self.carried_over);
        add(&mut counts.expired, self.expired);
        if self.withdrawn || self.merged {
            return;
        }
        add(&mut counts.replied, self.replied.is_some());
        add(&mut counts.replied_in_time, self.replied == Some(true));
        add(&mut counts.met, self.met);
        add(&mut counts.rejected, self.rejected);
        add(&mut counts.concluded_in_time, self.concluded == Some(true));
        add(&mut counts.satisfied, self.grade == Some(Grade::Satisfied));
        add(&mut counts.basically_satisfied, self.grade == Some(Grade::BasicallySatisfied));
        add(&mut counts.dissatisfied, self.grade == Some(Grade::Dissatisfied));
    }
}

/// How a pairing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingStands {
    /// Who gives, read when it began.
    giver: Option<OrganizationId>,
    superseded: bool,
    claimed: bool,
    agreed: bool,
    fulfilled: bool,
    /// Whether that was in time, once it is.
    in_time: Option<bool>,
    /// What the raiser said of what was given.
    grade: Option<Grade>,
    declined: bool,
    lapsed: bool,
    taken_back: bool,
    /// When an agreement in force first covered it.
    signed: Option<Moment>,
    post_to_claim: Option<u32>,
    claim_to_sign: Option<u32>,
    sign_to_done: Option<u32>,
    post_to_done: Option<u32>,
}

impl PairingStands {
    /// How a pairing stands at a moment.
    pub(super) fn of(state: &State, now: Moment, pairing: &Pairing, before: Option<&Self>) -> Self {
        let done = match pairing.status {
            PairingStatus::Accepted { at } => Some(at),
            _ => None,
        };
        // What is done with, or given up, is signed no more.
        let stands = matches!(pairing.status, PairingStatus::Agreed { .. });
        let covered = || stands && is_covered(state, pairing);
        let signed = before.and_then(|it| it.signed).or_else(|| covered().then_some(now));
        let days = |from: Option<Moment>, to: Option<Moment>| Some(to?.days_since(from?));
        let posted = posted(state, pairing.terms.target);
        let judged = || Some(in_time(pairing.agreed?, done?, state.rules().limits.resolve_days));
        let in_time = before.and_then(|it| it.in_time).filter(|_| done.is_some()).or_else(judged);
        Self {
            giver: before.map_or_else(|| state.giving(pairing.terms.supplier), |it| it.giver),
            superseded: pairing.status == PairingStatus::Superseded && pairing.claimed.is_none(),
            claimed: pairing.claimed.is_some(),
            agreed: pairing.agreed.is_some(),
            fulfilled: done.is_some(),
            in_time,
            grade: done.and_then(|_| grade(state, pairing.terms.target)),
            declined: matches!(pairing.status, PairingStatus::Declined { .. }),
            lapsed: matches!(pairing.status, PairingStatus::Lapsed { .. }),
            taken_back: matches!(pairing.status, PairingStatus::Withdrawn { .. }),
            signed,
            post_to_claim: days(posted, pairing.claimed),
            claim_to_sign: days(pairing.claimed, signed),
            sign_to_done: days(signed, done),
            post_to_done: days(posted, done),
        }
    }
}

impl PairingStands {
    /// Who gives, read when it began.
    pub(super) const fn giver(&self) -> Option<OrganizationId> {
        self.giver
    }

    /// Counts what of it speaks for its giver.
    pub(super) fn speak(&self, merit: &mut Merit, way: Way) {
        way.count(&mut merit.agreed, self.agreed);
        way.count(&mut merit.fulfilled, self.fulfilled);
        way.count(&mut merit.fulfilled_in_time, self.in_time == Some(true));
        let [satisfied, basically, dissatisfied] = &mut merit.given;
        way.count(satisfied, self.grade == Some(Grade::Satisfied));
        way.count(basically, self.grade == Some(Grade::BasicallySatisfied));
        way.count(dissatisfied, self.grade == Some(Grade::Dissatisfied));
    }

    /// Whether the same of it speaks for its giver.
    pub(super) fn speaks_alike(&self, other: &Self) -> bool {
        let said = |it: &Self| (it.giver, it.agreed, it.fulfilled, it.in_time, it.grade);
        said(self) == said(other)
    }
}

/// What the raiser said of what was asked.
fn grade(state: &State, target: Target) -> Option<Grade> {
    let appraised = match target {
        Target::Need(need) => state.need(need).and_then(|need| need.appraised.as_ref()),
        Target::Slot(project, _) => state.project(project).and_then(|project| project.appraised.as_ref()),
    };
    appraised.map(|it| it.appraisal.grade)
}

/// Whether an agreement on it, or on its project, is in force.
fn is_covered(state: &State, pairing: &Pairing) -> bool {
    let own = state.agreements_of(Subject::Pairing(pairing.id)).any(|it| it.in_force().is_some());
    own || match pairing.terms.target {
        Target::Slot(project, _) => {
            state.agreements_of(Subject::Project(project)).any(|it| it.in_force().is_some())
        }
        Target::Need(_) => false,
    }
}

impl Stands for PairingStands {
    fn count(&self, counts: &mut Counts, way: Way) {
        let add = |count: &mut u64, holds: bool| way.count(count, holds);
        add(&mut counts.proposed, !self.superseded);
        add(&mut counts.superseded, self.superseded);
        add(&mut counts.claimed, self.claimed);
        add(&mut counts.agreed, self.agreed);
        add(&mut counts.fulfilled, self.fulfilled);
        add(&mut counts.fulfilled_in_time, self.in_time == Some(true));
        for grade in Grade::ALL {
            add(counts.given_mut(grade), self.grade == Some(grade));
        }
        add(&mut counts.declined, self.declined);
        add(&mut counts.lapsed, self.lapsed);
        add(&mut counts.taken_back, self.taken_back);
        way.spread(&mut counts.post_to_claim, self.post_to_claim);
        way.spread(&mut counts.claim_to_sign, self.claim_to_sign);
        way.spread(&mut counts.sign_to_done, self.sign_to_done);
        way.spread(&mut counts.post_to_done, self.post_to_done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_need_stands_is_read_from_its_bits_as_it_was_written() {
        for bits in 0..1 << 13 {
            let stands = NeedStands::from(bits);
            let again = NeedStands::from(u16::from(stands));
            assert_eq!(stands, again, "{bits:b}");
            let unused = [7, 9].iter().any(|bit| bits >> bit & 3 == 3);
            assert!(unused || u16::from(stands) == bits, "{bits:b}");
        }
    }
}
