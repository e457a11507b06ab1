//! Needs that came in and seem to say what another one says: each is named with the likeliest other, none is dropped.

use super::Clerk;
use crate::lists::problem::Fault;
use engine::duplicates::Duplicates;

impl Clerk<'_> {
    /// Looks at every need that is new, once all are in.
    pub(super) fn name_duplicates(&mut self) {
        let state = self.desk.state();
        let mut duplicates = Duplicates::of(&state);
        for (row, need) in std::mem::take(&mut self.new_needs) {
            // Of two that came in together the later one is named.
            let likeliest = duplicates.of_need(need).into_iter().find(|other| other.need < need);
            let other = likeliest.and_then(|it| Some((it, &state.need(it.need)?.draft.entry)));
            if let Some((found, entry)) = other {
                let of = entry.reference.clone().unwrap_or_else(|| found.need.to_string());
                let title = entry.title.clone();
                self.notice(row, "title", Fault::LikelyDuplicate { of, title, score: found.score });
            }
        }
    }
}
