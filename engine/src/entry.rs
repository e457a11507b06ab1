//! What the entries of all three lists have in common: wording, poster, place, category, quantity, time.

use crate::{
    category::Categorized,
    identity::{OrganizationId, PlaceId},
    quantity::Quantity,
    window::Window,
};
use serde::{Deserialize, Serialize};

/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;

/// The longest free text of an entry, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// What kind of thing is asked or offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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

impl Form {
    /// How many engagements a resource of this form carries when nobody said: a service, a venue or a
    /// team is lent again and again, a thing, a piece of work or a sum is given once.
    pub const fn lots_unless_said(form: Option<Self>) -> u64 {
        match form {
            Some(Self::Service | Self::Venue | Self::People) => 3,
            Some(Self::Goods | Self::Works | Self::Money) | None => 1,
        }
    }
}

/// Whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    /// 新就业群体.
    NewJobs,
    /// 退役军人.
    Veterans,
    /// 党员.
    PartyMembers,
    /// 企业与职工.
    Enterprises,
}

/// Whom it is for, how many they are, and how the list says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Beneficiaries {
    /// The group; `None` when it was not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<BeneficiaryGroup>,
    /// Persons or households, as counted by the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The words of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

/// Which of the three lists an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum List {
    /// 需求清单.
    Needs,
    /// 资源清单.
    Resources,
    /// 项目清单.
    Projects,
}

/// The part of a draft that all three lists share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryDraft {
    /// What is asked, offered or proposed, in the poster's words; 1 to [`TITLE_CHARS_MAX`] characters.
    pub title: String,
    /// More of it; up to [`TEXT_CHARS_MAX`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Who posts it.
    pub organization: OrganizationId,
    /// Where it is needed, lies, or happens; `None` = where the poster sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// What it is about; `None` when neither stated nor read with confidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Categorized>,
    /// What kind of thing it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// How much; `None` when the list gives no number: one whole thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// When.
    #[serde(default)]
    pub window: Window,
    /// Whom it is for.
    #[serde(default)]
    pub beneficiaries: Beneficiaries,
    /// The identity it had in an imported list; unique within its list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What the imported list said of it, when it says that the matter is already in other hands
    /// (fulfilled, claimed, done): such an entry is kept and shown, but not matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<String>,
}

impl EntryDraft {
    /// The least an entry can say: a title and who posts it.
    pub fn new(title: impl Into<String>, organization: OrganizationId) -> Self {
        Self {
            title: title.into(),
            detail: None,
            organization,
            place: None,
            category: None,
            form: None,
            quantity: None,
            window: Window::default(),
            beneficiaries: Beneficiaries::default(),
            reference: None,
            source: None,
            settled: None,
        }
    }

    /// The stated amount, or one whole thing.
    pub fn amount(&self) -> u64 {
        self.quantity.as_ref().map_or(1, |quantity| quantity.amount)
    }
}
