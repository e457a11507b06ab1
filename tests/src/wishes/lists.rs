//! Wishes about the three lists: post, amend, withdraw, mostly with care.

use super::{REFERENCES, Wishes};
use chrono::{Days, NaiveDate};
use engine::{
    category::{Categorized, CategoryCode},
    command::Command,
    entry::{EntryDraft, Form},
    identity::NeedId,
    need::{Channel, NeedDraft, Urgency},
    project::{ProjectDraft, SlotDraft},
    quantity::{AMOUNT_MAX, Measure, Quantity},
    resource::ResourceDraft,
    state::State,
    window::{Hours, Weekdays, Window},
};

const FORMS: [Form; 6] = [Form::Goods, Form::Service, Form::Works, Form::Venue, Form::Money, Form::People];
const LEAVES: [&str; 4] = ["CARE-MEAL", "CARE-ELDER", "EDU-TUTOR", "CARE-CANTEEN"];

impl Wishes {
    pub(super) fn post_need(&mut self, state: &State) -> Command {
        let draft = NeedDraft { entry: self.entry(state), ..NeedDraft::new(self.entry(state)) };
        Command::PostNeed(self.need_draft(draft))
    }

    pub(super) fn post_resource(&mut self, state: &State) -> Command {
        let draft = ResourceDraft::new(self.entry(state));
        Command::PostResource(self.resource_draft(state, draft))
    }

    pub(super) fn post_project(&mut self, state: &State) -> Command {
        let draft = ProjectDraft::new(self.entry(state));
        Command::PostProject(self.project_draft(state, draft))
    }

    pub(super) fn amend_need(&mut self, state: &State) -> Command {
        let need = self.need(state);
        let Some(seen) = state.need(need) else {
            let draft = NeedDraft::new(self.entry(state));
            return Command::AmendNeed { need, revision: 1, draft };
        };
        let mut draft = seen.draft.clone();
        self.change(state, &mut draft.entry);
        if self.random.percent(30) {
            draft = self.need_draft(draft);
        }
        Command::AmendNeed { need, revision: self.seen(seen.revision), draft }
    }

    pub(super) fn amend_resource(&mut self, state: &State) -> Command {
        let resource = self.resource(state);
        let Some(seen) = state.resource(resource) else {
            let draft = ResourceDraft::new(self.entry(state));
            return Command::AmendResource { resource, revision: 1, draft };
        };
        let mut draft = seen.draft.clone();
        self.change(state, &mut draft.entry);
        if self.random.percent(30) {
            draft = self.resource_draft(state, draft);
        }
        Command::AmendResource { resource, revision: self.seen(seen.revision), draft }
    }

    pub(super) fn amend_project(&mut self, state: &State) -> Command {
        let project = self.project(state);
        let Some(seen) = state.project(project) else {
            let draft = ProjectDraft::new(self.entry(state));
            return Command::AmendProject { project, revision: 1, draft };
        };
        let mut draft = seen.draft.clone();
        match self.random.below(5) {
            0 => self.change(state, &mut draft.entry),
            1 if !draft.slots.is_empty() => {
                let index = self.random.below(draft.slots.len() as u64) as usize;
                draft.slots[index].quantity = self.quantity();
            }
            2 => {
                draft.slots.pop();
            }
            3 => draft.needs = self.carried(state),
            _ => draft.slots.push(self.slot()),
        }
        Command::AmendProject { project, revision: self.seen(seen.revision), draft }
    }

    pub(super) fn withdraw_entry(&mut self, state: &State) -> Command {
        let reason = self.reason();
        match self.random.below(3) {
            0 => Command::WithdrawNeed { need: self.need(state), reason },
            1 => Command::WithdrawResource { resource: self.resource(state), reason },
            _ => Command::WithdrawProject { project: self.project(state), reason },
        }
    }

    fn entry(&mut self, state: &State) -> EntryDraft {
        let title = if self.random.percent(3) { "" } else { "为老人送餐" };
        let mut entry = EntryDraft::new(title, self.organization(state));
        entry.quantity = self.quantity();
        entry.form = self.random.percent(50).then(|| self.random.one(&FORMS));
        entry.window = self.window();
        entry.category = self.category();
        entry.reference = self.random.percent(25).then(|| self.random.one(&REFERENCES).to_owned());
        entry.place = self.random.percent(30).then(|| self.place(state));
        entry.settled = self.random.percent(5).then(|| "已认领".to_owned());
        entry
    }

    /// One or two things are said otherwise.
    fn change(&mut self, state: &State, entry: &mut EntryDraft) {
        match self.random.below(12) {
            0..5 => {
                // Of the same thing, more or less of it.
                let amount = self.random.between(1, 12);
                match &mut entry.quantity {
                    Some(quantity) => quantity.amount = amount,
                    None => entry.quantity = self.quantity(),
                }
            }
            5..7 => entry.quantity = self.quantity(),
            7 => entry.organization = self.organization(state),
            8 => entry.reference = self.entry(state).reference,
            9 => entry.category = self.category(),
            10 => entry.settled = self.random.percent(50).then(|| "已办结".to_owned()),
            _ => {}
        }
    }

    fn seen(&mut self, revision: u64) -> u64 {
        if self.random.percent(90) { revision } else { revision.saturating_sub(1) }
    }

    fn quantity(&mut self) -> Option<Quantity> {
        let measure = match self.random.below(10) {
            0 | 1 => return None,
            2 => Measure::Lot,
            3 => Measure::People,
            4 => Measure::Area,
            5 => Measure::Other("条".into()),
            _ => Measure::Sessions,
        };
        let amount = match self.random.below(50) {
            0 => 0,
            1 => AMOUNT_MAX,
            2 => AMOUNT_MAX + 1,
            _ => self.random.between(1, 12),
        };
        Some(Quantity { approximate: self.random.percent(10), ..Quantity::of(amount, measure) })
    }

    fn window(&mut self) -> Window {
        if self.random.percent(80) {
            return Window::open();
        }
        let day = |day: u64| NaiveDate::from_ymd_opt(2026, 5, day as u32);
        Window {
            from: day(self.random.between(1, 20)),
            to: day(self.random.between(12, 30)).map(|day| day + Days::new(self.random.below(90))),
            hours: self.random.percent(50).then(|| Hours { from: self.random.below(1450) as u16, to: 720 }),
            weekdays: self.random.percent(50).then(|| Weekdays(self.random.below(130) as u8)),
            wording: None,
        }
    }

    fn category(&mut self) -> Option<Categorized> {
        let code = match self.random.below(20) {
            0..12 => return None,
            12 => "CARE",
            13 => "NOWHERE",
            _ => self.random.one(&LEAVES),
        };
        CategoryCode::new(code).ok().map(Categorized::stated)
    }

    fn need_draft(&mut self, draft: NeedDraft) -> NeedDraft {
        NeedDraft {
            channel: self.random.any(&[Channel::Wish, Channel::Hotline, Channel::CommunityWhistle]),
            urgency: self.random.any(&[Urgency::Normal, Urgency::Urgent]),
            ceiling: self.random.percent(20).then(|| self.random.below(AMOUNT_MAX + 9)),
            ..draft
        }
    }

    fn resource_draft(&mut self, state: &State, draft: ResourceDraft) -> ResourceDraft {
        ResourceDraft {
            lots: self.random.percent(30).then(|| self.random.below(5)),
            serves: (0..self.random.below(3)).map(|_| self.place(state)).collect(),
            ..draft
        }
    }

    fn project_draft(&mut self, state: &State, draft: ProjectDraft) -> ProjectDraft {
        let slots: Vec<SlotDraft> = (0..self.random.below(4)).map(|_| self.slot()).collect();
        let required = self.random.percent(30).then(|| self.random.below(4) as u16);
        ProjectDraft { slots, required, needs: self.carried(state), ..draft }
    }

    /// What a project carries: mostly nothing, else needs that another project may carry already.
    fn carried(&mut self, state: &State) -> Vec<NeedId> {
        if self.random.percent(60) {
            return Vec::new();
        }
        (0..self.random.between(1, 2)).map(|_| self.need(state)).collect()
    }

    fn slot(&mut self) -> SlotDraft {
        SlotDraft {
            title: "志愿者".into(),
            category: self.category(),
            form: Some(Form::People),
            quantity: self.quantity(),
            window: Window::open(),
        }
    }
}
