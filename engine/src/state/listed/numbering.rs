//! Numbers for what a register holds that has none of its own: each rises as what it numbers does, and names it.

use crate::{
    identity::{NeedId, OrganizationId, PlaceId, ProjectId},
    organization::{Relation, RosterLink},
    pairing::Target,
};

/// The number of the call on a target: they rise as the targets do.
pub const fn call_number(target: Target) -> u64 {
    match target {
        Target::Need(need) => need.number(),
        Target::Slot(project, index) => SLOT | (project.number() << 16) | index as u64,
    }
}

/// The target of the call with this number.
pub const fn call_target(number: u64) -> Target {
    if number < SLOT {
        return Target::Need(NeedId::new(number));
    }
    let [.., high, low] = number.to_be_bytes();
    Target::Slot(ProjectId::new((number & !SLOT) >> 16), u16::from_be_bytes([high, low]))
}

/// The numbers of calls on slots begin here.
const SLOT: u64 = 1 << 63;

/// The number of a link of the roster: they rise by unit, then community, then relation. There is room for a thousand
/// million communities.
pub const fn link_number(link: &RosterLink) -> u64 {
    (link.unit.number() << UNIT) | (link.community.number() << COMMUNITY) | link.relation as u64
}

/// The link with this number.
pub const fn link_of(number: u64) -> RosterLink {
    RosterLink {
        unit: OrganizationId::new(number >> UNIT),
        community: PlaceId::new((number & ((1 << UNIT) - 1)) >> COMMUNITY),
        relation: match number & ((1 << COMMUNITY) - 1) {
            0 => Relation::Assigned,
            1 => Relation::Reported,
            // No link has the number that is left.
            _ => Relation::Paired,
        },
    }
}

/// By how many bits a unit and a community are moved up.
const UNIT: u32 = 32;
const COMMUNITY: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_calls_rise_as_their_targets_do_and_name_them() {
        let slot = |project, index| Target::Slot(ProjectId::new(project), index);
        let need = |number| Target::Need(NeedId::new(number));
        let targets = [need(1), need(70_000), slot(1, 0), slot(1, u16::MAX), slot(2, 0), slot(1 << 40, 7)];
        assert!(targets.is_sorted());
        let numbers = targets.map(call_number);
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert_eq!(numbers.map(call_target), targets);
    }

    #[test]
    fn the_numbers_of_links_rise_as_the_roster_does_and_name_them() {
        let (unit, place) = (OrganizationId::new, PlaceId::new);
        let link = |unit, community, relation| RosterLink { unit, community, relation };
        let links = [
            link(unit(1), place(2), Relation::Assigned),
            link(unit(1), place(2), Relation::Reported),
            link(unit(1), place(2), Relation::Paired),
            link(unit(1), place((1 << 30) - 1), Relation::Assigned),
            link(unit(2), place(1), Relation::Paired),
            link(unit(u64::from(u32::MAX)), place(7), Relation::Reported),
        ];
        assert!(links.is_sorted());
        let numbers = links.each_ref().map(link_number);
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert_eq!(numbers.map(link_of), links);
    }
}
