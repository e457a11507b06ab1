//! Drafts of joint projects, and the time that windows have in common.

use super::{Role, Undertaking};
use crate::{
    category::Categorized,
    entry::{EntryDraft, TITLE_CHARS_MAX},
    identity::{NeedId, OrganizationId, PlaceId},
    matching::explaining::Explanations,
    pairing::Target,
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    window::{DAY_MINUTES, Hours, Weekdays, Window},
};
use std::collections::BTreeSet;

/// A project with a slot for each undertaking, which carries their needs.
pub(super) fn draft(
    explanations: &Explanations<'_>,
    title: &str,
    poster: OrganizationId,
    place: Option<PlaceId>,
    undertakings: &[Undertaking],
) -> ProjectDraft {
    let slots: Vec<SlotDraft> = undertakings.iter().map(|it| slot(explanations, it)).collect();
    let needs: BTreeSet<NeedId> = undertakings
        .iter()
        .filter_map(|undertaking| match undertaking.target {
            Target::Need(need) => Some(need),
            Target::Slot(..) => None,
        })
        .collect();
    let category = slots.first().and_then(|slot| slot.category.clone());
    let entry = EntryDraft { place, category, ..EntryDraft::new(shortened(title), poster) };
    ProjectDraft { slots, needs: needs.into_iter().collect(), ..ProjectDraft::new(entry) }
}

/// What is required is what was promised: of the giver's category and form, as much as it undertakes.
fn slot(explanations: &Explanations<'_>, undertaking: &Undertaking) -> SlotDraft {
    let giver = explanations.giver_at(undertaking.supplier).and_then(|giver| explanations.giver(giver));
    let asker = explanations.asker_at(undertaking.target).map(|(_, asker)| asker);
    let offered = giver.and_then(|giver| giver.category.as_ref());
    let asked = asker.and_then(|asker| asker.category.as_ref());
    let category = offered.or(asked).map(|category| Categorized::stated(category.code.clone()));
    let quantity = match undertaking.role {
        Role::Pays => Some(Quantity::of(undertaking.quantity, Measure::Money)),
        Role::Supplies | Role::Builds | Role::Staffs | Role::Hosts | Role::Serves => asker
            .and_then(|asker| asker.quantity.clone())
            .map(|quantity| Quantity { amount: undertaking.quantity, ..quantity }),
    };
    SlotDraft {
        title: shortened(&format!("{}:{}", undertaking.role.zh(), explanations.title(undertaking.target))),
        category,
        form: giver.and_then(|giver| giver.form),
        quantity,
        window: undertaking.window.clone(),
    }
}

fn shortened(title: &str) -> String {
    title.chars().take(TITLE_CHARS_MAX).collect()
}

impl Explanations<'_> {
    pub(super) fn title(&self, target: Target) -> &str {
        match target {
            Target::Need(need) => self.state().need(need).map_or("", |need| need.draft.entry.title.as_str()),
            Target::Slot(project, index) => self
                .state()
                .project(project)
                .and_then(|project| project.draft.slots.get(usize::from(index)))
                .map_or("", |slot| slot.title.as_str()),
        }
    }
}

/// What two windows have in common; `None` when they have no time in common. Of hours that meet twice a day
/// the first stretch after the other side begins.
pub(super) fn common(one: &Window, other: &Window) -> Option<Window> {
    let either = |a, b, choose: fn(_, _) -> _| match (a, b) {
        (Some(a), Some(b)) => Some(choose(a, b)),
        (a, b) => a.or(b),
    };
    let from = either(one.from, other.from, Ord::max);
    let to = either(one.to, other.to, Ord::min);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return None;
    }
    let weekdays = match (one.weekdays, other.weekdays) {
        (Some(one), Some(other)) => Some(Weekdays(one.0 & other.0)),
        (one, other) => one.or(other),
    };
    if weekdays == Some(Weekdays(0)) {
        return None;
    }
    let hours = match (one.hours, other.hours) {
        (Some(one), Some(other)) => Some(common_hours(one, other).or_else(|| common_hours(other, one))?),
        (one, other) => one.or(other),
    };
    Some(Window { from, to, hours, weekdays, wording: None })
}

/// What the hours share from where the other begins, if it begins within the one.
const fn common_hours(one: Hours, other: Hours) -> Option<Hours> {
    let into = (other.from + DAY_MINUTES - one.from) % DAY_MINUTES;
    if into >= one.minutes() {
        return None;
    }
    let (left, whole) = (one.minutes() - into, other.minutes());
    let minutes = if left < whole { left } else { whole };
    Some(Hours { from: other.from, to: (other.from + minutes) % DAY_MINUTES })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: u16, to: u16) -> Hours {
        Hours { from: from * 60, to: to * 60 }
    }

    fn window(from: u16, to: u16) -> Window {
        Window { hours: Some(hours(from, to)), ..Window::default() }
    }

    #[test]
    fn what_two_windows_have_in_common_lies_in_both() {
        let cases = [
            ((18, 8), (22, 6), Some((22, 6))),
            ((22, 6), (18, 8), Some((22, 6))),
            ((8, 12), (10, 14), Some((10, 12))),
            ((10, 14), (8, 12), Some((10, 12))),
            ((8, 18), (18, 8), None),
            ((0, 24), (9, 17), Some((9, 17))),
        ];
        for ((a, b), (c, d), expected) in cases {
            let found = common(&window(a, b), &window(c, d));
            let expected = expected.map(|(from, to)| window(from, to));
            assert_eq!(found, expected, "{a}–{b} with {c}–{d}");
        }
        assert_eq!(common(&Window::open(), &window(8, 12)), Some(window(8, 12)));
    }
}
