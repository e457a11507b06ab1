//! What the state keeps counted and indexed, counted and looked up once more: by the engine's own [`audit`], and what is
//! found by reference, name and token here.

use engine::{audit::audit, entry::List, moment::Moment, state::State};
use std::collections::BTreeSet;

/// Compares all of it.
pub fn check(state: &State) {
    assert_eq!(audit(state), []);
    references_and_names_are_what_a_search_finds(state);
}

fn references_and_names_are_what_a_search_finds(state: &State) {
    for reference in crate::wishes::REFERENCES {
        let is_it = |own: &Option<String>| own.as_deref() == Some(reference);
        let need = state.needs().find(|it| is_it(&it.draft.entry.reference)).map(|it| it.id.number());
        assert_eq!(state.referenced(List::Needs, reference), need, "{reference}");
        let resource = state.resources().find(|it| is_it(&it.draft.entry.reference));
        let resource = resource.map(|it| it.id.number());
        assert_eq!(state.referenced(List::Resources, reference), resource, "{reference}");
        let project = state.projects().find(|it| is_it(&it.draft.entry.reference)).map(|it| it.id.number());
        assert_eq!(state.referenced(List::Projects, reference), project, "{reference}");
        let place = state.places().find(|it| is_it(&it.reference)).map(|it| it.id);
        assert_eq!(state.place_referenced(reference), place, "{reference}");
    }
    let parents: BTreeSet<_> = state.places().map(|place| place.parent).collect();
    for name in crate::wishes::NAMES {
        let found = state.organizations().find(|it| it.draft.name == name).map(|it| it.id);
        assert_eq!(state.organization_named(name), found, "{name}");
        for parent in &parents {
            let found = state.places().find(|it| it.parent == *parent && it.name == name).map(|it| it.id);
            assert_eq!(state.place_named(*parent, name), found, "{name} below {parent:?}");
        }
    }
    for place in state.places() {
        let above = place.parent.map(|parent| state.place(parent).unwrap().level);
        assert!(above.is_none_or(|above| above < place.level), "{place:?} below {above:?}");
    }
    for member in state.members() {
        assert_eq!(member.tokens.first().map(|it| &it.hash), Some(&member.token));
        for token in &member.tokens {
            // At the moment of its end it is over, and a moment before it is not.
            let end = token.expires.map_or(i64::MAX, |it| it.millis());
            for now in [end.saturating_sub(1), end] {
                let good = member.revoked.is_none()
                    && token.revoked.is_none()
                    && (now < end || token.expires.is_none());
                let signed_in = state.sign_in(&token.hash, Moment::from_millis(now)).map(|found| found.id);
                assert_eq!(signed_in, good.then_some(member.id), "{token:?}");
            }
        }
    }
}
