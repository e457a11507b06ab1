//! Where things are listed, by looking at each of them once more: what they have in common, and in which order they stand.

use super::Findings;
use crate::{
    agreement::{Agreement, Subject},
    bid::BidStatus,
    category::CategoryCode,
    delivery::{Delivery, DeliveryStatus},
    entry::EntryDraft,
    history::Entity,
    identity::{OrganizationId, PairingId, PlaceId},
    meeting::MeetingStatus,
    need::{NeedStatus, Review, Urgency},
    pairing::{Origin, Pairing, PairingStatus, Target},
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
use chrono::{Datelike, NaiveDate, NaiveTime};
use std::collections::{BTreeMap, BTreeSet};

type Listed = BTreeSet<(Register, Facet, u64)>;
type Ranked = BTreeSet<(Register, Rank, Mark, u64)>;

pub(super) fn look(state: &State, findings: &mut Findings) {
    let partners = partners(state);
    let mut look = Look { state, partners, listed: Listed::new(), ranked: Ranked::new() };
    look.at_entries();
    look.at_pairings();
    look.at_bids_and_calls();
    look.at_the_rest();
    let (mut listed, mut ranked) = (Vec::new(), Vec::new());
    for register in Register::ALL {
        for kind in FacetKind::ALL {
            for (facet, shelf) in state.facets(register, kind) {
                let before = listed.len();
                listed.extend(shelf.numbers(None, None).map(|number| (register, facet.clone(), number)));
                let (kept, found) = (shelf.len(), listed.len() - before);
                let lengths = BTreeMap::from([((register, facet), found)]);
                findings.compare("shelves", [((register, facet), kept)], lengths, |_| Entity::Street);
            }
        }
        for rank in Rank::ALL {
            let all = ((Mark::At(i64::MIN), 0), (Mark::Nothing, u64::MAX));
            ranked.extend(state.ranked(register, rank, all).map(|(mark, it)| (register, rank, mark, it)));
        }
    }
    findings.compare_sets("register", listed, look.listed, |(register, _, number)| register.entity(*number));
    findings.compare_sets("orders", ranked, look.ranked, |(register, _, _, number)| register.entity(*number));
}

/// Who gives in each joint claim, by its leader.
fn partners(state: &State) -> BTreeMap<PairingId, BTreeSet<OrganizationId>> {
    let mut found: BTreeMap<PairingId, BTreeSet<OrganizationId>> = BTreeMap::new();
    for it in state.pairings() {
        let leader = it.joint.map(|leader| found.entry(leader).or_default());
        if let (Some(all), Some(giving)) = (leader, state.giving(it.terms.supplier)) {
            all.insert(giving);
        }
    }
    found
}

struct Look<'a> {
    state: &'a State,
    partners: BTreeMap<PairingId, BTreeSet<OrganizationId>>,
    listed: Listed,
    ranked: Ranked,
}

/// The end of a day, by UTC.
fn end(day: NaiveDate) -> Mark {
    let next = day.succ_opt().unwrap_or(day);
    Mark::At(next.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

fn amount(it: u64) -> Mark {
    Mark::At(i64::try_from(it).unwrap_or(i64::MAX))
}

/// The first four characters, as digits of a number; what stands beyond the basic plane hides what follows it.
fn lettering(name: &str) -> Mark {
    let mut letters: Vec<i128> =
        name.chars().take(4).map(|it| i128::from(u32::from(it)).min(0xffff)).collect();
    let hidden = letters.iter().position(|it| *it == 0xffff).unwrap_or(4);
    letters.resize(4, 0);
    let digit = |(index, letter): (usize, &i128)| if index < hidden { *letter } else { 0xffff };
    let number = letters.iter().enumerate().map(digit).fold(0, |number, digit| number * 0x1_0000 + digit);
    Mark::At(i64::try_from(number - (1 << 63)).unwrap_or(i64::MAX))
}

impl Look<'_> {
    fn put(&mut self, register: Register, number: u64, facets: impl IntoIterator<Item = Facet>) {
        for facet in facets {
            if let Facet::Category(category) = &facet {
                let top = |code: &CategoryCode| {
                    let parent = self.state.category(code).and_then(|it| it.parent.clone());
                    parent.unwrap_or_else(|| code.clone())
                };
                let top = Facet::TopCategory(category.as_ref().map(top));
                self.listed.insert((register, top, number));
            }
            self.listed.insert((register, facet, number));
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
        let poster = self.state.organization(entry.organization);
        self.near(entry.place.or_else(|| poster.and_then(|it| it.draft.place)))
    }

    /// Where a need or slot lies and what it is about; nothing of a slot that is not any more.
    fn of_target(&self, target: Target) -> [Facet; 2] {
        let found = match target {
            Target::Need(need) => {
                self.state.need(need).map(|it| (&it.draft.entry, it.draft.entry.category.as_ref()))
            }
            Target::Slot(project, index) => self.state.project(project).and_then(|it| {
                let slot = it.draft.slots.get(usize::from(index))?;
                Some((&it.draft.entry, slot.category.as_ref()))
            }),
        };
        let place = found.map_or(Facet::Place(None), |(entry, _)| self.place_of(entry));
        [place, Facet::Category(found.and_then(|(_, category)| Some(category?.code.clone())))]
    }

    fn sides(&self, it: &Pairing) -> impl Iterator<Item = Facet> + use<> {
        let sides = [self.state.asking(it.terms.target), self.state.giving(it.terms.supplier)];
        sides.into_iter().flatten().map(Facet::Organization)
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
            let facets = self.sides(it).chain(self.of_target(it.terms.target)).chain(plan);
            let facets: Vec<Facet> = facets.chain([Facet::Status(Status::Pairing(standing))]).collect();
            self.put(Register::Pairings, number, facets);
            let sides = [state.asking(it.terms.target), state.giving(it.terms.supplier)];
            let partners = it.joint.and_then(|leader| self.partners.get(&leader)).into_iter().flatten();
            let others = partners.filter(|partner| !sides.contains(&Some(**partner)));
            let others: Vec<Facet> = others.map(|it| Facet::Beside(*it)).collect();
            self.put(Register::Pairings, number, others);
            let due = match (&it.status, it.terms.target) {
                (PairingStatus::Claimed { until, .. }, _) => Some(Mark::At(until.millis())),
                (PairingStatus::Agreed { .. }, Target::Need(need)) => {
                    state.need(need).and_then(|need| need.draft.entry.window.to).map(end)
                }
                (PairingStatus::Agreed { .. }, Target::Slot(project, index)) => {
                    let draft = state.project(project).map(|it| &it.draft);
                    let slot = draft.and_then(|draft| Some((draft, draft.slots.get(usize::from(index))?)));
                    slot.and_then(|(draft, slot)| slot.window.to.or(draft.entry.window.to)).map(end)
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
            let Some(pairing) = state.pairing(it.pairing) else { continue };
            let facets = self.sides(pairing).chain(self.of_target(pairing.terms.target));
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
            let sides = [
                state.giving(it.draft.supplier).map(Facet::Organization),
                state.asking(it.draft.target).map(Facet::Asking),
            ];
            let own = sides.into_iter().flatten().chain([Facet::Status(Status::Bid(standing))]);
            let facets: Vec<Facet> = own.chain(self.of_target(it.draft.target)).collect();
            self.put(Register::Bids, it.id.number(), facets);
            self.rank(Register::Bids, it.id.number(), Rank::Quantity, Some(amount(it.draft.quantity)));
        }
        for it in state.calls() {
            let number = call_number(it.target);
            let standing = if it.closed.is_none() { CallStanding::Open } else { CallStanding::Closed };
            let asking = state.asking(it.target).map(Facet::Organization);
            let own = asking.into_iter().chain([Facet::Status(Status::Call(standing))]);
            let facets: Vec<Facet> = own.chain(self.of_target(it.target)).collect();
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
                self.near(state.organization(it.organization).and_then(|it| it.draft.place)),
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
        let Some(newest) = it.versions.last() else { return };
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
                let entry = state.project(project).map(|it| &it.draft.entry);
                let category = entry.and_then(|entry| Some(entry.category.as_ref()?.code.clone()));
                let place = entry.map_or(Facet::Place(None), |entry| self.place_of(entry));
                [place, Facet::Category(category)]
            }
            Subject::Pairing(pairing) => match state.pairing(pairing) {
                Some(pairing) => self.of_target(pairing.terms.target),
                None => return,
            },
        };
        let parties = newest.terms.parties.iter().map(|it| Facet::Organization(*it));
        let facets: Vec<Facet> =
            parties.chain(about).chain([Facet::Status(Status::Agreement(standing))]).collect();
        self.put(Register::Agreements, number, facets);
        let sides = match it.subject {
            Subject::Project(project) => [state.project(project).map(|it| it.draft.entry.organization), None],
            Subject::Pairing(pairing) => {
                let terms = state.pairing(pairing).map(|it| &it.terms);
                [
                    terms.and_then(|terms| state.asking(terms.target)),
                    terms.and_then(|terms| state.giving(terms.supplier)),
                ]
            }
        };
        let signed_before = it.versions.iter().flat_map(|version| version.terms.parties.clone());
        let others =
            sides.into_iter().flatten().chain(signed_before).filter(|it| !newest.terms.parties.contains(it));
        self.put(Register::Agreements, number, others.map(Facet::Beside).collect::<Vec<_>>());
        let signed = in_force.and_then(|version| {
            version.terms.parties.iter().filter_map(|party| version.signatures.get(party)).max()
        });
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
