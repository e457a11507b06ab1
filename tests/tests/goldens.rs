//! Stored events are read for ever: a golden line for every kind, and a second where fields may be left out.
//!
//! The lines of `tests/goldens/events.jsonl` are bytes that logs hold. They are never changed, also when asked:
//! `GONGJIAN_BLESS=1` only appends those of kinds that have none. What reads them has to change instead.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::event::Event;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::PathBuf,
};
use tests::samples;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("goldens/events.jsonl")
}

/// The names that `Event` is stored under, as serde tells them when it meets one it does not know.
fn kinds() -> BTreeSet<String> {
    let told = serde_json::from_str::<Event>(r#"{"type":"?"}"#).unwrap_err().to_string();
    let known = told.split_once("expected one of").unwrap().1;
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// How many lines a kind has at least: two where fields may be left out. No wildcard: a new event does not
/// compile until somebody has thought of its line in `samples`.
const fn lines_wanted(event: &Event) -> usize {
    match event {
        Event::StreetOpened { .. }
        | Event::RulesSet { .. }
        | Event::CategoryRetired { .. }
        | Event::PlaceRenamed { .. }
        | Event::RosterLinked { .. }
        | Event::RosterUnlinked { .. }
        | Event::MemberRevoked { .. }
        | Event::NeedWithdrawn { .. }
        | Event::ResourceWithdrawn { .. }
        | Event::ProjectWithdrawn { .. }
        | Event::PairingClaimed { .. }
        | Event::PairingAgreed { .. }
        | Event::PairingDeclined { .. }
        | Event::PairingLapsed { .. }
        | Event::PairingWithdrawn { .. }
        | Event::PairingSuperseded { .. }
        | Event::ReviewAsked { .. }
        | Event::NeedVerified { .. }
        | Event::NeedMerged { .. }
        | Event::NeedCarriedOver { .. }
        | Event::NeedExpired { .. }
        | Event::NeedWentStale { .. }
        | Event::NeedReconfirmed { .. }
        | Event::ReplyFellOverdue { .. }
        | Event::ResourcePaused { .. }
        | Event::ResourceResumed { .. }
        | Event::ResourceExpired { .. }
        | Event::ResourceWentStale { .. }
        | Event::ResourceReconfirmed { .. }
        | Event::PairingsJoined { .. }
        | Event::PairingAccepted { .. }
        | Event::CallClosed { .. }
        | Event::BidWithdrawn { .. }
        | Event::BidDeclined { .. }
        | Event::MeetingClosed { .. }
        | Event::MeetingCancelled { .. }
        | Event::AgreementSigned { .. }
        | Event::AgreementWithdrawn { .. }
        | Event::MilestoneFellOverdue { .. }
        | Event::ProjectStarted { .. }
        | Event::ProjectSuspended { .. }
        | Event::ProjectResumed { .. }
        | Event::ProjectClosed { .. }
        | Event::ProjectFailed { .. }
        | Event::DeliveryConfirmed { .. }
        | Event::DeliveryDisputed { .. }
        | Event::DeliveryWithdrawn { .. }
        | Event::ConfirmationFellOverdue { .. }
        | Event::ContributionRedeemed { .. }
        | Event::ContactErased { .. }
        | Event::TokenRevoked { .. }
        | Event::SignOnBound { .. }
        | Event::SignOnUnbound { .. } => 1,
        Event::CategoryDefined { .. }
        | Event::PlaceAdded { .. }
        | Event::OrganizationRegistered { .. }
        | Event::OrganizationAmended { .. }
        | Event::NeedPosted { .. }
        | Event::NeedAmended { .. }
        | Event::ResourcePosted { .. }
        | Event::ResourceAmended { .. }
        | Event::ProjectPosted { .. }
        | Event::ProjectAmended { .. }
        | Event::PlanAdopted { .. }
        | Event::PairingProposed { .. }
        | Event::PairingRequested { .. }
        | Event::NeedRejected { .. }
        | Event::NeedStruckOff { .. }
        | Event::NeedAppraised { .. }
        | Event::PairingChanged { .. }
        | Event::CallOpened { .. }
        | Event::BidPlaced { .. }
        | Event::BidChosen { .. }
        | Event::MeetingCalled { .. }
        | Event::MeetingAmended { .. }
        | Event::MeetingDecided { .. }
        | Event::AgreementDrafted { .. }
        | Event::AgreementAmended { .. }
        | Event::MilestoneReached { .. }
        | Event::ProjectAccepted { .. }
        | Event::ProjectAppraised { .. }
        | Event::DeliveryRecorded { .. }
        | Event::DeliveryCorrected { .. }
        | Event::ContributionCredited { .. }
        | Event::ContactGiven { .. }
        | Event::MemberAdded { .. }
        | Event::TokenIssued { .. } => 2,
    }
}

#[test]
fn every_kind_of_event_is_read_and_written_back_to_the_byte() {
    let mut stored = fs::read_to_string(path()).unwrap_or_default();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for line in stored.lines() {
        let event: Event = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
        *lines.entry(event.name().to_owned()).or_default() += 1;
    }
    let held: BTreeSet<String> = stored.lines().map(str::to_owned).collect();
    for event in samples::all() {
        let line = serde_json::to_string(&event).unwrap();
        if !held.contains(&line) && std::env::var_os("GONGJIAN_BLESS").is_some_and(|it| it == "1") {
            writeln!(stored, "{line}").unwrap();
            *lines.entry(event.name().to_owned()).or_default() += 1;
            fs::write(path(), &stored).unwrap();
        } else {
            assert!(held.contains(&line), "no golden yet: {line}\nGONGJIAN_BLESS=1 appends it");
        }
    }
    for event in samples::all() {
        let found = lines.get(event.name()).copied().unwrap_or(0);
        assert!(found >= lines_wanted(&event), "{} has {found} lines", event.name());
    }
    assert_eq!(lines.into_keys().collect::<BTreeSet<_>>(), kinds(), "each kind has its line");
}
