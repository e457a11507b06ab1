//! The demo street 清河桥街道: its rows are inside the program; each start hands out fresh tokens.
//!
//! Loading is an import of rows: what is there already stays as it is, and an interrupted load goes on
//! where it stopped.

use super::{arguments::role_code, failure::Failure, log, output};
use crate::lists::{
    Reading,
    intake::{self, LedgerDesk, Options},
};
use engine::{
    entry::List,
    identity::{NeedId, ResourceId},
    member::Role,
    pairing::{Supplier, Target},
    refusal::wording::Language,
};
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

/// Loads the demo into an empty log and prints a token per role. A log of another street is left alone.
pub(super) fn load(ledger: &Ledger, language: Language) -> Result<(), Failure> {
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
    let mut desk = LedgerDesk::new(ledger.clone()).map_err(Failure::said)?;
    let options = Options { street: Some(STREET.to_owned()), ignore_status: false, name_duplicates: false };
    let intake = intake::take_in(&mut desk, &reading(), &options, &mut |_| {})
        .map_err(|setback| Failure::Said(setback.message(language)))?;
    let total = intake.summary.total();
    output::note(&match (total.new + total.changed, language) {
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
