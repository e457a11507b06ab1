//! The pages of those who give: what was fulfilled, left unanswered, declined and appraised, and what each kind takes up.

use super::Book;
use crate::{
    appraisal::Grade,
    category::CategoryCode,
    identity::{OrganizationId, PairingId},
    organization::UnitKind,
    pairing::{Side, Target},
    record::Record,
};
use std::collections::BTreeMap;

/// By kind and category, how often it was taken up.
pub(super) type TakenUp = BTreeMap<UnitKind, BTreeMap<CategoryCode, u32>>;

impl Book {
    pub(super) fn fulfil(&mut self, pairing: PairingId) {
        let Some((giver, leaf)) = self.giver_and_leaf(pairing) else { return };
        let draft = self.organizations.get(&giver);
        let kind = draft.and_then(|it| UnitKind::refined(Some(it.kind.unit_kind()), &it.name));
        if let (Some(kind), Some(leaf)) = (kind, &leaf) {
            *self.taken_up.entry(kind).or_default().entry(leaf.clone()).or_default() += 1;
        }
        self.note(giver, |record| {
            record.fulfilled += 1;
            leaf.into_iter().for_each(|leaf| *record.taken_up.entry(leaf).or_default() += 1);
        });
    }

    /// Only what the giver has left unanswered counts.
    pub(super) fn lapse(&mut self, pairing: PairingId) {
        let waits_on = self.pairings.get(&pairing).and_then(|card| card.waits_on);
        if waits_on == Some(Side::Asking)
            && let Some((giver, _)) = self.giver_and_leaf(pairing)
        {
            self.note(giver, |record| record.lapsed += 1);
        }
    }

    pub(super) fn decline(&mut self, pairing: PairingId, side: Side) {
        if side == Side::Giving
            && let Some((giver, leaf)) = self.giver_and_leaf(pairing)
        {
            self.note(giver, |record| {
                leaf.into_iter().for_each(|leaf| *record.declined.entry(leaf).or_default() += 1);
            });
        }
    }

    /// What a raiser says holds for everybody whose pairing is fulfilled by then.
    pub(super) fn appraise(&mut self, pairings: &[PairingId], grade: Grade) {
        for id in pairings {
            let is_done = self.pairings.get(id).is_some_and(|card| card.done.is_some());
            if let Some((giver, _)) = self.giver_and_leaf(*id).filter(|_| is_done) {
                self.note(giver, |record| {
                    record.grades.iter_mut().skip(grade as usize).take(1).for_each(|count| *count += 1);
                });
            }
        }
    }

    fn note(&mut self, giver: OrganizationId, change: impl FnOnce(&mut Record)) {
        let record = self.records.entry(giver).or_default();
        change(record);
        self.rated |= record.reliability().is_some();
    }

    /// Who gives, and the category of what is asked, as the drafts say it now.
    fn giver_and_leaf(&self, pairing: PairingId) -> Option<(OrganizationId, Option<CategoryCode>)> {
        let terms = &self.pairings.get(&pairing)?.terms;
        let category = match terms.target {
            Target::Need(need) => self.needs.get(&need)?.entry.category.clone(),
            Target::Slot(project, index) => {
                let (_, draft) = self.projects.get(&project)?;
                let slot = draft.slots.get(usize::from(index))?;
                slot.category.clone().or_else(|| draft.entry.category.clone())
            }
        };
        Some((self.giver(terms.supplier)?, category.map(|category| category.code)))
    }
}
