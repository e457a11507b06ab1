//! The words of explanations and of what-ifs.

use async_graphql::Enum;

/// What kind of change is supposed 假设变更.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChangeCode {
    /// 操作: a command of the street's system.
    Command,
    /// 等待: days pass.
    Wait,
    /// 时间: it is another moment.
    At,
    /// 单位退出.
    LoseUnit,
    /// 单位加入.
    InviteUnit,
    /// 增加供给.
    AddCapacity,
    /// 权重倍数: a factor of the fit counts more.
    MultiplyWeight,
    /// 紧急加权倍数: urgency counts more.
    MultiplyUrgency,
    /// 放宽需求时间.
    WidenAsked,
    /// 放宽资源时间.
    WidenOffered,
    /// 扩大服务范围.
    ServeToo,
    /// 结对: a unit is linked to a community.
    Link,
    /// 提高资金上限.
    RaiseCeiling,
    /// 调整类别.
    TakeAs,
    /// 不限形式.
    AcceptAnyForm,
    /// 不限服务对象.
    OpenToEverybody,
    /// 面向所有响应方.
    CallEverybody,
    /// 降低最低契合度.
    LowerFitMin,
}

impl ChangeCode {
    /// The kind of a change as the engine knows it.
    pub const fn of(change: &engine::matching::Change) -> Self {
        use engine::matching::Change;
        match change {
            Change::Command(_) => Self::Command,
            Change::Wait { .. } => Self::Wait,
            Change::At(_) => Self::At,
            Change::LoseUnit(_) => Self::LoseUnit,
            Change::InviteUnit { .. } => Self::InviteUnit,
            Change::AddCapacity { .. } => Self::AddCapacity,
            Change::MultiplyWeight { .. } => Self::MultiplyWeight,
            Change::MultiplyUrgency { .. } => Self::MultiplyUrgency,
            Change::WidenAsked { .. } => Self::WidenAsked,
            Change::WidenOffered { .. } => Self::WidenOffered,
            Change::ServeToo { .. } => Self::ServeToo,
            Change::Link(_) => Self::Link,
            Change::RaiseCeiling { .. } => Self::RaiseCeiling,
            Change::TakeAs { .. } => Self::TakeAs,
            Change::AcceptAnyForm { .. } => Self::AcceptAnyForm,
            Change::OpenToEverybody { .. } => Self::OpenToEverybody,
            Change::CallEverybody { .. } => Self::CallEverybody,
            Change::LowerFitMin { .. } => Self::LowerFitMin,
        }
    }
}

/// Why a pairing differs between two plans 变动原因; of several reasons the first in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WhyCode {
    /// 已提出、认领或达成: it was requested by hand, claimed or agreed, and stands beside the plan now.
    TakenUp,
    /// 需求已不再开放.
    NeedGone,
    /// 资源或单位已不在.
    GiverGone,
    /// 不再符合: the pair fails a rule now, see `cause`.
    NotEligible,
    /// 新的需求.
    NeedNew,
    /// 新的资源或单位.
    GiverNew,
    /// 此前不符合: the pair failed a rule before, see `cause`.
    EligibleNow,
    /// 需求数量有变.
    WantsOtherwise,
    /// 余量有变.
    HasOtherwise,
    /// 改由他方对接: the need is served by `otherSupplier` instead.
    InsteadBy,
    /// 替代他方: `otherSupplier` no longer serves the need.
    InsteadOf,
    /// 余量被让出: the capacity went to `otherTarget`.
    OutbidBy,
    /// 余量腾出: `otherTarget` left the capacity.
    LeftBy,
    /// 街道规则有变.
    RulesChanged,
    /// 整体更优: the plan as a whole is worth more so.
    Rebalanced,
}

impl WhyCode {
    /// The reason as the engine knows it.
    pub const fn of(why: engine::matching::explaining::difference::Why) -> Self {
        use engine::matching::explaining::difference::Why;
        match why {
            Why::TakenUp => Self::TakenUp,
            Why::NeedGone => Self::NeedGone,
            Why::GiverGone => Self::GiverGone,
            Why::NotEligible(_) => Self::NotEligible,
            Why::NeedNew => Self::NeedNew,
            Why::GiverNew => Self::GiverNew,
            Why::EligibleNow(_) => Self::EligibleNow,
            Why::WantsOtherwise => Self::WantsOtherwise,
            Why::HasOtherwise => Self::HasOtherwise,
            Why::InsteadBy(_) => Self::InsteadBy,
            Why::InsteadOf(_) => Self::InsteadOf,
            Why::OutbidBy(_) => Self::OutbidBy,
            Why::LeftBy(_) => Self::LeftBy,
            Why::RulesChanged => Self::RulesChanged,
            Why::Rebalanced => Self::Rebalanced,
        }
    }
}

/// Why things are worth doing together 共建类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum JointKind {
    /// 同类合办: kindred needs of one community, at times in common.
    Together,
    /// 分工合办: one need, several roles.
    Shared,
    /// 互换: organizations that give to each other.
    Exchange,
}

/// What part an organization plays in a joint project 分工.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::matching::joint::Role")]
pub enum UndertakingRole {
    /// 出资.
    Pays,
    /// 供物.
    Supplies,
    /// 施工.
    Builds,
    /// 出人.
    Staffs,
    /// 提供场地.
    Hosts,
    /// 服务.
    Serves,
}

/// What a factor of the fit looks at 契合度因素.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::pairing::FactorKind")]
pub enum FactorCode {
    /// 类别相符: how close the categories are.
    Category,
    /// 包联/双报到/结对: the standing relation between unit and community.
    Roster,
    /// 距离: how near the places are in the territory tree.
    Distance,
    /// 时间重合: how much of the asking window is covered.
    Window,
    /// 文字相近: how alike the wordings are.
    Wording,
    /// 单位类型与专长: what units of this kind and name have taken up before.
    Affinity,
    /// 清单新鲜度: how recently the resource was posted.
    Freshness,
    /// 履约记录: how what the unit was to give before has gone.
    Record,
}

/// Why a candidate does not serve a need 不合原因. The wording stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::plan::Cause")]
pub enum CauseCode {
    /// 无供给方: nothing was posted and no unit takes on more.
    NoCandidate,
    /// 已有着落: the need's list said that it is settled already.
    AlreadySettled,
    /// 由共建项目承接: an open project carries the need, and its slots are matched in its place.
    CarriedByProject,
    /// 类别不符: the categories differ and none stands in for the other.
    CategoryDiffers,
    /// 形式不符: a service was asked and a thing is offered, or the like.
    FormDiffers,
    /// 计量不符: the amounts count different things.
    MeasureDiffers,
    /// 规模不足: what is lent whole is smaller than what is asked.
    TooSmall,
    /// 日期不重合: no common day.
    NoCommonDay,
    /// 星期不重合: no common day of the week.
    NoCommonWeekday,
    /// 时段不重合: no common hour.
    NoCommonHour,
    /// 不在服务范围: the place is not served, and no roster link helps.
    PlaceNotServed,
    /// 服务对象不符: it is meant for another group of people.
    BeneficiaryDiffers,
    /// 响应方不符: the whistle calls for another class of responders.
    ResponderDiffers,
    /// 超出资金上限: it costs more than the need's ceiling.
    OverCeiling,
    /// 已无余量: nothing of it remains.
    NothingRemains,
    /// 同一组织: the asking organization owns it.
    SameOrganization,
    /// 已谢绝: the two were tried and one side declined.
    Declined,
    /// 已对接: a pairing of the two stands already.
    AlreadyPaired,
    /// 契合度过低: it fits too badly to be proposed.
    FitTooLow,
    /// 余量被占: it would fit, but others use all of its capacity and win more by it.
    CapacityContested,
    /// 项目不齐备: it would fit, but other slots without which the project cannot go ahead could not be served.
    ProjectIncomplete,
}
