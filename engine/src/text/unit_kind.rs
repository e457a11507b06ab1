//! What kind of resident unit 驻区单位 somebody is: read from a list's wording, or guessed from a name.
//!
//! The kind foretells what a unit is likely to give (a hospital gives clinics, a law firm gives advice), while
//! enterprises and government are generalists. A guess is only offered where the name says so.

use super::segment::normalise;

pub use crate::organization::UnitKind;

impl UnitKind {
    /// Every kind, in the order they are shown.
    pub const ALL: [Self; 14] = [
        Self::Government,
        Self::School,
        Self::Hospital,
        Self::Bank,
        Self::LawFirm,
        Self::StateOwnedEnterprise,
        Self::Enterprise,
        Self::Merchant,
        Self::PropertyCompany,
        Self::Garrison,
        Self::SocialOrganisation,
        Self::Volunteers,
        Self::CommunityBranch,
        Self::Other,
    ];

    /// The Chinese label.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        self.labels().0
    }

    /// The English label.
    #[must_use]
    pub fn label_en(self) -> &'static str {
        self.labels().1
    }

    fn labels(self) -> (&'static str, &'static str) {
        match self {
            Self::Government => ("机关", "Government body"),
            Self::School => ("学校", "School"),
            Self::Hospital => ("医院", "Hospital"),
            Self::Bank => ("银行金融", "Bank or insurer"),
            Self::LawFirm => ("律所", "Law firm"),
            Self::StateOwnedEnterprise => ("国企", "State-owned enterprise"),
            Self::Enterprise => ("企业", "Enterprise"),
            Self::Merchant => ("商户", "Shop"),
            Self::PropertyCompany => ("物业", "Property company"),
            Self::Garrison => ("部队", "Garrison"),
            Self::SocialOrganisation => ("社会组织", "Social organisation"),
            Self::Volunteers => ("居民志愿者", "Residents and volunteers"),
            Self::CommunityBranch => ("社区党组织", "Community branch"),
            Self::Other => ("其他", "Other"),
        }
    }

    /// Reads a column that says the kind, in Chinese or English; `None` when it says nothing known.
    ///
    /// ```
    /// use engine::text::unit_kind::UnitKind;
    /// assert_eq!(UnitKind::read("物业企业"), Some(UnitKind::PropertyCompany));
    /// assert_eq!(UnitKind::read("law firm"), Some(UnitKind::LawFirm));
    /// assert_eq!(UnitKind::read("?"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let normal = normalise(text);
        first_match(&SPOKEN, &normal).or_else(|| Self::guess(text))
    }

    /// Guesses the kind from a unit's name; `None` when the name does not tell.
    ///
    /// ```
    /// use engine::text::unit_kind::UnitKind;
    /// assert_eq!(UnitKind::guess("市第二人民医院党委"), Some(UnitKind::Hospital));
    /// assert_eq!(UnitKind::guess("东风路幼儿园"), Some(UnitKind::School));
    /// assert_eq!(UnitKind::guess("飞鸟"), None);
    /// ```
    #[must_use]
    pub fn guess(name: &str) -> Option<Self> {
        first_match(&NAMED, &normalise(name))
    }

    /// What a column says, made finer by the name where the column is as broad as "enterprise": 供电公司 listed as
    /// 企业 is a state-owned enterprise. A specific column is never overruled.
    #[must_use]
    pub fn refined(said: Option<Self>, name: &str) -> Option<Self> {
        let guessed = Self::guess(name);
        match (said, guessed) {
            (None | Some(Self::Other), _) => guessed.or(said),
            (Some(Self::Enterprise), Some(finer)) if finer.is_enterprise() => Some(finer),
            _ => said,
        }
    }

    /// Whether the kind is a special case of an enterprise.
    fn is_enterprise(self) -> bool {
        matches!(
            self,
            Self::Bank | Self::LawFirm | Self::StateOwnedEnterprise | Self::Merchant | Self::PropertyCompany
        )
    }
}

fn first_match(table: &[(UnitKind, &str)], normal: &str) -> Option<UnitKind> {
    table
        .iter()
        .find(|(_, parts)| parts.split_whitespace().any(|part| normal.contains(part)))
        .map(|&(kind, _)| kind)
}

/// What lists write in the column of the kind; the first line that matches wins.
const SPOKEN: [(UnitKind, &str); 18] = [
    (UnitKind::PropertyCompany, "物业 property"),
    (UnitKind::CommunityBranch, "社区党 社区 community branch"),
    (UnitKind::LawFirm, "律所 律师 law"),
    (UnitKind::Bank, "银行 金融 保险 bank finance insur"),
    (UnitKind::Hospital, "医院 医疗 卫生 hospital health clinic"),
    (UnitKind::School, "学校 高校 院校 幼儿园 教育机构 school university kindergarten"),
    (UnitKind::Garrison, "部队 驻军 武警 military garrison army"),
    (UnitKind::SocialOrganisation, "社会组织 社会团体 公益组织 基金会 social ngo foundation"),
    (UnitKind::Volunteers, "居民 志愿者 个人 党员 individual volunteer resident"),
    (UnitKind::StateOwnedEnterprise, "国企 国有 央企 state-owned state owned soe"),
    (UnitKind::Merchant, "商户 商家 店铺 个体 餐饮 shop"),
    (UnitKind::Government, "机关 街道 政府 党政 事业单位 群团 部门 gov party mass"),
    (UnitKind::Enterprise, "企业 公司 商务楼 楼宇 enterprise company business"),
    (UnitKind::Merchant, "merchant store"),
    (UnitKind::CommunityBranch, "community"),
    (UnitKind::StateOwnedEnterprise, "utility"),
    (UnitKind::Enterprise, "非公 两新"),
    (UnitKind::Other, "其他 other"),
];

/// Parts of names; the first line that matches wins, so the telling ones come first.
const NAMED: [(UnitKind, &str); 21] = [
    (UnitKind::LawFirm, "律师 律所 法律服务所"),
    (UnitKind::PropertyCompany, "物业 物管"),
    (
        UnitKind::Volunteers,
        "一名 两名 居民 在职党员 爱心人士 大学生志愿者 热心 人大代表 政协委员 骑手 党员志愿者 业主",
    ),
    (UnitKind::Garrison, "部队 官兵 武警 驻军 支队 消防救援 人武部 武装部 军区 干休所 营区"),
    (
        UnitKind::SocialOrganisation,
        "基金会 协会 社工 社会工作 义工 公益 志愿服务中心 志愿服务队 志愿团队 志愿队 商会 学会 慈善总会 发展中心 民办 促进会 联谊会 红十字",
    ),
    (UnitKind::Hospital, "卫健局 卫健委"),
    (
        UnitKind::Government,
        "教育局 教体局 财政局 民政局 机关工委 机关党支部 机关党委 金融局 电信局机关 银保监 医保局",
    ),
    (UnitKind::Bank, "银行 支行 信用社 农商行 保险 人寿 证券 信托 财险 平安 融资担保"),
    (
        UnitKind::Hospital,
        "医院 卫生院 卫生服务 门诊部 疾控 诊所 医科 口腔 血站 急救中心 保健院 体检 卫生站 护理院",
    ),
    (
        UnitKind::School,
        "学校 小学 中学 幼儿园 大学 学院 高中 初中 职校 党校 技校 师范 教育集团 二中 一中 三中 实验校 附中 附小",
    ),
    (
        UnitKind::StateOwnedEnterprise,
        "供电 国网 电力 自来水 水务 燃气 热力 供热 电信 移动 联通 铁塔 中铁 中建 中交 城投 城建 市政公司 公交 地铁 轨交 国资 国有 中石化 中石油 烟草 邮政 石化 铁路 机场 粮油集团 建工 电网 排水",
    ),
    (UnitKind::CommunityBranch, "社区党 居委会 社区居 网格党支部 党群服务中心 社区两委 社区"),
    (
        UnitKind::Government,
        "局 委员会 机关 政府 街道 办事处 法院 检察院 公安 派出所 财政厅 厅 妇联 残联 工会 团委 团区委 团市委 文联 科协 宣传部 统战部 组织部 政协 人大 工商联 办公室 信访 管理处 管理中心 调查队 纪委 政法委 发改委 监管 国家税务 事业单位",
    ),
    (
        UnitKind::Merchant,
        "饭店 餐厅 餐饮 酒楼 超市 药店 药房 大药房 理发 美发 店 影楼 工坊 菜场 面馆 咖啡 食堂 书城 商户 商行 馆",
    ),
    (UnitKind::StateOwnedEnterprise, "国企 央企"),
    (
        UnitKind::Enterprise,
        "公司 集团 企业 科技 工厂 厂 置业 建筑 建设 实业 酒店 商场 大厦 广场 股份 文化传媒 传播 快递 物流 园区 工业园",
    ),
    (UnitKind::Volunteers, "志愿者 党员 居民 热心人"),
    (UnitKind::SocialOrganisation, "志愿 服务队 社团 服务社"),
    (UnitKind::Government, "党委 党组"),
    (UnitKind::Enterprise, "项目部 中心"),
    (UnitKind::Other, "双方"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    #[test]
    fn every_published_kind_is_read() {
        let cases = [
            ("企业", UnitKind::Enterprise),
            ("机关", UnitKind::Government),
            ("银行", UnitKind::Bank),
            ("学校", UnitKind::School),
            ("医院", UnitKind::Hospital),
            ("国企", UnitKind::StateOwnedEnterprise),
            ("商户", UnitKind::Merchant),
            ("律所", UnitKind::LawFirm),
            ("社区党委", UnitKind::CommunityBranch),
            ("街道部门", UnitKind::Government),
            ("物业企业", UnitKind::PropertyCompany),
            ("街道", UnitKind::Government),
            ("商务楼", UnitKind::Enterprise),
            ("社区", UnitKind::CommunityBranch),
            ("居民", UnitKind::Volunteers),
            ("社会组织", UnitKind::SocialOrganisation),
            ("部队", UnitKind::Garrison),
            ("enterprise/merchant", UnitKind::Enterprise),
            ("gov/party/mass body", UnitKind::Government),
            ("school/university", UnitKind::School),
            ("hospital/health", UnitKind::Hospital),
            ("individual/volunteers", UnitKind::Volunteers),
            ("social organisation", UnitKind::SocialOrganisation),
            ("bank/finance", UnitKind::Bank),
            ("law firm", UnitKind::LawFirm),
            ("community branch", UnitKind::CommunityBranch),
            ("property company", UnitKind::PropertyCompany),
            ("military", UnitKind::Garrison),
            ("other", UnitKind::Other),
        ];
        for (text, expected) in cases {
            assert_eq!(UnitKind::read(text), Some(expected), "{text}");
        }
        let unread = |text: &String| UnitKind::read(text).is_none();
        assert!(!published::lists().iter().filter_map(|row| row.org_type.as_ref()).any(unread));
        assert!(!published::pairings().iter().map(|row| &row.unit_type).any(unread));
    }

    #[test]
    fn names_tell_most_kinds() {
        let (mut agree, mut guessed) = (0, 0);
        for row in published::lists() {
            let said = row.org_type.as_deref().and_then(UnitKind::read);
            let name = row.org.as_deref().and_then(UnitKind::guess);
            if let (Some(said), Some(name)) = (said, name) {
                guessed += 1;
                agree += usize::from(said == name || (said == UnitKind::Enterprise && name.is_enterprise()));
            }
        }
        assert!(guessed >= 70 && agree * 100 >= guessed * 75, "{agree} of {guessed}");
    }

    #[test]
    fn a_broad_column_is_refined_by_the_name() {
        let refined = |said, name| UnitKind::refined(said, name);
        assert_eq!(
            refined(Some(UnitKind::Enterprise), "国网某市供电公司"),
            Some(UnitKind::StateOwnedEnterprise)
        );
        assert_eq!(refined(Some(UnitKind::School), "附属医院"), Some(UnitKind::School));
        assert_eq!(refined(None, "区财政局"), Some(UnitKind::Government));
    }
}
