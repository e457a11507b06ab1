//! Random histories of a street for the tests: every command that the matching could notice, with every kind
//! of field set or left open. What the street refuses does not happen.

use crate::{
    category::{Categorized, Category, CategoryCode},
    command::Command,
    decide::{Context, decide},
    delivery::DeliveryDraft,
    entry::{BeneficiaryGroup, EntryDraft, Form},
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{DeliveryId, NeedId, OrganizationId, PairingId, PlaceId, ProjectId, ResourceId},
    matching::{Knowledge, propose},
    member::Caller,
    moment::Moment,
    need::{Channel, NeedDraft, Urgency},
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    pairing::{PairingStatus, Side, Supplier, Target},
    place::PlaceLevel,
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    rules::Rules,
    state::State,
    text::published::{self, ListKind},
    window::{Hours, Weekdays, Window},
};
use chrono::NaiveDate;

/// Draws by SplitMix64.
pub(super) struct Dealer(pub u64);

impl Dealer {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()].clone()
    }

    fn sometimes<T>(&mut self, out_of: u64, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(out_of) == 0).then(|| value(self))
    }

    /// The number of something among the first so many, sometimes of nothing.
    fn number(&mut self, last: u64) -> u64 {
        self.below(last + 1) + 1
    }
}

/// A street, its clock, and who deals its history.
pub(super) struct History {
    pub state: State,
    pub now: Moment,
    pub dealer: Dealer,
}

impl History {
    /// A street with communities, estates and buildings, organizations of every kind and a first few entries.
    pub fn begin(seed: u64) -> Self {
        let now = Moment::from_millis(1_780_000_000_000);
        let mut history = Self { state: State::empty(), now, dealer: Dealer(seed) };
        history.run(Command::OpenStreet { name: "甲街道".into() });
        for _ in 0..12 {
            history.add_place();
        }
        for _ in 0..12 {
            let draft = history.organization();
            history.run(Command::RegisterOrganization(draft));
        }
        for _ in 0..40 {
            history.post();
        }
        history
    }

    fn run(&mut self, command: Command) -> bool {
        let context = Context { caller: Caller::System, now: self.now };
        let Ok(events) = decide(&self.state, &context, &command) else { return false };
        self.fold(&events);
        true
    }

    fn fold(&mut self, events: &[Event]) {
        let recorded = Recorded { position: self.state.position().next(), time: self.now };
        evolve_commit(&mut self.state, recorded, events);
    }

    fn post(&mut self) {
        let command = match self.dealer.below(7) {
            0..3 => Command::PostNeed(self.need()),
            3..6 => Command::PostResource(self.resource()),
            _ => Command::PostProject(self.project()),
        };
        self.run(command);
    }

    /// One more thing happens.
    pub fn step(&mut self) {
        let last = self.state.last;
        let reason = || "不再需要".to_owned();
        let command = match self.dealer.below(28) {
            0..5 => return self.post(),
            5..7 => {
                let need = NeedId::new(self.dealer.number(last.need));
                let revision = self.state.need(need).map_or(1, |need| need.revision);
                Command::AmendNeed { need, revision, draft: self.need() }
            }
            7..9 => {
                let resource = ResourceId::new(self.dealer.number(last.resource));
                let revision = self.state.resource(resource).map_or(1, |resource| resource.revision);
                Command::AmendResource { resource, revision, draft: self.resource() }
            }
            9 => {
                let project = ProjectId::new(self.dealer.number(last.project));
                let revision = self.state.project(project).map_or(1, |project| project.revision);
                Command::AmendProject { project, revision, draft: self.project() }
            }
            10 => {
                Command::WithdrawNeed { need: NeedId::new(self.dealer.number(last.need)), reason: reason() }
            }
            11 => Command::WithdrawResource {
                resource: ResourceId::new(self.dealer.number(last.resource)),
                reason: reason(),
            },
            12 => Command::WithdrawProject {
                project: ProjectId::new(self.dealer.number(last.project)),
                reason: reason(),
            },
            13 => self.request(),
            14..18 => self.answer(),
            26..28 => return self.accept(),
            18 => {
                let proposal = propose(&self.state, Knowledge::builtin(), self.now).unwrap();
                Command::AdoptPlan(Box::new(proposal))
            }
            19..21 => Command::LinkRoster(self.link()),
            21 => {
                let known = self.state.roster().nth(self.dealer.below(4) as usize).copied();
                Command::UnlinkRoster(known.unwrap_or(self.link()))
            }
            22 => match self.dealer.below(3) {
                0 => return self.add_place(),
                1 => Command::RegisterOrganization(self.organization()),
                _ => Command::AmendOrganization {
                    organization: OrganizationId::new(self.dealer.number(last.organization)),
                    draft: self.organization(),
                },
            },
            23 => match self.dealer.below(4) {
                0 => self.category(),
                1 => Command::RetireCategory(CategoryCode::new("ZZ-NEW").unwrap()),
                2 => Command::SetRules(self.rules()),
                _ => Command::Tick,
            },
            _ => {
                self.now = Moment::from_millis(self.now.millis() + 3_600_000 * self.dealer.below(60) as i64);
                Command::Tick
            }
        };
        self.run(command);
    }

    fn request(&mut self) -> Command {
        let last = self.state.last;
        let target = match self.dealer.below(4) {
            0 => Target::Slot(ProjectId::new(self.dealer.number(last.project)), 0),
            _ => Target::Need(NeedId::new(self.dealer.number(last.need))),
        };
        let supplier = match self.dealer.below(2) {
            0 => Supplier::Resource(ResourceId::new(self.dealer.number(last.resource))),
            _ => Supplier::Unit(OrganizationId::new(self.dealer.number(last.organization))),
        };
        let by = self.state.asking(target).unwrap_or(OrganizationId::new(1));
        Command::RequestPairing { target, supplier, quantity: None, draws: None, by }
    }

    fn answer(&mut self) -> Command {
        let pairing = PairingId::new(self.dealer.number(self.state.last.pairing));
        let side = self.dealer.one_of(&[Side::Asking, Side::Giving]);
        match self.dealer.below(4) {
            0 => Command::DeclinePairing { pairing, side, reason: "没有人手".into() },
            1 => Command::WithdrawPairing { pairing, side, reason: "改期".into() },
            _ => Command::ClaimPairing { pairing, side },
        }
    }

    /// All of an agreed pairing is delivered and accepted.
    fn accept(&mut self) {
        let agreed: Vec<(PairingId, u64)> = self
            .state
            .pairings()
            .filter(|it| matches!(it.status, PairingStatus::Agreed { .. }))
            .map(|it| (it.id, it.terms.quantity))
            .collect();
        if agreed.is_empty() {
            return;
        }
        let (pairing, quantity) = self.dealer.one_of(&agreed);
        let delivery = DeliveryId::new(self.state.last.delivery + 1);
        let on = NaiveDate::from_ymd_opt(2026, 5, 28).unwrap();
        let draft = DeliveryDraft { quantity, on, note: None, efforts: Vec::new() };
        self.fold(&[
            Event::DeliveryRecorded { delivery, pairing, draft },
            Event::DeliveryConfirmed { delivery },
            Event::PairingAccepted { pairing },
        ]);
    }

    fn add_place(&mut self) {
        let parent = PlaceId::new(self.dealer.below(self.state.last.place) + 1);
        let level = self.state.place(parent).map(|place| place.level);
        let below = PlaceLevel::ALL.into_iter().find(|next| level.is_some_and(|level| *next > level));
        let deeper = self.dealer.one_of(&[PlaceLevel::Community, PlaceLevel::Estate, PlaceLevel::Building]);
        let level = below.unwrap_or(deeper).max(deeper);
        let name = format!("{}号{}", self.state.last.place + 1, level.zh());
        self.run(Command::AddPlace { name, level, parent: Some(parent), reference: None });
    }

    fn place(&mut self) -> PlaceId {
        PlaceId::new(self.dealer.number(self.state.last.place))
    }

    fn link(&mut self) -> RosterLink {
        let unit = OrganizationId::new(self.dealer.number(self.state.last.organization));
        let relation = self.dealer.one_of(&[Relation::Assigned, Relation::Reported, Relation::Paired]);
        RosterLink { unit, community: self.place(), relation }
    }

    fn organization(&mut self) -> OrganizationDraft {
        let kind = match self.dealer.below(6) {
            0 => OrganizationKind::Community,
            1 => OrganizationKind::Team,
            _ => OrganizationKind::Unit(self.dealer.one_of(&UnitKind::ALL)),
        };
        OrganizationDraft {
            name: format!("{}{}", self.dealer.below(1_000_000), kind.unit_kind().label_zh()),
            kind,
            place: Some(self.place()).filter(|_| self.dealer.below(4) > 0),
            open_capacity: self.dealer.sometimes(3, |dealer| dealer.below(3) as u32),
            reference: None,
        }
    }

    fn category(&mut self) -> Command {
        let codes: Vec<CategoryCode> =
            self.state.categories().map(|category| category.code.clone()).collect();
        Command::DefineCategory(Category {
            code: CategoryCode::new("ZZ-NEW").unwrap(),
            parent: CategoryCode::new("CARE").ok(),
            zh: "新类".into(),
            en: "New".into(),
            substitutes: vec![self.dealer.one_of(&codes)],
        })
    }

    fn rules(&mut self) -> Rules {
        let mut rules = self.state.rules().clone();
        rules.open_capacity = self.dealer.below(4) as u32;
        rules.fit_min = self.dealer.one_of(&[0, 200, 250, 400]);
        rules.weights.wording = self.dealer.one_of(&[0, 120]);
        rules.weights.freshness = self.dealer.one_of(&[0, 30, 90]);
        rules.weights.roster = self.dealer.one_of(&[0, 150]);
        rules
    }

    fn entry(&mut self, kind: ListKind) -> EntryDraft {
        let rows: Vec<_> = published::lists().iter().filter(|row| row.kind == kind).take(40).collect();
        let row = self.dealer.one_of(&rows);
        let poster = OrganizationId::new(self.dealer.number(self.state.last.organization));
        let confidence = self.dealer.one_of(&[1000, 1000, 600]);
        // Few leaves of one top, so that the same leaf, stand-ins and kindred ones all come about.
        let code = self.dealer.one_of(&["CARE-WISH", "CARE-POOR", "CARE-ELDER", "SPACE-FIX", "LIVE-FUND"]);
        let code = CategoryCode::new(code).unwrap();
        let forms = [Form::Goods, Form::Service, Form::Works, Form::Venue, Form::Money, Form::People];
        let groups = [BeneficiaryGroup::Residents, BeneficiaryGroup::Elders, BeneficiaryGroup::Children];
        let mut entry = EntryDraft {
            category: self.dealer.sometimes(2, |_| Categorized { code, confidence }),
            form: self.dealer.sometimes(4, |dealer| dealer.one_of(&forms)),
            quantity: self.dealer.sometimes(2, Dealer::quantity),
            window: self.dealer.window(),
            ..EntryDraft::new(row.title.clone(), poster)
        };
        entry.place = Some(self.place()).filter(|_| self.dealer.below(2) > 0);
        entry.beneficiaries.group = self.dealer.sometimes(4, |dealer| dealer.one_of(&groups));
        entry.beneficiaries.count = self.dealer.sometimes(4, |dealer| dealer.below(500) as u32);
        entry.settled = self.dealer.sometimes(12, |_| "已认领".to_owned());
        entry
    }

    fn need(&mut self) -> NeedDraft {
        let channels = [Channel::OwnerWhistle, Channel::ResidentWhistle, Channel::Wish];
        let urgencies = [Urgency::Emergency, Urgency::Urgent, Urgency::Normal];
        NeedDraft {
            entry: self.entry(ListKind::Need),
            channel: self.dealer.sometimes(5, |dealer| dealer.one_of(&channels)),
            urgency: self.dealer.sometimes(3, |dealer| dealer.one_of(&urgencies)),
            ceiling: self.dealer.sometimes(5, |dealer| dealer.below(60)),
        }
    }

    fn resource(&mut self) -> ResourceDraft {
        let serves = (0..self.dealer.below(6).saturating_sub(3)).map(|_| self.place()).collect();
        ResourceDraft {
            lots: self.dealer.sometimes(4, |dealer| dealer.below(4) + 1),
            serves,
            ..ResourceDraft::new(self.entry(ListKind::Resource))
        }
    }

    fn project(&mut self) -> ProjectDraft {
        let entry = self.entry(ListKind::Project);
        let slots = (0..self.dealer.below(4))
            .map(|_| {
                let EntryDraft { title, category, form, quantity, window, .. } = self.entry(ListKind::Need);
                SlotDraft { title, category, form, quantity, window }
            })
            .collect();
        let needs = self.dealer.sometimes(2, |dealer| NeedId::new(dealer.number(self.state.last.need)));
        ProjectDraft { slots, needs: needs.into_iter().collect(), ..ProjectDraft::new(entry) }
    }
}

impl Dealer {
    fn quantity(&mut self) -> Quantity {
        let measures = [Measure::Sessions, Measure::Money, Measure::Area, Measure::People, Measure::Items];
        let amount = self.below(80) + 1;
        Quantity::of(amount, self.one_of(&measures))
    }

    fn window(&mut self) -> Window {
        let day = |dealer: &mut Self| NaiveDate::from_ymd_opt(2026, 5, 1 + dealer.below(28) as u32).unwrap();
        let from = self.sometimes(5, day);
        let to = self.sometimes(5, day);
        Window {
            from: from.min(to.or(from)),
            to: to.max(from.filter(|_| to.is_some())),
            hours: self.sometimes(5, |dealer| {
                let from = dealer.below(24) as u16 * 60;
                Hours { from, to: dealer.below(24) as u16 * 60 + 1 }
            }),
            weekdays: self.sometimes(6, |dealer| Weekdays(dealer.below(127) as u8 + 1)),
            wording: None,
        }
    }
}
