//! Keys: who a row or a column is, whatever its number. The solver breaks ties by them.
//!
//! A key holds, from the top: 3 bits of kind, 40 bits of identity, 16 bits of a slot's index, 5 bits of the
//! number within. Identities count up from 1, so 40 bits outlast any street.

use crate::{
    identity::{OrganizationId, PlaceId},
    matching::eligibility::Counting,
    pairing::{Supplier, Target},
};

const fn key(kind: u64, identity: u64, slot: u64, number: u64) -> u64 {
    (kind << 61) | ((identity & ((1 << 40) - 1)) << 21) | (slot << 5) | number
}

/// A piece of a need or slot, counted in one way.
pub fn of_piece(target: Target, way: Counting, number: u64) -> u64 {
    let way = match way {
        Counting::OneByOne => 0,
        Counting::Whole => 8,
    };
    match target {
        Target::Need(need) => key(0, need.number(), 0, way + number),
        Target::Slot(project, slot) => key(1, project.number(), slot.into(), way + number),
    }
}

/// A tier of what a unit is spared.
pub fn of_rest(unit: OrganizationId, number: u64) -> u64 {
    key(2, unit.number(), 0, number)
}

/// A resource or a unit's open capacity.
pub fn of_supplier(supplier: Supplier) -> u64 {
    match supplier {
        Supplier::Resource(resource) => key(4, resource.number(), 0, 0),
        Supplier::Unit(unit) => key(5, unit.number(), 0, 0),
    }
}

/// A tier of leaving a community's needs to nobody.
pub fn of_nobody(community: PlaceId, number: u64) -> u64 {
    key(6, community.number(), 0, number)
}
