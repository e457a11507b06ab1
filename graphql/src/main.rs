//! The program `gongjian`: everything it does is in the library beside it.

use std::process::ExitCode;

/// A GraphQL answer is made of some thousand small values that live for less than a millisecond; half of a request's time
/// went to the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    graphql::command_line::run()
}
