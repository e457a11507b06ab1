//! What time brings, as tables: claims lapse, days end, replies fall overdue, lists go stale, calls end.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::NaiveDate;
use engine::{
    command::Command,
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    history::Entity,
    identity::NeedId,
    member::Caller,
    moment::Moment,
    need::{NeedDraft, NeedStatus, Urgency},
    pairing::{PairingStatus, Side, Supplier, Target},
    project::{ProjectDraft, SlotDraft},
    refusal::Refusal,
    resource::ResourceStatus,
    rules::{Limits, Rules},
    window::Window,
};
use tests::street::Street;

type Answer = Result<Vec<&'static str>, Refusal>;

fn answer(street: &Street, command: &Command) -> Answer {
    let events = street.decide(Caller::System, command)?;
    Ok(events.iter().map(Event::name).collect())
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::name).collect()
}

fn post(street: &mut Street, draft: NeedDraft) -> NeedId {
    street.run(Command::PostNeed(draft));
    street.state.needs().next_back().unwrap().id
}

/// Folds events that other decisions would have made.
fn happen(street: &mut Street, events: Vec<Event>) {
    let recorded = Recorded { position: street.state.position().next(), time: street.now };
    evolve_commit(&mut street.state, recorded, &events);
    street.log.push((recorded, events));
}

#[test]
fn a_claim_on_an_emergency_lapses_within_hours() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let mut draft = NeedDraft::new(EntryDraft::new("暖气爆管需抽水泵", community));
    draft.urgency = Some(Urgency::Emergency);
    let (emergency, ordinary) = (post(&mut street, draft), street.need(community, None));
    for (need, hours) in [(emergency, 4), (ordinary, 7 * 24)] {
        let pairing = street.request(unit, Target::Need(need), Supplier::Unit(unit), None).unwrap();
        let until = street.now.plus_hours(hours);
        assert_eq!(street.pairing(pairing).status, PairingStatus::Claimed { by: Side::Giving, until });
    }
    street.wait(4);
    assert_eq!(names(&street.run(Command::Tick)), ["PairingLapsed"]);
    assert_eq!(street.state.need(emergency).unwrap().unserved(), 1);
}

#[test]
fn days_end_by_the_clock_of_the_street() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let may = |day| NaiveDate::from_ymd_opt(2026, 5, day);
    let mut draft = NeedDraft::new(EntryDraft::new("为老人送餐", community));
    draft.entry.window.to = may(30);
    let (need, promised) = (post(&mut street, draft.clone()), post(&mut street, draft.clone()));
    let carried = post(&mut street, draft.clone());
    let slot = SlotDraft {
        title: "送餐".into(),
        category: None,
        form: None,
        quantity: None,
        window: Window::default(),
    };
    street.project(ProjectDraft {
        slots: vec![slot],
        needs: vec![carried],
        ..ProjectDraft::new(EntryDraft::new("邻里食堂", community))
    });
    let mut entry = EntryDraft::new("食堂可送餐", unit);
    entry.window.to = may(30);
    street.run(Command::PostResource(engine::resource::ResourceDraft::new(entry)));
    let resource = street.state.resources().next_back().unwrap().id;
    let office = street.office();
    street.request(office, Target::Need(need), Supplier::Resource(resource), None).unwrap();
    street.request(unit, Target::Need(promised), Supplier::Unit(unit), None).unwrap();

    // Midnight after the 30th of May in Shanghai is four in the afternoon of that day in Greenwich.
    let midnight = Moment::from_millis(1_780_156_800_000);
    street.now = Moment::from_millis(midnight.millis() - 1);
    assert_eq!(answer(&street, &Command::Tick), Ok(vec![]));
    street.now = midnight;
    // Both sides of the proposal expire; it goes once. What is promised or carried goes on.
    let expected = ["NeedExpired", "PairingWithdrawn", "ResourceExpired"];
    assert_eq!(names(&street.run(Command::Tick)), expected);
    assert_eq!(street.state.need(need).unwrap().status(), NeedStatus::Expired);
    assert_eq!(street.state.resource(resource).unwrap().status(), ResourceStatus::Expired);
    assert_eq!(answer(&street, &Command::Tick), Ok(vec![]));
    let ended = Refusal::NotInState { entity: Entity::Need(need), wanted: "not ended", is: "EXPIRED" };
    assert_eq!(answer(&street, &Command::ReconfirmNeed { need }), Err(ended));
}

#[test]
fn replies_fall_overdue_and_lists_go_stale_once() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let (silent, answered) = (street.need(community, None), street.need(community, None));
    let resource = street.resource(unit, None);
    street.run(Command::VerifyNeed { need: answered });
    let reconfirm = Command::ReconfirmNeed { need: answered };
    // Days that have gone by, and what they brought.
    let cases = [(6, vec![]), (1, vec!["ReplyFellOverdue"]), (1, vec![]), (81, vec![])];
    for (days, expected) in cases {
        street.wait(days * 24);
        assert_eq!(names(&street.run(Command::Tick)), expected, "{days} days");
    }
    street.run(reconfirm.clone());
    street.wait(24);
    assert_eq!(names(&street.run(Command::Tick)), ["NeedWentStale", "ResourceWentStale"]);
    assert!(street.state.need(silent).unwrap().stale.is_some(), "and the other was confirmed");
    assert_eq!(answer(&street, &Command::Tick), Ok(vec![]));
    street.run(Command::ReconfirmResource { resource });
    assert_eq!(street.state.resource(resource).unwrap().stale, None);

    // A limit of no days is none.
    let limits = Limits { reply_days: 0, stale_days: 0, ..Limits::STANDARD };
    street.run(Command::SetRules(Rules { limits, ..Rules::STANDARD }));
    street.need(community, None);
    street.wait(24 * 365);
    assert_eq!(answer(&street, &Command::Tick), Ok(vec![]));
}

#[test]
fn calls_end_and_a_huge_backlog_comes_in_pieces() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let need = street.need(community, None);
    let until = street.now.plus_hours(2);
    happen(&mut street, vec![Event::CallOpened { target: Target::Need(need), until, note: None }]);
    street.wait(2);
    assert_eq!(names(&street.run(Command::Tick)), ["CallClosed"]);
    let most = engine::decide::ticking::EVENTS_MAX;
    let draft = NeedDraft::new(EntryDraft::new("为老人送餐", community));
    let next = street.state.needs().count() as u64 + 1;
    let posted = (next..)
        .take(most + 10)
        .map(|number| Event::NeedPosted { need: NeedId::new(number), draft: draft.clone() });
    happen(&mut street, posted.collect());
    street.wait(8 * 24);
    assert_eq!(street.run(Command::Tick).len(), most);
    assert_eq!(street.run(Command::Tick).len(), 11);
    assert_eq!(answer(&street, &Command::Tick), Ok(vec![]));
}
