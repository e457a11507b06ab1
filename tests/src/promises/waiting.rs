//! The work list, found once more by looking at everything there is.

use engine::{
    agreement::Subject,
    bid::BidStatus,
    delivery::DeliveryStatus,
    history::Entity,
    identity::OrganizationId,
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

type Found = BTreeSet<(OrganizationId, Task, Entity)>;

/// Compares the work list with what a look at everything finds.
///
/// # Panics
/// When they differ.
pub fn check(state: &State) {
    let mut found = Found::new();
    of_lists(state, &mut found);
    of_pairings(state, &mut found);
    of_the_rest(state, &mut found);
    let kept: Vec<_> = state.waiting_for(None, LATE).map(|it| (it.organization, it.task, it.about)).collect();
    assert_eq!(kept.iter().cloned().collect::<Found>(), found);
    assert_eq!(kept.len(), found.len(), "nothing waits twice");
    let each = state.organizations().map(|it| state.waiting_for(Some(it.id), LATE).count());
    assert_eq!(each.sum::<usize>(), kept.len(), "everything waits for somebody");
}

fn of_lists(state: &State, found: &mut Found) {
    let office = state.street().unwrap().office;
    for need in state.needs() {
        let (own, about) = (need.draft.entry.organization, Entity::Need(need.id));
        let settled = need.draft.entry.settled.is_some();
        if need.review == Review::Waiting && need.end.is_none() && !settled {
            found.insert((state.reviewer(need.id).unwrap_or(office), Task::ReviewNeed, about.clone()));
        }
        if need.status() == NeedStatus::Met {
            found.insert((own, Task::AppraiseNeed, about.clone()));
        }
        if need.stale.is_some() && need.is_open() {
            found.insert((own, Task::ReconfirmNeed, about));
        }
    }
    for resource in state.resources() {
        let over = matches!(resource.end, Some(ResourceEnd::Withdrawn { .. } | ResourceEnd::Expired { .. }));
        if resource.stale.is_some() && !over && resource.draft.entry.settled.is_none() {
            let about = Entity::Resource(resource.id);
            found.insert((resource.draft.entry.organization, Task::ReconfirmResource, about));
        }
    }
    for project in state.projects() {
        let confirmed = project.tallies.iter().all(|tally| tally.accepted == tally.agreed);
        let task = match project.status() {
            ProjectStatus::Signed => Task::StartProject,
            ProjectStatus::Delivered if confirmed => Task::AcceptProject,
            ProjectStatus::Accepted => Task::AppraiseProject,
            ProjectStatus::Appraised => Task::CloseProject,
            _ => continue,
        };
        found.insert((project.draft.entry.organization, task, Entity::Project(project.id)));
    }
}

fn of_pairings(state: &State, found: &mut Found) {
    for pairing in state.pairings() {
        let asking = state.asking(pairing.terms.target).unwrap();
        let giving = state.giving(pairing.terms.supplier).unwrap();
        let about = Entity::Pairing(pairing.id);
        // Of a joint claim all givers come first.
        let givers_done = pairing.joint.is_none()
            || state
                .pairings()
                .all(|other| other.joint != pairing.joint || other.status != PairingStatus::Proposed);
        match pairing.status {
            PairingStatus::Proposed => {
                found.insert((giving, Task::ClaimProposal, about.clone()));
                if givers_done {
                    found.insert((asking, Task::ClaimProposal, about));
                }
            }
            PairingStatus::Claimed { by: Side::Asking, .. } => {
                found.insert((giving, Task::AnswerClaim, about));
            }
            PairingStatus::Claimed { by: Side::Giving, .. } if givers_done => {
                found.insert((asking, Task::AnswerClaim, about));
            }
            PairingStatus::Agreed { .. } if pairing.delivered < pairing.terms.quantity => {
                let under_way = match pairing.terms.target {
                    Target::Need(_) => true,
                    Target::Slot(project, _) => {
                        let project = state.project(project).unwrap();
                        project.started.is_some() && project.takes_pairings()
                    }
                };
                if under_way {
                    found.insert((giving, Task::DeliverAgreed, about));
                }
            }
            _ => {}
        }
    }
}

fn of_the_rest(state: &State, found: &mut Found) {
    for bid in state.bids().filter(|bid| bid.status == BidStatus::Waiting) {
        found.insert((state.asking(bid.draft.target).unwrap(), Task::ChooseBid, Entity::Bid(bid.id)));
    }
    for meeting in state.meetings().filter(|meeting| meeting.status == MeetingStatus::Called) {
        found.insert((state.street().unwrap().office, Task::HoldMeeting, Entity::Meeting(meeting.id)));
    }
    for agreement in state.agreements().filter(|agreement| agreement.withdrawn.is_none()) {
        let about = Entity::Agreement(agreement.id);
        let newest = agreement.versions.last().unwrap();
        for party in newest.terms.parties.iter().filter(|party| !newest.signatures.contains_key(party)) {
            found.insert((*party, Task::SignAgreement, about.clone()));
        }
        let raiser = match agreement.subject {
            Subject::Project(id) => {
                let project = state.project(id).unwrap();
                project.is_open().then_some(project.draft.entry.organization)
            }
            Subject::Pairing(id) => {
                let pairing = state.pairing(id).unwrap();
                let agreed = matches!(pairing.status, PairingStatus::Agreed { .. });
                agreed.then(|| state.asking(pairing.terms.target).unwrap())
            }
        };
        if let (Some(version), Some(raiser)) = (agreement.in_force(), raiser) {
            for milestone in &version.terms.milestones {
                if agreement.milestones.get(&milestone.number).is_none_or(|it| it.at.is_none()) {
                    found.insert((raiser, Task::ReachMilestone(milestone.number), about.clone()));
                }
            }
        }
    }
    for delivery in state.deliveries() {
        let terms = &state.pairing(delivery.pairing).unwrap().terms;
        let (organization, task) = match delivery.status {
            DeliveryStatus::Recorded => (state.asking(terms.target), Task::ConfirmDelivery),
            DeliveryStatus::Disputed { .. } => (state.giving(terms.supplier), Task::SettleDispute),
            _ => continue,
        };
        found.insert((organization.unwrap(), task, Entity::Delivery(delivery.id)));
    }
}
