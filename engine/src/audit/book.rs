//! The book of a log: while it is read from its beginning, every need and pairing is written on a card, every account and track
//! record on a page. At the end the cards are counted and compared with what the state has counted event by event. Nothing here
//! asks the state what it has counted.

mod cards;
mod compare;
mod records;

use crate::{
    agreement::{Subject, Terms},
    appraisal::Grade,
    category::CategoryCode,
    contribution::Account,
    entry::EntryDraft,
    event::Event,
    evolve::Recorded,
    figures::{Line, Scope, Turn},
    identity::{AgreementId, DeliveryId, NeedId, OrganizationId, PairingId, PlaceId, ProjectId, ResourceId},
    moment::Moment,
    need::{NeedDraft, RejectionGround},
    organization::OrganizationDraft,
    pairing::{PairingTerms, Side, Supplier, Target},
    period::Month,
    place::PlaceLevel,
    project::ProjectDraft,
    record::Record,
    rules::Rules,
    tallies::Slice,
};
use cards::{AgreementCard, DeliveryCard, NeedCard, NeedEnding, PairingCard, PairingEnding};
use std::collections::{BTreeMap, BTreeSet};

/// What the log says of everything that is counted when it happens.
#[derive(Clone, Debug)]
pub struct Book {
    rules: Rules,
    places: BTreeMap<PlaceId, (PlaceLevel, Option<PlaceId>)>,
    organizations: BTreeMap<OrganizationId, OrganizationDraft>,
    tops: BTreeMap<CategoryCode, Option<CategoryCode>>,
    needs: BTreeMap<NeedId, NeedCard>,
    resources: BTreeMap<ResourceId, OrganizationId>,
    projects: BTreeMap<ProjectId, (Moment, ProjectDraft)>,
    verdicts: BTreeMap<ProjectId, Grade>,
    pairings: BTreeMap<PairingId, PairingCard>,
    of_target: BTreeMap<Target, Vec<PairingId>>,
    deliveries: BTreeMap<DeliveryId, DeliveryCard>,
    of_pairing: BTreeMap<PairingId, Vec<DeliveryId>>,
    agreements: BTreeMap<AgreementId, AgreementCard>,
    of_subject: BTreeMap<Subject, Vec<AgreementId>>,
    accounts: BTreeMap<OrganizationId, Account>,
    statements: BTreeMap<OrganizationId, Vec<(Month, Line)>>,
    records: BTreeMap<OrganizationId, Record>,
    taken_up: records::TakenUp,
    rated: bool,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            rules: Rules::STANDARD,
            places: BTreeMap::new(),
            organizations: BTreeMap::new(),
            tops: BTreeMap::new(),
            needs: BTreeMap::new(),
            resources: BTreeMap::new(),
            projects: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            pairings: BTreeMap::new(),
            of_target: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            of_pairing: BTreeMap::new(),
            agreements: BTreeMap::new(),
            of_subject: BTreeMap::new(),
            accounts: BTreeMap::new(),
            statements: BTreeMap::new(),
            records: BTreeMap::new(),
            taken_up: BTreeMap::new(),
            rated: false,
        }
    }
}

impl Book {
    /// Writes down what one event says. What it says of things that are not there is passed over: see the references.
    pub fn read(&mut self, recorded: Recorded, event: &Event) {
        self.at_the_street(event);
        self.at_needs(recorded.time, event);
        self.at_pairings(recorded.time, event);
        self.at_works(recorded, event);
    }

    fn at_the_street(&mut self, event: &Event) {
        match event {
            Event::RulesSet { rules } => self.rules = rules.clone(),
            Event::PlaceAdded { place } => {
                self.places.insert(place.id, (place.level, place.parent));
            }
            Event::OrganizationRegistered { organization, draft }
            | Event::OrganizationAmended { organization, draft } => {
                self.organizations.insert(*organization, draft.clone());
            }
            Event::CategoryDefined { category } => {
                self.tops.insert(category.code.clone(), category.parent.clone());
            }
            Event::CategoryRetired { code } => drop(self.tops.remove(code)),
            Event::ResourcePosted { resource, draft } | Event::ResourceAmended { resource, draft } => {
                self.resources.insert(*resource, draft.entry.organization);
            }
            _ => {}
        }
    }

    fn at_needs(&mut self, at: Moment, event: &Event) {
        match event {
            Event::NeedPosted { need, draft } => {
                let card = NeedCard {
                    month: self.month(at),
                    posted: at,
                    entry: draft.entry.clone(),
                    filed: self.of_need(draft),
                    ended: None,
                    carried: false,
                    overdue: false,
                    replied: None,
                    met: false,
                    concluded: None,
                    grade: None,
                };
                self.needs.insert(*need, card);
            }
            Event::NeedAmended { need, draft } => {
                let filed = self.of_need(draft);
                if let Some(card) = self.needs.get_mut(need) {
                    (card.filed, card.entry) = (filed, draft.entry.clone());
                }
                self.look_whether_met(*need, at);
            }
            Event::NeedWithdrawn { need, .. } => self.end(*need, NeedEnding::Withdrawn),
            Event::NeedExpired { need } => self.end(*need, NeedEnding::Expired),
            Event::NeedMerged { need, .. } => {
                self.reply(*need, at);
                self.end(*need, NeedEnding::Merged);
            }
            Event::NeedVerified { need } => self.reply(*need, at),
            Event::NeedRejected { need, ground, .. } => {
                self.reply(*need, at);
                match ground {
                    RejectionGround::DuplicateOf { .. } => self.end(*need, NeedEnding::Merged),
                    RejectionGround::Other => self.end(*need, NeedEnding::Otherwise),
                    _ => {
                        self.end(*need, NeedEnding::Rejected);
                        self.conclude(*need, at);
                    }
                }
            }
            Event::NeedStruckOff { need, .. } => {
                self.reply(*need, at);
                self.needs.entry(*need).and_modify(|card| card.met = true);
                self.conclude(*need, at);
            }
            Event::NeedCarriedOver { need, .. } => {
                self.needs.entry(*need).and_modify(|card| card.carried = true);
            }
            Event::ReplyFellOverdue { need } => {
                self.needs.entry(*need).and_modify(|card| card.overdue = true);
            }
            Event::NeedAppraised { need, appraisal } => {
                self.needs.entry(*need).and_modify(|card| card.grade = Some(appraisal.grade));
                let served = self.of_target.get(&Target::Need(*need)).cloned().unwrap_or_default();
                self.appraise(&served, appraisal.grade);
            }
            _ => {}
        }
    }

    fn at_pairings(&mut self, at: Moment, event: &Event) {
        match event {
            Event::PairingProposed { pairing, terms, .. }
            | Event::PairingRequested { pairing, terms, .. } => {
                self.begin(*pairing, terms, at);
            }
            Event::PairingClaimed { pairing, side, .. } => {
                let Some(card) = self.pairings.get_mut(pairing) else { return };
                card.claimed.get_or_insert(at);
                card.waits_on = Some(*side);
                if let (Target::Need(need), Side::Giving) = (card.terms.target, side) {
                    self.reply(need, at);
                }
            }
            Event::PairingAgreed { pairing, .. } => {
                let Some(card) = self.pairings.get_mut(pairing) else { return };
                card.claimed.get_or_insert(at);
                card.agreed = Some(at);
                if let Target::Need(need) = card.terms.target {
                    self.reply(need, at);
                }
                self.sign(*pairing, at);
            }
            Event::PairingDeclined { pairing, side, .. } => {
                self.decline(*pairing, *side);
                self.over(*pairing, PairingEnding::Declined);
            }
            Event::PairingLapsed { pairing } => {
                self.lapse(*pairing);
                self.over(*pairing, PairingEnding::Lapsed);
            }
            Event::PairingWithdrawn { pairing, .. } => self.over(*pairing, PairingEnding::TakenBack),
            Event::PairingSuperseded { pairing } => self.over(*pairing, PairingEnding::Superseded),
            Event::PairingChanged { pairing, quantity, draws, .. } => {
                if let Some(card) = self.pairings.get_mut(pairing) {
                    (card.terms.quantity, card.terms.draws) = (*quantity, *draws);
                }
            }
            Event::PairingAccepted { pairing } => {
                let days = self.rules.limits.resolve_days;
                if let Some(card) = self.pairings.get_mut(pairing) {
                    card.in_time = card.agreed.is_some_and(|since| within(since, at, days));
                    card.done = Some(at);
                }
                self.fulfil(*pairing);
            }
            _ => {}
        }
    }

    fn at_works(&mut self, recorded: Recorded, event: &Event) {
        let at = recorded.time;
        match event {
            Event::ProjectPosted { project, draft } => {
                self.projects.insert(*project, (at, draft.clone()));
            }
            Event::ProjectAmended { project, draft } => {
                self.projects.entry(*project).and_modify(|(_, kept)| kept.clone_from(draft));
            }
            Event::ProjectAppraised { project, appraisal } => {
                self.verdicts.insert(*project, appraisal.grade);
                let served = self.of_project(*project);
                self.appraise(&served, appraisal.grade);
            }
            Event::AgreementDrafted { agreement, subject, terms } => {
                let versions = vec![(terms.clone(), BTreeSet::new())];
                self.agreements
                    .insert(*agreement, AgreementCard { subject: *subject, versions, void: false });
                self.of_subject.entry(*subject).or_default().push(*agreement);
            }
            Event::AgreementAmended { agreement, terms } => {
                if let Some(card) = self.agreements.get_mut(agreement) {
                    card.versions.push((terms.clone(), BTreeSet::new()));
                }
            }
            Event::AgreementSigned { agreement, version, party } => {
                let Some(card) = self.agreements.get_mut(agreement) else { return };
                let index = usize::try_from(*version).unwrap_or(0).wrapping_sub(1);
                if let Some((_, by)) = card.versions.get_mut(index) {
                    by.insert(*party);
                }
                let covered = match card.subject {
                    Subject::Pairing(pairing) => vec![pairing],
                    Subject::Project(project) => self.of_project(project),
                };
                covered.into_iter().for_each(|pairing| self.sign(pairing, at));
            }
            Event::AgreementWithdrawn { agreement, .. } => {
                self.agreements.entry(*agreement).and_modify(|card| card.void = true);
            }
            Event::DeliveryRecorded { delivery, pairing, draft } => {
                let card = DeliveryCard { pairing: *pairing, quantity: draft.quantity, confirmed: false };
                self.deliveries.insert(*delivery, card);
                self.of_pairing.entry(*pairing).or_default().push(*delivery);
            }
            Event::DeliveryCorrected { delivery, draft } => {
                self.deliveries.entry(*delivery).and_modify(|card| card.quantity = draft.quantity);
            }
            Event::DeliveryConfirmed { delivery } => {
                let Some(card) = self.deliveries.get_mut(delivery) else { return };
                card.confirmed = true;
                let target = self.pairings.get(&card.pairing).map(|card| card.terms.target);
                if let Some(Target::Need(need)) = target {
                    self.look_whether_met(need, at);
                }
            }
            Event::ContributionCredited { organization, delivery, credit } => {
                let account = self.accounts.entry(*organization).or_default();
                account.points += credit.points;
                account.deliveries += 1;
                for (class, minutes) in &credit.minutes {
                    *account.minutes.entry(*class).or_default() += minutes;
                }
                let turn = Turn::Credited { delivery: *delivery, credit: credit.clone() };
                self.write_line(recorded, *organization, turn);
            }
            Event::ContributionRedeemed { organization, redemption } => {
                let account = self.accounts.entry(*organization).or_default();
                account.points_spent += redemption.points;
                account.minutes_spent += redemption.minutes;
                self.write_line(recorded, *organization, Turn::Redeemed { redemption: redemption.clone() });
            }
            _ => {}
        }
    }

    fn write_line(&mut self, recorded: Recorded, organization: OrganizationId, turn: Turn) {
        let month = self.month(recorded.time);
        let account = self.accounts.entry(organization).or_default();
        let (earned, spent) = (account.minutes.values().sum::<u64>(), account.minutes_spent);
        let lines = self.statements.entry(organization).or_default();
        let line = Line {
            number: lines.len() as u64 + 1,
            position: recorded.position,
            time: recorded.time,
            turn,
            points_left: account.points.saturating_sub(account.points_spent),
            minutes_left: earned.saturating_sub(spent),
        };
        lines.push((month, line));
    }

    fn month(&self, at: Moment) -> Month {
        Month::of(at.date(self.rules.utc_offset_minutes))
    }

    fn of_need(&self, draft: &NeedDraft) -> Vec<Scope> {
        let mut common = self.of_entry(&draft.entry);
        common.extend(self.whats(draft.entry.category.as_ref().map(|it| &it.code)));
        common.extend(draft.channel.map(Slice::Channel));
        common.extend(draft.entry.form.map(Slice::Form));
        self.filed(&draft.entry, common)
    }

    /// Who asks, and whom it is for.
    fn of_entry(&self, entry: &EntryDraft) -> Vec<Slice> {
        let group = entry.beneficiaries.group.map(Slice::Beneficiary);
        [Slice::Organization(entry.organization)].into_iter().chain(group).collect()
    }

    /// The street, the place of an entry with all around it, and what it has in common with others: everywhere, and in its
    /// community, or where it lies when no community is around.
    fn filed(&self, entry: &EntryDraft, common: Vec<Slice>) -> Vec<Scope> {
        let mut filed = vec![Scope::Street];
        let seat = self.organizations.get(&entry.organization).and_then(|draft| draft.place);
        let mut place = entry.place.or(seat);
        let mut near = place;
        while let Some((here, (level, parent))) =
            place.and_then(|here| Some((here, *self.places.get(&here)?)))
        {
            filed.push(Scope::Place(here));
            if level == PlaceLevel::Community {
                near = Some(here);
            }
            place = parent;
        }
        filed.extend(common.iter().filter_map(|it| Some(Scope::Near(near?, it.clone()))));
        filed.extend(common.into_iter().map(Scope::Of));
        filed
    }

    fn whats(&self, leaf: Option<&CategoryCode>) -> Vec<Slice> {
        let top = leaf.and_then(|leaf| self.tops.get(leaf)).cloned().flatten();
        leaf.cloned().into_iter().chain(top).map(Slice::Category).collect()
    }

    fn of_project(&self, project: ProjectId) -> Vec<PairingId> {
        let slots = Target::Slot(project, 0)..=Target::Slot(project, u16::MAX);
        self.of_target.range(slots).flat_map(|(_, all)| all.iter().copied()).collect()
    }

    fn giver(&self, supplier: Supplier) -> Option<OrganizationId> {
        match supplier {
            Supplier::Resource(resource) => self.resources.get(&resource).copied(),
            Supplier::Unit(unit) => Some(unit),
        }
    }

    fn begin(&mut self, id: PairingId, terms: &PairingTerms, at: Moment) {
        let asked = match terms.target {
            Target::Need(need) => self.needs.get(&need).map(|card| {
                let channel = card.filed.iter().find_map(|it| match it {
                    Scope::Of(channel @ Slice::Channel(_)) => Some(channel.clone()),
                    _ => None,
                });
                (card.entry.clone(), card.posted, None, None, channel)
            }),
            Target::Slot(project, index) => self.projects.get(&project).and_then(|(posted, draft)| {
                let slot = draft.slots.get(usize::from(index))?;
                Some((draft.entry.clone(), *posted, slot.category.clone(), slot.form, None))
            }),
        };
        let (Some((entry, posted, category, form, channel)), Some(giver)) =
            (asked, self.giver(terms.supplier))
        else {
            return;
        };
        let mut common = self.of_entry(&entry);
        common.push(Slice::Giving(giver));
        common.extend(self.organizations.get(&giver).map(|draft| Slice::UnitKind(draft.kind.unit_kind())));
        common.extend(channel);
        common.extend(form.or(entry.form).map(Slice::Form));
        let category = category.or_else(|| entry.category.clone()).map(|it| it.code);
        common.extend(self.whats(category.as_ref()));
        let filed = self.filed(&entry, common);
        let card = PairingCard {
            month: self.month(at),
            posted,
            terms: terms.clone(),
            filed,
            waits_on: None,
            claimed: None,
            agreed: None,
            signed: None,
            done: None,
            in_time: false,
            ended: None,
        };
        self.of_target.entry(terms.target).or_default().push(id);
        self.pairings.insert(id, card);
    }

    fn end(&mut self, need: NeedId, how: NeedEnding) {
        self.needs.entry(need).and_modify(|card| card.ended = Some(how));
    }

    fn over(&mut self, pairing: PairingId, how: PairingEnding) {
        if let Some(card) = self.pairings.get_mut(&pairing) {
            // What is taken back after all is not fulfilled.
            (card.ended, card.done) = (Some(how), None);
        }
    }

    fn reply(&mut self, need: NeedId, at: Moment) {
        let days = self.rules.limits.reply_days;
        if let Some(card) = self.needs.get_mut(&need) {
            card.replied.get_or_insert(!card.overdue && within(card.posted, at, days));
        }
    }

    fn conclude(&mut self, need: NeedId, at: Moment) {
        let days = self.rules.limits.resolve_days;
        if let Some(card) = self.needs.get_mut(&need) {
            card.concluded.get_or_insert(within(card.posted, at, days));
        }
    }

    /// All it asks is accepted when the confirmed deliveries of its agreed pairings come to it.
    fn look_whether_met(&mut self, need: NeedId, at: Moment) {
        let pairings = self.of_target.get(&Target::Need(need)).into_iter().flatten();
        let agreed = pairings.filter(|id| {
            self.pairings.get(id).is_some_and(|card| card.agreed.is_some() && card.ended.is_none())
        });
        let deliveries = agreed.filter_map(|id| self.of_pairing.get(id)).flatten();
        let confirmed = deliveries.filter_map(|id| self.deliveries.get(id)).filter(|card| card.confirmed);
        let accepted: u64 = confirmed.map(|card| card.quantity).sum();
        let Some(card) = self.needs.get_mut(&need) else { return };
        if accepted >= card.entry.amount() {
            card.met = true;
            self.conclude(need, at);
        }
    }

    /// Notes when an agreement first covered an agreed pairing.
    fn sign(&mut self, id: PairingId, at: Moment) {
        let Some(card) = self.pairings.get(&id) else { return };
        let project = match card.terms.target {
            Target::Slot(project, _) => Some(Subject::Project(project)),
            Target::Need(_) => None,
        };
        let subjects = [Some(Subject::Pairing(id)), project];
        let all =
            subjects.into_iter().flatten().filter_map(|subject| self.of_subject.get(&subject)).flatten();
        let in_force = all.filter_map(|id| self.agreements.get(id)).any(|agreement| {
            let signed = |(terms, by): &(Terms, BTreeSet<OrganizationId>)| {
                !terms.parties.is_empty() && terms.parties.iter().all(|party| by.contains(party))
            };
            !agreement.void && agreement.versions.iter().any(signed)
        });
        if in_force && let Some(card) = self.pairings.get_mut(&id) {
            let goes_on = card.agreed.is_some() && card.ended.is_none() && card.done.is_none();
            card.signed = card.signed.or(goes_on.then_some(at));
        }
    }
}

fn within(since: Moment, at: Moment, days: u16) -> bool {
    days == 0 || at.millis() - since.millis() < i64::from(days) * 86_400_000
}
