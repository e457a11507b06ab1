//! The gap between supply and demand 供需差, with the price of scarcity.

use super::part;
use crate::schema::{
    category::Category,
    explaining::ask,
    explanation::worth::Worth,
    fault::bad_input,
    matching::failed,
    place::Place,
    scalar::{Long, int},
    scope::{Scope, Snapshot},
    words::{Measure, PlaceLevel},
};
use async_graphql::{Context, ID, Object, Result};
use engine::{
    identity::PlaceId,
    matching::explaining::{Worth as Price, scarcity::Scarcity},
    permission::Sight,
    place::PlaceLevel as Level,
    state::State,
    tallies::{self, GapLine},
};
use std::{cmp::Reverse, sync::Arc};

/// What is wanted and what is there, of one category and measure.
#[derive(Clone)]
pub struct GapRow {
    at: Snapshot,
    it: GapLine,
    price: Option<Price>,
}

impl PartialEq for GapRow {
    fn eq(&self, other: &Self) -> bool {
        self.it == other.it && self.price == other.price
    }
}

impl GapRow {
    fn difference(&self) -> i128 {
        i128::from(self.it.gap.unserved) - i128::from(self.it.gap.remaining)
    }
}

/// What is wanted and what is there, of one category and measure 供需差. A resource counts where it lies, although it
/// may serve further; one that is lent whole counts its lots.
#[Object]
impl GapRow {
    /// The place; null for everywhere.
    async fn place(&self) -> Option<Place> {
        self.it.place.and_then(|place| Place::find(&self.at, place))
    }

    /// The category leaf; null of what says none.
    async fn category(&self) -> Option<Category> {
        self.it.category.as_ref().and_then(|code| Category::find(&self.at, code))
    }

    /// What is counted 计量.
    async fn measure(&self) -> Measure {
        Measure::of(&self.it.measure)
    }

    /// The unit in Chinese, such as 场 or 元.
    async fn unit(&self) -> &str {
        self.it.measure.unit()
    }

    /// Needs that are open.
    async fn needs(&self) -> i32 {
        int(self.it.gap.needs)
    }

    /// 未满足: what of them nobody has claimed.
    async fn unserved(&self) -> Long {
        Long(self.it.gap.unserved.into())
    }

    /// Resources of which something is free.
    async fn resources(&self) -> i32 {
        int(self.it.gap.resources)
    }

    /// 可用: how much of them is free.
    async fn remaining(&self) -> Long {
        Long(self.it.gap.remaining.into())
    }

    /// 缺口: unserved less remaining; negative where there is more than is wanted.
    #[graphql(name = "difference")]
    async fn shortage(&self) -> Long {
        Long(self.difference())
    }

    /// 稀缺价格: what one more unit, or one more lot of what is lent whole, would add to the best plan: at the community,
    /// else in the community of the street where it is worth most. Null where it was not asked for or nothing is open.
    async fn price(&self, ctx: &Context<'_>) -> Result<Option<Worth>> {
        let language = Scope::of(ctx)?.language;
        Ok(self.price.map(|price| Worth::new(price, language)))
    }
}

/// What is wanted and what is there.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when an argument makes no sense.
pub async fn read(
    scope: &Scope,
    place: Option<&ID>,
    level: Option<PlaceLevel>,
    prices: bool,
) -> Result<Vec<GapRow>> {
    scope.needs(Sight::Street)?;
    let state = &scope.state;
    let place = part::place_of(state, place)?;
    let level = level.map(Level::from);
    let is_deep = |level: Level| level > Level::Community;
    if level.is_some_and(is_deep) || level_of(state, place).is_some_and(is_deep) {
        return Err(bad_input("类别只区分到社区", "categories are told apart down to the community"));
    }
    let scarcity = if prices {
        Some(ask(scope, |it| it.scarcity()).await?.map_err(|error| failed(&error))?)
    } else {
        None
    };
    let row = |it: GapLine| {
        let price = scarcity.as_ref().and_then(|scarcity| price(state, scarcity, &it));
        GapRow { at: Arc::clone(state), it, price }
    };
    let mut rows: Vec<GapRow> = tallies::gap(state, place, level).into_iter().map(row).collect();
    rows.sort_by_key(|row| Reverse(row.difference()));
    Ok(rows)
}

fn level_of(state: &State, place: Option<PlaceId>) -> Option<Level> {
    place.and_then(|place| state.place(place)).map(|place| place.level)
}

fn price(state: &State, scarcity: &Scarcity, line: &GapLine) -> Option<Price> {
    let measure = line.measure.divides().then_some(&line.measure);
    let at_community = line.place.filter(|_| level_of(state, line.place) == Some(Level::Community));
    let all = if at_community.is_some() { &scarcity.categories } else { &scarcity.street };
    let found = all.iter().find(|it| {
        Some(&it.category) == line.category.as_ref()
            && it.measure.as_ref() == measure
            && at_community.is_none_or(|place| it.place == place)
    });
    found.map(|it| it.worth)
}
