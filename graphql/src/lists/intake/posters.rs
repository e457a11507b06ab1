//! Who posts an entry: the organization a row names, else the community it lies in, else the office above.

use super::{Clerk, organizations::kind_of};
use crate::lists::{ListedRow, row::EntryRow, row::Row};
use engine::{
    identity::{OrganizationId, PlaceId},
    organization::OrganizationKind,
    place::PlaceLevel,
    state::State,
};

/// Who is to post, before it is there.
pub(super) enum Poster {
    /// It is registered.
    Known(OrganizationId),
    /// Nobody of this name is.
    Named { name: String, kind: OrganizationKind, place: Option<PlaceId> },
    /// The office of a street or city.
    OfficeOf(PlaceId),
}

/// Words for a community as such.
const COMMUNITY_WORDS: [&str; 11] = [
    "社区",
    "community",
    "本社区",
    "社区党委",
    "社区党总支",
    "社区党支部",
    "社区党组织",
    "社区居委会",
    "居委会",
    "村",
    "村委会",
];

/// Words for a street office as such.
const STREET_WORDS: [&str; 8] =
    ["街道", "街道办", "街道办事处", "本街道", "街道党工委", "street office", "street_office", "镇政府"];

/// What a community's own bodies are called after its name.
const BODIES: [&str; 7] = ["", "居委会", "居民委员会", "党委", "党总支", "党支部", "党组织"];

pub(super) fn is_community_word(word: &str) -> bool {
    COMMUNITY_WORDS.contains(&word)
}

pub(super) fn is_street_word(word: &str) -> bool {
    STREET_WORDS.contains(&word)
}

/// Whether a name means the community itself: 湖边社区, 湖边社区居委会, 湖边社区党委.
pub(super) fn itself(name: &str, community: &str) -> bool {
    let rest = name.strip_prefix(community).or_else(|| {
        let short = community.trim_end_matches("社区");
        name.strip_prefix(short).filter(|_| !short.is_empty())
    });
    rest.is_some_and(|rest| BODIES.contains(&rest.trim_start_matches("社区")))
}

impl Clerk<'_> {
    /// Who a row needs that may not be registered yet.
    pub(super) fn poster_wanted(&self, state: &State, row: &ListedRow) -> Option<Poster> {
        match &row.row {
            Row::Roster(link) => {
                Some(self.named(state, &link.unit, None, None, self.place_of(state, &link.at)))
            }
            Row::Place(_) | Row::Organization(_) => None,
            Row::Need(_) | Row::Resource(_) | Row::Project(_) => {
                let entry = row.row.entry()?;
                Some(self.poster(state, entry, self.place_of(state, &entry.at)))
            }
        }
    }

    /// Who posts an entry that lies at `place`.
    pub(super) fn poster(&self, state: &State, entry: &EntryRow, place: Option<PlaceId>) -> Poster {
        let community = place
            .and_then(|place| state.at_level(place, PlaceLevel::Community))
            .and_then(|community| self.community_organizations.get(&community).copied());
        let Some(name) = &entry.org else {
            return match (community, place) {
                (Some(community), _) => Poster::Known(community),
                (None, Some(place)) => self.office_of(state, place),
                (None, None) => Poster::Known(self.office),
            };
        };
        let is_itself = is_community_word(name)
            || entry.at.community.as_deref().is_some_and(|community| itself(name, community));
        if let (true, Some(community), None) = (is_itself, community, state.organization_named(name)) {
            return Poster::Known(community);
        }
        self.named(state, name, entry.said.as_deref(), entry.at.community.as_deref(), place)
    }

    fn named(
        &self,
        state: &State,
        name: &str,
        said: Option<&str>,
        community: Option<&str>,
        place: Option<PlaceId>,
    ) -> Poster {
        if let Some(known) = state.organization_named(name) {
            return Poster::Known(known);
        }
        let near = place.unwrap_or(self.root);
        let street = state.around(near).find(|around| around.level <= PlaceLevel::Street);
        let is_street = street.is_some_and(|street| name.trim_end_matches("办事处") == street.name);
        if is_street_word(name) || is_street {
            return self.office_of(state, near);
        }
        // Where nobody says, nothing is guessed: the matching takes it as open to the whole log.
        let kind = kind_of(name, said, community);
        Poster::Named { name: name.to_owned(), kind, place }
    }

    /// The office of the street or city a place lies in.
    fn office_of(&self, state: &State, place: PlaceId) -> Poster {
        let above = state.around(place).find(|around| around.level <= PlaceLevel::Street);
        let above = above.map_or(self.root, |above| above.id);
        match self.offices.get(&above) {
            Some(office) => Poster::Known(*office),
            None => Poster::OfficeOf(above),
        }
    }
}
