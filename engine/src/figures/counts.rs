//! What is counted, and the rates that are read from it.

use super::Histogram;
use crate::appraisal::Grade;
use serde::{Deserialize, Serialize};

/// A share of a whole: a rate as it is, before any rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The part.
    pub numerator: u64,
    /// The whole.
    pub denominator: u64,
}

impl Rate {
    /// In thousandths, rounded down; `None` of nothing.
    pub const fn per_mille(self) -> Option<u64> {
        match self.numerator.checked_mul(1_000) {
            Some(thousandfold) => thousandfold.checked_div(self.denominator),
            None => None,
        }
    }
}

/// What is counted in one scope and month.
///
/// The rates follow the practice of 接诉即办 and of the 12345 hotlines, which assess by reply (响应率), resolution (解决率)
/// and satisfaction (满意率) and take demands out that are not theirs to meet: 《北京市接诉即办工作条例》 (2021) names the three
/// rates, GB/T 33358-2016 《政府热线服务规范》 and 国办发〔2020〕53号 the limits of time and the appraisal by the raiser.
///
/// - *Collected*: posted in the month. What an imported list says is already in other hands is not counted.
/// - *Accountable*: collected, without what its poster took back and what another need carries or repeats.
/// - *Reply rate* 答复率 = replied / accountable. A reply is a review (verified, rejected) or a giver's first claim.
/// - *Resolution rate* 解决率 = met / (accountable − rejected). Met: all it asked is accepted, or struck off.
/// - *On-time rate* 按时办结率 = concluded in time / accountable. Concluded: met, or rejected on a ground that the rules
///   name. In time: before the street's limit of days from posting, as the rule stood at that moment.
/// - *Satisfaction rate* 满意率 = (satisfied + basically satisfied) / appraised.
/// - *Claim rate* 认领率 = claimed / proposed, where proposals that a newer plan replaced unclaimed are left out.
/// - *Fulfilment rate* 履约率 = fulfilled / agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Needs posted.
    pub collected: u64,
    /// Of these, taken back by their posters.
    pub withdrawn: u64,
    /// Of these, carried or repeated by another need.
    pub merged: u64,
    /// Of these, taken along into a later period.
    pub carried_over: u64,
    /// Of these, over before anything was promised.
    pub expired: u64,
    /// Accountable needs that were answered.
    pub replied: u64,
    /// Likewise, within the limit of days.
    pub replied_in_time: u64,
    /// Accountable needs that were met.
    pub met: u64,
    /// Accountable needs that were rejected on a ground that the rules name.
    pub rejected: u64,
    /// Met or rejected on such a ground, within the limit of days.
    pub concluded_in_time: u64,
    /// Accountable needs whose raisers are satisfied.
    pub satisfied: u64,
    /// Likewise, basically satisfied.
    pub basically_satisfied: u64,
    /// Likewise, dissatisfied.
    pub dissatisfied: u64,
    /// Pairings proposed or requested, without those that were replaced unclaimed.
    pub proposed: u64,
    /// Pairings replaced before anybody had claimed them.
    pub superseded: u64,
    /// Pairings that one side has claimed at least.
    pub claimed: u64,
    /// Pairings that both sides have agreed.
    pub agreed: u64,
    /// Pairings that are delivered and accepted.
    pub fulfilled: u64,
    /// Of these, within the limit of days for meeting a need, from the day both sides agreed.
    pub fulfilled_in_time: u64,
    /// Of the fulfilled, those of whose result the raiser is satisfied, basically satisfied, dissatisfied.
    pub given: [u64; 3],
    /// Pairings that one side declined.
    pub declined: u64,
    /// Pairings whose claim lapsed.
    pub lapsed: u64,
    /// Pairings that were taken back.
    pub taken_back: u64,
    /// Days from the post of what a pairing serves to the first claim.
    pub post_to_claim: Histogram,
    /// Days from that claim until an agreement on it, or on its project, was signed by all.
    pub claim_to_sign: Histogram,
    /// Days from there until it was accepted.
    pub sign_to_done: Histogram,
    /// Days from the post until it was accepted, agreement or none.
    pub post_to_done: Histogram,
}

impl Counts {
    /// Needs the street answers for.
    pub const fn accountable(&self) -> u64 {
        self.collected.saturating_sub(self.withdrawn).saturating_sub(self.merged)
    }

    /// Met, or rejected on a ground that the rules name 办结.
    pub const fn concluded(&self) -> u64 {
        self.met.saturating_add(self.rejected)
    }

    /// Needs whose raisers have said how well they were met.
    pub const fn appraised(&self) -> u64 {
        self.satisfied.saturating_add(self.basically_satisfied).saturating_add(self.dissatisfied)
    }

    /// 答复率.
    pub const fn reply_rate(&self) -> Rate {
        Rate { numerator: self.replied, denominator: self.accountable() }
    }

    /// Replies in time among accountable needs.
    pub const fn reply_in_time_rate(&self) -> Rate {
        Rate { numerator: self.replied_in_time, denominator: self.accountable() }
    }

    /// 解决率.
    pub const fn resolution_rate(&self) -> Rate {
        Rate { numerator: self.met, denominator: self.accountable().saturating_sub(self.rejected) }
    }

    /// 按时办结率.
    pub const fn on_time_rate(&self) -> Rate {
        Rate { numerator: self.concluded_in_time, denominator: self.accountable() }
    }

    /// 满意率.
    pub const fn satisfaction_rate(&self) -> Rate {
        Rate {
            numerator: self.satisfied.saturating_add(self.basically_satisfied),
            denominator: self.appraised(),
        }
    }

    /// Of what was given: 按时履约率, fulfilled in time among agreed.
    pub const fn fulfilment_in_time_rate(&self) -> Rate {
        Rate { numerator: self.fulfilled_in_time, denominator: self.agreed }
    }

    /// 满意率 of what was given: (satisfied + basically satisfied) / appraised.
    pub const fn given_satisfaction_rate(&self) -> Rate {
        let [satisfied, basically, dissatisfied] = self.given;
        let content = satisfied.saturating_add(basically);
        Rate { numerator: content, denominator: content.saturating_add(dissatisfied) }
    }

    /// How much of what was given was graded so.
    pub(super) const fn given_mut(&mut self, grade: Grade) -> &mut u64 {
        let [satisfied, basically, dissatisfied] = &mut self.given;
        match grade {
            Grade::Satisfied => satisfied,
            Grade::BasicallySatisfied => basically,
            Grade::Dissatisfied => dissatisfied,
        }
    }

    /// 认领率.
    pub const fn claim_rate(&self) -> Rate {
        Rate { numerator: self.claimed, denominator: self.proposed }
    }

    /// 履约率.
    pub const fn fulfilment_rate(&self) -> Rate {
        Rate { numerator: self.fulfilled, denominator: self.agreed }
    }

    /// Adds all that another one counts.
    pub fn add(&mut self, other: &Self) {
        // Every field is named, so that none is forgotten.
        let Self {
            collected,
            withdrawn,
            merged,
            carried_over,
            expired,
            replied,
            replied_in_time,
            met,
            rejected,
            concluded_in_time,
            satisfied,
            basically_satisfied,
            dissatisfied,
            proposed,
            superseded,
            claimed,
            agreed,
            fulfilled,
            fulfilled_in_time,
            given,
            declined,
            lapsed,
            taken_back,
            post_to_claim,
            claim_to_sign,
            sign_to_done,
            post_to_done,
        } = other;
        for (sum, more) in [
            (&mut self.collected, collected),
            (&mut self.withdrawn, withdrawn),
            (&mut self.merged, merged),
            (&mut self.carried_over, carried_over),
            (&mut self.expired, expired),
            (&mut self.replied, replied),
            (&mut self.replied_in_time, replied_in_time),
            (&mut self.met, met),
            (&mut self.rejected, rejected),
            (&mut self.concluded_in_time, concluded_in_time),
            (&mut self.satisfied, satisfied),
            (&mut self.basically_satisfied, basically_satisfied),
            (&mut self.dissatisfied, dissatisfied),
            (&mut self.proposed, proposed),
            (&mut self.superseded, superseded),
            (&mut self.claimed, claimed),
            (&mut self.agreed, agreed),
            (&mut self.fulfilled, fulfilled),
            (&mut self.fulfilled_in_time, fulfilled_in_time),
            (&mut self.declined, declined),
            (&mut self.lapsed, lapsed),
            (&mut self.taken_back, taken_back),
        ] {
            *sum = sum.saturating_add(*more);
        }
        for (sum, more) in self.given.iter_mut().zip(given) {
            *sum = sum.saturating_add(*more);
        }
        for (sum, more) in [
            (&mut self.post_to_claim, post_to_claim),
            (&mut self.claim_to_sign, claim_to_sign),
            (&mut self.sign_to_done, sign_to_done),
            (&mut self.post_to_done, post_to_done),
        ] {
            sum.add(more);
        }
    }
}
