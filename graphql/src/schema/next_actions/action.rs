//! What may be done with a thing 操作, in the words of the mutations.

use async_graphql::Enum;
use engine::command::Command;

/// What may be done 操作. Each is a mutation: `CLAIM_PAIRING` is `claimPairing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Action {
    /// 核实: say that a need may be matched.
    VerifyNeed,
    /// 不予受理: do not take a need on.
    RejectNeed,
    /// 并案: let another need carry this one.
    MergeNeed,
    /// 结转: take a need along into a later quarter.
    CarryOverNeed,
    /// 销号: be done with a need.
    StrikeOffNeed,
    /// 评议: say how well a need was met.
    AppraiseNeed,
    /// 确认: say that a need still stands.
    ReconfirmNeed,
    /// 修改需求: change what is said of a need.
    AmendNeed,
    /// 撤回需求: take a need back.
    WithdrawNeed,
    /// 修改资源: change what is said of a resource.
    AmendResource,
    /// 撤回资源: take a resource back.
    WithdrawResource,
    /// 暂停提供: lend nothing of a resource for now.
    PauseResource,
    /// 恢复提供: lend a resource again.
    ResumeResource,
    /// 确认: say that a resource still stands.
    ReconfirmResource,
    /// 修改项目: change what is said of a project.
    AmendProject,
    /// 撤回项目: take a project back.
    WithdrawProject,
    /// 申请配对: ask for a pairing by hand.
    RequestPairing,
    /// 认领: say yes to a pairing, to all of it or to a part.
    ClaimPairing,
    /// 联合认领: claim a need or slot together with other givers.
    ClaimJointly,
    /// 谢绝: say no to a pairing.
    DeclinePairing,
    /// 撤回认领: take a claim, a request or an agreement back.
    WithdrawPairing,
    /// 验收: accept what a pairing has delivered as all there is to come.
    AcceptPairing,
    /// 发榜: invite bids.
    OpenCall,
    /// 收榜: take no more bids.
    CloseCall,
    /// 揭榜: offer to take a need or slot up.
    PlaceBid,
    /// 撤回揭榜: take a bid back.
    WithdrawBid,
    /// 选定: choose a bid.
    ChooseBid,
    /// 未选: do not choose a bid.
    DeclineBid,
    /// 召集联席会: call a joint meeting.
    CallMeeting,
    /// 变更联席会: change what is said of a joint meeting.
    AmendMeeting,
    /// 议定: write down what a joint meeting decides.
    DecideItem,
    /// 结束联席会: write the minutes of a joint meeting.
    CloseMeeting,
    /// 取消联席会: cancel a joint meeting.
    CancelMeeting,
    /// 起草协议: draft an agreement.
    DraftAgreement,
    /// 补充协议: draft another version of an agreement.
    AmendAgreement,
    /// 签约: sign the newest version of an agreement.
    SignAgreement,
    /// 协议作废: withdraw an agreement.
    WithdrawAgreement,
    /// 达成里程碑: say that a milestone is reached.
    ReachMilestone,
    /// 启动: start a project.
    StartProject,
    /// 暂停: let a project rest.
    SuspendProject,
    /// 恢复: let a project go on.
    ResumeProject,
    /// 验收: accept a project as a whole.
    AcceptProject,
    /// 评议: say how well a project was done.
    AppraiseProject,
    /// 办结: close a project.
    CloseProject,
    /// 终止: give a project up.
    FailProject,
    /// 登记交付: say what was handed over.
    RecordDelivery,
    /// 确认交付: say that a delivery was received.
    ConfirmDelivery,
    /// 提出异议: say what is wrong with a delivery.
    DisputeDelivery,
    /// 更正交付: say what was handed over instead.
    CorrectDelivery,
    /// 撤回交付: take back that something was handed over.
    WithdrawDelivery,
}

impl Action {
    /// What a command does; `None` for what is done with no thing that has next actions.
    pub const fn of(command: &Command) -> Option<Self> {
        Some(match command {
            Command::VerifyNeed { .. } => Self::VerifyNeed,
            Command::RejectNeed { .. } => Self::RejectNeed,
            Command::MergeNeed { .. } => Self::MergeNeed,
            Command::CarryOverNeed { .. } => Self::CarryOverNeed,
            Command::StrikeOffNeed { .. } => Self::StrikeOffNeed,
            Command::AppraiseNeed { .. } => Self::AppraiseNeed,
            Command::ReconfirmNeed { .. } => Self::ReconfirmNeed,
            Command::AmendNeed { .. } => Self::AmendNeed,
            Command::WithdrawNeed { .. } => Self::WithdrawNeed,
            Command::AmendResource { .. } => Self::AmendResource,
            Command::WithdrawResource { .. } => Self::WithdrawResource,
            Command::PauseResource { .. } => Self::PauseResource,
            Command::ResumeResource { .. } => Self::ResumeResource,
            Command::ReconfirmResource { .. } => Self::ReconfirmResource,
            Command::AmendProject { .. } => Self::AmendProject,
            Command::WithdrawProject { .. } => Self::WithdrawProject,
            Command::RequestPairing { .. } => Self::RequestPairing,
            Command::ClaimPairing { .. } | Command::ClaimPart { .. } => Self::ClaimPairing,
            Command::ClaimJointly { .. } => Self::ClaimJointly,
            Command::DeclinePairing { .. } => Self::DeclinePairing,
            Command::WithdrawPairing { .. } => Self::WithdrawPairing,
            Command::AcceptPairing { .. } => Self::AcceptPairing,
            Command::OpenCall { .. } => Self::OpenCall,
            Command::CloseCall { .. } => Self::CloseCall,
            Command::PlaceBid { .. } => Self::PlaceBid,
            Command::WithdrawBid { .. } => Self::WithdrawBid,
            Command::ChooseBid { .. } => Self::ChooseBid,
            Command::DeclineBid { .. } => Self::DeclineBid,
            Command::CallMeeting(_) => Self::CallMeeting,
            Command::AmendMeeting { .. } => Self::AmendMeeting,
            Command::DecideItem { .. } => Self::DecideItem,
            Command::CloseMeeting { .. } => Self::CloseMeeting,
            Command::CancelMeeting { .. } => Self::CancelMeeting,
            Command::DraftAgreement { .. } => Self::DraftAgreement,
            Command::AmendAgreement { .. } => Self::AmendAgreement,
            Command::SignAgreement { .. } => Self::SignAgreement,
            Command::WithdrawAgreement { .. } => Self::WithdrawAgreement,
            Command::ReachMilestone { .. } => Self::ReachMilestone,
            Command::StartProject { .. } => Self::StartProject,
            Command::SuspendProject { .. } => Self::SuspendProject,
            Command::ResumeProject { .. } => Self::ResumeProject,
            Command::AcceptProject { .. } => Self::AcceptProject,
            Command::AppraiseProject { .. } => Self::AppraiseProject,
            Command::CloseProject { .. } => Self::CloseProject,
            Command::FailProject { .. } => Self::FailProject,
            Command::RecordDelivery { .. } => Self::RecordDelivery,
            Command::ConfirmDelivery { .. } => Self::ConfirmDelivery,
            Command::DisputeDelivery { .. } => Self::DisputeDelivery,
            Command::CorrectDelivery { .. } => Self::CorrectDelivery,
            Command::WithdrawDelivery { .. } => Self::WithdrawDelivery,
            Command::OpenStreet { .. }
            | Command::SetRules(_)
            | Command::DefineCategory(_)
            | Command::RetireCategory(_)
            | Command::AddPlace { .. }
            | Command::RenamePlace { .. }
            | Command::RegisterOrganization(_)
            | Command::AmendOrganization { .. }
            | Command::LinkRoster(_)
            | Command::UnlinkRoster(_)
            | Command::AddMember { .. }
            | Command::RevokeMember(_)
            | Command::PostNeed(_)
            | Command::PostResource(_)
            | Command::PostProject(_)
            | Command::AdoptPlan(_)
            | Command::RedeemContribution { .. }
            | Command::GiveContact { .. }
            | Command::EraseContact { .. }
            | Command::IssueToken { .. }
            | Command::RevokeToken { .. }
            | Command::BindSignOn { .. }
            | Command::UnbindSignOn { .. }
            | Command::Tick => return None,
        })
    }
}
