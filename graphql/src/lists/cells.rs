//! The cells of one row under the names of known fields, and reading them as the types they should hold.
//!
//! An empty text, `null`, and the signs that lists put for "nothing" are a cell that is not there. A wrong
//! cell is noted and read as not there, so that one pass finds all that is wrong with a row.

use super::problem::{Fault, Location, RowProblem, Wanted};
use chrono::NaiveDate;
use engine::window::{DAY_MINUTES, Hours};
use serde_json::Value;
use std::collections::BTreeMap;

/// The fields that rows may have.
pub(super) const FIELDS: [&str; 39] = [
    "id",
    "kind",
    "title",
    "name",
    "detail",
    "leaf",
    "top",
    "org",
    "org_type",
    "unit_type",
    "community",
    "street",
    "city",
    "place",
    "quantity",
    "unit",
    "time",
    "from",
    "to",
    "hours",
    "beneficiaries",
    "status",
    "source",
    "channel",
    "urgency",
    "ceiling",
    "form",
    "lots",
    "serves",
    "conditions",
    "slots",
    "required",
    "needs",
    "open_capacity",
    "level",
    "parent",
    "relation",
    "category",
    "organization",
];

/// The canonical name of a field; two are called otherwise here and there.
pub(super) fn known(field: &str) -> Option<&'static str> {
    let field = match field {
        "category" => "leaf",
        "organization" | "organisation" => "org",
        "openCapacity" => "open_capacity",
        "orgType" => "org_type",
        "unitType" => "unit_type",
        other => other,
    };
    FIELDS.iter().find(|known| **known == field).copied()
}

/// Texts that say "nothing" where a name is asked.
const NOBODY: [&str; 10] = ["(匿名)", "（匿名）", "匿名", "不详", "无", "暂无", "-", "—", "/", "N/A"];

/// The cells of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cells(BTreeMap<&'static str, Value>);

impl Cells {
    pub(super) fn put(&mut self, field: &'static str, value: Value) {
        let nothing = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            _ => false,
        };
        if !nothing {
            self.0.entry(field).or_insert(value);
        }
    }

    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Whether anything is said but these fields.
    pub(super) fn says_more_than(&self, fields: &[&str]) -> bool {
        self.0.keys().any(|field| !fields.contains(field))
    }

    /// The row in one fixed spelling: what request ids are made from and repeated rows are known by.
    pub(super) fn canonical(&self) -> String {
        let plain: BTreeMap<&str, Value> =
            self.0.iter().map(|(field, value)| (*field, trimmed(value))).collect();
        serde_json::to_string(&plain).unwrap_or_default()
    }
}

fn trimmed(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.trim().to_owned()),
        other => other.clone(),
    }
}

/// Reads the cells of one row and keeps what is wrong with them.
pub(super) struct Reader<'a> {
    cells: &'a Cells,
    at: &'a Location,
    /// Put before the names of fields, such as `slots.2.`.
    prefix: String,
    pub(super) problems: Vec<RowProblem>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(at: &'a Location, cells: &'a Cells, prefix: String) -> Self {
        Self { cells, at, prefix, problems: Vec::new() }
    }

    pub(super) fn note(&mut self, field: &str, fault: Fault) {
        let field = format!("{}{field}", self.prefix);
        self.problems.push(RowProblem::of_field(self.at.clone(), field, fault));
    }

    fn wrong<T>(&mut self, field: &str, wanted: Wanted, value: &Value) -> Option<T> {
        self.note(field, Fault::WrongType { wanted, got: type_of(value) });
        None
    }

    /// Text; trimmed, never empty.
    pub(super) fn text(&mut self, field: &str) -> Option<String> {
        match self.cells.get(field)? {
            Value::String(text) => Some(text.trim().to_owned()),
            value => self.wrong(field, Wanted::Text, value),
        }
    }

    /// Text that must be there.
    pub(super) fn needed(&mut self, field: &str) -> Option<String> {
        if !self.cells.has(field) {
            self.note(field, Fault::Missing);
        }
        self.text(field)
    }

    /// The name of somebody or something; the signs for "nothing" are not there.
    pub(super) fn name(&mut self, field: &str) -> Option<String> {
        self.text(field).filter(|name| !NOBODY.contains(&name.as_str()))
    }

    /// An id: text, or a whole number as text.
    pub(super) fn id(&mut self) -> Option<String> {
        match self.cells.get("id")? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) if number.is_u64() => Some(number.to_string()),
            value => self.wrong("id", Wanted::Text, value),
        }
    }

    /// A whole number from 0 on, in figures or as text of figures.
    pub(super) fn number(&mut self, field: &str) -> Option<u64> {
        match self.cells.get(field)? {
            Value::Number(number) => match number.as_u64() {
                Some(number) => Some(number),
                None => {
                    self.note(field, Fault::NotANumber { value: number.to_string() });
                    None
                }
            },
            Value::String(text) => match text.trim().replace([',', '，'], "").parse() {
                Ok(number) => Some(number),
                Err(_) => {
                    self.note(field, Fault::NotANumber { value: text.clone() });
                    None
                }
            },
            value => self.wrong(field, Wanted::Number, value),
        }
    }

    /// A number or text, as text; the number may have decimals but no sign.
    pub(super) fn number_or_text(&mut self, field: &str) -> Option<NumberOrText> {
        match self.cells.get(field)? {
            Value::Number(number) => match (number.as_u64(), number.as_f64()) {
                (Some(whole), _) => Some(NumberOrText::Number(whole)),
                (None, Some(part)) if part > 0.0 => Some(NumberOrText::Text(number.to_string())),
                _ => {
                    self.note(field, Fault::NotANumber { value: number.to_string() });
                    None
                }
            },
            Value::String(text) => Some(match text.trim().parse() {
                Ok(number) => NumberOrText::Number(number),
                Err(_) => NumberOrText::Text(text.trim().to_owned()),
            }),
            value => self.wrong(field, Wanted::NumberOrText, value),
        }
    }

    /// Several texts, as a list or in one text with 、 or ; between them.
    pub(super) fn texts(&mut self, field: &str) -> Vec<String> {
        match self.cells.get(field) {
            None => Vec::new(),
            Some(Value::String(text)) => text
                .split(['、', ';', '；', ',', '，', '\n'])
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            Some(Value::Array(values)) => {
                let mut texts = Vec::new();
                for value in values {
                    match value {
                        Value::String(text) => texts.push(text.trim().to_owned()),
                        value => return self.wrong(field, Wanted::Texts, value).unwrap_or_default(),
                    }
                }
                texts
            }
            Some(value) => self.wrong(field, Wanted::Texts, value).unwrap_or_default(),
        }
    }

    /// Several ids; one that is a whole number is read as text.
    pub(super) fn ids(&mut self, field: &str) -> Vec<String> {
        match self.cells.get(field) {
            Some(Value::Number(number)) if number.is_u64() => vec![number.to_string()],
            Some(Value::Array(values)) if values.iter().any(Value::is_u64) => {
                let mut ids = Vec::new();
                for value in values {
                    match value {
                        Value::String(text) => ids.push(text.trim().to_owned()),
                        Value::Number(number) if number.is_u64() => ids.push(number.to_string()),
                        value => return self.wrong(field, Wanted::Texts, value).unwrap_or_default(),
                    }
                }
                ids
            }
            _ => self.texts(field),
        }
    }

    /// Several objects.
    pub(super) fn objects(&mut self, field: &str) -> Vec<serde_json::Map<String, Value>> {
        let mut objects = Vec::new();
        let values = match self.cells.get(field) {
            None => return objects,
            Some(Value::Array(values)) => values,
            Some(value) => return self.wrong(field, Wanted::Objects, value).unwrap_or_default(),
        };
        for value in values {
            match value {
                Value::Object(object) => objects.push(object.clone()),
                value => return self.wrong(field, Wanted::Objects, value).unwrap_or_default(),
            }
        }
        objects
    }

    /// Where a row was published: text, or an object with a title and a url.
    pub(super) fn source(&mut self) -> Option<String> {
        match self.cells.get("source")? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Object(object) => {
                let part = |name: &str| object.get(name).and_then(Value::as_str).map(str::trim);
                let parts: Vec<&str> = [part("title"), part("url")].into_iter().flatten().collect();
                Some(parts.join(" ")).filter(|text| !text.is_empty())
            }
            value => self.wrong("source", Wanted::Source, value),
        }
    }

    /// A day.
    pub(super) fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.text(field)?;
        let spellings = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"];
        let day = spellings.iter().find_map(|spelling| NaiveDate::parse_from_str(&text, spelling).ok());
        if day.is_none() {
            self.note(field, Fault::NotADate { value: text });
        }
        day
    }

    /// Hours of the day, such as `18:00-08:00`.
    pub(super) fn hours(&mut self) -> Option<Hours> {
        let text = self.text("hours")?;
        let hours = hours(&text);
        if hours.is_none() {
            self.note("hours", Fault::NotHours { value: text });
        }
        hours
    }
}

/// A cell that may be counted or worded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberOrText {
    /// A whole number.
    Number(u64),
    /// Words.
    Text(String),
}

fn hours(text: &str) -> Option<Hours> {
    let plain = text.replace('：', ":").replace(['—', '–', '~', '～', '至'], "-");
    let (from, to) = plain.split_once('-')?;
    let minute = |clock: &str| {
        let (hour, minute) = clock.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (minute < 60 && hour * 60 + minute <= DAY_MINUTES && hour <= 24).then_some(hour * 60 + minute)
    };
    let (from, to) = (minute(from)?, minute(to)?);
    (from < DAY_MINUTES).then_some(Hours { from, to })
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
