//! Words of the dashboards: enums of the engine's tallies, each value with its Chinese term.
//!
//! A value added in the engine and not here does not compile.

use async_graphql::Enum;

/// Of what there are so many 清单.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::tallies::List")]
pub enum TalliedList {
    /// 需求清单.
    Needs,
    /// 资源清单.
    Resources,
    /// 项目清单.
    Projects,
    /// 配对.
    Pairings,
}

/// How far something has come 阶段.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::tallies::Stage")]
pub enum Stage {
    /// 发布: it stands in its list.
    Posted,
    /// 提出: something was proposed or requested.
    Proposed,
    /// 认领: one side claimed.
    Claimed,
    /// 达成: both sides agreed.
    Agreed,
    /// 交付: something of it was handed over.
    Delivered,
    /// 确认: something of that was confirmed.
    Accepted,
    /// 评议: its raiser has said how well.
    Appraised,
}

/// How long each step is 粒度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::tallies::Grain")]
pub enum TimeGrain {
    /// 日.
    Day,
    /// 周: from Monday to Sunday, as ISO 8601 has it.
    Week,
    /// 月.
    Month,
    /// 季度.
    Quarter,
}

/// What may happen 动态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::tallies::Stream")]
pub enum TimeStream {
    /// 发布需求: needs were posted.
    NeedsPosted,
    /// 发布资源: resources were posted.
    ResourcesPosted,
    /// 发布项目: projects were posted.
    ProjectsPosted,
    /// 提出: pairings were proposed or requested.
    Proposed,
    /// 认领: pairings were claimed for the first time.
    Claimed,
    /// 达成: pairings were agreed by both sides.
    Agreed,
    /// 交付: deliveries were made.
    Delivered,
    /// 确认: deliveries were confirmed.
    Accepted,
    /// 办结: pairings were delivered and accepted to the end.
    Fulfilled,
    /// 评议: needs were appraised.
    Appraised,
}
