//! The market: everybody who asks and everything that can give, made ready to be compared.
//!
//! An *asker* is a need or a slot of a project; a *giver* is a posted resource or a unit's open capacity.
//! Both are self-contained: what a comparison looks at (the places around, the stand-ins of a category, the
//! roster links, the declined pairs) is read off the state once and not once a pair. Wordings are analysed
//! here too, and only again when their text changes.
//!
//! A `Market` is one moment of a `Pool`: givers in the order of their owners and
//! identities, askers in the order of theirs, each with whom it was judged with.

mod asking;
mod giving;
mod located;

pub(super) use asking::{Asker, is_open};
pub(super) use giving::{Giver, Holding};
pub(super) use located::Located;

use super::{
    Knowledge,
    candidates::{Judged, Shut},
    eligibility, fit,
    pool::Pool,
};
use crate::{
    category::{Categorized, CategoryCode},
    moment::Moment,
    pairing::Supplier,
    plan::Cause,
    rules::Rules,
    state::State,
    text::{affinity::Affinity, similarity::postings::Postings},
};
use std::{
    ops::Deref,
    sync::{Arc, OnceLock},
};

pub use asking::WEIGHT_MAX;

/// Something that is costly to make and never changed: two are equal when they are the same one.
#[derive(Debug)]
pub(super) struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// A category with the top above it and what stands in for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Placed {
    pub code: CategoryCode,
    pub top: Option<CategoryCode>,
    pub stated: bool,
    pub stand_ins: Arc<[CategoryCode]>,
}

impl Placed {
    fn of(state: &State, category: &Categorized) -> Self {
        let known = state.category(&category.code);
        Self {
            code: category.code.clone(),
            top: known.and_then(|known| known.parent.clone()),
            stated: category.is_stated(),
            stand_ins: known.map_or(&[][..], |known| known.substitutes.as_slice()).into(),
        }
    }
}

/// What a fit depends on beside the two sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub rules: &'a Rules,
    /// Whether the street keeps a roster at all.
    pub has_roster: bool,
    /// Whether anybody's reliability is known yet.
    pub has_records: bool,
    pub affinity: &'a Affinity,
    pub now: Moment,
}

impl<'a> Ground<'a> {
    pub fn of(state: &'a State, knowledge: Knowledge<'a>, now: Moment) -> Self {
        let has_roster = state.roster().next().is_some();
        let has_records = state.rated;
        Self { rules: state.rules(), has_roster, has_records, affinity: knowledge.affinity, now }
    }
}

/// Everybody and everything, and the state they come from.
#[derive(Debug)]
pub(super) struct Market<'a> {
    pub state: &'a State,
    pub knowledge: Knowledge<'a>,
    pub now: Moment,
    /// Every giver that is not withdrawn or settled, exhausted ones too: they are a cause to name.
    pub givers: Vec<Arc<Giver>>,
    pub(super) open: Vec<(Asker, Judged)>,
    /// Wordings of the givers by their terms; made when the first need asks who came nearest.
    wordings: OnceLock<Postings>,
}

impl<'a> Market<'a> {
    /// The market of this state, made from nothing.
    pub fn open(state: &'a State, knowledge: Knowledge<'a>, now: Moment) -> Self {
        let mut pool = Pool::open(knowledge);
        pool.advance(state, now);
        let (givers, open) = pool.listed();
        Self::of(state, knowledge, now, givers, open)
    }

    /// What fits depend on beside the two sides.
    pub fn ground(&self) -> Ground<'_> {
        Ground::of(self.state, self.knowledge, self.now)
    }

    pub(super) const fn of(
        state: &'a State,
        knowledge: Knowledge<'a>,
        now: Moment,
        givers: Vec<Arc<Giver>>,
        open: Vec<(Asker, Judged)>,
    ) -> Self {
        Self { state, knowledge, now, givers, open, wordings: OnceLock::new() }
    }

    /// How well the matter of a pair fits, which has to reach the street's least; or the rule the pair fails.
    pub fn matter(&self, asker: &Asker, giver: &Giver) -> Result<u16, Cause> {
        let eligible = eligibility::judge(asker, giver)?;
        let ground = self.ground();
        let fit = fit::fit(ground, asker, giver, eligible, || fit::affinity(ground, asker, giver));
        Ok(fit.matter(&self.state.rules().weights))
    }

    /// What keeps a pair from being proposed, whatever else its owner posted.
    pub fn cause(&self, asker: &Asker, giver: &Giver) -> Option<Cause> {
        match self.matter(asker, giver) {
            Err(cause) => Some(cause),
            Ok(fit) => (fit < self.state.rules().fit_min).then_some(Cause::FitTooLow),
        }
    }

    /// Everybody who asks, with whom it was judged with, in the order of their identities; taken out of
    /// the market.
    pub fn judged_askers(&mut self) -> (Vec<Asker>, Vec<Judged>) {
        std::mem::take(&mut self.open).into_iter().unzip()
    }

    /// Of those this cause shut out, the one that came nearest: whose wording is most alike, the first in
    /// the order of the givers among equals.
    ///
    /// Where the cause was found pair by pair it was noted then, and givers without a wording (open
    /// capacities) count as not alike at all. Those that category or territory kept apart were never looked
    /// at: of them only one whose wording is alike at all is named.
    pub fn nearest(&self, asker: &Asker, cause: Cause, shut: Shut) -> Option<Supplier> {
        if shut.nearest.is_some() {
            return shut.nearest;
        }
        let wordings = self.wordings.get_or_init(|| {
            Postings::of(self.givers.iter().map(|giver| giver.wording.as_ref().map(|it| it.terms())))
        });
        let mut best: Option<(u16, usize)> = None;
        // Ascending by giver, so that the first among equals stays.
        for (giver, alike) in wordings.alike(&asker.wording.terms) {
            let better = best.is_none_or(|(nearest, _)| alike > nearest);
            let shut_out = |giver: &Arc<Giver>| eligibility::judge(asker, giver).err() == Some(cause);
            if better && self.givers.get(giver).is_some_and(shut_out) {
                best = Some((alike, giver));
            }
        }
        best.and_then(|(_, giver)| Some(self.givers.get(giver)?.supplier))
    }
}
