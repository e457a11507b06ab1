//! The program `gongjian`: everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    graphql::command_line::run()
}
