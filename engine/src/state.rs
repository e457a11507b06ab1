//! The state: a fold of the log in persistent maps, so that a snapshot of everything is O(1).
//!
//! Readers hold a clone and see one position from first to last; the writer goes on with its own.
//! Indexes and tallies that queries need are kept here by [`crate::evolve`], never recounted.

pub(crate) mod contacts;
mod cooperation;
pub mod due;
mod involved;
pub mod listed;
mod numbers;
pub mod parts;
pub mod territory;
pub(crate) mod vicinity;
pub mod waiting;

use crate::{
    agreement::{Agreement, Subject},
    bid::{Bid, Call},
    category::{Category, CategoryCode},
    contribution::Account,
    delivery::Delivery,
    entry::List,
    figures::Figures,
    history::Entity,
    identity::{
        AgreementId, BidId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId, PlaceId,
        PlanId, Position, ProjectId, ResourceId,
    },
    leaning::Leaning,
    meeting::{Item, Meeting},
    member::{Member, SignOnHash, TokenHash},
    moment::Moment,
    need::Need,
    organization::{Organization, OrganizationKind, RosterLink, UnitKind},
    pairing::{Pairing, Supplier, Tally, Target},
    place::Place,
    plan::Plan,
    project::Project,
    record::Record,
    resource::Resource,
    rules::Rules,
    tallies::Tallies,
};
use contacts::Contacts;
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};
use std::{ops::RangeInclusive, sync::Arc};

/// The street, once its log is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Street {
    /// Its name.
    pub name: String,
    /// Its root in the territory tree.
    pub place: PlaceId,
    /// Its office.
    pub office: OrganizationId,
}

/// The last identity of each noun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counters {
    pub place: u64,
    pub organization: u64,
    pub member: u64,
    pub need: u64,
    pub resource: u64,
    pub project: u64,
    pub pairing: u64,
    pub plan: u64,
    pub bid: u64,
    pub meeting: u64,
    pub agreement: u64,
    pub delivery: u64,
}

/// Everything that is known at one position of the log.
///
/// It can be written and read back, so that a start need not fold the whole log. What is written so is no stored
/// shape: it may change with every version of the program, which then folds the log again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub(crate) position: Position,
    pub(crate) time: Option<Moment>,
    pub(crate) street: Option<Arc<Street>>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) categories: OrdMap<CategoryCode, Arc<Category>>,
    pub(crate) places: OrdMap<PlaceId, Arc<Place>>,
    pub(crate) place_names: OrdMap<(Option<PlaceId>, Arc<str>), PlaceId>,
    pub(crate) place_references: OrdMap<Arc<str>, PlaceId>,
    pub(crate) organizations: OrdMap<OrganizationId, Arc<Organization>>,
    pub(crate) organization_names: OrdMap<Arc<str>, OrganizationId>,
    /// The community that sits at a place; of several, the one that was registered first.
    pub(crate) communities: OrdMap<PlaceId, OrganizationId>,
    pub(crate) roster: OrdSet<RosterLink>,
    pub(crate) members: OrdMap<MemberId, Arc<Member>>,
    pub(crate) tokens: OrdMap<TokenHash, MemberId>,
    pub(crate) sign_ons: OrdMap<SignOnHash, MemberId>,
    pub(crate) needs: OrdMap<NeedId, Arc<Need>>,
    pub(crate) resources: OrdMap<ResourceId, Arc<Resource>>,
    pub(crate) projects: OrdMap<ProjectId, Arc<Project>>,
    /// By need, every project whose draft names it, open or not.
    pub(crate) carriers: OrdSet<(NeedId, ProjectId)>,
    pub(crate) references: OrdMap<(List, Arc<str>), u64>,
    pub(crate) pairings: OrdMap<PairingId, Arc<Pairing>>,
    pub(crate) pairings_of_target: OrdSet<(Target, PairingId)>,
    pub(crate) pairings_of_supplier: OrdSet<(Supplier, PairingId)>,
    pub(crate) proposed: OrdSet<PairingId>,
    pub(crate) claims_due: OrdSet<(Moment, PairingId)>,
    pub(crate) declined: OrdSet<(Target, Supplier)>,
    pub(crate) plans: OrdMap<PlanId, Arc<Plan>>,
    pub(crate) bids: OrdMap<BidId, Arc<Bid>>,
    pub(crate) bids_of_target: OrdSet<(Target, BidId)>,
    pub(crate) bids_of_supplier: OrdSet<(Supplier, BidId)>,
    /// The last call on each target.
    pub(crate) calls: OrdMap<Target, Arc<Call>>,
    pub(crate) meetings: OrdMap<MeetingId, Arc<Meeting>>,
    /// By item, the meetings that have it on their agenda.
    pub(crate) meetings_on: OrdSet<(Item, MeetingId)>,
    pub(crate) agreements: OrdMap<AgreementId, Arc<Agreement>>,
    pub(crate) agreements_of: OrdSet<(Subject, AgreementId)>,
    pub(crate) deliveries: OrdMap<DeliveryId, Arc<Delivery>>,
    pub(crate) deliveries_of: OrdSet<(PairingId, DeliveryId)>,
    pub(crate) accounts: OrdMap<OrganizationId, Arc<Account>>,
    pub(crate) records: OrdMap<OrganizationId, Arc<Record>>,
    /// Whether anybody's reliability is known yet.
    pub(crate) rated: bool,
    /// What each kind of unit has taken up to the end, counted.
    pub(crate) taken_up: OrdMap<UnitKind, Arc<Leaning>>,
    /// The same as the fit hears it; see [`crate::leaning`].
    pub(crate) leanings: OrdMap<UnitKind, Arc<Leaning>>,
    /// What `Tick` is to look at, kind by kind in the order of time: see [`due`].
    pub(crate) due: OrdSet<(due::Kind, Moment, due::Due)>,
    pub(crate) contacts: Contacts,
    /// By community, the needs that go on there: see [`vicinity`].
    pub(crate) vicinity: vicinity::Vicinity,
    /// What things of a register have in common: see [`listed`].
    pub(crate) listed: listed::Listed,
    /// In which order they stand: see [`listed`].
    pub(crate) ranked: OrdSet<(listed::Register, listed::Rank, listed::Mark, u64)>,
    /// What waits for whom: see [`waiting`].
    pub(crate) waiting: OrdSet<waiting::Line>,
    /// What is counted by month: see [`crate::figures`].
    pub(crate) figures: Figures,
    /// What of each list stands where: see [`crate::tallies`].
    pub(crate) tallies: Tallies,
    /// By entity, the commits that said something about it.
    pub(crate) touches: OrdSet<(Entity, Position)>,
    pub(crate) last: Counters,
}

impl Default for State {
    fn default() -> Self {
        Self::empty()
    }
}

impl State {
    /// Before the first event.
    pub fn empty() -> Self {
        Self {
            position: Position::START,
            time: None,
            street: None,
            rules: Arc::new(Rules::STANDARD),
            categories: OrdMap::new(),
            places: OrdMap::new(),
            place_names: OrdMap::new(),
            place_references: OrdMap::new(),
            organizations: OrdMap::new(),
            organization_names: OrdMap::new(),
            communities: OrdMap::new(),
            roster: OrdSet::new(),
            members: OrdMap::new(),
            tokens: OrdMap::new(),
            sign_ons: OrdMap::new(),
            needs: OrdMap::new(),
            resources: OrdMap::new(),
            projects: OrdMap::new(),
            carriers: OrdSet::new(),
            references: OrdMap::new(),
            pairings: OrdMap::new(),
            pairings_of_target: OrdSet::new(),
            pairings_of_supplier: OrdSet::new(),
            proposed: OrdSet::new(),
            claims_due: OrdSet::new(),
            declined: OrdSet::new(),
            plans: OrdMap::new(),
            bids: OrdMap::new(),
            bids_of_target: OrdSet::new(),
            bids_of_supplier: OrdSet::new(),
            calls: OrdMap::new(),
            meetings: OrdMap::new(),
            meetings_on: OrdSet::new(),
            agreements: OrdMap::new(),
            agreements_of: OrdSet::new(),
            deliveries: OrdMap::new(),
            deliveries_of: OrdSet::new(),
            accounts: OrdMap::new(),
            records: OrdMap::new(),
            rated: false,
            taken_up: OrdMap::new(),
            leanings: OrdMap::new(),
            due: OrdSet::new(),
            contacts: Contacts::default(),
            vicinity: vicinity::Vicinity::default(),
            listed: listed::Listed::default(),
            ranked: OrdSet::new(),
            waiting: OrdSet::new(),
            figures: Figures::default(),
            tallies: Tallies::default(),
            touches: OrdSet::new(),
            last: Counters::default(),
        }
    }

    /// The last commit that is folded in.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// When the last commit was made.
    pub const fn time(&self) -> Option<Moment> {
        self.time
    }

    /// The street, once opened.
    pub fn street(&self) -> Option<&Street> {
        self.street.as_deref()
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// A category.
    pub fn category(&self, code: &CategoryCode) -> Option<&Category> {
        self.categories.get(code).map(Arc::as_ref)
    }

    /// All categories by code.
    pub fn categories(&self) -> impl DoubleEndedIterator<Item = &Arc<Category>> {
        self.categories.values()
    }

    /// An organization.
    pub fn organization(&self, id: OrganizationId) -> Option<&Arc<Organization>> {
        self.organizations.get(&id)
    }

    /// Whether it is a resident unit.
    pub fn is_unit(&self, id: OrganizationId) -> bool {
        self.organization(id).is_some_and(|it| matches!(it.draft.kind, OrganizationKind::Unit(_)))
    }

    /// The organization of this name.
    pub fn organization_named(&self, name: &str) -> Option<OrganizationId> {
        self.organization_names.get(name).copied()
    }

    /// All organizations in the order of their identities.
    pub fn organizations(&self) -> impl DoubleEndedIterator<Item = &Arc<Organization>> {
        self.organizations.values()
    }

    /// What is counted by month.
    pub const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// What of each list stands where.
    pub const fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    /// How many needs a unit takes on at once without posted resources.
    pub fn open_capacity(&self, organization: &Organization) -> u64 {
        organization.draft.open_capacity.unwrap_or(self.rules.open_capacity).into()
    }

    /// All roster links, by unit, then community.
    pub fn roster(&self) -> impl DoubleEndedIterator<Item = &RosterLink> {
        self.roster.iter()
    }

    /// A member.
    pub fn member(&self, id: MemberId) -> Option<&Arc<Member>> {
        self.members.get(&id)
    }

    /// All members in the order of their identities.
    pub fn members(&self) -> impl DoubleEndedIterator<Item = &Arc<Member>> {
        self.members.values()
    }

    /// Whose token this is, if it opens the door at a moment.
    pub fn sign_in(&self, token: &TokenHash, now: Moment) -> Option<&Arc<Member>> {
        let member = self.tokens.get(token).and_then(|id| self.members.get(id))?;
        let is_good = member.tokens.iter().find(|it| it.hash == *token).is_none_or(|it| it.is_good(now));
        (member.revoked.is_none() && is_good).then_some(member)
    }

    /// Who signs in by this single sign-on.
    pub fn sign_on(&self, sign_on: &SignOnHash) -> Option<&Arc<Member>> {
        let member = self.sign_ons.get(sign_on).and_then(|id| self.members.get(id))?;
        member.revoked.is_none().then_some(member)
    }

    /// A need.
    pub fn need(&self, id: NeedId) -> Option<&Arc<Need>> {
        self.needs.get(&id)
    }

    /// All needs in the order of their identities.
    pub fn needs(&self) -> impl DoubleEndedIterator<Item = &Arc<Need>> {
        self.needs.values()
    }

    /// A resource.
    pub fn resource(&self, id: ResourceId) -> Option<&Arc<Resource>> {
        self.resources.get(&id)
    }

    /// All resources in the order of their identities.
    pub fn resources(&self) -> impl DoubleEndedIterator<Item = &Arc<Resource>> {
        self.resources.values()
    }

    /// A project.
    pub fn project(&self, id: ProjectId) -> Option<&Arc<Project>> {
        self.projects.get(&id)
    }

    /// All projects in the order of their identities.
    pub fn projects(&self) -> impl DoubleEndedIterator<Item = &Arc<Project>> {
        self.projects.values()
    }

    /// The open project that carries this need; there is never a second one.
    pub fn carrier(&self, need: NeedId) -> Option<&Arc<Project>> {
        self.carriers
            .range((need, ProjectId::new(0))..=(need, ProjectId::new(u64::MAX)))
            .filter_map(|(_, project)| self.projects.get(project))
            .find(|project| project.is_open())
    }

    /// The open project whose slots are matched in place of this need.
    pub fn stands_for(&self, need: NeedId) -> Option<&Arc<Project>> {
        self.carrier(need).filter(|project| project.stands_for_its_needs())
    }

    /// The number of the entry that came in under this reference.
    pub fn referenced(&self, list: List, reference: &str) -> Option<u64> {
        self.references.get(&(list, Arc::from(reference))).copied()
    }

    /// A pairing.
    pub fn pairing(&self, id: PairingId) -> Option<&Arc<Pairing>> {
        self.pairings.get(&id)
    }

    /// All pairings in the order of their identities.
    pub fn pairings(&self) -> impl DoubleEndedIterator<Item = &Arc<Pairing>> {
        self.pairings.values()
    }

    /// The pairings of one need or slot, oldest first.
    pub fn pairings_of_target(&self, target: Target) -> impl DoubleEndedIterator<Item = &Arc<Pairing>> {
        self.pairings_of_target
            .range((target, PairingId::new(0))..=(target, PairingId::new(u64::MAX)))
            .filter_map(|(_, id)| self.pairings.get(id))
    }

    /// The pairings of one resource or unit, oldest first.
    pub fn pairings_of_supplier(&self, supplier: Supplier) -> impl DoubleEndedIterator<Item = &Arc<Pairing>> {
        self.pairings_of_supplier
            .range((supplier, PairingId::new(0))..=(supplier, PairingId::new(u64::MAX)))
            .filter_map(|(_, id)| self.pairings.get(id))
    }

    /// How much people have requested for a need or slot by hand that nobody has claimed yet.
    pub fn requested_for(&self, target: Target) -> u64 {
        let requested = self.pairings_of_target(target).filter(|pairing| pairing.is_requested());
        requested.map(|pairing| pairing.terms.quantity).sum()
    }

    /// How much of a resource or unit people have requested by hand that nobody has claimed yet.
    pub fn requested_of(&self, supplier: Supplier) -> u64 {
        let requested = self.pairings_of_supplier(supplier).filter(|pairing| pairing.is_requested());
        requested.map(|pairing| pairing.terms.draws).sum()
    }

    /// The pairings that are proposed and claimed by nobody.
    pub fn proposed(&self) -> impl DoubleEndedIterator<Item = &Arc<Pairing>> {
        self.proposed.iter().filter_map(|id| self.pairings.get(id))
    }

    /// Claims in the order in which they lapse.
    pub fn claims_due(&self) -> impl DoubleEndedIterator<Item = (Moment, PairingId)> {
        self.claims_due.iter().copied()
    }

    /// Whether one side has declined this pair before.
    pub fn was_declined(&self, target: Target, supplier: Supplier) -> bool {
        self.declined.contains(&(target, supplier))
    }

    /// A plan.
    pub fn plan(&self, id: PlanId) -> Option<&Arc<Plan>> {
        self.plans.get(&id)
    }

    /// All adopted plans, oldest first.
    pub fn plans(&self) -> impl DoubleEndedIterator<Item = &Arc<Plan>> {
        self.plans.values()
    }

    /// The commits that said something about an entity, oldest first: see [`crate::history`].
    pub fn touches(&self, entity: &Entity) -> impl DoubleEndedIterator<Item = Position> + use<'_> {
        self.touches_in(entity, &(0..=u64::MAX))
    }

    /// Those of them that stand in a span of positions, both its ends in it.
    pub fn touches_in(
        &self,
        entity: &Entity,
        span: &RangeInclusive<u64>,
    ) -> impl DoubleEndedIterator<Item = Position> + use<'_> {
        let end = |position: u64| (entity.clone(), Position(position));
        // A range that ends before it begins is none, and the set would not take it.
        let range = (!span.is_empty()).then(|| self.touches.range(end(*span.start())..=end(*span.end())));
        range.into_iter().flatten().map(|(_, position)| *position)
    }

    /// Who asks: the poster of the need or of the slot's project.
    pub fn asking(&self, target: Target) -> Option<OrganizationId> {
        match target {
            Target::Need(need) => self.need(need).map(|need| need.draft.entry.organization),
            Target::Slot(project, _) => self.project(project).map(|project| project.draft.entry.organization),
        }
    }

    /// Who gives: the owner of the resource, or the unit itself.
    pub fn giving(&self, supplier: Supplier) -> Option<OrganizationId> {
        match supplier {
            Supplier::Resource(resource) => {
                self.resource(resource).map(|resource| resource.draft.entry.organization)
            }
            Supplier::Unit(unit) => self.organization(unit).map(|unit| unit.id),
        }
    }

    /// How much a need or slot asks, and what of it is proposed, claimed, agreed; `None` when there is none.
    pub fn asked(&self, target: Target) -> Option<(u64, Tally)> {
        match target {
            Target::Need(need) => self.need(need).map(|need| (need.asked(), need.tally)),
            Target::Slot(project, index) => {
                let project = self.project(project)?;
                let slot = project.draft.slots.get(usize::from(index))?;
                Some((slot.asked(), *project.tallies.get(usize::from(index))?))
            }
        }
    }

    /// How much a resource or unit can give, and what of it is proposed, claimed, agreed.
    pub fn offered(&self, supplier: Supplier) -> Option<(u64, Tally)> {
        match supplier {
            Supplier::Resource(resource) => {
                self.resource(resource).map(|resource| (resource.draft.capacity(), resource.tally))
            }
            Supplier::Unit(unit) => {
                self.organization(unit).map(|unit| (self.open_capacity(unit), unit.engagements))
            }
        }
    }
}
