//! Rows of the three lists.

use super::{NumberOrText, Whereabouts, street::whereabouts, street::word};
use crate::lists::{
    Record,
    cells::{self, Cells, Reader},
    problem::{Fault, RowProblem},
};
use chrono::NaiveDate;
use engine::{
    entry::Form,
    need::{Channel, Urgency},
    window::Hours,
};

/// The part that the rows of all three lists share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its id in the file.
    pub id: Option<String>,
    /// What is asked, offered or proposed.
    pub title: String,
    /// More of it.
    pub detail: Option<String>,
    /// The category, as a code or a label.
    pub leaf: Option<String>,
    /// The category above it.
    pub top: Option<String>,
    /// Who posts it.
    pub org: Option<String>,
    /// What that is, in the words of the list.
    pub said: Option<String>,
    /// Where.
    pub at: Whereabouts,
    /// The id or name of a place below the community.
    pub place: Option<String>,
    /// What kind of thing it is.
    pub form: Option<Form>,
    /// How much.
    pub quantity: Option<NumberOrText>,
    /// The unit of measure.
    pub unit: Option<String>,
    /// When.
    pub when: When,
    /// For whom, or for how many.
    pub beneficiaries: Option<NumberOrText>,
    /// Where it stands, in the words of the list.
    pub status: Option<String>,
    /// Where it was published.
    pub source: Option<String>,
}

/// When, in words and in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// In words.
    pub time: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Hours of the day.
    pub hours: Option<Hours>,
}

/// A need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// The shared part.
    pub entry: EntryRow,
    /// How it came in.
    pub channel: Option<Channel>,
    /// How soon.
    pub urgency: Option<Urgency>,
    /// The most it may cost, in yuan.
    pub ceiling: Option<u64>,
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRow {
    /// The shared part.
    pub entry: EntryRow,
    /// How many engagements it carries.
    pub lots: Option<u64>,
    /// The only communities or places it is for.
    pub serves: Vec<String>,
    /// On what conditions.
    pub conditions: Option<String>,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectRow {
    /// The shared part.
    pub entry: EntryRow,
    /// What it requires.
    pub slots: Vec<SlotRow>,
    /// How many of the slots it needs.
    pub required: Option<u16>,
    /// The ids of the need rows it carries.
    pub needs: Vec<String>,
}

/// One requirement of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotRow {
    /// What is required.
    pub title: String,
    /// The category, as a code or a label.
    pub leaf: Option<String>,
    /// What kind of thing it is.
    pub form: Option<Form>,
    /// How much.
    pub quantity: Option<NumberOrText>,
    /// The unit of measure.
    pub unit: Option<String>,
    /// When.
    pub when: When,
}

const FORMS: [(Form, &[&str]); 6] = [
    (Form::Goods, &["goods", "物", "物资", "物品"]),
    (Form::Service, &["service", "服务"]),
    (Form::Works, &["works", "工程"]),
    (Form::Venue, &["venue", "场地", "场所"]),
    (Form::Money, &["money", "资金"]),
    (Form::People, &["people", "人力", "人员", "人才"]),
];

const CHANNELS: [(Channel, &[&str]); 9] = [
    (Channel::OrganizationWhistle, &["organization_whistle", "组织吹哨"]),
    (Channel::CommunityWhistle, &["community_whistle", "社区吹哨"]),
    (Channel::OwnerWhistle, &["owner_whistle", "业主吹哨"]),
    (Channel::NeighbourWhistle, &["neighbour_whistle", "邻里吹哨"]),
    (Channel::ResidentWhistle, &["resident_whistle", "百姓吹哨", "居民吹哨"]),
    (Channel::VisitingDay, &["visiting_day", "走访"]),
    (Channel::Wish, &["wish", "微心愿"]),
    (Channel::Hotline, &["hotline", "热线", "12345"]),
    (Channel::Import, &["import", "导入"]),
];

const URGENCIES: [(Urgency, &[&str]); 3] = [
    (Urgency::Emergency, &["emergency", "应急", "特急"]),
    (Urgency::Urgent, &["urgent", "紧急", "急"]),
    (Urgency::Normal, &["normal", "一般", "普通"]),
];

pub(super) fn need(cells: &mut Reader<'_>) -> Option<NeedRow> {
    let entry = entry(cells);
    let channel = word(cells, "channel", &CHANNELS);
    let urgency = word(cells, "urgency", &URGENCIES);
    let ceiling = cells.number("ceiling");
    Some(NeedRow { entry: entry?, channel, urgency, ceiling })
}

pub(super) fn resource(cells: &mut Reader<'_>) -> Option<ResourceRow> {
    let entry = entry(cells);
    let lots = cells.number("lots");
    let serves = cells.texts("serves");
    let conditions = cells.text("conditions");
    Some(ResourceRow { entry: entry?, lots, serves, conditions })
}

pub(super) fn project(cells: &mut Reader<'_>, record: &Record) -> Option<ProjectRow> {
    let entry = entry(cells);
    let required = match cells.number("required").map(u16::try_from) {
        Some(Err(_)) => {
            cells.note("required", Fault::NotANumber { value: "> 65535".into() });
            None
        }
        Some(Ok(required)) => Some(required),
        None => None,
    };
    let needs = cells.ids("needs");
    let mut slots = Vec::new();
    for (number, object) in (1..).zip(cells.objects("slots")) {
        let mut inner = Cells::default();
        for (field, value) in object {
            match cells::known(&field) {
                Some(known) => inner.put(known, value),
                None => {
                    let known = "title, leaf, form, quantity, unit, time, from, to, hours".to_owned();
                    cells.note(&format!("slots.{number}.{field}"), Fault::UnknownField { known });
                }
            }
        }
        let mut reader = Reader::new(&record.at, &inner, format!("slots.{number}."));
        let slot = slot(&mut reader);
        let problems: Vec<RowProblem> = reader.problems;
        cells.problems.extend(problems);
        slots.extend(slot);
    }
    Some(ProjectRow { entry: entry?, slots, required, needs })
}

fn slot(cells: &mut Reader<'_>) -> Option<SlotRow> {
    let title = cells.needed("title");
    let leaf = cells.text("leaf");
    let form = word(cells, "form", &FORMS);
    let quantity = cells.number_or_text("quantity");
    let unit = cells.text("unit");
    let when = when(cells);
    Some(SlotRow { title: title?, leaf, form, quantity, unit, when })
}

fn entry(cells: &mut Reader<'_>) -> Option<EntryRow> {
    let id = cells.id();
    let title = cells.needed("title");
    let detail = cells.text("detail");
    let leaf = cells.text("leaf");
    let top = cells.text("top");
    let org = cells.name("org");
    let said = cells.name("org_type").or_else(|| cells.name("unit_type"));
    let at = whereabouts(cells);
    let place = cells.name("place");
    let form = word(cells, "form", &FORMS);
    let quantity = cells.number_or_text("quantity");
    let unit = cells.text("unit");
    let when = when(cells);
    let beneficiaries = cells.number_or_text("beneficiaries");
    let status = cells.text("status");
    let source = cells.source();
    Some(EntryRow {
        id,
        title: title?,
        detail,
        leaf,
        top,
        org,
        said,
        at,
        place,
        form,
        quantity,
        unit,
        when,
        beneficiaries,
        status,
        source,
    })
}

fn when(cells: &mut Reader<'_>) -> When {
    When { time: cells.text("time"), from: cells.date("from"), to: cells.date("to"), hours: cells.hours() }
}

/// English words of a status that say the matter is in other hands.
const SETTLED: [&str; 14] = [
    "fulfilled",
    "done",
    "claimed",
    "signed",
    "running",
    "negotiating",
    "completed",
    "closed",
    "met",
    "finished",
    "accepted",
    "delivered",
    "settled",
    "in progress",
];

/// Chinese words of it, and those that turn them round: 未完成, 待认领, 拟签约.
const SETTLED_ZH: [&str; 12] =
    ["完成", "认领", "办结", "销号", "落实", "签约", "对接", "解决", "实施中", "进行中", "洽谈", "满足"];
const TURNED_ZH: [&str; 5] = ["未", "待", "拟", "不", "无"];

/// Whether a status says that the matter is in other hands already.
pub fn is_settled(status: &str) -> bool {
    let lower = status.trim().to_lowercase();
    SETTLED.contains(&lower.as_str())
        || (SETTLED_ZH.iter().any(|word| lower.contains(word))
            && !TURNED_ZH.iter().any(|word| lower.contains(word)))
}
