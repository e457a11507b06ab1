//! Facets: the properties that entries are told apart by, and the cuts through a list that cells are kept for.

use super::keys::List;
use crate::{
    category::CategoryCode,
    entry::{BeneficiaryGroup, Form},
    identity::OrganizationId,
    need::Channel,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an entry has one value of, or none that anybody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Property {
    Category,
    /// Who posted it; of a pairing, who asks.
    Organization,
    /// Of a pairing, who gives.
    Giving,
    Channel,
    Form,
    Beneficiary,
}

impl Property {
    /// What entries of a list are told apart by.
    pub const fn of(list: List) -> &'static [Self] {
        match list {
            List::Needs => {
                &[Self::Category, Self::Organization, Self::Channel, Self::Form, Self::Beneficiary]
            }
            List::Resources | List::Projects => {
                &[Self::Category, Self::Organization, Self::Form, Self::Beneficiary]
            }
            List::Pairings => &[
                Self::Category,
                Self::Organization,
                Self::Giving,
                Self::Channel,
                Self::Form,
                Self::Beneficiary,
            ],
        }
    }

    /// The first facet there may be of this property, where a range of them begins.
    pub(super) const fn first(self) -> Facet {
        match self {
            Self::Category => Facet::Category(None),
            Self::Organization => Facet::Organization(OrganizationId::new(0)),
            Self::Giving => Facet::Giving(None),
            Self::Channel => Facet::Channel(None),
            Self::Form => Facet::Form(None),
            Self::Beneficiary => Facet::Beneficiary(None),
        }
    }
}

/// A property with its value; `None` where nobody said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Facet {
    Category(Option<CategoryCode>),
    Organization(OrganizationId),
    Giving(Option<OrganizationId>),
    Channel(Option<Channel>),
    Form(Option<Form>),
    Beneficiary(Option<BeneficiaryGroup>),
}

impl Facet {
    /// Of what it is the value.
    pub(super) const fn property(&self) -> Property {
        match self {
            Self::Category(_) => Property::Category,
            Self::Organization(_) => Property::Organization,
            Self::Giving(_) => Property::Giving,
            Self::Channel(_) => Property::Channel,
            Self::Form(_) => Property::Form,
            Self::Beneficiary(_) => Property::Beneficiary,
        }
    }

    /// Whether anybody said it.
    pub(crate) const fn is_said(&self) -> bool {
        !matches!(
            self,
            Self::Category(None)
                | Self::Giving(None)
                | Self::Channel(None)
                | Self::Form(None)
                | Self::Beneficiary(None)
        )
    }
}

/// What the entries of a cell have in common beside list, place and month: nothing, one facet, or two. Facets go by
/// their numbers; of two, that of the lesser property comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cut {
    All,
    One(Property, u32),
    Two([Property; 2], [u32; 2]),
}

impl Cut {
    /// Every cut that an entry with these facets, in the order of their properties, is counted in: [`Cut::All`], then that
    /// of each facet, then of each two.
    pub fn through(facets: &[(Property, u32)]) -> Vec<Self> {
        let one = facets.iter().map(|(property, number)| Self::One(*property, *number));
        let two = facets.iter().enumerate().flat_map(|(at, (property, number))| {
            let further = facets.iter().skip(at + 1);
            further.map(|(other, with)| Self::Two([*property, *other], [*number, *with]))
        });
        [Self::All].into_iter().chain(one).chain(two).collect()
    }

    /// The number of its facet of a property.
    pub fn number(&self, property: Property) -> Option<u32> {
        match self {
            Self::All => None,
            Self::One(own, number) => (*own == property).then_some(*number),
            Self::Two([one, other], [first, second]) => {
                let of_other = (*other == property).then_some(*second);
                if *one == property { Some(*first) } else { of_other }
            }
        }
    }

    /// The ranges of cuts that tell these properties apart, where of some of them only these numbers are wanted. `None`
    /// of more than two properties: such cuts are not kept.
    pub fn ranges(
        properties: &BTreeSet<Property>,
        wanted: impl Fn(Property) -> Option<BTreeSet<u32>>,
        all: impl Fn(Property) -> BTreeSet<u32>,
    ) -> Option<Vec<(Self, Self)>> {
        let mut properties = properties.iter().copied();
        let range = match (properties.next(), properties.next(), properties.next()) {
            (None, ..) => vec![(Self::All, Self::All)],
            (Some(one), None, _) => match wanted(one) {
                None => vec![(Self::One(one, 0), Self::One(one, u32::MAX))],
                Some(numbers) => {
                    numbers.into_iter().map(|it| (Self::One(one, it), Self::One(one, it))).collect()
                }
            },
            (Some(one), Some(other), None) => {
                let two = |from, to| (Self::Two([one, other], from), Self::Two([one, other], to));
                match (wanted(one), wanted(other)) {
                    (None, None) => vec![two([0, 0], [u32::MAX, u32::MAX])],
                    (Some(ones), None) => ones.into_iter().map(|it| two([it, 0], [it, u32::MAX])).collect(),
                    (ones, Some(others)) => {
                        let pairs = ones.unwrap_or_else(|| all(one)).into_iter();
                        pairs
                            .flat_map(|it| others.iter().map(move |with| two([it, *with], [it, *with])))
                            .collect()
                    }
                }
            }
            (Some(_), Some(_), Some(_)) => return None,
        };
        Some(range)
    }
}
