//! Reading input: from what a client sent to the engine's types, collecting what cannot be read.
//!
//! A [`Reading`] goes on after a fault, so that a person sees all that is wrong with a form at once.
//! What is readable and still not right (too long, out of range, not there) is for `decide` to refuse.

mod unseen;

pub use unseen::Unseen;

use crate::schema::{
    identity::NodeId,
    naming::Called,
    scalar::{Date, DateTime, LocalTime},
    scope::Snapshot,
    user_error::{UserError, UserErrorCode},
};
use async_graphql::ID;
use chrono::NaiveDate;
use engine::{
    agreement,
    category::{Categorized, CategoryCode},
    contact,
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, ProjectId, ResourceId,
    },
    meeting::Item,
    member::Caller,
    moment::Moment,
    pairing::{Supplier, Target},
    quantity::Quantity,
    refusal::{Refusal, wording::Language},
    state::State,
    text::{self, classify::Lexicon, measure},
    window::{Hours, Weekdays, Window},
};
/// What is read against, and what could not be read so far.
pub struct Reading {
    /// The state that amendments are merged onto, as the caller sees it.
    pub state: Snapshot,
    /// Who speaks.
    pub caller: Caller,
    /// In which language to complain.
    pub language: Language,
    /// The part of the input that is being read; none is the whole.
    part: Option<&'static str>,
    errors: Vec<UserError>,
    unseen: Unseen,
}

impl Reading {
    /// Nothing read yet.
    pub fn new(state: Snapshot, caller: Caller, language: Language) -> Self {
        Self { state, caller, language, part: None, errors: Vec::new(), unseen: Unseen::default() }
    }

    /// Reads a part of the input that is made like a whole one: what cannot be read stands there.
    pub fn within<T>(&mut self, part: &'static str, read: impl FnOnce(&mut Self) -> T) -> T {
        let whole = self.part.replace(part);
        let it = read(self);
        self.part = whole;
        it
    }

    /// What was given and is not the caller's to see.
    pub fn unseen(&self) -> Unseen {
        self.unseen.clone()
    }

    /// What could not be read.
    pub fn into_errors(self) -> Vec<UserError> {
        self.errors
    }

    /// Whether all could be read so far.
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// Notes that a field could not be read.
    pub fn complain(&mut self, code: UserErrorCode, field: &str, zh: &str, en: &str) {
        let field = self.part.map_or_else(|| field.to_owned(), |part| format!("{part}.{field}"));
        let message = match self.language {
            Language::Chinese => format!("{field}:{zh}"),
            Language::English => format!("{field}: {en}"),
        };
        self.errors.push(UserError { code, field: Some(field), message });
    }

    /// Says of all that could not be read where among several it stood.
    pub fn into_errors_of(self, part: &str) -> Vec<UserError> {
        let within = |field: Option<String>| match field {
            Some(field) => format!("{part}.{field}"),
            None => part.to_owned(),
        };
        self.errors.into_iter().map(|it| UserError { field: Some(within(it.field)), ..it }).collect()
    }

    /// Notes what the engine would say.
    pub fn refuse(&mut self, refusal: &Refusal) {
        let called = Called::new(&self.state, self.language);
        let error = UserError::refused(&self.unseen.told(refusal), Some, called);
        self.errors.push(error);
    }

    /// Notes that null was given for something that must be there.
    pub fn require(&mut self, field: &str) {
        self.complain(UserErrorCode::Required, field, "不能清空", "cannot be cleared");
    }

    fn id<T>(&mut self, field: &str, id: &ID, wanted: &str, pick: impl Fn(NodeId) -> Option<T>) -> Option<T> {
        match NodeId::read(id) {
            None => {
                let (zh, en) = ("不是有效的标识", "is not an id of this server");
                self.complain(UserErrorCode::MalformedId, field, zh, en);
                None
            }
            Some(node) => {
                let found = node.type_name();
                let picked = pick(self.unseen.read(&self.state, node));
                if picked.is_none() {
                    self.complain(
                        UserErrorCode::WrongIdType,
                        field,
                        &format!("应为 {wanted} 的标识,实为 {found}"),
                        &format!("should be the id of {wanted}, is that of {found}"),
                    );
                }
                picked
            }
        }
    }

    /// The id of a place.
    pub fn place(&mut self, field: &str, id: &ID) -> Option<PlaceId> {
        self.id(field, id, "Place", |node| if let NodeId::Place(id) = node { Some(id) } else { None })
    }

    /// The id of an organization.
    pub fn organization(&mut self, field: &str, id: &ID) -> Option<OrganizationId> {
        self.id(
            field,
            id,
            "Organization",
            |node| {
                if let NodeId::Organization(id) = node { Some(id) } else { None }
            },
        )
    }

    /// The organization that is named, or else the caller's own.
    pub fn organization_or_own(&mut self, field: &str, id: Option<&ID>) -> Option<OrganizationId> {
        match (id, self.caller) {
            (Some(id), _) => self.organization(field, id),
            (None, Caller::Member { organization, .. }) => Some(organization),
            (None, Caller::System | Caller::Public) => {
                self.complain(UserErrorCode::Required, field, "请说明是哪个组织", "say which organization");
                None
            }
        }
    }

    /// The id of a member.
    pub fn member(&mut self, field: &str, id: &ID) -> Option<MemberId> {
        self.id(field, id, "Member", |node| if let NodeId::Member(id) = node { Some(id) } else { None })
    }

    /// The id of a need.
    pub fn need(&mut self, field: &str, id: &ID) -> Option<NeedId> {
        self.id(field, id, "Need", |node| if let NodeId::Need(id) = node { Some(id) } else { None })
    }

    /// The id of a resource.
    pub fn resource(&mut self, field: &str, id: &ID) -> Option<ResourceId> {
        self.id(field, id, "Resource", |node| if let NodeId::Resource(id) = node { Some(id) } else { None })
    }

    /// The id of a project.
    pub fn project(&mut self, field: &str, id: &ID) -> Option<ProjectId> {
        self.id(field, id, "Project", |node| if let NodeId::Project(id) = node { Some(id) } else { None })
    }

    /// The id of a pairing.
    pub fn pairing(&mut self, field: &str, id: &ID) -> Option<PairingId> {
        self.id(field, id, "Pairing", |node| if let NodeId::Pairing(id) = node { Some(id) } else { None })
    }

    /// The id of a contact.
    pub fn contact(&mut self, field: &str, id: &ID) -> Option<ContactId> {
        self.id(field, id, "Contact", |node| if let NodeId::Contact(id) = node { Some(id) } else { None })
    }

    /// The id of what may have contacts.
    pub fn contact_subject(&mut self, field: &str, id: &ID) -> Option<contact::Subject> {
        self.id(field, id, "Organization | Need | Resource | Project", |node| node.subject())
    }

    /// The id of an agreement.
    pub fn agreement(&mut self, field: &str, id: &ID) -> Option<AgreementId> {
        self.id(field, id, "Agreement", |node| if let NodeId::Agreement(id) = node { Some(id) } else { None })
    }

    /// The id of a delivery.
    pub fn delivery(&mut self, field: &str, id: &ID) -> Option<DeliveryId> {
        self.id(field, id, "Delivery", |node| if let NodeId::Delivery(id) = node { Some(id) } else { None })
    }

    /// The id of what an agreement may be about.
    pub fn subject(&mut self, field: &str, id: &ID) -> Option<agreement::Subject> {
        self.id(field, id, "Project | Pairing", |node| match node {
            NodeId::Project(project) => Some(agreement::Subject::Project(project)),
            NodeId::Pairing(pairing) => Some(agreement::Subject::Pairing(pairing)),
            _ => None,
        })
    }

    /// The id of a bid.
    pub fn bid(&mut self, field: &str, id: &ID) -> Option<BidId> {
        self.id(field, id, "Bid", |node| if let NodeId::Bid(id) = node { Some(id) } else { None })
    }

    /// The id of a meeting.
    pub fn meeting(&mut self, field: &str, id: &ID) -> Option<MeetingId> {
        self.id(field, id, "Meeting", |node| if let NodeId::Meeting(id) = node { Some(id) } else { None })
    }

    /// The id of a pairing or project.
    pub fn item(&mut self, field: &str, id: &ID) -> Option<Item> {
        self.id(field, id, "Pairing | Project", |node| node.item())
    }

    /// The id of a need or slot.
    pub fn target(&mut self, field: &str, id: &ID) -> Option<Target> {
        self.id(field, id, "Need | Slot", |node| node.target())
    }

    /// The id of a resource or organization.
    pub fn supplier(&mut self, field: &str, id: &ID) -> Option<Supplier> {
        self.id(field, id, "Resource | Organization", |node| node.supplier())
    }

    /// The code or the global id of a category.
    pub fn category(&mut self, field: &str, text: &str) -> Option<CategoryCode> {
        if let Some(NodeId::Category(code)) = NodeId::read(text) {
            return Some(code);
        }
        let code = CategoryCode::new(text).ok();
        if code.is_none() {
            let en = "is not a category code: 2 to 32 upper-case letters, digits or hyphens";
            let zh = "不是类别代码:2 到 32 个大写字母、数字或连字符";
            self.complain(UserErrorCode::Unreadable, field, zh, en);
        }
        code
    }

    /// A day.
    pub fn date(&mut self, field: &str, date: &Date) -> Option<NaiveDate> {
        let day = date.day();
        match day {
            Some(day) if Date::is_sane(day) => {}
            Some(_) => self.beyond_years(field),
            None => {
                let (zh, en) = ("不是日期,应如 2026-05-01", "is not a day such as 2026-05-01");
                self.complain(UserErrorCode::Unreadable, field, zh, en);
            }
        }
        day
    }

    /// A moment.
    pub fn moment(&mut self, field: &str, moment: DateTime) -> Option<Moment> {
        if !moment.is_sane() {
            self.beyond_years(field);
        }
        Some(moment.0)
    }

    fn beyond_years(&mut self, field: &str) {
        let (zh, en) = ("应在 2000 年到 2199 年之间", "must lie in the years 2000 to 2199");
        self.complain(UserErrorCode::Invalid, field, zh, en);
    }

    /// A time of the day, in minutes after midnight.
    pub fn minutes(&mut self, field: &str, time: &LocalTime) -> Option<u16> {
        let read = || {
            let (hours, minutes) = time.0.trim().split_once(':')?;
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            let total = hours.checked_mul(60)?.checked_add(minutes)?;
            (minutes < 60 && total <= engine::window::DAY_MINUTES).then_some(total)
        };
        let minutes = read();
        if minutes.is_none() {
            let (zh, en) = ("不是时刻,应如 18:30", "is not a time of the day such as 18:30");
            self.complain(UserErrorCode::Unreadable, field, zh, en);
        }
        minutes
    }

    /// A whole number that is not negative, in the width the engine wants.
    pub fn count<T: TryFrom<i32>>(&mut self, field: &str, count: i32) -> Option<T> {
        let read = T::try_from(count).ok();
        if read.is_none() && count < 0 {
            let (zh, en) = (format!("不能为负,实为 {count}"), format!("must not be negative, got {count}"));
            self.complain(UserErrorCode::Invalid, field, &zh, &en);
        } else if read.is_none() {
            let (zh, en) = (format!("{count} 过大"), format!("{count} is too large"));
            self.complain(UserErrorCode::Invalid, field, &zh, &en);
        }
        read
    }

    /// A whole number between two others, both allowed.
    pub fn between<T: TryFrom<i32>>(&mut self, field: &str, count: i32, (min, max): (i32, i32)) -> Option<T> {
        if (min..=max).contains(&count) {
            return self.count(field, count);
        }
        let zh = format!("应在 {min} 到 {max} 之间,实为 {count}");
        let en = format!("must lie between {min} and {max}, got {count}");
        self.complain(UserErrorCode::Invalid, field, &zh, &en);
        None
    }
}

/// An amount in a unit that is written in words: `2` of 「万元」 is 20000 yuan. What the words say beyond
/// the number is kept.
pub fn amount_of(amount: u64, unit: &str) -> Quantity {
    let (measure, factor) = measure::measure(unit);
    let wording = (measure.unit() != unit.trim()).then(|| format!("{amount}{}", unit.trim()));
    Quantity { amount: amount.saturating_mul(factor), measure, approximate: false, wording }
}

/// A quantity as lists word it, such as 「20余户」; one whole thing when the words give no number.
pub fn quantity(wording: &str) -> Quantity {
    let read = text::quantity::read(wording);
    let wording = Some(read.original);
    match read.amount {
        Some(amount) => Quantity { amount, measure: read.measure, approximate: read.approximate, wording },
        None => Quantity { wording, ..Quantity::lot() },
    }
}

/// A time frame as lists word it, such as 「周末 9:00-17:00」; open where the words bound nothing.
pub fn window(wording: &str) -> Window {
    let read = text::time::read(wording);
    Window {
        from: read.from,
        to: read.to,
        hours: read.hours.map(|(from, to)| Hours { from, to }),
        weekdays: read.weekdays.map(Weekdays),
        wording: Some(read.original),
    }
}

/// The category that can be read from a title with confidence, if the street has it.
pub fn categorize(state: &State, title: &str) -> Option<Categorized> {
    let guess = Lexicon::builtin().classify(title);
    let code = CategoryCode::new(guess.leaf.as_deref()?).ok()?;
    state.category(&code)?.parent.as_ref()?;
    // 1000 is what a person states.
    Some(Categorized { code, confidence: guess.confidence.min(999) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::viewed::Viewed;
    use engine::{permission::View, quantity::Measure};
    use std::sync::Arc;

    fn reading() -> Reading {
        let state = Viewed::new(Arc::new(State::empty()), View::Notices);
        Reading::new(Arc::new(state), Caller::Public, Language::English)
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_field() {
        let mut reading = reading();
        assert_eq!(reading.need("need", &ID("x".into())), None);
        assert_eq!(reading.need("need", &NodeId::Place(PlaceId::new(1)).id()), None);
        assert_eq!(reading.date("window.from", &Date("2026-02-30".into())), None);
        assert_eq!(reading.minutes("window.hours.to", &LocalTime("25:00".into())), None);
        for day in ["0000-01-01", "1999-12-31", "2200-01-01"] {
            reading.date("on", &Date(day.into()));
        }
        for day in ["2000-01-01", "2199-12-31"] {
            reading.date("at", &Date(day.into()));
        }
        let codes: Vec<_> =
            reading.into_errors().into_iter().map(|error| (error.code, error.field.unwrap())).collect();
        assert_eq!(
            codes,
            [
                (UserErrorCode::MalformedId, "need".to_owned()),
                (UserErrorCode::WrongIdType, "need".to_owned()),
                (UserErrorCode::Unreadable, "window.from".to_owned()),
                (UserErrorCode::Unreadable, "window.hours.to".to_owned()),
                (UserErrorCode::Invalid, "on".to_owned()),
                (UserErrorCode::Invalid, "on".to_owned()),
                (UserErrorCode::Invalid, "on".to_owned()),
            ]
        );
    }

    #[test]
    fn times_of_the_day_are_minutes_after_midnight() {
        let mut reading = reading();
        for (text, minutes) in [("00:00", 0), ("8:05", 485), ("18:30", 1110), ("24:00", 1440)] {
            assert_eq!(reading.minutes("hours", &LocalTime(text.into())), Some(minutes), "{text}");
        }
        for text in ["", "18", "18:60", "24:01", "-1:00", "18:3o"] {
            assert_eq!(reading.minutes("hours", &LocalTime(text.into())), None, "{text}");
        }
    }

    #[test]
    fn units_and_quantities_in_words_become_base_units() {
        assert_eq!(amount_of(3, "场"), Quantity::of(3, Measure::Sessions));
        let money = Quantity { wording: Some("2万元".into()), ..Quantity::of(20_000, Measure::Money) };
        assert_eq!(amount_of(2, "万元"), money);
        assert_eq!((quantity("20余户").amount, quantity("20余户").approximate), (20, true));
        assert_eq!((quantity("若干").amount, quantity("若干").measure), (1, Measure::Lot));
        assert_eq!(window("周末 9:00-17:00").hours, Some(Hours { from: 540, to: 1020 }));
    }

    #[test]
    fn a_category_that_the_street_has_not_is_not_given() {
        assert_eq!(categorize(&State::empty(), "老旧小区加装电梯"), None);
    }
}
