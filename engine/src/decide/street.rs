//! Decisions about the street itself: places, organizations, roster, taxonomy, rules, logins.

use super::{
    check::{self, NAME_CHARS_MAX},
    tokens,
};
use crate::{
    category::{self, Category, CategoryCode},
    contact::CONTACT_DAYS_MAX,
    contribution::{CREDIT_RULES_MAX, CreditRule},
    event::Event,
    identity::{MemberId, OrganizationId, PlaceId},
    member::{Role, TokenHash},
    moment::Moment,
    organization::{OrganizationDraft, OrganizationKind, RosterLink},
    pairing::FactorKind,
    place::{Place, PlaceLevel},
    refusal::{Missing, Problem, Refusal},
    rules::{Fairness, Limits, NeedWeights, ReviewRule, Rules},
    state::State,
};

/// The longest a claim may wait for the other side: a year.
const CLAIM_HOURS_MAX: u64 = 366 * 24;

/// The most points that one line of the rule table may give for a delivery, an hour or a hundred of something.
const POINTS_MAX: u64 = 10_000;

pub(super) fn open(state: &State, name: &str) -> Result<Vec<Event>, Refusal> {
    if let Some(street) = state.street() {
        return Err(Refusal::StreetAlreadyOpened { name: street.name.clone() });
    }
    check::text("name", name, NAME_CHARS_MAX)?;
    let root = PlaceId::new(1);
    let office = OrganizationId::new(1);
    let mut events = vec![
        Event::PlaceAdded {
            place: Place {
                id: root,
                name: name.to_owned(),
                level: PlaceLevel::Street,
                parent: None,
                reference: None,
            },
        },
        Event::OrganizationRegistered {
            organization: office,
            draft: OrganizationDraft {
                name: name.to_owned(),
                kind: OrganizationKind::StreetOffice,
                place: Some(root),
                open_capacity: None,
                reference: None,
            },
        },
        Event::StreetOpened { name: name.to_owned(), place: root, office },
        Event::RulesSet { rules: Rules::STANDARD },
    ];
    let seed = category::seed().unwrap_or_default();
    events.extend(seed.into_iter().map(|category| Event::CategoryDefined { category }));
    Ok(events)
}

pub(super) fn set_rules(state: &State, rules: &Rules) -> Result<Vec<Event>, Refusal> {
    let offset = u64::from(rules.utc_offset_minutes.unsigned_abs());
    check::range("utcOffsetMinutes", offset, 0, 14 * 60)?;
    check::range("claimHours", rules.claim_hours.into(), 1, CLAIM_HOURS_MAX)?;
    check::range("openCapacity", rules.open_capacity.into(), 0, 1_000)?;
    check::range("fitMin", rules.fit_min.into(), 0, 1000)?;
    let weights = FactorKind::ALL.map(|kind| rules.weights.of(kind));
    for weight in weights {
        check::range("weights", weight.into(), 0, 1000)?;
    }
    if weights.iter().all(|weight| *weight == 0) {
        return Err(Refusal::Invalid { field: "weights", problem: Problem::NoWeight });
    }
    let NeedWeights { urgent, emergency, doubling, day } = rules.need_weights;
    check::range("needWeights.urgent", urgent.into(), 0, NeedWeights::URGENCY_MAX.into())?;
    check::range("needWeights.emergency", emergency.into(), 0, NeedWeights::URGENCY_MAX.into())?;
    check::range("needWeights.doubling", doubling.into(), 0, 500)?;
    check::range("needWeights.day", day.into(), 0, 500)?;
    let Fairness { first_half, community, burden } = rules.fairness;
    check::range("fairness.firstHalf", first_half.into(), 0, 1_000)?;
    check::range("fairness.community", community.into(), 0, 1_000)?;
    check::range("fairness.burden", burden.into(), 0, 200)?;
    if let Some(days) = rules.contact_days {
        check::range("contactDays", days.into(), 1, CONTACT_DAYS_MAX.into())?;
    }
    limits(&rules.limits)?;
    credits(state, rules.credits.as_deref())?;
    if state.rules() == rules {
        return Ok(Vec::new());
    }
    let left = u64::from(rules.open_capacity);
    let by_the_rule = state.organizations().filter(|unit| unit.draft.open_capacity.is_none());
    let promised = by_the_rule.map(|unit| unit.engagements.reserved()).max().unwrap_or(0);
    if promised > left {
        return Err(Refusal::BelowPromised { promised, left });
    }
    Ok(vec![Event::RulesSet { rules: rules.clone() }])
}

fn limits(limits: &Limits) -> Result<(), Refusal> {
    let days = |field, days: u16| check::range(field, days.into(), 0, Limits::DAYS_MAX.into());
    let Limits {
        review: ReviewRule::None | ReviewRule::Others | ReviewRule::All,
        emergency_claim_hours,
        reply_days,
        resolve_days,
        confirm_days,
        stale_days,
        expiry_days,
    } = *limits;
    check::range("limits.emergencyClaimHours", emergency_claim_hours.into(), 1, CLAIM_HOURS_MAX)?;
    days("limits.replyDays", reply_days)?;
    days("limits.resolveDays", resolve_days)?;
    days("limits.confirmDays", confirm_days)?;
    days("limits.staleDays", stale_days)?;
    days("limits.expiryDays", expiry_days)
}

/// A table without lines credits nothing: a street may want that.
fn credits(state: &State, credits: Option<&[CreditRule]>) -> Result<(), Refusal> {
    let credits = credits.unwrap_or_default();
    if credits.len() > CREDIT_RULES_MAX {
        let problem = Problem::TooMany { max: CREDIT_RULES_MAX };
        return Err(Refusal::Invalid { field: "credits", problem });
    }
    for rule in credits {
        if let Some(code) = rule.category.as_ref().filter(|code| state.category(code).is_none()) {
            let missing = Missing::Category(code.clone());
            return Err(Refusal::NotFound { field: "credits.category", missing });
        }
        check::range("credits.points", rule.points.into(), 0, POINTS_MAX)?;
        check::range("credits.pointsPerHour", rule.points_per_hour.into(), 0, POINTS_MAX)?;
        check::range("credits.pointsPerHundred", rule.points_per_hundred.into(), 0, POINTS_MAX)?;
    }
    Ok(())
}

pub(super) fn define_category(state: &State, category: &Category) -> Result<Vec<Event>, Refusal> {
    check::text("zh", &category.zh, NAME_CHARS_MAX)?;
    check::text("en", &category.en, NAME_CHARS_MAX)?;
    if let Some(parent) = &category.parent {
        if *parent == category.code {
            return Err(Refusal::Invalid { field: "parent", problem: Problem::NamesItself });
        }
        match state.category(parent) {
            None => {
                return Err(Refusal::NotFound {
                    field: "parent",
                    missing: Missing::Category(parent.clone()),
                });
            }
            Some(top) if top.parent.is_some() => {
                return Err(Refusal::Invalid { field: "parent", problem: Problem::WrongLevel });
            }
            Some(_) => {}
        }
    }
    for code in &category.substitutes {
        if *code == category.code {
            return Err(Refusal::Invalid { field: "substitutes", problem: Problem::NamesItself });
        }
        check::leaf(state, "substitutes", code)?;
    }
    match state.category(&category.code) {
        Some(old) if old == category => return Ok(Vec::new()),
        // A top with leaves, or a leaf with entries, stays what it is.
        Some(old) if old.parent.is_none() != category.parent.is_none() && in_use(state, &category.code) => {
            return Err(Refusal::CategoryInUse { code: category.code.clone() });
        }
        _ => {}
    }
    Ok(vec![Event::CategoryDefined { category: category.clone() }])
}

pub(super) fn retire_category(state: &State, code: &CategoryCode) -> Result<Vec<Event>, Refusal> {
    if state.category(code).is_none() {
        return Err(Refusal::NotFound { field: "code", missing: Missing::Category(code.clone()) });
    }
    if in_use(state, code) {
        return Err(Refusal::CategoryInUse { code: code.clone() });
    }
    Ok(vec![Event::CategoryRetired { code: code.clone() }])
}

/// Whether a category has leaves, stands in for others, is given to an entry, or has a line in the rule table.
fn in_use(state: &State, code: &CategoryCode) -> bool {
    let is_it =
        |category: &Option<category::Categorized>| category.as_ref().is_some_and(|it| it.code == *code);
    let credited = state.rules().credits.iter().flatten().any(|rule| rule.category.as_ref() == Some(code));
    credited
        || state
            .categories()
            .any(|category| category.parent.as_ref() == Some(code) || category.substitutes.contains(code))
        || state.needs().any(|need| is_it(&need.draft.entry.category))
        || state.resources().any(|resource| is_it(&resource.draft.entry.category))
        || state.projects().any(|project| {
            is_it(&project.draft.entry.category)
                || project.draft.slots.iter().any(|slot| is_it(&slot.category))
        })
}

pub(super) fn add_place(
    state: &State,
    name: &str,
    level: PlaceLevel,
    parent: Option<PlaceId>,
    reference: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    check::text("name", name, NAME_CHARS_MAX)?;
    check::optional_text("reference", reference, NAME_CHARS_MAX)?;
    if let Some(parent) = parent {
        let Some(above) = state.place(parent) else {
            return Err(Refusal::NotFound { field: "parent", missing: Missing::Place(parent) });
        };
        if level <= above.level {
            return Err(Refusal::PlaceTooHigh { level, parent: above.level });
        }
    } else if level > PlaceLevel::Street {
        return Err(Refusal::Invalid { field: "parent", problem: Problem::Empty });
    }
    if state.place_named(parent, name).is_some() {
        return Err(Refusal::NameTaken { name: name.to_owned() });
    }
    if let Some(reference) = reference
        && state.place_referenced(reference).is_some()
    {
        return Err(Refusal::NameTaken { name: reference.to_owned() });
    }
    let place = Place {
        id: PlaceId::new(state.last.place + 1),
        name: name.to_owned(),
        level,
        parent,
        reference: reference.map(str::to_owned),
    };
    Ok(vec![Event::PlaceAdded { place }])
}

pub(super) fn rename_place(state: &State, id: PlaceId, name: &str) -> Result<Vec<Event>, Refusal> {
    check::text("name", name, NAME_CHARS_MAX)?;
    let Some(place) = state.place(id) else {
        return Err(Refusal::NotFound { field: "place", missing: Missing::Place(id) });
    };
    match state.place_named(place.parent, name) {
        Some(same) if same == id => Ok(Vec::new()),
        Some(_) => Err(Refusal::NameTaken { name: name.to_owned() }),
        None => Ok(vec![Event::PlaceRenamed { place: id, name: name.to_owned() }]),
    }
}

fn organization_draft(
    state: &State,
    draft: &OrganizationDraft,
    own: Option<OrganizationId>,
) -> Result<(), Refusal> {
    check::text("name", &draft.name, NAME_CHARS_MAX)?;
    check::optional_text("reference", draft.reference.as_deref(), NAME_CHARS_MAX)?;
    if let Some(place) = draft.place {
        check::place(state, "place", place)?;
    }
    if let Some(capacity) = draft.open_capacity {
        check::range("openCapacity", capacity.into(), 0, 1_000)?;
    }
    match state.organization_named(&draft.name) {
        Some(other) if Some(other) != own => Err(Refusal::NameTaken { name: draft.name.clone() }),
        _ => Ok(()),
    }
}

pub(super) fn register(state: &State, draft: &OrganizationDraft) -> Result<Vec<Event>, Refusal> {
    organization_draft(state, draft, None)?;
    let organization = OrganizationId::new(state.last.organization + 1);
    Ok(vec![Event::OrganizationRegistered { organization, draft: draft.clone() }])
}

pub(super) fn amend(
    state: &State,
    id: OrganizationId,
    draft: &OrganizationDraft,
) -> Result<Vec<Event>, Refusal> {
    let Some(old) = state.organization(id) else {
        return Err(Refusal::NotFound { field: "organization", missing: Missing::Organization(id) });
    };
    organization_draft(state, draft, Some(id))?;
    let left = u64::from(draft.open_capacity.unwrap_or(state.rules().open_capacity));
    let promised = old.engagements.reserved();
    if left < promised {
        return Err(Refusal::BelowPromised { promised, left });
    }
    if promised > 0 && !draft.kind.takes_up_needs() {
        return Err(Refusal::StillAgreed { agreed: promised });
    }
    if old.draft == *draft {
        return Ok(Vec::new());
    }
    Ok(vec![Event::OrganizationAmended { organization: id, draft: draft.clone() }])
}

pub(super) fn link(state: &State, link: RosterLink) -> Result<Vec<Event>, Refusal> {
    check::organization(state, "unit", link.unit)?;
    check::place(state, "community", link.community)?;
    if state.place(link.community).is_some_and(|place| place.level != PlaceLevel::Community) {
        return Err(Refusal::Invalid { field: "community", problem: Problem::WrongLevel });
    }
    if state.roster.contains(&link) {
        return Err(Refusal::AlreadyLinked);
    }
    Ok(vec![Event::RosterLinked { link }])
}

pub(super) fn unlink(state: &State, link: RosterLink) -> Result<Vec<Event>, Refusal> {
    if !state.roster.contains(&link) {
        return Err(Refusal::NotLinked);
    }
    Ok(vec![Event::RosterUnlinked { link }])
}

pub(super) fn add_member(
    state: &State,
    organization: OrganizationId,
    role: Role,
    label: &str,
    token: &TokenHash,
    (now, expires): (Moment, Option<Moment>),
) -> Result<Vec<Event>, Refusal> {
    check::organization(state, "organization", organization)?;
    check::text("label", label, NAME_CHARS_MAX)?;
    tokens::check_end(now, expires)?;
    if state.tokens.contains_key(token) {
        return Err(Refusal::TokenTaken);
    }
    let member = MemberId::new(state.last.member + 1);
    let (label, token) = (label.to_owned(), token.clone());
    Ok(vec![Event::MemberAdded { member, organization, role, label, token, expires }])
}

pub(super) fn revoke_member(state: &State, id: MemberId) -> Result<Vec<Event>, Refusal> {
    match state.member(id) {
        None => Err(Refusal::NotFound { field: "member", missing: Missing::Member(id) }),
        Some(member) if member.revoked.is_some() => Err(Refusal::AlreadyRevoked),
        Some(_) => Ok(vec![Event::MemberRevoked { member: id }]),
    }
}
