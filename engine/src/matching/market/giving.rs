//! Givers: what one organization has posted and its open capacity, made ready to be compared.

use super::{Located, Placed, Shared};
use crate::{
    category::CategoryCode,
    entry::{BeneficiaryGroup, EntryDraft, Form},
    identity::{OrganizationId, PlaceId, ResourceId},
    leaning::Leaning,
    moment::Moment,
    organization::{Organization, Relation, RosterLink, UnitKind},
    pairing::Supplier,
    quantity::Quantity,
    record::Record,
    resource::{Counted, Resource},
    state::State,
    text::{
        affinity::{Affinity, Posted, PostedWords, UnitProfile},
        similarity::Terms,
    },
    window::Window,
};
use std::{collections::BTreeSet, sync::Arc};

/// What is offered in words, analysed.
#[derive(Debug)]
pub(in crate::matching) struct OfferedWording {
    title: String,
    /// The category a person stated.
    leaf: Option<CategoryCode>,
    words: PostedWords,
}

impl OfferedWording {
    pub fn terms(&self) -> &Terms {
        self.words.terms()
    }
}

/// What is known of an owner by name, kind and everything it has posted, analysed.
#[derive(Debug)]
pub(in crate::matching) struct Profile {
    name: String,
    kind: UnitKind,
    /// In the order of the identities.
    posted: Vec<(ResourceId, Shared<OfferedWording>)>,
    pub unit: UnitProfile,
}

impl Profile {
    /// The kind it is taken to be, by its name too.
    fn taken_as(&self) -> Option<UnitKind> {
        self.unit.kind()
    }

    fn wording(&self, resource: ResourceId) -> Option<&Shared<OfferedWording>> {
        let position = self.posted.binary_search_by_key(&resource, |(posted, _)| *posted).ok()?;
        self.posted.get(position).map(|(_, wording)| wording)
    }
}

/// A resource or a unit's open capacity, made ready.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::matching) struct Giver {
    pub supplier: Supplier,
    pub organization: OrganizationId,
    pub kind: UnitKind,
    pub place: Option<Located>,
    /// The areas it serves; empty = everywhere, because nobody said where it is.
    pub serves: Arc<[Located]>,
    /// Whether those areas were named, rather than following from where it lies.
    pub serves_named: bool,
    /// The communities the owner has a standing relation to, ascending, each with the strongest.
    pub links: Arc<[(PlaceId, Relation)]>,
    pub category: Option<Placed>,
    pub form: Option<Form>,
    pub quantity: Option<Quantity>,
    /// What one unit of its capacity is; `None` for a unit, which counts engagements.
    pub counted: Option<Counted>,
    /// What is neither claimed, agreed, nor requested by hand.
    pub remaining: u64,
    pub window: Window,
    pub group: Option<BeneficiaryGroup>,
    /// When the resource was posted; `None` for a unit.
    pub posted: Option<Moment>,
    pub profile: Shared<Profile>,
    /// How what its owner was to give before has gone; `None` where nothing is known.
    pub record: Option<Arc<Record>>,
    /// Its kind and what units of it have taken up on this street; `None` before the first time.
    pub leaning: Option<(UnitKind, Arc<Leaning>)>,
    /// Wording of the resource; `None` for a unit.
    pub wording: Option<Shared<OfferedWording>>,
}

impl Giver {
    /// The strongest standing relation of its owner to the community that a place lies in.
    pub fn relation(&self, place: &Located) -> Option<Relation> {
        let community = place.community?;
        self.links.iter().find(|(linked, _)| *linked == community).map(|(_, relation)| *relation)
    }

    /// Whether everybody would judge it just as the other, however much of it remains.
    pub fn judged_like(&self, other: &Self) -> bool {
        let alike = (self.remaining == 0) == (other.remaining == 0);
        alike && Self { remaining: other.remaining, ..self.clone() } == *other
    }

    /// Of which categories the askers are that would judge it otherwise than the other, when that is because of what its
    /// kind has taken up and of nothing else; `None` = perhaps of all.
    fn leaves_moved(&self, other: &Self) -> Option<BTreeSet<CategoryCode>> {
        let ((kind, before), (same_kind, after)) = self.leaning.as_ref().zip(other.leaning.as_ref())?;
        let leant = Self { leaning: other.leaning.clone(), ..self.clone() };
        let alike = kind == same_kind && leant.judged_like(other);
        before.differing(after).filter(|_| alike)
    }

    fn resource(
        state: &State,
        resource: &Resource,
        owner: &Owner<'_>,
        wording: Shared<OfferedWording>,
    ) -> Self {
        let entry = &resource.draft.entry;
        let place = state.place_of(entry);
        let serves_named = !resource.draft.serves.is_empty();
        let serves = if serves_named {
            resource.draft.serves.iter().map(|area| Located::of(state, *area)).collect()
        } else {
            place.map(|place| Located::own_street(state, place)).into_iter().collect()
        };
        Self {
            supplier: Supplier::Resource(resource.id),
            place: place.map(|place| Located::of(state, place)),
            serves,
            serves_named,
            category: entry.category.as_ref().map(|category| Placed::of(state, category)),
            form: entry.form,
            quantity: entry.quantity.clone(),
            counted: Some(resource.draft.counted()),
            remaining: resource
                .remaining()
                .saturating_sub(state.requested_of(Supplier::Resource(resource.id))),
            window: Window { wording: None, ..entry.window.clone() },
            group: entry.beneficiaries.group,
            posted: Some(resource.posted),
            wording: Some(wording),
            ..Self::unit(state, owner)
        }
    }

    fn unit(state: &State, owner: &Owner<'_>) -> Self {
        let Owner { organization, links, profile } = owner;
        let place = organization.draft.place;
        let capacity = state.open_capacity(organization);
        let spoken_for =
            organization.engagements.reserved() + state.requested_of(Supplier::Unit(organization.id));
        Self {
            supplier: Supplier::Unit(organization.id),
            organization: organization.id,
            kind: organization.draft.kind.unit_kind(),
            place: place.map(|place| Located::of(state, place)),
            serves: place.map(|place| Located::own_street(state, place)).into_iter().collect(),
            serves_named: false,
            links: Arc::clone(links),
            category: None,
            form: None,
            quantity: None,
            counted: None,
            remaining: capacity.saturating_sub(spoken_for),
            window: Window::open(),
            group: None,
            posted: None,
            profile: profile.clone(),
            record: state.record(organization.id).map(Arc::clone),
            leaning: profile.taken_as().and_then(|kind| Some((kind, Arc::clone(state.leaning(kind)?)))),
            wording: None,
        }
    }
}

/// What all givers of one organization have in common.
struct Owner<'a> {
    organization: &'a Organization,
    links: Arc<[(PlaceId, Relation)]>,
    profile: Shared<Profile>,
}

/// Everything one organization can give: its resources in the order of their identities, then its open
/// capacity. Withdrawn resources are gone, settled ones speak for their owner but are not given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::matching) struct Holding {
    pub givers: Vec<Arc<Giver>>,
}

impl Holding {
    /// What an organization gives of these resources of its own; `known` is what it was before.
    pub fn of(
        state: &State,
        affinity: &Affinity,
        organization: &Organization,
        resources: impl Iterator<Item = ResourceId>,
        known: &Self,
    ) -> Self {
        let resources: Vec<&Resource> = resources
            .filter_map(|resource| state.resource(resource))
            .map(Arc::as_ref)
            .filter(|resource| resource.end.is_none())
            .collect();
        let takes_up_needs = organization.draft.kind.takes_up_needs();
        if resources.is_empty() && !takes_up_needs {
            return Self::default();
        }
        let before = known.givers.first().map(|giver| &giver.profile);
        let owner = Owner {
            organization,
            links: links(state, organization.id),
            profile: profile(affinity, organization, &resources, before),
        };
        let given = resources.into_iter().filter(|resource| resource.is_open()).filter_map(|resource| {
            let wording = owner.profile.wording(resource.id)?.clone();
            Some(Giver::resource(state, resource, &owner, wording))
        });
        let open_capacity = takes_up_needs.then(|| Giver::unit(state, &owner));
        Self { givers: given.chain(open_capacity).map(Arc::new).collect() }
    }
}

impl Holding {
    /// The kind the owner is taken to be; `None` where it gives nothing.
    pub fn taken_as(&self) -> Option<UnitKind> {
        self.givers.first().and_then(|giver| giver.profile.taken_as())
    }

    /// The communities the owner has a standing relation to.
    pub fn links(&self) -> &[(PlaceId, Relation)] {
        self.givers.first().map_or(&[], |giver| &giver.links)
    }

    /// Who gives, in order.
    pub fn suppliers(&self) -> impl Iterator<Item = Supplier> {
        self.givers.iter().map(|giver| giver.supplier)
    }

    /// Whether everybody would judge all of it just as the other.
    pub fn judged_like(&self, other: &Self) -> bool {
        self.givers.len() == other.givers.len()
            && self.givers.iter().zip(&other.givers).all(|(one, other)| one.judged_like(other))
    }

    /// Of which categories the askers are that would judge it otherwise; `None` = perhaps of all.
    pub fn leaves_moved(&self, other: &Self) -> Option<BTreeSet<CategoryCode>> {
        let pairs = self.givers.iter().zip(&other.givers);
        let moved =
            pairs.map(|(one, other)| one.leaves_moved(other)).reduce(|one, other| Some(&one? | &other?));
        moved.flatten().filter(|_| self.givers.len() == other.givers.len())
    }

    /// What is given by only one of two, or differs between them.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Supplier> {
        let gone_or_changed = self.givers.iter().filter(|giver| !other.givers.contains(giver));
        let new_or_changed = other.givers.iter().filter(|giver| !self.givers.contains(giver));
        gone_or_changed.chain(new_or_changed).map(|giver| giver.supplier)
    }
}

fn links(state: &State, unit: OrganizationId) -> Arc<[(PlaceId, Relation)]> {
    let link = |community, relation| RosterLink { unit, community: PlaceId::new(community), relation };
    let of_unit = state.roster.range(link(0, Relation::Assigned)..=link(u64::MAX, Relation::Paired));
    let mut links: Vec<(PlaceId, Relation)> = of_unit.map(|link| (link.community, link.relation)).collect();
    // Relations are declared strongest first.
    links.dedup_by_key(|(community, _)| *community);
    links.into()
}

fn offered(
    affinity: &Affinity,
    resource: &Resource,
    before: Option<&Shared<Profile>>,
) -> Shared<OfferedWording> {
    let EntryDraft { title, category, .. } = &resource.draft.entry;
    let leaf = category.as_ref().filter(|category| category.is_stated()).map(|category| &category.code);
    let same = |known: &&Shared<OfferedWording>| known.title == *title && known.leaf.as_ref() == leaf;
    if let Some(known) = before.and_then(|before| before.wording(resource.id)).filter(same) {
        return known.clone();
    }
    let words = affinity.posted(Posted { title, leaf: leaf.map(CategoryCode::as_str) });
    Shared::new(OfferedWording { title: title.clone(), leaf: leaf.cloned(), words })
}

fn profile(
    affinity: &Affinity,
    organization: &Organization,
    resources: &[&Resource],
    before: Option<&Shared<Profile>>,
) -> Shared<Profile> {
    let (name, kind) = (&organization.draft.name, organization.draft.kind.unit_kind());
    let posted: Vec<(ResourceId, Shared<OfferedWording>)> =
        resources.iter().map(|resource| (resource.id, offered(affinity, resource, before))).collect();
    let known = before.filter(|known| known.name == *name && known.kind == kind);
    if let Some(known) = known.filter(|known| known.posted == posted) {
        return known.clone();
    }
    let called = match known {
        Some(known) => Arc::clone(known.unit.name()),
        None => Arc::new(affinity.name(name, Some(kind))),
    };
    let unit = affinity.unit_of(called, posted.iter().map(|(_, wording)| &wording.words));
    Shared::new(Profile { name: name.clone(), kind, posted, unit })
}
