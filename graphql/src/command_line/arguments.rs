//! What may be asked on the command line. Every flag has a `GONGJIAN_*` twin in the environment.

use super::protection::Protection;
use super::single_sign_on::SingleSignOnFlags;
use super::vault::{NewVaultKey, VaultKey};
use crate::outgoing::Url;
use crate::sign_in::single::{SUBJECT_CHARS_MAX, is_subject};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use engine::{member::Role, refusal::wording::Language};
use std::{net::SocketAddr, path::PathBuf};

/// Gongjian 共建: matches what a neighbourhood needs (需求清单) with what its units can give (资源清单),
/// and carries each pairing to a joint project (项目清单).
#[derive(Debug, Parser)]
#[command(name = "gongjian", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// Language of messages; without it, Chinese in a Chinese locale, else English
    #[arg(long, global = true, env = "GONGJIAN_LANG", value_name = "zh|en")]
    lang: Option<Lang>,
    #[command(subcommand)]
    pub(super) task: Task,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl Arguments {
    /// The language of messages.
    pub(super) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Chinese,
            Some(Lang::En) => Language::English,
            None => locale(),
        }
    }
}

/// The locale of the process, as C programs find it.
fn locale() -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    match said.into_iter().find(|value| !value.is_empty()) {
        Some(locale) if locale.to_lowercase().starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date such as 2026-03-01"))
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Serve GraphQL for one street 服务
    Serve(Box<Serve>),
    /// Match lists 匹配: lists in, plan out; no server, nothing is stored
    Match(Match),
    /// Take lists 导入 into the log of a street
    Import(Import),
    /// Logins 成员: add, list, revoke
    #[command(subcommand)]
    Member(Member),
    /// Check every commit of a log, its hashes and its chain 核验
    Verify(Verify),
    /// The vault of contacts 联系人保管库: change its key
    #[command(subcommand)]
    Vault(VaultTask),
    /// Write the log to a packed, checksummed file 备份
    Backup(Save),
    /// Write the log as JSON Lines 导出
    Export(Save),
    /// Make a log of a backup or export, or continue one 恢复
    Restore(Restore),
    /// Print the GraphQL schema
    Schema,
    /// Measure how well units are ranked for needs that people paired 评估
    Evaluate(Evaluate),
}

/// Where the log is.
#[derive(Clone, Debug, Args)]
pub(super) struct Data {
    /// Directory of the log
    #[arg(long, env = "GONGJIAN_DATA", default_value = "data", value_name = "DIR")]
    pub(super) data: PathBuf,
}

/// The street of an empty log.
#[derive(Clone, Debug, Args)]
pub(super) struct Street {
    /// Name of the street 街道, when the log is empty and the lists do not tell
    #[arg(long, env = "GONGJIAN_STREET", value_name = "NAME")]
    pub(super) street: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) data: Data,
    /// Address to listen on
    #[arg(long, env = "GONGJIAN_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(super) listen: SocketAddr,
    #[command(flatten)]
    pub(super) street: Street,
    /// Load the sample street 清河桥街道 into an empty log, and print a sign-in token per role
    #[arg(long, env = "GONGJIAN_DEMO")]
    pub(super) demo: bool,
    #[command(flatten)]
    pub(super) vault: VaultKey,
    /// Leave it to coordinators to plan anew after an emergency 应急 or a lapsed claim
    #[arg(long, env = "GONGJIAN_NO_REPLAN")]
    pub(super) no_replan: bool,
    #[command(flatten)]
    pub(super) protection: Protection,
    #[command(flatten)]
    pub(super) single_sign_on: SingleSignOnFlags,
    /// Collector of OpenTelemetry spans, such as http://localhost:4318; without it, none is called
    #[arg(long, env = "GONGJIAN_OTLP_ENDPOINT", value_name = "URL")]
    pub(super) otlp_endpoint: Option<Url>,
}

#[derive(Debug, Args)]
pub(super) struct Match {
    /// Lists: Excel (.xlsx), CSV or JSON Lines, UTF-8 or GB18030; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long, env = "GONGJIAN_JSON")]
    pub(super) json: bool,
    /// For every need, also the N best candidates 候选
    #[arg(long, env = "GONGJIAN_SUGGESTIONS", value_name = "N", default_value_t = 0)]
    pub(super) suggestions: usize,
    /// Match also entries whose status says they are settled (已认领, 已完成 …)
    #[arg(long, env = "GONGJIAN_IGNORE_STATUS")]
    pub(super) ignore_status: bool,
    /// Match as if it were this day
    #[arg(long, env = "GONGJIAN_TODAY", value_name = "DATE", value_parser = day)]
    pub(super) today: Option<NaiveDate>,
    #[command(flatten)]
    pub(super) street: Street,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Lists: Excel (.xlsx), CSV or JSON Lines, UTF-8 or GB18030; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) data: Data,
    #[command(flatten)]
    pub(super) street: Street,
    /// Take entries whose status says they are settled (已认领, 已完成 …) in as open
    #[arg(long, env = "GONGJIAN_IGNORE_STATUS")]
    pub(super) ignore_status: bool,
}

#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// Pairings that people made; without it, those that come with the program
    #[arg(long, env = "GONGJIAN_PAIRINGS", value_name = "FILE")]
    pub(super) pairings: Option<PathBuf>,
    /// Published lists; without it, those that come with the program
    #[arg(long, env = "GONGJIAN_LISTS", value_name = "FILE")]
    pub(super) lists: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Member {
    /// Add a login and print its token, once
    Add(AddMember),
    /// List all logins
    List(ListMembers),
    /// Give a login one more token 令牌 and print it, once
    Token(IssueToken),
    /// Let somebody sign in as a login by single sign-on 统一身份认证
    Bind(BindSignOn),
    /// Let nobody sign in as a login by single sign-on
    Unbind(UnbindSignOn),
    /// End a login, or one of its tokens
    Revoke(RevokeMember),
}

#[derive(Debug, Args)]
pub(super) struct IssueToken {
    #[command(flatten)]
    pub(super) data: Data,
    /// Number of the login, as listed
    #[arg(value_name = "NUMBER", value_parser = number)]
    pub(super) member: u64,
    /// What the token is called, such as 手机
    #[arg(long, env = "GONGJIAN_LABEL", value_name = "TEXT")]
    pub(super) label: String,
    /// Days until it ends by itself; without it, it does not
    #[arg(long, env = "GONGJIAN_DAYS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(super) days: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct AddMember {
    #[command(flatten)]
    pub(super) data: Data,
    #[command(flatten)]
    pub(super) street: Street,
    /// What it may do
    #[arg(long, env = "GONGJIAN_ROLE", value_enum)]
    pub(super) role: RoleName,
    /// Whom it acts for: name or number; without it, the street office 街道办
    #[arg(long, env = "GONGJIAN_ORGANIZATION", value_name = "NAME")]
    pub(super) organization: Option<String>,
    /// What the login is called, such as 办公室电脑; not a person's name
    #[arg(long, env = "GONGJIAN_LABEL", default_value = "login", value_name = "TEXT")]
    pub(super) label: String,
    /// Days until its token ends by itself; without it, it does not
    #[arg(long, env = "GONGJIAN_DAYS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub(super) days: Option<u32>,
}

#[derive(Debug, Args)]
pub(super) struct BindSignOn {
    #[command(flatten)]
    pub(super) data: Data,
    /// Number of the login, as listed
    #[arg(value_name = "NUMBER", value_parser = number)]
    pub(super) member: u64,
    /// The issuer, to the letter as its tokens say it in `iss`
    #[arg(long, env = "GONGJIAN_OIDC_ISSUER", value_name = "URL")]
    pub(super) issuer: String,
    /// What the issuer calls the person; only a hash of it is kept
    #[arg(long, value_name = "TEXT", value_parser = subject)]
    pub(super) subject: String,
}

#[derive(Debug, Args)]
pub(super) struct UnbindSignOn {
    #[command(flatten)]
    pub(super) data: Data,
    /// Number of the login, as listed
    #[arg(value_name = "NUMBER", value_parser = number)]
    pub(super) member: u64,
}

#[derive(Debug, Args)]
pub(super) struct ListMembers {
    #[command(flatten)]
    pub(super) data: Data,
}

#[derive(Debug, Args)]
pub(super) struct RevokeMember {
    #[command(flatten)]
    pub(super) data: Data,
    /// Number of the login, as listed
    #[arg(value_name = "NUMBER", value_parser = number)]
    pub(super) member: u64,
    /// End only the token of this name
    #[arg(long, value_name = "TEXT")]
    pub(super) label: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    pub(super) data: Data,
    #[command(flatten)]
    pub(super) vault: VaultKey,
}

#[derive(Debug, Subcommand)]
pub(super) enum VaultTask {
    /// Put every contact under another master key 更换主密钥; the old one opens nothing any more. Stop the server first
    ChangeKey(ChangeKey),
}

#[derive(Debug, Args)]
pub(super) struct ChangeKey {
    #[command(flatten)]
    pub(super) data: Data,
    #[command(flatten)]
    pub(super) vault: VaultKey,
    #[command(flatten)]
    pub(super) new: NewVaultKey,
}

/// What a login may do, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RoleName {
    /// 街道协调员: acts for everybody in the street, or for who is below where its organization sits
    #[value(alias = "街道协调员", alias = "COORDINATOR")]
    Coordinator,
    /// 社区工作者: acts for its community
    #[value(alias = "社区工作者", alias = "COMMUNITY_OFFICER", alias = "community_officer")]
    CommunityOfficer,
    /// 联络员: acts for its unit
    #[value(alias = "联络员", alias = "UNIT_LIAISON", alias = "unit_liaison")]
    UnitLiaison,
    /// 观察员: sees what members see, changes nothing
    #[value(alias = "观察员", alias = "OBSERVER")]
    Observer,
}

impl RoleName {
    /// The role it names.
    pub(super) const fn role(self) -> Role {
        match self {
            Self::Coordinator => Role::Coordinator,
            Self::CommunityOfficer => Role::CommunityOfficer,
            Self::UnitLiaison => Role::UnitLiaison,
            Self::Observer => Role::Observer,
        }
    }
}

/// The code of a role, as GraphQL shows it.
pub(super) const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Coordinator => "COORDINATOR",
        Role::CommunityOfficer => "COMMUNITY_OFFICER",
        Role::UnitLiaison => "UNIT_LIAISON",
        Role::Observer => "OBSERVER",
    }
}

fn subject(text: &str) -> Result<String, String> {
    let wrong =
        || format!("{text:?} is nothing an issuer calls somebody: 1 to {SUBJECT_CHARS_MAX} characters");
    if is_subject(text) { Ok(text.to_owned()) } else { Err(wrong()) }
}

/// `3` or `member-3`.
fn number(text: &str) -> Result<u64, String> {
    text.trim_start_matches("member-").parse().map_err(|_| format!("{text:?} is not the number of a login"))
}

/// Where from, where to, and from where on.
#[derive(Debug, Args)]
pub(super) struct Save {
    /// The new file; one that is there already is left alone
    pub(super) file: PathBuf,
    /// Only the commits after this position, for a file that continues an earlier one
    #[arg(long, env = "GONGJIAN_AFTER", value_name = "POSITION", default_value_t = 0)]
    pub(super) after: u64,
    #[command(flatten)]
    pub(super) data: Data,
    /// Also a copy of the vault of contacts 联系人, sealed as it is, in FILE.contacts; without this, never
    #[arg(long, env = "GONGJIAN_WITH_CONTACTS")]
    pub(super) with_contacts: bool,
    #[command(flatten)]
    pub(super) vault: VaultKey,
}

/// What to restore, and where to.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// A file that `backup` or `export` wrote
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) data: Data,
    /// Also the vault of contacts 联系人 from FILE.contacts; one that is there already is brought up to it
    #[arg(long, env = "GONGJIAN_WITH_CONTACTS")]
    pub(super) with_contacts: bool,
    #[command(flatten)]
    pub(super) vault: VaultKey,
}
