//! The work list 催办: what waits for whom, and since when.
//!
//! The index is derived: [`crate::evolve`] takes out what an entity made somebody do and puts in what it makes them
//! do now, event by event. Until when something is to be done follows from the entity and from the rules of the
//! street, which may change, so that is read when the list is asked for and kept nowhere.

use super::State;
use crate::{
    agreement::Subject,
    bid::BidStatus,
    delivery::DeliveryStatus,
    event::Event,
    history::Entity,
    identity::{AgreementId, BidId, DeliveryId, MeetingId, NeedId, OrganizationId, PairingId, ProjectId},
    meeting::MeetingStatus,
    moment::Moment,
    need::{Need, NeedStatus, Review},
    organization::OrganizationKind,
    pairing::{Pairing, PairingStatus, Side, Supplier, Tally, Target},
    project::ProjectStatus,
    resource::ResourceStatus,
};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Task {
    /// 核实: look at a need, and verify it, reject it or merge it.
    ReviewNeed,
    /// Say yes or no to the other side's claim.
    AnswerClaim,
    /// 认领: say yes or no to a proposed pairing.
    ClaimProposal,
    /// Choose or decline a bid.
    ChooseBid,
    /// Hold a joint meeting whose hour has come, write down what it decides, and close it.
    HoldMeeting,
    /// 签约: sign the newest version of an agreement.
    SignAgreement,
    /// Start a project that all parties have signed.
    StartProject,
    /// 交付: hand over what is agreed.
    DeliverAgreed,
    /// Confirm or dispute a delivery.
    ConfirmDelivery,
    /// Correct or withdraw a delivery that the receiver disputes.
    SettleDispute,
    /// Reach a milestone, by its number.
    ReachMilestone(u16),
    /// 验收: accept a project of which everything is handed over and confirmed.
    AcceptProject,
    /// 评议: say how well a need was met.
    AppraiseNeed,
    /// 评议: say how well a project was done.
    AppraiseProject,
    /// Close a project that is appraised.
    CloseProject,
    /// Say that a need still stands.
    ReconfirmNeed,
    /// Say that a resource still stands.
    ReconfirmResource,
}

/// Something that waits for an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// For whom.
    pub organization: OrganizationId,
    /// What is to be done.
    pub task: Task,
    /// With what.
    pub about: Entity,
    /// Since when it waits.
    pub since: Moment,
    /// Until when it is to be done, when there is a limit.
    pub until: Option<Moment>,
    /// Whether that limit is over.
    pub late: bool,
}

/// One line of the index: for whom, since when, what, with what.
pub(crate) type Line = (OrganizationId, Moment, Task, Entity);

impl State {
    /// What waits now for one organization or for anybody, each with its limit: by organization, then what has waited
    /// longest first. Looks at all of that.
    pub fn waiting_for(
        &self,
        organization: Option<OrganizationId>,
        now: Moment,
    ) -> impl Iterator<Item = Waiting> {
        let first = organization.unwrap_or(OrganizationId::new(0));
        let first = (first, Moment::from_millis(i64::MIN), Task::ReviewNeed, Entity::Street);
        let lines = self.waiting.range(first..);
        let own =
            lines.take_while(move |line| organization.is_none_or(|organization| line.0 == organization));
        // A meeting waits from its hour on, and that may lie ahead.
        own.filter(move |line| line.1 <= now).map(move |line| self.waiting_line(line, now))
    }

    fn waiting_line(&self, line: &Line, now: Moment) -> Waiting {
        let (organization, since, task, about) = line.clone();
        let until = self.until(task, &about);
        Waiting { organization, task, about, since, until, late: until.is_some_and(|until| until <= now) }
    }

    /// Until when something is to be done.
    fn until(&self, task: Task, about: &Entity) -> Option<Moment> {
        let limits = &self.rules().limits;
        match (task, about) {
            (Task::ReviewNeed, Entity::Need(id)) => plus_days(self.need(*id)?.posted, limits.reply_days),
            (Task::AnswerClaim, Entity::Pairing(id)) => match self.pairing(*id)?.status {
                PairingStatus::Claimed { until, .. } => Some(until),
                _ => None,
            },
            (Task::DeliverAgreed, Entity::Pairing(id)) => {
                self.last_day(self.pairing(*id)?.terms.target).map(|day| self.end_of(day))
            }
            (Task::ConfirmDelivery, Entity::Delivery(id)) => {
                plus_days(self.delivery(*id)?.recorded, limits.confirm_days)
            }
            (Task::ReachMilestone(number), Entity::Agreement(id)) => {
                let milestones = &self.agreement(*id)?.in_force()?.terms.milestones;
                milestones.iter().find(|it| it.number == number).map(|it| self.end_of(it.due))
            }
            (Task::ChooseBid, Entity::Bid(id)) => {
                let call = self.call(self.bid(*id)?.draft.target)?;
                call.closed.is_none().then_some(call.until)
            }
            _ => None,
        }
    }

    /// The last day on which a need or slot is of use.
    fn last_day(&self, target: Target) -> Option<NaiveDate> {
        match target {
            Target::Need(need) => self.need(need)?.draft.entry.window.to,
            Target::Slot(project, index) => {
                let draft = &self.project(project)?.draft;
                let own = draft.slots.get(usize::from(index)).and_then(|slot| slot.window.to);
                own.or(draft.entry.window.to)
            }
        }
    }

    /// Midnight after a day, on the street's clock.
    fn end_of(&self, day: NaiveDate) -> Moment {
        let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN).and_utc();
        let offset = TimeDelta::minutes(self.rules().utc_offset_minutes.into());
        Moment::from_millis(next.timestamp_millis().saturating_sub(offset.num_milliseconds()))
    }
}

/// A limit of days; 0 sets none.
fn plus_days(since: Moment, days: u16) -> Option<Moment> {
    (days > 0).then(|| since.plus_hours(u32::from(days) * 24))
}

/// Whatever an event may make somebody do, or no longer do, beside the entities it touches: who acts for an entry
/// may change with the entry, and whether a pairing is to be delivered with its project.
pub(crate) fn beside(state: &State, event: &Event) -> Vec<Entity> {
    match event {
        Event::NeedAmended { need, .. } => of_target(state, Target::Need(*need), Target::Need(*need)),
        Event::ProjectAmended { project, .. }
        | Event::ProjectStarted { project }
        | Event::ProjectSuspended { project, .. }
        | Event::ProjectResumed { project }
        | Event::ProjectAccepted { project, .. }
        | Event::ProjectClosed { project }
        | Event::ProjectFailed { project, .. }
        | Event::ProjectWithdrawn { project, .. } => {
            of_target(state, Target::Slot(*project, 0), Target::Slot(*project, u16::MAX))
        }
        Event::ResourceAmended { resource, .. } => {
            let pairings = state.pairings_of_supplier(Supplier::Resource(*resource));
            with_deliveries(state, pairings.map(|it| it.id).collect())
        }
        // A joint claim is answered when all its givers have claimed.
        Event::PairingsJoined { pairings } => pairings.iter().map(|id| Entity::Pairing(*id)).collect(),
        Event::PairingClaimed { pairing, .. }
        | Event::PairingAgreed { pairing, .. }
        | Event::PairingDeclined { pairing, .. }
        | Event::PairingLapsed { pairing }
        | Event::PairingWithdrawn { pairing, .. }
        | Event::PairingSuperseded { pairing }
        | Event::PairingAccepted { pairing } => {
            let agreements = state.agreements_of(Subject::Pairing(*pairing));
            let mut found: Vec<Entity> = agreements.map(|it| Entity::Agreement(it.id)).collect();
            if let Some(it) = state.pairing(*pairing).filter(|it| it.joint.is_some()) {
                let all = state.pairings_of_target(it.terms.target);
                found.extend(all.filter(|other| other.joint == it.joint).map(|it| Entity::Pairing(it.id)));
            }
            found
        }
        // Who reviews a need follows from where the communities sit.
        Event::OrganizationRegistered { draft, .. } if draft.kind == OrganizationKind::Community => {
            in_review(state)
        }
        Event::OrganizationAmended { .. } | Event::StreetOpened { .. } => in_review(state),
        _ => Vec::new(),
    }
}

fn of_target(state: &State, first: Target, last: Target) -> Vec<Entity> {
    let range = (first, PairingId::new(0))..=(last, PairingId::new(u64::MAX));
    // Of what is over, too: a delivery may be in dispute still.
    let pairings = state.pairings_of_target.range(range).map(|(_, id)| *id);
    let mut found = with_deliveries(state, pairings.collect());
    let bids = (first, BidId::new(0))..=(last, BidId::new(u64::MAX));
    found.extend(state.bids_of_target.range(bids).map(|(_, bid)| Entity::Bid(*bid)));
    let subjects = match first {
        Target::Need(_) => Vec::new(),
        Target::Slot(project, _) => vec![Subject::Project(project)],
    };
    let pairings: Vec<_> = found
        .iter()
        .filter_map(|it| match it {
            Entity::Pairing(id) => Some(Subject::Pairing(*id)),
            _ => None,
        })
        .collect();
    for subject in subjects.into_iter().chain(pairings) {
        found.extend(state.agreements_of(subject).map(|it| Entity::Agreement(it.id)));
    }
    found
}

fn with_deliveries(state: &State, pairings: Vec<PairingId>) -> Vec<Entity> {
    let deliveries =
        pairings.iter().flat_map(|id| state.deliveries_of(*id).map(|it| Entity::Delivery(it.id)));
    let mut found: Vec<Entity> = deliveries.collect();
    found.extend(pairings.into_iter().map(Entity::Pairing));
    found
}

fn in_review(state: &State) -> Vec<Entity> {
    let review = state.waiting.iter().filter(|line| line.2 == Task::ReviewNeed);
    review.map(|line| line.3.clone()).collect()
}

/// What an entity makes somebody do.
pub(crate) fn of(state: &State, entity: &Entity) -> Vec<Line> {
    match entity {
        Entity::Need(id) => of_need(state, *id),
        Entity::Resource(id) => {
            let stale = state.resource(*id).filter(|it| {
                matches!(
                    it.status(),
                    ResourceStatus::Open | ResourceStatus::Exhausted | ResourceStatus::Paused
                )
            });
            let line = stale.and_then(|it| {
                Some((it.draft.entry.organization, it.stale?, Task::ReconfirmResource, entity.clone()))
            });
            line.into_iter().collect()
        }
        Entity::Project(id) => of_project(state, *id).into_iter().collect(),
        Entity::Pairing(id) => state.pairing(*id).map(|it| of_pairing(state, it)).unwrap_or_default(),
        Entity::Bid(id) => {
            let waits = state.bid(*id).filter(|it| it.status == BidStatus::Waiting);
            let line = waits.and_then(|it| {
                Some((state.asking(it.draft.target)?, it.placed, Task::ChooseBid, entity.clone()))
            });
            line.into_iter().collect()
        }
        Entity::Meeting(id) => of_meeting(state, *id).into_iter().collect(),
        Entity::Agreement(id) => of_agreement(state, *id),
        Entity::Delivery(id) => of_delivery(state, *id).into_iter().collect(),
        Entity::Street
        | Entity::Rules
        | Entity::Category(_)
        | Entity::Place(_)
        | Entity::Organization(_)
        | Entity::Member(_)
        | Entity::Plan(_)
        | Entity::Contact(_) => Vec::new(),
    }
}

fn of_need(state: &State, id: NeedId) -> Vec<Line> {
    let Some(need) = state.need(id) else {
        return Vec::new();
    };
    let own = need.draft.entry.organization;
    let mut found = Vec::new();
    if awaits_review(need) {
        found.extend(state.reviewing(id).map(|it| (it, need.posted, Task::ReviewNeed, Entity::Need(id))));
    }
    if let (Some(met), NeedStatus::Met) = (need.met, need.status()) {
        found.push((own, met, Task::AppraiseNeed, Entity::Need(id)));
    }
    if let Some(stale) = need.stale
        && need.is_open()
    {
        found.push((own, stale, Task::ReconfirmNeed, Entity::Need(id)));
    }
    found
}

fn awaits_review(need: &Need) -> bool {
    need.review == Review::Waiting && need.end.is_none() && need.draft.entry.settled.is_none()
}

fn of_project(state: &State, id: ProjectId) -> Option<Line> {
    let project = state.project(id)?;
    let (since, task) = match project.status() {
        ProjectStatus::Signed => (project.signed?, Task::StartProject),
        ProjectStatus::Delivered if all_confirmed(&project.tallies) => {
            (last_confirmed(state, id).or(project.started)?, Task::AcceptProject)
        }
        ProjectStatus::Accepted => (project.accepted?, Task::AppraiseProject),
        ProjectStatus::Appraised => (project.appraised.as_ref()?.at, Task::CloseProject),
        ProjectStatus::Proposed
        | ProjectStatus::UnderDiscussion
        | ProjectStatus::Agreed
        | ProjectStatus::Running
        | ProjectStatus::Suspended
        | ProjectStatus::Delivered
        | ProjectStatus::Closed
        | ProjectStatus::Failed
        | ProjectStatus::Settled
        | ProjectStatus::Withdrawn => return None,
    };
    Some((project.draft.entry.organization, since, task, Entity::Project(id)))
}

fn all_confirmed(tallies: &[Tally]) -> bool {
    tallies.iter().all(|tally| tally.accepted >= tally.agreed)
}

fn last_confirmed(state: &State, id: ProjectId) -> Option<Moment> {
    let deliveries = state.pairings_of_project(id).flat_map(|pairing| state.deliveries_of(pairing.id));
    deliveries
        .filter_map(|delivery| match delivery.status {
            DeliveryStatus::Confirmed { at } => Some(at),
            _ => None,
        })
        .max()
}

fn of_pairing(state: &State, pairing: &Pairing) -> Vec<Line> {
    let line = |side: Side, since: Moment, task: Task| {
        let organization = match side {
            Side::Asking => state.asking(pairing.terms.target),
            Side::Giving => state.giving(pairing.terms.supplier),
        };
        organization.map(|it| (it, since, task, Entity::Pairing(pairing.id)))
    };
    let lines = match pairing.status {
        PairingStatus::Proposed => [Side::Asking, Side::Giving].map(|side| {
            may_answer(state, pairing, side).then(|| line(side, pairing.since, Task::ClaimProposal))
        }),
        PairingStatus::Claimed { by, .. } => {
            let answer = may_answer(state, pairing, by.other());
            [
                answer.then(|| line(by.other(), pairing.claimed.unwrap_or(pairing.since), Task::AnswerClaim)),
                None,
            ]
        }
        PairingStatus::Agreed { at } if pairing.undelivered() > 0 && is_under_way(state, pairing) => {
            [Some(line(Side::Giving, at, Task::DeliverAgreed)), None]
        }
        PairingStatus::Agreed { .. }
        | PairingStatus::Accepted { .. }
        | PairingStatus::Declined { .. }
        | PairingStatus::Lapsed { .. }
        | PairingStatus::Withdrawn { .. }
        | PairingStatus::Superseded => [None, None],
    };
    lines.into_iter().flatten().flatten().collect()
}

/// Whoever asks for what is claimed jointly says yes when all givers have.
fn may_answer(state: &State, pairing: &Pairing, side: Side) -> bool {
    if side == Side::Giving || pairing.joint.is_none() {
        return true;
    }
    let group = state.pairings_of_target(pairing.terms.target).filter(|other| other.joint == pairing.joint);
    group.filter(|other| other.status.is_live()).all(|other| other.status != PairingStatus::Proposed)
}

/// Whether what is agreed is to be handed over now: what belongs to a project waits for its start.
fn is_under_way(state: &State, pairing: &Pairing) -> bool {
    match pairing.terms.target {
        Target::Need(_) => true,
        Target::Slot(project, _) => {
            state.project(project).is_some_and(|it| it.started.is_some() && it.takes_pairings())
        }
    }
}

fn of_meeting(state: &State, id: MeetingId) -> Option<Line> {
    let meeting = state.meeting(id).filter(|it| it.status == MeetingStatus::Called)?;
    Some((state.street()?.office, meeting.draft.at, Task::HoldMeeting, Entity::Meeting(id)))
}

fn of_agreement(state: &State, id: AgreementId) -> Vec<Line> {
    let Some(agreement) = state.agreement(id) else {
        return Vec::new();
    };
    let about = Entity::Agreement(id);
    let mut found = Vec::new();
    if let Some(version) = agreement.unsigned() {
        let silent = version.terms.parties.iter().filter(|party| !version.signatures.contains_key(party));
        found.extend(silent.map(|party| (*party, version.drafted, Task::SignAgreement, about.clone())));
    }
    let raiser = match agreement.subject {
        Subject::Project(project) => {
            state.project(project).filter(|it| it.is_open()).map(|it| it.draft.entry.organization)
        }
        Subject::Pairing(pairing) => state
            .pairing(pairing)
            .filter(|it| matches!(it.status, PairingStatus::Agreed { .. }))
            .and_then(|it| state.asking(it.terms.target)),
    };
    if let (Some(version), Some(raiser)) = (agreement.in_force(), raiser) {
        let since = version.in_force_since().unwrap_or(version.drafted);
        let open = version.terms.milestones.iter().filter(|milestone| {
            agreement.milestones.get(&milestone.number).is_none_or(|reached| reached.at.is_none())
        });
        found.extend(
            open.map(|milestone| (raiser, since, Task::ReachMilestone(milestone.number), about.clone())),
        );
    }
    found
}

fn of_delivery(state: &State, id: DeliveryId) -> Option<Line> {
    let delivery = state.delivery(id)?;
    let terms = &state.pairing(delivery.pairing)?.terms;
    let (organization, since, task) = match delivery.status {
        DeliveryStatus::Recorded => (state.asking(terms.target)?, delivery.recorded, Task::ConfirmDelivery),
        DeliveryStatus::Disputed { at, .. } => (state.giving(terms.supplier)?, at, Task::SettleDispute),
        DeliveryStatus::Confirmed { .. } | DeliveryStatus::Withdrawn { .. } => return None,
    };
    Some((organization, since, task, Entity::Delivery(id)))
}
