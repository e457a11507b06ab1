//! Who answers for a place.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use engine::{
    audit::audit, command::Command, identity::OrganizationId, organization::OrganizationKind, pairing::Target,
};
use town::Town;

/// Moves an organization to another place.
fn send(town: &mut Town, organization: OrganizationId, community: usize) {
    let mut draft = town.state.organization(organization).unwrap().draft.clone();
    draft.place = Some(town.communities[community].0);
    town.run(Command::AmendOrganization { organization, draft });
}

#[test]
fn of_several_communities_at_a_place_the_first_one_answers_and_when_it_leaves_the_next() {
    let mut town = Town::new(2);
    let (place, first) = town.communities[0];
    let Target::Need(need) = town.need(0, "楼道灯不亮", |draft| draft.entry.place = Some(place)) else {
        panic!("a need was posted")
    };
    let second = town.organization("河沿二社区", OrganizationKind::Community, Some(place));
    assert_eq!(town.state.reviewer(need), Some(first));
    send(&mut town, first, 1);
    assert_eq!(town.state.reviewer(need), Some(second));
    send(&mut town, first, 0);
    assert_eq!(town.state.reviewer(need), Some(first), "it was registered first");
    send(&mut town, second, 1);
    assert_eq!(town.state.reviewer(need), Some(first));
    assert_eq!(audit(&town.state), []);
}
