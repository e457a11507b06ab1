//! The work list, found once more by looking at everything there is.

use super::{Findings, Flaw};
use crate::{
    agreement::Subject,
    bid::BidStatus,
    delivery::DeliveryStatus,
    history::Entity,
    identity::{OrganizationId, PairingId},
    meeting::MeetingStatus,
    moment::Moment,
    need::{NeedStatus, Review},
    pairing::{PairingStatus, Side, Target},
    project::ProjectStatus,
    resource::ResourceEnd,
    state::{State, waiting::Task},
};
use std::collections::BTreeSet;

/// Later than anything.
const LATE: Moment = Moment::from_millis(i64::MAX);

type Line = (OrganizationId, Task, Entity);

pub(super) fn look(state: &State, findings: &mut Findings) {
    let mut look = Look { state, found: BTreeSet::new() };
    look.at_the_lists();
    look.at_the_projects();
    look.at_the_pairings();
    look.at_bids_and_meetings();
    look.at_agreements();
    look.at_deliveries();
    let mut kept = BTreeSet::new();
    for line in state.waiting_for(None, LATE) {
        let about = line.about.clone();
        // Nothing waits twice.
        let is_new = kept.insert((line.organization, line.task, line.about));
        findings.unless(is_new, about, || Flaw::Index("tasks"));
    }
    for (organization, task, about) in kept.difference(&look.found) {
        findings.add(about.clone(), Flaw::Idle(*organization, *task));
    }
    for (organization, task, about) in look.found.difference(&kept) {
        findings.add(about.clone(), Flaw::Untold(*organization, *task));
    }
    let each = state.organizations().map(|it| state.waiting_for(Some(it.id), LATE).count());
    findings.unless(each.sum::<usize>() == kept.len(), Entity::Street, || Flaw::Index("tasks"));
}

struct Look<'a> {
    state: &'a State,
    found: BTreeSet<Line>,
}

impl Look<'_> {
    /// Somebody has something to do.
    fn put(&mut self, organization: Option<OrganizationId>, task: Task, about: Entity) {
        self.found.extend(organization.map(|organization| (organization, task, about)));
    }

    fn office(&self) -> Option<OrganizationId> {
        self.state.street().map(|street| street.office)
    }

    fn at_the_lists(&mut self) {
        for need in self.state.needs() {
            let own = Some(need.draft.entry.organization);
            let about = || Entity::Need(need.id);
            let is_settled = need.draft.entry.settled.is_some();
            if need.review == Review::Waiting && need.end.is_none() && !is_settled {
                self.put(self.state.reviewer(need.id).or(self.office()), Task::ReviewNeed, about());
            }
            if need.status() == NeedStatus::Met {
                self.put(own, Task::AppraiseNeed, about());
            }
            if need.stale.is_some() && need.is_open() {
                self.put(own, Task::ReconfirmNeed, about());
            }
        }
        for resource in self.state.resources() {
            let is_over =
                matches!(resource.end, Some(ResourceEnd::Withdrawn { .. } | ResourceEnd::Expired { .. }));
            if resource.stale.is_some() && !is_over && resource.draft.entry.settled.is_none() {
                let own = Some(resource.draft.entry.organization);
                self.put(own, Task::ReconfirmResource, Entity::Resource(resource.id));
            }
        }
    }

    fn at_the_projects(&mut self) {
        for project in self.state.projects() {
            let is_confirmed = project.tallies.iter().all(|tally| tally.accepted == tally.agreed);
            let task = match project.status() {
                ProjectStatus::Signed => Task::StartProject,
                ProjectStatus::Delivered if is_confirmed => Task::AcceptProject,
                ProjectStatus::Accepted => Task::AppraiseProject,
                ProjectStatus::Appraised => Task::CloseProject,
                _ => continue,
            };
            self.put(Some(project.draft.entry.organization), task, Entity::Project(project.id));
        }
    }

    fn at_the_pairings(&mut self) {
        // Joint claims of which a giver is still to claim.
        let is_proposed = |status: &PairingStatus| *status == PairingStatus::Proposed;
        let awaited: BTreeSet<PairingId> =
            self.state.pairings().filter(|it| is_proposed(&it.status)).filter_map(|it| it.joint).collect();
        for pairing in self.state.pairings() {
            let asking = self.state.asking(pairing.terms.target);
            let giving = self.state.giving(pairing.terms.supplier);
            let about = || Entity::Pairing(pairing.id);
            // Of a joint claim all givers come first.
            let givers_done = pairing.joint.is_none_or(|leader| !awaited.contains(&leader));
            match pairing.status {
                PairingStatus::Proposed => {
                    self.put(giving, Task::ClaimProposal, about());
                    if givers_done {
                        self.put(asking, Task::ClaimProposal, about());
                    }
                }
                PairingStatus::Claimed { by: Side::Asking, .. } => {
                    self.put(giving, Task::AnswerClaim, about());
                }
                PairingStatus::Claimed { by: Side::Giving, .. } if givers_done => {
                    self.put(asking, Task::AnswerClaim, about());
                }
                PairingStatus::Agreed { .. } if pairing.delivered < pairing.terms.quantity => {
                    let is_under_way = match pairing.terms.target {
                        Target::Need(_) => true,
                        Target::Slot(project, _) => {
                            let project = self.state.project(project);
                            project.is_some_and(|it| it.started.is_some() && it.takes_pairings())
                        }
                    };
                    if is_under_way {
                        self.put(giving, Task::DeliverAgreed, about());
                    }
                }
                _ => {}
            }
        }
    }

    fn at_bids_and_meetings(&mut self) {
        for bid in self.state.bids().filter(|bid| bid.status == BidStatus::Waiting) {
            self.put(self.state.asking(bid.draft.target), Task::ChooseBid, Entity::Bid(bid.id));
        }
        for meeting in self.state.meetings().filter(|meeting| meeting.status == MeetingStatus::Called) {
            self.put(self.office(), Task::HoldMeeting, Entity::Meeting(meeting.id));
        }
    }

    fn at_agreements(&mut self) {
        for agreement in self.state.agreements().filter(|agreement| agreement.withdrawn.is_none()) {
            let about = || Entity::Agreement(agreement.id);
            if let Some(newest) = agreement.versions.last() {
                let parties = newest.terms.parties.iter();
                for party in parties.filter(|party| !newest.signatures.contains_key(party)) {
                    self.put(Some(*party), Task::SignAgreement, about());
                }
            }
            let raiser = match agreement.subject {
                Subject::Project(id) => {
                    let open = self.state.project(id).filter(|project| project.is_open());
                    open.map(|project| project.draft.entry.organization)
                }
                Subject::Pairing(id) => self
                    .state
                    .pairing(id)
                    .filter(|pairing| matches!(pairing.status, PairingStatus::Agreed { .. }))
                    .and_then(|pairing| self.state.asking(pairing.terms.target)),
            };
            for milestone in agreement.in_force().iter().flat_map(|version| &version.terms.milestones) {
                if agreement.milestones.get(&milestone.number).is_none_or(|it| it.at.is_none()) {
                    self.put(raiser, Task::ReachMilestone(milestone.number), about());
                }
            }
        }
    }

    fn at_deliveries(&mut self) {
        for delivery in self.state.deliveries() {
            let Some(terms) = self.state.pairing(delivery.pairing).map(|it| &it.terms) else { continue };
            let (organization, task) = match delivery.status {
                DeliveryStatus::Recorded => (self.state.asking(terms.target), Task::ConfirmDelivery),
                DeliveryStatus::Disputed { .. } => (self.state.giving(terms.supplier), Task::SettleDispute),
                _ => continue,
            };
            self.put(organization, task, Entity::Delivery(delivery.id));
        }
    }
}
