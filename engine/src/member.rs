//! Logins: a person's token bound to one organization with one role. Names of persons are not kept here.

use crate::{
    identity::{MemberId, OrganizationId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};

/// What a member may do; see [`crate::permission`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// 街道协调员: acts for everybody in the street.
    Coordinator,
    /// 社区工作者: acts for its community.
    CommunityOfficer,
    /// 联络员: acts for its unit.
    UnitLiaison,
    /// 观察员: sees what members see, changes nothing.
    Observer,
}

/// SHA-256 of a bearer token, in hexadecimal. The token itself is shown once and never kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(pub String);

/// A login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Its identity.
    pub id: MemberId,
    /// Whom it acts for.
    pub organization: OrganizationId,
    /// What it may do.
    pub role: Role,
    /// What the login is called, such as 「办公室电脑」; not a person's name.
    pub label: String,
    /// Hash of its token.
    pub token: TokenHash,
    /// When it was revoked, if it was.
    pub revoked: Option<Moment>,
}

/// Who speaks: the answer of the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Caller {
    /// The program itself or the operator at its console: ticker, import, first member.
    System,
    /// A signed-in member.
    #[serde(rename_all = "camelCase")]
    Member {
        /// Which.
        member: MemberId,
        /// Whom it acts for.
        organization: OrganizationId,
        /// What it may do.
        role: Role,
    },
    /// Nobody in particular: the public notice view.
    Public,
}
