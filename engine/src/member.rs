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
    /// 街道协调员: acts for everybody in the street; one whose organization sits below it, for its place and all below.
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

/// SHA-256 of an issuer of single sign-on and of what it calls somebody, in hexadecimal. What it calls people often names
/// them, so the name itself is never kept; the hash knows it again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignOnHash(pub String);

/// One token of a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// What it is called, such as 「手机」; unique among the good tokens of its member.
    pub label: String,
    /// Its hash.
    pub hash: TokenHash,
    /// When it was made.
    pub issued: Moment,
    /// When it ends by itself, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
    /// When it was ended, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Moment>,
}

impl Token {
    /// Whether it opens the door at a moment.
    pub fn is_good(&self, now: Moment) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }
}

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
    /// Hash of the token it began with.
    pub token: TokenHash,
    /// When it was revoked, if it was: then none of its tokens is good.
    pub revoked: Option<Moment>,
    /// Its tokens, oldest first, also those that have ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Token>,
    /// Who signs in as this member by single sign-on, if somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_on: Option<SignOnHash>,
}

/// Who speaks: the answer of the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
