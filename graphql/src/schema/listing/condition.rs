//! What a filter may ask of a thing, and where all of that kind stands that meets it.

use super::{related, wanted::Naming, words::Words};
use crate::schema::{
    filter::TimeRange,
    identity::NodeId,
    scope::Snapshot,
    viewed::Viewed,
    words::{BeneficiaryGroup, Channel, Form, OrganizationKind, UnitKind},
};
use chrono::NaiveDate;
use engine::{
    category::CategoryCode,
    identity::{OrganizationId, PairingId, PlaceId, PlanId, ProjectId},
    meeting::Item,
    member::Role,
    moment::Moment,
    need::Urgency,
    organization::{self, Relation},
    pairing::{Supplier, Target},
    permission::View,
    place::PlaceLevel,
    state::{
        State,
        listed::{
            CallStanding, Facet, FacetKind, Mark, Matter, Numbers, Rank, Register, Shelf, Status, Thing,
        },
    },
};

/// A range of an order that is longer is not looked up: sorting it anew would take as long as it spares.
const RANGE_MAX: usize = 2_000;

/// One condition on a thing of any register.
#[derive(Debug)]
pub enum Condition {
    /// Of this category or a leaf below it.
    Category(CategoryCode),
    /// In this place or below it.
    Place(PlaceId),
    /// This organization's: see [`Thing::organizations`].
    Organization(OrganizationId),
    /// This organization asks.
    Asking(OrganizationId),
    /// This organization gives.
    Giving(OrganizationId),
    /// In one of these states, each said once.
    Status(Vec<Status>),
    /// As soon as one of these says, each said once.
    Urgency(Vec<Urgency>),
    /// With one of these roles, each said once.
    Role(Vec<Role>),
    /// Of use until a day in this span.
    Deadline(Option<NaiveDate>, Option<NaiveDate>),
    /// Begun in this span.
    Began(TimeRange),
    /// From one place in an order to another, both in it.
    Between(Rank, i64, i64),
    /// Come in by one of these channels.
    Channel(Vec<Channel>),
    /// Of one of these forms.
    Form(Vec<Form>),
    /// For one of these groups.
    Beneficiary(Vec<BeneficiaryGroup>),
    /// With these words.
    Text(Words),
    /// On this need or slot.
    Target(Target),
    /// On this project, or on a slot of it.
    Project(ProjectId),
    /// With this resource, or with this unit's open capacity.
    Supplier(Supplier),
    /// Of this pairing.
    Pairing(PairingId),
    /// With this on its agenda.
    Item(Item),
    /// Proposed by this plan.
    Plan(PlanId),
    /// Its newest version waits for a signature of this organization.
    Unsigned(OrganizationId),
    /// Takes bids at this moment.
    TakesBids(Moment),
    /// An organization of this kind.
    Kind(OrganizationKind),
    /// A resident unit of this kind; of an entry, who posted it; of a pairing, who gives, both as tiles group them.
    UnitKind(UnitKind),
    /// A place of this level.
    Level(PlaceLevel),
    /// A place directly below this one.
    Parent(PlaceId),
    /// An organization that sits exactly here.
    Seat(PlaceId),
    /// A link of one of these kinds, each said once.
    Relation(Vec<Relation>),
    /// Seen by whoever asks.
    Seen(Snapshot),
}

/// Where things stand: on a shelf of the index, or picked for the occasion.
pub enum Stand<'a> {
    /// A shelf.
    Shelf(Shelf<'a>),
    /// Their numbers, rising.
    Picked(Vec<u64>),
}

impl<'a> Stand<'a> {
    fn len(&self) -> usize {
        match self {
            Self::Shelf(shelf) => shelf.len(),
            Self::Picked(numbers) => numbers.len(),
        }
    }

    /// Those beyond one number and before another, the older first.
    pub fn numbers(self, after: Option<u64>, before: Option<u64>) -> Numbers<'a> {
        match self {
            Self::Shelf(shelf) => shelf.numbers(after, before),
            Self::Picked(numbers) => Box::new(numbers.into_iter().filter(move |number| {
                after.is_none_or(|after| after < *number) && before.is_none_or(|before| *number < before)
            })),
        }
    }
}

/// Stands on which all is that passes.
pub struct Narrowed<'a> {
    /// The stands; a thing may be on several.
    pub stands: Vec<Stand<'a>>,
    /// How many things stand there.
    pub len: usize,
}

impl<'a> Narrowed<'a> {
    fn of(shelves: impl Iterator<Item = Shelf<'a>>) -> Self {
        let stands: Vec<_> = shelves.map(Stand::Shelf).collect();
        let len = stands.iter().map(Stand::len).sum();
        Self { stands, len }
    }

    /// What stands here or there.
    pub fn and(self, other: Self) -> Self {
        let Self { mut stands, len } = self;
        stands.extend(other.stands);
        Self { stands, len: len + other.len }
    }
}

impl From<Vec<u64>> for Narrowed<'_> {
    fn from(numbers: Vec<u64>) -> Self {
        Self { len: numbers.len(), stands: vec![Stand::Picked(numbers)] }
    }
}

impl Naming for Condition {
    fn names(&self) -> Option<NodeId> {
        Some(match self {
            Self::Category(code) => NodeId::Category(code.clone()),
            Self::Place(id) | Self::Parent(id) | Self::Seat(id) => NodeId::Place(*id),
            Self::Organization(id) | Self::Asking(id) | Self::Giving(id) | Self::Unsigned(id) => {
                NodeId::Organization(*id)
            }
            Self::Target(target) => (*target).into(),
            Self::Project(id) | Self::Item(Item::Project(id)) => NodeId::Project(*id),
            Self::Supplier(Supplier::Resource(id)) => NodeId::Resource(*id),
            Self::Supplier(Supplier::Unit(id)) => NodeId::Organization(*id),
            Self::Pairing(id) | Self::Item(Item::Pairing(id)) => NodeId::Pairing(*id),
            Self::Plan(id) => NodeId::Plan(*id),
            Self::Status(_)
            | Self::Urgency(_)
            | Self::Role(_)
            | Self::Deadline(..)
            | Self::Began(_)
            | Self::Between(..)
            | Self::Channel(_)
            | Self::Form(_)
            | Self::Beneficiary(_)
            | Self::Text(_)
            | Self::TakesBids(_)
            | Self::Kind(_)
            | Self::UnitKind(_)
            | Self::Level(_)
            | Self::Relation(_)
            | Self::Seen(_) => return None,
        })
    }
}

impl Condition {
    /// Whether a thing meets it.
    pub fn holds(&self, state: &State, thing: Thing<'_>) -> bool {
        match self {
            Self::Category(wanted) => {
                let given = thing.matter(state).and_then(Matter::category);
                given.is_some_and(|it| it.code == *wanted || state.top_of(&it.code) == wanted)
            }
            Self::Place(outer) => thing.place(state).is_some_and(|inner| state.lies_in(inner, *outer)),
            Self::Organization(wanted) => thing.is_of(state, *wanted),
            Self::Asking(wanted) => thing.asking(state) == Some(*wanted),
            Self::Giving(wanted) => thing.giving(state) == Some(*wanted),
            Self::Status(wanted) => thing.status().is_some_and(|it| wanted.contains(&it)),
            Self::Urgency(wanted) => thing.urgency().is_some_and(|it| wanted.contains(&it)),
            Self::Role(wanted) => matches!(thing, Thing::Member(it) if wanted.contains(&it.role)),
            Self::Deadline(from, to) => {
                thing.entry().and_then(|entry| entry.window.to).is_some_and(|day| within((*from, *to), day))
            }
            Self::Began(span) => thing.began().is_some_and(|at| span.holds(at)),
            Self::Between(rank, first, last) => {
                matches!(thing.mark(state, *rank), Mark::At(at) if (*first..=*last).contains(&at))
            }
            Self::Channel(wanted) => thing.channel(state).is_some_and(|it| wanted.contains(&it.into())),
            Self::Form(wanted) => {
                let form = thing.matter(state).and_then(Matter::form);
                form.is_some_and(|form| wanted.contains(&form.into()))
            }
            Self::Beneficiary(wanted) => {
                let group = thing.matter(state).and_then(Matter::beneficiary);
                group.is_some_and(|group| wanted.contains(&group.into()))
            }
            Self::Text(words) => {
                let named = || thing.name().map(|name| (name, None));
                let said = || thing.matter(state).map(Matter::wording);
                let wording = if thing.entry().is_some() { said() } else { named().or_else(said) };
                wording.is_some_and(|(title, detail)| words.stand_in(title, detail))
            }
            Self::Target(wanted) => thing.target(state) == Some(*wanted),
            Self::Project(wanted) => related::project(state, thing) == Some(*wanted),
            Self::Supplier(wanted) => thing.supplier(state) == Some(*wanted),
            Self::Pairing(wanted) => related::pairing(thing) == Some(*wanted),
            Self::Item(item) => matches!(thing, Thing::Meeting(it) if it.draft.agenda.contains(item)),
            Self::Plan(plan) => {
                let origin = engine::pairing::Origin::Plan(*plan);
                matches!(thing, Thing::Pairing(it) if it.origin == origin)
            }
            Self::Unsigned(party) => matches!(thing, Thing::Agreement(it) if it.unsigned().is_some_and(|it| {
                it.terms.parties.contains(party) && !it.signatures.contains_key(party)
            })),
            Self::TakesBids(now) => matches!(thing, Thing::Call(it) if it.ended(*now).is_none()),
            Self::Kind(kind) => {
                matches!(thing, Thing::Organization(it) if OrganizationKind::of(it.draft.kind) == *kind)
            }
            Self::Level(level) => matches!(thing, Thing::Place(it) if it.level == *level),
            Self::UnitKind(wanted) => {
                let kind = |id| state.organization(id).map(|it| it.draft.kind);
                let unit = Some(organization::OrganizationKind::Unit((*wanted).into()));
                // Whoever posts or gives has a kind as tiles group it, units or not.
                let acts_as = |id| kind(id).is_some_and(|it| it.unit_kind() == (*wanted).into());
                match thing {
                    Thing::Organization(it) => Some(it.draft.kind) == unit,
                    Thing::Link(it) => kind(it.unit) == unit,
                    Thing::Pairing(_) => thing.giving(state).is_some_and(acts_as),
                    _ => thing.entry().is_some_and(|entry| acts_as(entry.organization)),
                }
            }
            Self::Parent(outer) => matches!(thing, Thing::Place(it) if it.parent == Some(*outer)),
            Self::Seat(here) => matches!(thing, Thing::Organization(it) if it.draft.place == Some(*here)),
            Self::Relation(wanted) => matches!(thing, Thing::Link(it) if wanted.contains(&it.relation)),
            Self::Seen(at) => at.sees_thing(thing),
        }
    }

    /// Where all of a register stands that meets it, if an index knows. No thing stands on two of these.
    pub fn stands<'a>(&self, state: &'a State, register: Register) -> Option<Narrowed<'a>> {
        let shelf = |facet: Facet| state.listed(register, &facet);
        let one = |facet: Facet| Narrowed::of(shelf(facet).into_iter());
        Some(match self {
            Self::Category(code) => match state.category(code).and_then(|it| it.parent.as_ref()) {
                Some(_) => one(Facet::Category(Some(code.clone()))),
                None => one(Facet::TopCategory(Some(code.clone()))),
            },
            Self::Place(id) => match state.at_level(*id, PlaceLevel::Community) {
                Some(community) => one(Facet::Place(Some(community))),
                None => {
                    Narrowed::of(state.facets(register, FacetKind::Place).filter_map(|(facet, shelf)| {
                        let Facet::Place(Some(inner)) = facet else { return None };
                        state.lies_in(*inner, *id).then_some(shelf)
                    }))
                }
            },
            // A bid is its bidder's; who asks has a shelf beside it.
            Self::Asking(id) if register == Register::Bids => one(Facet::Asking(*id)),
            Self::Organization(id) | Self::Asking(id) | Self::Giving(id) | Self::Unsigned(id) => {
                one(Facet::Organization(*id))
            }
            Self::Status(wanted) => Narrowed::of(wanted.iter().filter_map(|it| shelf(Facet::Status(*it)))),
            Self::Urgency(wanted) => Narrowed::of(wanted.iter().filter_map(|it| shelf(Facet::Urgency(*it)))),
            Self::Role(wanted) => Narrowed::of(wanted.iter().filter_map(|it| shelf(Facet::Role(*it)))),
            Self::Deadline(from, to) => {
                Narrowed::of(state.facets(register, FacetKind::Deadline).filter_map(|(facet, shelf)| {
                    let Facet::Deadline(Some(day)) = facet else { return None };
                    within((*from, *to), *day).then_some(shelf)
                }))
            }
            Self::Between(..) => {
                let mut numbers: Vec<u64> = self.range(state, register).take(RANGE_MAX + 1).collect();
                if numbers.len() > RANGE_MAX {
                    return None;
                }
                numbers.sort_unstable();
                numbers.into()
            }
            Self::Target(target) => related::of_target(state, register, *target)?.into(),
            Self::Project(project) => related::of_project(state, register, *project)?.into(),
            Self::Supplier(supplier) => related::of_supplier(state, register, *supplier)?.into(),
            Self::Pairing(pairing) => related::of_pairing(state, register, *pairing)?.into(),
            Self::Item(item) => state.meetings_on(*item).map(|it| it.id.number()).collect::<Vec<_>>().into(),
            Self::Plan(plan) => one(Facet::Plan(*plan)),
            Self::TakesBids(_) => one(Facet::Status(Status::Call(CallStanding::Open))),
            Self::Kind(wanted) => {
                Narrowed::of(state.facets(register, FacetKind::Kind).filter_map(|(facet, shelf)| {
                    let Facet::Kind(kind) = facet else { return None };
                    (OrganizationKind::of(*kind) == *wanted).then_some(shelf)
                }))
            }
            // A unit may become another kind of unit, so what is a unit's does not stand by that.
            Self::UnitKind(_) if register != Register::Organizations => return None,
            Self::UnitKind(kind) => one(Facet::Kind(organization::OrganizationKind::Unit((*kind).into()))),
            Self::Level(level) => one(Facet::Level(*level)),
            Self::Parent(outer) => {
                let mut below: Vec<u64> = state.children(Some(*outer)).map(PlaceId::number).collect();
                below.sort_unstable();
                below.into()
            }
            Self::Seat(here) => {
                let around = state.at_level(*here, PlaceLevel::Community);
                one(Facet::Place(Some(around.unwrap_or(*here))))
            }
            Self::Relation(wanted) => {
                Narrowed::of(wanted.iter().filter_map(|it| shelf(Facet::Relation(*it))))
            }
            Self::Seen(at) => return seen(at, state, register),
            Self::Began(_) | Self::Channel(_) | Self::Form(_) | Self::Beneficiary(_) | Self::Text(_) => {
                return None;
            }
        })
    }

    /// Whether all that stands where it is looked for meets it, and not only some of it.
    fn stands_alone(&self, state: &State, register: Register) -> bool {
        match self {
            // Things below a community stand on its shelf, together with those beside them.
            Self::Place(id) => {
                let community = state.at_level(*id, PlaceLevel::Community);
                community.is_none_or(|community| community == *id)
            }
            Self::Asking(_) => register == Register::Bids,
            // These stand on the shelves of others.
            Self::Giving(_) | Self::Unsigned(_) | Self::TakesBids(_) | Self::Seat(_) | Self::Seen(_) => false,
            _ => true,
        }
    }

    /// How many of a register meet it, when an index knows it at once.
    pub fn known_count(&self, state: &State, register: Register) -> Option<usize> {
        match self {
            Self::Between(..) => Some(self.range(state, register).count()),
            Self::Began(span) => {
                let (after, before) = began_between(state, register, *span);
                Some(state.numbers(register, after, before).count())
            }
            _ if self.stands_alone(state, register) => self.stands(state, register).map(|it| it.len),
            _ => None,
        }
    }

    /// The shelves on which all of a register stands that meets it and nothing else, if there are such.
    pub fn shelves<'a>(&self, state: &'a State, register: Register) -> Option<Vec<Shelf<'a>>> {
        // Others would be picked for nothing.
        let has_shelves = matches!(
            self,
            Self::Category(_)
                | Self::Place(_)
                | Self::Organization(_)
                | Self::Asking(_)
                | Self::Status(_)
                | Self::Urgency(_)
                | Self::Role(_)
                | Self::Kind(_)
                | Self::Level(_)
        );
        if !has_shelves || !self.stands_alone(state, register) {
            return None;
        }
        let shelf = |stand| match stand {
            Stand::Shelf(shelf) => Some(shelf),
            Stand::Picked(_) => None,
        };
        self.stands(state, register)?.stands.into_iter().map(shelf).collect()
    }

    /// The numbers of what stands in the range of an order, in that order.
    fn range(&self, state: &State, register: Register) -> impl Iterator<Item = u64> {
        let range = match self {
            Self::Between(rank, first, last) => {
                let ends = ((Mark::At(*first), 0), (Mark::At(*last), u64::MAX));
                Some(state.ranked(register, *rank, ends).map(|(_, number)| number))
            }
            _ => None,
        };
        range.into_iter().flatten()
    }
}

/// Where all of a register stands that an organization sees, if an index knows.
fn seen<'a>(at: &Viewed, state: &'a State, register: Register) -> Option<Narrowed<'a>> {
    let View::Organization(own) = at.view() else { return None };
    let of = |facets: &[Facet]| Narrowed::of(facets.iter().filter_map(|it| state.listed(register, it)));
    match register {
        Register::Deliveries | Register::Members => Some(of(&[Facet::Organization(own)])),
        Register::Bids => Some(of(&[Facet::Organization(own), Facet::Asking(own)])),
        Register::Pairings | Register::Agreements => {
            Some(of(&[Facet::Organization(own), Facet::Beside(own)]))
        }
        // Of these most are published.
        Register::Needs | Register::Calls => None,
        Register::Resources
        | Register::Projects
        | Register::Meetings
        | Register::Plans
        | Register::Organizations
        | Register::Places
        | Register::Roster => None,
    }
}

/// The numbers beyond and before which nothing has begun in a span: a later number began no earlier.
pub fn began_between(state: &State, register: Register, span: TimeRange) -> (Option<u64>, Option<u64>) {
    let last = state.numbers(register, None, None).next_back().unwrap_or(0);
    // The first number that began at a moment or after it.
    let first_from = |moment: Moment| {
        let (mut low, mut high) = (0, last.saturating_add(1));
        while low < high {
            let middle = low + (high - low) / 2;
            let found = state.numbers(register, middle.checked_sub(1), None).next();
            let began = found.and_then(|number| Thing::find(state, register, number)?.began());
            if began.is_some_and(|began| began < moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    let after = span.from.map(|from| first_from(from.0)).and_then(|number| number.checked_sub(1));
    (after, span.to.map(|to| first_from(to.0)))
}

fn within((from, to): (Option<NaiveDate>, Option<NaiveDate>), day: NaiveDate) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}
