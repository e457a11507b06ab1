//! The last stage: needs, resources and projects.

use super::{Clerk, Job, Posted, posters::Poster};
use crate::lists::{
    ListedRow,
    problem::Fault,
    row::{EntryRow, ProjectRow, ResourceRow, Row, SlotRow, is_settled},
    wording::{self, CategoryRead},
};
use engine::{
    category::Categorized,
    command::Command,
    entry::{EntryDraft, Form, List},
    event::Event,
    identity::{NeedId, OrganizationId, PlaceId},
    need::NeedDraft,
    project::{ProjectDraft, SlotDraft},
    quantity::Quantity,
    resource::ResourceDraft,
    state::State,
};

/// Words that say a resource is for the whole street.
const WHOLE_STREET: [&str; 6] = ["全街道", "本街道", "全辖区", "全域", "全部社区", "各社区"];

/// What is wrong with a field; the row is refused.
type Wrong = (String, Fault);

impl<'a> Clerk<'a> {
    /// Needs and resources, then the projects that may name the needs.
    pub(super) fn take_entries(&mut self) {
        self.take_listed(|row| matches!(row, Row::Need(_) | Row::Resource(_)));
        self.take_listed(|row| matches!(row, Row::Project(_)));
    }

    fn take_listed(&mut self, now: impl Fn(&Row) -> bool) {
        let state = self.desk.state();
        let mut jobs = Vec::new();
        for row in self.rows.iter().filter(|row| now(&row.row)) {
            let command = match &row.row {
                Row::Place(_) | Row::Organization(_) | Row::Roster(_) => continue,
                Row::Need(need) => self.entry_draft(&state, row, &need.entry).map(|entry| {
                    Command::PostNeed(NeedDraft {
                        entry,
                        channel: need.channel,
                        urgency: need.urgency,
                        ceiling: need.ceiling,
                    })
                }),
                Row::Resource(resource) => {
                    self.resource_draft(&state, row, resource).map(Command::PostResource)
                }
                Row::Project(project) => self.project_draft(&state, row, project).map(Command::PostProject),
            };
            match command {
                Ok(command) => jobs.push(Job { row, command }),
                Err((field, fault)) => self.refuse(row, Some(field), fault),
            }
        }
        for (row, events) in self.execute(jobs) {
            let posted = events.iter().find_map(|event| match event {
                Event::NeedPosted { need, .. } => Some((List::Needs, need.number())),
                Event::ResourcePosted { resource, .. } => Some((List::Resources, resource.number())),
                Event::ProjectPosted { project, .. } => Some((List::Projects, project.number())),
                _ => None,
            });
            if let Some((list, number)) = posted {
                let id = row.row.id().map(str::to_owned);
                self.intake.posted.push(Posted { list, number, at: row.at.clone(), id });
            }
        }
    }

    fn entry_draft(&mut self, state: &State, row: &ListedRow, entry: &EntryRow) -> Result<EntryDraft, Wrong> {
        let seat = self.place_of(state, &entry.at);
        let place = match &entry.place {
            None => seat,
            Some(name) => match self.find_place(state, name, seat) {
                Some(place) => Some(place),
                None => return Err(("place".into(), self.no_place(state, name))),
            },
        };
        let organization = self.poster_there(state, entry, seat.or(place))?;
        let (leaf, top) = (entry.leaf.as_deref(), entry.top.as_deref());
        let category = self.category(state, row, "leaf", &entry.title, leaf, top)?;
        let quantity =
            self.quantity(row, "quantity", entry.quantity.as_ref(), entry.unit.as_deref(), entry.form);
        let settled = entry.status.clone().filter(|status| !self.options.ignore_status && is_settled(status));
        Ok(EntryDraft {
            title: entry.title.clone(),
            detail: entry.detail.clone(),
            organization,
            place,
            category,
            form: entry.form.or_else(|| wording::form_of(quantity.as_ref())),
            quantity,
            window: wording::window(&entry.when),
            beneficiaries: wording::beneficiaries(entry.beneficiaries.as_ref()),
            reference: entry.id.clone(),
            source: entry.source.clone(),
            settled,
        })
    }

    fn resource_draft(
        &mut self,
        state: &State,
        row: &ListedRow,
        resource: &ResourceRow,
    ) -> Result<ResourceDraft, Wrong> {
        let entry = self.entry_draft(state, row, &resource.entry)?;
        let within = state.place_of(&entry).and_then(|place| {
            let street = state.around(place).find(|around| around.level <= engine::place::PlaceLevel::Street);
            street.map(|street| street.id)
        });
        let mut serves = Vec::new();
        for name in &resource.serves {
            if WHOLE_STREET.contains(&name.as_str()) {
                serves.extend(within);
                continue;
            }
            match self.find_place(state, name, within) {
                Some(place) if serves.contains(&place) => {}
                Some(place) => serves.push(place),
                None => return Err(("serves".into(), self.no_place(state, name))),
            }
        }
        let conditions = resource.conditions.clone();
        Ok(ResourceDraft { entry, lots: resource.lots, serves, conditions })
    }

    fn project_draft(
        &mut self,
        state: &State,
        row: &ListedRow,
        project: &ProjectRow,
    ) -> Result<ProjectDraft, Wrong> {
        let entry = self.entry_draft(state, row, &project.entry)?;
        let mut slots = Vec::new();
        for (number, slot) in (1..).zip(&project.slots) {
            slots.push(self.slot_draft(state, row, number, slot)?);
        }
        let mut needs = Vec::new();
        for id in &project.needs {
            match state.referenced(List::Needs, id) {
                Some(number) => needs.push(NeedId::new(number)),
                None => return Err(("needs".into(), Fault::UnknownNeed { name: id.clone() })),
            }
        }
        Ok(ProjectDraft { entry, slots, required: project.required, needs })
    }

    fn slot_draft(
        &mut self,
        state: &State,
        row: &ListedRow,
        number: usize,
        slot: &SlotRow,
    ) -> Result<SlotDraft, Wrong> {
        let field = |name: &str| format!("slots.{number}.{name}");
        let category = self.category(state, row, &field("leaf"), &slot.title, slot.leaf.as_deref(), None)?;
        let (said, unit) = (slot.quantity.as_ref(), slot.unit.as_deref());
        let quantity = self.quantity(row, &field("quantity"), said, unit, slot.form);
        Ok(SlotDraft {
            title: slot.title.clone(),
            category,
            form: slot.form.or_else(|| wording::form_of(quantity.as_ref())),
            quantity,
            window: wording::window(&slot.when),
        })
    }

    fn poster_there(
        &self,
        state: &State,
        entry: &EntryRow,
        place: Option<PlaceId>,
    ) -> Result<OrganizationId, Wrong> {
        let name = match self.poster(state, entry, place) {
            Poster::Known(organization) => return Ok(organization),
            Poster::Named { name, .. } => name,
            Poster::OfficeOf(place) => state.place(place).map(|place| place.name.clone()).unwrap_or_default(),
        };
        // Its registration was refused; that stands among the problems already.
        Err(("org".into(), Fault::UnknownOrganization { name }))
    }

    fn category(
        &mut self,
        state: &State,
        row: &ListedRow,
        field: &str,
        title: &str,
        leaf: Option<&str>,
        top: Option<&str>,
    ) -> Result<Option<Categorized>, Wrong> {
        match (wording::category(state, leaf, top, title), leaf) {
            (CategoryRead::Stated(stated), _) => Ok(Some(stated)),
            (CategoryRead::Worded(Some(worded), _), _) => Ok(Some(worded)),
            (CategoryRead::Worded(None, candidates), _) => {
                self.notice(row, field, Fault::CategoryUnsure { candidates });
                Ok(None)
            }
            (CategoryRead::NoSuchCode, leaf) => {
                let name = leaf.unwrap_or_default().to_owned();
                Err((field.to_owned(), Fault::UnknownCategory { name }))
            }
            (CategoryRead::NoSuchLabel(worded), leaf) => {
                let name = leaf.unwrap_or_default().to_owned();
                let read = worded.as_ref().map(|worded| worded.code.to_string());
                self.notice(row, field, Fault::CategoryNotKnown { name, read });
                Ok(worded)
            }
        }
    }

    fn quantity(
        &mut self,
        row: &ListedRow,
        field: &str,
        said: Option<&crate::lists::row::NumberOrText>,
        unit: Option<&str>,
        form: Option<Form>,
    ) -> Option<Quantity> {
        let read = wording::quantity(said, unit, form);
        if let Some(text) = read.unread {
            self.notice(row, field, Fault::QuantityUnread { text });
        }
        read.quantity
    }
}
