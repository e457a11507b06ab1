//! What kinds of events there are 事件类型: those of the engine, each with its Chinese term.

use async_graphql::Enum;
use engine::event::Event;

/// Declares a value for each kind of event: one that the engine has and this list has not does not compile.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// What has happened 事件类型, as the log calls it: `NEED_POSTED` is `NeedPosted` in the `type` of a payload.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub enum EventType {
            $($(#[$doc])+ $name,)+
        }

        impl EventType {
            /// The kind of an event.
            pub const fn of(event: &Event) -> Self {
                match event {
                    $(Event::$name { .. } => Self::$name,)+
                }
            }
        }
    };
}

kinds! {
    /// 建档: the log of the street was opened.
    StreetOpened,
    /// 规则变更: the rules of the street were set.
    RulesSet,
    /// 类别定义: a category was added or changed.
    CategoryDefined,
    /// 类别停用: a category was taken off the taxonomy.
    CategoryRetired,
    /// 区域添加: a place was added.
    PlaceAdded,
    /// 区域更名: a place was given another name.
    PlaceRenamed,
    /// 组织登记: an organization was registered.
    OrganizationRegistered,
    /// 组织变更: what is said of an organization was changed.
    OrganizationAmended,
    /// 建立共建关系: a unit was linked to a community.
    RosterLinked,
    /// 解除共建关系: such a link was ended.
    RosterUnlinked,
    /// 成员添加: somebody was given a login.
    MemberAdded,
    /// 成员停用: a login was ended.
    MemberRevoked,
    /// 需求发布: a need was posted.
    NeedPosted,
    /// 需求修改: a need was amended.
    NeedAmended,
    /// 需求撤回: a need was withdrawn by its poster.
    NeedWithdrawn,
    /// 资源发布: a resource was posted.
    ResourcePosted,
    /// 资源修改: a resource was amended.
    ResourceAmended,
    /// 资源撤回: a resource was withdrawn by its owner.
    ResourceWithdrawn,
    /// 项目发布: a project was posted.
    ProjectPosted,
    /// 项目修改: a project was amended.
    ProjectAmended,
    /// 项目撤回: a project was withdrawn.
    ProjectWithdrawn,
    /// 方案采纳: a plan was adopted.
    PlanAdopted,
    /// 配对提出: a plan proposed a pairing.
    PairingProposed,
    /// 配对申请: a pairing was requested by hand.
    PairingRequested,
    /// 单方认领: one side claimed a pairing.
    PairingClaimed,
    /// 双向认领: both sides have agreed a pairing.
    PairingAgreed,
    /// 谢绝: one side declined a pairing.
    PairingDeclined,
    /// 认领过期: the second claim did not come in time.
    PairingLapsed,
    /// 配对撤回: a claim, a request or an agreement was taken back.
    PairingWithdrawn,
    /// 配对被取代: a newer plan or a request took the place of a pairing.
    PairingSuperseded,
    /// 提请核实: a need waits for its review.
    ReviewAsked,
    /// 需求核实: a need passed its review.
    NeedVerified,
    /// 不予受理: a need was rejected.
    NeedRejected,
    /// 并案: another need carries this one from now on.
    NeedMerged,
    /// 结转: a need was taken along into a later quarter.
    NeedCarriedOver,
    /// 需求到期: the time of a need was over before anything was promised.
    NeedExpired,
    /// 销号: a need was struck off.
    NeedStruckOff,
    /// 需求评议: the raiser said how well a need was met.
    NeedAppraised,
    /// 需求待确认: a need has stood so long that it is to be confirmed again.
    NeedWentStale,
    /// 需求确认: its poster said that a need still stands.
    NeedReconfirmed,
    /// 答复超期: nobody replied to a need in time.
    ReplyFellOverdue,
    /// 资源暂停: nothing of a resource is lent for now.
    ResourcePaused,
    /// 资源恢复: a resource is lent again.
    ResourceResumed,
    /// 资源到期: the time of a resource was over.
    ResourceExpired,
    /// 资源待确认: a resource has stood so long that it is to be confirmed again.
    ResourceWentStale,
    /// 资源确认: its owner said that a resource still stands.
    ResourceReconfirmed,
    /// 配对调整: a pairing is for another quantity from now on.
    PairingChanged,
    /// 联合认领: several givers claim one need together.
    PairingsJoined,
    /// 配对验收: all that was agreed is delivered and accepted.
    PairingAccepted,
    /// 发榜: bids are invited for a need or slot.
    CallOpened,
    /// 收榜: no more bids are taken.
    CallClosed,
    /// 揭榜: somebody bid for a need or slot.
    BidPlaced,
    /// 撤回揭榜: a bid was taken back.
    BidWithdrawn,
    /// 未选: a bid was declined.
    BidDeclined,
    /// 中选: a bid was chosen.
    BidChosen,
    /// 联席会召集: a joint meeting was called.
    MeetingCalled,
    /// 联席会变更: what is said of a joint meeting was changed.
    MeetingAmended,
    /// 议定: a joint meeting decided an item.
    MeetingDecided,
    /// 联席会结束: the minutes of a joint meeting were written.
    MeetingClosed,
    /// 联席会取消: a joint meeting was cancelled.
    MeetingCancelled,
    /// 协议起草: an agreement was drafted.
    AgreementDrafted,
    /// 补充协议: an agreement was given another version.
    AgreementAmended,
    /// 签约: a party signed an agreement.
    AgreementSigned,
    /// 协议作废: an agreement was withdrawn.
    AgreementWithdrawn,
    /// 里程碑达成: a milestone was reached.
    MilestoneReached,
    /// 里程碑逾期: the last day of a milestone was over without it.
    MilestoneFellOverdue,
    /// 项目启动: a project started.
    ProjectStarted,
    /// 项目暂停: a project rests.
    ProjectSuspended,
    /// 项目恢复: a project goes on.
    ProjectResumed,
    /// 项目验收: a project was accepted as a whole.
    ProjectAccepted,
    /// 项目评议: the raiser said how well a project was done.
    ProjectAppraised,
    /// 项目办结: a project was closed.
    ProjectClosed,
    /// 项目终止: a project was given up.
    ProjectFailed,
    /// 交付登记: a delivery was recorded by its giver.
    DeliveryRecorded,
    /// 交付确认: the receiver confirmed a delivery.
    DeliveryConfirmed,
    /// 交付异议: the receiver disputes a delivery.
    DeliveryDisputed,
    /// 交付更正: the giver corrected a delivery.
    DeliveryCorrected,
    /// 交付撤回: the giver withdrew a delivery.
    DeliveryWithdrawn,
    /// 确认超期: the receiver of a delivery said nothing in time.
    ConfirmationFellOverdue,
    /// 贡献记入: points and minutes were credited for a confirmed delivery.
    ContributionCredited,
    /// 贡献兑换: points or minutes were redeemed.
    ContributionRedeemed,
    /// 联系人登记: a contact was given.
    ContactGiven,
    /// 联系人删除: a contact was erased.
    ContactErased,
    /// 令牌发放: a member was given a token.
    TokenIssued,
    /// 令牌停用: a token of a member was ended.
    TokenRevoked,
    /// 绑定统一身份认证: a member may sign in by single sign-on.
    SignOnBound,
    /// 解除统一身份认证: a member may no longer sign in by single sign-on.
    SignOnUnbound,
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::resolver_utils::EnumType;

    #[test]
    fn the_types_of_events_are_those_of_the_log_by_name_and_in_order() {
        let stored = |name: &str| -> String {
            name.split('_').map(|word| [&word[..1], &word[1..].to_ascii_lowercase()].concat()).collect()
        };
        let shown: Vec<String> = EventType::items().iter().map(|it| stored(it.name)).collect();
        assert_eq!(shown, Event::NAMES);
    }
}
