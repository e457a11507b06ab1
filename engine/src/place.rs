//! The territory: a tree of places from the city district down to the stairwell.

use crate::identity::PlaceId;
use serde::{Deserialize, Serialize};

/// How deep a place lies; a place's parent always has an earlier level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlaceLevel {
    /// 市/区: above the street, for lists that come from several streets.
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
    /// 梯.
    Stairwell,
}

impl PlaceLevel {
    /// All levels, highest first.
    pub const ALL: [Self; 7] = [
        Self::District,
        Self::Street,
        Self::Community,
        Self::Grid,
        Self::Estate,
        Self::Building,
        Self::Stairwell,
    ];

    /// The word of the lists.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::District => "市区",
            Self::Street => "街道",
            Self::Community => "社区",
            Self::Grid => "网格",
            Self::Estate => "小区",
            Self::Building => "楼栋",
            Self::Stairwell => "梯",
        }
    }
}

/// A node of the territory tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Its identity.
    pub id: PlaceId,
    /// What it is called, unique below its parent.
    pub name: String,
    /// How deep it lies.
    pub level: PlaceLevel,
    /// The place around it; `None` for a root.
    pub parent: Option<PlaceId>,
    /// The identity it had in an imported list.
    pub reference: Option<String>,
}
