//! `gongjian verify`: a whole log read as if nothing of it were trusted, and not a byte of it changed.

use super::{arguments::Verify, failure::Failure, log, output, progress::Steps, vault};
use engine::refusal::wording::Language;
use std::process::ExitCode;
use storage::{Log, sled::Inspection, vault::Vault};

pub(super) fn run(task: &Verify, language: Language) -> Result<ExitCode, Failure> {
    log::must_exist(&task.data.data)?;
    let log = Inspection::open(&task.data.data)?;
    log::must_be_whole(&task.data.data)?;
    let head = log.head().map_err(Failure::said)?;
    let steps = Steps::new(head.position.0, "commits");
    let verified = storage::verify(&log, &mut |position| steps.reach(position.0));
    steps.end();
    let report = verified.map_err(Failure::said)?;
    output::say_line(&format!("commits {}", report.commits));
    output::say_line(&format!("events {}", report.events));
    output::say_line(&format!("head {}", report.head.hash));
    for snapshot in &report.snapshots {
        if let Some(flaw) = &snapshot.ignored {
            output::note(&format!("snapshot {}: ignored, it is made anew: {flaw}", snapshot.position));
        }
    }
    match vault::open_existing(&task.vault, &task.data.data, language)? {
        Some(vault) => contacts(&vault),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Opens every contact, and says how many could be.
fn contacts(vault: &Vault) -> Result<ExitCode, Failure> {
    let report = vault.verify().map_err(Failure::said)?;
    output::say_line(&format!("contacts {}, erased {}", report.kept, report.erased));
    let damaged = report.damaged.len() + report.damaged_slots;
    match damaged {
        0 => Ok(ExitCode::SUCCESS),
        _ => Err(Failure::Said(format!("{damaged} contacts are damaged: {:?}", report.damaged))),
    }
}
