//! Enums of the schema: those of the engine, each value with its Chinese term.
//!
//! A value added in the engine and not here does not compile.

mod amounts;
mod lives;
mod reasons;
mod statuses;

pub use amounts::{Measure, Weekday};
pub use lives::{NeedStatus, PairingStatus, ProjectStatus, ResourceStatus, Side};
pub use reasons::{CauseCode, ChangeCode, FactorCode, JointKind, UndertakingRole, WhyCode};
pub use statuses::ListStatus;

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
