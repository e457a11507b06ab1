//! The candidates of many streets, brought to a sparse graph; with `GONGJIAN_BENCH_XL=1` those of a city: 200,000
//! needs and 150,000 resources in 100 streets.
//!
//! Each street has ten communities and 80 units with an open capacity; half of the resources serve the whole
//! street, the others one community. The titles are those of the published rows, each made different, in 62
//! leaves (every leaf of the taxonomy cut in two); one need in ten only had its category read from its
//! wording. Everything is dealt out by a fixed seed.
//!
//! It prints what opening the pool takes on one thread and on two, how many pairs are met and kept, how much
//! memory the process holds before and at most, and what a posted need and resource take afterwards. The limit it
//! stands beside: some seconds on two threads. Judging everybody with everybody is measured on one street and said
//! beside the same street with the index.
//!
//! Seen on two idle cores, 200,000 × 158,000: 14.5 s on one thread, 8.1 s on two; 129 pairs met and 54 candidates a
//! need, because every need meets the 80 open capacities of its street; 1.4 GiB at most on one thread; a posted need
//! then takes 0.27 ms, a posted resource 6 ms.
//!
//! `cargo bench -p engine --bench candidates`; `-- 10` for ten streets.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench fails loudly")]

use engine::{
    category::{Categorized, Category, CategoryCode},
    command::Command,
    decide::{Context, decide},
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{NeedId, OrganizationId, PlaceId, ResourceId},
    matching::{Knowledge, pool::Pool},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    place::{Place, PlaceLevel},
    resource::ResourceDraft,
    state::State,
    text::published::{self, ListKind, ListRow},
};
use std::{fs, hint::black_box, time::Instant};

const NOW: Moment = Moment::from_millis(1_780_000_000_000);
const COMMUNITIES: u64 = 10;
const UNITS: u64 = 80;
const NEEDS: u64 = 2_000;
const RESOURCES: u64 = 1_500;

struct City {
    state: State,
    dealer: u64,
    places: u64,
    organizations: u64,
    asked: Vec<&'static ListRow>,
    offered: Vec<&'static ListRow>,
}

impl City {
    fn new(streets: u64) -> Self {
        let mut state = State::empty();
        let open = Command::OpenStreet { name: "量区".into() };
        let events = decide(&state, &Context { caller: Caller::System, now: NOW }, &open).unwrap();
        let recorded = Recorded { position: state.position().next(), time: NOW };
        evolve_commit(&mut state, recorded, &events);
        let mut city = Self { places: 1, organizations: 1, ..Self::going_on(state, 20_261_122) };
        let leaves: Vec<Category> =
            city.state.categories().filter(|it| it.parent.is_some()).map(|it| (**it).clone()).collect();
        for leaf in leaves {
            let code = CategoryCode::new(&format!("{}-B", leaf.code)).unwrap();
            city.record(Event::CategoryDefined { category: Category { code, ..leaf } });
        }
        for number in 0..streets {
            city.street(number);
        }
        city
    }

    fn going_on(state: State, dealer: u64) -> Self {
        let of = |kind| published::lists().iter().filter(|row| row.kind == kind).collect();
        let (asked, offered) = (of(ListKind::Need), of(ListKind::Resource));
        Self { state, dealer, places: 0, organizations: 0, asked, offered }
    }

    fn record(&mut self, event: Event) {
        let recorded = Recorded { position: self.state.position().next(), time: NOW };
        evolve_commit(&mut self.state, recorded, [&event]);
    }

    /// SplitMix64.
    fn below(&mut self, bound: u64) -> u64 {
        self.dealer = self.dealer.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.dealer;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn place(&mut self, level: PlaceLevel, parent: PlaceId) -> PlaceId {
        self.places += 1;
        let id = PlaceId::new(self.places);
        let name = format!("{}号{}", self.places, level.zh());
        self.record(Event::PlaceAdded {
            place: Place { id, name, level, parent: Some(parent), reference: None },
        });
        id
    }

    fn organization(&mut self, kind: OrganizationKind, place: PlaceId) -> OrganizationId {
        self.organizations += 1;
        let organization = OrganizationId::new(self.organizations);
        let name = format!("{}号{}", self.organizations, kind.unit_kind().label_zh());
        let draft =
            OrganizationDraft { name, kind, place: Some(place), open_capacity: None, reference: None };
        self.record(Event::OrganizationRegistered { organization, draft });
        organization
    }

    fn street(&mut self, number: u64) {
        let street = self.place(PlaceLevel::Street, PlaceId::new(1));
        let communities: Vec<(PlaceId, OrganizationId)> = (0..COMMUNITIES)
            .map(|_| {
                let place = self.place(PlaceLevel::Community, street);
                (place, self.organization(OrganizationKind::Community, place))
            })
            .collect();
        let units: Vec<OrganizationId> = (0..UNITS)
            .map(|unit| {
                let kind = UnitKind::ALL[usize::try_from(unit).unwrap() % UnitKind::ALL.len()];
                let (place, _) = communities[usize::try_from(self.below(COMMUNITIES)).unwrap()];
                self.organization(OrganizationKind::Unit(kind), place)
            })
            .collect();
        for index in 0..RESOURCES {
            let owner = units[usize::try_from(self.below(UNITS)).unwrap()];
            let (place, _) = communities[usize::try_from(self.below(COMMUNITIES)).unwrap()];
            let serves = if index % 2 == 0 { vec![place] } else { Vec::new() };
            let draft = ResourceDraft { serves, ..ResourceDraft::new(self.entry(ListKind::Resource, owner)) };
            let resource = ResourceId::new(number * RESOURCES + index + 1);
            self.record(Event::ResourcePosted { resource, draft });
        }
        for index in 0..NEEDS {
            let (_, poster) = communities[usize::try_from(self.below(COMMUNITIES)).unwrap()];
            let draft = NeedDraft::new(self.entry(ListKind::Need, poster));
            let need = NeedId::new(number * NEEDS + index + 1);
            self.record(Event::NeedPosted { need, draft });
        }
    }

    fn entry(&mut self, kind: ListKind, poster: OrganizationId) -> EntryDraft {
        let dealt = usize::try_from(self.below(u64::MAX)).unwrap();
        let rows = if kind == ListKind::Need { &self.asked } else { &self.offered };
        let row = rows[dealt % rows.len()];
        let half = ["", "-B"][usize::try_from(self.below(2)).unwrap()];
        let code = CategoryCode::new(&format!("{}{half}", row.leaf)).unwrap();
        let confidence = if self.below(10) == 0 { 600 } else { 1000 };
        let title = format!("{}{}号楼", row.title, self.below(1000));
        EntryDraft { category: Some(Categorized { code, confidence }), ..EntryDraft::new(title, poster) }
    }
}

/// Memory of this process in MiB, where the system says: what it holds (`VmRSS`) or held at most (`VmHWM`).
fn memory(of: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(of)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).map_or(0, |kib: u64| kib / 1024)
}

fn on_threads<T: Send>(threads: usize, job: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(job)
}

fn opened(state: &State) -> Pool<'static> {
    let mut pool = Pool::open(Knowledge::builtin());
    pool.advance(state, NOW);
    pool
}

fn main() {
    let all = if std::env::var_os("GONGJIAN_BENCH_XL").is_some() { 100 } else { 4 };
    let streets = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(all);
    let one_street = City::new(1).state;
    let pool = opened(&one_street);
    let (extent, started) = (pool.extent(), Instant::now());
    assert_eq!(pool.candidates_without_index(), extent.candidates);
    let everybody = started.elapsed();
    let started = Instant::now();
    on_threads(1, || opened(&one_street));
    println!("one street, {extent:?}");
    println!("  everybody with everybody, wordings analysed before: {everybody:.2?}");
    println!("  the pool opened from nothing, on one thread:        {:.2?}", started.elapsed());
    drop(pool);

    let city = City::new(streets);
    let before = memory("VmRSS");
    let mut extents = Vec::new();
    for threads in [1, 2] {
        let started = Instant::now();
        let pool = on_threads(threads, || opened(&city.state));
        let elapsed = started.elapsed();
        let extent = pool.extent();
        println!("{streets} streets, {threads} thread(s): {elapsed:.2?}, {extent:?}");
        println!(
            "  {} ns a met pair, {} pairs met and {} candidates a need, {before} MiB before and at most {} MiB",
            elapsed.as_nanos() / extent.met.max(1) as u128,
            extent.met / extent.askers.max(1),
            extent.candidates / extent.askers.max(1),
            memory("VmHWM")
        );
        extents.push(extent);
        if threads == 2 {
            one_step_more(city.state.clone(), pool);
        }
    }
    assert_eq!(extents[0], extents[1]);
}

/// What one entry more takes, with the whole city open.
fn one_step_more(state: State, mut pool: Pool<'_>) {
    let mut city = City::going_on(state, 1);
    for what in ["need", "resource"] {
        let mut times: Vec<_> = (0..20)
            .map(|step| {
                let number = 10_000_000 + step;
                let event = if what == "need" {
                    let draft = NeedDraft::new(city.entry(ListKind::Need, OrganizationId::new(2)));
                    Event::NeedPosted { need: NeedId::new(number), draft }
                } else {
                    let draft = ResourceDraft::new(city.entry(ListKind::Resource, OrganizationId::new(12)));
                    Event::ResourcePosted { resource: ResourceId::new(number), draft }
                };
                city.record(event);
                let started = Instant::now();
                let touched = pool.advance(&city.state, NOW);
                (started.elapsed(), touched.targets.len())
            })
            .collect();
        times.sort();
        let (median, touched) = times[times.len() / 2];
        println!("  a {what} posted: {median:.2?}, {touched} needs touched");
    }
    drop(black_box(pool));
}
