//! Inputs about the street itself: places, organizations, roster, taxonomy, rules, logins.

use super::{
    CommandInput,
    limits::{CreditRuleInput, LimitsInput},
    patch, patch_required, patch_text,
};
use crate::{
    reading::Reading,
    schema::{
        scalar::DateTime,
        user_error::UserErrorCode,
        words::{OrganizationKind, PlaceLevel, Relation, Role, UnitKind},
    },
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use engine::{
    category::{Category, CategoryCode},
    command::Command,
    organization::{self as domain, OrganizationDraft, RosterLink},
    refusal::{Missing, Refusal},
};

/// Add a node to the territory tree 添加区域.
#[derive(Clone, Debug, InputObject)]
pub struct AddPlaceInput {
    /// Its name, unique below its parent.
    pub name: String,
    /// How deep it lies; lower than its parent.
    pub level: PlaceLevel,
    /// The place around it; none for a root.
    pub parent: Option<ID>,
    /// The identity it has in another list 外部编号.
    pub reference: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AddPlaceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let parent = self.parent.as_ref().and_then(|id| reading.place("parent", id));
        Some(Command::AddPlace {
            name: self.name.clone(),
            level: self.level.into(),
            parent,
            reference: self.reference.clone(),
        })
    }
}

/// Give a place another name 区域更名.
#[derive(Clone, Debug, InputObject)]
pub struct RenamePlaceInput {
    /// Which place.
    pub place: ID,
    /// Its new name, unique below its parent.
    pub name: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RenamePlaceInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let place = reading.place("place", &self.place)?;
        Some(Command::RenamePlace { place, name: self.name.clone() })
    }
}

/// Register an organization 登记组织.
#[derive(Clone, Debug, InputObject)]
pub struct RegisterOrganizationInput {
    /// Its name, unique in the street.
    pub name: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// What a resident unit is; OTHER when not said.
    pub unit_kind: Option<UnitKind>,
    /// Where it sits.
    pub place: Option<ID>,
    /// How many needs it takes on at once without posted resources; the street's rule when not said.
    pub open_capacity: Option<i32>,
    /// The identity it has in another list 外部编号.
    pub reference: Option<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RegisterOrganizationInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let kind = kind(reading, self.kind, self.unit_kind);
        let place = self.place.as_ref().and_then(|id| reading.place("place", id));
        let open_capacity = self.open_capacity.and_then(|it| reading.count("openCapacity", it));
        Some(Command::RegisterOrganization(OrganizationDraft {
            name: self.name.clone(),
            kind: kind?,
            place,
            open_capacity,
            reference: self.reference.clone(),
        }))
    }
}

/// Change what is said of an organization 变更组织: absent stays, null clears.
#[derive(Clone, Debug, InputObject)]
pub struct AmendOrganizationInput {
    /// Which organization.
    pub organization: ID,
    /// Its name, unique in the street. Cannot be cleared.
    pub name: MaybeUndefined<String>,
    /// What it is. Cannot be cleared.
    pub kind: MaybeUndefined<OrganizationKind>,
    /// What a resident unit is. Cannot be cleared.
    pub unit_kind: MaybeUndefined<UnitKind>,
    /// Where it sits.
    pub place: MaybeUndefined<ID>,
    /// How many needs it takes on at once without posted resources; cleared = the street's rule.
    pub open_capacity: MaybeUndefined<i32>,
    /// The identity it has in another list 外部编号.
    pub reference: MaybeUndefined<String>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for AmendOrganizationInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let id = reading.organization("organization", &self.organization)?;
        let Some(mut draft) = reading.state.organization(id).map(|it| it.draft.clone()) else {
            let missing = Missing::Organization(id);
            reading.refuse(&Refusal::NotFound { field: "organization", missing });
            return None;
        };
        let mut unit = match draft.kind {
            domain::OrganizationKind::Unit(kind) => Some(UnitKind::from(kind)),
            _ => None,
        };
        let mut shown = OrganizationKind::of(draft.kind);
        patch_required(reading, "name", &mut draft.name, &self.name, |_, name| Some(name.clone()));
        patch_required(reading, "kind", &mut shown, &self.kind, |_, kind| Some(*kind));
        if self.unit_kind.is_null() {
            reading.require("unitKind");
        }
        if let MaybeUndefined::Value(kind) = self.unit_kind {
            unit = Some(kind);
        } else if shown != OrganizationKind::Unit {
            unit = None;
        }
        draft.kind = kind(reading, shown, unit)?;
        patch(reading, &mut draft.place, &self.place, |reading, id| reading.place("place", id));
        patch(reading, &mut draft.open_capacity, &self.open_capacity, |reading, it| {
            reading.count("openCapacity", *it)
        });
        patch_text(&mut draft.reference, &self.reference);
        Some(Command::AmendOrganization { organization: id, draft })
    }
}

/// The engine's kind from the two that are shown.
fn kind(
    reading: &mut Reading,
    kind: OrganizationKind,
    unit: Option<UnitKind>,
) -> Option<domain::OrganizationKind> {
    match (kind, unit) {
        (OrganizationKind::Unit, unit) => {
            Some(domain::OrganizationKind::Unit(unit.unwrap_or(UnitKind::Other).into()))
        }
        (OrganizationKind::StreetOffice, None) => Some(domain::OrganizationKind::StreetOffice),
        (OrganizationKind::Community, None) => Some(domain::OrganizationKind::Community),
        (OrganizationKind::Team, None) => Some(domain::OrganizationKind::Team),
        (_, Some(_)) => {
            let (zh, en) = ("只有驻区单位才有单位类型", "only resident units have a unit kind");
            reading.complain(UserErrorCode::Invalid, "unitKind", zh, en);
            None
        }
    }
}

/// Declares an input that names a standing relation.
macro_rules! of_roster {
    ($(#[$doc:meta])+ $input:ident) => {
        $(#[$doc])+
        #[derive(Clone, Debug, InputObject)]
        pub struct $input {
            /// The unit 驻区单位.
            pub unit: ID,
            /// The place 区域 of the community.
            pub place: ID,
            /// Of what kind.
            pub relation: Relation,
            /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
            pub request_id: Option<String>,
        }

        impl $input {
            /// The link as the engine knows it.
            pub fn read(&self, reading: &mut Reading) -> Option<RosterLink> {
                let unit = reading.organization("unit", &self.unit);
                let place = reading.place("place", &self.place);
                Some(RosterLink { unit: unit?, community: place?, relation: self.relation.into() })
            }
        }
    };
}

of_roster!(
    /// Link a unit to a community 建立共建关系.
    LinkRosterInput
);
of_roster!(
    /// End a standing relation of a unit to a community 解除共建关系.
    UnlinkRosterInput
);

/// Add a category, or change the one with this code 定义类别.
#[derive(Clone, Debug, InputObject)]
pub struct DefineCategoryInput {
    /// Its code: 2 to 32 upper-case letters, digits or hyphens.
    pub code: String,
    /// The top it belongs to, by global id or code; none for a top.
    pub parent: Option<ID>,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// The leaves whose resources may serve a need of this one 可替代类别, by global id or code.
    pub substitutes: Option<Vec<ID>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for DefineCategoryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let code = reading.category("code", &self.code);
        let parent = self.parent.as_ref().and_then(|code| reading.category("parent", code));
        let substitutes: Vec<CategoryCode> = self
            .substitutes
            .iter()
            .flatten()
            .filter_map(|code| reading.category("substitutes", code))
            .collect();
        let (zh, en) = (self.zh.clone(), self.en.clone());
        Some(Command::DefineCategory(Category { code: code?, parent, zh, en, substitutes }))
    }
}

/// Take a category that nothing uses off the taxonomy 停用类别.
#[derive(Clone, Debug, InputObject)]
pub struct RetireCategoryInput {
    /// Which, by global id or code.
    pub category: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RetireCategoryInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::RetireCategory(reading.category("category", &self.category)?))
    }
}

/// What each factor of the fit counts 契合度权重, 0 to 1000; absent stays.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WeightsInput {
    /// 类别相符.
    pub category: Option<i32>,
    /// 包联/双报到/结对.
    pub roster: Option<i32>,
    /// 距离.
    pub distance: Option<i32>,
    /// 时间重合.
    pub window: Option<i32>,
    /// 文字相近.
    pub wording: Option<i32>,
    /// 单位类型与专长.
    pub affinity: Option<i32>,
    /// 清单新鲜度.
    pub freshness: Option<i32>,
    /// 履约记录: how what a unit was to give before has gone.
    pub record: Option<i32>,
}

/// What a need weighs beyond an ordinary one (1000) 需求权重, in thousandths of it; absent stays.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NeedWeightsInput {
    /// Added when it is urgent 紧急, 0 to 2000.
    pub urgent: Option<i32>,
    /// Added when it is an emergency 突发, 0 to 2000.
    pub emergency: Option<i32>,
    /// Added for each doubling of the people it serves 受益人数, 0 to 500.
    pub doubling: Option<i32>,
    /// Added for each day it has waited 等待天数, 0 to 500.
    pub day: Option<i32>,
}

/// How a plan shares out what is scarce 公平规则, in thousandths; absent stays.
#[derive(Clone, Debug, Default, InputObject)]
pub struct FairnessInput {
    /// How much more than the mean the first half of a need counts, and how much less the second, 0 to 1000.
    pub first_half: Option<i32>,
    /// What the first need served in a community adds, 0 to 1000; the second adds half, the third a quarter.
    pub community: Option<i32>,
    /// What a unit's second engagement at the same time costs, 0 to 200; the third costs twice that.
    pub burden: Option<i32>,
}

/// Change the rules of the street 规则; absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct SetRulesInput {
    /// Minutes the street's clock is ahead of UTC, 0 to 840.
    pub utc_offset_minutes: Option<i32>,
    /// Hours after which a claim lapses when the other side stays silent 认领时限.
    pub claim_hours: Option<i32>,
    /// How many needs a unit takes on at once without posted resources 认领上限.
    pub open_capacity: Option<i32>,
    /// The least fit, 0 to 1000, at which a pairing is proposed 最低契合度.
    pub fit_min: Option<i32>,
    /// What each factor of the fit counts 权重.
    pub weights: Option<WeightsInput>,
    /// What makes one need weigh more than another 需求权重.
    pub need_weights: Option<NeedWeightsInput>,
    /// How a plan shares out what is scarce 公平规则.
    pub fairness: Option<FairnessInput>,
    /// Days after which the contacts of what is over are erased 联系人保存期限; null = only when somebody erases them.
    pub contact_days: MaybeUndefined<i32>,
    /// By when things are to happen 时限.
    pub limits: Option<LimitsInput>,
    /// The table of credits as a whole 积分规则; null goes back to the standard table.
    pub credits: MaybeUndefined<Vec<CreditRuleInput>>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for SetRulesInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        let mut rules = reading.state.rules().clone();
        set(reading, "utcOffsetMinutes", &mut rules.utc_offset_minutes, self.utc_offset_minutes);
        set(reading, "claimHours", &mut rules.claim_hours, self.claim_hours);
        set(reading, "openCapacity", &mut rules.open_capacity, self.open_capacity);
        set(reading, "fitMin", &mut rules.fit_min, self.fit_min);
        if let Some(weights) = &self.weights {
            set(reading, "weights.category", &mut rules.weights.category, weights.category);
            set(reading, "weights.roster", &mut rules.weights.roster, weights.roster);
            set(reading, "weights.distance", &mut rules.weights.distance, weights.distance);
            set(reading, "weights.window", &mut rules.weights.window, weights.window);
            set(reading, "weights.wording", &mut rules.weights.wording, weights.wording);
            set(reading, "weights.affinity", &mut rules.weights.affinity, weights.affinity);
            set(reading, "weights.freshness", &mut rules.weights.freshness, weights.freshness);
            set(reading, "weights.record", &mut rules.weights.record, weights.record);
        }
        if let Some(weights) = &self.need_weights {
            set(reading, "needWeights.urgent", &mut rules.need_weights.urgent, weights.urgent);
            set(reading, "needWeights.emergency", &mut rules.need_weights.emergency, weights.emergency);
            set(reading, "needWeights.doubling", &mut rules.need_weights.doubling, weights.doubling);
            set(reading, "needWeights.day", &mut rules.need_weights.day, weights.day);
        }
        if let Some(fairness) = &self.fairness {
            set(reading, "fairness.firstHalf", &mut rules.fairness.first_half, fairness.first_half);
            set(reading, "fairness.community", &mut rules.fairness.community, fairness.community);
            set(reading, "fairness.burden", &mut rules.fairness.burden, fairness.burden);
        }
        patch(reading, &mut rules.contact_days, &self.contact_days, |reading, days| {
            reading.count("contactDays", *days)
        });
        if let Some(limits) = &self.limits {
            limits.apply(reading, &mut rules.limits);
        }
        patch(reading, &mut rules.credits, &self.credits, |reading, lines| {
            lines.iter().map(|line| line.read(reading)).collect()
        });
        Some(Command::SetRules(rules))
    }
}

/// Sets a number, if it was said and is one.
pub(super) fn set<T: TryFrom<i32>>(reading: &mut Reading, field: &str, slot: &mut T, value: Option<i32>) {
    if let Some(value) = value.and_then(|value| reading.count(field, value)) {
        *slot = value;
    }
}

/// Give somebody a login 添加成员.
#[derive(Clone, Debug, InputObject)]
pub struct AddMemberInput {
    /// Whom it acts for.
    pub organization: ID,
    /// What it may do.
    pub role: Role,
    /// What the login is called, such as 「办公室电脑」; not a person's name.
    pub label: String,
    /// When its token ends by itself 到期; never when not said.
    pub expires_at: Option<DateTime>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice. The token
    /// is shown the first time only.
    pub request_id: Option<String>,
}

/// End a login 停用成员.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeMemberInput {
    /// Which member.
    pub member: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

impl CommandInput for RevokeMemberInput {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn command(&self, reading: &mut Reading) -> Option<Command> {
        Some(Command::RevokeMember(reading.member("member", &self.member)?))
    }
}
