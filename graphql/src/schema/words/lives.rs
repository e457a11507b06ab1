//! Where entries and pairings stand in their lives, and the two sides of a pairing.

use async_graphql::Enum;

/// Where a need stands 需求状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::need::NeedStatus")]
pub enum NeedStatus {
    /// 待核实: it waits for its review.
    Posted,
    /// 待对接: nothing agreed yet.
    Open,
    /// 部分达成: agreed in part, nothing accepted yet.
    PartlyAgreed,
    /// 已达成: agreed in full, nothing accepted yet.
    Agreed,
    /// 部分满足: accepted in part.
    PartlyMet,
    /// 已满足: accepted in full, or struck off.
    Met,
    /// 已评议: met, and its raiser has said how well.
    Appraised,
    /// 已有着落: its list said that it is in other hands.
    Settled,
    /// 不予受理.
    Rejected,
    /// 已合并: another need carries it.
    Merged,
    /// 已逾期: its time was over before anything was promised.
    Expired,
    /// 已撤回.
    Withdrawn,
}

/// Where a resource stands 资源状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::resource::ResourceStatus")]
pub enum ResourceStatus {
    /// 可用: something of it is free.
    Open,
    /// 已用完: nothing of it is free.
    Exhausted,
    /// 暂停提供: its owner lends nothing of it for now.
    Paused,
    /// 已有着落: its list said that it is in other hands.
    Settled,
    /// 已过期: its time is over.
    Expired,
    /// 已撤回.
    Withdrawn,
}

/// Where a project stands 项目状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::project::ProjectStatus")]
pub enum ProjectStatus {
    /// 拟议: fewer slots agreed than it requires.
    Proposed,
    /// 商议中: on the agenda of a joint meeting.
    UnderDiscussion,
    /// 已达成: as many slots agreed in full as it requires, or agreed by a joint meeting.
    Agreed,
    /// 已签约: every party has signed its agreement.
    Signed,
    /// 实施中.
    Running,
    /// 暂停.
    Suspended,
    /// 已交付: everything agreed is handed over.
    Delivered,
    /// 已验收.
    Accepted,
    /// 已评议.
    Appraised,
    /// 已办结.
    Closed,
    /// 已终止: given up on the way.
    Failed,
    /// 已实施: its list said that it is under way or over.
    Settled,
    /// 已撤回.
    Withdrawn,
}

/// The two sides of a pairing 供需双方.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::pairing::Side")]
pub enum Side {
    /// 需求方: whoever posted the need or project.
    Asking,
    /// 供给方: whoever owns the resource, or the unit itself.
    Giving,
}

/// Where a pairing stands 配对状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::tallies::PairingStanding")]
pub enum PairingStatus {
    /// 待认领: nobody has claimed it.
    Proposed,
    /// 单方认领: one side has; the quantity is reserved until the limit.
    Claimed,
    /// 双向认领: both sides have.
    Agreed,
    /// 已验收: all of it is delivered and accepted.
    Accepted,
    /// 已谢绝: one side does not want it.
    Declined,
    /// 已过期: the second claim did not come in time.
    Lapsed,
    /// 已撤回: taken back by a side, or gone with its entry.
    Withdrawn,
    /// 已被取代: a newer plan or a request by hand took its place.
    Superseded,
}

impl PairingStatus {
    /// The status of a pairing as the engine knows it.
    pub fn of(status: &engine::pairing::PairingStatus) -> Self {
        engine::tallies::PairingStanding::from(status).into()
    }
}
