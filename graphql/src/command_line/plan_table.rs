//! A plan as tables, for people.

use super::match_lists::Matched;
use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use engine::{
    pairing::{Fit, Supplier, Target},
    refusal::wording::Language,
};
use std::collections::BTreeSet;

/// How many reasons of a pairing are shown; the JSON holds all.
const REASONS_SHOWN: usize = 2;

/// The longest wording shown in a cell, in characters.
const WORDING_CHARS_MAX: usize = 24;

/// The width of tables where no terminal tells it.
const WIDTH_UNLESS_KNOWN: u16 = 120;

pub(super) fn render(matched: &Matched, language: Language) -> String {
    let mut text = String::new();
    text.push_str(&pairings(matched, language));
    if !matched.proposal.summary.unmet.is_empty() {
        text.push_str(&unmet(matched, language));
    }
    if !matched.suggestions.is_empty() {
        text.push_str(&suggestions(matched, language));
    }
    text.push_str(&figures(matched, language));
    text
}

fn table(heading: &str, columns: &[&str]) -> (String, Table) {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(WIDTH_UNLESS_KNOWN);
    }
    table.set_header(columns.iter().copied());
    (format!("{heading}\n"), table)
}

fn pairings(matched: &Matched, language: Language) -> String {
    let (heading, mut table) = match language {
        Language::Chinese => table("匹配方案", &["需求", "提供方", "资源", "数量", "契合度", "主要理由"]),
        Language::English => {
            table("Plan 匹配方案", &["need", "supplier", "resource", "quantity", "fit", "top reasons"])
        }
    };
    for terms in &matched.proposal.pairings {
        let fit = terms.fit.as_ref();
        table.add_row([
            asked(matched, terms.target),
            matched.giver(terms.supplier),
            given(matched, terms.supplier, language),
            format!("{} {}", terms.quantity, unit(matched, terms.target)),
            fit.map(|fit| fit.total.to_string()).unwrap_or_default(),
            fit.map(|fit| reasons(fit, language)).unwrap_or_default(),
        ]);
    }
    format!("{heading}{table}\n\n")
}

fn unmet(matched: &Matched, language: Language) -> String {
    let (heading, mut table) = match language {
        Language::Chinese => table("未满足", &["需求", "缺口", "原因"]),
        Language::English => table("Unmet 未满足", &["need", "short of", "why"]),
    };
    for unmet in &matched.proposal.summary.unmet {
        let why: Vec<String> =
            unmet.reasons.iter().take(REASONS_SHOWN).map(|reason| reason.message(language)).collect();
        let short = format!("{} {}", unmet.quantity, unit(matched, unmet.target));
        table.add_row([asked(matched, unmet.target), short, why.join("\n")]);
    }
    format!("{heading}{table}\n\n")
}

fn suggestions(matched: &Matched, language: Language) -> String {
    let (heading, mut table) = match language {
        Language::Chinese => table("候选", &["需求", "候选单位", "资源", "契合度", "主要理由"]),
        Language::English => {
            table("Candidates 候选", &["need", "organization", "resource", "fit", "top reasons"])
        }
    };
    for (target, candidates) in &matched.suggestions {
        let mut need = asked(matched, *target);
        for candidate in candidates {
            table.add_row([
                std::mem::take(&mut need),
                matched.organization(candidate.organization),
                given(matched, candidate.supplier, language),
                candidate.fit.total.to_string(),
                reasons(&candidate.fit, language),
            ]);
        }
        if candidates.is_empty() {
            table.add_row([need, "–".into()]);
        }
    }
    format!("{heading}{table}\n\n")
}

fn figures(matched: &Matched, language: Language) -> String {
    let summary = &matched.proposal.summary;
    let served: BTreeSet<Target> = matched.proposal.pairings.iter().map(|terms| terms.target).collect();
    let short: BTreeSet<Target> = summary.unmet.iter().map(|unmet| unmet.target).collect();
    let met = served.difference(&short).count();
    let open = (summary.targets as usize).saturating_sub(met);
    let (objective, bound, ms) = (summary.objective, summary.bound, matched.took.as_millis());
    match language {
        Language::Chinese => {
            format!("目标值 {objective},上界 {bound};已满足 {met} 项,未满足 {open} 项;用时 {ms} 毫秒\n")
        }
        Language::English => {
            format!("objective {objective}, bound {bound}; {met} met, {open} open; {ms} ms\n")
        }
    }
}

fn asked(matched: &Matched, target: Target) -> String {
    let state = &matched.state;
    let title = match target {
        Target::Need(need) => state.need(need).map(|need| need.draft.entry.title.as_str()),
        Target::Slot(project, index) => state
            .project(project)
            .and_then(|project| project.draft.slots.get(usize::from(index)))
            .map(|slot| slot.title.as_str()),
    };
    format!("{} {}", matched.target(target), shortened(title.unwrap_or_default()))
}

fn given(matched: &Matched, supplier: Supplier, language: Language) -> String {
    match (supplier, language) {
        (Supplier::Resource(resource), _) => {
            let resource_title = matched.state.resource(resource).map(|it| it.draft.entry.title.clone());
            let label = matched.resource(supplier).unwrap_or_default();
            format!("{label} {}", shortened(&resource_title.unwrap_or_default()))
        }
        (Supplier::Unit(_), Language::Chinese) => "(直接认领)".into(),
        (Supplier::Unit(_), Language::English) => "(takes it up directly)".into(),
    }
}

fn unit(matched: &Matched, target: Target) -> String {
    let state = &matched.state;
    let quantity = match target {
        Target::Need(need) => state.need(need).and_then(|need| need.draft.entry.quantity.clone()),
        Target::Slot(project, index) => state
            .project(project)
            .and_then(|project| project.draft.slots.get(usize::from(index))?.quantity.clone()),
    };
    quantity.map_or_else(|| "项".to_owned(), |quantity| quantity.measure.unit().to_owned())
}

fn reasons(fit: &Fit, language: Language) -> String {
    let reasons = fit.reasons(language);
    reasons.iter().take(REASONS_SHOWN).cloned().collect::<Vec<_>>().join("\n")
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= WORDING_CHARS_MAX {
        return text.to_owned();
    }
    let head: String = text.chars().take(WORDING_CHARS_MAX).collect();
    format!("{head}…")
}
