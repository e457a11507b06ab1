//! A thing of a register, and what may be asked of any: the index of the lists and their filters go by the same answers.

use super::{
    AgreementStanding, BidStanding, CallStanding, DeliveryStanding, Facet, Mark, MeetingStanding, Rank,
    Register, Status, call_target, link_of,
};
use crate::{
    agreement::{Agreement, Subject},
    bid::{Bid, Call},
    category::Categorized,
    delivery::Delivery,
    entry::{BeneficiaryGroup, EntryDraft, Form},
    identity::{
        AgreementId, BidId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId, PlaceId,
        PlanId, ProjectId, ResourceId,
    },
    meeting::Meeting,
    member::Member,
    moment::Moment,
    need::{Channel, Need, Urgency},
    organization::{Organization, RosterLink},
    pairing::{Origin, Pairing, PairingStatus, Supplier, Target},
    permission::beside,
    place::Place,
    plan::Plan,
    project::{Project, SlotDraft},
    resource::Resource,
    state::{State, due},
    tallies::PairingStanding,
};
use chrono::{Datelike, NaiveDate};

/// A thing of a register.
#[derive(Clone, Copy, Debug)]
pub enum Thing<'a> {
    /// A need.
    Need(&'a Need),
    /// A resource.
    Resource(&'a Resource),
    /// A project.
    Project(&'a Project),
    /// A pairing.
    Pairing(&'a Pairing),
    /// A bid.
    Bid(&'a Bid),
    /// A call.
    Call(&'a Call),
    /// A meeting.
    Meeting(&'a Meeting),
    /// An agreement.
    Agreement(&'a Agreement),
    /// A delivery.
    Delivery(&'a Delivery),
    /// A plan.
    Plan(&'a Plan),
    /// A member.
    Member(&'a Member),
    /// An organization.
    Organization(&'a Organization),
    /// A place.
    Place(&'a Place),
    /// A link of the roster.
    Link(RosterLink),
}

/// What a thing is about: what one entry says, or one slot of a project.
#[derive(Clone, Copy, Debug)]
pub enum Matter<'a> {
    /// What an entry says.
    Entry(&'a EntryDraft),
    /// What a slot says, of this project.
    Slot(&'a EntryDraft, &'a SlotDraft),
}

impl<'a> Matter<'a> {
    /// What it is about.
    pub fn category(self) -> Option<&'a Categorized> {
        match self {
            Self::Entry(entry) => entry.category.as_ref(),
            Self::Slot(_, slot) => slot.category.as_ref(),
        }
    }

    /// What kind of thing it is.
    pub const fn form(self) -> Option<Form> {
        match self {
            Self::Entry(entry) => entry.form,
            Self::Slot(_, slot) => slot.form,
        }
    }

    /// Whom it is for; of a slot, whom its project is for.
    pub const fn beneficiary(self) -> Option<BeneficiaryGroup> {
        match self {
            Self::Entry(entry) | Self::Slot(entry, _) => entry.beneficiaries.group,
        }
    }

    /// Its title, and more of it.
    pub fn wording(self) -> (&'a str, Option<&'a str>) {
        match self {
            Self::Entry(entry) => (&entry.title, entry.detail.as_deref()),
            Self::Slot(_, slot) => (&slot.title, None),
        }
    }

    /// The last day on which it is of use.
    pub fn last_day(self) -> Option<NaiveDate> {
        match self {
            Self::Entry(entry) => entry.window.to,
            Self::Slot(project, slot) => slot.window.to.or(project.window.to),
        }
    }

    /// Where it lies.
    pub fn place(self, state: &State) -> Option<PlaceId> {
        let (Self::Entry(entry) | Self::Slot(entry, _)) = self;
        state.place_of(entry)
    }
}

impl State {
    /// What a need or slot says; `None` when there is none.
    pub fn matter(&self, target: Target) -> Option<Matter<'_>> {
        match target {
            Target::Need(need) => self.need(need).map(|it| Matter::Entry(&it.draft.entry)),
            Target::Slot(project, index) => {
                let draft = &self.project(project)?.draft;
                draft.slots.get(usize::from(index)).map(|slot| Matter::Slot(&draft.entry, slot))
            }
        }
    }
}

impl<'a> Thing<'a> {
    /// The thing of a register with this number.
    pub fn find(state: &'a State, register: Register, number: u64) -> Option<Self> {
        Some(match register {
            Register::Needs => Self::Need(state.need(NeedId::new(number))?),
            Register::Resources => Self::Resource(state.resource(ResourceId::new(number))?),
            Register::Projects => Self::Project(state.project(ProjectId::new(number))?),
            Register::Pairings => Self::Pairing(state.pairing(PairingId::new(number))?),
            Register::Bids => Self::Bid(state.bid(BidId::new(number))?),
            Register::Calls => Self::Call(state.call(call_target(number))?),
            Register::Meetings => Self::Meeting(state.meeting(MeetingId::new(number))?),
            Register::Agreements => Self::Agreement(state.agreement(AgreementId::new(number))?),
            Register::Deliveries => Self::Delivery(state.delivery(DeliveryId::new(number))?),
            Register::Plans => Self::Plan(state.plan(PlanId::new(number))?),
            Register::Members => Self::Member(state.member(MemberId::new(number))?),
            Register::Organizations => Self::Organization(state.organization(OrganizationId::new(number))?),
            Register::Places => Self::Place(state.place(PlaceId::new(number))?),
            Register::Roster => Self::Link(Some(link_of(number)).filter(|it| state.roster.contains(it))?),
        })
    }

    /// What an entry says; `None` for what is none.
    pub const fn entry(self) -> Option<&'a EntryDraft> {
        match self {
            Self::Need(it) => Some(&it.draft.entry),
            Self::Resource(it) => Some(&it.draft.entry),
            Self::Project(it) => Some(&it.draft.entry),
            _ => None,
        }
    }

    /// How a need, or the need that is served, came in.
    pub fn channel(self, state: &State) -> Option<Channel> {
        match (self, self.target(state)) {
            (Self::Need(it), _) => it.draft.channel,
            (_, Some(Target::Need(need))) => state.need(need)?.draft.channel,
            _ => None,
        }
    }

    /// How soon a need is to be met; what says nothing is normal.
    pub fn urgency(self) -> Option<Urgency> {
        match self {
            Self::Need(it) => Some(it.draft.urgency.unwrap_or(Urgency::Normal)),
            _ => None,
        }
    }

    /// What a project's entry or a pairing's need or slot is to it: what it serves or is on.
    pub fn target(self, state: &State) -> Option<Target> {
        match self {
            Self::Pairing(it) => Some(it.terms.target),
            Self::Bid(it) => Some(it.draft.target),
            Self::Call(it) => Some(it.target),
            Self::Delivery(it) => state.pairing(it.pairing).map(|it| it.terms.target),
            Self::Agreement(it) => match it.subject {
                Subject::Pairing(pairing) => state.pairing(pairing).map(|it| it.terms.target),
                Subject::Project(_) => None,
            },
            _ => None,
        }
    }

    /// What serves, or would.
    pub fn supplier(self, state: &State) -> Option<Supplier> {
        match self {
            Self::Pairing(it) => Some(it.terms.supplier),
            Self::Bid(it) => Some(it.draft.supplier),
            Self::Delivery(it) => state.pairing(it.pairing).map(|it| it.terms.supplier),
            Self::Agreement(it) => match it.subject {
                Subject::Pairing(pairing) => state.pairing(pairing).map(|it| it.terms.supplier),
                Subject::Project(_) => None,
            },
            _ => None,
        }
    }

    /// What it is about: of an entry what that says, of what serves something what that something says.
    pub fn matter(self, state: &'a State) -> Option<Matter<'a>> {
        if let Some(entry) = self.entry() {
            return Some(Matter::Entry(entry));
        }
        match self {
            Self::Agreement(Agreement { subject: Subject::Project(project), .. }) => {
                state.project(*project).map(|it| Matter::Entry(&it.draft.entry))
            }
            _ => self.target(state).and_then(|target| state.matter(target)),
        }
    }

    /// Where it lies.
    pub fn place(self, state: &State) -> Option<PlaceId> {
        match self {
            Self::Place(it) => Some(it.id),
            Self::Organization(it) => it.draft.place,
            Self::Link(it) => Some(it.community),
            Self::Member(it) => state.organization(it.organization)?.draft.place,
            _ => self.matter(state).and_then(|matter| matter.place(state)),
        }
    }

    /// The asking side of what serves something.
    pub fn asking(self, state: &State) -> Option<OrganizationId> {
        self.target(state).and_then(|target| state.asking(target))
    }

    /// The giving side of it.
    pub fn giving(self, state: &State) -> Option<OrganizationId> {
        self.supplier(state).and_then(|supplier| state.giving(supplier))
    }

    /// Whose it is: of an entry or call, who posted it; of a bid, who bids; of a pairing or delivery, both sides; of an
    /// agreement, the parties of its newest version; of a meeting, who takes part; of a member, whom it acts for; of a
    /// link, the unit. Each once.
    pub fn organizations(self, state: &State) -> Vec<OrganizationId> {
        match self {
            Self::Need(_) | Self::Resource(_) | Self::Project(_) => {
                self.entry().map(|entry| entry.organization).into_iter().collect()
            }
            Self::Pairing(_) | Self::Delivery(_) => {
                let (asking, giving) = (self.asking(state), self.giving(state));
                asking.into_iter().chain(giving.filter(|giving| asking != Some(*giving))).collect()
            }
            Self::Bid(_) => self.giving(state).into_iter().collect(),
            Self::Call(_) => self.asking(state).into_iter().collect(),
            Self::Meeting(it) => it.draft.participants.clone(),
            Self::Agreement(it) => it.versions.last().map(|it| it.terms.parties.clone()).unwrap_or_default(),
            Self::Plan(_) | Self::Place(_) => Vec::new(),
            Self::Member(it) => vec![it.organization],
            Self::Organization(it) => vec![it.id],
            Self::Link(it) => vec![it.unit],
        }
    }

    /// Whether it is this organization's.
    pub fn is_of(self, state: &State, organization: OrganizationId) -> bool {
        match self.entry() {
            Some(entry) => entry.organization == organization,
            None => self.organizations(state).contains(&organization),
        }
    }

    /// Where it stands in its life; `None` for what has none.
    pub fn status(self) -> Option<Status> {
        Some(match self {
            Self::Need(it) => Status::Need(it.status()),
            Self::Resource(it) => Status::Resource(it.status()),
            Self::Project(it) => Status::Project(it.status()),
            Self::Pairing(it) => Status::Pairing(PairingStanding::from(&it.status)),
            Self::Bid(it) => Status::Bid(BidStanding::from(&it.status)),
            Self::Call(it) => Status::Call(match it.closed {
                None => CallStanding::Open,
                Some(_) => CallStanding::Closed,
            }),
            Self::Meeting(it) => Status::Meeting(MeetingStanding::from(&it.status)),
            Self::Agreement(it) => Status::Agreement(AgreementStanding::from(it)),
            Self::Delivery(it) => Status::Delivery(DeliveryStanding::from(&it.status)),
            Self::Member(it) => Status::Member(it.revoked.is_some()),
            Self::Plan(_) | Self::Organization(_) | Self::Place(_) | Self::Link(_) => return None,
        })
    }

    /// When it came to be, where that rises with its number: time never runs back in a log.
    pub fn began(self) -> Option<Moment> {
        match self {
            Self::Need(it) => Some(it.posted),
            Self::Resource(it) => Some(it.posted),
            Self::Project(it) => Some(it.posted),
            Self::Pairing(it) => Some(it.since),
            Self::Bid(it) => Some(it.placed),
            Self::Meeting(it) => Some(it.called),
            Self::Agreement(it) => it.versions.first().map(|it| it.drafted),
            Self::Plan(it) => Some(it.adopted),
            // Calls are numbered by what they are on, and a delivery that is corrected is recorded anew.
            Self::Call(_)
            | Self::Delivery(_)
            | Self::Member(_)
            | Self::Organization(_)
            | Self::Place(_)
            | Self::Link(_) => None,
        }
    }

    /// What it is called.
    pub fn name(self) -> Option<&'a str> {
        match self {
            Self::Meeting(it) => Some(&it.draft.title),
            Self::Agreement(it) => it.versions.last().map(|it| it.terms.title.as_str()),
            Self::Member(it) => Some(&it.label),
            Self::Organization(it) => Some(&it.draft.name),
            Self::Place(it) => Some(&it.name),
            _ => self.entry().map(|entry| entry.title.as_str()),
        }
    }

    /// What its register ranks it by.
    pub const fn ranks(self) -> &'static [Rank] {
        match self {
            Self::Pairing(_) => &[Rank::Quantity, Rank::Fit, Rank::Due],
            Self::Bid(_) => &[Rank::Quantity],
            Self::Call(_) => &[Rank::Opened, Rank::Until],
            Self::Meeting(_) => &[Rank::Held],
            Self::Agreement(_) => &[Rank::Signed, Rank::Value, Rank::Due],
            Self::Delivery(_) => &[Rank::On, Rank::Quantity],
            Self::Need(_) | Self::Resource(_) | Self::Project(_) => &[Rank::Name, Rank::Quantity],
            Self::Member(_) | Self::Organization(_) | Self::Place(_) => &[Rank::Name],
            Self::Plan(_) | Self::Link(_) => &[],
        }
    }

    /// Where it stands in an order.
    pub fn mark(self, state: &State, rank: Rank) -> Mark {
        let mark = match (self, rank) {
            (Self::Pairing(it), Rank::Quantity) => Some(Mark::amount(it.terms.quantity)),
            (Self::Pairing(it), Rank::Fit) => it.terms.fit.as_ref().map(|fit| Mark::At(fit.total.into())),
            (Self::Pairing(it), Rank::Due) => match it.status {
                PairingStatus::Claimed { until, .. } => Some(Mark::At(until.millis())),
                PairingStatus::Agreed { .. } => self.matter(state).and_then(Matter::last_day).map(end_of),
                _ => None,
            },
            (Self::Need(_) | Self::Resource(_) | Self::Project(_), Rank::Quantity) => {
                let quantity = self.entry().and_then(|entry| entry.quantity.as_ref());
                quantity.map(|quantity| Mark::amount(quantity.amount))
            }
            (_, Rank::Name) => self.name().map(Mark::lettering),
            (Self::Bid(it), Rank::Quantity) => Some(Mark::amount(it.draft.quantity)),
            (Self::Call(it), Rank::Opened) => Some(Mark::At(it.opened.millis())),
            (Self::Call(it), Rank::Until) => Some(Mark::At(it.until.millis())),
            (Self::Meeting(it), Rank::Held) => Some(Mark::At(it.draft.at.millis())),
            (Self::Agreement(it), Rank::Signed) => {
                it.in_force().and_then(|it| it.in_force_since()).map(|at| Mark::At(at.millis()))
            }
            (Self::Agreement(it), Rank::Value) => it.versions.last().map(|it| Mark::amount(it.terms.yuan())),
            (Self::Agreement(it), Rank::Due) => next_milestone(it).map(end_of),
            (Self::Delivery(it), Rank::On) => Some(Mark::At(it.draft.on.num_days_from_ce().into())),
            (Self::Delivery(it), Rank::Quantity) => Some(Mark::amount(it.draft.quantity)),
            _ => None,
        };
        mark.unwrap_or(Mark::Nothing)
    }

    /// What it has in common with others.
    pub(super) fn facets(self, state: &State) -> Vec<Facet> {
        let whose = |it: Self| it.organizations(state).into_iter().map(Facet::Organization);
        let mut facets: Vec<Facet> = match self {
            Self::Organization(it) => vec![Facet::Kind(it.draft.kind)],
            Self::Place(it) => vec![Facet::Level(it.level)],
            Self::Plan(_) => Vec::new(),
            it => whose(it).chain(it.status().map(Facet::Status)).collect(),
        };
        if !matches!(self, Self::Meeting(_) | Self::Plan(_)) {
            facets.push(Facet::Place(self.place(state).map(|place| state.vicinity(place))));
        }
        match self {
            Self::Need(_)
            | Self::Resource(_)
            | Self::Project(_)
            | Self::Pairing(_)
            | Self::Bid(_)
            | Self::Call(_)
            | Self::Agreement(_)
            | Self::Delivery(_) => {
                let given = self.matter(state).and_then(Matter::category).map(|given| &given.code);
                facets.push(Facet::Category(given.cloned()));
                facets.push(Facet::TopCategory(given.map(|given| state.top_of(given).clone())));
            }
            Self::Meeting(_) | Self::Plan(_) | Self::Organization(_) | Self::Place(_) => {}
            Self::Member(it) => facets.push(Facet::Role(it.role)),
            Self::Link(it) => facets.push(Facet::Relation(it.relation)),
        }
        if let Self::Bid(_) = self {
            facets.extend(self.asking(state).map(Facet::Asking));
        }
        if let Self::Need(need) = self
            && !need.is_published()
        {
            facets.push(Facet::Unpublished);
        }
        facets.extend(beside(state, self).into_iter().map(Facet::Beside));
        facets.extend(self.entry().map(|entry| Facet::Deadline(entry.window.to)));
        facets.extend(self.urgency().map(Facet::Urgency));
        if let Self::Pairing(Pairing { origin: Origin::Plan(plan), .. }) = self {
            facets.push(Facet::Plan(*plan));
        }
        facets
    }
}

fn end_of(day: NaiveDate) -> Mark {
    Mark::At(due::after(day).millis())
}

/// The last day of the milestone that is to be reached next.
fn next_milestone(agreement: &Agreement) -> Option<NaiveDate> {
    let version = agreement.in_force()?;
    let is_open = |number: u16| agreement.milestones.get(&number).is_none_or(|it| it.at.is_none());
    version.terms.milestones.iter().filter(|it| is_open(it.number)).map(|it| it.due).min()
}
