//! Enums of the schema: those of the engine, each value with its Chinese term.
//!
//! A value added in the engine and not here does not compile.

mod reasons;

pub use reasons::{ChangeCode, JointKind, UndertakingRole, WhyCode};

use async_graphql::Enum;

/// How deep a place lies 区域层级.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::place::PlaceLevel")]
pub enum PlaceLevel {
    /// 市/区: above the street.
    District,
    /// 街道.
    Street,
    /// 社区.
    Community,
    /// 网格.
    Grid,
    /// 小区.
    Estate,
    /// 楼栋.
    Building,
    /// 梯: one stairwell of a building.
    Stairwell,
}

/// What a resident unit is 单位类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::organization::UnitKind")]
pub enum UnitKind {
    /// 机关: government, party and mass bodies.
    Government,
    /// 学校.
    School,
    /// 医院.
    Hospital,
    /// 银行, and other finance.
    Bank,
    /// 律所.
    LawFirm,
    /// 国企.
    StateOwnedEnterprise,
    /// 企业.
    Enterprise,
    /// 商户.
    Merchant,
    /// 物业企业.
    PropertyCompany,
    /// 部队.
    Garrison,
    /// 社会组织.
    SocialOrganisation,
    /// 居民志愿者: residents and volunteers acting together.
    Volunteers,
    /// 社区党组织: a branch of the community itself.
    CommunityBranch,
    /// 其他: anything else.
    Other,
}

/// The kind of a standing relation between a unit and a community 共建关系.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::organization::Relation")]
pub enum Relation {
    /// 包联: the unit is assigned to the community.
    Assigned,
    /// 双报到: the unit has reported to the community.
    Reported,
    /// 结对: paired by agreement.
    Paired,
}

/// What a member may do 角色.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::member::Role")]
pub enum Role {
    /// 街道协调员: acts for everybody in the street; one whose organization sits below it, for its place and all below.
    Coordinator,
    /// 社区工作者: acts for its community.
    CommunityOfficer,
    /// 联络员: acts for its unit.
    UnitLiaison,
    /// 观察员: sees what members see, changes nothing.
    Observer,
}

/// What kind of thing is asked or offered 形式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::entry::Form")]
pub enum Form {
    /// 物.
    Goods,
    /// 服务.
    Service,
    /// 工程.
    Works,
    /// 场地.
    Venue,
    /// 资金.
    Money,
    /// 人力.
    People,
}

/// Whom something is for 服务对象.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::entry::BeneficiaryGroup")]
pub enum BeneficiaryGroup {
    /// 全体居民.
    Residents,
    /// 老年人.
    Elders,
    /// 儿童青少年.
    Children,
    /// 残疾人.
    Disabled,
    /// 困难家庭.
    LowIncome,
    /// 新就业群体: riders, drivers and the like.
    NewJobs,
    /// 退役军人.
    Veterans,
    /// 党员.
    PartyMembers,
    /// 企业与职工.
    Enterprises,
}

/// How a need came in 来源. Each whistle names the class of those who respond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::need::Channel")]
pub enum Channel {
    /// 组织吹哨: members respond.
    OrganizationWhistle,
    /// 社区吹哨: units respond.
    CommunityWhistle,
    /// 业主吹哨: the property company responds.
    OwnerWhistle,
    /// 邻里吹哨: the residents' team responds.
    NeighbourWhistle,
    /// 百姓吹哨: volunteers respond.
    ResidentWhistle,
    /// 走访.
    VisitingDay,
    /// 微心愿: the light path, without meeting and agreement.
    Wish,
    /// 热线.
    Hotline,
    /// 导入: came with an imported list.
    Import,
}

/// How soon 紧急程度.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::need::Urgency")]
pub enum Urgency {
    /// 应急: hours.
    Emergency,
    /// 紧急: days.
    Urgent,
    /// 一般.
    Normal,
}

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

/// What somebody is called about 联系用途.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::contact::Purpose")]
pub enum Purpose {
    /// 联络: arranges the matter for the organization.
    Liaison,
    /// 服务对象: is to be served, or speaks for those who are.
    Beneficiary,
    /// 现场: opens the door, shows the way.
    OnSite,
    /// 应急: at any hour, when something goes wrong.
    Emergency,
}

/// Why a contact was erased 删除原因.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::contact::ErasureReason")]
pub enum ErasureReason {
    /// 本人要求: the person asked for it.
    Asked,
    /// 不再需要: it has served its purpose.
    NotNeeded,
    /// 已更换: another one takes its place.
    Replaced,
    /// 录入有误: it was a mistake.
    Mistake,
    /// 期满: the street's rule says so.
    Retention,
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
    /// Nothing was posted and no unit takes on more.
    NoCandidate,
    /// The need's list said that it is settled already.
    AlreadySettled,
    /// 由共建项目承接: an open project carries the need, and its slots are matched in its place.
    CarriedByProject,
    /// The categories differ and none stands in for the other.
    CategoryDiffers,
    /// A service was asked and a thing is offered, or the like.
    FormDiffers,
    /// The amounts count different things.
    MeasureDiffers,
    /// What is lent whole is smaller than what is asked.
    TooSmall,
    /// No common day.
    NoCommonDay,
    /// No common day of the week.
    NoCommonWeekday,
    /// No common hour.
    NoCommonHour,
    /// The place is not served, and no roster link helps.
    PlaceNotServed,
    /// It is meant for another group of people.
    BeneficiaryDiffers,
    /// The whistle calls for another class of responders.
    ResponderDiffers,
    /// It costs more than the need's ceiling.
    OverCeiling,
    /// Nothing of it remains.
    NothingRemains,
    /// The asking organization owns it.
    SameOrganization,
    /// The two were tried and one side declined.
    Declined,
    /// It fits too badly to be proposed.
    FitTooLow,
    /// It would fit, but others use all of its capacity and win more by it.
    CapacityContested,
    /// It would fit, but other slots without which the project cannot go ahead could not be served.
    ProjectIncomplete,
}

/// What an organization is 组织类型.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrganizationKind {
    /// 街道办: coordinates, posts what no community posts.
    StreetOffice,
    /// 社区.
    Community,
    /// 驻区单位: see its unit kind.
    Unit,
    /// 队伍: a residents' or volunteers' team.
    Team,
}

impl OrganizationKind {
    /// The kind of an organization as the engine knows it.
    pub const fn of(kind: engine::organization::OrganizationKind) -> Self {
        match kind {
            engine::organization::OrganizationKind::StreetOffice => Self::StreetOffice,
            engine::organization::OrganizationKind::Community => Self::Community,
            engine::organization::OrganizationKind::Unit(_) => Self::Unit,
            engine::organization::OrganizationKind::Team => Self::Team,
        }
    }
}

/// What an amount counts 计量. Two amounts are commensurable when they have the same measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Measure {
    /// 项: the whole thing, nothing was counted.
    Lot,
    /// 件, 台, 把, 张, 套 …
    Items,
    /// 人, 名, 位.
    People,
    /// 户.
    Households,
    /// 场, 次, 课时.
    Sessions,
    /// 小时.
    Hours,
    /// 天.
    Days,
    /// 车位.
    Parking,
    /// 平方米.
    Area,
    /// 元.
    Money,
    /// 积分.
    Points,
    /// 其他: a unit of the street's own wording.
    Other,
}

impl Measure {
    /// The kind of a measure as the engine knows it.
    pub const fn of(measure: &engine::quantity::Measure) -> Self {
        match measure {
            engine::quantity::Measure::Lot => Self::Lot,
            engine::quantity::Measure::Items => Self::Items,
            engine::quantity::Measure::People => Self::People,
            engine::quantity::Measure::Households => Self::Households,
            engine::quantity::Measure::Sessions => Self::Sessions,
            engine::quantity::Measure::Hours => Self::Hours,
            engine::quantity::Measure::Days => Self::Days,
            engine::quantity::Measure::Parking => Self::Parking,
            engine::quantity::Measure::Area => Self::Area,
            engine::quantity::Measure::Money => Self::Money,
            engine::quantity::Measure::Points => Self::Points,
            engine::quantity::Measure::Other(_) => Self::Other,
        }
    }

    /// The measure of the engine; `None` for a unit of the street's own wording, which must be said.
    pub const fn named(self) -> Option<engine::quantity::Measure> {
        Some(match self {
            Self::Lot => engine::quantity::Measure::Lot,
            Self::Items => engine::quantity::Measure::Items,
            Self::People => engine::quantity::Measure::People,
            Self::Households => engine::quantity::Measure::Households,
            Self::Sessions => engine::quantity::Measure::Sessions,
            Self::Hours => engine::quantity::Measure::Hours,
            Self::Days => engine::quantity::Measure::Days,
            Self::Parking => engine::quantity::Measure::Parking,
            Self::Area => engine::quantity::Measure::Area,
            Self::Money => engine::quantity::Measure::Money,
            Self::Points => engine::quantity::Measure::Points,
            Self::Other => return None,
        })
    }
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

/// A day of the week 星期.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Weekday {
    /// 星期一.
    Monday,
    /// 星期二.
    Tuesday,
    /// 星期三.
    Wednesday,
    /// 星期四.
    Thursday,
    /// 星期五.
    Friday,
    /// 星期六.
    Saturday,
    /// 星期日.
    Sunday,
}

impl Weekday {
    /// All days, Monday first, as the bits of the engine's set.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The days of a set.
    pub fn of(days: engine::window::Weekdays) -> Vec<Self> {
        Self::ALL.into_iter().filter(|day| days.0 & day.bit() != 0).collect()
    }

    /// Its bit, Monday the lowest.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}
