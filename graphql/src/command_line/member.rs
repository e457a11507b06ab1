//! `gongjian member`: logins, straight in the log. The server must not be running on it.

use super::{
    arguments::{AddMember, BindSignOn, IssueToken, Member, RevokeMember, RoleName, UnbindSignOn, role_code},
    failure::Failure,
    log, output,
};
use crate::{nearest::nearest, sign_in};
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use engine::{
    command::Command,
    identity::{MemberId, OrganizationId},
    moment::Moment,
    refusal::wording::Language,
    state::State,
};
use std::process::ExitCode;
use storage::Ledger;

pub(super) fn run(task: &Member, language: Language) -> Result<ExitCode, Failure> {
    let ledger = match task {
        // Only who names a street may make one.
        Member::Add(task) if task.street.street.is_some() => log::open(&task.data.data)?,
        Member::Add(task) => log::open_existing(&task.data.data)?,
        Member::List(task) => log::open_existing(&task.data.data)?,
        Member::Token(task) => log::open_existing(&task.data.data)?,
        Member::Bind(task) => log::open_existing(&task.data.data)?,
        Member::Unbind(task) => log::open_existing(&task.data.data)?,
        Member::Revoke(task) => log::open_existing(&task.data.data)?,
    };
    let done = match task {
        Member::Add(task) => add(&ledger, task, language),
        Member::List(_) => {
            output::say_line(&table(&ledger.state(), ledger.now(), language));
            Ok(())
        }
        Member::Token(task) => issue(&ledger, task, language),
        Member::Bind(task) => bind(&ledger, task, language),
        Member::Unbind(task) => unbind(&ledger, task, language),
        Member::Revoke(task) => revoke(&ledger, task, language),
    };
    log::close(&ledger);
    done.map(|()| ExitCode::SUCCESS)
}

fn add(ledger: &Ledger, task: &AddMember, language: Language) -> Result<(), Failure> {
    match &task.street.street {
        Some(name) => log::open_street(ledger, name, language)?,
        None if ledger.state().street().is_none() => {
            return Err(Failure::said(match language {
                Language::Chinese => "日志是空的,请用 --street 写明街道名称",
                Language::English => "the log is empty; name its street with --street",
            }));
        }
        None => {}
    }
    let state = ledger.state();
    let organization = organization(&state, task, language)?;
    let expires = end(ledger, task.days);
    let (member, token) =
        log::add_member(ledger, organization, task.role.role(), &task.label, expires, language)?;
    let name = state.organization(organization).map(|it| it.draft.name.clone()).unwrap_or_default();
    output::say_line(token.reveal());
    let role = role_code(task.role.role());
    output::note(&match (language, expires) {
        (Language::Chinese, None) => format!("{member}:{name} {role};令牌只显示这一次"),
        (Language::Chinese, Some(end)) => format!("{member}:{name} {role},{end} 到期;令牌只显示这一次"),
        (Language::English, None) => format!("{member}: {role} of {name}; the token is shown only this once"),
        (Language::English, Some(end)) => {
            format!("{member}: {role} of {name}, until {end}; the token is shown only this once")
        }
    });
    Ok(())
}

/// By name or number; the street office when nobody is named and the role fits it.
fn organization(state: &State, task: &AddMember, language: Language) -> Result<OrganizationId, Failure> {
    let Some(said) = &task.organization else {
        let office = state.street().map(|street| street.office);
        let fits = matches!(task.role, RoleName::Coordinator | RoleName::Observer);
        return office.filter(|_| fits).ok_or_else(|| {
            Failure::said(match language {
                Language::Chinese => "请用 --organization 写明所属社区或单位",
                Language::English => "say with --organization which community or unit it acts for",
            })
        });
    };
    let numbered = || {
        let number = said.trim_start_matches("organization-").parse().ok()?;
        state.organization(OrganizationId::new(number)).map(|it| it.id)
    };
    state.organization_named(said).or_else(numbered).ok_or_else(|| {
        let meant = nearest(said, state.organizations().map(|it| it.draft.name.as_str()));
        Failure::Said(match (language, meant) {
            (Language::Chinese, None) => format!("没有组织「{said}」"),
            (Language::Chinese, Some(meant)) => format!("没有组织「{said}」;是否指「{meant}」?"),
            (Language::English, None) => format!("there is no organization {said:?}"),
            (Language::English, Some(meant)) => {
                format!("there is no organization {said:?}; did you mean {meant:?}?")
            }
        })
    })
}

/// When a token of so many days ends.
fn end(ledger: &Ledger, days: Option<u32>) -> Option<Moment> {
    days.map(|days| ledger.now().plus_hours(days.saturating_mul(24)))
}

fn bind(ledger: &Ledger, task: &BindSignOn, language: Language) -> Result<(), Failure> {
    let member = MemberId::new(task.member);
    let sign_on = sign_in::single::sign_on_hash(&task.issuer, &task.subject);
    let request = format!("bind-{member}-at-{}", ledger.state().position());
    log::execute(ledger, &request, Command::BindSignOn { member, sign_on }, language)?;
    output::note(&match language {
        Language::Chinese => format!("{member} 已绑定统一身份({})", task.issuer),
        Language::English => format!("{member} is bound to a sign-on of {}", task.issuer),
    });
    Ok(())
}

fn unbind(ledger: &Ledger, task: &UnbindSignOn, language: Language) -> Result<(), Failure> {
    let member = MemberId::new(task.member);
    let request = format!("unbind-{member}-at-{}", ledger.state().position());
    log::execute(ledger, &request, Command::UnbindSignOn { member }, language)?;
    output::note(&match language {
        Language::Chinese => format!("{member} 已解除统一身份绑定"),
        Language::English => format!("{member} is bound to no sign-on any more"),
    });
    Ok(())
}

fn issue(ledger: &Ledger, task: &IssueToken, language: Language) -> Result<(), Failure> {
    let member = MemberId::new(task.member);
    let (token, hash) = sign_in::new_token().map_err(Failure::said)?;
    let request = format!("token-{}", hash.0);
    let expires = end(ledger, task.days);
    let command = Command::IssueToken { member, label: task.label.clone(), token: hash, expires };
    log::execute(ledger, &request, command, language)?;
    output::say_line(token.reveal());
    output::note(&match (language, expires) {
        (Language::Chinese, None) => format!("{member}「{}」;令牌只显示这一次", task.label),
        (Language::Chinese, Some(end)) => format!("{member}「{}」,{end} 到期;令牌只显示这一次", task.label),
        (Language::English, None) => format!("{member} {:?}; the token is shown only this once", task.label),
        (Language::English, Some(end)) => {
            format!("{member} {:?}, until {end}; the token is shown only this once", task.label)
        }
    });
    Ok(())
}

fn revoke(ledger: &Ledger, task: &RevokeMember, language: Language) -> Result<(), Failure> {
    let member = MemberId::new(task.member);
    if let Some(label) = task.label.clone() {
        // Names may come again, so each ending is a request of its own.
        let request = format!("revoke-{member}-at-{}", ledger.state().position());
        log::execute(ledger, &request, Command::RevokeToken { member, label: label.clone() }, language)?;
        output::note(&match language {
            Language::Chinese => format!("{member} 的令牌「{label}」已停用"),
            Language::English => format!("token {label:?} of {member} is revoked"),
        });
        return Ok(());
    }
    log::execute(ledger, &format!("revoke-{member}"), Command::RevokeMember(member), language)?;
    output::note(&match language {
        Language::Chinese => format!("{member} 已停用"),
        Language::English => format!("{member} is revoked"),
    });
    Ok(())
}

/// Whether somebody signs in by single sign-on.
const fn sign_on(member: &engine::member::Member, language: Language) -> &'static str {
    match (member.sign_on.is_some() && member.revoked.is_none(), language) {
        (false, _) => "",
        (true, Language::Chinese) => "已绑定",
        (true, Language::English) => "bound",
    }
}

/// The names of the tokens that are good, with the end of those that have one.
fn tokens(member: &engine::member::Member, now: Moment) -> String {
    let good = member.tokens.iter().filter(|it| member.revoked.is_none() && it.is_good(now));
    let named: Vec<String> = good
        .map(|it| it.expires.map_or_else(|| it.label.clone(), |end| format!("{} (– {end})", it.label)))
        .collect();
    named.join("\n")
}

fn table(state: &State, now: Moment, language: Language) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(match language {
        Language::Chinese => ["编号", "角色", "组织", "名称", "令牌", "统一身份", "停用"],
        Language::English => ["number", "role", "organization", "label", "tokens", "sign-on", "revoked"],
    });
    for member in state.members() {
        let organization = state.organization(member.organization).map(|it| it.draft.name.clone());
        table.add_row([
            member.id.number().to_string(),
            role_code(member.role).to_owned(),
            organization.unwrap_or_default(),
            member.label.clone(),
            tokens(member, now),
            sign_on(member, language).to_owned(),
            member.revoked.map(|moment| moment.to_string()).unwrap_or_default(),
        ]);
    }
    table.to_string()
}
