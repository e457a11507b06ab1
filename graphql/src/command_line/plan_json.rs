//! A plan as one JSON object, for programs. Its keys are stable.

use super::{match_lists::Matched, report::problems_json};
use crate::lists::RowProblem;
use engine::{pairing::Fit, refusal::wording::Language};
use serde_json::{Map, Value, json};

pub(super) fn render(matched: &Matched, problems: &[&RowProblem], language: Language) -> Value {
    let proposal = &matched.proposal;
    let pairings: Vec<Value> = proposal
        .pairings
        .iter()
        .map(|terms| {
            json!({
                "need": matched.target(terms.target),
                "resource": matched.resource(terms.supplier),
                "organization": matched.giver(terms.supplier),
                "quantity": terms.quantity,
                "fit": terms.fit.as_ref().map(|fit| fit.total),
                "factors": terms.fit.as_ref().map(factors),
            })
        })
        .collect();
    let unmet: Vec<Value> = proposal
        .summary
        .unmet
        .iter()
        .map(|unmet| {
            let reasons: Vec<Value> = unmet
                .reasons
                .iter()
                .map(|reason| json!({ "code": reason.cause.code(), "message": reason.message(language) }))
                .collect();
            json!({ "need": matched.target(unmet.target), "reasons": reasons })
        })
        .collect();
    let suggestions: Vec<Value> = matched
        .suggestions
        .iter()
        .map(|(target, candidates)| {
            let candidates: Vec<Value> = candidates
                .iter()
                .map(|candidate| {
                    json!({
                        "organization": matched.organization(candidate.organization),
                        "resource": matched.resource(candidate.supplier),
                        "fit": candidate.fit.total,
                        "factors": factors(&candidate.fit),
                    })
                })
                .collect();
            json!({ "need": matched.target(*target), "candidates": candidates })
        })
        .collect();
    json!({
        "plan": {
            "objective": proposal.summary.objective,
            "bound": proposal.summary.bound,
            "pairings": pairings,
            "unmet": unmet,
        },
        "suggestions": suggestions,
        "problems": problems_json(problems, false, language),
        "notices": problems_json(problems, true, language),
    })
}

fn factors(fit: &Fit) -> Value {
    let values = fit.factors.iter().map(|factor| (factor.kind.code().to_owned(), Value::from(factor.value)));
    Value::Object(values.collect::<Map<String, Value>>())
}
