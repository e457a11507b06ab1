//! Tallies against a slow recount of the lists, over random streets.
//!
//! A failure names its seed and its step; the same seed repeats it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    evolve::{Recorded, evolve, evolve_commit},
    member::Role,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    place::PlaceLevel,
    rules::Rules,
    state::State,
    tallies::{self, Funnel, List, Part, Stage},
};
use tests::{
    cooperating,
    promises::{rests::Rests, tallies::Slips},
    random::SplitMix64,
    street::Street,
    wishes::{Wish, Wishes},
};

const SEEDS: u64 = 10;
const STEPS: usize = 400;

/// Says where a run stood when it failed.
struct Standing(u64, usize);

impl Drop for Standing {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, step {}", self.0, self.1);
        }
    }
}

/// A street with two communities, one of them with a grid, an estate and a building, and units that sit here and there.
fn inhabited() -> Street {
    let mut street = Street::opened();
    let root = street.state.street().unwrap().place;
    street.member(street.office(), Role::Coordinator);
    let mut deepest = root;
    for name in ["春晖里社区", "秋实路社区"] {
        let place = street.place(name, PlaceLevel::Community, Some(root));
        let community = street.organization(name, OrganizationKind::Community, Some(place));
        street.member(community, Role::CommunityOfficer);
        deepest = place;
    }
    for (name, level) in
        [("第一网格", PlaceLevel::Grid), ("和平小区", PlaceLevel::Estate), ("三号楼", PlaceLevel::Building)]
    {
        deepest = street.place(name, level, Some(deepest));
    }
    for (name, kind, place) in [
        ("清河食品公司", UnitKind::Enterprise, None),
        ("长青医院", UnitKind::Hospital, Some(root)),
        ("清河银行", UnitKind::Bank, Some(deepest)),
    ] {
        let unit = street.organization(name, OrganizationKind::Unit(kind), place);
        street.member(unit, Role::UnitLiaison);
    }
    street
}

/// Lets a street live through random wishes, days apart; units move house now and then, and once the clock is changed.
fn lived(standing: &mut Standing) -> Street {
    let seed = standing.0;
    let (mut wishes, mut random) = (Wishes::new(seed), SplitMix64::new(seed ^ 0xDA5B));
    let mut street = inhabited();
    for step in 0..STEPS {
        standing.1 = step;
        let Wish { caller, command, hours } = wishes.next(&street.state);
        let days = if random.percent(30) { random.between(0, 2) as u32 } else { 0 };
        street.wait(hours + days * 24);
        // What is refused is of no concern here.
        let _ = street.tell(caller, &command);
        let events = cooperating::next(&mut random, &street.state, street.now);
        if !events.is_empty() {
            let recorded = Recorded { position: street.state.position().next(), time: street.now };
            evolve_commit(&mut street.state, recorded, &events);
            street.log.push((recorded, events));
        }
        if random.percent(4) {
            moves_house(&mut street, &mut random);
        }
        if step == STEPS / 2 {
            street.run(Command::SetRules(Rules { utc_offset_minutes: 0, ..street.state.rules().clone() }));
        }
    }
    street
}

fn moves_house(street: &mut Street, random: &mut SplitMix64) {
    let organizations: Vec<_> = street.state.organizations().map(|it| it.id).collect();
    let mut places: Vec<_> = street.state.places().map(|it| Some(it.id)).collect();
    places.push(None);
    let (id, place) = (random.one(&organizations), random.one(&places));
    let draft = street.state.organization(id).unwrap().draft.clone();
    let draft = OrganizationDraft { place, ..draft };
    // A community keeps its seat; that refusal is of no concern here.
    let _ =
        street.tell(engine::member::Caller::System, &Command::AmendOrganization { organization: id, draft });
}

#[test]
fn tallies_are_what_a_recount_of_the_lists_gives_at_every_position() {
    let (mut compared, mut rested) = (0, 0);
    let mut furthest = Funnel::default();
    for seed in 1..=SEEDS {
        let mut standing = Standing(seed, 0);
        let street = lived(&mut standing);
        let (mut state, mut rests) = (State::empty(), Rests::default());
        for (number, (recorded, events)) in street.log.iter().enumerate() {
            standing.1 = number;
            for event in events {
                evolve(&mut state, *recorded, event);
                rests.look(&state, recorded.time);
            }
            if number % 40 == 0 {
                compared += Slips::of(&state).check();
                rested += rests.check(&state);
            }
        }
        compared += Slips::of(&state).check();
        rests.check(&state);
        assert_eq!(state.tallies(), street.state.tallies(), "replayed as it was lived");
        let Funnel(counts) = tallies::funnel(&state, &Part::of(List::Needs));
        assert!(counts.is_sorted_by(|one, next| one >= next), "{counts:?}");
        for (sum, more) in furthest.0.iter_mut().zip(counts) {
            *sum += more;
        }
    }
    println!("{compared} groups compared, {rested} resources seen idle, needs by stage {furthest:?}");
    assert!(compared > 10_000 && rested > 100);
    assert!(furthest.0.iter().all(|count| *count > 0), "every stage was reached: {:?}", Stage::ALL);
}
