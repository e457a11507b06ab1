//! The demo street has lived before it is loaded: the figures of its months come out of one query and are what a slow
//! recount of the feed gives, and a loading that broke off tells the same past when it goes on.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use chrono::{DateTime, TimeDelta, Utc};
use engine::{event::Event, identity::Position, moment::Moment};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use storage::{Log, sled::SledLog};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{Server, verify},
};

type Time = DateTime<Utc>;

/// Days within which a need is to be met, as a new street sets them.
const RESOLVE_DAYS: i64 = 30;

/// What is asked, and recounted, of a month.
const FIGURES: &str =
    "collected accountable withdrawn expired rejected satisfied basicallySatisfied dissatisfied
    declined lapsed
    replyRate { numerator denominator } resolutionRate { numerator denominator }
    onTimeRate { numerator denominator } satisfactionRate { numerator denominator }
    claimRate { numerator denominator } fulfilmentRate { numerator denominator }
    postToClaim { count medianDays } claimToSign { count medianDays } signToDone { count medianDays }
    postToDone { count medianDays }";

/// The month of a time on the street's clock.
fn month(time: Time) -> String {
    (time + TimeDelta::hours(8)).format("%Y-%m").to_string()
}

#[derive(Clone, Debug, Default)]
struct Need {
    posted: Time,
    replied: bool,
    withdrawn: bool,
    expired: bool,
    rejected: Option<Time>,
    met: Option<Time>,
    grade: String,
}

#[derive(Clone, Debug, Default)]
struct Pairing {
    need: u64,
    begun: Time,
    claimed: Option<Time>,
    agreed: bool,
    signed: Option<Time>,
    accepted: Option<Time>,
    declined: bool,
    lapsed: bool,
}

/// Needs and pairings as the feed tells of them.
#[derive(Debug, Default)]
struct Book {
    needs: BTreeMap<u64, Need>,
    pairings: BTreeMap<u64, Pairing>,
    /// Which pairing an agreement is on, and who has signed it.
    agreements: BTreeMap<u64, (u64, BTreeSet<u64>)>,
    /// When whom was credited with how many points and minutes.
    credits: Vec<(Time, u64, [u64; 2])>,
}

impl Book {
    async fn read(client: &Client) -> Self {
        let query = "query($after: Position) { events(first: 100, after: $after) {
            pageInfo { hasNextPage endCursor } nodes { time type payload } } }";
        let (mut book, mut after) = (Self::default(), json!("0"));
        loop {
            let page = client.data(query, json!({ "after": after })).await["events"].clone();
            for event in page["nodes"].as_array().unwrap() {
                let time = event["time"].as_str().unwrap().parse().unwrap();
                book.note(time, event["type"].as_str().unwrap(), &event["payload"]);
            }
            if page["pageInfo"]["hasNextPage"] == false {
                return book;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    fn note(&mut self, at: Time, kind: &str, it: &Value) {
        let number = |field: &str| it[field].as_u64().unwrap_or_else(|| panic!("{field} of {kind}: {it}"));
        match kind {
            "NEED_POSTED" if it["draft"]["entry"]["settled"].is_null() => {
                self.needs.insert(number("need"), Need { posted: at, ..Need::default() });
            }
            "NEED_VERIFIED" => self.need(number("need")).replied = true,
            "NEED_REJECTED" => {
                let need = self.need(number("need"));
                (need.replied, need.rejected) = (true, Some(at));
            }
            "NEED_WITHDRAWN" => self.need(number("need")).withdrawn = true,
            "NEED_EXPIRED" => self.need(number("need")).expired = true,
            "NEED_STRUCK_OFF" => {
                let need = self.need(number("need"));
                need.met = need.met.or(Some(at));
            }
            "NEED_APPRAISED" => {
                self.need(number("need")).grade = it["appraisal"]["grade"].as_str().unwrap().to_owned();
            }
            "PAIRING_REQUESTED" => {
                let need = it["terms"]["target"]["need"].as_u64().unwrap();
                self.pairings.insert(number("pairing"), Pairing { need, begun: at, ..Pairing::default() });
            }
            "PAIRING_CLAIMED" | "PAIRING_AGREED" => {
                let pairing = self.pairing(number("pairing"));
                pairing.claimed = pairing.claimed.or(Some(at));
                pairing.agreed |= kind == "PAIRING_AGREED";
                let need = pairing.need;
                // In the past of the demo it is always the giver who claims first.
                self.need(need).replied = true;
            }
            "PAIRING_DECLINED" => self.pairing(number("pairing")).declined = true,
            "PAIRING_LAPSED" => self.pairing(number("pairing")).lapsed = true,
            "PAIRING_ACCEPTED" => {
                let pairing = self.pairing(number("pairing"));
                pairing.accepted = Some(at);
                let need = pairing.need;
                self.need(need).met = Some(at);
            }
            "CONTRIBUTION_CREDITED" => {
                let minutes = it["credit"]["minutes"].as_object().into_iter().flat_map(|by| by.values());
                let minutes = minutes.map(|minutes| minutes.as_u64().unwrap()).sum();
                let points = it["credit"]["points"].as_u64().unwrap_or(0);
                self.credits.push((at, number("organization"), [points, minutes]));
            }
            "AGREEMENT_DRAFTED" => {
                let pairing = it["subject"]["pairing"].as_u64().unwrap();
                self.agreements.insert(number("agreement"), (pairing, BTreeSet::new()));
            }
            "AGREEMENT_SIGNED" => {
                let (pairing, parties) = self.agreements.get_mut(&number("agreement")).unwrap();
                parties.insert(number("party"));
                if parties.len() == 2 {
                    let pairing = *pairing;
                    self.pairing(pairing).signed = Some(at);
                }
            }
            _ => {}
        }
    }

    fn need(&mut self, id: u64) -> &mut Need {
        self.needs.get_mut(&id).unwrap_or_else(|| panic!("no need {id}"))
    }

    fn pairing(&mut self, id: u64) -> &mut Pairing {
        self.pairings.get_mut(&id).unwrap_or_else(|| panic!("no pairing {id}"))
    }

    fn months(&self) -> BTreeSet<String> {
        self.needs.values().map(|need| month(need.posted)).collect()
    }

    /// Points, minutes and deliveries of each giver in the months with this beginning, the most points first.
    fn ranking(&self, period: &str) -> Vec<[u64; 3]> {
        let mut earned: BTreeMap<u64, [u64; 3]> = BTreeMap::new();
        for (_, giver, [points, minutes]) in
            self.credits.iter().filter(|(at, _, _)| month(*at).starts_with(period))
        {
            let sum = earned.entry(*giver).or_default();
            *sum = [sum[0] + points, sum[1] + minutes, sum[2] + 1];
        }
        let mut ranked: Vec<(u64, [u64; 3])> = earned.into_iter().filter(|(_, it)| it[0] > 0).collect();
        ranked.sort_by_key(|(giver, it)| (std::cmp::Reverse(it[0]), *giver));
        ranked.into_iter().map(|(_, it)| it).collect()
    }

    /// The figures of a month, as the face shows them.
    fn figures(&self, wanted: &str) -> Value {
        let needs: Vec<&Need> = self.needs.values().filter(|it| month(it.posted) == wanted).collect();
        let accountable: Vec<&&Need> = needs.iter().filter(|it| !it.withdrawn).collect();
        let count = |holds: &dyn Fn(&Need) -> bool| accountable.iter().filter(|it| holds(it)).count();
        let rejected = count(&|it| it.rejected.is_some() && it.met.is_none());
        let in_time = |it: &Need| {
            let concluded = it.met.or(it.rejected);
            concluded.is_some_and(|at| at - it.posted < TimeDelta::days(RESOLVE_DAYS))
        };
        let graded = |grade: &str| count(&|it| it.grade == grade);
        let [satisfied, basically, dissatisfied] =
            ["satisfied", "basicallySatisfied", "dissatisfied"].map(graded);
        let pairings: Vec<&Pairing> = self.pairings.values().filter(|it| month(it.begun) == wanted).collect();
        let paired = |holds: &dyn Fn(&Pairing) -> bool| pairings.iter().filter(|it| holds(it)).count();
        let spans = |span: &dyn Fn(&Pairing) -> Option<(Time, Time)>| {
            let mut days: Vec<i64> =
                pairings.iter().filter_map(|it| span(it)).map(|(from, to)| (to - from).num_days()).collect();
            days.sort_unstable();
            let median = days.len().div_ceil(2).checked_sub(1).map(|middle| days[middle]);
            json!({ "count": days.len(), "medianDays": median })
        };
        let posted = |it: &Pairing| self.needs[&it.need].posted;
        json!({
            "collected": needs.len(),
            "accountable": accountable.len(),
            "withdrawn": needs.len() - accountable.len(),
            "expired": needs.iter().filter(|it| it.expired).count(),
            "rejected": rejected,
            "satisfied": satisfied, "basicallySatisfied": basically, "dissatisfied": dissatisfied,
            "declined": paired(&|it| it.declined),
            "lapsed": paired(&|it| it.lapsed),
            "replyRate": rate(count(&|it| it.replied), accountable.len()),
            "resolutionRate": rate(count(&|it| it.met.is_some()), accountable.len() - rejected),
            "onTimeRate": rate(count(&in_time), accountable.len()),
            "satisfactionRate": rate(satisfied + basically, satisfied + basically + dissatisfied),
            "claimRate": rate(paired(&|it| it.claimed.is_some()), pairings.len()),
            "fulfilmentRate": rate(paired(&|it| it.accepted.is_some()), paired(&|it| it.agreed)),
            "postToClaim": spans(&|it| Some((posted(it), it.claimed?))),
            "claimToSign": spans(&|it| Some((it.claimed?, it.signed?))),
            "signToDone": spans(&|it| Some((it.signed?, it.accepted?))),
            "postToDone": spans(&|it| Some((posted(it), it.accepted?))),
        })
    }
}

fn rate(numerator: usize, denominator: usize) -> Value {
    json!({ "numerator": numerator, "denominator": denominator })
}

#[tokio::test]
async fn the_figures_of_each_month_are_what_a_recount_of_the_feed_gives() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    let book = Book::read(&coordinator).await;
    let query = format!("query($month: String!) {{ figures(period: $month) {{ {FIGURES} }} }}");
    let today = coordinator.data("{ time }", json!({})).await["time"].as_str().unwrap().parse().unwrap();
    let mut past = Vec::new();
    for each in book.months() {
        let shown = coordinator.data(&query, json!({ "month": each })).await["figures"].clone();
        assert_eq!(shown, book.figures(&each), "{each}");
        if each != month(today) {
            past.push(shown);
        }
    }
    the_ranking_of_a_period_adds_up_its_credits(&coordinator, &book).await;
    // What a coordinator reports on the 15th says something: each rate is neither nothing nor all of it, in some month.
    assert!(past.len() >= 5, "{past:?}");
    for field in ["replyRate", "resolutionRate", "onTimeRate", "satisfactionRate"] {
        let telling =
            |it: &Value| it[field]["numerator"] != 0 && it[field]["numerator"] != it[field]["denominator"];
        assert!(past.iter().any(telling), "{field}: {past:#?}");
    }
    for field in ["postToClaim", "claimToSign", "signToDone", "postToDone"] {
        assert!(past.iter().all(|it| it[field]["medianDays"].is_number()), "{field}: {past:#?}");
    }
    // Nothing of it is left open, and nothing of it comes after today.
    let earlier = |need: &&Need| month(need.posted) != month(today);
    let over = |it: &Need| it.met.is_some() || it.rejected.is_some() || it.withdrawn || it.expired;
    assert!(book.needs.values().filter(earlier).all(over), "{:#?}", book.needs);
    server.stop();
}

/// Of each month and of each year; and the statement of whoever leads it comes to what it has.
async fn the_ranking_of_a_period_adds_up_its_credits(coordinator: &Client, book: &Book) {
    let query = "query($period: String!) { contributionRanking(period: $period, first: 50) {
        nodes { rank points minutes deliveries organization { contribution { pointsLeft minutesLeft
            statement(first: 15) { nodes { points minutes pointsLeft minutesLeft } } } } } } }";
    let months = book.months();
    let periods: BTreeSet<&str> = months.iter().flat_map(|month| [month.as_str(), &month[..4]]).collect();
    for period in periods {
        let shown = coordinator.data(query, json!({ "period": period })).await["contributionRanking"].clone();
        let shown = shown["nodes"].as_array().unwrap();
        let number = |it: &Value, field: &str| it[field].as_u64().unwrap();
        let earned: Vec<[u64; 3]> = shown
            .iter()
            .map(|it| ["points", "minutes", "deliveries"].map(|field| number(it, field)))
            .collect();
        assert_eq!(earned, book.ranking(period), "{period}");
        let ranks = shown.iter().map(|it| number(it, "rank"));
        assert!(
            ranks
                .zip(&earned)
                .all(|(rank, it)| rank == 1 + earned.iter().filter(|other| other[0] > it[0]).count() as u64)
        );
        for it in shown {
            let account = &it["organization"]["contribution"];
            let lines = account["statement"]["nodes"].as_array().unwrap();
            let sum = |field: &str| lines.iter().map(|line| number(line, field)).sum::<u64>();
            assert_eq!(
                (sum("points"), sum("minutes")),
                (number(account, "pointsLeft"), number(account, "minutesLeft"))
            );
            let last = lines.last().unwrap();
            assert_eq!(
                (&last["pointsLeft"], &last["minutesLeft"]),
                (&account["pointsLeft"], &account["minutesLeft"])
            );
        }
    }
    assert!(book.credits.len() > 30, "{}", book.credits.len());
    for period in months.iter().map(|month| &month[..4]).collect::<BTreeSet<_>>() {
        the_ranking_is_paged_and_filtered(coordinator, period).await;
    }
}

/// Page by page it is the whole ranking, by each measure; units of one kind are ranked among themselves.
async fn the_ranking_is_paged_and_filtered(coordinator: &Client, period: &str) {
    let query = "query($period: String!, $by: ContributionMeasure, $filter: OrganizationFilter, $first: Int, $after: String, $last: Int) {
        contributionRanking(period: $period, by: $by, filter: $filter, first: $first, after: $after, last: $last) {
            totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
            nodes { rank points minutes deliveries organization { id unitKind } } } }";
    let ask = async |variables: Value| {
        let mut asked = json!({ "period": period });
        asked.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
        coordinator.data(query, asked).await["contributionRanking"].clone()
    };
    let nodes = |page: &Value| page["nodes"].as_array().unwrap().clone();
    for (by, field) in [("POINTS", "points"), ("MINUTES", "minutes"), ("DELIVERIES", "deliveries")] {
        let all = nodes(&ask(json!({ "by": by, "first": 100 })).await);
        let amounts: Vec<u64> = all.iter().map(|it| it[field].as_u64().unwrap()).collect();
        assert!(amounts.is_sorted_by(|one, other| one >= other), "{by} {amounts:?}");
        let (mut paged, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = ask(json!({ "by": by, "first": 3, "after": after })).await;
            assert_eq!(page["totalCount"], all.len());
            paged.extend(nodes(&page));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(paged, all, "{by}");
        let least = ask(json!({ "by": by, "last": 2 })).await;
        assert_eq!(nodes(&least), all[all.len().saturating_sub(2)..], "{by}");
        let kinds: BTreeSet<&str> =
            all.iter().filter_map(|it| it["organization"]["unitKind"].as_str()).collect();
        for kind in kinds {
            let found = nodes(&ask(json!({ "by": by, "first": 100, "filter": { "unitKind": kind } })).await);
            let of_kind = all.iter().filter(|it| it["organization"]["unitKind"] == kind);
            let ids = |them: Vec<&Value>| {
                them.iter().map(|it| it["organization"]["id"].clone()).collect::<Vec<_>>()
            };
            assert_eq!(ids(found.iter().collect()), ids(of_kind.collect()), "{by} {kind}");
            for it in &found {
                let better = found.iter().filter(|other| other[field].as_u64() > it[field].as_u64()).count();
                assert_eq!(it["rank"], better + 1, "{by} {kind}");
            }
        }
    }
}

/// What the requests of the past did, and when.
fn told(directory: &Path) -> Vec<(String, Moment, Vec<Event>)> {
    let log = SledLog::open(directory).unwrap();
    let (mut told, mut after) = (Vec::new(), Position::START);
    loop {
        let records = log.read(after, 500).unwrap();
        let Some(last) = records.last() else { return told };
        after = last.commit().position;
        let commits = records.iter().map(storage::record::Record::commit);
        let of_past = commits.filter(|it| it.request.as_str().starts_with("list-past-"));
        told.extend(of_past.map(|it| (it.request.to_string(), it.time, it.events.clone())));
    }
}

/// The beginning of a log in a directory of its own, as a loading leaves it that broke off there.
fn broken_off(directory: &Path, commits: usize) -> TempDir {
    let beginning = TempDir::new().unwrap();
    let (whole, part) = (SledLog::open(directory).unwrap(), SledLog::open(beginning.path()).unwrap());
    let mut left = commits;
    while left > 0 {
        let head = part.head().unwrap().position;
        let records = whole.read(head, left).unwrap();
        assert!(!records.is_empty(), "the log is longer than {commits}");
        left -= records.len();
        part.append(head, &records).unwrap();
    }
    beginning
}

#[test]
fn a_loading_that_broke_off_tells_the_same_past_and_a_second_one_tells_nothing() {
    let directory = TempDir::new().unwrap();
    Server::start(directory.path(), &["--demo"]).stop();
    let whole = told(directory.path());
    assert!(whole.len() > 300 && whole.is_sorted_by_key(|(_, time, _)| *time), "{}", whole.len());
    // In its first commit, while the street is laid out, in the middle of the past.
    for commits in [1, 150, 500] {
        let beginning = broken_off(directory.path(), commits);
        Server::start(beginning.path(), &["--demo"]).stop();
        assert_eq!(told(beginning.path()), whole, "broken off after {commits}");
    }
    let before = verify(directory.path()).commits;
    Server::start(directory.path(), &["--demo"]).stop();
    assert_eq!(told(directory.path()), whole);
    // Only the tokens are new.
    assert_eq!(verify(directory.path()).commits, before + 4);
}
