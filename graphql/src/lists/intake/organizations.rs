//! The second stage: organizations that are rows of their own, communities, and those that rows only name.

use super::{
    Clerk, Job,
    posters::{Poster, is_community_word, is_street_word, itself},
};
use crate::lists::{
    Kind, ListedRow,
    problem::Fault,
    row,
    row::{OrganizationRow, Row},
    wording,
};
use engine::{
    command::Command,
    identity::{OrganizationId, PlaceId},
    organization::{OrganizationDraft, OrganizationKind, RosterLink},
    place::PlaceLevel,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// Words that say an organization is a team of residents or volunteers rather than a unit.
const TEAM_WORDS: [&str; 5] = ["team", "队伍", "团队", "居民队伍", "志愿者队伍"];

impl<'a> Clerk<'a> {
    pub(super) fn take_organizations(&mut self) {
        self.learn_organizations();
        self.take_organization_rows();
        self.learn_organizations();
        self.register_communities();
        self.learn_organizations();
        self.register_posters();
        self.learn_organizations();
    }

    fn learn_organizations(&mut self) {
        let state = self.desk.state();
        for organization in state.organizations() {
            if let Some(place) = organization.draft.place {
                match organization.draft.kind {
                    OrganizationKind::Community => {
                        self.community_organizations.entry(place).or_insert(organization.id);
                    }
                    OrganizationKind::StreetOffice => {
                        self.offices.entry(place).or_insert(organization.id);
                    }
                    OrganizationKind::Unit(_) | OrganizationKind::Team => {}
                }
            }
        }
        self.offices.insert(self.root, self.office);
    }

    fn take_organization_rows(&mut self) {
        let state = self.desk.state();
        let mut described = BTreeSet::new();
        let mut jobs = Vec::new();
        for row in self.rows {
            let Row::Organization(organization) = &row.row else { continue };
            let seat = self.place_of(&state, &organization.at);
            let place = match &organization.place {
                None => seat,
                Some(name) => match self.find_place(&state, name, seat) {
                    Some(place) => Some(place),
                    None => {
                        let fault = self.no_place(&state, name);
                        self.refuse(row, Some("place".into()), fault);
                        continue;
                    }
                },
            };
            let community = organization.at.community.as_deref();
            let kind = kind_of(&organization.name, organization.said.as_deref(), community);
            let draft = OrganizationDraft {
                name: organization.name.clone(),
                kind,
                place: place.or((kind == OrganizationKind::StreetOffice).then_some(self.root)),
                open_capacity: organization.open_capacity,
                reference: organization.id.clone(),
            };
            let standing = self.standing_organization(&state, &draft);
            let fits = |id: &OrganizationId| {
                let known = state.organization(*id).and_then(|it| it.draft.reference.as_ref());
                !described.contains(id) && (known.is_none() || known == draft.reference.as_ref())
            };
            let command = match standing.filter(fits) {
                None => Command::RegisterOrganization(draft),
                Some(id) => {
                    described.insert(id);
                    let merged = merged(&state, id, draft, organization);
                    if state.organization(id).is_some_and(|it| it.draft == merged) {
                        self.already_there(Kind::Organization);
                        continue;
                    }
                    Command::AmendOrganization { organization: id, draft: merged }
                }
            };
            jobs.push(Job { row, command });
        }
        self.execute(jobs);
    }

    /// The organization a row speaks of: of its name, or the office or community of its place.
    fn standing_organization(&self, state: &State, draft: &OrganizationDraft) -> Option<OrganizationId> {
        state.organization_named(&draft.name).or_else(|| {
            let place = draft.place?;
            match draft.kind {
                // The office is opened under the street's name; a list calls it 某街道办事处.
                OrganizationKind::StreetOffice => {
                    let street = state.place(place).map(|street| street.name.as_str());
                    let is_its_own = street == Some(draft.name.trim_end_matches("办事处"));
                    self.offices.get(&place).copied().filter(|_| is_its_own)
                }
                OrganizationKind::Community => self.community_organizations.get(&place).copied(),
                OrganizationKind::Unit(_) | OrganizationKind::Team => None,
            }
        })
    }

    /// Every community acts as an organization too; where the name is taken, with its street in brackets.
    fn register_communities(&mut self) {
        let state = self.desk.state();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut jobs = Vec::new();
        let Some(first) = self.rows.first() else { return };
        let mut mentions: BTreeMap<&str, &'a ListedRow> = BTreeMap::new();
        for row in self.rows {
            if let Some(community) = row.row.whereabouts().and_then(|at| at.community.as_deref()) {
                mentions.entry(community).or_insert(row);
            }
        }
        for place in state.places().filter(|place| place.level == PlaceLevel::Community) {
            if self.community_organizations.contains_key(&place.id) {
                continue;
            }
            let around: Vec<&str> = state.around(place.id).skip(1).map(|place| place.name.as_str()).collect();
            let names = (0..=around.len()).map(|length| match length {
                0 => place.name.clone(),
                _ => format!("{}（{}）", place.name, around.get(..length).unwrap_or_default().join("·")),
            });
            let is_free = |name: &String| state.organization_named(name).is_none() && !taken.contains(name);
            let Some(name) = names.into_iter().find(is_free) else { continue };
            taken.insert(name.clone());
            let request = row::digest("community", &format!("{}/{}", around.join("/"), place.name));
            let row = mentions.get(place.name.as_str()).copied().unwrap_or(first);
            jobs.push((row, request, register(name, OrganizationKind::Community, Some(place.id))));
        }
        self.execute_implied(jobs);
    }

    /// Registers whoever posts, or stands in the roster, and is not known yet.
    fn register_posters(&mut self) {
        let state = self.desk.state();
        let mut wanted: BTreeMap<String, (&'a ListedRow, OrganizationKind, Option<PlaceId>)> =
            BTreeMap::new();
        for row in self.rows {
            match self.poster_wanted(&state, row) {
                Some(Poster::Named { name, kind, place }) => {
                    wanted.entry(name).or_insert((row, kind, place));
                }
                Some(Poster::OfficeOf(place)) if !self.offices.contains_key(&place) => {
                    if let Some(at) = state.place(place) {
                        let office = (row, OrganizationKind::StreetOffice, Some(place));
                        wanted.entry(at.name.clone()).or_insert(office);
                    }
                }
                Some(Poster::OfficeOf(_) | Poster::Known(_)) | None => {}
            }
        }
        let jobs = wanted
            .into_iter()
            .filter(|(name, _)| state.organization_named(name).is_none())
            .map(|(name, (row, kind, place))| {
                let request = row::digest("organization named", &name);
                (row, request, register(name, kind, place))
            })
            .collect();
        self.execute_implied(jobs);
    }

    /// The third stage: standing relations between units and communities.
    pub(super) fn take_roster(&mut self) {
        let state = self.desk.state();
        let known: BTreeSet<RosterLink> = state.roster().copied().collect();
        let mut jobs = Vec::new();
        for row in self.rows {
            let Row::Roster(link) = &row.row else { continue };
            let unit = state.organization_named(&link.unit);
            let community = self.place_of(&state, &link.at);
            match (unit, community) {
                (None, _) => {
                    let fault = Fault::UnknownOrganization { name: link.unit.clone() };
                    self.refuse(row, Some("unit".into()), fault);
                }
                (_, None) => {
                    let name = link.at.community.as_deref().unwrap_or_default();
                    let fault = self.no_place(&state, name);
                    self.refuse(row, Some("community".into()), fault);
                }
                (Some(unit), Some(community)) => {
                    let link = RosterLink { unit, community, relation: link.relation };
                    if known.contains(&link) {
                        self.already_there(Kind::Roster);
                    } else {
                        jobs.push(Job { row, command: Command::LinkRoster(link) });
                    }
                }
            }
        }
        self.execute(jobs);
    }
}

fn register(name: String, kind: OrganizationKind, place: Option<PlaceId>) -> Command {
    Command::RegisterOrganization(OrganizationDraft {
        name,
        kind,
        place,
        open_capacity: None,
        reference: None,
    })
}

/// What a row adds to what is known: its silence takes nothing away.
fn merged(
    state: &State,
    id: OrganizationId,
    draft: OrganizationDraft,
    row: &OrganizationRow,
) -> OrganizationDraft {
    let Some(old) = state.organization(id).map(|known| &known.draft) else {
        return draft;
    };
    let says_where = row.place.is_some() || row.at.community.is_some() || row.at.street.is_some();
    OrganizationDraft {
        kind: if row.said.is_some() { draft.kind } else { old.kind },
        place: if says_where || old.place.is_none() { draft.place } else { old.place },
        open_capacity: draft.open_capacity.or(old.open_capacity),
        reference: draft.reference.or_else(|| old.reference.clone()),
        name: draft.name,
    }
}

/// What an organization is, by what the list says it is, else by its name.
pub(super) fn kind_of(name: &str, said: Option<&str>, community: Option<&str>) -> OrganizationKind {
    let word = said.map(|said| said.trim().to_lowercase());
    let word = word.as_deref();
    let is_community = word.map_or_else(|| name.ends_with("社区"), is_community_word);
    if is_community && community.is_none_or(|community| itself(name, community)) && name.ends_with("社区") {
        return OrganizationKind::Community;
    }
    if community.is_some_and(|community| name == community) {
        return OrganizationKind::Community;
    }
    if word.is_some_and(is_street_word) {
        return OrganizationKind::StreetOffice;
    }
    if word.is_some_and(|word| TEAM_WORDS.contains(&word)) {
        return OrganizationKind::Team;
    }
    OrganizationKind::Unit(wording::unit_kind(said, name))
}
