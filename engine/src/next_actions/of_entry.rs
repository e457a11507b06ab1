//! Commands that can be given to the entries of the three lists.

use super::building::{CANDIDATES_MAX, Desk, text};
use crate::{
    agreement::Subject,
    appraisal::{Appraisal, Grade},
    command::Command,
    identity::{NeedId, ProjectId, ResourceId},
    meeting::{Item, MeetingDraft},
    need::RejectionGround,
    pairing::{Share, Supplier, Target},
};

/// Hours a call runs when nobody says: a week.
const CALL_HOURS: u32 = 7 * 24;

const SATISFIED: Appraisal = Appraisal { grade: Grade::Satisfied, note: None };

impl Desk<'_> {
    pub fn of_need(&self, id: NeedId) -> Vec<Vec<Command>> {
        let Some(need) = self.state.need(id) else {
            return Vec::new();
        };
        let target = Target::Need(id);
        let into = need.period(self.state.rules().utc_offset_minutes).next();
        let mut kinds = vec![
            vec![Command::AmendNeed { need: id, revision: need.revision, draft: need.draft.clone() }],
            vec![Command::WithdrawNeed { need: id, reason: text() }],
            vec![Command::VerifyNeed { need: id }],
            vec![Command::RejectNeed { need: id, ground: RejectionGround::NotFeasible, note: None }],
        ];
        let others = self.others(id).into_iter();
        kinds.push(others.map(|into| Command::MergeNeed { need: id, into }).collect());
        kinds.extend([
            vec![Command::CarryOverNeed { need: id, into, reason: text() }],
            vec![Command::StrikeOffNeed { need: id, note: None }],
            vec![Command::AppraiseNeed { need: id, appraisal: SATISFIED }],
            vec![Command::ReconfirmNeed { need: id }],
        ]);
        kinds.extend(self.of_target(&[target]));
        kinds
    }

    pub fn of_resource(&self, id: ResourceId) -> Vec<Vec<Command>> {
        let Some(resource) = self.state.resource(id) else {
            return Vec::new();
        };
        let supplier = Supplier::Resource(id);
        let by = self.speaker(resource.draft.entry.organization);
        let targets = self.targets();
        let request = |target: &Target| Command::RequestPairing {
            target: *target,
            supplier,
            quantity: None,
            draws: None,
            by,
        };
        let bid = |target: &Target| Command::PlaceBid {
            target: *target,
            supplier,
            quantity: None,
            draws: None,
            note: None,
        };
        vec![
            vec![Command::AmendResource {
                resource: id,
                revision: resource.revision,
                draft: resource.draft.clone(),
            }],
            vec![Command::WithdrawResource { resource: id, reason: text() }],
            vec![Command::PauseResource { resource: id, reason: text() }],
            vec![Command::ResumeResource { resource: id }],
            vec![Command::ReconfirmResource { resource: id }],
            targets.iter().map(request).collect(),
            targets.iter().map(bid).collect(),
        ]
    }

    pub fn of_project(&self, id: ProjectId) -> Vec<Vec<Command>> {
        let Some(project) = self.state.project(id) else {
            return Vec::new();
        };
        let subject = Subject::Project(id);
        let mut kinds = vec![
            vec![Command::AmendProject {
                project: id,
                revision: project.revision,
                draft: project.draft.clone(),
            }],
            vec![Command::WithdrawProject { project: id, reason: text() }],
            vec![self.meeting(Item::Project(id))],
            vec![Command::DraftAgreement { subject, terms: self.terms(subject) }],
            vec![Command::StartProject { project: id }],
            vec![Command::SuspendProject { project: id, reason: text() }],
            vec![Command::ResumeProject { project: id }],
            vec![Command::AcceptProject { project: id, note: None }],
            vec![Command::AppraiseProject { project: id, appraisal: SATISFIED }],
            vec![Command::CloseProject { project: id }],
            vec![Command::FailProject { project: id, reason: text() }],
        ];
        kinds.extend(self.of_target(&self.slots(id)));
        kinds
    }

    /// Calls, bids and claims on what asks to be served.
    fn of_target(&self, targets: &[Target]) -> Vec<Vec<Command>> {
        let suppliers = self.suppliers();
        let pairs = || {
            let all = targets.iter().flat_map(|target| suppliers.iter().map(|supplier| (*target, *supplier)));
            all.take(CANDIDATES_MAX * 4)
        };
        let by = self.own();
        let until = self.context.now.plus_hours(CALL_HOURS);
        let request = |(target, supplier)| Command::RequestPairing {
            target,
            supplier,
            quantity: None,
            draws: None,
            by: self.state.giving(supplier).map_or(by, |giver| self.speaker(giver)),
        };
        let bid = |(target, supplier)| Command::PlaceBid {
            target,
            supplier,
            quantity: None,
            draws: None,
            note: None,
        };
        vec![
            pairs().map(request).collect(),
            pairs().filter_map(|(target, supplier)| self.jointly(target, supplier)).collect(),
            targets.iter().map(|target| Command::OpenCall { target: *target, until, note: None }).collect(),
            targets.iter().map(|target| Command::CloseCall { target: *target }).collect(),
            pairs().map(bid).collect(),
        ]
    }

    /// A joint claim with another unit that takes up needs, one unit of what is asked each.
    fn jointly(&self, target: Target, supplier: Supplier) -> Option<Command> {
        let leader = self.state.giving(supplier)?;
        let asking = self.state.asking(target);
        let mut units = self.state.organizations().filter(|it| it.draft.kind.takes_up_needs());
        let other = units.find(|it| it.id != leader && Some(it.id) != asking)?;
        let share = |supplier| Share { supplier, quantity: Some(1), draws: None };
        let shares = vec![share(supplier), share(Supplier::Unit(other.id))];
        Some(Command::ClaimJointly { target, shares, by: leader })
    }

    /// A joint meeting on one item, in a week.
    pub(super) fn meeting(&self, item: Item) -> Command {
        let mut participants: Vec<_> = self.state.street().map(|street| street.office).into_iter().collect();
        let raiser = match item {
            Item::Project(id) => self.state.project(id).map(|it| it.draft.entry.organization),
            Item::Pairing(id) => self.state.pairing(id).and_then(|it| self.state.asking(it.terms.target)),
        };
        participants.extend(raiser.filter(|raiser| !participants.contains(raiser)));
        let at = self.context.now.plus_hours(CALL_HOURS);
        Command::CallMeeting(MeetingDraft {
            title: text(),
            at,
            venue: None,
            participants,
            agenda: vec![item],
        })
    }
}
