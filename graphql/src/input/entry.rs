//! The part of an input that all three lists share: stated whole, or as a patch.

use super::{patch, patch_required, patch_text};
use crate::{
    reading::{self, Reading},
    schema::{
        scalar::{Date, LocalTime},
        user_error::UserErrorCode,
        words::{BeneficiaryGroup, Form, Measure, Weekday},
    },
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use engine::{
    category::Categorized,
    entry::{Beneficiaries, EntryDraft},
    quantity::Quantity,
    window::{Hours, Weekdays, Window},
};

/// An amount of something 数量: a number with its measure or unit, or words to be read, such as 「20余户」.
#[derive(Clone, Debug, InputObject)]
pub struct QuantityInput {
    /// How much; read from `wording` when it is not said. In base units of the measure, money in yuan.
    pub amount: Option<i32>,
    /// What is counted 计量; when it is not said, `unit` tells.
    pub measure: Option<Measure>,
    /// The unit in words, such as 场 or 万元; it may be one of the street's own.
    pub unit: Option<String>,
    /// Whether the words said about (余, 近, 约).
    #[graphql(default)]
    pub approximate: bool,
    /// The words, when they say more than the number, or when they are all there is.
    pub wording: Option<String>,
}

impl QuantityInput {
    /// The amount as the engine knows it.
    pub fn read(&self, reading: &mut Reading) -> Option<Quantity> {
        let Some(amount) = self.amount else {
            let words = self.wording.as_deref().map(reading::quantity);
            if words.is_none() {
                let (zh, en) = ("请写明数量", "say how much");
                reading.complain(UserErrorCode::Required, "quantity.amount", zh, en);
            }
            return words;
        };
        let amount = reading.count("quantity.amount", amount)?;
        if let (Some(measure), Some(unit)) = (self.measure.and_then(Measure::named), self.unit.as_deref())
            && reading::amount_of(amount, unit).measure != measure
        {
            let (zh, en) = ("与 measure 不符,两者只填其一", "is not of this measure: give one of the two");
            reading.complain(UserErrorCode::Invalid, "quantity.unit", zh, en);
            return None;
        }
        let read = match (self.measure.and_then(Measure::named), self.measure, self.unit.as_deref()) {
            (Some(measure), ..) => Quantity::of(amount, measure),
            (None, _, Some(unit)) => reading::amount_of(amount, unit),
            (None, None, None) => Quantity::of(amount, engine::quantity::Measure::Lot),
            (None, Some(_), None) => {
                let (zh, en) = ("请写明单位", "say which unit");
                reading.complain(UserErrorCode::Required, "quantity.unit", zh, en);
                return None;
            }
        };
        let wording = self.wording.clone().or(read.wording);
        Some(Quantity { approximate: self.approximate, wording, ..read })
    }
}

/// Hours of the day 时段. An end at or before the beginning runs over midnight.
#[derive(Clone, Debug, InputObject)]
pub struct HoursInput {
    /// From when.
    pub from: LocalTime,
    /// Until when.
    pub to: LocalTime,
}

/// A time frame 时间. What is not said is open; when only words are given, they are read.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WindowInput {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Hours of the day.
    pub hours: Option<HoursInput>,
    /// Days of the week.
    pub weekdays: Option<Vec<Weekday>>,
    /// The words of the list, such as 「周末 9:00-17:00」, when they say more, or when they are all there is.
    pub wording: Option<String>,
}

impl WindowInput {
    /// The window as the engine knows it; open where it could not be read.
    pub fn read(&self, reading: &mut Reading) -> Window {
        if let Self { from: None, to: None, hours: None, weekdays: None, wording: Some(wording) } = self {
            return reading::window(wording);
        }
        let hours = self.hours.as_ref().and_then(|hours| {
            let from = reading.minutes("window.hours.from", &hours.from);
            let to = reading.minutes("window.hours.to", &hours.to);
            Some(Hours { from: from?, to: to? })
        });
        let weekdays =
            self.weekdays.as_ref().map(|days| Weekdays(days.iter().fold(0, |bits, day| bits | day.bit())));
        Window {
            from: self.from.as_ref().and_then(|date| reading.date("window.from", date)),
            to: self.to.as_ref().and_then(|date| reading.date("window.to", date)),
            hours,
            weekdays,
            wording: self.wording.clone(),
        }
    }
}

/// Whom something is for 服务对象.
#[derive(Clone, Debug, Default, InputObject)]
pub struct BeneficiariesInput {
    /// The group.
    pub group: Option<BeneficiaryGroup>,
    /// Persons or households.
    pub count: Option<i32>,
    /// The words of the list.
    pub wording: Option<String>,
}

impl BeneficiariesInput {
    fn read(&self, reading: &mut Reading) -> Beneficiaries {
        Beneficiaries {
            group: self.group.map(Into::into),
            count: self.count.and_then(|count| reading.count("beneficiaries.count", count)),
            wording: self.wording.clone(),
        }
    }
}

/// What is said when an entry is posted; its fields appear in each of the inputs.
#[derive(Clone, Debug, InputObject)]
pub struct EntryInput {
    /// What is asked, offered or proposed 标题; 1 to 200 characters.
    pub title: String,
    /// More of it 详情; up to 2000 characters.
    pub detail: Option<String>,
    /// Who posts it 发布方; the caller's own organization when not said.
    pub organization: Option<ID>,
    /// Where it is needed, lies, or happens 地点; where the poster sits when not said.
    pub place: Option<ID>,
    /// What it is about 类别, by global id or code; read from the title when not said.
    pub category: Option<ID>,
    /// What kind of thing it is 形式.
    pub form: Option<Form>,
    /// How much 数量; one whole thing when not said.
    pub quantity: Option<QuantityInput>,
    /// When 时间; open when not said.
    pub window: Option<WindowInput>,
    /// Whom it is for 服务对象.
    pub beneficiaries: Option<BeneficiariesInput>,
    /// The identity it has in another list 外部编号; unique within this list.
    pub reference: Option<String>,
    /// Where it was published 出处.
    pub source: Option<String>,
    /// What its list says when the matter is already in other hands; such an entry is not matched.
    pub settled: Option<String>,
}

impl EntryInput {
    /// The draft as the engine knows it.
    pub fn read(&self, reading: &mut Reading) -> Option<EntryDraft> {
        let organization = reading.organization_or_own("organization", self.organization.as_ref());
        let place = self.place.as_ref().map(|id| reading.place("place", id));
        let category = match &self.category {
            Some(code) => reading.category("category", code).map(Categorized::stated),
            None => reading::categorize(&reading.state, &self.title),
        };
        let quantity = self.quantity.as_ref().and_then(|quantity| quantity.read(reading));
        let window = self.window.as_ref().map(|window| window.read(reading)).unwrap_or_default();
        let beneficiaries = self.beneficiaries.as_ref().map(|it| it.read(reading)).unwrap_or_default();
        Some(EntryDraft {
            title: self.title.clone(),
            detail: self.detail.clone(),
            organization: organization?,
            place: place.flatten(),
            category,
            form: self.form.map(Into::into),
            quantity,
            window,
            beneficiaries,
            reference: self.reference.clone(),
            source: self.source.clone(),
            settled: self.settled.clone(),
        })
    }
}

/// What is said when an entry is amended: absent stays, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct EntryPatch {
    /// What is asked, offered or proposed 标题; 1 to 200 characters. Cannot be cleared.
    pub title: MaybeUndefined<String>,
    /// More of it 详情; up to 2000 characters.
    pub detail: MaybeUndefined<String>,
    /// Who posts it 发布方. Cannot be cleared.
    pub organization: MaybeUndefined<ID>,
    /// Where it is needed, lies, or happens 地点; cleared = where the poster sits.
    pub place: MaybeUndefined<ID>,
    /// What it is about 类别, by global id or code.
    pub category: MaybeUndefined<ID>,
    /// What kind of thing it is 形式.
    pub form: MaybeUndefined<Form>,
    /// How much 数量, as a whole; cleared = one whole thing.
    pub quantity: MaybeUndefined<QuantityInput>,
    /// When 时间, as a whole; cleared = open.
    pub window: MaybeUndefined<WindowInput>,
    /// Whom it is for 服务对象, as a whole.
    pub beneficiaries: MaybeUndefined<BeneficiariesInput>,
    /// The identity it has in another list 外部编号; unique within this list.
    pub reference: MaybeUndefined<String>,
    /// Where it was published 出处.
    pub source: MaybeUndefined<String>,
    /// What its list says when the matter is already in other hands; such an entry is not matched.
    pub settled: MaybeUndefined<String>,
}

impl EntryPatch {
    /// Changes a draft by what the patch says.
    pub fn apply(&self, reading: &mut Reading, draft: &mut EntryDraft) {
        patch_required(reading, "title", &mut draft.title, &self.title, |_, title| Some(title.clone()));
        patch_text(&mut draft.detail, &self.detail);
        patch_required(
            reading,
            "organization",
            &mut draft.organization,
            &self.organization,
            |reading, id| reading.organization("organization", id),
        );
        patch(reading, &mut draft.place, &self.place, |reading, id| reading.place("place", id));
        patch(reading, &mut draft.category, &self.category, |reading, code| {
            reading.category("category", code).map(Categorized::stated)
        });
        patch(reading, &mut draft.form, &self.form, |_, form| Some((*form).into()));
        patch(reading, &mut draft.quantity, &self.quantity, |reading, it| it.read(reading));
        match &self.window {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => draft.window = Window::open(),
            MaybeUndefined::Value(window) => draft.window = window.read(reading),
        }
        match &self.beneficiaries {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => draft.beneficiaries = Beneficiaries::default(),
            MaybeUndefined::Value(it) => draft.beneficiaries = it.read(reading),
        }
        patch_text(&mut draft.reference, &self.reference);
        patch_text(&mut draft.source, &self.source);
        patch_text(&mut draft.settled, &self.settled);
    }
}
