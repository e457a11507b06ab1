//! Likely duplicates among many: 100,000 open needs in 100 communities, worded as the published rows, each made
//! different, dealt out by a fixed seed.
//!
//! It stands beside two things of the same run: the same search in a street of one such community (what is searched
//! is a community, so 100 of them must cost no more), and folding the posting that it comes with.
//!
//! `cargo bench -p engine --bench duplicates`

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench fails loudly")]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use engine::{
    command::Command,
    decide::{Context, decide},
    duplicates::Duplicates,
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{NeedId, OrganizationId, PlaceId},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind},
    place::PlaceLevel,
    state::State,
    text::published::{self, ListKind, ListRow},
};
use std::hint::black_box;

const NOW: Moment = Moment::from_millis(1_780_000_000_000);
const IN_A_COMMUNITY: u64 = 1_000;
const COMMUNITIES: u64 = 100;

/// SplitMix64.
fn below(seed: &mut u64, bound: u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % bound
}

fn fold(state: &mut State, events: &[Event]) {
    let recorded = Recorded { position: state.position().next(), time: NOW };
    evolve_commit(state, recorded, events);
}

fn run(state: &mut State, command: &Command) {
    let events = decide(state, &Context { caller: Caller::System, now: NOW }, command).unwrap();
    fold(state, &events);
}

/// A street of so many communities, a thousand needs in each, and a posting that says what one of the first says.
fn street(communities: u64) -> (State, NeedDraft) {
    let mut state = State::empty();
    run(&mut state, &Command::OpenStreet { name: "量街道".into() });
    let (mut seed, mut need) = (20_261_122, 0);
    let rows: Vec<&ListRow> = published::lists().iter().filter(|row| row.kind == ListKind::Need).collect();
    let root = state.street().unwrap().place;
    for number in 0..communities {
        let name = format!("第{number}社区");
        let level = PlaceLevel::Community;
        run(
            &mut state,
            &Command::AddPlace { name: name.clone(), level, parent: Some(root), reference: None },
        );
        let place = Some(PlaceId::new(number + 2));
        let kind = OrganizationKind::Community;
        let draft = OrganizationDraft { name, kind, place, open_capacity: None, reference: None };
        run(&mut state, &Command::RegisterOrganization(draft));
        let by = state.organizations().next_back().unwrap().id;
        let posted: Vec<Event> = (0..IN_A_COMMUNITY)
            .map(|_| {
                need += 1;
                let row = rows[usize::try_from(below(&mut seed, rows.len() as u64)).unwrap()];
                let title = format!("{}({}号)", row.title, below(&mut seed, 10_000));
                Event::NeedPosted {
                    need: NeedId::new(need),
                    draft: NeedDraft::new(EntryDraft::new(title, by)),
                }
            })
            .collect();
        fold(&mut state, &posted);
    }
    let first = state.needs().next().unwrap();
    let by: OrganizationId = first.draft.entry.organization;
    let again = NeedDraft::new(EntryDraft::new(first.draft.entry.title.clone(), by));
    (state, again)
}

fn duplicates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("duplicates");
    group.sample_size(10);
    for communities in [1, COMMUNITIES] {
        let (state, again) = street(communities);
        assert_eq!(state.needs().count() as u64, communities * IN_A_COMMUNITY);
        assert_eq!(Duplicates::of(&state).of_draft(&again)[0].score, 1000, "it finds its twin");
        group.bench_function(format!("search among {}", communities * IN_A_COMMUNITY), |bench| {
            bench.iter(|| black_box(Duplicates::of(&state).of_draft(&again)));
        });
        let posted =
            [Event::NeedPosted { need: NeedId::new(communities * IN_A_COMMUNITY + 1), draft: again }];
        group.bench_function(format!("fold a posting after {}", communities * IN_A_COMMUNITY), |bench| {
            bench.iter_batched_ref(|| state.clone(), |state| fold(state, &posted), BatchSize::SmallInput);
        });
    }
    group.finish();
}

criterion_group!(benches, duplicates);
criterion_main!(benches);
