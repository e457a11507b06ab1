//! Inputs about joint meetings.

use super::CommandInput;
use crate::{
    reading::Reading,
    schema::{meeting::DecisionCode, scalar::DateTime},
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use engine::{
    command::Command,
    identity::OrganizationId,
    meeting::{Decision, Item, MeetingDraft},
    refusal::{Missing, Refusal},
};

/// Call a joint meeting 召集联席会.
#[derive(Clone, Debug, InputObject)]
pub struct CallMeetingInput {
    /// What it is called 名称.
    pub title: String,
    /// When it is held 时间.
    pub held_at: DateTime,
    /// Where 地点.
    pub venue: Option<String>,
    /// Who takes part 参会单位: ids of organizations.
    pub participants: Vec<ID>,
    /// The agenda 议程 in order: ids of pairings and projects.
    #[graphql(default)]
    pub agenda: Vec<ID>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CallMeetingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let at = reading.moment("heldAt", self.held_at);
        Some(Command::CallMeeting(MeetingDraft {
            title: self.title.clone(),
            at: at?,
            venue: self.venue.clone(),
            participants: participants(reading, &self.participants),
            agenda: agenda(reading, &self.agenda),
        }))
    }
}

fn participants(reading: &mut Reading, ids: &[ID]) -> Vec<OrganizationId> {
    ids.iter().filter_map(|id| reading.organization("participants", id)).collect()
}

fn agenda(reading: &mut Reading, ids: &[ID]) -> Vec<Item> {
    ids.iter().filter_map(|id| reading.item("agenda", id)).collect()
}

/// Change a meeting that is not over 变更联席会. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct AmendMeetingInput {
    /// Which meeting.
    pub meeting: ID,
    /// What it is called 名称.
    pub title: Option<String>,
    /// When it is held 时间.
    pub held_at: Option<DateTime>,
    /// Where 地点; null clears it.
    pub venue: MaybeUndefined<String>,
    /// Who takes part 参会单位: ids of organizations, all of them.
    pub participants: Option<Vec<ID>>,
    /// The agenda 议程 in order: ids of pairings and projects, all of them.
    pub agenda: Option<Vec<ID>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AmendMeetingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let meeting = reading.meeting("meeting", &self.meeting)?;
        let Some(mut draft) = reading.state.meeting(meeting).map(|it| it.draft.clone()) else {
            reading.refuse(&Refusal::NotFound { field: "meeting", missing: Missing::Meeting(meeting) });
            return None;
        };
        if let Some(title) = &self.title {
            draft.title.clone_from(title);
        }
        if let Some(held_at) = self.held_at {
            draft.at = reading.moment("heldAt", held_at)?;
        }
        if !self.venue.is_undefined() {
            draft.venue = self.venue.as_opt_ref().flatten().cloned();
        }
        if let Some(ids) = &self.participants {
            draft.participants = participants(reading, ids);
        }
        if let Some(ids) = &self.agenda {
            draft.agenda = agenda(reading, ids);
        }
        Some(Command::AmendMeeting { meeting, draft })
    }
}

/// Write down what a meeting decided of an item, and do it 议定.
#[derive(Clone, Debug, InputObject)]
pub struct DecideItemInput {
    /// Which meeting.
    pub meeting: ID,
    /// Of which item of its agenda: the id of a pairing or project.
    pub item: ID,
    /// What 议定结果.
    pub decision: DecisionCode,
    /// With CHANGE_TERMS: how much of what is asked.
    pub quantity: Option<i32>,
    /// With CHANGE_TERMS: how much of the giving side it takes; as much more or less as the quantity is when not
    /// said.
    pub draws: Option<i32>,
    /// Why, and what else was said 说明; must be given to DROP.
    pub note: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for DecideItemInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let meeting = reading.meeting("meeting", &self.meeting);
        let item = reading.item("item", &self.item);
        let decision = match self.decision {
            DecisionCode::Agree => Decision::Agree,
            DecisionCode::ChangeTerms => self.terms(reading, item?)?,
            DecisionCode::Postpone => Decision::Postpone,
            DecisionCode::Drop => Decision::Drop,
        };
        Some(Command::DecideItem { meeting: meeting?, item: item?, decision, note: self.note.clone() })
    }
}

impl DecideItemInput {
    fn terms(&self, reading: &mut Reading, item: Item) -> Option<Decision> {
        let Some(quantity) = self.quantity else {
            reading.require("quantity");
            return None;
        };
        let quantity = reading.count("quantity", quantity)?;
        let draws = match (self.draws, item) {
            (Some(draws), _) => reading.count("draws", draws)?,
            (None, Item::Pairing(pairing)) => {
                reading.state.pairing(pairing).map_or(1, |it| it.terms.draws_for(quantity))
            }
            (None, Item::Project(_)) => 1,
        };
        Some(Decision::ChangeTerms { quantity, draws })
    }
}

/// End a meeting with its minutes 会议纪要. What was not decided is written down as postponed.
#[derive(Clone, Debug, InputObject)]
pub struct CloseMeetingInput {
    /// Which meeting.
    pub meeting: ID,
    /// What was said 会议纪要, up to 20000 characters.
    pub minutes: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CloseMeetingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let meeting = reading.meeting("meeting", &self.meeting)?;
        Some(Command::CloseMeeting { meeting, minutes: self.minutes.clone() })
    }
}

/// Do not hold a meeting 取消联席会.
#[derive(Clone, Debug, InputObject)]
pub struct CancelMeetingInput {
    /// Which meeting.
    pub meeting: ID,
    /// Why 原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for CancelMeetingInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let meeting = reading.meeting("meeting", &self.meeting)?;
        Some(Command::CancelMeeting { meeting, reason: self.reason.clone() })
    }
}
