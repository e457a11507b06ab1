//! What differs between two states as far as the matching looks at it.
//!
//! The maps of a state are persistent: two states that follow each other share all but the changed
//! branches, and comparing them skips what they share. So the pool follows by comparison and not by
//! reading events: it cannot get out of step, and going to any other state, an older one too, is the same.

use crate::{
    entry::EntryDraft,
    identity::{OrganizationId, ProjectId, ResourceId},
    organization::{Organization, UnitKind},
    pairing::Target,
    place::Place,
    project::Project,
    state::State,
};
use imbl::{OrdMap, ordmap::DiffItem, ordset::DiffItem as SetDiffItem};
use std::{collections::BTreeSet, sync::Arc};

/// Whose matching may differ.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Needs and slots whose entry, pairings or declined pairs differ.
    pub targets: BTreeSet<Target>,
    /// Organizations whose resources, open capacity, name, kind, place or roster links differ.
    pub owners: BTreeSet<OrganizationId>,
    /// Resources that differ, each with who offers it before and after; withdrawn ones are offered by nobody.
    pub resources: Vec<(ResourceId, Option<OrganizationId>, Option<OrganizationId>)>,
    /// Needs and slots whose pairings differ: what stands as proposed may differ with them.
    pub paired: BTreeSet<Target>,
    /// Kinds of units whose leanings differ: with them all their owners.
    pub kinds: BTreeSet<UnitKind>,
    /// Whether everything may differ: rules, categories, territory, or whether there is a roster at all.
    pub everything: bool,
}

impl Changes {
    pub fn between(old: &State, new: &State) -> Self {
        let mut changes = Self { everything: all_differs(old, new), ..Self::default() };
        changes.lists(old, new);
        changes.organizations(old, new);
        changes.pairings(old, new);
        changes
    }

    fn lists(&mut self, old: &State, new: &State) {
        for (need, _, _) in differing(&old.needs, &new.needs) {
            self.targets.insert(Target::Need(*need));
        }
        for (id, before, after) in differing(&old.resources, &new.resources) {
            let [before, after] = [before, after].map(|resource| {
                let offered = resource.filter(|resource| resource.end.is_none());
                offered.map(|resource| resource.draft.entry.organization)
            });
            self.owners.extend(before.into_iter().chain(after));
            self.resources.push((*id, before, after));
        }
        for (id, before, after) in differing(&old.projects, &new.projects) {
            for project in before.into_iter().chain(after) {
                self.project(*id, project);
            }
        }
    }

    /// All slots of a project and the needs it carries.
    fn project(&mut self, id: ProjectId, project: &Project) {
        let slots = (0..).take(project.draft.slots.len()).map(|index| Target::Slot(id, index));
        self.targets.extend(slots.chain(project.draft.needs.iter().copied().map(Target::Need)));
    }

    fn organizations(&mut self, old: &State, new: &State) {
        for (id, before, after) in differing(&old.organizations, &new.organizations) {
            self.owners.insert(*id);
            // An entry that does not say where it is, is where its poster sits.
            let sits = |it: &Arc<Organization>| it.draft.place;
            if before.is_some() && before.map(sits) != after.map(sits) {
                self.targets.extend(posted_by(new, *id));
            }
        }
        // What became of pairings says how reliable their givers are.
        self.owners.extend(differing(&old.records, &new.records).map(|(giver, _, _)| *giver));
        // What units of a kind have taken up says what the others may.
        self.kinds.extend(differing(&old.leanings, &new.leanings).map(|(kind, _, _)| *kind));
        self.owners.extend(old.roster.diff(&new.roster).map(|link| match link {
            SetDiffItem::Add(link) | SetDiffItem::Remove(link) => link.unit,
        }));
    }

    fn pairings(&mut self, old: &State, new: &State) {
        for (_, before, after) in differing(&old.pairings, &new.pairings) {
            let both = || before.into_iter().chain(after);
            self.paired.extend(both().map(|pairing| pairing.terms.target));
            // What is claimed shows in the tally of the giver; what is requested by hand shows nowhere else.
            let requested = both().filter(|pairing| pairing.is_requested());
            self.owners.extend(requested.filter_map(|pairing| new.giving(pairing.terms.supplier)));
        }
        self.targets.extend(self.paired.iter().copied());
        self.targets.extend(old.declined.diff(&new.declined).map(|declined| match declined {
            SetDiffItem::Add((target, _)) | SetDiffItem::Remove((target, _)) => *target,
        }));
    }
}

/// The needs and slots of one poster.
fn posted_by(state: &State, poster: OrganizationId) -> impl Iterator<Item = Target> {
    let by_poster = move |entry: &EntryDraft| entry.organization == poster;
    let needs = state.needs().filter(move |need| by_poster(&need.draft.entry));
    let projects = state.projects().filter(move |project| by_poster(&project.draft.entry));
    let slots = projects.flat_map(|project| {
        (0..).take(project.draft.slots.len()).map(|index| Target::Slot(project.id, index))
    });
    needs.map(|need| Target::Need(need.id)).chain(slots)
}

fn all_differs(old: &State, new: &State) -> bool {
    // A place that is added lies around nothing yet; entries name only places that are there.
    let lies = |place: &Arc<Place>| (place.parent, place.level);
    let moved =
        |(_, before, after): Differing<'_, _, Place>| before.is_some() && before.map(lies) != after.map(lies);
    old.rules() != new.rules()
        || old.roster.is_empty() != new.roster.is_empty()
        || old.rated != new.rated
        || differing(&old.categories, &new.categories).next().is_some()
        || differing(&old.places, &new.places).any(moved)
}

type Differing<'a, K, V> = (&'a K, Option<&'a Arc<V>>, Option<&'a Arc<V>>);

/// The entries of two maps that are not the same, with what they were and what they are.
fn differing<'a, K: Ord, V: Eq>(
    old: &'a OrdMap<K, Arc<V>>,
    new: &'a OrdMap<K, Arc<V>>,
) -> impl Iterator<Item = Differing<'a, K, V>> {
    old.diff(new).map(|item| match item {
        DiffItem::Add(key, after) => (key, None, Some(after)),
        DiffItem::Update { old: (_, before), new: (key, after) } => (key, Some(before), Some(after)),
        DiffItem::Remove(key, before) => (key, Some(before), None),
    })
}
