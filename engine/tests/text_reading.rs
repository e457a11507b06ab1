//! Whatever a cell of a list holds, reading it ends, keeps it, and gives the same answer twice.

use engine::text::affinity::Affinity;
use engine::text::classify::Lexicon;
use engine::text::measure::measure;
use engine::text::similarity::Similarity;
use engine::text::unit_kind::UnitKind;
use engine::text::{quantity, time};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Cells made of the signs that the readers look for, and any other text.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9零一二两三十百千万亿余多近约个户元车位年月日周末至起:.,/~—次点半时-]{0,24}",
        "\\PC{0,40}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, rng_seed: RngSeed::Fixed(20_260_101), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cell_is_read_or_kept(text in cell()) {
        let amount = quantity::read(&text);
        prop_assert_eq!(&amount.original, &text);
        prop_assert_eq!(&amount, &quantity::read(&text));
        let when = time::read(&text);
        prop_assert_eq!(&when.original, &text);
        if let (Some(from), Some(to)) = (when.from, when.to) {
            prop_assert!(from <= to);
        }
        if let Some((begin, end)) = when.hours {
            prop_assert!(begin <= 1440 && end <= 1440);
        }
        prop_assert!(when.weekdays.is_none_or(|days| days > 0 && days < 128));
        prop_assert!(measure(&text).1 >= 1);
        prop_assert_eq!(UnitKind::guess(&text), UnitKind::guess(&text));
    }

    #[test]
    fn any_wording_is_scored_within_bounds(need in cell(), name in cell()) {
        let guess = Lexicon::builtin().classify(&need);
        prop_assert!(guess.confidence <= 1000 && guess.candidates.len() == 3);
        prop_assert!(Similarity::builtin().between(&need, &name) <= 1000);
        let affinity = Affinity::builtin();
        let score = affinity.score(&affinity.need(&need), &affinity.unit(&name, None, &[]));
        prop_assert!(score.total <= 1000);
    }
}
