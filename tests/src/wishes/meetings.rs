//! Wishes: joint meetings.

use super::{NOWHERE, Wishes};
use engine::{
    command::Command,
    identity::{MeetingId, OrganizationId},
    meeting::{Decision, Item, MeetingDraft, MeetingStatus},
    moment::Moment,
    pairing::PairingStatus,
    state::State,
};

impl Wishes {
    pub(super) fn meeting(&mut self, state: &State) -> Command {
        let meeting = self.called_meeting(state);
        match self.random.below(12) {
            0..3 => Command::CallMeeting(self.meeting_draft(state)),
            3 => Command::AmendMeeting { meeting, draft: self.amended(state, meeting) },
            5 if self.random.percent(50) => Command::CloseMeeting { meeting, minutes: self.reason() },
            4 if self.random.percent(30) => Command::CancelMeeting { meeting, reason: self.reason() },
            _ => self.decide_item(state, meeting),
        }
    }

    /// Mostly of something that a meeting can still decide.
    fn decide_item(&mut self, state: &State, meeting: MeetingId) -> Command {
        let called = state.meetings().filter(|it| it.status == MeetingStatus::Called);
        let waiting: Vec<(MeetingId, Item)> = called
            .flat_map(|it| it.draft.agenda.iter().map(|item| (it.id, *item)))
            .filter(|(_, item)| waits(state, *item))
            .collect();
        let (meeting, item) = match self.random.any(&waiting) {
            Some(found) if self.random.percent(90) => found,
            // Nothing is on the table: then a meeting is called.
            None if self.random.percent(80) => return Command::CallMeeting(self.meeting_draft(state)),
            _ => (meeting, self.item(state)),
        };
        let decision = match self.random.below(9) {
            0..4 => Decision::Agree,
            4..6 => Decision::ChangeTerms { quantity: self.random.below(10), draws: self.random.below(10) },
            6 => Decision::Postpone,
            _ => Decision::Drop,
        };
        let note = self.random.percent(80).then(|| self.reason());
        Command::DecideItem { meeting, item, decision, note }
    }

    fn meeting_draft(&mut self, state: &State) -> MeetingDraft {
        let mut participants: Vec<OrganizationId> =
            state.organizations().map(|it| it.id).filter(|_| self.random.percent(90)).collect();
        if self.random.percent(5) {
            participants.push(self.organization(state));
        }
        let mut agenda: Vec<Item> = (0..self.random.below(8)).map(|_| self.item(state)).collect();
        if self.random.percent(95) {
            agenda.retain(|item| waits(state, *item));
            agenda.sort_unstable();
            agenda.dedup();
        }
        MeetingDraft {
            title: "联席会".into(),
            at: state.time().unwrap_or(Moment::from_millis(0)),
            venue: self.random.percent(50).then(|| "街道会议室".to_owned()),
            participants,
            agenda,
        }
    }

    /// The same meeting with one thing more or less.
    fn amended(&mut self, state: &State, meeting: MeetingId) -> MeetingDraft {
        let Some(mut draft) = state.meeting(meeting).map(|it| it.draft.clone()) else {
            return self.meeting_draft(state);
        };
        match self.random.below(4) {
            0 => drop(draft.agenda.pop()),
            1 => drop(draft.participants.pop()),
            _ => draft.agenda.push(self.item(state)),
        }
        draft
    }

    /// Something a meeting may talk about, mostly.
    fn item(&mut self, state: &State) -> Item {
        let projects = state.projects().filter(|it| it.is_before_signing()).map(|it| Item::Project(it.id));
        let projects: Vec<Item> = projects.collect();
        match self.random.any(&projects) {
            Some(project) if self.random.percent(25) => project,
            _ if self.random.percent(3) => Item::Project(self.project(state)),
            _ => {
                let open = |status: &PairingStatus| {
                    matches!(status, PairingStatus::Proposed | PairingStatus::Claimed { .. })
                };
                Item::Pairing(self.pairing(state, open).0)
            }
        }
    }

    /// A meeting, mostly one that is not over.
    fn called_meeting(&mut self, state: &State) -> MeetingId {
        let called = state.meetings().filter(|it| it.status == MeetingStatus::Called).map(|it| it.id);
        let called: Vec<MeetingId> = called.collect();
        match self.random.any(&called) {
            Some(meeting) if self.random.percent(90) => meeting,
            _ if self.random.percent(10) => MeetingId::new(NOWHERE),
            _ => MeetingId::new(self.number(state.meetings().count())),
        }
    }
}

/// Whether a meeting can still decide of it.
fn waits(state: &State, item: Item) -> bool {
    match item {
        Item::Project(project) => state.project(project).is_some_and(|it| it.is_before_signing()),
        Item::Pairing(pairing) => state
            .pairing(pairing)
            .is_some_and(|it| matches!(it.status, PairingStatus::Proposed | PairingStatus::Claimed { .. })),
    }
}
