//! Projects 项目, the third of the three lists, and their slots 需求项.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    bid::Bidding,
    category::Category,
    connection::{PageArguments, PageRequest, connection, page_size, place},
    entry::{EntryPart, Posted, Quantity, Tally, Window},
    filter::{PairingFilter, ProjectFilter},
    identity::NodeId,
    listing::{self, condition::Condition, listed, orders::ProjectOrder},
    meeting::Discussion,
    need::{Need, NeedConnection},
    next_actions::NextPart,
    pairing::{Pairing, PairingConnection, PairingOrder},
    related::{OfProject, OfSlot},
    scalar::int,
    scope::Snapshot,
    words::{Form, ProjectStatus},
    works::ProjectLife,
};
use async_graphql::{Context, ID, Object, Result};
use engine::{history::Entity, identity::ProjectId, meeting::Item, pairing::Target, project as domain};
use std::sync::Arc;

/// A project, as it was at one position.
#[derive(Clone)]
pub struct Project {
    at: Snapshot,
    it: Arc<domain::Project>,
}

impl Project {
    /// The node of a project of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Project>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The project of this identity.
    pub fn find(at: &Snapshot, id: ProjectId) -> Option<Self> {
        at.project(id).filter(|_| at.sees(Entity::Project(id))).map(|it| Self::new(at, it))
    }
}

/// An entry of the list of projects 项目清单.
#[Object]
impl Project {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Project(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Project(self.it.id))
    }

    #[graphql(flatten)]
    async fn entry(&self) -> EntryPart<Project> {
        EntryPart::new(&self.at, Posted::Project(Arc::clone(&self.it)))
    }

    /// What it requires 需求项, in the order in which it was said.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<SlotConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let count = u16::try_from(self.it.draft.slots.len()).unwrap_or(u16::MAX);
            let found = || (0..count).filter_map(|index| Slot::find(&self.at, self.it.id, index));
            Ok(SlotConnection::new(ctx, page, found, |it| it.index.into(), |it| it))
        };
        Some(read())
    }

    /// The needs it carries 承接的需求, as far as the caller sees them. While it is open and has slots, its slots are matched
    /// in their place.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn needs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<NeedConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let needs = self.it.draft.needs.iter().enumerate();
            let found = || needs.clone().filter_map(|(index, id)| Some((index, Need::find(&self.at, *id)?)));
            Ok(NeedConnection::new(ctx, page, found, place, |(_, it)| it))
        };
        Some(read())
    }

    /// How many of the slots it needs to go ahead; null = all.
    async fn required(&self) -> Option<i32> {
        self.it.draft.required.map(i32::from)
    }

    /// How many slots are agreed in full.
    async fn slots_agreed(&self) -> i32 {
        int(self.it.slots_agreed())
    }

    /// Where it stands 状态.
    async fn status(&self) -> ProjectStatus {
        self.it.status().into()
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfProject {
        OfProject::new(&self.at, self.it.id)
    }

    #[graphql(flatten)]
    async fn life(&self) -> ProjectLife {
        ProjectLife::new(&self.at, &self.it)
    }

    #[graphql(flatten)]
    async fn discussion(&self) -> Discussion<Project> {
        Discussion::new(&self.at, Item::Project(self.it.id))
    }
}

connection!(Project, ProjectConnection, ProjectEdge, "the list of projects 项目清单");
listed!(Project, Projects of ProjectId, ProjectFilter, ProjectOrder, ProjectConnection);

/// A slot of a project, as it was at one position.
#[derive(Clone)]
pub struct Slot {
    at: Snapshot,
    project: Arc<domain::Project>,
    index: u16,
    it: domain::SlotDraft,
}

impl Slot {
    /// The slot of this project with this index.
    pub fn find(at: &Snapshot, project: ProjectId, index: u16) -> Option<Self> {
        let project = at.project(project)?;
        let it = project.draft.slots.get(usize::from(index))?.clone();
        Some(Self { at: Arc::clone(at), project: Arc::clone(project), index, it })
    }

    fn reserved(&self) -> engine::pairing::Tally {
        self.project.tallies.get(usize::from(self.index)).copied().unwrap_or_default()
    }
}

connection!(Slot, SlotConnection, SlotEdge, "the slots 需求项 of a project");

/// One requirement of a project 需求项.
#[Object]
impl Slot {
    /// Its global id; it goes by the slot's place in the project.
    pub async fn id(&self) -> ID {
        NodeId::Slot(self.project.id, self.index).id()
    }

    /// Its place in the project, from 0.
    async fn index(&self) -> i32 {
        self.index.into()
    }

    /// The project it belongs to.
    async fn project(&self) -> Project {
        Project::new(&self.at, &self.project)
    }

    /// What is required 标题.
    async fn title(&self) -> &str {
        &self.it.title
    }

    /// What it is about 类别.
    async fn category(&self) -> Option<Category> {
        let given = self.it.category.as_ref()?;
        Category::find(&self.at, &given.code)
    }

    /// How sure the category is: 1000 when a person stated it, less when it was read from the wording.
    async fn category_confidence(&self) -> Option<i32> {
        self.it.category.as_ref().map(|given| given.confidence.into())
    }

    /// What kind of thing it is 形式.
    async fn form(&self) -> Option<Form> {
        self.it.form.map(Form::from)
    }

    /// How much 数量; null = one whole thing.
    async fn quantity(&self) -> Option<Quantity> {
        self.it.quantity.as_ref().map(Quantity::from)
    }

    /// When 时间; open parts are those of the project.
    async fn window(&self) -> Window {
        Window::of(&self.it.window)
    }

    /// How much it asks, in base units of its measure; 1 when it counts nothing.
    async fn asked(&self) -> i32 {
        int(self.it.asked())
    }

    /// What is neither claimed nor agreed yet 尚缺.
    async fn unserved(&self) -> i32 {
        int(self.it.asked().saturating_sub(self.reserved().reserved()))
    }

    /// How much of what is asked is proposed, claimed, agreed.
    async fn tally(&self) -> Tally {
        self.reserved().into()
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfSlot {
        OfSlot::new(&self.at, Target::Slot(self.project.id, self.index))
    }

    #[graphql(flatten)]
    async fn bidding(&self) -> Bidding<Slot> {
        Bidding::new(&self.at, Target::Slot(self.project.id, self.index))
    }

    /// What serves it, oldest first, as far as the caller sees it. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PairingFilter>,
        #[graphql(desc = "In which order; oldest first when not said.")] order_by: Option<PairingOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Target(Target::Slot(self.project.id, self.index))];
        Some(listing::for_members::<Pairing>(ctx, &self.at, (filter, order_by), page, within))
    }
}
