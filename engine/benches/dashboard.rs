//! Tiles of a dashboard on 100,000 needs: each a look-up in the tallies, beside a scan of the lists in the same run, and
//! what keeping the tallies costs: time a commit and resident memory.
//!
//! The needs lie in 12 communities of 10 grids each, come from 80 organizations over 12 months, and say category, form,
//! channel and beneficiaries; a fifth of them is paired and claimed.
//!
//! `cargo bench -p engine --bench dashboard`

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a bench fails loudly")]

use chrono::NaiveDate;
use engine::{
    category::{Categorized, CategoryCode},
    command::Command,
    decide::{Context, decide},
    entry::{BeneficiaryGroup, EntryDraft, Form},
    evolve::{Recorded, evolve_commit},
    identity::{NeedId, OrganizationId, PairingId, PlaceId},
    member::Caller,
    moment::Moment,
    need::{Channel, NeedDraft},
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::{Side, Supplier, Target},
    period::{Month, Quarter},
    place::PlaceLevel,
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
    rules::Rules,
    state::State,
    tallies::{self, By, Grain, List, Part, Slice, Where},
};
use std::{
    collections::BTreeMap,
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

/// 2025-06-01T04:00:00Z.
const BEGIN: Moment = Moment::from_millis(1_748_750_400_000);
const COMMUNITIES: u64 = 12;
const GRIDS: u64 = 10;
const UNITS: u64 = 80;
const NEEDS: u64 = 100_000;
const PAIRED: u64 = 20_000;

/// Resident bytes of this process, on a machine with pages of 4 KiB.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

struct Clock(Moment);

fn run(state: &mut State, now: Moment, command: &Command) {
    let events = decide(state, &Context { caller: Caller::System, now }, command)
        .unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
    let recorded = Recorded { position: state.position().next(), time: now };
    evolve_commit(state, recorded, &events);
}

fn street() -> (State, Clock) {
    let mut state = State::empty();
    let mut told = |command: Command| run(&mut state, BEGIN, &command);
    told(Command::OpenStreet { name: "量街道".into() });
    let root = PlaceId::new(1);
    let mut place = 1;
    for community in 0..COMMUNITIES {
        let name = format!("第{community}社区");
        let (level, parent) = (PlaceLevel::Community, Some(root));
        told(Command::AddPlace { name, level, parent, reference: None });
        place += 1;
        let parent = Some(PlaceId::new(place));
        for grid in 0..GRIDS {
            let name = format!("第{grid}网格");
            told(Command::AddPlace { name, level: PlaceLevel::Grid, parent, reference: None });
            place += 1;
        }
    }
    for unit in 0..UNITS {
        let kind =
            OrganizationKind::Unit(UnitKind::ALL[usize::try_from(unit).unwrap() % UnitKind::ALL.len()]);
        let name = format!("第{unit}单位");
        told(Command::RegisterOrganization(OrganizationDraft {
            name,
            kind,
            place: Some(root),
            open_capacity: Some(1_000),
            reference: None,
        }));
    }
    (state, Clock(BEGIN))
}

fn need(number: u64, leaves: &[CategoryCode]) -> Command {
    // Whatever repeats with another period, so that all combinations come.
    let pick = |of: u64, step: u64| (number.wrapping_mul(step) >> 7) % of;
    let index = |of: usize, step: u64| usize::try_from(pick(of as u64, step)).unwrap();
    let mut entry = EntryDraft::new("老年食堂每日午餐四十份", OrganizationId::new(2 + pick(UNITS, 7919)));
    entry.detail = Some("社区老年食堂需要每日供应午餐,并为行动不便的老人送餐上门。".to_owned());
    let (community, grid) = (pick(COMMUNITIES, 104_729), pick(GRIDS, 1_299_709));
    entry.place = Some(PlaceId::new(3 + community * (GRIDS + 1) + grid));
    entry.category = Some(Categorized::stated(leaves[index(leaves.len(), 15_485_863)].clone()));
    let forms = [Form::Goods, Form::Service, Form::Works, Form::Venue, Form::Money, Form::People];
    entry.form = Some(forms[index(forms.len(), 32_452_843)]);
    let groups = [BeneficiaryGroup::Elders, BeneficiaryGroup::Children, BeneficiaryGroup::Residents];
    entry.beneficiaries.group = Some(groups[index(groups.len(), 49_979_687)]);
    entry.quantity = Some(Quantity::of(1 + pick(40, 67_867_967), Measure::People));
    let channels = [Channel::VisitingDay, Channel::Hotline, Channel::CommunityWhistle, Channel::Import];
    let channel = Some(channels[index(channels.len(), 86_028_121)]);
    Command::PostNeed(NeedDraft { channel, ..NeedDraft::new(entry) })
}

/// Posts the needs over a year, then pairs and claims a fifth of them. How long a post and a claim took.
fn fill(state: &mut State, clock: &mut Clock) -> (Duration, Duration) {
    let tops: Vec<CategoryCode> = state.categories().filter_map(|it| it.parent.clone()).collect();
    let leaves: Vec<CategoryCode> =
        state.categories().map(|it| it.code.clone()).filter(|code| !tops.contains(code)).collect();
    let begun = Instant::now();
    for number in 0..NEEDS {
        clock.0 = BEGIN.plus_hours(u32::try_from(number * 8_760 / NEEDS).unwrap());
        run(state, clock.0, &need(number, &leaves));
    }
    let posted = begun.elapsed();
    for unit in 0..UNITS {
        let entry = EntryDraft::new("食堂可送餐", OrganizationId::new(2 + unit));
        run(state, clock.0, &Command::PostResource(ResourceDraft::new(entry)));
    }
    let begun = Instant::now();
    for number in 0..PAIRED {
        let by = state.need(NeedId::new(number * 5 + 1)).unwrap().draft.entry.organization;
        let unit = OrganizationId::new(2 + (by.number() - 1) % UNITS);
        let (target, supplier) = (Target::Need(NeedId::new(number * 5 + 1)), Supplier::Unit(unit));
        run(state, clock.0, &Command::RequestPairing { target, supplier, quantity: None, draws: None, by });
        let pairing = PairingId::new(number + 1);
        run(state, clock.0, &Command::ClaimPairing { pairing, side: Side::Giving });
    }
    (posted, begun.elapsed())
}

fn timed<T>(what: &str, times: u32, mut work: impl FnMut() -> T) -> Duration {
    // Once to warm up.
    black_box(work());
    let begun = Instant::now();
    for _ in 0..times {
        black_box(work());
    }
    let each = begun.elapsed() / times;
    println!("{what}: {:.1} µs", each.as_secs_f64() * 1e6);
    each
}

/// A tile and a scan that gives the same.
fn against_a_scan<T: PartialEq + std::fmt::Debug>(what: &str, tile: impl Fn() -> T, scan: impl Fn() -> T) {
    assert_eq!(tile(), scan(), "{what}");
    let looked_up = timed(&format!("{what}, looked up"), 200, &tile);
    let scanned = timed(&format!("{what}, scanned"), 5, &scan);
    println!("  {:.0} times as fast", scanned.as_secs_f64() / looked_up.as_secs_f64());
}

fn main() {
    // Built and run as a test, there is nothing to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let (mut state, mut clock) = street();
    let before = resident();
    let (posted, paired) = fill(&mut state, &mut clock);
    println!(
        "{NEEDS} needs posted in {:.2} µs each, {PAIRED} pairings requested and claimed in {:.2} µs each; {} MiB",
        posted.as_secs_f64() * 1e6 / NEEDS as f64,
        paired.as_secs_f64() * 1e6 / PAIRED as f64,
        (resident() - before) >> 20
    );
    tiles(&state);
    as_parts(&state);
    // Another clock moves every day and month: all is counted anew, which tells what the tallies alone cost.
    let rules = Rules { utc_offset_minutes: 0, ..state.rules().clone() };
    let entries = NEEDS + UNITS + PAIRED;
    let begun = Instant::now();
    run(&mut state, clock.0, &Command::SetRules(rules));
    let each = begun.elapsed().as_secs_f64() * 1e6 / entries as f64;
    println!("everything tallied anew: {each:.2} µs an entry");
}

/// What a start reads of a snapshot, without the reading: the parts of a state put back.
fn as_parts(state: &State) {
    let parts: Vec<_> = state.parts().collect();
    let count = parts.len();
    let begun = Instant::now();
    let mut again = State::empty();
    again.put(parts);
    println!("{count} parts put back: {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    assert!(again == *state, "the same state");
}

/// Groups by two things at once, with how many there are.
fn crossed(state: &State, months: Option<(Month, Month)>) {
    let needs = Part::of(List::Needs);
    let quarter = Part { months, ..needs.clone() };
    against_a_scan(
        "needs by channel and form",
        || {
            let groups = tallies::aggregate(state, &needs, [By::Channel, By::Form]).into_iter();
            groups.map(|(_, totals)| totals.count()).collect::<Vec<_>>()
        },
        || {
            let mut counts: BTreeMap<_, u64> = BTreeMap::new();
            for need in state.needs() {
                *counts.entry((need.draft.channel, need.draft.entry.form)).or_default() += 1;
            }
            counts.into_values().collect()
        },
    );
    let time = |what: &str, part: &Part, by: [By; 2]| {
        let groups = tallies::aggregate(state, part, by).len();
        timed(&format!("needs by {what}, {groups} groups"), 20, || tallies::aggregate(state, part, by));
    };
    time("category and status", &needs, [By::Category, By::Standing]);
    time("community and month", &needs, [By::Place(PlaceLevel::Community), By::Month]);
    time("category and community", &needs, [By::Category, By::Place(PlaceLevel::Community)]);
    time("kind of units and channel", &needs, [By::UnitKind, By::Channel]);
    time("category and organization", &needs, [By::Category, By::Organization]);
    time("category and organization of a quarter", &quarter, [By::Category, By::Organization]);
    let one = Part { slices: vec![Slice::Organization(OrganizationId::new(5))], ..needs };
    let groups = tallies::aggregate(state, &one, [By::Category]).len();
    timed(&format!("needs of one organization by category, {groups} groups"), 50, || {
        tallies::aggregate(state, &one, [By::Category])
    });
}

fn tiles(state: &State) {
    println!(
        "{} lines of tallies, {:.2} a need",
        state.tallies().lines(),
        state.tallies().lines() as f64 / NEEDS as f64
    );
    let needs = Part::of(List::Needs);
    against_a_scan(
        "needs by category",
        || {
            let groups = tallies::aggregate(state, &needs, [By::Category]).into_iter();
            groups.map(|(_, totals)| totals.count()).collect::<Vec<_>>()
        },
        || {
            let mut counts: BTreeMap<&CategoryCode, u64> = BTreeMap::new();
            for need in state.needs() {
                if let Some(category) = &need.draft.entry.category {
                    *counts.entry(&category.code).or_default() += 1;
                }
            }
            counts.into_values().collect()
        },
    );
    let quarter = Quarter { year: 2026, quarter: 1 };
    let months = Some((Month { year: 2026, month: 1 }, Month { year: 2026, month: 3 }));
    let community = PlaceId::new(2);
    let part = Part { place: Some(community), months, ..needs.clone() };
    against_a_scan(
        "needs of a community and quarter by status",
        || {
            let groups = tallies::aggregate(state, &part, [By::Standing]).into_iter();
            groups.map(|(_, totals)| totals.count()).collect::<Vec<_>>()
        },
        || {
            let mut counts: BTreeMap<_, u64> = BTreeMap::new();
            let offset = state.rules().utc_offset_minutes;
            for need in state.needs() {
                let here = state.place_of(&need.draft.entry).is_some_and(|it| state.lies_in(it, community));
                if here && Quarter::of(need.posted.date(offset)) == quarter {
                    *counts.entry(need.status()).or_default() += 1;
                }
            }
            counts.into_values().collect()
        },
    );
    against_a_scan(
        "the funnel of one form",
        || {
            let part = Part { slices: vec![Slice::Form(Form::Service)], ..needs.clone() };
            tallies::funnel(state, &part).0[..3].to_vec()
        },
        || {
            let mut counts = vec![0; 3];
            for need in state.needs().filter(|it| it.draft.entry.form == Some(Form::Service)) {
                let pairings: Vec<_> = state.pairings_of_target(Target::Need(need.id)).collect();
                counts[0] += 1;
                counts[1] += u64::from(!pairings.is_empty());
                counts[2] += u64::from(pairings.iter().any(|it| it.claimed.is_some()));
            }
            counts
        },
    );
    crossed(state, months);
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    timed("a year by weeks", 50, || {
        tallies::series(state, &Where::default(), (day(2025, 6, 1), day(2026, 5, 31)), Grain::Week)
    });
    let service = Where { place: None, slice: Some(Slice::Form(Form::Service)) };
    timed("a year by weeks of one form", 50, || {
        tallies::series(state, &service, (day(2025, 6, 1), day(2026, 5, 31)), Grain::Week)
    });
    timed("the gap of the street", 50, || tallies::gap(state, None, None));
    timed("the gap of each community", 20, || tallies::gap(state, None, Some(PlaceLevel::Community)));
    timed("coverage", 50, || tallies::coverage(state, None, None));
    timed("a page of idle resources", 200, || state.idle(None, None, None, 20));
}
