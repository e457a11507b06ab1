//! Likely duplicates 疑似重复: needs that seem to say what another one says.
//!
//! Two needs are compared when they lie in the same community (or one lies around the other) and name no different
//! buildings, their times meet and neither is over. Four parts make the score, each 0 to 1000: the wording counts most, then the place, the category,
//! the time. A place or category that is not known counts half; times that nobody named are left out. Nothing is ever dropped for being alike:
//! a likely duplicate is named with its score, and a person rejects or merges it.
//!
//! A list that comes in is compared through one [`Duplicates`], which reads each wording once.

use crate::{
    category::Categorized,
    identity::{NeedId, PlaceId},
    need::{Need, NeedDraft},
    place::PlaceLevel,
    state::State,
    text::similarity::{Similarity, Terms},
    window::{Overlap, Window},
};
use std::{cmp::Reverse, collections::BTreeMap};

/// The most duplicates that are named of one need, the likeliest first.
pub const NAMED_MAX: usize = 10;

/// The most needs that one is compared with, the newest near it: more than a community has open at once.
pub const COMPARED_MAX: usize = 4_000;

/// The least score, and the least likeness of the wording, at which two needs are named duplicates. Measured in
/// `tests/tests/life_duplicates.rs`.
const SCORE_MIN: u16 = 660;
const WORDING_MIN: u16 = 420;

/// One of so many characters of the shorter title has to stand in the other, before the wordings are read at all.
const SHARED: usize = 4;

/// What a place or a category that is not known counts: as much for it as against it.
const UNKNOWN: u16 = 500;

/// What each part counts.
const WORDING: u32 = 550;
const PLACE: u32 = 200;
const CATEGORY: u32 = 150;
const TIME: u32 = 100;

/// A need that is alike, how much so, and in what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Which.
    pub need: NeedId,
    /// The weighted mean of its parts, 0 to 1000.
    pub score: u16,
    /// How alike the wordings are.
    pub wording: u16,
    /// How near the places are; `None` when one of them is not known.
    pub place: Option<u16>,
    /// How close the categories are; `None` when one of them is not known.
    pub category: Option<u16>,
    /// How much of the times is common; `None` when neither names one.
    pub time: Option<u16>,
}

/// Looks for duplicates among the needs of one state.
#[derive(Debug)]
pub struct Duplicates<'a> {
    state: &'a State,
    /// The wordings that were read so far.
    read: BTreeMap<NeedId, Wording>,
}

/// A wording made ready to be compared: the title, and the title with what is said beside it.
#[derive(Clone, Debug)]
struct Wording {
    title: Terms,
    text: Option<Terms>,
    /// The numbers of the buildings it names: 17 of 「17号楼1单元」.
    buildings: Vec<u32>,
}

impl<'a> Duplicates<'a> {
    /// Among the needs of this state.
    pub const fn of(state: &'a State) -> Self {
        Self { state, read: BTreeMap::new() }
    }

    /// The likely duplicates of a need, the likeliest first.
    pub fn of_need(&mut self, need: NeedId) -> Vec<Duplicate> {
        let state = self.state;
        state.need(need).map(|it| self.named(&it.draft, Some(need))).unwrap_or_default()
    }

    /// The likely duplicates of a need that is not posted yet.
    pub fn of_draft(&mut self, draft: &NeedDraft) -> Vec<Duplicate> {
        self.named(draft, None)
    }

    fn named(&mut self, draft: &NeedDraft, own: Option<NeedId>) -> Vec<Duplicate> {
        let state = self.state;
        let wording = Wording::of(draft);
        let characters = characters(&draft.entry.title);
        let place = state.place_of(&draft.entry);
        let mut named: Vec<Duplicate> = state
            .needs_near(place)
            .take(COMPARED_MAX)
            .filter(|other| Some(other.id) != own && alike(&characters, &other.draft.entry.title))
            .filter_map(|other| self.compared(draft, &wording, place, other))
            .collect();
        named.sort_by_key(|it| (Reverse(it.score), it.need));
        named.truncate(NAMED_MAX);
        named
    }

    /// Compares two needs, what costs least first.
    fn compared(
        &mut self,
        draft: &NeedDraft,
        wording: &Wording,
        place: Option<PlaceId>,
        other: &Need,
    ) -> Option<Duplicate> {
        let (one, two) = (&draft.entry, &other.draft.entry);
        let time = time(&one.window, &two.window)?;
        let category = category(self.state, one.category.as_ref(), two.category.as_ref());
        let stated = |it: &Option<Categorized>| it.as_ref().is_some_and(Categorized::is_stated);
        if category == Some(0) && stated(&one.category) && stated(&two.category) {
            return None;
        }
        let place = near(self.state, place, self.state.place_of(two))?;
        let read = self.read.entry(other.id).or_insert_with(|| Wording::of(&other.draft));
        if wording.lies_apart(read) {
            return None;
        }
        let said = wording.alike(read);
        let score = score(said, place, category, time);
        (said >= WORDING_MIN && score >= SCORE_MIN).then_some(Duplicate {
            need: other.id,
            score,
            wording: said,
            place,
            category,
            time,
        })
    }
}

impl Wording {
    fn of(draft: &NeedDraft) -> Self {
        let similarity = Similarity::builtin();
        let title = &draft.entry.title;
        Self {
            title: similarity.terms(title),
            buildings: buildings(title),
            text: draft.entry.detail.as_ref().map(|detail| similarity.terms(&format!("{title}。{detail}"))),
        }
    }

    /// Whether both name buildings, and none of them is the same.
    fn lies_apart(&self, other: &Self) -> bool {
        let named = !self.buildings.is_empty() && !other.buildings.is_empty();
        named && !self.buildings.iter().any(|building| other.buildings.contains(building))
    }

    /// By the titles, or by all that is said where both say more: whichever is more alike.
    fn alike(&self, other: &Self) -> u16 {
        let titles = self.title.alike(&other.title);
        match (&self.text, &other.text) {
            (Some(one), Some(two)) => titles.max(one.alike(two)),
            _ => titles,
        }
    }
}

/// The letters and characters of a title, each once, in their order.
fn characters(title: &str) -> Vec<char> {
    let mut characters: Vec<char> = title.chars().filter(|it| it.is_alphabetic()).collect();
    characters.sort_unstable();
    characters.dedup();
    characters
}

/// Whether two titles share enough characters for a closer look: what costs next to nothing is asked first.
fn alike(one: &[char], title: &str) -> bool {
    let two = characters(title);
    let shared = two.iter().filter(|it| one.binary_search(it).is_ok()).count();
    shared * SHARED >= one.len().min(two.len())
}

/// The numbers before 号楼 in a text.
fn buildings(text: &str) -> Vec<u32> {
    let mut parts: Vec<&str> = text.split("号楼").collect();
    parts.pop();
    let number = |part: &str| {
        let digits = part.len() - part.trim_end_matches(|it: char| it.is_ascii_digit()).len();
        part.get(part.len() - digits..)?.parse().ok()
    };
    parts.into_iter().filter_map(number).collect()
}

fn score(wording: u16, place: Option<u16>, category: Option<u16>, time: Option<u16>) -> u16 {
    let parts = [
        (Some(wording), WORDING),
        (place.or(Some(UNKNOWN)), PLACE),
        (category.or(Some(UNKNOWN)), CATEGORY),
        (time, TIME),
    ];
    let said = parts.into_iter().filter_map(|(part, weight)| Some((u32::from(part?), weight)));
    let (sum, weights) =
        said.fold((0, 0), |(sum, weights), (part, weight)| (sum + part * weight, weights + weight));
    u16::try_from(sum / weights.max(1)).unwrap_or(1000)
}

/// How near two places are, or that one is not known; outer `None` when they lie apart.
fn near(state: &State, one: Option<PlaceId>, two: Option<PlaceId>) -> Option<Option<u16>> {
    let (Some(one), Some(two)) = (one, two) else {
        return Some(None);
    };
    if one == two {
        return Some(Some(1000));
    }
    if state.lies_in(one, two) || state.lies_in(two, one) {
        return Some(Some(800));
    }
    let community = |place| state.at_level(place, PlaceLevel::Community);
    match (community(one), community(two)) {
        (Some(here), Some(there)) if here == there => Some(Some(400)),
        _ => None,
    }
}

/// How close two categories are, if both are known.
fn category(state: &State, one: Option<&Categorized>, two: Option<&Categorized>) -> Option<u16> {
    let (one, two) = (&one?.code, &two?.code);
    if one == two {
        return Some(1000);
    }
    let (here, there) = (state.category(one)?, state.category(two)?);
    if here.substitutes.contains(two) || there.substitutes.contains(one) {
        Some(800)
    } else if here.parent.is_some() && here.parent == there.parent {
        Some(500)
    } else {
        Some(0)
    }
}

/// How much two times have in common, or that neither was said; outer `None` when they have no day in common.
fn time(one: &Window, two: &Window) -> Option<Option<u16>> {
    let says = |window: &Window| {
        window.from.is_some() || window.to.is_some() || window.hours.is_some() || window.weekdays.is_some()
    };
    if !says(one) && !says(two) {
        return Some(None);
    }
    match (one.overlap(two), two.overlap(one)) {
        (Overlap::NoCommonDay, _) | (_, Overlap::NoCommonDay) => None,
        (Overlap::Shares(here), Overlap::Shares(there)) => Some(Some(here.min(there))),
        _ => Some(Some(0)),
    }
}
