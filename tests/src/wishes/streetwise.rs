//! Wishes about the street itself: places, organizations, roster, taxonomy, rules, logins.

use super::{NAMES, REFERENCES, Wishes};
use engine::{
    category::{Category, CategoryCode},
    command::Command,
    member::{Role, SignOnHash, TokenHash},
    moment::Moment,
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    place::PlaceLevel,
    rules::{Fairness, Limits, ReviewRule, Rules, Weights},
    state::State,
};

const CODES: [&str; 5] = ["CARE-CANTEEN", "CARE-MEAL", "CARE", "TOP", "TOP-LEAF"];
const KINDS: [OrganizationKind; 4] = [
    OrganizationKind::Community,
    OrganizationKind::Unit(UnitKind::Hospital),
    OrganizationKind::Unit(UnitKind::Enterprise),
    OrganizationKind::Team,
];
const ROLES: [Role; 4] = [Role::Coordinator, Role::CommunityOfficer, Role::UnitLiaison, Role::Observer];
const TOKENS: [&str; 4] = ["手机", "办公室电脑", "平板", ""];

impl Wishes {
    pub(super) fn streetwise(&mut self, state: &State) -> Command {
        match self.random.below(26) {
            0 => Command::OpenStreet { name: "清河桥街道".into() },
            1 => Command::SetRules(self.rules()),
            2 => Command::DefineCategory(self.defined()),
            3 => Command::RetireCategory(self.retired(state)),
            4 => Command::AddPlace {
                name: self.name(),
                level: self.random.one(&PlaceLevel::ALL),
                parent: self.random.percent(90).then(|| self.place(state)),
                reference: self.random.percent(20).then(|| self.random.one(&REFERENCES).to_owned()),
            },
            5 => Command::RenamePlace { place: self.place(state), name: self.name() },
            6 => Command::RegisterOrganization(self.organization_draft(state)),
            7 => Command::AmendOrganization {
                organization: self.organization(state),
                draft: self.organization_draft(state),
            },
            8 | 9 => Command::LinkRoster(self.linked(state, 15)),
            10 => Command::UnlinkRoster(self.linked(state, 70)),
            11 => Command::AddMember {
                organization: self.organization(state),
                role: self.random.one(&ROLES),
                label: "手机".into(),
                token: TokenHash(format!("{:064x}", self.random.below(60))),
                expires: None,
            },
            12 => Command::RevokeMember(self.member(state)),
            13..18 => self.give_contact(state),
            18 | 19 => self.erase_contact(state),
            20 | 21 => Command::IssueToken {
                member: self.member(state),
                label: self.random.one(&TOKENS).to_owned(),
                token: TokenHash(format!("{:064x}", self.random.below(60))),
                expires: self
                    .random
                    .percent(50)
                    .then(|| state.time().unwrap_or(Moment::from_millis(0)).plus_hours(24)),
            },
            22 | 23 => Command::BindSignOn {
                member: self.member(state),
                sign_on: SignOnHash(format!("{:064x}", self.random.below(6))),
            },
            24 => Command::UnbindSignOn { member: self.member(state) },
            _ => Command::RevokeToken {
                member: self.member(state),
                label: self.random.one(&TOKENS).to_owned(),
            },
        }
    }

    fn name(&mut self) -> String {
        if self.random.percent(4) { String::new() } else { self.random.one(&NAMES).to_owned() }
    }

    fn code(&mut self) -> CategoryCode {
        CategoryCode::new(self.random.one(&CODES)).unwrap()
    }

    /// One of the few that are talked about, or any there is: most of those nothing uses.
    fn retired(&mut self, state: &State) -> CategoryCode {
        let all: Vec<CategoryCode> = state.categories().map(|category| category.code.clone()).collect();
        if all.is_empty() || self.random.percent(50) {
            return self.code();
        }
        all[self.random.below(all.len() as u64) as usize].clone()
    }

    fn defined(&mut self) -> Category {
        Category {
            code: self.code(),
            parent: self.random.percent(70).then(|| self.code()),
            zh: "邻里食堂".into(),
            en: self.random.one(&["Canteens", "Meals", ""]).to_owned(),
            substitutes: (0..self.random.below(2)).map(|_| self.code()).collect(),
        }
    }

    fn organization_draft(&mut self, state: &State) -> OrganizationDraft {
        OrganizationDraft {
            name: self.name(),
            kind: self.random.one(&KINDS),
            place: self.random.percent(50).then(|| self.place(state)),
            open_capacity: self.random.percent(60).then(|| self.random.below(6) as u32),
            reference: None,
        }
    }

    /// In so many of a hundred cases a link that is there, else any.
    fn linked(&mut self, state: &State, there: u64) -> RosterLink {
        let links: Vec<RosterLink> = state.roster().copied().collect();
        let any = self.link(state);
        self.random.any(&links).filter(|_| self.random.percent(there)).unwrap_or(any)
    }

    fn link(&mut self, state: &State) -> RosterLink {
        RosterLink {
            unit: self.organization(state),
            community: self.place(state),
            relation: self.random.one(&[Relation::Assigned, Relation::Reported, Relation::Paired]),
        }
    }

    fn rules(&mut self) -> Rules {
        let no_weight = Weights {
            category: 0,
            roster: 0,
            distance: 0,
            window: 0,
            wording: 0,
            affinity: 0,
            freshness: 0,
            record: 0,
        };
        let weights = if self.random.percent(10) { no_weight } else { Rules::STANDARD.weights };
        Rules {
            claim_hours: self.random.below(100) as u32,
            open_capacity: self.random.below(6) as u32,
            weights,
            fairness: Fairness {
                first_half: self.random.below(1_100) as u16,
                community: self.random.below(1_100) as u16,
                burden: self.random.below(220) as u16,
            },
            contact_days: self.random.percent(60).then(|| self.random.below(9) as u32),
            limits: Limits {
                review: self.random.one(&[ReviewRule::None, ReviewRule::Others, ReviewRule::All]),
                emergency_claim_hours: self.random.below(30) as u32,
                reply_days: self.random.below(30) as u16,
                confirm_days: self.random.below(30) as u16,
                stale_days: self.random.below(60) as u16,
                expiry_days: self.random.below(5) as u16,
                ..Limits::STANDARD
            },
            ..Rules::STANDARD
        }
    }
}
