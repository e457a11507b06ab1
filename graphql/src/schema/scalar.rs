//! Scalars of the schema: positions and large numbers as decimal texts, days, moments, clock times.
//!
//! Days and clock times are taken as any text when they come in and judged by [`crate::reading`], so
//! that a wrong one is a user error with its field, not an error of the whole request.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Datelike, NaiveDate};
use engine::moment::Moment;

/// A position of the log 日志位置, as a decimal text: the number of a commit, `"0"` before the first.
/// A cursor of the event feed may name an event inside a commit, such as `"12:3"`. No specification elsewhere has it:
/// `[0-9]+(:[0-9]+)?`, to be given back as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The number of the commit.
    pub commit: u64,
    /// The number of an event inside it, from 0; `None` = the whole commit.
    pub event: Option<u32>,
}

impl From<engine::identity::Position> for Position {
    fn from(position: engine::identity::Position) -> Self {
        Self { commit: position.0, event: None }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.event {
            None => write!(out, "{}", self.commit),
            Some(event) => write!(out, "{}:{event}", self.commit),
        }
    }
}

impl std::str::FromStr for Position {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once(':') {
            None => Self { commit: text.parse()?, event: None },
            Some((commit, event)) => Self { commit: commit.parse()?, event: Some(event.parse()?) },
        })
    }
}

/// A position of the log 日志位置, as a decimal text: the number of a commit, `"0"` before the first.
/// A cursor of the event feed may name an event inside a commit, such as `"12:3"`. No specification elsewhere has it:
/// `[0-9]+(:[0-9]+)?`, to be given back as it came.
#[Scalar]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text
                .parse()
                .map_err(|_| InputValueError::custom("a position is a decimal number, such as \"12\"")),
            Value::Number(number) => number
                .as_u64()
                .map(|commit| Self { commit, event: None })
                .ok_or_else(|| InputValueError::expected_type(value)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_string())
    }
}

/// Where a feed of changes goes on 变动游标: a position, or one of several changes of a commit, such as `"12+3"`. That it is
/// no cursor of the event feed shows: there `"12:3"` counts events. No specification elsewhere has it: `[0-9]+(\+[0-9]+)?`, to
/// be given back as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeCursor {
    /// The number of the commit.
    pub commit: u64,
    /// The number of a change inside it, from 0; `None` = the whole commit.
    pub change: Option<u32>,
}

impl From<engine::identity::Position> for ChangeCursor {
    fn from(position: engine::identity::Position) -> Self {
        Self { commit: position.0, change: None }
    }
}

/// Where a feed of changes goes on 变动游标: a position, or one of several changes of a commit, such as `"12+3"`. That it is
/// no cursor of the event feed shows: there `"12:3"` counts events. No specification elsewhere has it: `[0-9]+(\+[0-9]+)?`, to
/// be given back as it came.
#[Scalar]
impl ScalarType for ChangeCursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = |text: &str| {
            let (commit, change) = match text.split_once('+') {
                Some((commit, change)) => (commit, Some(change.parse().ok()?)),
                None => (text, None),
            };
            Some(Self { commit: commit.parse().ok()?, change })
        };
        match &value {
            Value::String(text) => read(text).ok_or_else(|| {
                InputValueError::custom(
                    "expected a position or a cursor of changes, such as \"12\" or \"12+3\"",
                )
            }),
            Value::Number(number) => number
                .as_u64()
                .map(|commit| Self { commit, change: None })
                .ok_or_else(|| InputValueError::expected_type(value)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(match self.change {
            None => self.commit.to_string(),
            Some(change) => format!("{}+{change}", self.commit),
        })
    }
}

/// A whole number that may pass 32 bits, as a decimal text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long(pub i128);

/// A whole number that may pass 32 bits, as a decimal text.
#[Scalar(specified_by_url = "https://scalars.graphql.org/jakobmerrild/long.html")]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text
                .parse()
                .map(Self)
                .map_err(|_| InputValueError::custom("expected a whole number as a decimal text")),
            Value::Number(number) => {
                number.as_i64().map(|it| Self(it.into())).ok_or_else(|| InputValueError::expected_type(value))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment 时刻 in UTC with milliseconds, such as `2026-05-01T08:30:00.000Z` (RFC 3339).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub Moment);

/// A moment 时刻 in UTC with milliseconds, such as `2026-05-01T08:30:00.000Z` (RFC 3339).
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => chrono::DateTime::parse_from_rfc3339(text)
                .map(|moment| Self(Moment::from_millis(moment.timestamp_millis())))
                .map_err(|_| InputValueError::custom("expected a moment as in RFC 3339")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day of the calendar 日期, such as `2026-05-01`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date(pub String);

/// What is written down lies in these years: whatever else is meant to be a day of a street's work is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

impl Date {
    /// The day it says, if it says one.
    pub fn day(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(self.0.trim(), "%Y-%m-%d").ok()
    }

    /// Whether a day may be written down.
    pub fn is_sane(day: NaiveDate) -> bool {
        YEARS.contains(&day.year())
    }
}

impl DateTime {
    /// Whether a moment may be written down.
    pub fn is_sane(self) -> bool {
        YEARS.contains(&self.0.date(0).year())
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self(date.format("%Y-%m-%d").to_string())
    }
}

/// A day of the calendar 日期, such as `2026-05-01`.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A time of the day 时刻 on the street's clock, such as `18:30`; `24:00` is the end of the day. No specification elsewhere
/// fits: those of local times know no end of the day, or want seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime(pub String);

impl LocalTime {
    /// The time so many minutes after midnight.
    pub fn from_minutes(minutes: u16) -> Self {
        Self(format!("{:02}:{:02}", minutes / 60, minutes % 60))
    }
}

/// A time of the day 时刻 on the street's clock, such as `18:30`; `24:00` is the end of the day. No specification elsewhere
/// fits: those of local times know no end of the day, or want seconds.
#[Scalar]
impl ScalarType for LocalTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Any value of JSON (RFC 8259).
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub serde_json::Value);

/// Any value of JSON (RFC 8259).
#[Scalar(name = "JSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value.into_json()?))
    }

    fn to_value(&self) -> Value {
        // What comes from JSON goes into it.
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// A count as GraphQL's `Int`. Amounts stay below a thousand million, so nothing real is ever cut.
pub fn int(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
