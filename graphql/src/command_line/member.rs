//! `gongjian member`: logins, straight in the log. The server must not be running on it.

use super::{
    arguments::{AddMember, Member, RoleName, role_code},
    failure::Failure,
    log, output,
};
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use engine::{
    command::Command,
    identity::{MemberId, OrganizationId},
    refusal::wording::Language,
    state::State,
};
use std::process::ExitCode;
use storage::Ledger;

pub(super) fn run(task: &Member, language: Language) -> Result<ExitCode, Failure> {
    let ledger = match task {
        Member::Add(task) => log::open(&task.data.data)?,
        Member::List(task) => log::open_existing(&task.data.data)?,
        Member::Revoke(task) => log::open_existing(&task.data.data)?,
    };
    let done = match task {
        Member::Add(task) => add(&ledger, task, language),
        Member::List(_) => {
            output::say_line(&table(&ledger.state(), language));
            Ok(())
        }
        Member::Revoke(task) => revoke(&ledger, MemberId::new(task.member), language),
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
    let (member, token) = log::add_member(ledger, organization, task.role.role(), &task.label, language)?;
    let name = state.organization(organization).map(|it| it.draft.name.clone()).unwrap_or_default();
    output::say_line(token.reveal());
    output::note(&match language {
        Language::Chinese => format!("{member}:{name} {};令牌只显示这一次", role_code(task.role.role())),
        Language::English => {
            format!("{member}: {} of {name}; the token is shown only this once", role_code(task.role.role()))
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
        Failure::Said(match language {
            Language::Chinese => format!("没有组织「{said}」"),
            Language::English => format!("there is no organization {said:?}"),
        })
    })
}

fn revoke(ledger: &Ledger, member: MemberId, language: Language) -> Result<(), Failure> {
    log::execute(ledger, &format!("revoke-{member}"), Command::RevokeMember(member), language)?;
    output::note(&match language {
        Language::Chinese => format!("{member} 已停用"),
        Language::English => format!("{member} is revoked"),
    });
    Ok(())
}

fn table(state: &State, language: Language) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(match language {
        Language::Chinese => ["编号", "角色", "组织", "名称", "停用"],
        Language::English => ["number", "role", "organization", "label", "revoked"],
    });
    for member in state.members() {
        let organization = state.organization(member.organization).map(|it| it.draft.name.clone());
        table.add_row([
            member.id.number().to_string(),
            role_code(member.role).to_owned(),
            organization.unwrap_or_default(),
            member.label.clone(),
            member.revoked.map(|moment| moment.to_string()).unwrap_or_default(),
        ]);
    }
    table.to_string()
}
