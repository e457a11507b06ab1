//! Claims in part and jointly, calls and bids, joint meetings: what stands, what is wished, what is answered.
//!
//! Each test is one rule.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::NaiveDate;
use engine::{
    agenda::{self, Why},
    bid::BidStatus,
    command::Command,
    delivery::DeliveryDraft,
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    history::Entity,
    identity::{BidId, DeliveryId, MeetingId, OrganizationId, PairingId, ProjectId},
    meeting::{Decision, Item, MeetingDraft, MeetingStatus},
    member::Caller,
    pairing::{PairingStatus, Share, Side, Supplier, Target},
    project::{ProjectDraft, ProjectStatus, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::{Missing, Problem, Refusal},
    window::Window,
};
use tests::street::{START, Street};

mod bids;
mod claims;
mod meetings;

/// A community that asks for ten sessions, and three units that offer ten each.
struct Scene {
    street: Street,
    community: OrganizationId,
    units: [OrganizationId; 3],
    target: Target,
    suppliers: [Supplier; 3],
}

fn scene() -> Scene {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let units = ["清河食品公司", "长青医院", "清河银行"].map(|name| street.unit(name));
    let target = Target::Need(street.need(community, sessions(10)));
    let suppliers = units.map(|unit| Supplier::Resource(street.resource(unit, sessions(10))));
    Scene { street, community, units, target, suppliers }
}

fn sessions(amount: u64) -> Option<Quantity> {
    Some(Quantity::of(amount, Measure::Sessions))
}

/// The names of the events, or the refusal.
fn answer(street: &Street, command: &Command) -> Result<Vec<&'static str>, Refusal> {
    let events = street.decide(Caller::System, command)?;
    Ok(events.iter().map(Event::name).collect())
}

fn claim(pairing: PairingId, side: Side) -> Command {
    Command::ClaimPairing { pairing, side }
}

fn part(pairing: PairingId, side: Side, quantity: u64) -> Command {
    Command::ClaimPart { pairing, side, quantity }
}

fn share(supplier: Supplier, quantity: Option<u64>) -> Share {
    Share { supplier, quantity, draws: None }
}

fn withdraw(pairing: PairingId, side: Side) -> Command {
    Command::WithdrawPairing { pairing, side, reason: "人手不足".into() }
}

fn decline(pairing: PairingId, side: Side) -> Command {
    Command::DeclinePairing { pairing, side, reason: "时间不合适".into() }
}

fn bid(target: Target, supplier: Supplier, quantity: Option<u64>) -> Command {
    Command::PlaceBid { target, supplier, quantity, draws: None, note: None }
}

fn choose(bid: u64) -> Command {
    Command::ChooseBid { bid: BidId::new(bid), reason: Some("离得近".into()) }
}

fn meeting(participants: &[OrganizationId], agenda: &[Item]) -> MeetingDraft {
    MeetingDraft {
        title: "六月联席会".into(),
        at: START.plus_hours(48),
        venue: None,
        participants: participants.to_vec(),
        agenda: agenda.to_vec(),
    }
}

fn decided(item: Item, decision: Decision, note: Option<&str>) -> Command {
    Command::DecideItem { meeting: MeetingId::new(1), item, decision, note: note.map(str::to_owned) }
}

/// What stands of a pairing: its state and its two amounts.
fn stands(street: &Street, id: PairingId) -> (&'static str, u64, u64) {
    let pairing = street.pairing(id);
    let state = match pairing.status {
        PairingStatus::Proposed => "proposed",
        PairingStatus::Claimed { by: Side::Asking, .. } => "claimed by asking",
        PairingStatus::Claimed { by: Side::Giving, .. } => "claimed by giving",
        PairingStatus::Agreed { .. } => "agreed",
        PairingStatus::Accepted { .. } => "accepted",
        PairingStatus::Declined { .. } => "declined",
        PairingStatus::Lapsed { .. } => "lapsed",
        PairingStatus::Withdrawn { .. } => "withdrawn",
        PairingStatus::Superseded => "superseded",
    };
    (state, pairing.terms.quantity, pairing.terms.draws)
}

/// Folds events in that no command of this file makes.
fn happens(street: &mut Street, events: &[Event]) {
    let recorded = Recorded { position: street.state.position().next(), time: street.now };
    evolve_commit(&mut street.state, recorded, events);
    street.log.push((recorded, events.to_vec()));
}

fn delivery(number: u64, pairing: PairingId, quantity: u64) -> Event {
    let on = NaiveDate::from_ymd_opt(2026, 5, 29).unwrap();
    let draft = DeliveryDraft { quantity, on, note: None, efforts: Vec::new() };
    Event::DeliveryRecorded { delivery: DeliveryId::new(number), pairing, draft }
}
