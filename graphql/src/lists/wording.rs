//! From the words of a row to the values of the engine: the only place here that asks [`engine::text`].
//!
//! What cannot be read is kept as wording and never guessed.

use super::row::{NumberOrText, When};
use engine::{
    category::{Categorized, CategoryCode},
    entry::{Beneficiaries, BeneficiaryGroup, Form},
    organization::UnitKind,
    quantity::{Measure, Quantity},
    state::State,
    text,
    window::{Hours, Weekdays, Window},
};

/// How much, and whether the words held no number.
pub(super) struct QuantityRead {
    pub(super) quantity: Option<Quantity>,
    pub(super) unread: Option<String>,
}

/// Reads a number or words with their unit. A bare number counts what the form suggests, else pieces.
pub(super) fn quantity(said: Option<&NumberOrText>, unit: Option<&str>, form: Option<Form>) -> QuantityRead {
    let unit = unit.map(str::trim).filter(|unit| !unit.is_empty());
    let (written, bare) = match (said, unit) {
        (None, _) => return QuantityRead { quantity: None, unread: None },
        (Some(NumberOrText::Number(number)), None) => (number.to_string(), true),
        (Some(NumberOrText::Number(number)), Some(unit)) => (format!("{number}{unit}"), false),
        (Some(NumberOrText::Text(text)), None) => (text.clone(), false),
        (Some(NumberOrText::Text(text)), Some(unit)) => {
            let complete = text::quantity::read(text).unit.is_some() || text.ends_with(unit);
            (if complete { text.clone() } else { format!("{text}{unit}") }, false)
        }
    };
    let reading = text::quantity::read(&written);
    let Some(amount) = reading.amount else {
        let quantity = Quantity { wording: Some(written.clone()), ..Quantity::lot() };
        return QuantityRead { quantity: Some(quantity), unread: Some(written) };
    };
    let measure = match reading.measure {
        Measure::Lot if bare && amount != 1 => bare_measure(form),
        read => read,
    };
    let plain = written == format!("{amount}{}", measure.unit()) || bare;
    let approximate = reading.approximate;
    let wording = if plain { None } else { Some(written) };
    QuantityRead { quantity: Some(Quantity { amount, measure, approximate, wording }), unread: None }
}

fn bare_measure(form: Option<Form>) -> Measure {
    match form {
        Some(Form::Money) => Measure::Money,
        Some(Form::People) => Measure::People,
        Some(Form::Service) => Measure::Sessions,
        Some(Form::Goods | Form::Works | Form::Venue) | None => Measure::Items,
    }
}

/// The form a measure leaves no doubt about.
pub(super) fn form_of(quantity: Option<&Quantity>) -> Option<Form> {
    quantity.filter(|quantity| quantity.measure == Measure::Money).map(|_| Form::Money)
}

/// A time frame: what the words tell, overruled by the figures.
pub(super) fn window(when: &When) -> Window {
    let read = when.time.as_deref().map(text::time::read);
    let read = read.as_ref();
    let hours = read.and_then(|read| read.hours).map(|(from, to)| Hours { from, to });
    Window {
        from: when.from.or_else(|| read.and_then(|read| read.from)),
        to: when.to.or_else(|| read.and_then(|read| read.to)),
        hours: when.hours.or(hours.filter(|hours| hours.from < engine::window::DAY_MINUTES)),
        weekdays: read.and_then(|read| read.weekdays).filter(|days| *days != 0).map(Weekdays),
        wording: when.time.clone(),
    }
}

/// What a category cell and the wording say together.
pub(super) enum CategoryRead {
    /// A person stated it.
    Stated(Categorized),
    /// The wording tells it, or nothing does; the candidates, best first.
    Worded(Option<Categorized>, String),
    /// The cell holds a code that the taxonomy has not.
    NoSuchCode,
    /// The cell holds words that the taxonomy has not; the wording tells this.
    NoSuchLabel(Option<Categorized>),
}

/// Finds the category: a leaf by code or label; below a top, or without any, by the wording.
pub(super) fn category(state: &State, leaf: Option<&str>, top: Option<&str>, title: &str) -> CategoryRead {
    let named = leaf.map(|leaf| (leaf, find(state, leaf)));
    let below = match named {
        Some((_, Some(category))) if category.parent.is_some() => {
            return CategoryRead::Stated(Categorized::stated(category.code.clone()));
        }
        Some((_, Some(category))) => Some(category.code.clone()),
        Some((_, None)) | None => top.and_then(|top| find(state, top)).map(|top| top.code.clone()),
    };
    let guess = text::classify::Lexicon::builtin().classify(title);
    let fits = |code: &CategoryCode| {
        let leaf = state.category(code).filter(|category| category.parent.is_some());
        leaf.is_some_and(|leaf| below.is_none() || leaf.parent == below || Some(&leaf.code) == below.as_ref())
    };
    let worded = guess
        .leaf
        .as_deref()
        .and_then(|leaf| CategoryCode::new(leaf).ok())
        .filter(fits)
        .map(|code| Categorized { code, confidence: guess.confidence.min(999) });
    match named {
        Some((code, None)) if CategoryCode::new(code).is_ok() => CategoryRead::NoSuchCode,
        Some((_, None)) => CategoryRead::NoSuchLabel(worded),
        _ => {
            let codes: Vec<&str> = guess.candidates.iter().map(|candidate| candidate.leaf.as_str()).collect();
            CategoryRead::Worded(worded, codes.join(" "))
        }
    }
}

/// A category by its code, or by its Chinese or English label; a leaf before a top of the same label.
fn find<'a>(state: &'a State, name: &str) -> Option<&'a engine::category::Category> {
    let upper = name.trim().to_uppercase();
    if let Some(category) = CategoryCode::new(&upper).ok().and_then(|code| state.category(&code)) {
        return Some(category);
    }
    let is_it = |category: &&engine::category::Category| {
        category.zh == name.trim() || category.en.eq_ignore_ascii_case(name.trim())
    };
    let all = || state.categories().map(std::sync::Arc::as_ref);
    all().filter(|category| category.parent.is_some()).find(is_it).or_else(|| all().find(is_it))
}

/// What a resident unit is: by what the list says it is, else by its name.
pub(super) fn unit_kind(said: Option<&str>, name: &str) -> UnitKind {
    said.and_then(UnitKind::read).or_else(|| UnitKind::guess(name)).unwrap_or(UnitKind::Other)
}

/// Words that mean one group of people.
const GROUPS: [(BeneficiaryGroup, &[&str]); 8] = [
    (BeneficiaryGroup::Elders, &["老人", "老年", "独居", "空巢", "高龄", "长者", "银龄", "失能"]),
    (
        BeneficiaryGroup::Children,
        &["儿童", "学生", "青少年", "孩子", "学龄", "子女", "未成年", "少儿", "幼儿"],
    ),
    (BeneficiaryGroup::Disabled, &["残疾", "重残", "听障", "视障", "助残", "自闭症"]),
    (BeneficiaryGroup::LowIncome, &["低保", "困难", "特困", "五保", "困境"]),
    (BeneficiaryGroup::NewJobs, &["骑手", "快递", "外卖", "新就业", "网约车"]),
    (BeneficiaryGroup::Veterans, &["退役", "退伍", "复员", "老兵"]),
    (BeneficiaryGroup::PartyMembers, &["党员"]),
    (BeneficiaryGroup::Enterprises, &["企业", "职工", "商户", "员工", "白领", "商家"]),
];
const EVERYBODY: [&str; 4] = ["居民", "群众", "业主", "市民"];

/// Whom it is for. The group is read only when the words leave one choice: 「老人、残疾人」 is two groups
/// and stays wording, 「周边居民，老人优惠」 is for everybody.
pub(super) fn beneficiaries(said: Option<&NumberOrText>) -> Beneficiaries {
    let words = match said {
        None => return Beneficiaries::default(),
        Some(NumberOrText::Number(count)) => {
            return Beneficiaries { count: u32::try_from(*count).ok(), ..Beneficiaries::default() };
        }
        Some(NumberOrText::Text(words)) => words,
    };
    let mut found = Vec::new();
    for part in words.split(['、', '，', ',', '；', ';', '和', '及']) {
        let mut groups: Vec<BeneficiaryGroup> = GROUPS
            .iter()
            .filter(|(_, known)| known.iter().any(|word| part.contains(word)))
            .map(|(group, _)| *group)
            .collect();
        if groups.is_empty() && EVERYBODY.iter().any(|word| part.contains(word)) {
            groups.push(BeneficiaryGroup::Residents);
        }
        found.extend(groups);
    }
    found.sort_unstable();
    found.dedup();
    let group = match found.as_slice() {
        [one] => Some(*one),
        several if several.contains(&BeneficiaryGroup::Residents) => Some(BeneficiaryGroup::Residents),
        _ => None,
    };
    let count = text::heads::read(words).and_then(|count| u32::try_from(count).ok());
    Beneficiaries { group, count, wording: Some(words.clone()) }
}
