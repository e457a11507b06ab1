//! A street that lives at random: two communities, three units, everybody who acts, and whatever they may wish.

use crate::{
    cooperating,
    random::SplitMix64,
    street::Street,
    wishes::{Wish, Wishes},
};
use engine::{
    evolve::{Recorded, evolve_commit},
    member::Role,
    organization::{OrganizationKind, UnitKind},
    place::PlaceLevel,
};

/// Says where a run stood when it failed.
#[derive(Debug)]
pub struct Standing(pub u64, pub usize);

impl Drop for Standing {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}, step {}", self.0, self.1);
        }
    }
}

/// A street with two communities, three units, and a login of every role that acts.
pub fn inhabited() -> Street {
    let mut street = Street::opened();
    let root = street.state.street().unwrap().place;
    let office = street.office();
    street.member(office, Role::Coordinator);
    for name in ["春晖里社区", "秋实路社区"] {
        let place = street.place(name, PlaceLevel::Community, Some(root));
        let community = street.organization(name, OrganizationKind::Community, Some(place));
        street.member(community, Role::CommunityOfficer);
    }
    for (name, kind) in [
        ("清河食品公司", UnitKind::Enterprise),
        ("长青医院", UnitKind::Hospital),
        ("清河银行", UnitKind::Bank),
    ] {
        let unit = street.organization(name, OrganizationKind::Unit(kind), None);
        street.member(unit, Role::UnitLiaison);
    }
    street
}

/// Lets a street live through random wishes, days apart, and looks at it after each; where it cooperates, what may
/// become of its pairings is drawn as well.
pub fn live(
    seed: u64,
    steps: usize,
    cooperate: bool,
    mut look: impl FnMut(&mut Standing, &Street),
) -> Street {
    let mut standing = Standing(seed, 0);
    let (mut wishes, mut random) = (Wishes::new(seed), SplitMix64::new(seed ^ 0xF16));
    let mut street = inhabited();
    for step in 0..steps {
        standing.1 = step;
        let Wish { caller, command, hours } = wishes.next(&street.state);
        // Half a year goes by in a run, so that there are months to tell apart.
        let days = if random.percent(30) { random.between(0, 2) as u32 } else { 0 };
        street.wait(hours + days * 24);
        // What is refused is of no concern here.
        let _ = street.tell(caller, &command);
        look(&mut standing, &street);
        // Whatever may become of a pairing, also where nobody wished it.
        let events = cooperating::next(&mut random, &street.state, street.now);
        if cooperate && !events.is_empty() {
            let recorded = Recorded { position: street.state.position().next(), time: street.now };
            evolve_commit(&mut street.state, recorded, &events);
            street.log.push((recorded, events));
            look(&mut standing, &street);
        }
    }
    street
}
