//! Inputs about the three lists: post, amend, withdraw.

use super::{
    CommandInput,
    entry::{EntryInput, EntryPatch, QuantityInput, WindowInput},
    patch, patch_text, revision,
};
use crate::{
    reading::{self, Reading},
    schema::words::{Channel, Form, Urgency},
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use engine::{
    category::Categorized,
    command::Command,
    identity::{NeedId, PlaceId},
    need::NeedDraft,
    project::{ProjectDraft, SlotDraft},
    refusal::{Missing, Refusal},
    resource::ResourceDraft,
};

/// Post to the list of needs 发布需求.
#[derive(Clone, Debug, InputObject)]
pub struct PostNeedInput {
    /// The part all lists share.
    #[graphql(flatten)]
    pub entry: EntryInput,
    /// How it came in 来源.
    pub channel: Option<Channel>,
    /// How soon 紧急程度; normal when not said.
    pub urgency: Option<Urgency>,
    /// The most it may cost, in yuan 资金上限.
    pub ceiling: Option<i32>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for PostNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let entry = self.entry.read(reading);
        let ceiling = self.ceiling.and_then(|ceiling| reading.count("ceiling", ceiling));
        Some(Command::PostNeed(NeedDraft {
            entry: entry?,
            channel: self.channel.map(Into::into),
            urgency: self.urgency.map(Into::into),
            ceiling,
        }))
    }
}

/// Change a need 修改需求: absent stays, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct AmendNeedInput {
    /// Which need.
    pub need: ID,
    /// The revision that was seen; the current one when not said.
    pub revision: Option<i32>,
    /// The part all lists share.
    #[graphql(flatten)]
    pub entry: EntryPatch,
    /// How it came in 来源.
    pub channel: MaybeUndefined<Channel>,
    /// How soon 紧急程度.
    pub urgency: MaybeUndefined<Urgency>,
    /// The most it may cost, in yuan 资金上限.
    pub ceiling: MaybeUndefined<i32>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AmendNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let id = reading.need("need", &self.need)?;
        let Some((mut draft, current)) = reading.state.need(id).map(|it| (it.draft.clone(), it.revision))
        else {
            reading.refuse(&Refusal::NotFound { field: "need", missing: Missing::Need(id) });
            return None;
        };
        self.entry.apply(reading, &mut draft.entry);
        patch(reading, &mut draft.channel, &self.channel, |_, channel| Some((*channel).into()));
        patch(reading, &mut draft.urgency, &self.urgency, |_, urgency| Some((*urgency).into()));
        patch(reading, &mut draft.ceiling, &self.ceiling, |reading, it| reading.count("ceiling", *it));
        Some(Command::AmendNeed { need: id, revision: revision(reading, self.revision, current), draft })
    }
}

/// Take a need back 撤回需求.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawNeedInput {
    /// Which need.
    pub need: ID,
    /// Why 撤回原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawNeedInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let need = reading.need("need", &self.need)?;
        Some(Command::WithdrawNeed { need, reason: self.reason.clone() })
    }
}

/// Post to the list of resources 发布资源.
#[derive(Clone, Debug, InputObject)]
pub struct PostResourceInput {
    /// The part all lists share.
    #[graphql(flatten)]
    pub entry: EntryInput,
    /// How many engagements it can carry, when it is lent whole 可对接次数: each takes up to all
    /// of its quantity, so that six grants of 3,000 yuan are six lots of a quantity of 3,000.
    pub lots: Option<i32>,
    /// The places it serves, with all below them 服务范围; the street it lies in when not said.
    pub serves: Option<Vec<ID>>,
    /// On what conditions it is lent, in words 提供条件.
    pub conditions: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for PostResourceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let entry = self.entry.read(reading);
        let lots = self.lots.and_then(|lots| reading.count("lots", lots));
        let serves = read_places(reading, self.serves.as_deref().unwrap_or_default());
        Some(Command::PostResource(ResourceDraft {
            entry: entry?,
            lots,
            serves,
            conditions: self.conditions.clone(),
        }))
    }
}

/// Change a resource 修改资源: absent stays, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct AmendResourceInput {
    /// Which resource.
    pub resource: ID,
    /// The revision that was seen; the current one when not said.
    pub revision: Option<i32>,
    /// The part all lists share.
    #[graphql(flatten)]
    pub entry: EntryPatch,
    /// How many engagements it can carry, when it is lent whole 可对接次数: each takes up to all
    /// of its quantity, so that six grants of 3,000 yuan are six lots of a quantity of 3,000.
    pub lots: MaybeUndefined<i32>,
    /// The places it serves, with all below them 服务范围, as a whole; cleared = the street it lies in.
    pub serves: MaybeUndefined<Vec<ID>>,
    /// On what conditions it is lent, in words 提供条件.
    pub conditions: MaybeUndefined<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AmendResourceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let id = reading.resource("resource", &self.resource)?;
        let known = reading.state.resource(id).map(|it| (it.draft.clone(), it.revision));
        let Some((mut draft, current)) = known else {
            reading.refuse(&Refusal::NotFound { field: "resource", missing: Missing::Resource(id) });
            return None;
        };
        self.entry.apply(reading, &mut draft.entry);
        patch(reading, &mut draft.lots, &self.lots, |reading, lots| reading.count("lots", *lots));
        match &self.serves {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => draft.serves.clear(),
            MaybeUndefined::Value(ids) => draft.serves = read_places(reading, ids),
        }
        patch_text(&mut draft.conditions, &self.conditions);
        let revision = revision(reading, self.revision, current);
        Some(Command::AmendResource { resource: id, revision, draft })
    }
}

/// Take a resource back 撤回资源.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawResourceInput {
    /// Which resource.
    pub resource: ID,
    /// Why 撤回原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawResourceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let resource = reading.resource("resource", &self.resource)?;
        Some(Command::WithdrawResource { resource, reason: self.reason.clone() })
    }
}

/// One requirement of a project 需求项.
#[derive(Clone, Debug, InputObject)]
pub struct SlotInput {
    /// What is required 标题.
    pub title: String,
    /// What it is about 类别, by global id or code; read from the title when not said.
    pub category: Option<ID>,
    /// What kind of thing it is 形式.
    pub form: Option<Form>,
    /// How much 数量; one whole thing when not said.
    pub quantity: Option<QuantityInput>,
    /// When 时间; open parts are those of the project.
    pub window: Option<WindowInput>,
}

impl SlotInput {
    fn read(&self, reading: &mut Reading) -> SlotDraft {
        let category = match &self.category {
            Some(code) => reading.category("category", code).map(Categorized::stated),
            None => reading::categorize(&reading.state, &self.title),
        };
        SlotDraft {
            title: self.title.clone(),
            category,
            form: self.form.map(Into::into),
            quantity: self.quantity.as_ref().and_then(|quantity| quantity.read(reading)),
            window: self.window.as_ref().map(|window| window.read(reading)).unwrap_or_default(),
        }
    }
}

/// Post to the list of projects 发布项目.
#[derive(Clone, Debug, InputObject)]
pub struct PostProjectInput {
    /// The part all lists share.
    #[graphql(flatten)]
    pub entry: EntryInput,
    /// What it requires 需求项.
    pub slots: Option<Vec<SlotInput>>,
    /// How many of the slots it needs to go ahead; all when not said.
    pub required: Option<i32>,
    /// The needs it carries 承接的需求, at most 50, each carried by no other open project. With slots, the slots
    /// are matched in their place; without slots they are matched as usual.
    pub needs: Option<Vec<ID>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for PostProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let entry = self.entry.read(reading);
        let slots =
            self.slots.iter().flatten().map(|slot| reading.within("slots", |it| slot.read(it))).collect();
        let required = self.required.and_then(|required| reading.count("required", required));
        let needs = read_needs(reading, self.needs.as_deref().unwrap_or_default());
        Some(Command::PostProject(ProjectDraft { entry: entry?, slots, required, needs }))
    }
}

/// Change a project 修改项目: absent stays, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct AmendProjectInput {
    /// Which project.
    pub project: ID,
    /// The revision that was seen; the current one when not said.
    pub revision: Option<i32>,
    /// The part all lists share.
    #[graphql(flatten)]
    pub entry: EntryPatch,
    /// What it requires 需求项, as a whole; a slot is known by its place in the list.
    pub slots: MaybeUndefined<Vec<SlotInput>>,
    /// How many of the slots it needs to go ahead; cleared = all.
    pub required: MaybeUndefined<i32>,
    /// The needs it carries 承接的需求, as a whole; cleared = none.
    pub needs: MaybeUndefined<Vec<ID>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AmendProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let id = reading.project("project", &self.project)?;
        let known = reading.state.project(id).map(|it| (it.draft.clone(), it.revision));
        let Some((mut draft, current)) = known else {
            reading.refuse(&Refusal::NotFound { field: "project", missing: Missing::Project(id) });
            return None;
        };
        self.entry.apply(reading, &mut draft.entry);
        match &self.slots {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => draft.slots.clear(),
            MaybeUndefined::Value(slots) => {
                draft.slots = slots.iter().map(|slot| reading.within("slots", |it| slot.read(it))).collect();
            }
        }
        patch(reading, &mut draft.required, &self.required, |reading, it| reading.count("required", *it));
        match &self.needs {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => draft.needs.clear(),
            MaybeUndefined::Value(ids) => draft.needs = read_needs(reading, ids),
        }
        let revision = revision(reading, self.revision, current);
        Some(Command::AmendProject { project: id, revision, draft })
    }
}

/// Take a project back 撤回项目.
#[derive(Clone, Debug, InputObject)]
pub struct WithdrawProjectInput {
    /// Which project.
    pub project: ID,
    /// Why 撤回原因.
    pub reason: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for WithdrawProjectInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let project = reading.project("project", &self.project)?;
        Some(Command::WithdrawProject { project, reason: self.reason.clone() })
    }
}

fn read_needs(reading: &mut Reading, ids: &[ID]) -> Vec<NeedId> {
    ids.iter().filter_map(|id| reading.need("needs", id)).collect()
}

fn read_places(reading: &mut Reading, ids: &[ID]) -> Vec<PlaceId> {
    ids.iter().filter_map(|id| reading.place("serves", id)).collect()
}
