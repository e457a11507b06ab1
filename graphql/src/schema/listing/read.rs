//! Reading the conditions of a filter, each as its field comes in.

use super::{condition::Condition, words::Words};
use crate::schema::{
    fault::{not_a_day, wrong_id},
    filter::{DayRange, TimeRange, category_code, organization_id, place_id},
    identity::NodeId,
    scalar::Date,
};
use async_graphql::{ID, Result};
use chrono::{Datelike, NaiveDate};
use engine::{
    meeting::Item,
    pairing::{Supplier, Target},
    state::listed::{Rank, Status},
};

/// A category, by its global id or code.
pub fn category(id: &ID) -> Result<Condition> {
    category_code(id).map(Condition::Category)
}

/// A place.
pub fn place(id: &ID) -> Result<Condition> {
    place_id(id).map(Condition::Place)
}

/// An organization whose the thing is.
pub fn organization(id: &ID) -> Result<Condition> {
    organization_id(id).map(Condition::Organization)
}

/// An organization that asks.
pub fn asking(id: &ID) -> Result<Condition> {
    organization_id(id).map(Condition::Asking)
}

/// An organization that gives.
pub fn giving(id: &ID) -> Result<Condition> {
    organization_id(id).map(Condition::Giving)
}

/// An organization that has not signed.
pub fn unsigned_by(id: &ID) -> Result<Condition> {
    organization_id(id).map(Condition::Unsigned)
}

/// A need, or a slot of a project.
pub fn target(id: &ID) -> Result<Condition> {
    match NodeId::read(id) {
        Some(NodeId::Need(need)) => Ok(Condition::Target(Target::Need(need))),
        Some(NodeId::Slot(project, index)) => Ok(Condition::Target(Target::Slot(project, index))),
        _ => Err(wrong_id("target", "需求或需求项", "a need or slot")),
    }
}

/// A project.
pub fn project(id: &ID) -> Result<Condition> {
    match NodeId::read(id) {
        Some(NodeId::Project(project)) => Ok(Condition::Project(project)),
        _ => Err(wrong_id("project", "项目", "a project")),
    }
}

/// A resource, or a unit that takes things up directly.
pub fn supplier(id: &ID) -> Result<Condition> {
    match NodeId::read(id) {
        Some(NodeId::Resource(resource)) => Ok(Condition::Supplier(Supplier::Resource(resource))),
        Some(NodeId::Organization(unit)) => Ok(Condition::Supplier(Supplier::Unit(unit))),
        _ => Err(wrong_id("supplier", "资源或组织", "a resource or organization")),
    }
}

/// A pairing.
pub fn pairing(id: &ID) -> Result<Condition> {
    match NodeId::read(id) {
        Some(NodeId::Pairing(pairing)) => Ok(Condition::Pairing(pairing)),
        _ => Err(wrong_id("pairing", "配对", "a pairing")),
    }
}

/// A plan.
pub fn plan(id: &ID) -> Result<Condition> {
    match NodeId::read(id) {
        Some(NodeId::Plan(plan)) => Ok(Condition::Plan(plan)),
        _ => Err(wrong_id("plan", "匹配方案", "a plan")),
    }
}

/// A pairing or project on an agenda.
pub fn item(id: &ID) -> Result<Condition> {
    match NodeId::read(id) {
        Some(NodeId::Pairing(pairing)) => Ok(Condition::Item(Item::Pairing(pairing))),
        Some(NodeId::Project(project)) => Ok(Condition::Item(Item::Project(project))),
        _ => Err(wrong_id("about", "配对或项目", "a pairing or project")),
    }
}

/// Words.
pub fn text(text: impl AsRef<str>) -> Result<Condition> {
    Ok(Condition::Text(Words::of(text.as_ref())))
}

/// States, as one kind of thing has them.
pub fn status<S: Copy>(of: impl Fn(S) -> Status) -> impl Fn(&Vec<S>) -> Result<Condition> {
    move |wanted| Ok(Condition::Status(each_once(wanted.iter().map(|it| of(*it)))))
}

/// Values of a scale, each said once.
pub fn each<A: Copy + Into<B>, B: PartialEq>(
    of: impl Fn(Vec<B>) -> Condition,
) -> impl Fn(&Vec<A>) -> Result<Condition> {
    move |wanted| Ok(of(each_once(wanted.iter().map(|it| (*it).into()))))
}

/// The last day of an entry.
pub fn deadline(span: &DayRange) -> Result<Condition> {
    Ok(Condition::Deadline(day("deadline", span.from.as_ref())?, day("deadline", span.to.as_ref())?))
}

/// A span of days in an order of days.
pub fn days(field: &'static str, rank: Rank) -> impl Fn(&DayRange) -> Result<Condition> {
    move |span| {
        let number = |it: NaiveDate| i64::from(it.num_days_from_ce());
        let first = day(field, span.from.as_ref())?.map_or(i64::MIN, number);
        let last = day(field, span.to.as_ref())?.map_or(i64::MAX, number);
        Ok(Condition::Between(rank, first, last))
    }
}

/// A span of time in an order of moments.
pub fn moments(rank: Rank) -> impl Fn(&TimeRange) -> Result<Condition> {
    move |span| {
        let first = span.from.map_or(i64::MIN, |from| from.0.millis());
        let last = span.to.map_or(i64::MAX, |to| to.0.millis().saturating_sub(1));
        Ok(Condition::Between(rank, first, last))
    }
}

fn day(field: &str, given: Option<&Date>) -> Result<Option<NaiveDate>> {
    let read = |date: &Date| date.day().ok_or_else(|| not_a_day(field));
    given.map(read).transpose()
}

fn each_once<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}
