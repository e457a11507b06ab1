//! Time as an argument: the engine is told what time it is and never asks.

use chrono::{DateTime, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// The moment this many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This many hours later; stops at the end of time instead of wrapping.
    pub const fn plus_hours(self, hours: u32) -> Self {
        Self(self.0.saturating_add(hours as i64 * 3_600_000))
    }

    /// Whole days from `earlier` to here; 0 when `earlier` is later.
    pub const fn days_since(self, earlier: Self) -> u32 {
        let days = self.0.saturating_sub(earlier.0) / 86_400_000;
        if days < 0 {
            0
        } else if days > u32::MAX as i64 {
            u32::MAX
        } else {
            days as u32
        }
    }

    /// The calendar day on a clock that is `offset_minutes` ahead of UTC.
    pub fn date(self, offset_minutes: i16) -> NaiveDate {
        DateTime::from_timestamp_millis(self.0)
            .and_then(|utc| utc.checked_add_signed(TimeDelta::minutes(offset_minutes.into())))
            .map_or(NaiveDate::MIN, |local| local.date_naive())
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC with milliseconds.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_millis(self.0) {
            Some(utc) => write!(out, "{}", utc.format("%Y-%m-%dT%H:%M:%S%.3fZ")),
            None => write!(out, "{} ms", self.0),
        }
    }
}
