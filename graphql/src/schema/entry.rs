//! What the entries of all three lists have in common, and the small values they are made of.

use super::{
    category::Category,
    connection::{PageRequest, page_size},
    contact::{Contact, ContactConnection},
    organization::Organization,
    place::Place,
    scalar::{Date, DateTime, LocalTime, int},
    scope::Snapshot,
    words::{BeneficiaryGroup, Form, Measure, Weekday},
};
use async_graphql::{Context, Object, OutputType, Result, SimpleObject, TypeName};
use engine::{
    contact::Subject, entry as domain, moment::Moment, need::Need, pairing, project::Project, quantity,
    resource::Resource, window,
};
use std::{borrow::Cow, marker::PhantomData, sync::Arc};

/// An amount of something 数量, with the words it was read from.
#[derive(Clone, SimpleObject)]
pub struct Quantity {
    /// In base units of the measure, at least 1.
    pub amount: i32,
    /// What is counted 计量.
    pub measure: Measure,
    /// The unit in Chinese, such as 场 or 平方米.
    pub unit: String,
    /// Whether the words said about (余, 近, 约).
    pub approximate: bool,
    /// The words, when they say more than the number.
    pub wording: Option<String>,
}

impl From<&quantity::Quantity> for Quantity {
    fn from(it: &quantity::Quantity) -> Self {
        Self {
            amount: int(it.amount),
            measure: Measure::of(&it.measure),
            unit: it.measure.unit().to_owned(),
            approximate: it.approximate,
            wording: it.wording.clone(),
        }
    }
}

/// Hours of the day 时段. An end at or before the beginning runs over midnight.
#[derive(Clone, SimpleObject)]
pub struct Hours {
    /// From when.
    pub from: LocalTime,
    /// Until when.
    pub to: LocalTime,
}

/// A time frame 时间. What is not said is open.
#[derive(Clone, SimpleObject)]
pub struct Window {
    /// First day; null = open.
    pub from: Option<Date>,
    /// Last day; null = open.
    pub to: Option<Date>,
    /// Hours of the day; null = all.
    pub hours: Option<Hours>,
    /// Days of the week; null = all.
    pub weekdays: Option<Vec<Weekday>>,
    /// The words of the list, when they say more than was read.
    pub wording: Option<String>,
}

impl Window {
    /// The node of a window.
    pub fn of(it: &window::Window) -> Self {
        Self {
            from: it.from.map(Date::from),
            to: it.to.map(Date::from),
            hours: it.hours.map(|hours| Hours {
                from: LocalTime::from_minutes(hours.from),
                to: LocalTime::from_minutes(hours.to),
            }),
            weekdays: it.weekdays.map(Weekday::of),
            wording: it.wording.clone(),
        }
    }
}

/// Whom something is for 服务对象.
#[derive(Clone, SimpleObject)]
pub struct Beneficiaries {
    /// The group; null when it was not said.
    pub group: Option<BeneficiaryGroup>,
    /// Persons or households, as counted by the list.
    pub count: Option<i32>,
    /// The words of the list.
    pub wording: Option<String>,
}

/// How much is in which state 进度. On the asking side in base units of what is asked; on the giving
/// side in base units of the resource, in its lots, or in engagements.
#[derive(Clone, SimpleObject)]
pub struct Tally {
    /// 待认领: proposed or requested, claimed by nobody yet.
    pub proposed: i32,
    /// 单方认领: claimed by one side.
    pub claimed: i32,
    /// 双向认领: agreed by both, and all that came of it since.
    pub agreed: i32,
    /// 已交付: of what is agreed, handed over, as the giver says.
    pub delivered: i32,
    /// 已确认: of what is delivered, confirmed by the receiver.
    pub accepted: i32,
}

impl From<pairing::Tally> for Tally {
    fn from(it: pairing::Tally) -> Self {
        Self {
            proposed: int(it.proposed),
            claimed: int(it.claimed),
            agreed: int(it.agreed),
            delivered: int(it.delivered),
            accepted: int(it.accepted),
        }
    }
}

/// An entry of one of the three lists.
#[derive(Clone)]
pub enum Posted {
    /// Of the list of needs.
    Need(Arc<Need>),
    /// Of the list of resources.
    Resource(Arc<Resource>),
    /// Of the list of projects.
    Project(Arc<Project>),
}

impl Posted {
    fn draft(&self) -> &domain::EntryDraft {
        match self {
            Self::Need(it) => &it.draft.entry,
            Self::Resource(it) => &it.draft.entry,
            Self::Project(it) => &it.draft.entry,
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Self::Need(it) => Subject::Need(it.id),
            Self::Resource(it) => Subject::Resource(it.id),
            Self::Project(it) => Subject::Project(it.id),
        }
    }

    fn posted(&self) -> Moment {
        match self {
            Self::Need(it) => it.posted,
            Self::Resource(it) => it.posted,
            Self::Project(it) => it.posted,
        }
    }

    fn revision(&self) -> u64 {
        match self {
            Self::Need(it) => it.revision,
            Self::Resource(it) => it.revision,
            Self::Project(it) => it.revision,
        }
    }

    fn withdrawn(&self) -> Option<&str> {
        match self {
            Self::Need(it) => it.withdrawn(),
            Self::Resource(it) => it.withdrawn(),
            Self::Project(it) => it.withdrawn(),
        }
    }
}

/// The part that all three lists share; its fields appear in each of them.
pub struct EntryPart<O> {
    at: Snapshot,
    it: Posted,
    of: PhantomData<fn() -> O>,
}

impl<O> EntryPart<O> {
    /// The shared part of an entry of this state.
    pub fn new(at: &Snapshot, it: Posted) -> Self {
        Self { at: Arc::clone(at), it, of: PhantomData }
    }
}

/// One type for each thing it is a part of: the library copies the fields of a part when it comes to it, and one that is under way
/// elsewhere has none yet.
impl<O: OutputType> TypeName for EntryPart<O> {
    fn type_name() -> Cow<'static, str> {
        format!("EntryPartOf{}", O::type_name()).into()
    }
}

/// The part that all three lists share.
#[Object(name_type)]
impl<O: OutputType> EntryPart<O> {
    /// What is asked, offered or proposed, in the poster's words 标题.
    async fn title(&self) -> &str {
        &self.it.draft().title
    }

    /// More of it 详情.
    async fn detail(&self) -> Option<&str> {
        self.it.draft().detail.as_deref()
    }

    /// Who posts it 发布方.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.draft().organization)
    }

    /// Where it is needed, lies, or happens 地点: as stated, else where the poster sits.
    async fn place(&self) -> Option<Place> {
        self.at.place_of(self.it.draft()).and_then(|place| Place::find(&self.at, place))
    }

    /// Whether the entry itself states its place, instead of taking that of its poster.
    async fn place_stated(&self) -> bool {
        self.it.draft().place.is_some()
    }

    /// What it is about 类别; null when neither stated nor read with confidence.
    async fn category(&self) -> Option<Category> {
        let given = self.it.draft().category.as_ref()?;
        Category::find(&self.at, &given.code)
    }

    /// How sure the category is: 1000 when a person stated it, less when it was read from the wording.
    async fn category_confidence(&self) -> Option<i32> {
        self.it.draft().category.as_ref().map(|given| given.confidence.into())
    }

    /// What kind of thing it is 形式.
    async fn form(&self) -> Option<Form> {
        self.it.draft().form.map(Form::from)
    }

    /// How much 数量; null when the list gives no number: one whole thing.
    async fn quantity(&self) -> Option<Quantity> {
        self.it.draft().quantity.as_ref().map(Quantity::from)
    }

    /// When 时间.
    async fn window(&self) -> Window {
        Window::of(&self.it.draft().window)
    }

    /// Whom it is for 服务对象.
    async fn beneficiaries(&self) -> Beneficiaries {
        let it = &self.it.draft().beneficiaries;
        Beneficiaries {
            group: it.group.map(BeneficiaryGroup::from),
            count: it.count.map(int),
            wording: it.wording.clone(),
        }
    }

    /// The identity it had in an imported list 外部编号; unique within its list.
    async fn reference(&self) -> Option<&str> {
        self.it.draft().reference.as_deref()
    }

    /// Where it was published 出处.
    async fn source(&self) -> Option<&str> {
        self.it.draft().source.as_deref()
    }

    /// What its list said when the matter was already in other hands; such an entry is not matched.
    async fn settled(&self) -> Option<&str> {
        self.it.draft().settled.as_deref()
    }

    /// When it was posted 发布时间.
    async fn posted_at(&self) -> DateTime {
        DateTime(self.it.posted())
    }

    /// How often it was changed; the first draft is 1. An amendment names the revision it saw.
    async fn revision(&self) -> i32 {
        int(self.it.revision())
    }

    /// Whom to call about it 联系人, oldest first. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ContactConnection>> {
        let page = PageRequest::read(first, after.as_deref(), last, before.as_deref());
        Some(Contact::page_of(ctx, &self.at, self.it.subject(), page))
    }

    /// Why it was withdrawn 撤回原因; null while it stands.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.it.withdrawn()
    }
}
