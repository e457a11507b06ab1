//! A small street built by commands, for the tests that look at the matching from outside.
#![allow(dead_code, reason = "each test file uses the part of the builder that it needs")]

use engine::{
    category::{Categorized, CategoryCode},
    command::Command,
    decide::{Context, decide},
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{OrganizationId, PlaceId},
    matching::{Knowledge, propose},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::{Supplier, Target},
    place::PlaceLevel,
    plan::Proposal,
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    rules::{Fairness, Rules},
    state::State,
    window::{Hours, Window},
};

pub const NOW: Moment = Moment::from_millis(1_780_000_000_000);

pub struct Town {
    pub state: State,
    pub communities: Vec<(PlaceId, OrganizationId)>,
}

impl Town {
    /// A street with so many communities and nothing else.
    pub fn new(communities: usize) -> Self {
        let mut town = Self { state: State::empty(), communities: Vec::new() };
        town.run(Command::OpenStreet { name: "清河桥街道".into() });
        for number in 1..=communities {
            let name = format!("第{number}社区");
            let root = town.state.street().unwrap().place;
            let level = PlaceLevel::Community;
            let added = town.run(Command::AddPlace {
                name: name.clone(),
                level,
                parent: Some(root),
                reference: None,
            });
            let Some(Event::PlaceAdded { place }) = added.first() else { panic!("no place") };
            let office = town.organization(&name, OrganizationKind::Community, Some(place.id));
            town.communities.push((place.id, office));
        }
        town
    }

    pub fn run(&mut self, command: Command) -> Vec<Event> {
        let context = Context { caller: Caller::System, now: NOW };
        let events = decide(&self.state, &context, &command).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        self.fold(&events);
        events
    }

    /// Folds events in that no command is told of here.
    pub fn fold(&mut self, events: &[Event]) {
        let recorded = Recorded { position: self.state.position().next(), time: NOW };
        evolve_commit(&mut self.state, recorded, events);
    }

    /// From now on only weight, fit and share count, so that figures can be worked out by hand.
    pub fn without_fairness(&mut self) {
        self.set_fairness(Fairness::NONE);
    }

    pub fn set_fairness(&mut self, fairness: Fairness) {
        let rules = Rules { fairness, ..self.state.rules().clone() };
        self.run(Command::SetRules(rules));
    }

    pub fn organization(
        &mut self,
        name: &str,
        kind: OrganizationKind,
        place: Option<PlaceId>,
    ) -> OrganizationId {
        let draft =
            OrganizationDraft { name: name.into(), kind, place, open_capacity: None, reference: None };
        match self.run(Command::RegisterOrganization(draft)).first() {
            Some(Event::OrganizationRegistered { organization, .. }) => *organization,
            other => panic!("{other:?}"),
        }
    }

    pub fn unit(&mut self, name: &str, kind: UnitKind, community: usize) -> OrganizationId {
        let place = self.communities[community].0;
        self.organization(name, OrganizationKind::Unit(kind), Some(place))
    }

    /// A unit that takes up nothing directly, so that only its posted resources count.
    pub fn owner(&mut self, name: &str, kind: UnitKind, community: usize) -> OrganizationId {
        let place = Some(self.communities[community].0);
        let kind = OrganizationKind::Unit(kind);
        let draft =
            OrganizationDraft { name: name.into(), kind, place, open_capacity: Some(0), reference: None };
        match self.run(Command::RegisterOrganization(draft)).first() {
            Some(Event::OrganizationRegistered { organization, .. }) => *organization,
            other => panic!("{other:?}"),
        }
    }

    pub fn need(&mut self, community: usize, title: &str, shape: impl FnOnce(&mut NeedDraft)) -> Target {
        let mut draft = NeedDraft::new(EntryDraft::new(title, self.communities[community].1));
        shape(&mut draft);
        match self.run(Command::PostNeed(draft)).first() {
            Some(Event::NeedPosted { need, .. }) => Target::Need(*need),
            other => panic!("{other:?}"),
        }
    }

    pub fn resource(
        &mut self,
        owner: OrganizationId,
        title: &str,
        shape: impl FnOnce(&mut ResourceDraft),
    ) -> Supplier {
        let mut draft = ResourceDraft::new(EntryDraft::new(title, owner));
        shape(&mut draft);
        match self.run(Command::PostResource(draft)).first() {
            Some(Event::ResourcePosted { resource, .. }) => Supplier::Resource(*resource),
            other => panic!("{other:?}"),
        }
    }

    pub fn propose(&self) -> Proposal {
        let proposal = propose(&self.state, Knowledge::builtin(), NOW).unwrap();
        assert_eq!(proposal.summary.objective, proposal.summary.bound, "a flow has no gap");
        proposal
    }

    pub fn adopt(&mut self) -> Vec<Event> {
        let proposal = self.propose();
        self.run(Command::AdoptPlan(Box::new(proposal)))
    }
}

pub fn leaf(code: &str) -> Option<Categorized> {
    CategoryCode::new(code).ok().map(Categorized::stated)
}

pub fn night() -> Window {
    Window { hours: Some(Hours { from: 18 * 60, to: 8 * 60 }), ..Window::default() }
}

pub fn day() -> Window {
    Window { hours: Some(Hours { from: 8 * 60, to: 18 * 60 }), ..Window::default() }
}

pub fn parking(amount: u64, window: Window) -> impl FnOnce(&mut EntryDraft) {
    move |entry| {
        entry.category = leaf("SPACE-PARK");
        entry.quantity = Some(Quantity::of(amount, Measure::Parking));
        entry.window = window;
    }
}

/// (quantity per need, in order) of what one supplier gives.
pub fn given(proposal: &Proposal, supplier: Supplier) -> Vec<(Target, u64)> {
    let of = proposal.pairings.iter().filter(|terms| terms.supplier == supplier);
    of.map(|terms| (terms.target, terms.quantity)).collect()
}
