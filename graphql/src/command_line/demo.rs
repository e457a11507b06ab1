//! The demo street 清河桥街道: its rows are inside the program; each start hands out fresh tokens.
//!
//! Loading is an import of rows: what is there already stays as it is, and an interrupted load goes on
//! where it stopped. Before its lists of today an empty log is told what the street has lived through, see `past`.

mod clock;
mod past;

use super::{arguments::role_code, failure::Failure, log, output};
use crate::lists::{
    Reading,
    intake::{self, Desk, LedgerDesk, Options, Order, Summary},
};
use clock::StoryClock;
use engine::{
    command::Command,
    entry::List,
    identity::{NeedId, Position, ResourceId},
    member::{Caller, Role},
    pairing::{Supplier, Target},
    refusal::wording::Language,
    rules::Rules,
};
use past::Calendar;
use std::path::Path;
use storage::Ledger;

/// The street of the demo rows.
const STREET: &str = "清河桥街道";

/// The rows, in the order in which they are read.
pub const FILES: [(&str, &str); 6] = [
    ("street.jsonl", include_str!("../../demo/street.jsonl")),
    ("organizations.jsonl", include_str!("../../demo/organizations.jsonl")),
    ("roster.jsonl", include_str!("../../demo/roster.jsonl")),
    ("needs.jsonl", include_str!("../../demo/needs.jsonl")),
    ("resources.jsonl", include_str!("../../demo/resources.jsonl")),
    ("projects.jsonl", include_str!("../../demo/projects.jsonl")),
];

/// The demo rows, read.
pub fn reading() -> Reading {
    Reading::of(FILES.map(|(name, text)| (name, text.as_bytes())))
}

/// How many of the files lay the street out: what its past needs to be there.
const LAID_OUT_BY: usize = 3;

/// Opens a log, loads the demo if it is empty, and prints a token per role. A log of another street is left alone.
pub(super) fn open(directory: &Path, language: Language) -> Result<Ledger, Failure> {
    let clock = StoryClock::real();
    let told = clock.clone();
    let ledger = log::open_with(directory, move || told.now())?;
    load(&ledger, &clock, language)?;
    Ok(ledger)
}

fn load(ledger: &Ledger, clock: &StoryClock, language: Language) -> Result<(), Failure> {
    if let Some(street) = ledger.state().street()
        && street.name != STREET
    {
        output::note(&match language {
            Language::Chinese => format!("日志属于「{}」,不载入示范街道", street.name),
            Language::English => {
                format!("the log belongs to {}; the demo is not loaded into it", street.name)
            }
        });
        return Ok(());
    }
    let before = live_through(ledger, clock, language);
    clock.let_go();
    let laid_out = before?;
    let mut desk = LedgerDesk::new(ledger.clone(), Caller::System).map_err(Failure::said)?;
    let options = Options { street: Some(STREET.to_owned()), ignore_status: false, name_duplicates: false };
    let intake = intake::take_in(&mut desk, &reading(), &options, &mut |_| {})
        .map_err(|setback| Failure::Said(setback.message(language)))?;
    let total = intake.summary.total();
    let laid_out = laid_out.total();
    output::note(&match (total.new + total.changed + laid_out.new + laid_out.changed, language) {
        (0, Language::Chinese) => format!("示范街道「{STREET}」已在日志中"),
        (0, Language::English) => format!("the demo street {STREET} is in the log already"),
        (new, Language::Chinese) => format!("已载入示范街道「{STREET}」:{new} 行"),
        (new, Language::English) => format!("loaded the demo street {STREET}: {new} rows"),
    });
    if let Some(problem) = intake.problems.iter().find(|problem| !problem.is_notice()) {
        return Err(Failure::Said(problem.line(language)));
    }
    hand_out_tokens(ledger, language)
}

/// Lays the street out and tells its past, if the log is empty or was interrupted in it. What was laid out.
fn live_through(ledger: &Ledger, clock: &StoryClock, language: Language) -> Result<Summary, Failure> {
    let Some(calendar) = calendar(ledger, clock)? else { return Ok(Summary::default()) };
    let mut desk = LedgerDesk::new(ledger.clone(), Caller::System).map_err(Failure::said)?;
    calendar.set(past::DAYS, 0);
    let command = Command::OpenStreet { name: STREET.to_owned() };
    let opening = Order { request: past::OPENING.to_owned(), command };
    for answer in desk.submit(vec![opening], &mut |_| {}) {
        answer.map_err(|setback| Failure::Said(setback.message(language)))?;
    }
    let files = FILES.iter().take(LAID_OUT_BY);
    let rows = Reading::of(files.map(|(name, text)| (*name, text.as_bytes())));
    let intake = intake::take_in(&mut desk, &rows, &Options::default(), &mut |_| {})
        .map_err(|setback| Failure::Said(setback.message(language)))?;
    past::tell(&mut desk, &calendar, language).map_err(Failure::Said)?;
    Ok(intake.summary)
}

/// The calendar of a past that is still to be told, or told to its end.
fn calendar(ledger: &Ledger, clock: &StoryClock) -> Result<Option<Calendar>, Failure> {
    let Some(first) = ledger.read(Position::START, 1).map_err(Failure::said)?.into_iter().next() else {
        let today = ledger.now().date(Rules::STANDARD.utc_offset_minutes);
        return Ok(Some(Calendar::until(today, clock.clone())));
    };
    let is_past = intake::request_name(&first.request) == Some(past::OPENING);
    let has_lists = ledger.state().referenced(List::Needs, "N-001").is_some();
    Ok((is_past && !has_lists).then(|| Calendar::begun(first.time, clock.clone())))
}

/// One login per role. Tokens are kept only as hashes, so those of earlier starts cannot be shown again.
fn hand_out_tokens(ledger: &Ledger, language: Language) -> Result<(), Failure> {
    let state = ledger.state();
    let office = state.street().map(|street| street.office);
    // The two sides of the car park at night: 20 places wanted, 60 there.
    let community = state.referenced(List::Needs, "N-004").map(NeedId::new);
    let community = community.and_then(|need| state.asking(Target::Need(need)));
    let unit = state.referenced(List::Resources, "R-004").map(ResourceId::new);
    let unit = unit.and_then(|resource| state.giving(Supplier::Resource(resource)));
    let logins = [
        (Role::Coordinator, office),
        (Role::CommunityOfficer, community),
        (Role::UnitLiaison, unit),
        (Role::Observer, office),
    ];
    for (role, organization) in logins {
        let Some(organization) = organization else { continue };
        let (_, token) = log::add_member(ledger, organization, role, "demo 示范", None, language)?;
        let name = state.organization(organization).map(|it| it.draft.name.clone()).unwrap_or_default();
        output::say_line(&format!("token {} {} {name}", role_code(role), token.reveal()));
    }
    Ok(())
}
