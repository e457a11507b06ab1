//! A street's life at random, through the ledger: every kind of command, some refused, and what the state was
//! after each commit.

use crate::{
    random::Random,
    street::{HandClock, NEW_YEAR, request},
};
use engine::{
    category::CategoryCode,
    command::Command,
    contact::{ErasureReason, Purpose, Subject},
    entry::EntryDraft,
    identity::{
        ContactId, MemberId, NeedId, OrganizationId, PairingId, PlaceId, Position, ProjectId, ResourceId,
    },
    matching::{Knowledge, propose},
    member::{Caller, Role, TokenHash},
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    pairing::{Side, Supplier, Target},
    place::PlaceLevel,
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    state::State,
    window::Window,
};
use std::{collections::BTreeMap, sync::Arc};
use storage::{ExecuteError, Ledger, Log, snapshot::Pace};

/// A ledger after its story, the log below it, and every state on the way.
pub struct Story {
    pub ledger: Ledger,
    pub states: BTreeMap<Position, Arc<State>>,
    pub clock: HandClock,
}

impl Story {
    /// Tells `count` commands, from 0 to 2 hours apart.
    pub fn tell(log: impl Log + 'static, pace: Pace, seed: u64, count: u64) -> Self {
        println!("story of {count} commands from seed {seed}");
        let clock = HandClock::new();
        let ledger = Ledger::open_at_pace(log, clock.as_clock(), pace).unwrap();
        let mut story = Self { states: BTreeMap::from([(Position::START, ledger.state())]), ledger, clock };
        let mut random = Random::new(seed);
        let mut millis = NEW_YEAR.millis();
        for number in 0..count {
            let command = match number {
                0 => Command::OpenStreet { name: "春风街道".to_owned() },
                _ => command(&mut random, number, &story.ledger.state(), Moment::from_millis(millis)),
            };
            let done =
                story.ledger.execute_blocking(Caller::System, request(&format!("{seed}-{number}")), command);
            match done {
                Ok(done) => drop(story.states.insert(done.position, done.state)),
                Err(ExecuteError::Refused(_)) => {}
                Err(error) => panic!("{error}"),
            }
            millis += random.below(7_200_000) as i64;
            story.clock.set(Moment::from_millis(millis));
        }
        story
    }
}

fn entry(random: &mut Random, number: u64) -> EntryDraft {
    let matters = ["老年食堂午餐", "暑期托管辅导", "义诊量血压", "夜间停车位", "法律咨询讲座"];
    let title = format!("{}{number}", matters[random.below(matters.len())]);
    let mut entry = EntryDraft::new(title, OrganizationId::new(1 + random.below(6) as u64));
    if random.coin() {
        entry.quantity = Some(Quantity::of(1 + random.below(20) as u64, Measure::Sessions));
    }
    if random.coin() {
        entry.reference = Some(format!("参考{}", random.below(60)));
    }
    if random.coin() {
        entry.place = Some(PlaceId::new(1 + random.below(4) as u64));
    }
    entry
}

fn slots(random: &mut Random) -> Vec<SlotDraft> {
    let slot = |index: usize| SlotDraft {
        title: format!("法律咨询讲座{index}"),
        category: None,
        form: None,
        quantity: Some(Quantity::of(2, Measure::Sessions)),
        window: Window::open(),
    };
    (0..random.below(3)).map(slot).collect()
}

fn organization(random: &mut Random, number: u64) -> OrganizationDraft {
    let kinds = [
        OrganizationKind::Unit(UnitKind::Hospital),
        OrganizationKind::Unit(UnitKind::LawFirm),
        OrganizationKind::Unit(UnitKind::School),
        OrganizationKind::Community,
    ];
    OrganizationDraft {
        name: format!("单位{number}"),
        kind: kinds[random.below(kinds.len())],
        place: Some(PlaceId::new(1)),
        open_capacity: None,
        reference: None,
    }
}

fn command(random: &mut Random, number: u64, state: &State, now: Moment) -> Command {
    let mut one_of = |most: u64| 1 + random.below(most as usize) as u64;
    let (need, resource, project) =
        (NeedId::new(one_of(20)), ResourceId::new(one_of(15)), ProjectId::new(one_of(8)));
    let (unit, pairing) = (OrganizationId::new(one_of(8)), PairingId::new(one_of(40)));
    let side = if one_of(2) == 1 { Side::Asking } else { Side::Giving };
    let reason = "不需要了".to_owned();
    let link = RosterLink {
        unit,
        community: PlaceId::new(one_of(4)),
        relation: [Relation::Assigned, Relation::Reported][one_of(2) as usize - 1],
    };
    match random.below(33) {
        0 => {
            let mut rules = state.rules().clone();
            rules.claim_hours = 1 + random.below(48) as u32;
            rules.contact_days = random.coin().then(|| 1 + random.below(3) as u32);
            Command::SetRules(rules)
        }
        1 => {
            let code = CategoryCode::new("CARE-MEAL").unwrap();
            match state.category(&code).cloned() {
                Some(mut category) => {
                    category.en = format!("Meals {number}");
                    Command::DefineCategory(category)
                }
                None => Command::Tick,
            }
        }
        2 => Command::RetireCategory(CategoryCode::new("CULT-READ").unwrap()),
        3 | 4 => Command::AddPlace {
            name: format!("社区{number}"),
            level: PlaceLevel::Community,
            parent: Some(PlaceId::new(1)),
            reference: None,
        },
        5 => Command::RenamePlace { place: PlaceId::new(2), name: format!("新社区{number}") },
        6 | 7 => Command::RegisterOrganization(organization(random, number)),
        8 => Command::AmendOrganization { organization: unit, draft: organization(random, number) },
        9 | 10 => Command::LinkRoster(link),
        11 => Command::UnlinkRoster(link),
        12 => Command::AddMember {
            organization: unit,
            role: Role::UnitLiaison,
            label: format!("电脑{number}"),
            token: TokenHash(format!("{number:064x}")),
            expires: None,
        },
        13 => Command::RevokeMember(MemberId::new(1 + random.below(3) as u64)),
        14 | 15 => Command::PostNeed(NeedDraft::new(entry(random, number))),
        16 => {
            let revision = state.need(need).map_or(1, |need| need.revision);
            Command::AmendNeed { need, revision, draft: NeedDraft::new(entry(random, number)) }
        }
        17 if random.below(3) == 0 => Command::WithdrawNeed { need, reason },
        17 | 18 => Command::PostResource(ResourceDraft::new(entry(random, number))),
        19 => {
            let revision = state.resource(resource).map_or(1, |resource| resource.revision);
            Command::AmendResource { resource, revision, draft: ResourceDraft::new(entry(random, number)) }
        }
        20 if random.below(3) == 0 => Command::WithdrawResource { resource, reason },
        20 => Command::PostProject(ProjectDraft {
            slots: slots(random),
            needs: vec![need],
            ..ProjectDraft::new(entry(random, number))
        }),
        21 => {
            let revision = state.project(project).map_or(1, |project| project.revision);
            let draft = ProjectDraft { slots: slots(random), ..ProjectDraft::new(entry(random, number)) };
            Command::AmendProject { project, revision, draft }
        }
        22 if random.below(3) == 0 => Command::WithdrawProject { project, reason },
        22 | 23 => {
            let target = if random.coin() { Target::Need(need) } else { Target::Slot(project, 0) };
            let supplier = if random.coin() { Supplier::Resource(resource) } else { Supplier::Unit(unit) };
            let by = OrganizationId::new(1);
            Command::RequestPairing { target, supplier, quantity: None, draws: None, by }
        }
        24 | 25 => Command::ClaimPairing { pairing, side },
        26 => Command::DeclinePairing { pairing, side, reason },
        27 => Command::WithdrawPairing { pairing, side, reason },
        28 => match propose(state, Knowledge::builtin(), now) {
            Ok(plan) => Command::AdoptPlan(Box::new(plan)),
            Err(error) => panic!("{error}"),
        },
        29 | 30 => {
            let of = [
                Subject::Organization(unit),
                Subject::Need(need),
                Subject::Resource(resource),
                Subject::Project(project),
            ];
            let contact = ContactId::new(state.last_contact().number() + 1);
            Command::GiveContact { contact, of: of[random.below(4)], purpose: Purpose::Liaison }
        }
        31 => {
            let contact = ContactId::new(1 + random.below(9) as u64);
            Command::EraseContact { contact, reason: ErasureReason::Asked }
        }
        _ => Command::Tick,
    }
}
