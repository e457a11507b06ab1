//! The figures, counted once more: the log is read from its beginning, every need and pairing is written on a card,
//! and the cards are counted. Nothing here asks the engine what it has counted.

use engine::{
    agreement::{Subject, Terms},
    appraisal::Grade,
    category::CategoryCode,
    contribution::Credit,
    entry::EntryDraft,
    event::Event,
    evolve::Recorded,
    figures::{Counts, Earned, Histogram, Scope},
    identity::{AgreementId, DeliveryId, NeedId, OrganizationId, PairingId, PlaceId, ProjectId, ResourceId},
    moment::Moment,
    need::RejectionGround,
    organization::UnitKind,
    pairing::{PairingTerms, Side, Supplier, Target},
    period::Month,
    project::ProjectDraft,
    rules::Rules,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a need.
#[derive(Clone, Debug)]
struct NeedCard {
    month: Month,
    posted: Moment,
    asked: u64,
    entry: EntryDraft,
    filed: Vec<Scope>,
    out: bool,
    ended: &'static str,
    carried: bool,
    overdue: bool,
    replied: Option<bool>,
    met: bool,
    concluded: Option<bool>,
    grade: Option<Grade>,
}

/// What is known of a pairing.
#[derive(Clone, Debug)]
struct PairingCard {
    month: Month,
    posted: Moment,
    terms: PairingTerms,
    filed: Vec<Scope>,
    claimed: Option<Moment>,
    agreed: bool,
    signed: Option<Moment>,
    done: Option<Moment>,
    in_time: bool,
    both: Option<Moment>,
    ended: &'static str,
}

/// The versions of an agreement, each with who has signed it.
type Versions = Vec<(Terms, BTreeSet<OrganizationId>)>;

/// The cards of one log.
#[derive(Clone, Debug)]
pub struct Cards {
    rules: Rules,
    places: BTreeMap<PlaceId, Option<PlaceId>>,
    organizations: BTreeMap<OrganizationId, (Option<PlaceId>, UnitKind)>,
    tops: BTreeMap<CategoryCode, Option<CategoryCode>>,
    needs: BTreeMap<NeedId, NeedCard>,
    resources: BTreeMap<ResourceId, OrganizationId>,
    projects: BTreeMap<ProjectId, (Moment, ProjectDraft)>,
    verdicts: BTreeMap<ProjectId, Grade>,
    pairings: BTreeMap<PairingId, PairingCard>,
    deliveries: BTreeMap<DeliveryId, (PairingId, u64, bool)>,
    agreements: BTreeMap<AgreementId, (Subject, Versions)>,
    void: BTreeSet<AgreementId>,
    pub(super) earned: BTreeMap<(Month, OrganizationId), Earned>,
}

impl Default for Cards {
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
            deliveries: BTreeMap::new(),
            agreements: BTreeMap::new(),
            void: BTreeSet::new(),
            earned: BTreeMap::new(),
        }
    }
}

impl Cards {
    /// Writes down what one event says.
    pub fn read(&mut self, recorded: Recorded, event: &Event) {
        let at = recorded.time;
        match event {
            Event::RulesSet { rules } => self.rules = rules.clone(),
            Event::PlaceAdded { place } => {
                self.places.insert(place.id, place.parent);
            }
            Event::OrganizationRegistered { organization, draft }
            | Event::OrganizationAmended { organization, draft } => {
                self.organizations.insert(*organization, (draft.place, draft.kind.unit_kind()));
            }
            Event::CategoryDefined { category } => {
                self.tops.insert(category.code.clone(), category.parent.clone());
            }
            Event::CategoryRetired { code } => {
                self.tops.remove(code);
            }
            Event::NeedPosted { need, draft } => {
                let mut filed = vec![Scope::Street, Scope::Asking(draft.entry.organization)];
                filed.extend(self.wheres(&draft.entry));
                filed.extend(self.whats(draft.entry.category.as_ref().map(|it| &it.code)));
                filed.extend(draft.channel.map(Scope::Channel));
                filed.extend(draft.entry.form.map(Scope::Form));
                filed.extend(draft.entry.beneficiaries.group.map(Scope::Beneficiary));
                let card = NeedCard {
                    month: self.month(at),
                    posted: at,
                    asked: draft.entry.amount(),
                    entry: draft.entry.clone(),
                    filed,
                    out: draft.entry.settled.is_some(),
                    ended: "",
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
                let mut filed = vec![Scope::Street, Scope::Asking(draft.entry.organization)];
                filed.extend(self.wheres(&draft.entry));
                filed.extend(self.whats(draft.entry.category.as_ref().map(|it| &it.code)));
                filed.extend(draft.channel.map(Scope::Channel));
                filed.extend(draft.entry.form.map(Scope::Form));
                filed.extend(draft.entry.beneficiaries.group.map(Scope::Beneficiary));
                let card = self.needs.get_mut(need).unwrap();
                card.filed = filed;
                card.asked = draft.entry.amount();
                card.entry = draft.entry.clone();
                card.out = draft.entry.settled.is_some();
                self.look_whether_met(*need, at);
            }
            Event::NeedWithdrawn { need, .. } => self.end(*need, "withdrawn"),
            Event::NeedExpired { need } => self.end(*need, "expired"),
            Event::NeedMerged { need, .. } => {
                self.reply(*need, at);
                self.end(*need, "merged");
            }
            Event::NeedVerified { need } => self.reply(*need, at),
            Event::NeedRejected { need, ground, .. } => {
                self.reply(*need, at);
                self.end(
                    *need,
                    match ground {
                        RejectionGround::DuplicateOf { .. } => "merged",
                        RejectionGround::Other => "",
                        _ => "rejected",
                    },
                );
                if self.needs[need].ended == "rejected" {
                    self.conclude(*need, at);
                }
            }
            Event::NeedStruckOff { need, .. } => {
                self.reply(*need, at);
                self.needs.get_mut(need).unwrap().met = true;
                self.conclude(*need, at);
            }
            Event::NeedCarriedOver { need, .. } => self.needs.get_mut(need).unwrap().carried = true,
            Event::ReplyFellOverdue { need } => self.needs.get_mut(need).unwrap().overdue = true,
            Event::NeedAppraised { need, appraisal } => {
                self.needs.get_mut(need).unwrap().grade = Some(appraisal.grade);
            }
            Event::ResourcePosted { resource, draft } | Event::ResourceAmended { resource, draft } => {
                self.resources.insert(*resource, draft.entry.organization);
            }
            Event::ProjectPosted { project, draft } => {
                self.projects.insert(*project, (at, draft.clone()));
            }
            Event::ProjectAmended { project, draft } => {
                self.projects.get_mut(project).unwrap().1 = draft.clone();
            }
            Event::PairingProposed { pairing, terms, .. }
            | Event::PairingRequested { pairing, terms, .. } => {
                self.begin(*pairing, terms, at);
            }
            Event::PairingClaimed { pairing, side, .. } => {
                let card = self.pairings.get_mut(pairing).unwrap();
                card.claimed.get_or_insert(at);
                if let (Target::Need(need), Side::Giving) = (card.terms.target, side) {
                    self.reply(need, at);
                }
            }
            Event::PairingAgreed { pairing, .. } => {
                let card = self.pairings.get_mut(pairing).unwrap();
                card.claimed.get_or_insert(at);
                card.agreed = true;
                card.both = Some(at);
                if let Target::Need(need) = card.terms.target {
                    self.reply(need, at);
                }
                self.sign(*pairing, at);
            }
            Event::PairingDeclined { pairing, .. } => self.over(*pairing, "declined"),
            Event::PairingLapsed { pairing } => self.over(*pairing, "lapsed"),
            Event::PairingWithdrawn { pairing, .. } => self.over(*pairing, "taken back"),
            Event::PairingSuperseded { pairing } => self.over(*pairing, "superseded"),
            Event::PairingChanged { pairing, quantity, draws, .. } => {
                let terms = &mut self.pairings.get_mut(pairing).unwrap().terms;
                (terms.quantity, terms.draws) = (*quantity, *draws);
            }
            Event::PairingAccepted { pairing } => {
                let since = self.pairings[pairing].both.unwrap();
                let in_time = self.within(since, at, self.rules.limits.resolve_days);
                let card = self.pairings.get_mut(pairing).unwrap();
                (card.done, card.in_time) = (Some(at), in_time);
            }
            Event::ProjectAppraised { project, appraisal } => {
                self.verdicts.insert(*project, appraisal.grade);
            }
            Event::AgreementDrafted { agreement, subject, terms } => {
                self.agreements.insert(*agreement, (*subject, vec![(terms.clone(), BTreeSet::new())]));
            }
            Event::AgreementAmended { agreement, terms } => {
                self.agreements.get_mut(agreement).unwrap().1.push((terms.clone(), BTreeSet::new()));
            }
            Event::AgreementSigned { agreement, version, party } => {
                let versions = &mut self.agreements.get_mut(agreement).unwrap().1;
                versions[*version as usize - 1].1.insert(*party);
                let all: Vec<PairingId> = self.pairings.keys().copied().collect();
                for pairing in all {
                    self.sign(pairing, at);
                }
            }
            Event::AgreementWithdrawn { agreement, .. } => {
                self.void.insert(*agreement);
            }
            Event::DeliveryRecorded { delivery, pairing, draft } => {
                self.deliveries.insert(*delivery, (*pairing, draft.quantity, false));
            }
            Event::DeliveryCorrected { delivery, draft } => {
                self.deliveries.get_mut(delivery).unwrap().1 = draft.quantity;
            }
            Event::DeliveryConfirmed { delivery } => {
                let delivery = self.deliveries.get_mut(delivery).unwrap();
                delivery.2 = true;
                if let Target::Need(need) = self.pairings[&delivery.0].terms.target {
                    self.look_whether_met(need, at);
                }
            }
            Event::ContributionCredited { organization, credit, .. } => {
                self.credit(*organization, credit, at)
            }
            _ => {}
        }
    }

    fn month(&self, at: Moment) -> Month {
        Month::of(at.date(self.rules.utc_offset_minutes))
    }

    /// The place of an entry with all around it.
    fn wheres(&self, entry: &EntryDraft) -> Vec<Scope> {
        let seat = self.organizations.get(&entry.organization).and_then(|(place, _)| *place);
        let mut found = Vec::new();
        let mut place = entry.place.or(seat);
        while let Some(here) = place {
            found.push(Scope::Place(here));
            place = self.places[&here];
        }
        found
    }

    fn whats(&self, leaf: Option<&CategoryCode>) -> Vec<Scope> {
        let top = leaf.and_then(|leaf| self.tops.get(leaf)).cloned().flatten();
        leaf.cloned().into_iter().chain(top).map(Scope::Category).collect()
    }

    fn begin(&mut self, id: PairingId, terms: &PairingTerms, at: Moment) {
        let (entry, posted, own, form, channel) = match terms.target {
            Target::Need(need) => {
                let card = &self.needs[&need];
                let channel = card.filed.iter().find(|it| matches!(it, Scope::Channel(_))).cloned();
                (card.entry.clone(), card.posted, None, None, channel)
            }
            Target::Slot(project, index) => {
                let (posted, draft) = &self.projects[&project];
                let slot = &draft.slots[usize::from(index)];
                (draft.entry.clone(), *posted, slot.category.clone(), slot.form, None)
            }
        };
        let giver = match terms.supplier {
            Supplier::Resource(resource) => self.resources[&resource],
            Supplier::Unit(unit) => unit,
        };
        let kind = self.organizations[&giver].1;
        let mut filed = vec![Scope::Street, Scope::Asking(entry.organization), Scope::Giving(giver)];
        filed.push(Scope::Kind(kind));
        filed.extend(self.wheres(&entry));
        filed.extend(channel);
        filed.extend(form.or(entry.form).map(Scope::Form));
        filed.extend(entry.beneficiaries.group.map(Scope::Beneficiary));
        filed.extend(self.whats(own.or(entry.category).map(|it| it.code).as_ref()));
        let card = PairingCard {
            month: self.month(at),
            posted,
            terms: terms.clone(),
            filed,
            claimed: None,
            agreed: false,
            signed: None,
            done: None,
            in_time: false,
            both: None,
            ended: "",
        };
        self.pairings.insert(id, card);
    }

    fn end(&mut self, need: NeedId, how: &'static str) {
        self.needs.get_mut(&need).unwrap().ended = how;
    }

    fn over(&mut self, pairing: PairingId, how: &'static str) {
        let card = self.pairings.get_mut(&pairing).unwrap();
        card.ended = how;
        // What is taken back after all is not fulfilled.
        card.done = None;
    }

    fn within(&self, since: Moment, at: Moment, days: u16) -> bool {
        days == 0 || at.millis() - since.millis() < i64::from(days) * 86_400_000
    }

    fn reply(&mut self, need: NeedId, at: Moment) {
        let card = &self.needs[&need];
        if card.replied.is_none() {
            let in_time = !card.overdue && self.within(card.posted, at, self.rules.limits.reply_days);
            self.needs.get_mut(&need).unwrap().replied = Some(in_time);
        }
    }

    fn conclude(&mut self, need: NeedId, at: Moment) {
        let card = &self.needs[&need];
        if card.concluded.is_none() {
            let in_time = self.within(card.posted, at, self.rules.limits.resolve_days);
            self.needs.get_mut(&need).unwrap().concluded = Some(in_time);
        }
    }

    /// All it asks is accepted when the confirmed deliveries of its agreed pairings come to it.
    fn look_whether_met(&mut self, need: NeedId, at: Moment) {
        let counts = |card: &PairingCard| {
            card.agreed && card.ended.is_empty() && card.terms.target == Target::Need(need)
        };
        let accepted: u64 = self
            .deliveries
            .values()
            .filter(|(pairing, _, confirmed)| *confirmed && counts(&self.pairings[pairing]))
            .map(|(_, quantity, _)| quantity)
            .sum();
        if accepted >= self.needs[&need].asked {
            self.needs.get_mut(&need).unwrap().met = true;
            self.conclude(need, at);
        }
    }

    /// Notes when an agreement first covered an agreed pairing.
    fn sign(&mut self, id: PairingId, at: Moment) {
        let card = &self.pairings[&id];
        let covers = |subject: &Subject| match (subject, card.terms.target) {
            (Subject::Pairing(pairing), _) => *pairing == id,
            (Subject::Project(project), Target::Slot(of, _)) => *project == of,
            (Subject::Project(_), Target::Need(_)) => false,
        };
        let in_force = self.agreements.iter().any(|(agreement, (subject, versions))| {
            let signed = |(terms, by): &(Terms, BTreeSet<OrganizationId>)| {
                !terms.parties.is_empty() && terms.parties.iter().all(|party| by.contains(party))
            };
            covers(subject) && !self.void.contains(agreement) && versions.iter().any(signed)
        });
        if card.agreed && card.ended.is_empty() && card.done.is_none() && in_force {
            self.pairings.get_mut(&id).unwrap().signed.get_or_insert(at);
        }
    }

    fn credit(&mut self, organization: OrganizationId, credit: &Credit, at: Moment) {
        let month = self.month(at);
        let earned = self.earned.entry((month, organization)).or_default();
        earned.points += credit.points;
        earned.minutes += credit.minutes.values().sum::<u64>();
        earned.deliveries += 1;
    }

    /// Counts the cards of one scope from one month to another.
    pub fn count(&self, scope: &Scope, first: Month, last: Month) -> Counts {
        let mut sum = Counts::default();
        let here = |month: Month, filed: &[Scope]| first <= month && month <= last && filed.contains(scope);
        for card in self.needs.values().filter(|card| !card.out && here(card.month, &card.filed)) {
            sum.collected += 1;
            sum.withdrawn += u64::from(card.ended == "withdrawn");
            sum.merged += u64::from(card.ended == "merged");
            sum.carried_over += u64::from(card.carried);
            sum.expired += u64::from(card.ended == "expired");
            if ["withdrawn", "merged"].contains(&card.ended) {
                continue;
            }
            sum.replied += u64::from(card.replied.is_some());
            sum.replied_in_time += u64::from(card.replied == Some(true));
            sum.met += u64::from(card.met);
            sum.rejected += u64::from(card.ended == "rejected" && !card.met);
            sum.concluded_in_time += u64::from(card.concluded == Some(true));
            sum.satisfied += u64::from(card.grade == Some(Grade::Satisfied));
            sum.basically_satisfied += u64::from(card.grade == Some(Grade::BasicallySatisfied));
            sum.dissatisfied += u64::from(card.grade == Some(Grade::Dissatisfied));
        }
        for card in self.pairings.values().filter(|card| here(card.month, &card.filed)) {
            let replaced = card.ended == "superseded" && card.claimed.is_none();
            sum.proposed += u64::from(!replaced);
            sum.superseded += u64::from(replaced);
            sum.claimed += u64::from(card.claimed.is_some());
            sum.agreed += u64::from(card.agreed);
            sum.fulfilled += u64::from(card.done.is_some());
            sum.fulfilled_in_time += u64::from(card.done.is_some() && card.in_time);
            let grade = match card.terms.target {
                Target::Need(need) => self.needs[&need].grade,
                Target::Slot(project, _) => self.verdicts.get(&project).copied(),
            };
            if let (Some(grade), Some(_)) = (grade, card.done) {
                sum.given[grade as usize] += 1;
            }
            sum.declined += u64::from(card.ended == "declined");
            sum.lapsed += u64::from(card.ended == "lapsed");
            sum.taken_back += u64::from(card.ended == "taken back");
            let spread = |histogram: &mut Histogram, from: Option<Moment>, to: Option<Moment>| {
                if let (Some(from), Some(to)) = (from, to) {
                    histogram.put(u32::try_from((to.millis() - from.millis()) / 86_400_000).unwrap());
                }
            };
            spread(&mut sum.post_to_claim, Some(card.posted), card.claimed);
            spread(&mut sum.claim_to_sign, card.claimed, card.signed);
            spread(&mut sum.sign_to_done, card.signed, card.done);
            spread(&mut sum.post_to_done, Some(card.posted), card.done);
        }
        sum
    }

    /// Every scope that anything is filed under.
    fn scopes(&self) -> BTreeSet<Scope> {
        let needs = self.needs.values().flat_map(|card| card.filed.iter().cloned());
        let pairings = self.pairings.values().flat_map(|card| card.filed.iter().cloned());
        needs.chain(pairings).collect()
    }

    /// Compares all of it with what the state has counted, month by month and over all time.
    ///
    /// # Panics
    /// When a figure differs.
    pub fn check(&self, state: &State) {
        let months: BTreeSet<Month> = self
            .needs
            .values()
            .map(|card| card.month)
            .chain(self.pairings.values().map(|card| card.month))
            .chain(self.earned.keys().map(|(month, _)| *month))
            .collect();
        let (Some(first), Some(last)) = (months.first(), months.last()) else { return };
        let spans = months.iter().map(|month| (*month, *month)).chain([(*first, *last)]);
        for (first, last) in spans {
            for scope in self.scopes() {
                let kept = state.figures().of(&scope, first, last);
                assert_eq!(kept, self.count(&scope, first, last), "{scope:?} from {first} to {last}");
            }
            let mut earned: BTreeMap<OrganizationId, Earned> = BTreeMap::new();
            for ((month, organization), more) in &self.earned {
                if first <= *month && *month <= last {
                    let sum = earned.entry(*organization).or_default();
                    *sum = sum.plus(more);
                }
            }
            assert_eq!(state.figures().earned(first, last), earned, "from {first} to {last}");
        }
        super::ranking::check(self, state, &months);
    }
}
