//! Where things are listed, by looking at each of them once more: what they have in common, and in which order they stand.

use chrono::{Datelike, NaiveDate, NaiveTime};
use engine::{
    agreement::{Agreement, Subject},
    bid::BidStatus,
    delivery::{Delivery, DeliveryStatus},
    entry::EntryDraft,
    identity::{OrganizationId, PlaceId},
    meeting::MeetingStatus,
    need::{NeedStatus, Review, Urgency},
    pairing::{Origin, Pairing, PairingStatus, Supplier, Target},
    place::PlaceLevel,
    state::{
        State,
        listed::{
            AgreementStanding, BidStanding, CallStanding, DeliveryStanding, Facet, FacetKind, Mark,
            MeetingStanding, Rank, Register, Status, call_number, link_number,
        },
    },
    tallies::PairingStanding,
};
use std::collections::{BTreeMap, BTreeSet};

type Shelves = BTreeMap<(Register, Facet), BTreeSet<u64>>;
type Ranked = BTreeSet<(Register, Rank, Mark, u64)>;

/// Compares all of it.
pub fn check(state: &State) {
    let mut look = Look { state, shelves: Shelves::new(), ranked: Ranked::new() };
    look.at_entries();
    look.at_pairings();
    look.at_bids_and_calls();
    look.at_the_rest();
    let mut kept = Shelves::new();
    let mut lines = Ranked::new();
    for register in Register::ALL {
        assert_eq!(state.numbers(register, None, None).count(), state.register_len(register), "{register:?}");
        for kind in FacetKind::ALL {
            for (facet, shelf) in state.facets(register, kind) {
                let numbers: BTreeSet<u64> = shelf.numbers(None, None).collect();
                assert_eq!(shelf.len(), numbers.len(), "{facet:?}");
                kept.insert((register, facet.clone()), numbers);
            }
        }
        for rank in Rank::ALL {
            let all = ((Mark::At(i64::MIN), 0), (Mark::Nothing, u64::MAX));
            lines.extend(state.ranked(register, rank, all).map(|(mark, it)| (register, rank, mark, it)));
        }
    }
    assert_eq!(kept, look.shelves);
    assert_eq!(lines, look.ranked);
}

struct Look<'a> {
    state: &'a State,
    shelves: Shelves,
    ranked: Ranked,
}

/// The end of a day, by UTC.
fn end(day: NaiveDate) -> Mark {
    let next = day.succ_opt().unwrap();
    Mark::At(next.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

fn amount(it: u64) -> Mark {
    Mark::At(i64::try_from(it).unwrap())
}

/// The first four characters, as digits of a number; what stands beyond the basic plane hides what follows it.
fn lettering(name: &str) -> Mark {
    let mut letters: Vec<i128> =
        name.chars().take(4).map(|it| i128::from(u32::from(it)).min(0xffff)).collect();
    let hidden = letters.iter().position(|it| *it == 0xffff).unwrap_or(4);
    letters.resize(4, 0);
    let digit = |(index, letter): (usize, &i128)| if index < hidden { *letter } else { 0xffff };
    let number = letters.iter().enumerate().map(digit).fold(0, |number, digit| number * 0x1_0000 + digit);
    Mark::At(i64::try_from(number - (1 << 63)).unwrap())
}

impl Look<'_> {
    fn put(&mut self, register: Register, number: u64, facets: impl IntoIterator<Item = Facet>) {
        for facet in facets {
            self.shelves.entry((register, facet)).or_default().insert(number);
        }
    }

    fn rank(&mut self, register: Register, number: u64, rank: Rank, mark: Option<Mark>) {
        self.ranked.insert((register, rank, mark.unwrap_or(Mark::Nothing), number));
    }

    fn near(&self, place: Option<PlaceId>) -> Facet {
        Facet::Place(place.map(|place| {
            let communities = self.state.around(place).filter(|it| it.level == PlaceLevel::Community);
            communities.map(|it| it.id).next().unwrap_or(place)
        }))
    }

    fn place_of(&self, entry: &EntryDraft) -> Facet {
        let poster = self.state.organization(entry.organization).unwrap();
        self.near(entry.place.or(poster.draft.place))
    }

    /// Where a need or slot lies and what it is about; nothing of a slot that is not any more.
    fn of_target(&self, target: Target) -> [Facet; 2] {
        let (entry, category) = match target {
            Target::Need(need) => {
                let entry = &self.state.need(need).unwrap().draft.entry;
                (Some(entry), &entry.category)
            }
            Target::Slot(project, index) => {
                let draft = &self.state.project(project).unwrap().draft;
                match draft.slots.get(usize::from(index)) {
                    Some(slot) => (Some(&draft.entry), &slot.category),
                    None => (None, &None),
                }
            }
        };
        let place = entry.map_or(Facet::Place(None), |entry| self.place_of(entry));
        [place, Facet::Category(category.as_ref().map(|it| it.code.clone()))]
    }

    fn asking(&self, target: Target) -> OrganizationId {
        match target {
            Target::Need(need) => self.state.need(need).unwrap().draft.entry.organization,
            Target::Slot(project, _) => self.state.project(project).unwrap().draft.entry.organization,
        }
    }

    fn giving(&self, supplier: Supplier) -> OrganizationId {
        match supplier {
            Supplier::Resource(resource) => self.state.resource(resource).unwrap().draft.entry.organization,
            Supplier::Unit(unit) => unit,
        }
    }

    fn sides(&self, it: &Pairing) -> [Facet; 2] {
        [self.asking(it.terms.target), self.giving(it.terms.supplier)].map(Facet::Organization)
    }

    fn at_entries(&mut self) {
        let state = self.state;
        let mut entry = |register, number, entry: &EntryDraft, status, urgency: Option<Urgency>| {
            let facets = [
                Facet::Organization(entry.organization),
                self.place_of(entry),
                Facet::Category(entry.category.as_ref().map(|given| given.code.clone())),
                Facet::Status(status),
                Facet::Deadline(entry.window.to),
            ];
            self.put(register, number, facets.into_iter().chain(urgency.map(Facet::Urgency)));
            self.rank(register, number, Rank::Name, Some(lettering(&entry.title)));
            let quantity = entry.quantity.as_ref().map(|it| amount(it.amount));
            self.rank(register, number, Rank::Quantity, quantity);
        };
        for it in state.needs() {
            let urgency = Some(it.draft.urgency.unwrap_or(Urgency::Normal));
            let status = Status::Need(it.status());
            entry(Register::Needs, it.id.number(), &it.draft.entry, status, urgency);
        }
        for it in state.resources() {
            let status = Status::Resource(it.status());
            entry(Register::Resources, it.id.number(), &it.draft.entry, status, None);
        }
        for it in state.projects() {
            let status = Status::Project(it.status());
            entry(Register::Projects, it.id.number(), &it.draft.entry, status, None);
        }
        // Whatever waits for its review, or ended by one that was against it, or before there was one.
        for it in state.needs() {
            if it.review == Review::Waiting || it.status() == NeedStatus::Rejected {
                self.put(Register::Needs, it.id.number(), [Facet::Unpublished]);
            }
        }
    }

    fn at_pairings(&mut self) {
        let state = self.state;
        for it in state.pairings() {
            let number = it.id.number();
            let standing = match it.status {
                PairingStatus::Proposed => PairingStanding::Proposed,
                PairingStatus::Claimed { .. } => PairingStanding::Claimed,
                PairingStatus::Agreed { .. } => PairingStanding::Agreed,
                PairingStatus::Accepted { .. } => PairingStanding::Accepted,
                PairingStatus::Declined { .. } => PairingStanding::Declined,
                PairingStatus::Lapsed { .. } => PairingStanding::Lapsed,
                PairingStatus::Withdrawn { .. } => PairingStanding::Withdrawn,
                PairingStatus::Superseded => PairingStanding::Superseded,
            };
            let plan = match it.origin {
                Origin::Plan(plan) => Some(Facet::Plan(plan)),
                Origin::Requested(_) => None,
            };
            let facets = self.sides(it).into_iter().chain(self.of_target(it.terms.target)).chain(plan);
            let facets: Vec<Facet> = facets.chain([Facet::Status(Status::Pairing(standing))]).collect();
            self.put(Register::Pairings, number, facets);
            let all = it.joint.map(|_| state.pairings()).into_iter().flatten();
            let group = all.filter(|other| other.joint == it.joint);
            let partners: BTreeSet<_> = group.map(|other| self.giving(other.terms.supplier)).collect();
            let sides = [self.asking(it.terms.target), self.giving(it.terms.supplier)];
            let others = partners.into_iter().filter(|partner| !sides.contains(partner));
            self.put(Register::Pairings, number, others.map(Facet::Beside).collect::<Vec<_>>());
            let due = match (&it.status, it.terms.target) {
                (PairingStatus::Claimed { until, .. }, _) => Some(Mark::At(until.millis())),
                (PairingStatus::Agreed { .. }, Target::Need(need)) => {
                    state.need(need).unwrap().draft.entry.window.to.map(end)
                }
                (PairingStatus::Agreed { .. }, Target::Slot(project, index)) => {
                    let draft = &state.project(project).unwrap().draft;
                    let slot = draft.slots.get(usize::from(index));
                    slot.and_then(|slot| slot.window.to.or(draft.entry.window.to)).map(end)
                }
                _ => None,
            };
            self.rank(Register::Pairings, number, Rank::Due, due);
            self.rank(Register::Pairings, number, Rank::Quantity, Some(amount(it.terms.quantity)));
            let fit = it.terms.fit.as_ref().map(|fit| Mark::At(fit.total.into()));
            self.rank(Register::Pairings, number, Rank::Fit, fit);
        }
        for it in state.deliveries() {
            let number = it.id.number();
            let pairing = state.pairing(it.pairing).unwrap();
            let facets = self.sides(pairing).into_iter().chain(self.of_target(pairing.terms.target));
            let facets: Vec<Facet> =
                facets.chain([Facet::Status(Status::Delivery(standing_of(it)))]).collect();
            self.put(Register::Deliveries, number, facets);
            let day = Mark::At(it.draft.on.num_days_from_ce().into());
            self.rank(Register::Deliveries, number, Rank::On, Some(day));
            self.rank(Register::Deliveries, number, Rank::Quantity, Some(amount(it.draft.quantity)));
        }
    }

    fn at_bids_and_calls(&mut self) {
        let state = self.state;
        for it in state.bids() {
            let standing = match it.status {
                BidStatus::Waiting => BidStanding::Waiting,
                BidStatus::Chosen { .. } => BidStanding::Chosen,
                BidStatus::Declined { .. } => BidStanding::Declined,
                BidStatus::Withdrawn { .. } => BidStanding::Withdrawn,
            };
            let own = [
                Facet::Organization(self.giving(it.draft.supplier)),
                Facet::Asking(self.asking(it.draft.target)),
                Facet::Status(Status::Bid(standing)),
            ];
            let facets: Vec<Facet> = own.into_iter().chain(self.of_target(it.draft.target)).collect();
            self.put(Register::Bids, it.id.number(), facets);
            self.rank(Register::Bids, it.id.number(), Rank::Quantity, Some(amount(it.draft.quantity)));
        }
        for it in state.calls() {
            let number = call_number(it.target);
            let standing = if it.closed.is_none() { CallStanding::Open } else { CallStanding::Closed };
            let own = [Facet::Organization(self.asking(it.target)), Facet::Status(Status::Call(standing))];
            let facets: Vec<Facet> = own.into_iter().chain(self.of_target(it.target)).collect();
            self.put(Register::Calls, number, facets);
            self.rank(Register::Calls, number, Rank::Opened, Some(Mark::At(it.opened.millis())));
            self.rank(Register::Calls, number, Rank::Until, Some(Mark::At(it.until.millis())));
        }
    }

    fn at_the_rest(&mut self) {
        let state = self.state;
        for it in state.meetings() {
            let standing = match it.status {
                MeetingStatus::Called => MeetingStanding::Called,
                MeetingStatus::Closed { .. } => MeetingStanding::Closed,
                MeetingStatus::Cancelled { .. } => MeetingStanding::Cancelled,
            };
            let participants = it.draft.participants.iter().map(|it| Facet::Organization(*it));
            let facets = participants.chain([Facet::Status(Status::Meeting(standing))]);
            self.put(Register::Meetings, it.id.number(), facets);
            self.rank(Register::Meetings, it.id.number(), Rank::Held, Some(Mark::At(it.draft.at.millis())));
        }
        for it in state.agreements() {
            self.at_agreement(it);
        }
        for it in state.members() {
            let facets = [
                Facet::Organization(it.organization),
                Facet::Role(it.role),
                Facet::Status(Status::Member(it.revoked.is_some())),
                self.near(state.organization(it.organization).unwrap().draft.place),
            ];
            self.put(Register::Members, it.id.number(), facets);
            self.rank(Register::Members, it.id.number(), Rank::Name, Some(lettering(&it.label)));
        }
        for it in state.places() {
            let number = it.id.number();
            self.put(Register::Places, number, [self.near(Some(it.id)), Facet::Level(it.level)]);
            self.rank(Register::Places, number, Rank::Name, Some(lettering(&it.name)));
        }
        for it in state.organizations() {
            let (number, draft) = (it.id.number(), &it.draft);
            self.put(Register::Organizations, number, [self.near(draft.place), Facet::Kind(draft.kind)]);
            self.rank(Register::Organizations, number, Rank::Name, Some(lettering(&draft.name)));
        }
        for it in state.roster() {
            let place = Facet::Place(Some(it.community));
            let facets = [Facet::Organization(it.unit), place, Facet::Relation(it.relation)];
            self.put(Register::Roster, link_number(it), facets);
        }
    }

    fn at_agreement(&mut self, it: &Agreement) {
        let state = self.state;
        let number = it.id.number();
        let newest = it.versions.last().unwrap();
        let in_force =
            it.versions.iter().rev().filter(|_| it.withdrawn.is_none()).find(|version| {
                version.terms.parties.iter().all(|party| version.signatures.contains_key(party))
            });
        let standing = match (&it.withdrawn, in_force) {
            (Some(_), _) => AgreementStanding::Withdrawn,
            (None, Some(_)) => AgreementStanding::InForce,
            (None, None) => AgreementStanding::Drafted,
        };
        let about = match it.subject {
            Subject::Project(project) => {
                let entry = &state.project(project).unwrap().draft.entry;
                let category = entry.category.as_ref().map(|given| given.code.clone());
                [self.place_of(entry), Facet::Category(category)]
            }
            Subject::Pairing(pairing) => self.of_target(state.pairing(pairing).unwrap().terms.target),
        };
        let parties = newest.terms.parties.iter().map(|it| Facet::Organization(*it));
        let facets: Vec<Facet> =
            parties.chain(about).chain([Facet::Status(Status::Agreement(standing))]).collect();
        self.put(Register::Agreements, number, facets);
        let sides = match it.subject {
            Subject::Project(project) => vec![state.project(project).unwrap().draft.entry.organization],
            Subject::Pairing(pairing) => {
                let terms = &state.pairing(pairing).unwrap().terms;
                vec![self.asking(terms.target), self.giving(terms.supplier)]
            }
        };
        let signed_before = it.versions.iter().flat_map(|version| version.terms.parties.clone());
        let others = sides.into_iter().chain(signed_before).filter(|it| !newest.terms.parties.contains(it));
        self.put(Register::Agreements, number, others.map(Facet::Beside).collect::<Vec<_>>());
        let signed = in_force
            .and_then(|version| version.terms.parties.iter().map(|party| version.signatures[party]).max());
        self.rank(Register::Agreements, number, Rank::Signed, signed.map(|at| Mark::At(at.millis())));
        let yuan = newest.terms.budget.iter().map(|it| it.yuan).sum();
        self.rank(Register::Agreements, number, Rank::Value, Some(amount(yuan)));
        let open = in_force.into_iter().flat_map(|version| &version.terms.milestones).filter(|milestone| {
            it.milestones.get(&milestone.number).is_none_or(|reached| reached.at.is_none())
        });
        let due = open.map(|milestone| milestone.due).min();
        self.rank(Register::Agreements, number, Rank::Due, due.map(end));
    }
}

fn standing_of(it: &Delivery) -> DeliveryStanding {
    match it.status {
        DeliveryStatus::Recorded => DeliveryStanding::Recorded,
        DeliveryStatus::Confirmed { .. } => DeliveryStanding::Confirmed,
        DeliveryStatus::Disputed { .. } => DeliveryStanding::Disputed,
        DeliveryStatus::Withdrawn { .. } => DeliveryStanding::Withdrawn,
    }
}
