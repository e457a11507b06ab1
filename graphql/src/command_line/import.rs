//! `gongjian import`: lists into the log of a street.

use super::{arguments::Import, failure::Failure, files, log, output, progress::Steps, report};
use crate::lists::intake::{self, LedgerDesk, Options};
use engine::{member::Caller, refusal::wording::Language};
use std::process::ExitCode;

pub(super) fn run(task: &Import, language: Language) -> Result<ExitCode, Failure> {
    let reading = files::lists(&task.files)?;
    if reading.rows.is_empty() {
        report::print_problems(&intake::in_order(&reading, None), language);
        return Err(Failure::NoRows);
    }
    let ledger = log::open(&task.data.data)?;
    let mut desk = LedgerDesk::new(ledger.clone(), Caller::System).map_err(Failure::said)?;
    let options = Options {
        street: task.street.street.clone(),
        ignore_status: task.ignore_status,
        name_duplicates: true,
    };
    let steps = Steps::new(reading.rows.len() as u64, "rows");
    let taken = intake::take_in(&mut desk, &reading, &options, &mut |rows| steps.go_on(rows));
    steps.end();
    desk.close();
    let intake = taken.map_err(|setback| Failure::Said(setback.message(language)))?;
    report::print_problems(&intake::in_order(&reading, Some(&intake)), language);
    output::say_line(&report::summary(&intake.summary, language));
    let total = intake.summary.total();
    let went_in = total.new + total.changed + total.there;
    Ok(match (total.refused, went_in) {
        (0, _) => ExitCode::SUCCESS,
        (_, 0) => ExitCode::FAILURE,
        _ => ExitCode::from(2),
    })
}
