//! Wishes: Reviews, confirmations, pauses, the end of needs.

use super::Wishes;
use engine::{
    appraisal::{Appraisal, Grade},
    command::Command,
    identity::NeedId,
    need::{Need, NeedStatus, RejectionGround, Review},
    period::Quarter,
    state::State,
};

impl Wishes {
    pub(super) fn entry_life(&mut self, state: &State) -> Command {
        let waits = |need: &Need| need.end.is_none() && need.review == Review::Waiting;
        match self.random.below(20) {
            0..4 => Command::VerifyNeed { need: self.need_that(state, waits) },
            4..6 => {
                let need = self.need_that(state, waits);
                Command::RejectNeed { need, ground: self.ground(state), note: self.note() }
            }
            6..9 => {
                let need = self.need_that(state, |it| it.is_open() && it.tally.agreed == 0);
                Command::MergeNeed { need, into: self.need_that(state, |it| it.is_open() && it.id != need) }
            }
            9..11 => {
                let need = self.need_that(state, Need::is_open);
                let year = if self.random.percent(5) { 1999 } else { 2026 + self.random.below(2) as i32 };
                let into = Quarter { year, quarter: self.random.between(1, 4) as u8 };
                Command::CarryOverNeed { need, into, reason: self.reason() }
            }
            11..13 => {
                let done = |it: &Need| it.end.is_none() && it.tally.agreed == it.tally.accepted;
                Command::StrikeOffNeed { need: self.need_that(state, done), note: self.note() }
            }
            13..15 => {
                let need = self.need_that(state, |it| it.status() == NeedStatus::Met);
                let appraisal = Appraisal { grade: self.random.one(&Grade::ALL), note: self.note() };
                Command::AppraiseNeed { need, appraisal }
            }
            15 => Command::ReconfirmNeed { need: self.need_that(state, |it| it.stale.is_some()) },
            16 => Command::PauseResource { resource: self.resource(state), reason: self.reason() },
            17..19 => {
                let paused: Vec<_> =
                    state.resources().filter(|it| it.paused.is_some()).map(|it| it.id).collect();
                let resource = self.random.any(&paused).unwrap_or_else(|| self.resource(state));
                Command::ResumeResource { resource }
            }
            _ => Command::ReconfirmResource { resource: self.resource(state) },
        }
    }

    /// Mostly a need of which this holds.
    fn need_that(&mut self, state: &State, holds: impl Fn(&Need) -> bool) -> NeedId {
        let fitting: Vec<NeedId> = state.needs().filter(|it| holds(it)).map(|it| it.id).collect();
        match self.random.any(&fitting) {
            Some(need) if self.random.percent(85) => need,
            _ => self.need(state),
        }
    }

    fn ground(&mut self, state: &State) -> RejectionGround {
        match self.random.below(6) {
            0 => RejectionGround::OthersDuty { party: self.reason() },
            1 => RejectionGround::GovernmentProject,
            2 => RejectionGround::NotFeasible,
            3 | 4 => RejectionGround::DuplicateOf { need: self.need(state) },
            _ => RejectionGround::Other,
        }
    }

    fn note(&mut self) -> Option<String> {
        self.random.percent(70).then(|| self.reason())
    }
}
