//! What might be different: the changes of a what-if, each one thing at a time.
//!
//! The conveniences are those in which remedies speak, so a remedy comes back as the very input that supposes
//! it ([`ChangeInput::of`]). The commands take the inputs of their mutations.

mod remedy;

use super::{
    CommandInput,
    lists::{
        AmendNeedInput, AmendProjectInput, AmendResourceInput, PostNeedInput, PostProjectInput,
        PostResourceInput, WithdrawNeedInput, WithdrawProjectInput, WithdrawResourceInput,
    },
    pairings::{ClaimPairingInput, DeclinePairingInput, RequestPairingInput, WithdrawPairingInput},
    path,
    street::{AmendOrganizationInput, LinkRosterInput, RegisterOrganizationInput, SetRulesInput},
};
use crate::{
    reading::Reading,
    schema::{
        scalar::DateTime,
        words::{FactorCode, UnitKind, Weekday},
    },
};
use async_graphql::{ID, InputObject, OneofObject};
use engine::{
    matching::{Change, what_if::Widening},
    refusal::{Missing, Refusal},
    window::Weekdays,
};

/// One thing that might be different 假设变更.
#[derive(Clone, Debug, OneofObject)]
pub enum ChangeInput {
    /// So many days pass, ten years at most, and nothing else happens 等待天数.
    Wait(i32),
    /// It is another moment, earlier or later 时间.
    At(DateTime),
    /// A unit leaves 单位退出: its resources, its open capacity, and every pairing it gives in.
    LoseUnit(ID),
    /// Another unit joins, with nothing posted 单位加入.
    InviteUnit(InviteUnitInput),
    /// A resource or a unit has more to give 增加供给.
    AddCapacity(AddCapacityInput),
    /// A factor of the fit counts so many times as much 权重倍数.
    MultiplyWeight(MultiplyWeightInput),
    /// Urgency counts so many times as much 紧急加权倍数, up to what the rules allow.
    MultiplyUrgency(i32),
    /// A need or slot may be served at more times 放宽需求时间.
    WidenAsked(WidenAskedInput),
    /// A resource is there at more times 放宽资源时间.
    WidenOffered(WidenOfferedInput),
    /// A resource serves another place too 扩大服务范围.
    ServeToo(ServeTooInput),
    /// A unit is linked to a community 结对.
    Link(LinkRosterInput),
    /// A need may cost more 提高资金上限.
    RaiseCeiling(RaiseCeilingInput),
    /// A need or slot is taken as a matter of another category 调整类别.
    TakeAs(TakeAsInput),
    /// A need or slot, by its id, may be met in any form 不限形式.
    AcceptAnyForm(ID),
    /// A need, or the project of a slot, by its id, is not kept to one group of people 不限服务对象.
    OpenToEverybody(ID),
    /// A need, by its id, calls every class of responders 面向所有响应方.
    CallEverybody(ID),
    /// The street proposes pairings that fit less: the new least fit, 0 to 1000 降低最低契合度.
    LowerFitMin(i32),
    /// Somebody posts a need 发布需求.
    PostNeed(PostNeedInput),
    /// A need is changed 修改需求.
    AmendNeed(AmendNeedInput),
    /// A need is taken back 撤回需求.
    WithdrawNeed(WithdrawNeedInput),
    /// Somebody posts a resource 发布资源.
    PostResource(PostResourceInput),
    /// A resource is changed 修改资源.
    AmendResource(AmendResourceInput),
    /// A resource is taken back 撤回资源.
    WithdrawResource(WithdrawResourceInput),
    /// Somebody posts a project 发布项目.
    PostProject(PostProjectInput),
    /// A project is changed 修改项目.
    AmendProject(AmendProjectInput),
    /// A project is taken back 撤回项目.
    WithdrawProject(WithdrawProjectInput),
    /// An organization is registered 登记组织.
    RegisterOrganization(RegisterOrganizationInput),
    /// What is said of an organization is changed 修改组织.
    AmendOrganization(AmendOrganizationInput),
    /// Somebody asks for a pairing by hand 申请配对.
    RequestPairing(RequestPairingInput),
    /// Somebody says yes to a pairing 认领.
    ClaimPairing(ClaimPairingInput),
    /// Somebody says no to a pairing 谢绝.
    DeclinePairing(DeclinePairingInput),
    /// Somebody takes a claim, a request or an agreement back 撤回认领.
    WithdrawPairing(WithdrawPairingInput),
    /// The rules of the street are changed 修改规则.
    SetRules(SetRulesInput),
}

/// Another unit joins 单位加入.
#[derive(Clone, Debug, InputObject)]
pub struct InviteUnitInput {
    /// Of what kind 单位类型.
    pub kind: UnitKind,
    /// Where it sits.
    pub place: Option<ID>,
    /// How many needs it takes on 认领上限.
    #[graphql(default = 1)]
    pub engagements: i32,
}

/// More to give 增加供给.
#[derive(Clone, Debug, InputObject)]
pub struct AddCapacityInput {
    /// The id of a resource, or of a unit that takes on more engagements.
    pub supplier: ID,
    /// How much more: base units, lots or engagements.
    pub more: i32,
}

/// A factor counts more 权重倍数.
#[derive(Clone, Debug, InputObject)]
pub struct MultiplyWeightInput {
    /// Which factor.
    pub factor: FactorCode,
    /// How many times as much; 0 leaves it out.
    pub times: i32,
}

/// By how much a window is widened, in one of its dimensions 放宽幅度.
#[derive(Clone, Debug, OneofObject)]
pub enum WideningInput {
    /// So many days earlier and later.
    Days(WideningSides),
    /// So many minutes a day earlier and later.
    Minutes(WideningSides),
    /// On these days of the week too.
    Weekdays(Vec<Weekday>),
}

/// How much earlier and later 提前与延后.
#[derive(Clone, Debug, InputObject)]
pub struct WideningSides {
    /// Before the beginning.
    #[graphql(default)]
    pub earlier: i32,
    /// After the end.
    #[graphql(default)]
    pub later: i32,
}

/// A need or slot may be served at more times 放宽需求时间.
#[derive(Clone, Debug, InputObject)]
pub struct WidenAskedInput {
    /// The id of a need or of a slot.
    pub target: ID,
    /// By how much.
    pub by: WideningInput,
}

/// A resource is there at more times 放宽资源时间.
#[derive(Clone, Debug, InputObject)]
pub struct WidenOfferedInput {
    /// Which resource.
    pub resource: ID,
    /// By how much.
    pub by: WideningInput,
}

/// A resource serves another place too, with all below it 扩大服务范围.
#[derive(Clone, Debug, InputObject)]
pub struct ServeTooInput {
    /// Which resource.
    pub resource: ID,
    /// The place.
    pub place: ID,
}

/// A need may cost more 提高资金上限.
#[derive(Clone, Debug, InputObject)]
pub struct RaiseCeilingInput {
    /// Which need.
    pub need: ID,
    /// The new ceiling in yuan.
    pub to: i32,
}

/// A need or slot is taken as a matter of another category 调整类别.
#[derive(Clone, Debug, InputObject)]
pub struct TakeAsInput {
    /// The id of a need or of a slot.
    pub target: ID,
    /// The category, by global id or code.
    pub category: ID,
}

/// The longest wait that is supposed: ten years.
const WAIT_DAYS_MAX: i32 = 3_650;

/// The most of anything that is counted.
const AMOUNT_MAX: i32 = 1_000_000_000;

/// The most engagements one unit may have, and the most times something may count: more than any rule lets it.
const TIMES_MAX: i32 = 1_000;

/// The most minutes by which hours are widened: a day.
const MINUTES_MAX: i32 = 1_440;

impl ChangeInput {
    /// The change as the engine knows it; `None` when something could not be read, which the reading has noted.
    pub fn read(&self, reading: &mut Reading) -> Option<Change> {
        let command = |command: Option<_>| command.map(|it| Change::Command(Box::new(it)));
        match self {
            Self::Wait(days) => {
                Some(Change::Wait { days: reading.between("wait", *days, (1, WAIT_DAYS_MAX))? })
            }
            Self::At(moment) => Some(Change::At(moment.0)),
            Self::LoseUnit(unit) => Some(Change::LoseUnit(reading.organization("loseUnit", unit)?)),
            Self::InviteUnit(it) => {
                let place = it.place.as_ref().and_then(|id| reading.place("inviteUnit.place", id));
                let engagements = reading.between("inviteUnit.engagements", it.engagements, (1, TIMES_MAX));
                Some(Change::InviteUnit { kind: it.kind.into(), place, engagements: engagements? })
            }
            Self::AddCapacity(it) => {
                let supplier = reading.supplier("addCapacity.supplier", &it.supplier);
                let more = reading.between("addCapacity.more", it.more, (1, AMOUNT_MAX));
                Some(Change::AddCapacity { supplier: supplier?, more: more? })
            }
            Self::MultiplyWeight(it) => {
                let times = reading.between("multiplyWeight.times", it.times, (0, TIMES_MAX))?;
                Some(Change::MultiplyWeight { factor: it.factor.into(), times })
            }
            Self::MultiplyUrgency(times) => Some(Change::MultiplyUrgency {
                times: reading.between("multiplyUrgency", *times, (0, TIMES_MAX))?,
            }),
            Self::WidenAsked(it) => {
                let target = reading.target("widenAsked.target", &it.target);
                let by = it.by.read(reading, "widenAsked.by");
                Some(Change::WidenAsked { target: target?, by: by? })
            }
            Self::WidenOffered(it) => {
                let resource = reading.resource("widenOffered.resource", &it.resource);
                let by = it.by.read(reading, "widenOffered.by");
                Some(Change::WidenOffered { resource: resource?, by: by? })
            }
            Self::ServeToo(it) => {
                let resource = reading.resource("serveToo.resource", &it.resource);
                let place = reading.place("serveToo.place", &it.place);
                Some(Change::ServeToo { resource: resource?, place: place? })
            }
            Self::Link(link) => Some(Change::Link(reading.within("link", |reading| link.read(reading))?)),
            Self::RaiseCeiling(it) => {
                let need = reading.need("raiseCeiling.need", &it.need);
                let to = reading.between("raiseCeiling.to", it.to, (1, AMOUNT_MAX));
                Some(Change::RaiseCeiling { need: need?, to: to? })
            }
            Self::TakeAs(it) => {
                let target = reading.target("takeAs.target", &it.target);
                let category = reading.category("takeAs.category", &it.category);
                Some(Change::TakeAs { target: target?, category: category? })
            }
            Self::AcceptAnyForm(id) => {
                Some(Change::AcceptAnyForm { target: reading.target("acceptAnyForm", id)? })
            }
            Self::OpenToEverybody(id) => {
                Some(Change::OpenToEverybody { target: reading.target("openToEverybody", id)? })
            }
            Self::CallEverybody(id) => {
                Some(Change::CallEverybody { need: reading.need("callEverybody", id)? })
            }
            Self::LowerFitMin(to) => {
                Some(Change::LowerFitMin { to: reading.between("lowerFitMin", *to, (0, 1_000))? })
            }
            Self::PostNeed(it) => command(reading.within("postNeed", |reading| it.command(reading))),
            Self::AmendNeed(it) => command(reading.within("amendNeed", |reading| it.command(reading))),
            Self::WithdrawNeed(it) => command(reading.within("withdrawNeed", |reading| it.command(reading))),
            Self::PostResource(it) => command(reading.within("postResource", |reading| it.command(reading))),
            Self::AmendResource(it) => {
                command(reading.within("amendResource", |reading| it.command(reading)))
            }
            Self::WithdrawResource(it) => {
                command(reading.within("withdrawResource", |reading| it.command(reading)))
            }
            Self::PostProject(it) => command(reading.within("postProject", |reading| it.command(reading))),
            Self::AmendProject(it) => command(reading.within("amendProject", |reading| it.command(reading))),
            Self::WithdrawProject(it) => {
                command(reading.within("withdrawProject", |reading| it.command(reading)))
            }
            Self::RegisterOrganization(it) => {
                command(reading.within("registerOrganization", |reading| it.command(reading)))
            }
            Self::AmendOrganization(it) => {
                command(reading.within("amendOrganization", |reading| it.command(reading)))
            }
            Self::RequestPairing(it) => {
                command(reading.within("requestPairing", |reading| it.command(reading)))
            }
            Self::ClaimPairing(it) => command(reading.within("claimPairing", |reading| it.command(reading))),
            Self::DeclinePairing(it) => {
                command(reading.within("declinePairing", |reading| it.command(reading)))
            }
            Self::WithdrawPairing(it) => {
                command(reading.within("withdrawPairing", |reading| it.command(reading)))
            }
            Self::SetRules(it) => command(reading.within("setRules", |reading| it.command(reading))),
        }
    }
}

impl ChangeInput {
    /// Where in it stands what the engine names in a refusal of what it became: its own field, or the one that says how much
    /// or what.
    pub fn path(&self, change: &Change, refusal: &Refusal) -> String {
        let is_missing = matches!(refusal, Refusal::NotFound { .. });
        let either = |named: &str, said: &str| if is_missing { named.to_owned() } else { said.to_owned() };
        if let Change::Command(command) = change {
            let field = refusal.field().and_then(path::of(command));
            return field.map_or_else(|| self.name().to_owned(), |field| format!("{}.{field}", self.name()));
        }
        match self {
            Self::InviteUnit(_) => either("inviteUnit.place", "inviteUnit.engagements"),
            Self::AddCapacity(_) => either("addCapacity.supplier", "addCapacity.more"),
            Self::MultiplyWeight(_) => "multiplyWeight.times".to_owned(),
            Self::WidenAsked(_) => either("widenAsked.target", "widenAsked.by"),
            Self::WidenOffered(_) => either("widenOffered.resource", "widenOffered.by"),
            Self::ServeToo(_) => match refusal {
                Refusal::NotFound { missing: Missing::Resource(_), .. } => "serveToo.resource".to_owned(),
                _ => "serveToo.place".to_owned(),
            },
            Self::Link(_) => match refusal.field() {
                Some("community") => "link.place".to_owned(),
                Some(field) => format!("link.{field}"),
                None => "link".to_owned(),
            },
            Self::RaiseCeiling(_) => either("raiseCeiling.need", "raiseCeiling.to"),
            Self::TakeAs(_) => match refusal {
                Refusal::NotFound {
                    missing: Missing::Need(_) | Missing::Project(_) | Missing::Slot(..),
                    ..
                } => "takeAs.target".to_owned(),
                _ => "takeAs.category".to_owned(),
            },
            _ => self.name().to_owned(),
        }
    }

    /// What it is called in the input.
    const fn name(&self) -> &'static str {
        match self {
            Self::Wait(_) => "wait",
            Self::At(_) => "at",
            Self::LoseUnit(_) => "loseUnit",
            Self::InviteUnit(_) => "inviteUnit",
            Self::AddCapacity(_) => "addCapacity",
            Self::MultiplyWeight(_) => "multiplyWeight",
            Self::MultiplyUrgency(_) => "multiplyUrgency",
            Self::WidenAsked(_) => "widenAsked",
            Self::WidenOffered(_) => "widenOffered",
            Self::ServeToo(_) => "serveToo",
            Self::Link(_) => "link",
            Self::RaiseCeiling(_) => "raiseCeiling",
            Self::TakeAs(_) => "takeAs",
            Self::AcceptAnyForm(_) => "acceptAnyForm",
            Self::OpenToEverybody(_) => "openToEverybody",
            Self::CallEverybody(_) => "callEverybody",
            Self::LowerFitMin(_) => "lowerFitMin",
            Self::PostNeed(_) => "postNeed",
            Self::AmendNeed(_) => "amendNeed",
            Self::WithdrawNeed(_) => "withdrawNeed",
            Self::PostResource(_) => "postResource",
            Self::AmendResource(_) => "amendResource",
            Self::WithdrawResource(_) => "withdrawResource",
            Self::PostProject(_) => "postProject",
            Self::AmendProject(_) => "amendProject",
            Self::WithdrawProject(_) => "withdrawProject",
            Self::RegisterOrganization(_) => "registerOrganization",
            Self::AmendOrganization(_) => "amendOrganization",
            Self::RequestPairing(_) => "requestPairing",
            Self::ClaimPairing(_) => "claimPairing",
            Self::DeclinePairing(_) => "declinePairing",
            Self::WithdrawPairing(_) => "withdrawPairing",
            Self::SetRules(_) => "setRules",
        }
    }
}

impl WideningInput {
    fn read(&self, reading: &mut Reading, field: &str) -> Option<Widening> {
        match self {
            Self::Days(sides) => {
                let (earlier, later) = sides.read(reading, &format!("{field}.days"), WAIT_DAYS_MAX)?;
                Some(Widening::Days { earlier, later })
            }
            Self::Minutes(sides) => {
                let (earlier, later) = sides.read(reading, &format!("{field}.minutes"), MINUTES_MAX)?;
                Some(Widening::Minutes { earlier, later })
            }
            Self::Weekdays(days) => {
                Some(Widening::Weekdays(Weekdays(days.iter().fold(0, |bits, day| bits | day.bit()))))
            }
        }
    }
}

impl WideningSides {
    fn read<T: TryFrom<i32>>(&self, reading: &mut Reading, field: &str, max: i32) -> Option<(T, T)> {
        let earlier = reading.between(&format!("{field}.earlier"), self.earlier, (0, max));
        let later = reading.between(&format!("{field}.later"), self.later, (0, max));
        Some((earlier?, later?))
    }
}
