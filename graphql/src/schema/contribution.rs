//! Contributions 贡献: the account of an organization, its statement, and the ranking of a period.

pub mod ranking;

use super::{
    connection::{PageRequest, connection, page_size},
    delivery::{Delivery, PersonClass},
    identity::NodeId,
    scalar::{DateTime, Position, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use engine::{
    delivery::PersonClass as DomainClass,
    figures::{Line, Turn},
    history::Entity,
    identity::OrganizationId,
    permission::Sight,
};
use std::sync::Arc;

/// Minutes that persons of one class gave 服务时长.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ClassMinutes {
    /// Of which class.
    pub class: PersonClass,
    /// How many minutes.
    pub minutes: i32,
}

/// What moved an account 变动.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ContributionTurn {
    /// 记入: a confirmed delivery was credited.
    Credited,
    /// 兑换: something was redeemed.
    Redeemed,
}

/// One line of a statement.
#[derive(Clone)]
pub struct ContributionLine {
    at: Snapshot,
    it: Arc<Line>,
}

/// One line of a statement 对账单明细.
#[Object]
impl ContributionLine {
    /// What moved the account.
    async fn turn(&self) -> ContributionTurn {
        match self.it.turn {
            Turn::Credited { .. } => ContributionTurn::Credited,
            Turn::Redeemed { .. } => ContributionTurn::Redeemed,
        }
    }

    /// The position of the commit that says it.
    async fn position(&self) -> Position {
        self.it.position.into()
    }

    /// When that was made.
    async fn time(&self) -> DateTime {
        DateTime(self.it.time)
    }

    /// Points credited or redeemed 积分.
    async fn points(&self) -> i32 {
        match &self.it.turn {
            Turn::Credited { credit, .. } => int(credit.points),
            Turn::Redeemed { redemption } => int(redemption.points),
        }
    }

    /// Minutes credited or redeemed 时长.
    async fn minutes(&self) -> i32 {
        match &self.it.turn {
            Turn::Credited { credit, .. } => int(credit.all_minutes()),
            Turn::Redeemed { redemption } => int(redemption.minutes),
        }
    }

    /// The global id of the delivery that was credited.
    async fn delivery_id(&self) -> Option<ID> {
        match &self.it.turn {
            Turn::Credited { delivery, .. } => Some(NodeId::Delivery(*delivery).id()),
            Turn::Redeemed { .. } => None,
        }
    }

    /// The delivery 交付 that was credited.
    async fn delivery(&self) -> Option<Delivery> {
        match &self.it.turn {
            Turn::Credited { delivery, .. } => Delivery::find(&self.at, *delivery),
            Turn::Redeemed { .. } => None,
        }
    }

    /// For what it was redeemed.
    async fn what(&self) -> Option<&str> {
        match &self.it.turn {
            Turn::Credited { .. } => None,
            Turn::Redeemed { redemption } => Some(&redemption.what),
        }
    }

    /// Points left after it.
    async fn points_left(&self) -> i32 {
        int(self.it.points_left)
    }

    /// Minutes left after it.
    async fn minutes_left(&self) -> i32 {
        int(self.it.minutes_left)
    }
}

connection!(
    ContributionLine,
    ContributionLineConnection,
    ContributionLineEdge,
    "a time-bank statement 时间银行对账单, oldest line first"
);

/// The account of one organization, as it was at one position.
#[derive(Clone)]
pub struct Contribution {
    at: Snapshot,
    organization: OrganizationId,
}

/// What an organization has contributed 贡献: credited by confirmed deliveries only.
#[Object]
impl Contribution {
    /// Points earned 累计积分.
    async fn points(&self) -> i32 {
        self.at.account(self.organization).map_or(0, |it| int(it.points))
    }

    /// Points that may be spent 可用积分.
    async fn points_left(&self) -> i32 {
        self.at.account(self.organization).map_or(0, |it| int(it.points_left()))
    }

    /// Minutes earned 累计时长.
    async fn minutes(&self) -> i32 {
        self.at.account(self.organization).map_or(0, |it| int(it.all_minutes()))
    }

    /// Minutes that may be spent 可用时长.
    async fn minutes_left(&self) -> i32 {
        self.at.account(self.organization).map_or(0, |it| int(it.minutes_left()))
    }

    /// Minutes earned, class by class.
    #[graphql(complexity = "crate::schema::connection::cost(4, child_complexity)")]
    async fn minutes_by_class(&self) -> Vec<ClassMinutes> {
        let account = self.at.account(self.organization);
        let of = |class: &DomainClass| account.and_then(|it| it.minutes.get(class)).copied();
        let all = DomainClass::ALL.iter();
        all.filter_map(|class| Some(ClassMinutes { class: (*class).into(), minutes: int(of(class)?) }))
            .collect()
    }

    /// Deliveries credited.
    async fn deliveries(&self) -> i32 {
        self.at.account(self.organization).map_or(0, |it| int(it.deliveries))
    }

    /// Every credit and every redemption, with what was left after it 对账单. Who acts for another organization reads the
    /// credits of deliveries that it sees.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ContributionLineConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let is_seen = |it: &&Arc<Line>| match &it.turn {
                Turn::Credited { delivery, .. } => self.at.sees(Entity::Delivery(*delivery)),
                Turn::Redeemed { .. } => self.at.is_own(Entity::Organization(self.organization)),
            };
            let lines = || self.at.figures().statement(self.organization).filter(is_seen);
            let wrap = |it: &Arc<Line>| ContributionLine { at: Arc::clone(&self.at), it: Arc::clone(it) };
            Ok(ContributionLineConnection::new(ctx, page, lines, |line| line.number, wrap))
        };
        Some(read())
    }
}

/// The part of an organization that tells what it has contributed.
pub struct ContributionPart {
    at: Snapshot,
    organization: OrganizationId,
}

impl ContributionPart {
    /// That of an organization.
    pub const fn new(at: Snapshot, organization: OrganizationId) -> Self {
        Self { at, organization }
    }
}

/// The part of an organization that tells what it has contributed.
#[Object]
impl ContributionPart {
    /// What it has contributed 贡献. Null, with an error, for the public.
    async fn contribution(&self, ctx: &Context<'_>) -> Option<Result<Contribution>> {
        let read = || {
            Scope::of(ctx)?.needs(Sight::Street)?;
            Ok(Contribution { at: Arc::clone(&self.at), organization: self.organization })
        };
        Some(read())
    }
}
