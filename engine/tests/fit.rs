//! The fit seen from outside: saying more never hurts, saying nothing never wins.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use engine::{
    category::Categorized,
    identity::OrganizationId,
    matching::{Knowledge, Subject, Suggestion, suggest},
    organization::UnitKind,
    pairing::{Factor, FactorKind, Supplier, Target},
    refusal::wording::Language,
};
use town::{NOW, Town, leaf};

/// Needs and resources of four categories, and a wording that tells nothing.
const ASKED: [(&str, &str); 4] = [
    ("小区夜间停车难", "SPACE-PARK"),
    ("两侧墙面彩绘", "CULT-ARTS"),
    ("老人想量血压", "HEALTH-CLINIC"),
    ("邻里纠纷想找人咨询", "SAFE-LAW"),
];
const OFFERED: [(&str, &str); 5] = [
    ("停车场夜间开放", "SPACE-PARK"),
    ("学生墙绘", "CULT-ARTS"),
    ("义诊", "HEALTH-CLINIC"),
    ("律师坐班", "SAFE-LAW"),
    ("周末有空", "CULT-ARTS"),
];
const KINDS: [UnitKind; 4] = [UnitKind::School, UnitKind::Enterprise, UnitKind::Hospital, UnitKind::LawFirm];

fn best(town: &Town, need: Target, unit: OrganizationId) -> Option<Suggestion> {
    let found = suggest(&town.state, Knowledge::builtin(), NOW, Subject::Target(need), usize::MAX);
    found.into_iter().find(|suggestion| suggestion.organization == unit)
}

/// One unit before and after it posted this resource, as it is suggested for a need.
fn compared(
    kind: UnitKind,
    asked: (&str, Option<Categorized>),
    offered: (&str, Option<Categorized>),
) -> [Option<Suggestion>; 2] {
    let mut town = Town::new(1);
    let unit = town.unit("东风公司", kind, 0);
    let need = town.need(0, asked.0, |draft| draft.entry.category = asked.1);
    let silent = best(&town, need, unit);
    town.resource(unit, offered.0, |draft| draft.entry.category = offered.1);
    [silent, best(&town, need, unit)]
}

#[test]
fn whoever_posts_something_fits_no_need_worse_than_before() {
    for kind in KINDS {
        for (asked, asked_leaf) in ASKED {
            for (offered, offered_leaf) in OFFERED {
                for (asked_leaf, offered_leaf) in [
                    (leaf(asked_leaf), leaf(offered_leaf)),
                    (leaf(asked_leaf), None),
                    (None, leaf(offered_leaf)),
                    (None, None),
                ] {
                    let [silent, posting] =
                        compared(kind, (asked, asked_leaf), (offered, offered_leaf)).map(Option::unwrap);
                    let told = format!("{kind:?}, {asked}: {silent:?} against {offered}: {posting:?}");
                    assert!(posting.fit.total >= silent.fit.total, "{told}");
                }
            }
        }
    }
}

#[test]
fn what_was_posted_in_the_category_asked_goes_before_an_open_capacity_however_it_is_worded() {
    for kind in KINDS {
        for (asked, code) in ASKED {
            for (offered, _) in OFFERED {
                let [silent, posting] =
                    compared(kind, (asked, leaf(code)), (offered, leaf(code))).map(Option::unwrap);
                assert!(matches!(posting.supplier, Supplier::Resource(_)), "{kind:?} {asked} {offered}");
                assert!(posting.fit.total > silent.fit.total, "{kind:?} {asked} {offered}");
            }
        }
    }
}

#[test]
fn what_is_assumed_counts_and_is_said_to_be_assumed() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let need = town.need(0, "老年人义诊", |draft| draft.entry.category = leaf("HEALTH-CLINIC"));
    let fit = best(&town, need, hospital).unwrap().fit;
    let assumed: Vec<(FactorKind, u16)> = fit
        .factors
        .iter()
        .filter(|factor| factor.assumed)
        .map(|factor| (factor.kind, factor.value))
        .collect();
    assert_eq!(assumed, [(FactorKind::Category, 700), (FactorKind::Wording, 50)]);
    let weight = |factor: &Factor| u32::from(factor.weight);
    let sum: u32 = fit.factors.iter().map(|factor| u32::from(factor.value) * weight(factor)).sum();
    assert_eq!(u32::from(fit.total), sum / fit.factors.iter().map(weight).sum::<u32>());
    let reasons = fit.reasons(Language::English);
    assert!(
        reasons.contains(&"category: not stated, counted as 700/1000 at weight 150".to_owned()),
        "{reasons:?}"
    );
    assert!(fit.reasons(Language::Chinese).contains(&"类别相符 未注明,按 700/1000 计(权重 150)".to_owned()));
}
