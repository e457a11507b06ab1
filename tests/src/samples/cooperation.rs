//! What becomes of a pairing: one of each event with everything filled in, and one with nothing that may be left out.

use super::{PAIRING, UNIT};
use chrono::NaiveDate;
use engine::{
    agreement::{Funding, Milestone, Subject, Terms, Undertaking, UndertakingKind},
    appraisal::{Appraisal, Grade},
    bid::BidDraft,
    contribution::{Credit, Redemption},
    delivery::{DeliveryDraft, Effort, PersonClass},
    event::Event,
    identity::{
        AgreementId, BidId, DeliveryId, MeetingId, NeedId, OrganizationId, PairingId, ProjectId, ResourceId,
    },
    meeting::{Decision, Item, MeetingDraft},
    moment::Moment,
    need::RejectionGround,
    pairing::{Supplier, Target},
    period::Quarter,
};
use std::collections::BTreeMap;

const NEED: NeedId = NeedId::new(5);
const RESOURCE: ResourceId = ResourceId::new(6);
const PROJECT: ProjectId = ProjectId::new(8);
const BID: BidId = BidId::new(12);
const MEETING: MeetingId = MeetingId::new(2);
const AGREEMENT: AgreementId = AgreementId::new(3);
const DELIVERY: DeliveryId = DeliveryId::new(14);
const UNTIL: Moment = Moment::from_millis(1_780_604_800_000);

/// All of them, kind by kind in the order of [`Event`].
pub fn all() -> Vec<Event> {
    [entries(), pairings(), bids(), meetings(), agreements(), projects(), deliveries()].concat()
}

fn entries() -> Vec<Event> {
    let grounds = [
        RejectionGround::OthersDuty { party: "区燃气公司".into() },
        RejectionGround::GovernmentProject,
        RejectionGround::NotFeasible,
        RejectionGround::DuplicateOf { need: NeedId::new(4) },
    ];
    let rejected =
        |ground, note: Option<&str>| Event::NeedRejected { need: NEED, ground, note: note.map(Into::into) };
    let mut all = vec![Event::ReviewAsked { need: NEED }, Event::NeedVerified { need: NEED }];
    all.push(rejected(RejectionGround::Other, Some("不在本街道范围内")));
    all.extend(grounds.map(|ground| rejected(ground, None)));
    all.extend([
        Event::NeedMerged { need: NEED, into: NeedId::new(4) },
        Event::NeedCarriedOver {
            need: NEED,
            into: Quarter { year: 2026, quarter: 4 },
            reason: "施工要等雨季过去".into(),
        },
        Event::NeedExpired { need: NEED },
        Event::NeedStruckOff { need: NEED, note: Some("已由物业解决".into()) },
        Event::NeedStruckOff { need: NEED, note: None },
        Event::NeedAppraised { need: NEED, appraisal: full_appraisal() },
        Event::NeedAppraised { need: NEED, appraisal: least_appraisal() },
        Event::NeedWentStale { need: NEED },
        Event::NeedReconfirmed { need: NEED },
        Event::ReplyFellOverdue { need: NEED },
        Event::ResourcePaused { resource: RESOURCE, reason: "场地装修".into() },
        Event::ResourceResumed { resource: RESOURCE },
        Event::ResourceExpired { resource: RESOURCE },
        Event::ResourceWentStale { resource: RESOURCE },
        Event::ResourceReconfirmed { resource: RESOURCE },
    ]);
    all
}

fn pairings() -> Vec<Event> {
    let changed = |reason: Option<&str>| Event::PairingChanged {
        pairing: PAIRING,
        quantity: 12,
        draws: 12,
        reason: reason.map(Into::into),
    };
    vec![
        changed(Some("先做一半")),
        changed(None),
        Event::PairingsJoined { pairings: vec![PAIRING, PairingId::new(42)] },
        Event::PairingAccepted { pairing: PAIRING },
    ]
}

fn bids() -> Vec<Event> {
    let target = Target::Slot(PROJECT, 1);
    let call = |note: Option<&str>| Event::CallOpened { target, until: UNTIL, note: note.map(Into::into) };
    let bid = |supplier, note: Option<&str>| Event::BidPlaced {
        bid: BID,
        draft: BidDraft { target, supplier, quantity: 20, draws: 1, note: note.map(Into::into) },
    };
    let chosen = |reason: Option<&str>| Event::BidChosen {
        bid: BID,
        pairing: PAIRING,
        reason: reason.map(Into::into),
    };
    vec![
        call(Some("请附施工安排")),
        call(None),
        Event::CallClosed { target },
        bid(Supplier::Unit(UNIT), Some("两周内完成")),
        bid(Supplier::Resource(RESOURCE), None),
        Event::BidWithdrawn { bid: BID, reason: "人手不够".into() },
        Event::BidDeclined { bid: BID, reason: "已选定另一家".into() },
        chosen(Some("工期最短")),
        chosen(None),
    ]
}

fn meetings() -> Vec<Event> {
    let items = [Item::Pairing(PAIRING), Item::Project(PROJECT)];
    let full = MeetingDraft {
        title: "六月联席会".into(),
        at: UNTIL,
        venue: Some("街道三楼会议室".into()),
        participants: vec![OrganizationId::new(1), UNIT],
        agenda: items.into(),
    };
    let least = MeetingDraft { venue: None, participants: Vec::new(), agenda: Vec::new(), ..full.clone() };
    let decided = |item, decision, note: Option<&str>| Event::MeetingDecided {
        meeting: MEETING,
        item,
        decision,
        note: note.map(Into::into),
    };
    let mut all = Vec::new();
    all.extend([full.clone(), least.clone()].map(|draft| Event::MeetingCalled { meeting: MEETING, draft }));
    all.extend([full, least].map(|draft| Event::MeetingAmended { meeting: MEETING, draft }));
    all.extend([
        decided(items[0], Decision::ChangeTerms { quantity: 10, draws: 10 }, Some("先做一半")),
        decided(items[1], Decision::Agree, None),
        decided(items[1], Decision::Postpone, None),
        decided(items[0], Decision::Drop, None),
        Event::MeetingClosed { meeting: MEETING, minutes: "到会九家,议定两项。".into() },
        Event::MeetingCancelled { meeting: MEETING, reason: "台风".into() },
    ]);
    all
}

fn agreements() -> Vec<Event> {
    let full = Terms {
        title: "墙面修缮共建协议".into(),
        text: Some("雨天顺延".into()),
        parties: vec![OrganizationId::new(1), UNIT],
        undertakings: vec![
            Undertaking {
                party: UNIT,
                kind: UndertakingKind::Builds,
                what: "砌墙".into(),
                pairing: Some(PAIRING),
            },
            Undertaking {
                party: OrganizationId::new(1),
                kind: UndertakingKind::Coordinates,
                what: "协调居民".into(),
                pairing: None,
            },
        ],
        budget: vec![
            Funding { party: Some(UNIT), source: "单位自筹".into(), yuan: 8_000 },
            Funding { party: None, source: "为民服务资金".into(), yuan: 4_000 },
        ],
        ceiling: Some(15_000),
        milestones: vec![Milestone { number: 1, title: "完工".into(), due: day() }],
    };
    let least = Terms {
        text: None,
        undertakings: Vec::new(),
        budget: Vec::new(),
        ceiling: None,
        milestones: Vec::new(),
        ..full.clone()
    };
    let drafted = |subject, terms| Event::AgreementDrafted { agreement: AGREEMENT, subject, terms };
    let reached = |note: Option<&str>| Event::MilestoneReached {
        agreement: AGREEMENT,
        milestone: 1,
        note: note.map(Into::into),
    };
    vec![
        drafted(Subject::Project(PROJECT), full.clone()),
        drafted(Subject::Pairing(PAIRING), least.clone()),
        Event::AgreementAmended { agreement: AGREEMENT, terms: full },
        Event::AgreementAmended { agreement: AGREEMENT, terms: least },
        Event::AgreementSigned { agreement: AGREEMENT, version: 2, party: UNIT },
        Event::AgreementWithdrawn { agreement: AGREEMENT, reason: "另行拟定".into() },
        reached(Some("提前两天")),
        reached(None),
        Event::MilestoneFellOverdue { agreement: AGREEMENT, milestone: 1 },
    ]
}

fn projects() -> Vec<Event> {
    let project = PROJECT;
    vec![
        Event::ProjectStarted { project },
        Event::ProjectSuspended { project, reason: "汛期停工".into() },
        Event::ProjectResumed { project },
        Event::ProjectAccepted { project, note: Some("墙面平整".into()) },
        Event::ProjectAccepted { project, note: None },
        Event::ProjectAppraised { project, appraisal: full_appraisal() },
        Event::ProjectAppraised { project, appraisal: least_appraisal() },
        Event::ProjectClosed { project },
        Event::ProjectFailed { project, reason: "资金未到位".into() },
    ]
}

fn deliveries() -> Vec<Event> {
    let effort = |class, persons, minutes| Effort { class, persons, minutes };
    let full = DeliveryDraft {
        quantity: 12,
        on: day(),
        note: Some("上午完成".into()),
        efforts: vec![
            effort(PersonClass::PartyMembers, 3, 360),
            effort(PersonClass::Employees, 2, 240),
            effort(PersonClass::Volunteers, 5, 600),
            effort(PersonClass::Residents, 1, 60),
        ],
    };
    let least = DeliveryDraft { note: None, efforts: Vec::new(), ..full.clone() };
    let recorded = |draft| Event::DeliveryRecorded { delivery: DELIVERY, pairing: PAIRING, draft };
    let corrected = |draft| Event::DeliveryCorrected { delivery: DELIVERY, draft };
    let minutes = BTreeMap::from([(PersonClass::PartyMembers, 360), (PersonClass::Volunteers, 600)]);
    let credited = |minutes| Event::ContributionCredited {
        organization: UNIT,
        delivery: DELIVERY,
        credit: Credit { points: 170, quantity: 12, minutes },
    };
    vec![
        recorded(full.clone()),
        recorded(least.clone()),
        Event::DeliveryConfirmed { delivery: DELIVERY },
        Event::DeliveryDisputed { delivery: DELIVERY, reason: "少了两处".into() },
        corrected(full),
        corrected(least),
        Event::DeliveryWithdrawn { delivery: DELIVERY, reason: "记错了".into() },
        Event::ConfirmationFellOverdue { delivery: DELIVERY },
        credited(minutes),
        credited(BTreeMap::new()),
        Event::ContributionRedeemed {
            organization: UNIT,
            redemption: Redemption { points: 50, minutes: 120, what: "会议室两小时".into() },
        },
    ]
}

fn full_appraisal() -> Appraisal {
    Appraisal { grade: Grade::BasicallySatisfied, note: Some("完工略晚".into()) }
}

fn least_appraisal() -> Appraisal {
    Appraisal { grade: Grade::Satisfied, note: None }
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 31).unwrap()
}
