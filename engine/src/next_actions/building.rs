//! What the building of commands needs to know of the caller and of the day.

use crate::{
    agreement::{LINES_MAX, Subject, Terms, Undertaking, UndertakingKind},
    decide::Context,
    delivery::DeliveryDraft,
    identity::{NeedId, OrganizationId, PairingId},
    member::Caller,
    pairing::{PairingStatus, Side, Supplier, Target},
    permission::{self, Reach, Right},
    state::State,
};
use std::collections::BTreeSet;

/// The most other entities that are tried for one kind of command.
pub(super) const CANDIDATES_MAX: usize = 20;

/// A text for whatever asks for one.
pub(super) fn text() -> String {
    "……".to_owned()
}

/// The state, who looks at it, and when.
pub(super) struct Desk<'a> {
    pub state: &'a State,
    pub context: &'a Context,
}

impl Desk<'_> {
    /// Whom the caller acts for of its own; the street office for who acts for anybody.
    pub fn own(&self) -> OrganizationId {
        let office = self.state.street().map_or(OrganizationId::new(0), |street| street.office);
        match self.context.caller {
            Caller::Member { organization, .. } => organization,
            Caller::System | Caller::Public => office,
        }
    }

    fn acts_for(&self, organization: OrganizationId) -> bool {
        permission::has(self.state, &self.context.caller, Right::ActFor(organization))
    }

    /// The sides of a pairing the caller may speak for, or else both: then the refusal says that it may not.
    pub fn sides(&self, pairing: PairingId) -> Vec<Side> {
        let both = vec![Side::Asking, Side::Giving];
        let speaks_for =
            |side: &Side| permission::speaks_for(self.state, &self.context.caller, pairing, *side);
        let own: Vec<Side> = both.iter().copied().filter(speaks_for).collect();
        if own.is_empty() { both } else { own }
    }

    /// Who may speak for an entry's own side: its organization, for who acts for that.
    pub fn speaker(&self, organization: OrganizationId) -> OrganizationId {
        if self.acts_for(organization) { organization } else { self.own() }
    }

    /// With what the caller could serve something: its own resources and itself; of anybody, for who acts for anybody.
    pub fn suppliers(&self) -> Vec<Supplier> {
        let own = self.own();
        let reach = Reach::of(self.state, &self.context.caller);
        let mine = |whom: OrganizationId| whom == own || reach.has(self.state, Right::ActFor(whom));
        let resources = self.state.resources().rev();
        let open = resources.filter(|it| it.is_open() && mine(it.draft.entry.organization));
        let mut found: Vec<Supplier> =
            open.take(CANDIDATES_MAX).map(|it| Supplier::Resource(it.id)).collect();
        let units = self.state.organizations().filter(|it| it.draft.kind.takes_up_needs() && mine(it.id));
        found.extend(units.take(CANDIDATES_MAX).map(|it| Supplier::Unit(it.id)));
        if found.is_empty() {
            found.push(Supplier::Unit(own));
        }
        found
    }

    /// Open needs and slots, the newest first.
    pub fn targets(&self) -> Vec<Target> {
        let needs = self.state.needs().rev().filter(|need| need.is_open()).map(|need| Target::Need(need.id));
        let projects = self.state.projects().rev().filter(|project| project.takes_pairings());
        let slots = projects.flat_map(|project| self.slots(project.id));
        needs.take(CANDIDATES_MAX).chain(slots.take(CANDIDATES_MAX)).collect()
    }

    /// The slots of a project.
    pub fn slots(&self, project: crate::identity::ProjectId) -> Vec<Target> {
        let count = self.state.project(project).map_or(0, |project| project.draft.slots.len());
        (0..u16::try_from(count).unwrap_or(u16::MAX)).map(|index| Target::Slot(project, index)).collect()
    }

    /// The needs that could carry another, the newest first.
    pub fn others(&self, need: NeedId) -> Vec<NeedId> {
        let others = self.state.needs().rev().filter(|other| other.id != need && other.is_open());
        others.take(CANDIDATES_MAX).map(|other| other.id).collect()
    }

    /// A delivery of all that is left of a pairing, today.
    pub fn delivery(&self, quantity: u64) -> DeliveryDraft {
        let on = self.context.now.date(self.state.rules().utc_offset_minutes);
        DeliveryDraft { quantity, on, note: None, efforts: Vec::new() }
    }

    /// Terms to begin with: everybody whose pairing is agreed is a party and undertakes it.
    pub fn terms(&self, subject: Subject) -> Terms {
        let pairings: Vec<_> = match subject {
            Subject::Pairing(id) => self.state.pairing(id).into_iter().collect(),
            Subject::Project(id) => self.state.pairings_of_project(id).collect(),
        };
        let agreed = pairings.into_iter().filter(|it| matches!(it.status, PairingStatus::Agreed { .. }));
        let mut parties: BTreeSet<OrganizationId> = BTreeSet::new();
        parties.extend(match subject {
            Subject::Pairing(id) => self.state.pairing(id).and_then(|it| self.state.asking(it.terms.target)),
            Subject::Project(id) => self.state.project(id).map(|it| it.draft.entry.organization),
        });
        let mut undertakings = Vec::new();
        for pairing in agreed.take(LINES_MAX) {
            if let Some(party) = self.state.giving(pairing.terms.supplier) {
                parties.insert(party);
                undertakings.push(Undertaking {
                    party,
                    kind: UndertakingKind::Supplies,
                    what: text(),
                    pairing: Some(pairing.id),
                });
            }
        }
        let parties = parties.into_iter().take(LINES_MAX).collect();
        Terms {
            title: text(),
            text: None,
            parties,
            undertakings,
            budget: Vec::new(),
            ceiling: None,
            milestones: Vec::new(),
        }
    }
}
