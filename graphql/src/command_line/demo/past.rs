//! What the demo street has lived through: half a year of needs that were answered, settled and appraised, or were not.
//!
//! A line of `lives.jsonl` is one need and what became of it, each step so many days before the day of loading. It is
//! told by the ordinary commands, day by day, with the ledger's clock set to the day: what cannot happen is refused here
//! as anywhere, `Tick` lets claims lapse and needs expire, and the log says of each thing when it was.
//!
//! 1. Only an empty log is told it, because times never go back; a log that already has its lists is left alone.
//! 2. Each step is a request of its own: a loading that was interrupted goes on where it stopped, by the calendar that
//!    it began with.
//! 3. Nothing of it is open at the end. It moves what is known of units, and no list.

use super::clock::StoryClock;
use crate::lists::intake::{Desk, Order};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use engine::{
    agreement::{Subject, Terms, Undertaking, UndertakingKind},
    appraisal::{Appraisal, Grade},
    category::{Categorized, CategoryCode},
    command::Command,
    delivery::{DeliveryDraft, Effort, PersonClass},
    entry::{EntryDraft, Form, List},
    identity::{NeedId, OrganizationId},
    moment::Moment,
    need::{Channel, NeedDraft, RejectionGround},
    pairing::{Pairing, Side, Supplier, Target},
    refusal::wording::Language,
    rules::Rules,
    state::State,
};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::Arc};

/// How many days before the loading the past begins.
pub const DAYS: u32 = 170;

/// The request that opens the street of a past.
pub const OPENING: &str = "past-open";

const LINES: &str = include_str!("../../../demo/past/lives.jsonl");

/// One need and what became of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Life {
    /// Its reference.
    id: String,
    title: String,
    leaf: CategoryCode,
    form: Form,
    /// Who posts it, by name.
    org: String,
    channel: Channel,
    /// How many people it serves.
    people: Option<u32>,
    /// The last day it can be met on, in days before the loading.
    until: Option<u32>,
    then: Vec<Dated>,
}

#[derive(Clone, Debug, Deserialize)]
struct Dated {
    /// Days before the loading.
    day: u32,
    #[serde(flatten)]
    step: Step,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", tag = "step")]
enum Step {
    Posted,
    Verified,
    Rejected {
        ground: RejectionGround,
        note: String,
    },
    Withdrawn {
        reason: String,
    },
    /// A unit offers to take it up.
    Claimed {
        unit: String,
    },
    /// The raiser takes the offer.
    Agreed,
    /// The raiser does not.
    Declined {
        reason: String,
    },
    Drafted {
        undertaking: UndertakingKind,
        what: String,
    },
    /// By both.
    Signed,
    Delivered(Work),
    Disputed {
        reason: String,
    },
    Corrected(Work),
    Confirmed,
    StruckOff,
    Appraised {
        grade: Grade,
        note: Option<String>,
    },
}

/// What was done, all of it at once.
#[derive(Clone, Debug, Deserialize)]
struct Work {
    what: String,
    persons: u32,
    minutes: u32,
    class: PersonClass,
}

/// The calendar of a past: the days of its rows, and the clock that is set to them.
#[derive(Debug)]
pub struct Calendar {
    /// The day of loading.
    today: NaiveDate,
    clock: StoryClock,
}

impl Calendar {
    /// The past of a log that is to be loaded today.
    pub fn until(today: NaiveDate, clock: StoryClock) -> Self {
        Self { today, clock }
    }

    /// The past of a log that was begun at a moment.
    pub fn begun(opening: Moment, clock: StoryClock) -> Self {
        let first = opening.date(Rules::STANDARD.utc_offset_minutes);
        Self { today: first.checked_add_days(Days::new(DAYS.into())).unwrap_or(first), clock }
    }

    fn day(&self, before: u32) -> NaiveDate {
        self.today.checked_sub_days(Days::new(before.into())).unwrap_or(self.today)
    }

    /// Sets the clock to a quarter of an hour of the office hours of a day.
    pub fn set(&self, before: u32, quarter: u32) {
        let local = self.day(before).and_time(NaiveTime::MIN)
            + TimeDelta::hours(9)
            + TimeDelta::minutes(15 * i64::from(quarter));
        let utc = local - TimeDelta::minutes(Rules::STANDARD.utc_offset_minutes.into());
        self.clock.set(Moment::from_millis(utc.and_utc().timestamp_millis()));
    }
}

/// Tells the past to a street that has its places and organizations.
///
/// # Errors
/// The line and what is wrong with it.
pub fn tell(desk: &mut dyn Desk, calendar: &Calendar, language: Language) -> Result<(), String> {
    tell_until(desk, calendar, language, 0)
}

/// The same up to a day, and not beyond.
fn tell_until(desk: &mut dyn Desk, calendar: &Calendar, language: Language, last: u32) -> Result<(), String> {
    let lives = read()?;
    for (day, beats) in by_day(&lives).into_iter().rev().filter(|(day, _)| *day >= last) {
        for (quarter, beat) in (0..).zip(beats) {
            calendar.set(day, quarter);
            let state = desk.state();
            let tick = Order { request: format!("past-tick-{day}"), command: Command::Tick };
            let mut orders: Vec<Order> = (quarter == 0).then_some(tick).into_iter().collect();
            let mut said_by: Vec<&str> = vec!["tick"; orders.len()];
            for (life, index) in beat {
                let commands = life.commands(&state, calendar, index).ok_or_else(|| life.lost(index))?;
                for (part, command) in commands.into_iter().enumerate() {
                    orders.push(Order { request: format!("past-{}-{index}-{part}", life.id), command });
                    said_by.push(&life.id);
                }
            }
            for (answer, id) in desk.submit(orders, &mut |_| {}).into_iter().zip(said_by) {
                answer.map_err(|setback| format!("lives.jsonl, {id}: {}", setback.message(language)))?;
            }
        }
    }
    Ok(())
}

fn read() -> Result<Vec<Life>, String> {
    let lines = LINES.lines().enumerate();
    lines
        .map(|(line, text)| {
            serde_json::from_str(text).map_err(|error| format!("lives.jsonl:{}: {error}", line + 1))
        })
        .collect()
}

/// A step of a life, by its place in it.
type Beat<'a> = (&'a Life, usize);

/// By days before the loading, what happens at the same time: the second step of a life on one day waits for the first.
fn by_day(lives: &[Life]) -> BTreeMap<u32, Vec<Vec<Beat<'_>>>> {
    let mut days: BTreeMap<u32, Vec<Vec<Beat<'_>>>> = BTreeMap::new();
    for life in lives {
        for (index, Dated { day, .. }) in life.then.iter().enumerate() {
            let earlier = life.then.iter().take(index).filter(|other| other.day == *day).count();
            let beats = days.entry(*day).or_default();
            if beats.len() <= earlier {
                beats.resize(earlier + 1, Vec::new());
            }
            if let Some(beat) = beats.get_mut(earlier) {
                beat.push((life, index));
            }
        }
    }
    days
}

impl Life {
    /// The commands of one step; `None` when there is nothing that it could be a step of.
    fn commands(&self, state: &State, calendar: &Calendar, index: usize) -> Option<Vec<Command>> {
        let Dated { day, step } = self.then.get(index)?;
        let need = || state.referenced(List::Needs, &self.id).map(NeedId::new);
        let pairing = || state.pairings_of_target(Target::Need(need()?)).next_back();
        let delivery = || state.deliveries_of(pairing()?.id).next_back().map(|it| it.id);
        let agreement = || state.agreements_of(Subject::Pairing(pairing()?.id)).next_back();
        let one = |command: Command| Some(vec![command]);
        match step {
            Step::Posted => one(Command::PostNeed(self.draft(state, calendar)?)),
            Step::Verified => one(Command::VerifyNeed { need: need()? }),
            Step::Rejected { ground, note } => {
                one(Command::RejectNeed { need: need()?, ground: ground.clone(), note: Some(note.clone()) })
            }
            Step::Withdrawn { reason } => {
                one(Command::WithdrawNeed { need: need()?, reason: reason.clone() })
            }
            Step::Claimed { unit } => {
                let unit = state.organization_named(unit)?;
                let (target, supplier) = (Target::Need(need()?), Supplier::Unit(unit));
                one(Command::RequestPairing { target, supplier, quantity: None, draws: None, by: unit })
            }
            Step::Agreed => one(Command::ClaimPairing { pairing: pairing()?.id, side: Side::Asking }),
            Step::Declined { reason } => {
                let (pairing, reason) = (pairing()?.id, reason.clone());
                one(Command::DeclinePairing { pairing, side: Side::Asking, reason })
            }
            Step::Drafted { undertaking, what } => {
                let pairing = pairing()?;
                let terms = self.terms(state, pairing, *undertaking, what)?;
                one(Command::DraftAgreement { subject: Subject::Pairing(pairing.id), terms })
            }
            Step::Signed => {
                let agreement = agreement()?.id;
                let [asking, giving] = sides(state, pairing()?)?;
                let signed = |party| Command::SignAgreement { agreement, version: 1, party };
                Some(vec![signed(giving), signed(asking)])
            }
            Step::Delivered(work) => {
                let pairing = pairing()?;
                one(Command::RecordDelivery {
                    pairing: pairing.id,
                    draft: work.draft(pairing, calendar.day(*day)),
                })
            }
            Step::Disputed { reason } => {
                one(Command::DisputeDelivery { delivery: delivery()?, reason: reason.clone() })
            }
            Step::Corrected(work) => {
                let draft = work.draft(pairing()?, calendar.day(*day));
                one(Command::CorrectDelivery { delivery: delivery()?, draft })
            }
            Step::Confirmed => one(Command::ConfirmDelivery { delivery: delivery()? }),
            Step::StruckOff => one(Command::StrikeOffNeed { need: need()?, note: None }),
            Step::Appraised { grade, note } => {
                let appraisal = Appraisal { grade: *grade, note: note.clone() };
                one(Command::AppraiseNeed { need: need()?, appraisal })
            }
        }
    }

    fn draft(&self, state: &State, calendar: &Calendar) -> Option<NeedDraft> {
        let organization = state.organization_named(&self.org)?;
        let mut entry = EntryDraft::new(self.title.clone(), organization);
        entry.reference = Some(self.id.clone());
        entry.category = Some(Categorized::stated(self.leaf.clone()));
        entry.form = Some(self.form);
        entry.beneficiaries.count = self.people;
        entry.window.to = self.until.map(|before| calendar.day(before));
        Some(NeedDraft { channel: Some(self.channel), ..NeedDraft::new(entry) })
    }

    fn terms(&self, state: &State, pairing: &Pairing, kind: UndertakingKind, what: &str) -> Option<Terms> {
        let parties = sides(state, pairing)?;
        let [_, giving] = parties;
        let undertaking =
            Undertaking { party: giving, kind, what: what.to_owned(), pairing: Some(pairing.id) };
        Some(Terms {
            title: self.title.clone(),
            text: None,
            parties: parties.into(),
            undertakings: vec![undertaking],
            budget: Vec::new(),
            ceiling: None,
            milestones: Vec::new(),
        })
    }

    fn lost(&self, index: usize) -> String {
        format!("lives.jsonl, {}: there is nothing that step {} could be a step of", self.id, index + 1)
    }
}

/// Who asks and who gives.
fn sides(state: &State, pairing: &Pairing) -> Option<[OrganizationId; 2]> {
    Some([state.asking(pairing.terms.target)?, state.giving(pairing.terms.supplier)?])
}

impl Work {
    fn draft(&self, pairing: &Arc<Pairing>, on: NaiveDate) -> DeliveryDraft {
        let Self { what, persons, minutes, class } = self;
        let effort = Effort { class: *class, persons: *persons, minutes: *minutes };
        DeliveryDraft {
            quantity: pairing.terms.quantity,
            on,
            note: Some(what.clone()),
            efforts: vec![effort],
        }
    }
}
