//! Time series 时间序列: what happened, by day, week, month or quarter.

use super::{
    part::{self, AggregateScope},
    words::{TimeGrain, TimeStream},
};
use crate::schema::{
    fault::{bad_input, not_a_day},
    scalar::{Date, Long, int},
    scope::Scope,
    words::Measure,
};
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use engine::{
    permission::Sight,
    quantity,
    tallies::{self, Days, Flow, Grain, List, Stream},
};

/// The most steps of a series: a year of days and a little more.
const STEPS_MAX: usize = 400;

/// How much of one measure went through in a step 流量.
#[derive(Clone, Debug, SimpleObject)]
pub struct FlowSum {
    /// What happened.
    pub stream: TimeStream,
    /// What is counted 计量.
    pub measure: Measure,
    /// The unit in Chinese, such as 场 or 元.
    pub unit: String,
    /// How often.
    pub count: i32,
    /// How much.
    pub amount: Long,
}

/// One step of a series.
#[derive(Clone, PartialEq)]
pub struct TimeSeriesStep {
    from: NaiveDate,
    to: NaiveDate,
    it: Days,
}

impl TimeSeriesStep {
    fn count(&self, stream: Stream) -> i32 {
        let here = self.it.iter().filter(|((found, _), _)| *found == stream);
        int(here.map(|(_, flow)| flow.count).sum::<u64>())
    }
}

/// One step of a series 时间段. What is taken back later is not in it; a claim that lapsed later was one.
#[Object]
impl TimeSeriesStep {
    /// Its first day. The first step begins earlier than was asked for, where that lies inside it.
    async fn from(&self) -> Date {
        self.from.into()
    }

    /// Its last day.
    async fn to(&self) -> Date {
        self.to.into()
    }

    /// Needs posted 发布需求.
    async fn needs_posted(&self) -> i32 {
        self.count(Stream::NeedsPosted)
    }

    /// Resources posted 发布资源.
    async fn resources_posted(&self) -> i32 {
        self.count(Stream::ResourcesPosted)
    }

    /// Projects posted 发布项目.
    async fn projects_posted(&self) -> i32 {
        self.count(Stream::ProjectsPosted)
    }

    /// Pairings proposed or requested 提出.
    async fn proposed(&self) -> i32 {
        self.count(Stream::Proposed)
    }

    /// Pairings claimed for the first time 认领.
    async fn claimed(&self) -> i32 {
        self.count(Stream::Claimed)
    }

    /// Pairings agreed by both sides 达成.
    async fn agreed(&self) -> i32 {
        self.count(Stream::Agreed)
    }

    /// Deliveries 交付, on the day they say they were made on.
    async fn delivered(&self) -> i32 {
        self.count(Stream::Delivered)
    }

    /// Deliveries confirmed 确认.
    async fn accepted(&self) -> i32 {
        self.count(Stream::Accepted)
    }

    /// Pairings delivered and accepted to the end 办结.
    async fn fulfilled(&self) -> i32 {
        self.count(Stream::Fulfilled)
    }

    /// Needs appraised 评议.
    async fn appraised(&self) -> i32 {
        self.count(Stream::Appraised)
    }

    /// How much, stream by stream and measure by measure 数量. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(3, child_complexity)")]
    async fn quantities(&self, ctx: &Context<'_>) -> Option<Result<Vec<FlowSum>>> {
        let read = || {
            Scope::of(ctx)?.needs(Sight::Street)?;
            let sum = |((stream, measure), flow): (&(Stream, quantity::Measure), &Flow)| FlowSum {
                stream: (*stream).into(),
                measure: Measure::of(measure),
                unit: measure.unit().to_owned(),
                count: int(flow.count),
                amount: Long(flow.amount.into()),
            };
            Ok(self.it.iter().filter(|(_, flow)| flow.amount > 0).map(sum).collect())
        };
        Some(read())
    }
}

/// How many steps count as much as one thing of a list: they are sums that are kept, put together in one pass.
const STEPS_A_THING: usize = 10;

/// What the steps between two days cost, for the limit on complexity.
pub fn cost(grain: TimeGrain, from: &Date, to: &Date) -> usize {
    steps(grain, from, to).div_ceil(STEPS_A_THING)
}

/// About how many steps lie between two days.
fn steps(grain: TimeGrain, from: &Date, to: &Date) -> usize {
    let days = match (from.day(), to.day()) {
        (Some(from), Some(to)) => (to - from).num_days().clamp(0, 100_000),
        _ => 0,
    };
    let each = match grain {
        TimeGrain::Day => 1,
        TimeGrain::Week => 7,
        TimeGrain::Month => 30,
        TimeGrain::Quarter => 91,
    };
    usize::try_from(days / each).unwrap_or(0).min(STEPS_MAX) + 1
}

/// Every step from the first day to the last.
///
/// # Errors
/// `BAD_USER_INPUT` when the days make no sense, or there are too many steps.
pub fn read(
    scope: &Scope,
    grain: TimeGrain,
    from: &Date,
    to: &Date,
    within: &Option<AggregateScope>,
) -> Result<Vec<TimeSeriesStep>> {
    let read = |field: &str, date: &Date| date.day().ok_or_else(|| not_a_day(field));
    let (first, last) = (read("from", from)?, read("to", to)?);
    if last < first {
        return Err(bad_input("to:早于 `from`", "to: this is before `from`"));
    }
    let grain = Grain::from(grain);
    part::may_ask(scope, List::Needs, (false, false), within)?;
    let within = part::spot(&scope.state, within, grain)?;
    let begin = grain.begin(first);
    let mut found = tallies::series(&scope.state, &within, (first, last), grain);
    let mut found_steps = Vec::new();
    let mut next = Some(begin);
    while let Some(from) = next.filter(|from| *from <= last) {
        if found_steps.len() == STEPS_MAX {
            return Err(bad_input(
                format!("最多 {STEPS_MAX} 个时间段:请选更长的粒度或更短的时间"),
                format!("a series has at most {STEPS_MAX} steps: choose a longer grain or a shorter time"),
            ));
        }
        next = grain.next(from);
        let to = next.and_then(|next| next.pred_opt()).unwrap_or(last);
        found_steps.push(TimeSeriesStep { from, to, it: found.remove(&from).unwrap_or_default() });
    }
    Ok(found_steps)
}
