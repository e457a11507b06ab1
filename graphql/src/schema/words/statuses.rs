//! The states of all four lists in one enum, for what is asked of any of them.

use super::{NeedStatus, PairingStatus, ProjectStatus, ResourceStatus};
use async_graphql::{Enum, resolver_utils::EnumType};
use engine::{
    need, project, resource,
    tallies::{List, PairingStanding, Standing},
};

/// Where an entry of a list stands 状态: a value of `NeedStatus`, `ResourceStatus`, `ProjectStatus` or `PairingStatus`,
/// whichever the list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ListStatus {
    /// 待核实: of needs.
    Posted,
    /// 待对接: of needs; 可用: of resources.
    Open,
    /// 部分达成: of needs.
    PartlyAgreed,
    /// 拟议: of projects; 待认领: of pairings.
    Proposed,
    /// 商议中: of projects.
    UnderDiscussion,
    /// 单方认领: of pairings.
    Claimed,
    /// 已达成: of needs and projects; 双向认领: of pairings.
    Agreed,
    /// 已签约: of projects.
    Signed,
    /// 实施中: of projects.
    Running,
    /// 暂停: of projects.
    Suspended,
    /// 部分满足: of needs.
    PartlyMet,
    /// 已满足: of needs.
    Met,
    /// 已交付: of projects.
    Delivered,
    /// 已验收: of projects and pairings.
    Accepted,
    /// 已评议: of needs and projects.
    Appraised,
    /// 已办结: of projects.
    Closed,
    /// 已用完: of resources.
    Exhausted,
    /// 暂停提供: of resources.
    Paused,
    /// 已有着落: of needs and resources; 已实施: of projects.
    Settled,
    /// 不予受理: of needs.
    Rejected,
    /// 已合并: of needs.
    Merged,
    /// 已谢绝: of pairings.
    Declined,
    /// 已过期: of pairings.
    Lapsed,
    /// 已被取代: of pairings.
    Superseded,
    /// 已终止: of projects.
    Failed,
    /// 已逾期: of needs; 已过期: of resources.
    Expired,
    /// 已撤回: of all.
    Withdrawn,
}

impl ListStatus {
    /// That of an entry.
    pub const fn of(standing: Standing) -> Self {
        match standing {
            Standing::Need(it) => Self::of_need(it),
            Standing::Resource(it) => Self::of_resource(it),
            Standing::Project(it) => Self::of_project(it),
            Standing::Pairing(it) => Self::of_pairing(it),
        }
    }

    /// What it is in one list; `None` when that has no such state.
    pub fn standing(self, list: List) -> Option<Standing> {
        Self::all(list).into_iter().find(|it| Self::of(*it) == self)
    }

    /// All states of a list.
    pub fn all(list: List) -> Vec<Standing> {
        match list {
            List::Needs => each(|it: NeedStatus| Standing::Need(it.into())),
            List::Resources => each(|it: ResourceStatus| Standing::Resource(it.into())),
            List::Projects => each(|it: ProjectStatus| Standing::Project(it.into())),
            List::Pairings => each(|it: PairingStatus| Standing::Pairing(it.into())),
        }
    }

    const fn of_need(it: need::NeedStatus) -> Self {
        match it {
            need::NeedStatus::Posted => Self::Posted,
            need::NeedStatus::Open => Self::Open,
            need::NeedStatus::PartlyAgreed => Self::PartlyAgreed,
            need::NeedStatus::Agreed => Self::Agreed,
            need::NeedStatus::PartlyMet => Self::PartlyMet,
            need::NeedStatus::Met => Self::Met,
            need::NeedStatus::Appraised => Self::Appraised,
            need::NeedStatus::Settled => Self::Settled,
            need::NeedStatus::Rejected => Self::Rejected,
            need::NeedStatus::Merged => Self::Merged,
            need::NeedStatus::Expired => Self::Expired,
            need::NeedStatus::Withdrawn => Self::Withdrawn,
        }
    }

    const fn of_resource(it: resource::ResourceStatus) -> Self {
        match it {
            resource::ResourceStatus::Open => Self::Open,
            resource::ResourceStatus::Exhausted => Self::Exhausted,
            resource::ResourceStatus::Paused => Self::Paused,
            resource::ResourceStatus::Settled => Self::Settled,
            resource::ResourceStatus::Expired => Self::Expired,
            resource::ResourceStatus::Withdrawn => Self::Withdrawn,
        }
    }

    const fn of_project(it: project::ProjectStatus) -> Self {
        match it {
            project::ProjectStatus::Proposed => Self::Proposed,
            project::ProjectStatus::UnderDiscussion => Self::UnderDiscussion,
            project::ProjectStatus::Agreed => Self::Agreed,
            project::ProjectStatus::Signed => Self::Signed,
            project::ProjectStatus::Running => Self::Running,
            project::ProjectStatus::Suspended => Self::Suspended,
            project::ProjectStatus::Delivered => Self::Delivered,
            project::ProjectStatus::Accepted => Self::Accepted,
            project::ProjectStatus::Appraised => Self::Appraised,
            project::ProjectStatus::Closed => Self::Closed,
            project::ProjectStatus::Failed => Self::Failed,
            project::ProjectStatus::Settled => Self::Settled,
            project::ProjectStatus::Withdrawn => Self::Withdrawn,
        }
    }

    const fn of_pairing(it: PairingStanding) -> Self {
        match it {
            PairingStanding::Proposed => Self::Proposed,
            PairingStanding::Claimed => Self::Claimed,
            PairingStanding::Agreed => Self::Agreed,
            PairingStanding::Accepted => Self::Accepted,
            PairingStanding::Declined => Self::Declined,
            PairingStanding::Lapsed => Self::Lapsed,
            PairingStanding::Withdrawn => Self::Withdrawn,
            PairingStanding::Superseded => Self::Superseded,
        }
    }
}

fn each<T: EnumType>(standing: impl Fn(T) -> Standing) -> Vec<Standing> {
    T::items().iter().map(|it| standing(it.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_called_the_same_in_its_list_and_in_all_of_them_and_is_in_one_at_least() {
        let name = |it| ListStatus::items().iter().find(|item| item.value == it).map(|item| item.name);
        let lists = [List::Needs, List::Resources, List::Projects, List::Pairings];
        for list in lists {
            for standing in ListStatus::all(list) {
                assert_eq!(name(ListStatus::of(standing)), Some(standing.name()));
                assert_eq!(ListStatus::of(standing).standing(list), Some(standing));
            }
        }
        for item in ListStatus::items() {
            assert!(lists.into_iter().any(|it| item.value.standing(it).is_some()), "{}", item.name);
        }
    }
}
