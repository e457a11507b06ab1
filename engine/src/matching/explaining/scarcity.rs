//! Scarcity: what one more unit would add to the plan.
//!
//! **Of a giver that is there** ([`Scarcity::givers`]): one more base unit, lot or engagement of it adds
//! exactly its price, the least price of its column in any certificate; of an engagement less what the burden
//! of a unit so engaged costs, where that is not more. It adds more where it would change which projects go ahead
//! or how a need is counted, which no price foresees.
//!
//! **Of a category at a place** ([`Scarcity::categories`]): let a new unit, of kind "other" and with nothing
//! else, post one resource: titled with the category's name, of that category as stated, lying in that
//! community and serving its street, of one lot, or of one unit of a measure that open needs of the category
//! are counted in. It adds `max(0, max over the pieces of open needs of value − row price)` with the greatest
//! row prices; that is the price its column has while its capacity is 0, and so it is computed. It holds for
//! needs as the plan counts them: where the new resource would change whether a need is shared out or taken
//! up whole, that change is not foreseen. [`Marginal::changes`] are the changes that would post it.
//!
//! Looked at are the categories that open needs name and the communities they lie in. A street's figure is
//! the most that any of its communities has: a unit that could be placed where it is worth most.

use super::{Explanations, Worth};
use crate::{
    category::{Categorized, CategoryCode},
    command::Command,
    entry::EntryDraft,
    identity::{OrganizationId, PlaceId},
    matching::{
        market::Market,
        planning::MatchError,
        problem::Problem,
        what_if::{Change, what_if},
    },
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::Supplier,
    place::PlaceLevel,
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one more unit would add, everywhere it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scarcity {
    /// Per giver, in the order of the market: what one more base unit, lot or engagement would add.
    pub givers: Vec<(Supplier, Worth)>,
    /// Per category, measure and community.
    pub categories: Vec<Marginal>,
    /// The same rolled up to the street: the most that any community has.
    pub street: Vec<Marginal>,
}

/// What one unit of a category would add at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marginal {
    /// The category.
    pub category: CategoryCode,
    /// What is counted: `None` = one lot, else one base unit of the measure.
    pub measure: Option<Measure>,
    /// The community, or the one of the street where it is worth most.
    pub place: PlaceId,
    /// What it would add.
    pub worth: Worth,
}

impl Marginal {
    /// What would have to happen for it to be there: a new unit posts it. Ready for [`what_if`] on `state`.
    pub fn changes(&self, state: &State) -> Vec<Change> {
        let unit = state.last.organization + 1;
        vec![registered(unit), posted(state, self, unit)]
    }
}

/// A new unit with this number. Names are unique, and so that no name fits better than another they differ
/// in punctuation alone, which the reading of wordings passes over.
fn registered(unit: u64) -> Change {
    let marks: String = format!("{unit:b}").chars().map(|bit| if bit == '0' { '·' } else { '-' }).collect();
    Change::Command(Box::new(Command::RegisterOrganization(OrganizationDraft {
        name: format!("假设单位{marks}"),
        kind: OrganizationKind::Unit(UnitKind::Other),
        place: None,
        open_capacity: Some(0),
        reference: None,
    })))
}

/// The unit with this number posts one unit of it.
fn posted(state: &State, marginal: &Marginal, unit: u64) -> Change {
    let title = state.category(&marginal.category).map_or(marginal.category.as_str(), |it| it.zh.as_str());
    let entry = EntryDraft {
        place: Some(marginal.place),
        category: Some(Categorized::stated(marginal.category.clone())),
        quantity: marginal.measure.clone().map(|measure| Quantity::of(1, measure)),
        ..EntryDraft::new(title, OrganizationId::new(unit))
    };
    let lots = marginal.measure.is_none().then_some(1);
    Change::Command(Box::new(Command::PostResource(ResourceDraft { lots, ..ResourceDraft::new(entry) })))
}

impl Explanations<'_> {
    /// What one more unit would add, of every giver and of every category that open needs name.
    ///
    /// # Errors
    /// [`MatchError`] when the problem with the resources that are only thought of cannot be solved.
    pub fn scarcity(&self) -> Result<Scarcity, MatchError> {
        let market = &self.planned.market;
        let givers = market.givers.iter().enumerate();
        let givers = givers.map(|(index, giver)| (giver.supplier, self.one_more_of(index))).collect();
        let categories = self.probed(self.asked_for())?;
        let mut street: BTreeMap<(CategoryCode, Option<Measure>), Marginal> = BTreeMap::new();
        for marginal in &categories {
            let key = (marginal.category.clone(), marginal.measure.clone());
            let most = street.entry(key).or_insert_with(|| marginal.clone());
            if marginal.worth > most.worth {
                most.clone_from(marginal);
            }
        }
        Ok(Scarcity { givers, categories, street: street.into_values().collect() })
    }

    /// Every category with its measures, at every community, of the open needs; the worth is not known yet.
    fn asked_for(&self) -> Vec<Marginal> {
        let mut kinds: BTreeSet<(CategoryCode, Option<Measure>)> = BTreeSet::new();
        let mut places: BTreeSet<PlaceId> = BTreeSet::new();
        for asker in &self.planned.askers {
            if let Some(category) = &asker.category {
                kinds.insert((category.code.clone(), None));
                let counted = asker.quantity.as_ref().filter(|quantity| quantity.measure.divides());
                if let Some(quantity) = counted {
                    kinds.insert((category.code.clone(), Some(quantity.measure.clone())));
                }
            }
            let place = self.place_of(asker.target);
            places.extend(place.and_then(|it| self.state().at_level(it, PlaceLevel::Community)));
        }
        let at = |(category, measure): (CategoryCode, Option<Measure>)| {
            places.iter().map(move |place| Marginal {
                category: category.clone(),
                measure: measure.clone(),
                place: *place,
                worth: Worth(0),
            })
        };
        kinds.into_iter().flat_map(at).collect()
    }

    /// Posts them all with no capacity beside the plan as it is, and reads their prices off.
    fn probed(&self, mut marginals: Vec<Marginal>) -> Result<Vec<Marginal>, MatchError> {
        let (state, now) = (self.state(), self.planned.market.now);
        // One unit for each category: what it posts of the same title leaves its profile as one alone would.
        let categories: BTreeSet<&CategoryCode> = marginals.iter().map(|it| &it.category).collect();
        let units: BTreeMap<&CategoryCode, u64> =
            categories.into_iter().zip(state.last.organization + 1..).collect();
        let posts = marginals.iter().filter_map(|it| Some(posted(state, it, *units.get(&it.category)?)));
        let changes: Vec<Change> = units.values().map(|unit| registered(*unit)).chain(posts).collect();
        let Ok(supposed) = what_if(state, &changes, now) else { return Ok(marginals) };
        let mut market = Market::open(&supposed.state, self.planned.market.knowledge, now);
        let (askers, judged) = market.judged_askers();
        // The probes stand last among the givers, so what is decided of the others keeps its position.
        let fairness = market.state.rules().fairness;
        let mut problem = Problem::decided(&market, &askers, &judged, fairness, &self.planned.decisions);
        let first = state.last.resource;
        let probe = |supplier: Supplier| match supplier {
            Supplier::Resource(resource) => resource.number().checked_sub(first + 1),
            Supplier::Unit(_) => None,
        };
        let probes: Vec<(usize, usize)> = market
            .givers
            .iter()
            .enumerate()
            .filter_map(|(giver, it)| Some((giver, usize::try_from(probe(it.supplier)?).ok()?)))
            .collect();
        for (giver, _) in &probes {
            problem.close(*giver);
        }
        let solved = problem.solve()?;
        let lines: Vec<_> = problem.lines(&solved).collect();
        let prices = super::prices::Prices::marginal(&problem, &lines);
        for line in &lines {
            let Some((_, probe)) = probes.iter().find(|(giver, _)| line.giver == Some(*giver)) else {
                continue;
            };
            if let Some(marginal) = marginals.get_mut(*probe) {
                marginal.worth = Worth(prices.column(line.column).into());
            }
        }
        Ok(marginals)
    }
}
