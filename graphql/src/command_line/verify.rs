//! `gongjian verify`: a whole log read as if nothing of it were trusted, what it amounts to, and the contacts that belong to
//! it. Not a byte of any of them is changed.

use super::{arguments::Verify, failure::Failure, log, output, progress::Steps, vault};
use engine::{identity::ContactId, refusal::wording::Language, state::State};
use std::{collections::BTreeSet, process::ExitCode};
use storage::{
    Log,
    sled::Inspection,
    vault::{self as contacts, VaultReport},
};

pub(super) fn run(task: &Verify, language: Language) -> Result<ExitCode, Failure> {
    log::must_exist(&task.data.data)?;
    let log = Inspection::open(&task.data.data)?;
    log::must_be_whole(&task.data.data)?;
    // First, so that a key that does not fit is said before a long walk.
    let vault = vault::look_at(&task.vault, &task.data.data, language)?;
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
    let mut findings: Vec<String> = report.rot.iter().map(ToString::to_string).collect();
    findings.extend(report.findings.iter().map(ToString::to_string));
    let mut inventory = Inventory::default();
    if let Some(vault) = vault {
        let report = vault.verify().map_err(Failure::said)?;
        output::say_line(&format!("contacts {}, erased {}", report.kept, report.erased));
        findings.extend(within(&report));
        inventory = Inventory::of(&vault, &report);
    }
    findings.extend(inventory.findings(&report.state));
    let orphans = inventory.orphans(&report.state);
    if orphans > 0 {
        output::note(&format!("{orphans} contacts of the vault are not named by the log"));
    }
    for finding in &findings {
        output::say_line(&format!("finding {finding}"));
    }
    match findings.len() {
        0 => Ok(ExitCode::SUCCESS),
        found => Err(Failure::Said(format!(
            "{found} findings: what is there was not written so, or could not have come about"
        ))),
    }
}

/// What is wrong with a vault by itself.
fn within(report: &VaultReport) -> Vec<String> {
    let damaged = report.damaged.iter().map(|id| format!("{id}: it is damaged"));
    let unfinished = report
        .unfinished
        .iter()
        .map(|id| format!("{id}: its erasure was not finished; the next start does it"));
    let slots = (report.damaged_slots > 0)
        .then(|| format!("vault: {} slots are damaged, nobody can say whose they are", report.damaged_slots));
    damaged.chain(unfinished).chain(slots).collect()
}

/// What a vault has to be compared with the log; without a vault, nothing.
#[derive(Default)]
struct Inventory {
    kept: BTreeSet<ContactId>,
    erased: BTreeSet<ContactId>,
    /// What is in slots that cannot be read may be anything that is missing; that is said of the slots.
    is_damaged: bool,
}

impl Inventory {
    fn of(vault: &contacts::Inspection, report: &VaultReport) -> Self {
        let kept = vault.kept().into_iter().map(|(id, _)| id).collect();
        let erased = vault.erased().into_iter().collect();
        Self { kept, erased, is_damaged: report.damaged_slots > 0 }
    }

    /// Where log and vault say different things.
    fn findings(&self, state: &State) -> Vec<String> {
        let said = state.contacts().filter_map(|contact| {
            let id = contact.id;
            match contact.erased {
                Some(_) if self.kept.contains(&id) => Some(format!(
                    "{id}: the log says that it is erased, the vault has it still; the next start erases it"
                )),
                None if self.erased.contains(&id) => {
                    Some(format!("{id}: the log says that it is kept, the vault has erased it"))
                }
                None if !self.kept.contains(&id) && !self.is_damaged => {
                    Some(format!("{id}: the log says that it is kept, the vault does not have it"))
                }
                Some(_) | None => None,
            }
        });
        said.collect()
    }

    /// How many contacts the log does not name: a crash came before their commits, or the log is an older one.
    fn orphans(&self, state: &State) -> usize {
        self.kept.iter().filter(|id| state.contact(**id).is_none()).count()
    }
}
