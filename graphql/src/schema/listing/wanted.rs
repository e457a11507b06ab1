//! What a filter wants, with its ids read once: conditions on an entry of any list, put together by and, or and not.

use crate::schema::{
    fault::bad_input,
    filter::{
        DayRange, NeedFilter, ProjectFilter, ResourceFilter, TimeRange, category_code, organization_id,
        place_id,
    },
    scalar::Date,
    words::{Channel, Form, Urgency},
};
use async_graphql::{ID, Result};
use chrono::NaiveDate;
use engine::{
    category::{Categorized, CategoryCode},
    entry::{EntryDraft, List},
    identity::{NeedId, OrganizationId, PlaceId, ProjectId, ResourceId},
    moment::Moment,
    need,
    pairing::Target,
    place::PlaceLevel,
    state::{
        State,
        listed::{EntryStatus, Facet, FacetKind, Shelf},
    },
};

/// The most filters that may be put together in one.
const FILTERS_MAX: usize = 50;

/// What is wanted. All of it holds at once.
#[derive(Debug, Default)]
pub struct Wanted {
    category: Option<CategoryCode>,
    place: Option<PlaceId>,
    organization: Option<OrganizationId>,
    status: Option<Vec<EntryStatus>>,
    urgency: Option<Vec<need::Urgency>>,
    deadline: Option<(Option<NaiveDate>, Option<NaiveDate>)>,
    posted: Option<TimeRange>,
    channel: Option<Vec<Channel>>,
    form: Option<Vec<Form>>,
    text: Option<Words>,
    all: Vec<Wanted>,
    any: Option<Vec<Wanted>>,
    none: Option<Box<Wanted>>,
}

/// What conditions look at.
struct Look<'a> {
    entry: &'a EntryDraft,
    status: EntryStatus,
    channel: Option<need::Channel>,
    urgency: Option<need::Urgency>,
    posted: Moment,
}

/// Shelves on which all stands that passes.
pub struct Narrowed<'a> {
    /// The shelves; an entry may stand on several.
    pub shelves: Vec<Shelf<'a>>,
    /// How many entries stand on them.
    pub len: usize,
}

impl<'a> Narrowed<'a> {
    fn of(shelves: impl Iterator<Item = Shelf<'a>>) -> Self {
        let shelves: Vec<_> = shelves.collect();
        let len = shelves.iter().map(|shelf| shelf.len()).sum();
        Self { shelves, len }
    }

    fn and(self, other: Self) -> Self {
        let Self { mut shelves, len } = self;
        shelves.extend(other.shelves);
        Self { shelves, len: len + other.len }
    }
}

/// A filter as it comes in.
pub trait Filter: Sized {
    /// Its own conditions.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id or a day makes no sense.
    fn own(&self) -> Result<Wanted>;

    /// The filters it is put together of.
    fn parts(self) -> Parts<Self>;
}

/// The filters another one is put together of.
pub struct Parts<F> {
    /// Each of them passes.
    pub and: Option<Vec<F>>,
    /// One of them at least passes.
    pub or: Option<Vec<F>>,
    /// It does not pass.
    pub not: Option<Box<F>>,
}

impl Wanted {
    /// Reads a filter with all it is put together of.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id or a day makes no sense, or too many filters are put together.
    pub fn read(filter: impl Filter) -> Result<Self> {
        Self::read_within(filter, &mut { FILTERS_MAX })
    }

    fn read_within<F: Filter>(filter: F, left: &mut usize) -> Result<Self> {
        *left = left
            .checked_sub(1)
            .ok_or_else(|| bad_input(format!("at most {FILTERS_MAX} filters may be put together")))?;
        let own = filter.own()?;
        let Parts { and, or, not } = filter.parts();
        let mut each = |filters: Vec<F>| -> Result<Vec<Self>> {
            filters.into_iter().map(|filter| Self::read_within(filter, left)).collect()
        };
        let all = and.map(&mut each).transpose()?.unwrap_or_default();
        let any = or.map(&mut each).transpose()?;
        let none = not.map(|filter| Self::read_within(*filter, left).map(Box::new)).transpose()?;
        Ok(Self { all, any, none, ..own })
    }

    /// The same, and come in by one of these channels.
    pub fn through_channels(self, channel: Option<Vec<Channel>>) -> Self {
        Self { channel, ..self }
    }

    /// Whether an entry passes; one that is not there does not.
    pub fn lets(&self, state: &State, list: List, number: u64) -> bool {
        look(state, list, number).is_some_and(|look| self.lets_look(state, &look))
    }

    fn lets_look(&self, state: &State, look: &Look<'_>) -> bool {
        self.own_lets(state, look)
            && self.all.iter().all(|it| it.lets_look(state, look))
            && self.any.as_ref().is_none_or(|any| any.iter().any(|it| it.lets_look(state, look)))
            && self.none.as_ref().is_none_or(|it| !it.lets_look(state, look))
    }

    fn own_lets(&self, state: &State, look: &Look<'_>) -> bool {
        let entry = look.entry;
        self.organization.is_none_or(|wanted| entry.organization == wanted)
            && self.status.as_ref().is_none_or(|wanted| wanted.contains(&look.status))
            && self.urgency.as_ref().is_none_or(|wanted| look.urgency.is_some_and(|it| wanted.contains(&it)))
            && self.by_channel(look.channel)
            && self.of_category(state, entry.category.as_ref())
            && self.of_form(entry.form)
            && self.deadline.is_none_or(|span| entry.window.to.is_some_and(|day| within(span, day)))
            && self.posted.is_none_or(|span| span.holds(look.posted))
            && self.in_place(state, state.place_of(entry))
            && self.with_text(&entry.title, entry.detail.as_deref())
    }

    /// Whether the need or slot that a pairing serves passes, as far as it has what is asked of it.
    pub fn lets_target(&self, state: &State, target: Target) -> bool {
        match target {
            Target::Need(need) => self.lets(state, List::Needs, need.number()),
            Target::Slot(project, index) => state.project(project).is_some_and(|project| {
                project.draft.slots.get(usize::from(index)).is_some_and(|slot| {
                    self.channel.is_none()
                        && self.of_category(state, slot.category.as_ref())
                        && self.of_form(slot.form)
                        && self.in_place(state, state.place_of(&project.draft.entry))
                        && self.with_text(&slot.title, None)
                })
            }),
        }
    }

    /// Whether this category is wanted; a top includes its leaves.
    fn of_category(&self, state: &State, given: Option<&Categorized>) -> bool {
        self.category.as_ref().is_none_or(|wanted| {
            given.is_some_and(|given| {
                given.code == *wanted
                    || state.category(&given.code).is_some_and(|it| it.parent.as_ref() == Some(wanted))
            })
        })
    }

    /// Whether this form is wanted.
    fn of_form(&self, form: Option<engine::entry::Form>) -> bool {
        self.form.as_ref().is_none_or(|wanted| form.is_some_and(|form| wanted.contains(&form.into())))
    }

    /// Whether this place lies where it is wanted.
    fn in_place(&self, state: &State, place: Option<PlaceId>) -> bool {
        self.place.is_none_or(|outer| place.is_some_and(|inner| state.lies_in(inner, outer)))
    }

    /// Whether the wanted words stand here.
    fn with_text(&self, title: &str, detail: Option<&str>) -> bool {
        self.text.as_ref().is_none_or(|words| words.stand_in(title, detail))
    }

    /// Whether this channel is wanted.
    fn by_channel(&self, channel: Option<need::Channel>) -> bool {
        self.channel.as_ref().is_none_or(|wanted| channel.is_some_and(|it| wanted.contains(&it.into())))
    }

    /// The fewest shelves on which all stands that passes; `None` when it may stand anywhere.
    pub fn narrow<'a>(&self, state: &'a State, list: List) -> Option<Narrowed<'a>> {
        let any = self.any.as_ref().and_then(|any| {
            let each = any.iter().map(|it| it.narrow(state, list));
            each.collect::<Option<Vec<_>>>()?.into_iter().reduce(Narrowed::and)
        });
        let all = self.all.iter().filter_map(|it| it.narrow(state, list));
        self.own_shelves(state, list).into_iter().chain(all).chain(any).min_by_key(|it| it.len)
    }

    /// How many pass, when an index knows it at once.
    pub fn known_count(&self, state: &State, list: List) -> Option<usize> {
        let conditions = [
            self.category.is_some(),
            self.place.is_some(),
            self.organization.is_some(),
            self.status.is_some(),
            self.urgency.is_some(),
            self.deadline.is_some(),
            self.posted.is_some(),
            self.channel.is_some(),
            self.form.is_some(),
            self.text.is_some(),
            !self.all.is_empty(),
            self.any.is_some(),
            self.none.is_some(),
        ];
        // Entries below a community stand on its shelf, together with those beside them.
        let is_below_community = self.place.is_some_and(|id| {
            state.at_level(id, PlaceLevel::Community).is_some_and(|community| community != id)
        });
        match conditions.into_iter().filter(|it| *it).count() {
            0 => Some(state.list_len(list)),
            1 if !is_below_community => {
                let mut shelves = self.own_shelves(state, list).into_iter();
                shelves.next().map(|narrowed| narrowed.len)
            }
            _ => None,
        }
    }

    /// For each condition that the index knows, the shelves where all stands that meets it. No entry stands on two
    /// shelves of one condition.
    fn own_shelves<'a>(&self, state: &'a State, list: List) -> Vec<Narrowed<'a>> {
        let shelf = |facet: Facet| state.listed(list, &facet);
        let organization =
            self.organization.map(|id| Narrowed::of(shelf(Facet::Organization(id)).into_iter()));
        let category = self.category.as_ref().map(|code| {
            let leaves = state.categories().filter(|it| it.code == *code || it.parent.as_ref() == Some(code));
            Narrowed::of(leaves.filter_map(|it| shelf(Facet::Category(Some(it.code.clone())))))
        });
        let status = self
            .status
            .as_ref()
            .map(|wanted| Narrowed::of(wanted.iter().filter_map(|status| shelf(Facet::Status(*status)))));
        let urgency = self
            .urgency
            .as_ref()
            .map(|wanted| Narrowed::of(wanted.iter().filter_map(|urgency| shelf(Facet::Urgency(*urgency)))));
        let place = self.place.map(|id| match state.at_level(id, PlaceLevel::Community) {
            Some(community) => Narrowed::of(shelf(Facet::Place(Some(community))).into_iter()),
            None => Narrowed::of(state.facets(list, FacetKind::Place).filter_map(|(facet, shelf)| {
                let Facet::Place(Some(inner)) = facet else { return None };
                state.lies_in(*inner, id).then_some(shelf)
            })),
        });
        let deadline = self.deadline.map(|span| {
            Narrowed::of(state.facets(list, FacetKind::Deadline).filter_map(|(facet, shelf)| {
                let Facet::Deadline(Some(day)) = facet else { return None };
                within(span, *day).then_some(shelf)
            }))
        });
        [organization, category, status, urgency, place, deadline].into_iter().flatten().collect()
    }
}

fn look(state: &State, list: List, number: u64) -> Option<Look<'_>> {
    Some(match list {
        List::Needs => {
            let it = state.need(NeedId::new(number))?;
            Look {
                entry: &it.draft.entry,
                status: EntryStatus::Need(it.status()),
                channel: it.draft.channel,
                urgency: Some(it.draft.urgency.unwrap_or(need::Urgency::Normal)),
                posted: it.posted,
            }
        }
        List::Resources => {
            let it = state.resource(ResourceId::new(number))?;
            let status = EntryStatus::Resource(it.status());
            Look { entry: &it.draft.entry, status, channel: None, urgency: None, posted: it.posted }
        }
        List::Projects => {
            let it = state.project(ProjectId::new(number))?;
            let status = EntryStatus::Project(it.status());
            Look { entry: &it.draft.entry, status, channel: None, urgency: None, posted: it.posted }
        }
    })
}

fn within((from, to): (Option<NaiveDate>, Option<NaiveDate>), day: NaiveDate) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

/// Words that all have to stand in a text, somewhere and in any order. Chinese is written without blanks, so a word is
/// found wherever its characters stand together.
#[derive(Debug)]
pub struct Words {
    words: Vec<String>,
    /// Whether capitals matter to any of them: in Chinese there are none.
    with_case: bool,
}

impl Words {
    /// The words of a text, with blanks between them; letters of full width are those of the usual width.
    pub fn of(text: &str) -> Self {
        let words: Vec<String> = narrow_letters(text).split_whitespace().map(str::to_lowercase).collect();
        let with_case = words
            .iter()
            .flat_map(|word| word.chars())
            .any(|it| it.is_ascii() || it.is_alphabetic() && it.to_uppercase().next() != Some(it));
        Self { words, with_case }
    }

    fn stand_in(&self, title: &str, detail: Option<&str>) -> bool {
        if !self.with_case {
            return self.words.iter().all(|word| {
                title.contains(word.as_str()) || detail.is_some_and(|detail| detail.contains(word.as_str()))
            });
        }
        let plain = |text: &str| narrow_letters(text).to_lowercase();
        let (title, detail) = (plain(title), detail.map(plain));
        self.words.iter().all(|word| {
            title.contains(word.as_str())
                || detail.as_ref().is_some_and(|detail| detail.contains(word.as_str()))
        })
    }
}

/// The text with ASCII where it has the letters, digits and blanks that are as wide as a Chinese character.
fn narrow_letters(text: &str) -> String {
    let narrow = |it: char| match it {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(it).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(it),
        other => other,
    };
    text.chars().map(narrow).collect()
}

impl NeedFilter {
    fn urgency(&self) -> Option<Vec<need::Urgency>> {
        self.urgency.as_ref().map(|wanted| each_once(wanted.iter().map(|it: &Urgency| (*it).into())))
    }
}

impl Filter for NeedFilter {
    fn own(&self) -> Result<Wanted> {
        let status = self.status.as_ref();
        Ok(Wanted {
            status: status.map(|all| each_once(all.iter().map(|it| EntryStatus::Need((*it).into())))),
            urgency: self.urgency(),
            channel: self.channel.clone(),
            posted: self.posted,
            ..shared(
                (self.category.as_deref(), self.place.as_ref(), self.organization.as_ref()),
                (self.form.as_ref(), self.text.as_deref(), self.deadline.as_ref()),
            )?
        })
    }

    fn parts(self) -> Parts<Self> {
        Parts { and: self.and, or: self.or, not: self.not }
    }
}

impl Filter for ResourceFilter {
    fn own(&self) -> Result<Wanted> {
        let status = self.status.as_ref();
        Ok(Wanted {
            status: status.map(|all| each_once(all.iter().map(|it| EntryStatus::Resource((*it).into())))),
            posted: self.posted,
            ..shared(
                (self.category.as_deref(), self.place.as_ref(), self.organization.as_ref()),
                (self.form.as_ref(), self.text.as_deref(), self.deadline.as_ref()),
            )?
        })
    }

    fn parts(self) -> Parts<Self> {
        Parts { and: self.and, or: self.or, not: self.not }
    }
}

impl Filter for ProjectFilter {
    fn own(&self) -> Result<Wanted> {
        let status = self.status.as_ref();
        Ok(Wanted {
            status: status.map(|all| each_once(all.iter().map(|it| EntryStatus::Project((*it).into())))),
            posted: self.posted,
            ..shared(
                (self.category.as_deref(), self.place.as_ref(), self.organization.as_ref()),
                (self.form.as_ref(), self.text.as_deref(), self.deadline.as_ref()),
            )?
        })
    }

    fn parts(self) -> Parts<Self> {
        Parts { and: self.and, or: self.or, not: self.not }
    }
}

/// The conditions that all three lists know.
pub fn shared(
    (category, place, organization): (Option<&str>, Option<&ID>, Option<&ID>),
    (form, text, deadline): (Option<&Vec<Form>>, Option<&str>, Option<&DayRange>),
) -> Result<Wanted> {
    Ok(Wanted {
        category: category.map(category_code).transpose()?,
        place: place.map(place_id).transpose()?,
        organization: organization.map(organization_id).transpose()?,
        form: form.cloned(),
        text: text.map(Words::of),
        deadline: deadline
            .map(|span| Ok::<_, async_graphql::Error>((day(span.from.as_ref())?, day(span.to.as_ref())?)))
            .transpose()?,
        ..Wanted::default()
    })
}

fn day(given: Option<&Date>) -> Result<Option<NaiveDate>> {
    let read = |date: &Date| {
        NaiveDate::parse_from_str(date.0.trim(), "%Y-%m-%d")
            .map_err(|_| bad_input("deadline: this is not a day such as 2026-05-01"))
    };
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
