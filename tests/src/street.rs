//! A street in memory: commands go in, events are folded in and kept, so that they can be folded again.

use engine::{
    command::Command,
    decide::{Context, decide},
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{MemberId, NeedId, OrganizationId, PairingId, PlaceId, ProjectId, ResourceId},
    member::{Caller, Role, TokenHash},
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::{Pairing, Supplier, Target},
    place::PlaceLevel,
    quantity::Quantity,
    refusal::Refusal,
    resource::ResourceDraft,
    state::State,
};

/// When the clocks of the tests start: 2026-05-28, a working day.
pub const START: Moment = Moment::from_millis(1_780_000_000_000);

/// A street and its log.
#[derive(Clone, Debug)]
pub struct Street {
    /// What all commits so far come to.
    pub state: State,
    /// What time it is.
    pub now: Moment,
    /// All commits so far.
    pub log: Vec<(Recorded, Vec<Event>)>,
}

impl Default for Street {
    fn default() -> Self {
        Self { state: State::empty(), now: START, log: Vec::new() }
    }
}

impl Street {
    /// A street whose log is opened and that holds nothing else.
    pub fn opened() -> Self {
        let mut street = Self::default();
        street.run(Command::OpenStreet { name: "清河桥街道".into() });
        street
    }

    /// Decides a command without folding anything in.
    ///
    /// # Errors
    /// The refusal.
    pub fn decide(&self, caller: Caller, command: &Command) -> Result<Vec<Event>, Refusal> {
        decide(&self.state, &Context { caller, now: self.now }, command)
    }

    /// Decides a command and commits what it grants. No events, no commit.
    ///
    /// # Errors
    /// The refusal; nothing has changed then.
    pub fn tell(&mut self, caller: Caller, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = self.decide(caller, command)?;
        if !events.is_empty() {
            let recorded = Recorded { position: self.state.position().next(), time: self.now };
            evolve_commit(&mut self.state, recorded, &events);
            self.log.push((recorded, events.clone()));
        }
        Ok(events)
    }

    /// Commits a command of the system that cannot be refused.
    pub fn run(&mut self, command: Command) -> Vec<Event> {
        self.tell(Caller::System, &command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"))
    }

    /// Lets hours go by.
    pub fn wait(&mut self, hours: u32) {
        self.now = self.now.plus_hours(hours);
    }

    /// Its office.
    pub fn office(&self) -> OrganizationId {
        self.state.street().unwrap().office
    }

    /// Adds a place.
    pub fn place(&mut self, name: &str, level: PlaceLevel, parent: Option<PlaceId>) -> PlaceId {
        self.run(Command::AddPlace { name: name.into(), level, parent, reference: None });
        self.state.place_named(parent, name).unwrap()
    }

    /// Adds a community's place and registers the community.
    pub fn community(&mut self, name: &str) -> OrganizationId {
        let root = self.state.street().unwrap().place;
        let place = self.place(name, PlaceLevel::Community, Some(root));
        self.organization(name, OrganizationKind::Community, Some(place))
    }

    /// Registers a resident unit.
    pub fn unit(&mut self, name: &str) -> OrganizationId {
        self.organization(name, OrganizationKind::Unit(UnitKind::Enterprise), None)
    }

    /// Registers an organization.
    pub fn organization(
        &mut self,
        name: &str,
        kind: OrganizationKind,
        place: Option<PlaceId>,
    ) -> OrganizationId {
        self.run(Command::RegisterOrganization(OrganizationDraft {
            name: name.into(),
            kind,
            place,
            open_capacity: None,
            reference: None,
        }));
        self.state.organization_named(name).unwrap()
    }

    /// Gives somebody a login and signs in with it.
    pub fn member(&mut self, organization: OrganizationId, role: Role) -> Caller {
        let token = TokenHash(format!("{:064x}", self.state.members().count() + 1));
        self.run(Command::AddMember {
            organization,
            role,
            label: "办公室电脑".into(),
            token: token.clone(),
            expires: None,
        });
        let member: MemberId = self.state.sign_in(&token, self.now).unwrap().id;
        Caller::Member { member, organization, role }
    }

    /// Posts a need that asks this much.
    pub fn need(&mut self, by: OrganizationId, quantity: Option<Quantity>) -> NeedId {
        let entry = EntryDraft { quantity, ..EntryDraft::new("为老人送餐", by) };
        self.run(Command::PostNeed(NeedDraft::new(entry)));
        self.state.needs().next_back().unwrap().id
    }

    /// Posts a resource that offers this much.
    pub fn resource(&mut self, by: OrganizationId, quantity: Option<Quantity>) -> ResourceId {
        let entry = EntryDraft { quantity, ..EntryDraft::new("食堂可送餐", by) };
        self.run(Command::PostResource(ResourceDraft::new(entry)));
        self.state.resources().next_back().unwrap().id
    }

    /// Posts a project.
    pub fn project(&mut self, draft: engine::project::ProjectDraft) -> ProjectId {
        self.run(Command::PostProject(draft));
        self.state.projects().next_back().unwrap().id
    }

    /// Requests a pairing as the system would for this organization.
    ///
    /// # Errors
    /// The refusal.
    pub fn request(
        &mut self,
        by: OrganizationId,
        target: Target,
        supplier: Supplier,
        quantity: Option<u64>,
    ) -> Result<PairingId, Refusal> {
        self.tell(Caller::System, &Command::RequestPairing { target, supplier, quantity, draws: None, by })?;
        Ok(self.state.pairings().next_back().unwrap().id)
    }

    /// A pairing as it stands.
    pub fn pairing(&self, id: PairingId) -> &Pairing {
        self.state.pairing(id).unwrap()
    }

    /// The state that the whole log comes to, folded once more from nothing.
    pub fn replayed(&self) -> State {
        let mut state = State::empty();
        for (recorded, events) in &self.log {
            evolve_commit(&mut state, *recorded, events);
        }
        state
    }
}
