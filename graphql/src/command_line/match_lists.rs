//! `gongjian match`: lists in, plan out. The street is built in memory and forgotten.

use super::{
    arguments::Match, failure::Failure, files, output, plan_json, plan_table, progress::Steps, report,
};
use crate::lists::intake::{self, Desk, Intake, MemoryDesk, Options};
use chrono::{NaiveDate, NaiveTime};
use engine::{
    entry::List,
    identity::{NeedId, OrganizationId},
    matching::{self, Knowledge, Suggestion},
    moment::Moment,
    need::NeedStatus,
    pairing::{Supplier, Target},
    plan::{Cause, Proposal, Unmet, UnmetReason},
    refusal::wording::Language,
    rules::Rules,
    state::State,
};
use std::{
    collections::BTreeMap,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// A matched street, with the names its rows have.
pub(super) struct Matched {
    pub(super) state: Arc<State>,
    pub(super) proposal: Proposal,
    /// Candidates of every need row, in the order of the rows.
    pub(super) suggestions: Vec<(Target, Vec<Suggestion>)>,
    labels: BTreeMap<(List, u64), String>,
    pub(super) took: Duration,
}

pub(super) fn run(task: &Match, language: Language) -> Result<ExitCode, Failure> {
    let reading = files::lists(&task.files)?;
    let now = match task.today {
        Some(day) => noon(day)?,
        None => clock(),
    };
    let mut desk = MemoryDesk::new(now);
    let options = Options {
        street: task.street.street.clone(),
        ignore_status: task.ignore_status,
        name_duplicates: false,
    };
    let steps = Steps::new(reading.rows.len() as u64, "rows");
    let taken = intake::take_in(&mut desk, &reading, &options, &mut |rows| steps.go_on(rows));
    steps.end();
    let intake = taken.map_err(|setback| Failure::Said(setback.message(language)))?;
    let problems = intake::in_order(&reading, Some(&intake));
    report::print_problems(&problems, language);
    if reading.rows.is_empty() {
        return Err(Failure::NoRows);
    }
    let matched = plan(&desk, &intake, now, task.suggestions, task.files.len() > 1)?;
    if task.json {
        output::say_line(&plan_json::render(&matched, &problems, language).to_string());
    } else {
        output::say(&plan_table::render(&matched, language));
    }
    Ok(ExitCode::SUCCESS)
}

/// Plans the street a desk holds, and ranks candidates for each need that came in.
fn plan(
    desk: &MemoryDesk,
    intake: &Intake,
    now: Moment,
    suggestions: usize,
    several_files: bool,
) -> Result<Matched, Failure> {
    let state = desk.state();
    let knowledge = Knowledge::builtin();
    let began = Instant::now();
    let mut proposal = matching::propose(&state, knowledge, now).map_err(Failure::said)?;
    let took = began.elapsed();
    let label = |posted: &intake::Posted| match (&posted.id, several_files) {
        (Some(id), _) => id.clone(),
        (None, false) => format!("line {}", posted.at.line),
        (None, true) => format!("{}:line {}", posted.at.file, posted.at.line),
    };
    let labels: BTreeMap<(List, u64), String> =
        intake.posted.iter().map(|posted| ((posted.list, posted.number), label(posted))).collect();
    let targets: Vec<Target> = intake
        .posted
        .iter()
        .filter(|posted| posted.list == List::Needs)
        .map(|posted| Target::Need(NeedId::new(posted.number)))
        .collect();
    name_unasked(&state, &targets, &mut proposal);
    let suggestions = match suggestions {
        0 => Vec::new(),
        limit => {
            let ranked = matching::suggest_for_targets(&state, knowledge, now, &targets, limit);
            targets.into_iter().zip(ranked).collect()
        }
    };
    Ok(Matched { state, proposal, suggestions, labels, took })
}

/// A plan is silent on needs whose lists call them settled and on those that projects carry by their slots;
/// whoever reads it wants to know where they are.
fn name_unasked(state: &State, targets: &[Target], proposal: &mut Proposal) {
    let named: Vec<Target> = proposal.summary.unmet.iter().map(|unmet| unmet.target).collect();
    for target in targets {
        let Target::Need(id) = target else { continue };
        let Some(need) = state.need(*id) else { continue };
        let cause = if need.status() == NeedStatus::Settled {
            Some(Cause::AlreadySettled)
        } else {
            state.stands_for(*id).map(|_| Cause::CarriedByProject)
        };
        if let Some(cause) = cause
            && !named.contains(target)
        {
            let reasons = vec![UnmetReason { cause, candidates: 0, nearest: None }];
            proposal.summary.unmet.push(Unmet { target: *target, quantity: need.asked(), reasons });
        }
    }
    proposal.summary.unmet.sort_by_key(|unmet| unmet.target);
}

impl Matched {
    /// What the rows call a need, or a slot of a project.
    pub(super) fn target(&self, target: Target) -> String {
        let label = |list, number, bare: &dyn std::fmt::Display| {
            self.labels.get(&(list, number)).cloned().unwrap_or_else(|| bare.to_string())
        };
        match target {
            Target::Need(need) => label(List::Needs, need.number(), &need),
            Target::Slot(project, index) => {
                let project = label(List::Projects, project.number(), &project);
                format!("{project}#{}", u32::from(index) + 1)
            }
        }
    }

    /// What the rows call a resource; `None` for a unit's open capacity.
    pub(super) fn resource(&self, supplier: Supplier) -> Option<String> {
        match supplier {
            Supplier::Resource(resource) => {
                let label = self.labels.get(&(List::Resources, resource.number())).cloned();
                Some(label.unwrap_or_else(|| resource.to_string()))
            }
            Supplier::Unit(_) => None,
        }
    }

    /// Who gives.
    pub(super) fn giver(&self, supplier: Supplier) -> String {
        self.state.giving(supplier).map(|giver| self.organization(giver)).unwrap_or_default()
    }

    /// The name of an organization.
    pub(super) fn organization(&self, id: OrganizationId) -> String {
        self.state.organization(id).map(|it| it.draft.name.clone()).unwrap_or_default()
    }
}

/// What time it is.
pub(super) fn clock() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Noon of a day on the street's clock.
fn noon(day: NaiveDate) -> Result<Moment, Failure> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).ok_or_else(|| Failure::said("there is no noon"))?;
    let utc = day.and_time(noon).and_utc().timestamp_millis();
    Ok(Moment::from_millis(utc - i64::from(Rules::STANDARD.utc_offset_minutes) * 60_000))
}
