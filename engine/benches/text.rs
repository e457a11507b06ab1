//! Reading wordings and scoring pairs: what is done once an entry, and what is done once a pair.
//!
//! The wordings are those of the published rows, in file order; every second unit has posted one resource.
//!
//! `cargo bench -p engine --bench text`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::text::{
    affinity::{Affinity, Posted},
    classify::Lexicon,
    published::{self, ListKind},
    similarity::Terms,
};
use std::hint::black_box;

fn text(criterion: &mut Criterion) {
    let affinity = Affinity::builtin();
    let pairings = published::pairings();
    let listed = published::lists().iter().filter(|row| row.kind == ListKind::Resource);
    let posted: Vec<Posted<'_>> = listed.map(|row| Posted { title: &row.title, leaf: None }).collect();
    let units: Vec<(&str, &[Posted<'_>])> = pairings
        .iter()
        .zip(posted.chunks(1).cycle())
        .enumerate()
        .map(|(number, (row, posted))| (row.unit.as_str(), if number % 2 == 0 { posted } else { &[] }))
        .collect();

    let mut entries = criterion.benchmark_group("entry");
    entries.throughput(Throughput::Elements(pairings.len() as u64));
    entries.bench_function("need", |bencher| {
        bencher.iter(|| pairings.iter().for_each(|row| drop(black_box(affinity.need(&row.need)))));
    });
    entries.bench_function("unit", |bencher| {
        bencher.iter(|| {
            units.iter().for_each(|(name, posted)| drop(black_box(affinity.unit(name, None, posted))))
        });
    });
    entries.bench_function("terms", |bencher| {
        bencher
            .iter(|| pairings.iter().for_each(|row| drop(black_box(affinity.similarity().terms(&row.need)))));
    });
    entries.bench_function("classify", |bencher| {
        bencher
            .iter(|| pairings.iter().for_each(|row| drop(black_box(Lexicon::builtin().classify(&row.need)))));
    });
    entries.finish();

    let needs: Vec<_> = pairings.iter().map(|row| affinity.need(&row.need)).collect();
    let profiles: Vec<_> = units.iter().map(|(name, posted)| affinity.unit(name, None, posted)).collect();
    let terms: Vec<Terms> = pairings.iter().map(|row| affinity.similarity().terms(&row.need)).collect();
    let mut pairs = criterion.benchmark_group("pair");
    pairs.throughput(Throughput::Elements((needs.len() * profiles.len()) as u64));
    pairs.bench_function("score", |bencher| {
        bencher.iter(|| {
            let of_need =
                |need| profiles.iter().map(|unit| u64::from(affinity.score(need, unit).total)).sum::<u64>();
            needs.iter().map(of_need).sum::<u64>()
        });
    });
    pairs.bench_function("alike", |bencher| {
        bencher.iter(|| {
            let of_one = |one: &Terms| terms.iter().map(|other| u64::from(one.alike(other))).sum::<u64>();
            terms.iter().map(of_one).sum::<u64>()
        });
    });
    pairs.finish();
}

criterion_group!(benches, text);
criterion_main!(benches);
