//! One of each event with everything filled in that may be, and one with nothing that may be left out.

mod cooperation;

use chrono::NaiveDate;
use engine::{
    category::{Categorized, Category, CategoryCode},
    contact::{ErasureReason, Purpose, Subject},
    contribution::CreditRule,
    entry::{Beneficiaries, BeneficiaryGroup, EntryDraft, Form},
    event::Event,
    identity::{
        ContactId, MemberId, NeedId, OrganizationId, PairingId, PlaceId, PlanId, Position, ProjectId,
        ResourceId,
    },
    member::{Role, SignOnHash, TokenHash},
    moment::Moment,
    need::{Channel, NeedDraft, Urgency},
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    pairing::{Factor, FactorKind, Fit, PairingTerms, Side, Supplier, Target},
    place::{Place, PlaceLevel},
    plan::{Cause, Churn, Merit, PlanSummary, Unmet, UnmetReason},
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    rules::{Fairness, Limits, NeedWeights, ReviewRule, Rules, Weights},
    window::{Hours, Weekdays, Window},
};

const UNIT: OrganizationId = OrganizationId::new(3);
const PAIRING: PairingId = PairingId::new(41);

/// All of them, kind by kind in the order of [`Event`].
pub fn all() -> Vec<Event> {
    let kinds: [Vec<Event>; 35] = [
        vec![opened()],
        [rules(), rules_without_limits(), rules_with_retention(), earlier_rules(), rules_with_credits()]
            .map(|rules| Event::RulesSet { rules })
            .into(),
        [full_category(), least_category()].map(|category| Event::CategoryDefined { category }).into(),
        vec![Event::CategoryRetired { code: code("CARE-CANTEEN") }],
        [full_place(), least_place()].map(|place| Event::PlaceAdded { place }).into(),
        vec![Event::PlaceRenamed { place: PlaceId::new(2), name: "春晖里社区".into() }],
        [full_organization(), least_organization()]
            .map(|draft| Event::OrganizationRegistered { organization: UNIT, draft })
            .into(),
        [full_organization(), least_organization()]
            .map(|draft| Event::OrganizationAmended { organization: UNIT, draft })
            .into(),
        vec![Event::RosterLinked { link: link() }],
        vec![Event::RosterUnlinked { link: link() }],
        vec![added(None)],
        vec![Event::MemberRevoked { member: MemberId::new(7) }],
        [full_need(), least_need()].map(|draft| Event::NeedPosted { need: NeedId::new(5), draft }).into(),
        [full_need(), least_need()].map(|draft| Event::NeedAmended { need: NeedId::new(5), draft }).into(),
        vec![Event::NeedWithdrawn { need: NeedId::new(5), reason: "已自行解决".into() }],
        [full_resource(), least_resource()]
            .map(|draft| Event::ResourcePosted { resource: ResourceId::new(6), draft })
            .into(),
        [full_resource(), least_resource()]
            .map(|draft| Event::ResourceAmended { resource: ResourceId::new(6), draft })
            .into(),
        vec![Event::ResourceWithdrawn { resource: ResourceId::new(6), reason: "设备检修".into() }],
        [full_project(), least_project()]
            .map(|draft| Event::ProjectPosted { project: ProjectId::new(8), draft })
            .into(),
        [full_project(), least_project()]
            .map(|draft| Event::ProjectAmended { project: ProjectId::new(8), draft })
            .into(),
        vec![Event::ProjectWithdrawn { project: ProjectId::new(8), reason: "延期".into() }],
        [full_summary(), earlier_summary(), least_summary()]
            .map(|summary| Event::PlanAdopted { plan: PlanId::new(9), matched: Position(120), summary })
            .into(),
        [full_terms(), least_terms()]
            .map(|terms| Event::PairingProposed { pairing: PAIRING, plan: PlanId::new(9), terms })
            .into(),
        [full_terms(), least_terms()]
            .map(|terms| Event::PairingRequested { pairing: PAIRING, by: UNIT, terms })
            .into(),
        vec![Event::PairingClaimed {
            pairing: PAIRING,
            side: Side::Giving,
            until: Moment::from_millis(1_780_604_800_000),
        }],
        vec![Event::PairingAgreed { pairing: PAIRING, side: Side::Asking }],
        vec![Event::PairingDeclined {
            pairing: PAIRING, side: Side::Giving, reason: "时间不合适".into()
        }],
        vec![Event::PairingLapsed { pairing: PAIRING }],
        vec![Event::PairingWithdrawn { pairing: PAIRING, reason: "情况有变".into() }],
        vec![Event::PairingSuperseded { pairing: PAIRING }],
        vec![
            given(1, Subject::Organization(UNIT), Purpose::Liaison),
            given(2, Subject::Need(NeedId::new(5)), Purpose::Beneficiary),
            given(3, Subject::Resource(ResourceId::new(6)), Purpose::OnSite),
            given(4, Subject::Project(ProjectId::new(8)), Purpose::Emergency),
        ],
        [
            ErasureReason::Asked,
            ErasureReason::NotNeeded,
            ErasureReason::Replaced,
            ErasureReason::Mistake,
            ErasureReason::Retention,
        ]
        .map(|reason| Event::ContactErased { contact: ContactId::new(2), reason })
        .into(),
        [Some(Moment::from_millis(1_790_000_000_000)), None].map(issued).into(),
        vec![Event::TokenRevoked { member: MemberId::new(7), token: TokenHash("b".repeat(64)) }],
        vec![
            added(Some(Moment::from_millis(1_790_000_000_000))),
            Event::SignOnBound { member: MemberId::new(7), sign_on: SignOnHash("c".repeat(64)) },
            Event::SignOnUnbound { member: MemberId::new(7) },
        ],
    ];
    kinds.into_iter().chain([cooperation::all()]).flatten().collect()
}

const fn given(contact: u64, of: Subject, purpose: Purpose) -> Event {
    Event::ContactGiven { contact: ContactId::new(contact), of, purpose }
}

fn issued(expires: Option<Moment>) -> Event {
    let token = TokenHash("b".repeat(64));
    Event::TokenIssued { member: MemberId::new(7), label: "手机".into(), token, expires }
}

fn added(expires: Option<Moment>) -> Event {
    Event::MemberAdded {
        member: MemberId::new(7),
        organization: UNIT,
        role: Role::UnitLiaison,
        label: "办公室电脑".into(),
        token: TokenHash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into()),
        expires,
    }
}

fn opened() -> Event {
    Event::StreetOpened {
        name: "清河桥街道".into(), place: PlaceId::new(1), office: OrganizationId::new(1)
    }
}

/// In figures, so that a change of what is standard leaves the stored line alone.
fn rules() -> Rules {
    Rules {
        utc_offset_minutes: 480,
        claim_hours: 168,
        open_capacity: 3,
        fit_min: 250,
        weights: Weights {
            category: 200,
            roster: 150,
            distance: 60,
            window: 60,
            wording: 150,
            affinity: 350,
            freshness: 30,
            record: 80,
        },
        need_weights: NeedWeights { urgent: 700, emergency: 1_100, doubling: 40, day: 8 },
        fairness: Fairness { first_half: 300, community: 150, burden: 10 },
        limits: Limits {
            review: ReviewRule::Others,
            emergency_claim_hours: 2,
            reply_days: 5,
            resolve_days: 20,
            confirm_days: 3,
            stale_days: 60,
            expiry_days: 10,
        },
        credits: None,
        contact_days: None,
    }
}

/// As written before rules said by when things are to happen.
fn rules_without_limits() -> Rules {
    Rules { limits: earlier_rules().limits, ..rules() }
}

/// With a table of its own for what deliveries are credited with.
fn rules_with_credits() -> Rules {
    let least =
        CreditRule { form: None, category: None, points: 5, points_per_hour: 8, points_per_hundred: 0 };
    let full = CreditRule {
        form: Some(Form::People),
        category: Some(code("CARE-MEAL")),
        points_per_hundred: 2,
        ..least.clone()
    };
    Rules { credits: Some(vec![full, least]), ..rules() }
}

/// With all that may be said.
fn rules_with_retention() -> Rules {
    Rules { contact_days: Some(180), ..rules() }
}

/// As written before rules said what a need weighs and how to share out.
fn earlier_rules() -> Rules {
    Rules {
        weights: Weights { record: 100, ..rules().weights },
        need_weights: NeedWeights { urgent: 500, emergency: 1_000, doubling: 50, day: 10 },
        fairness: Fairness { first_half: 250, community: 200, burden: 20 },
        limits: Limits {
            review: ReviewRule::None,
            emergency_claim_hours: 4,
            reply_days: 7,
            resolve_days: 30,
            confirm_days: 7,
            stale_days: 90,
            expiry_days: 0,
        },
        ..rules()
    }
}

fn code(text: &str) -> CategoryCode {
    CategoryCode::new(text).unwrap()
}

fn full_category() -> Category {
    Category {
        code: code("CARE-CANTEEN"),
        parent: Some(code("CARE")),
        zh: "邻里食堂".into(),
        en: "Canteens".into(),
        substitutes: vec![code("CARE-MEAL"), code("CARE-ELDER")],
    }
}

fn least_category() -> Category {
    Category { parent: None, substitutes: Vec::new(), ..full_category() }
}

fn full_place() -> Place {
    Place {
        id: PlaceId::new(2),
        name: "春晖社区".into(),
        level: PlaceLevel::Community,
        parent: Some(PlaceId::new(1)),
        reference: Some("C-01".into()),
    }
}

fn least_place() -> Place {
    Place { level: PlaceLevel::Street, parent: None, reference: None, ..full_place() }
}

fn full_organization() -> OrganizationDraft {
    OrganizationDraft {
        name: "清河医院".into(),
        kind: OrganizationKind::Unit(UnitKind::Hospital),
        place: Some(PlaceId::new(2)),
        open_capacity: Some(5),
        reference: Some("U-07".into()),
    }
}

fn least_organization() -> OrganizationDraft {
    OrganizationDraft {
        name: "志愿队".into(),
        kind: OrganizationKind::Team,
        place: None,
        open_capacity: None,
        reference: None,
    }
}

fn link() -> RosterLink {
    RosterLink { unit: UNIT, community: PlaceId::new(2), relation: Relation::Reported }
}

fn full_window() -> Window {
    Window {
        from: NaiveDate::from_ymd_opt(2026, 6, 1),
        to: NaiveDate::from_ymd_opt(2026, 8, 31),
        hours: Some(Hours { from: 18 * 60, to: 8 * 60 }),
        weekdays: Some(Weekdays(0b001_1111)),
        wording: Some("暑期工作日夜间".into()),
    }
}

fn full_quantity() -> Quantity {
    Quantity { approximate: true, wording: Some("20余场".into()), ..Quantity::of(20, Measure::Sessions) }
}

fn full_entry() -> EntryDraft {
    EntryDraft {
        title: "暑期托管".into(),
        detail: Some("为双职工家庭看护学龄儿童".into()),
        organization: UNIT,
        place: Some(PlaceId::new(2)),
        category: Some(Categorized { code: code("EDU-CARE"), confidence: 830 }),
        form: Some(Form::Service),
        quantity: Some(full_quantity()),
        window: full_window(),
        beneficiaries: Beneficiaries {
            group: Some(BeneficiaryGroup::Children),
            count: Some(40),
            wording: Some("40名儿童".into()),
        },
        reference: Some("N-12".into()),
        source: Some("2026年需求清单".into()),
        settled: Some("已认领".into()),
    }
}

fn least_entry() -> EntryDraft {
    EntryDraft::new("修路灯", UNIT)
}

fn full_need() -> NeedDraft {
    NeedDraft {
        entry: full_entry(),
        channel: Some(Channel::CommunityWhistle),
        urgency: Some(Urgency::Urgent),
        ceiling: Some(15_000),
    }
}

fn least_need() -> NeedDraft {
    NeedDraft::new(least_entry())
}

fn full_resource() -> ResourceDraft {
    // A unit of the street's own wording stands here, so that its shape is kept too.
    let entry = EntryDraft { quantity: Some(Quantity::of(3, Measure::Other("间".into()))), ..full_entry() };
    ResourceDraft {
        entry,
        lots: Some(4),
        serves: vec![PlaceId::new(2), PlaceId::new(3)],
        conditions: Some("须提前三天预约".into()),
    }
}

fn least_resource() -> ResourceDraft {
    ResourceDraft::new(least_entry())
}

fn full_project() -> ProjectDraft {
    let full = SlotDraft {
        title: "场地".into(),
        category: Some(Categorized::stated(code("SPACE-VENUE"))),
        form: Some(Form::Venue),
        quantity: Some(full_quantity()),
        window: full_window(),
    };
    let least = SlotDraft {
        title: "志愿者".into(),
        category: None,
        form: None,
        quantity: None,
        window: Window::open(),
    };
    ProjectDraft {
        entry: full_entry(),
        slots: vec![full, least],
        required: Some(1),
        needs: vec![NeedId::new(5), NeedId::new(11)],
    }
}

fn least_project() -> ProjectDraft {
    ProjectDraft::new(least_entry())
}

fn full_summary() -> PlanSummary {
    let reason = |cause, nearest| UnmetReason { cause, candidates: 12, nearest };
    PlanSummary {
        objective: 48_213,
        bound: 48_220,
        prices_digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        targets: 31,
        unmet: vec![
            Unmet {
                target: Target::Need(NeedId::new(5)),
                quantity: 4,
                reasons: vec![
                    reason(Cause::CapacityContested, Some(Supplier::Resource(ResourceId::new(6)))),
                    reason(Cause::NoCommonHour, Some(Supplier::Unit(UNIT))),
                ],
            },
            Unmet {
                target: Target::Slot(ProjectId::new(8), 1),
                quantity: 1,
                reasons: vec![reason(Cause::NoCandidate, None)],
            },
        ],
        merit: Some(Merit {
            with_nothing: 3,
            least_share: 250,
            communities: 12,
            communities_with_nothing: 1,
            burden_gini: 312,
            plain_objective: 48_900,
            price_of_fairness: 420,
        }),
        churn: Some(Churn { kept: 20, added: 6, dropped: 2 }),
    }
}

/// As written before plans said how fair they are and what they change.
fn earlier_summary() -> PlanSummary {
    PlanSummary { merit: None, churn: None, ..full_summary() }
}

fn least_summary() -> PlanSummary {
    PlanSummary { objective: 0, bound: 0, targets: 0, unmet: Vec::new(), ..earlier_summary() }
}

fn full_terms() -> PairingTerms {
    let factors = FactorKind::ALL.map(|kind| Factor { kind, value: 640, weight: 150, assumed: false });
    PairingTerms {
        target: Target::Slot(ProjectId::new(8), 0),
        supplier: Supplier::Resource(ResourceId::new(6)),
        quantity: 20,
        draws: 20,
        fit: Some(Fit { total: 640, factors: factors.into() }),
    }
}

fn least_terms() -> PairingTerms {
    PairingTerms {
        target: Target::Need(NeedId::new(5)),
        supplier: Supplier::Unit(UNIT),
        quantity: 1,
        draws: 1,
        fit: None,
    }
}
