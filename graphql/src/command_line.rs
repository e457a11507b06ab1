//! The command line: one subcommand a file, flags with `GONGJIAN_*` twins, messages in Chinese or English.
//!
//! 1. What was asked for goes to standard output; everything else to standard error.
//! 2. Exit status 0: all went well; 2: rows of a list were left out, the others went in; 1: nothing was
//!    done, and one line `gongjian: …` says why.
//! 3. A reader that goes away (`gongjian match … | head`) is no error.

mod arguments;
mod failure;
mod files;
mod log;
mod output;
mod progress;

mod backup;
pub mod demo;
mod evaluate;
mod import;
mod match_lists;
mod member;
mod plan_json;
mod plan_table;
mod protection;
mod report;
mod serve;
mod single_sign_on;
mod telemetry;
mod vault;
mod verify;

use arguments::{Arguments, Task, VaultTask};
use clap::{CommandFactory, FromArgMatches};
use failure::Failure;
use std::process::ExitCode;
use storage::backup::Form;

/// Reads the arguments of the process, does what they ask, and says how it went.
pub fn run() -> ExitCode {
    let matches = match Arguments::command().try_get_matches() {
        Ok(matches) => matches,
        Err(asked) if !asked.use_stderr() => {
            output::say(&asked.render().to_string());
            return ExitCode::SUCCESS;
        }
        Err(wrong) => return usage(&wrong),
    };
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(wrong) => return usage(&wrong),
    };
    match perform(arguments) {
        Ok(code) => code,
        Err(failure) => {
            output::note(&format!("gongjian: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: Arguments) -> Result<ExitCode, Failure> {
    let language = arguments.language();
    match arguments.task {
        Task::Match(task) => match_lists::run(&task, language),
        Task::Import(task) => import::run(&task, language),
        Task::Serve(task) => serve::run(&task, language),
        Task::Member(task) => member::run(&task, language),
        Task::Verify(task) => verify::run(&task, language),
        Task::Vault(VaultTask::ChangeKey(task)) => vault::change_key(&task, language),
        Task::Backup(task) => backup::save(&task, Form::Packed, language),
        Task::Export(task) => backup::save(&task, Form::Plain, language),
        Task::Restore(task) => backup::restore(&task, language),
        Task::Schema => {
            output::say_line(crate::schema_sdl().trim_end());
            Ok(ExitCode::SUCCESS)
        }
        Task::Evaluate(task) => evaluate::run(&task),
    }
}

/// A wrong flag: what clap says, in one line, and where to look.
fn usage(wrong: &clap::Error) -> ExitCode {
    let text = wrong.render().to_string();
    let said: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:"))
        .filter(|l| !l.is_empty())
        .collect();
    let said = said.join(" ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    output::note(&format!("gongjian: {said}; see `gongjian --help`"));
    ExitCode::FAILURE
}
