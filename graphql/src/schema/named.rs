//! What an argument names has to be there: of what is not, a list would be empty and a sum zero, as if there were nothing to be
//! shown. By the state that is asked, so what a past did not know is unknown in it.

use super::{fault::bad_input, identity::NodeId, viewed::Viewed};
use async_graphql::{Error, Result};
use engine::{history::Entity, pairing::Target, state::State};

/// Refuses an id in a field that names nothing the caller sees.
///
/// # Errors
/// `BAD_USER_INPUT`, the same whether it is not there or not seen.
pub fn is_seen(at: &Viewed, field: &str, id: &NodeId) -> Result<()> {
    if at.sees(Entity::from(id)) { is_there(at, field, id) } else { Err(unknown(field, id)) }
}

/// Refuses an id in a field that names nothing, of what is everybody's to see.
///
/// # Errors
/// `BAD_USER_INPUT`.
pub fn is_there(state: &State, field: &str, id: &NodeId) -> Result<()> {
    if exists(state, id) { Ok(()) } else { Err(unknown(field, id)) }
}

/// Refuses a need or slot that is over: nothing serves it any more, and nobody asks why.
///
/// # Errors
/// `BAD_USER_INPUT`, with the state it is in.
pub fn is_matched(state: &State, field: &str, target: Target) -> Result<()> {
    let over = match target {
        Target::Need(need) => {
            let ended = state.need(need).filter(|it| it.end.is_some());
            ended.map(|it| it.status().name())
        }
        Target::Slot(project, _) => {
            let ended = state.project(project).filter(|it| it.end.is_some());
            ended.map(|it| it.status().name())
        }
    };
    over.map_or(Ok(()), |status| {
        Err(bad_input(
            format!("{field}:已了结({status}),不再匹配"),
            format!("{field}: this is {status} and not matched any more"),
        ))
    })
}

fn exists(state: &State, id: &NodeId) -> bool {
    match id {
        NodeId::Place(id) => state.place(*id).is_some(),
        NodeId::Organization(id) => state.organization(*id).is_some(),
        NodeId::Member(id) | NodeId::Token(id, _) => state.member(*id).is_some(),
        NodeId::Category(code) => state.category(code).is_some(),
        NodeId::Need(id) => state.need(*id).is_some(),
        NodeId::Resource(id) => state.resource(*id).is_some(),
        NodeId::Project(id) => state.project(*id).is_some(),
        NodeId::Slot(id, index) => {
            state.project(*id).is_some_and(|it| usize::from(*index) < it.draft.slots.len())
        }
        NodeId::Pairing(id) => state.pairing(*id).is_some(),
        NodeId::Plan(id) => state.plan(*id).is_some(),
        NodeId::Bid(id) => state.bid(*id).is_some(),
        NodeId::Meeting(id) => state.meeting(*id).is_some(),
        NodeId::Agreement(id) => state.agreement(*id).is_some(),
        NodeId::Delivery(id) => state.delivery(*id).is_some(),
        NodeId::Contact(id) => state.contact(*id).is_some(),
        NodeId::Call(target) => state.call(*target).is_some(),
        NodeId::RosterLink(link) => state.roster().any(|it| it == link),
    }
}

fn unknown(field: &str, id: &NodeId) -> Error {
    let (zh, en) = match id {
        NodeId::Category(code) => {
            return bad_input(
                format!("{field}:没有类别 {code}"),
                format!("{field}: there is no category {code}"),
            );
        }
        NodeId::Place(_) => ("区域", "place"),
        NodeId::Organization(_) => ("组织", "organization"),
        NodeId::Member(_) => ("成员", "member"),
        NodeId::Need(_) => ("需求", "need"),
        NodeId::Resource(_) => ("资源", "resource"),
        NodeId::Project(_) => ("项目", "project"),
        NodeId::Slot(..) => ("需求项", "slot"),
        NodeId::Pairing(_) => ("配对", "pairing"),
        NodeId::Plan(_) => ("匹配方案", "plan"),
        NodeId::Bid(_) => ("揭榜", "bid"),
        NodeId::Meeting(_) => ("联席会", "meeting"),
        NodeId::Agreement(_) => ("协议", "agreement"),
        NodeId::Delivery(_) => ("交付", "delivery"),
        NodeId::Contact(_) => ("联系人", "contact"),
        NodeId::Call(_) => ("发榜", "call"),
        NodeId::RosterLink(_) => ("共建关系", "standing relation"),
        NodeId::Token(..) => ("令牌", "token"),
    };
    bad_input(format!("{field}:没有这样的{zh}"), format!("{field}: there is no such {en}"))
}
