//! What may become of entries and pairings, drawn as events: for tests of what is kept from events alone.
//!
//! Every event drawn is one that could follow in this state; who would have decided it is left aside.

use crate::random::SplitMix64;
use engine::{
    agreement::{Milestone, Subject, Terms},
    appraisal::{Appraisal, Grade},
    bid::{BidDraft, BidStatus},
    contribution::Credit,
    delivery::{DeliveryDraft, DeliveryStatus, PersonClass},
    event::Event,
    identity::{AgreementId, BidId, DeliveryId, MeetingId},
    meeting::{Decision, Item, Meeting, MeetingDraft, MeetingStatus},
    moment::Moment,
    need::{Need, NeedStatus, RejectionGround, Review},
    pairing::{Pairing, PairingStatus, Supplier, Target},
    period::Quarter,
    state::State,
};
use std::{collections::BTreeMap, sync::Arc};

fn any<'a, T>(
    random: &mut SplitMix64,
    of: impl Iterator<Item = &'a Arc<T>>,
    holds: impl Fn(&T) -> bool,
) -> Option<&'a Arc<T>> {
    let fitting: Vec<&Arc<T>> = of.filter(|it| holds(it)).collect();
    random.any(&fitting)
}

fn reason() -> String {
    "另有安排".to_owned()
}

/// The next events, in one commit; none when nothing of the kind that was drawn can happen.
pub fn next(random: &mut SplitMix64, state: &State, now: Moment) -> Vec<Event> {
    let events = match random.below(8) {
        0..3 => of_need(random, state),
        3 => of_resource(random, state),
        4 => of_bid_or_meeting(random, state, now),
        5 => of_agreement(random, state, now),
        6 => of_project(random, state),
        _ => of_pairing(random, state, now),
    };
    events.unwrap_or_default()
}

fn of_need(random: &mut SplitMix64, state: &State) -> Option<Vec<Event>> {
    let goes_on = |need: &Need| need.end.is_none();
    let is_free = |need: &Need| need.end.is_none() && need.tally.live() == 0;
    let mut need = |holds: &dyn Fn(&Need) -> bool| any(random, state.needs(), holds).map(|it| it.id);
    Some(vec![match need(&goes_on)?.number() % 11 {
        0 => Event::ReviewAsked { need: need(&|it| is_free(it) && it.review == Review::NotAsked)? },
        1 => Event::NeedVerified { need: need(&|it| goes_on(it) && it.review == Review::Waiting)? },
        2 => {
            let rejected = need(&is_free)?;
            let ground = match need(&|_| true)?.number() % 3 {
                0 => RejectionGround::NotFeasible,
                1 => RejectionGround::Other,
                _ => RejectionGround::DuplicateOf { need: need(&|it| it.id != rejected)? },
            };
            Event::NeedRejected { need: rejected, ground, note: None }
        }
        3 => {
            let merged = need(&is_free)?;
            Event::NeedMerged { need: merged, into: need(&|it| it.id != merged && goes_on(it))? }
        }
        4 => Event::NeedCarriedOver {
            need: need(&goes_on)?,
            into: Quarter { year: 2027, quarter: 1 },
            reason: reason(),
        },
        5 => Event::NeedExpired { need: need(&is_free)? },
        6 => Event::NeedStruckOff {
            need: need(&|it| is_free(it) && it.review != Review::Waiting)?,
            note: None,
        },
        7 => {
            let met = need(&|it| it.status() == NeedStatus::Met)?;
            let grade = Grade::ALL[met.number() as usize % 3];
            Event::NeedAppraised { need: met, appraisal: Appraisal { grade, note: None } }
        }
        8 => Event::NeedWentStale { need: need(&|it| it.is_open() && it.stale.is_none())? },
        9 => Event::NeedReconfirmed { need: need(&|it| goes_on(it) && it.stale.is_some())? },
        _ => Event::ReplyFellOverdue {
            need: need(&|it| goes_on(it) && it.replied.is_none() && it.reply_overdue.is_none())?,
        },
    }])
}

fn of_resource(random: &mut SplitMix64, state: &State) -> Option<Vec<Event>> {
    let stale = random.percent(50);
    let resource = any(random, state.resources(), |it| it.end.is_none() && it.stale.is_some() == stale)?.id;
    Some(vec![if stale {
        Event::ResourceReconfirmed { resource }
    } else {
        Event::ResourceWentStale { resource }
    }])
}

fn of_bid_or_meeting(random: &mut SplitMix64, state: &State, now: Moment) -> Option<Vec<Event>> {
    Some(vec![match random.below(7) {
        0 | 1 => {
            let target = Target::Need(any(random, state.needs(), Need::is_open)?.id);
            let units = state.organizations();
            let unit = any(random, units, |it| it.draft.kind.takes_up_needs())?.id;
            let bid = BidId::new(state.bids().count() as u64 + 1);
            let draft =
                BidDraft { target, supplier: Supplier::Unit(unit), quantity: 1, draws: 1, note: None };
            Event::BidPlaced { bid, draft }
        }
        2 => {
            let bid = any(random, state.bids(), |it| it.status == BidStatus::Waiting)?.id;
            Event::BidDeclined { bid, reason: reason() }
        }
        3 => {
            let target = Target::Need(any(random, state.needs(), Need::is_open)?.id);
            Event::CallOpened { target, until: now.plus_hours(48), note: None }
        }
        4 => {
            let project = any(random, state.projects(), |it| it.is_open())?.id;
            let draft = MeetingDraft {
                title: "联席会".into(),
                at: now.plus_hours(24),
                venue: None,
                participants: Vec::new(),
                agenda: vec![Item::Project(project)],
            };
            let meeting = MeetingId::new(state.meetings().count() as u64 + 1);
            Event::MeetingCalled { meeting, draft }
        }
        5 => {
            let open = |it: &Meeting| it.status == MeetingStatus::Called && !it.draft.agenda.is_empty();
            let called = any(random, state.meetings(), open)?;
            let item = called.draft.agenda[0];
            Event::MeetingDecided { meeting: called.id, item, decision: Decision::Agree, note: None }
        }
        _ => {
            let meeting = any(random, state.meetings(), |it| it.status == MeetingStatus::Called)?.id;
            Event::MeetingClosed { meeting, minutes: "议定".into() }
        }
    }])
}

fn of_agreement(random: &mut SplitMix64, state: &State, now: Moment) -> Option<Vec<Event>> {
    Some(vec![match random.below(9) {
        0 | 1 => {
            let subject = if random.percent(50) {
                Subject::Project(any(random, state.projects(), |it| it.is_open())?.id)
            } else {
                Subject::Pairing(any(random, state.pairings(), is_agreed)?.id)
            };
            let number = state.agreements().count() as u64 + 1;
            Event::AgreementDrafted {
                agreement: AgreementId::new(number),
                subject,
                terms: terms(random, state, now, subject)?,
            }
        }
        2 => {
            let it = any(random, state.agreements(), |it| it.withdrawn.is_none())?;
            Event::AgreementAmended { agreement: it.id, terms: terms(random, state, now, it.subject)? }
        }
        3..7 => {
            let it = any(random, state.agreements(), |it| it.unsigned().is_some())?;
            let version = it.unsigned()?;
            let silent = version.terms.parties.iter().find(|it| !version.signatures.contains_key(it));
            Event::AgreementSigned { agreement: it.id, version: it.newest() as u32, party: *silent? }
        }
        7 => {
            let it = any(random, state.agreements(), |it| it.withdrawn.is_none() && it.in_force().is_none())?;
            Event::AgreementWithdrawn { agreement: it.id, reason: reason() }
        }
        _ => {
            let it = any(random, state.agreements(), |it| it.in_force().is_some())?;
            let milestone = random.between(1, 2) as u16;
            if random.percent(50) {
                Event::MilestoneReached { agreement: it.id, milestone, note: None }
            } else {
                Event::MilestoneFellOverdue { agreement: it.id, milestone }
            }
        }
    }])
}

fn terms(random: &mut SplitMix64, state: &State, now: Moment, subject: Subject) -> Option<Terms> {
    let parties = match subject {
        Subject::Project(project) => {
            let raiser = state.project(project)?.draft.entry.organization;
            let other = any(random, state.organizations(), |it| it.id != raiser)?.id;
            vec![raiser, other]
        }
        Subject::Pairing(pairing) => {
            let terms = &state.pairing(pairing)?.terms;
            vec![state.asking(terms.target)?, state.giving(terms.supplier)?]
        }
    };
    let due = now.date(480);
    let milestone = |number| Milestone { number, title: "完工".into(), due };
    Some(Terms {
        title: "共建协议".into(),
        text: None,
        parties,
        undertakings: Vec::new(),
        budget: Vec::new(),
        ceiling: None,
        milestones: vec![milestone(1), milestone(2)],
    })
}

fn of_project(random: &mut SplitMix64, state: &State) -> Option<Vec<Event>> {
    let what = random.below(8);
    let project = any(random, state.projects(), |it| {
        it.end.is_none()
            && match what {
                // Mostly what is signed is started; some of the rest is, too.
                0 | 1 => it.started.is_none() && (it.signed.is_some() || it.id.number() % 3 == 0),
                2 => it.started.is_some() && it.suspended.is_none(),
                3 => it.suspended.is_some(),
                4 | 5 => it.started.is_some() && it.accepted.is_none(),
                6 => it.accepted.is_some(),
                _ => it.appraised.is_some(),
            }
    })?
    .id;
    let appraisal = Appraisal { grade: Grade::Satisfied, note: None };
    Some(vec![match what {
        0 | 1 => Event::ProjectStarted { project },
        2 => Event::ProjectSuspended { project, reason: reason() },
        3 => Event::ProjectResumed { project },
        4 => Event::ProjectAccepted { project, note: None },
        5 => Event::ProjectFailed { project, reason: reason() },
        6 => Event::ProjectAppraised { project, appraisal },
        _ => Event::ProjectClosed { project },
    }])
}

fn is_agreed(pairing: &Pairing) -> bool {
    matches!(pairing.status, PairingStatus::Agreed { .. })
}

fn of_pairing(random: &mut SplitMix64, state: &State, now: Moment) -> Option<Vec<Event>> {
    let draft = |quantity| DeliveryDraft { quantity, on: now.date(480), note: None, efforts: Vec::new() };
    let waits = |it: &engine::delivery::Delivery| it.status == DeliveryStatus::Recorded;
    Some(match random.below(10) {
        0..3 => {
            let pairing = any(random, state.pairings(), |it| is_agreed(it) && it.undelivered() > 0)?;
            let quantity = random.between(1, pairing.undelivered());
            let delivery = DeliveryId::new(state.deliveries().count() as u64 + 1);
            vec![Event::DeliveryRecorded { delivery, pairing: pairing.id, draft: draft(quantity) }]
        }
        3..6 => {
            let delivery = any(random, state.deliveries(), waits)?;
            let organization = state.giving(state.pairing(delivery.pairing)?.terms.supplier)?;
            let minutes = BTreeMap::from([(PersonClass::Employees, random.below(90))]);
            let credit = Credit { points: random.below(30), quantity: delivery.draft.quantity, minutes };
            let delivery = delivery.id;
            vec![
                Event::DeliveryConfirmed { delivery },
                Event::ContributionCredited { organization, delivery, credit },
            ]
        }
        6 => {
            let delivery = any(random, state.deliveries(), waits)?.id;
            vec![Event::DeliveryDisputed { delivery, reason: reason() }]
        }
        7 => {
            let disputed =
                any(random, state.deliveries(), |it| matches!(it.status, DeliveryStatus::Disputed { .. }))?;
            vec![if random.percent(50) {
                Event::DeliveryCorrected { delivery: disputed.id, draft: draft(disputed.draft.quantity) }
            } else {
                Event::DeliveryWithdrawn { delivery: disputed.id, reason: reason() }
            }]
        }
        8 => {
            let done = |it: &Pairing| is_agreed(it) && it.accepted > 0 && it.accepted == it.delivered;
            let it = any(random, state.pairings(), done)?;
            let change = Event::PairingChanged {
                pairing: it.id,
                quantity: it.accepted,
                draws: it.terms.draws.min(it.accepted),
                reason: None,
            };
            vec![change, Event::PairingAccepted { pairing: it.id }]
        }
        _ => {
            let proposed = |it: &Pairing| it.status == PairingStatus::Proposed && it.joint.is_none();
            let leader = any(random, state.pairings(), proposed)?;
            let same =
                |it: &Pairing| proposed(it) && it.id != leader.id && it.terms.target == leader.terms.target;
            let other = any(random, state.pairings(), same)?;
            vec![Event::PairingsJoined { pairings: vec![leader.id, other.id] }]
        }
    })
}
