//! G12: the past as it was, from snapshots and from states at hand; and the matching on an old day.

use crate::{
    random::{Random, number},
    story::Story,
};
use engine::{
    identity::Position,
    matching::{Knowledge, propose},
    moment::Moment,
};
use std::thread;
use storage::{ledger::TravelError, memory::MemoryLog, snapshot::Pace};

fn story(commands: u64) -> Story {
    let seed = number("GONGJIAN_STORY_SEED", 20_240_101);
    Story::tell(MemoryLog::new(), Pace::every(20), seed, commands)
}

#[test]
fn g12_every_old_state_is_the_one_that_was() {
    let story = story(600);
    let positions: Vec<Position> = story.states.keys().copied().collect();
    let mut random = Random::new(7);
    for _ in 0..200 {
        let position = positions[random.below(positions.len())];
        assert_eq!(story.ledger.state_at(position).as_ref(), Ok(&story.states[&position]), "{position}");
    }
    let head = *positions.last().unwrap();
    let asked = head.next();
    assert_eq!(story.ledger.state_at(asked), Err(TravelError::AfterHead { asked, head }));
}

#[test]
fn g12_a_moment_is_the_last_commit_made_at_or_before_it() {
    let story = story(300);
    let begin = story.states.values().find_map(|state| state.time()).unwrap();
    let end = story.states.values().filter_map(|state| state.time()).max().unwrap();
    let mut random = Random::new(7);
    let mut moments = vec![begin, end, Moment::from_millis(i64::MIN), Moment::from_millis(i64::MAX)];
    moments.extend(story.states.values().filter_map(|state| state.time()).take(50));
    let length = (end.millis() - begin.millis()) as usize;
    moments.extend((0..100).map(|_| Moment::from_millis(begin.millis() + random.below(length) as i64)));
    for moment in moments {
        let made = |state: &engine::state::State| state.time().is_none_or(|time| time <= moment);
        let (expected, state) = story.states.iter().rfind(|(_, state)| made(state)).unwrap();
        assert_eq!(story.ledger.position_at(moment).as_ref(), Ok(expected), "{moment}");
        assert_eq!(story.ledger.state_at_moment(moment).as_ref(), Ok(state));
    }
}

#[test]
fn g12_what_the_matching_would_have_proposed_on_a_day_it_proposes_again() {
    let story = story(400);
    let mut compared = 0;
    for (position, then) in story.states.iter().filter(|(position, _)| position.0 % 60 == 59) {
        let day = then.time().unwrap();
        let was = propose(then, Knowledge::builtin(), day).unwrap();
        let again = story.ledger.state_at(*position).unwrap();
        assert_eq!(propose(&again, Knowledge::builtin(), day).unwrap(), was);
        compared += u64::from(!was.pairings.is_empty());
    }
    assert!(compared > 0, "some days had something to propose");
}

#[test]
fn g12_many_who_ask_at_once_get_what_was() {
    let story = story(400);
    thread::scope(|scope| {
        for reader in 0..8 {
            let story = &story;
            scope.spawn(move || {
                for (position, state) in story.states.iter().skip(reader * 20).step_by(31) {
                    assert_eq!(story.ledger.state_at(*position).as_ref(), Ok(state), "{position}");
                }
            });
        }
    });
}
