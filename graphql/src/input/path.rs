//! Where in the input of a mutation stands what the engine names in a refusal.
//!
//! The engine speaks of the parts of a command; most inputs are made alike. Here is what is not. A path is made of names:
//! of a list it does not say which item. What is no part of the input has none.

use engine::command::Command;

/// From what the engine calls a field to its path in the input.
pub type Path = fn(&'static str) -> Option<&'static str>;

/// How the fields of a command's refusal are to be found in the input that made it.
pub const fn of(command: &Command) -> Path {
    match command {
        Command::PostNeed(_)
        | Command::AmendNeed { .. }
        | Command::PostResource(_)
        | Command::AmendResource { .. }
        | Command::PostProject(_)
        | Command::AmendProject { .. } => in_entry,
        Command::DraftAgreement { .. } | Command::AmendAgreement { .. } => in_agreement,
        Command::SignAgreement { .. } => in_signature,
        Command::RejectNeed { .. } => in_rejection,
        Command::RetireCategory(_) => in_retirement,
        Command::LinkRoster(_) | Command::UnlinkRoster(_) => in_roster,
        Command::AddMember { .. } | Command::IssueToken { .. } => in_token,
        Command::SetRules(_) | Command::AmendOrganization { .. } => in_capacity,
        Command::ClaimJointly { .. } => in_shares,
        Command::ClaimPairing { .. } | Command::ClaimPart { .. } => in_claim,
        Command::RequestPairing { .. } | Command::PlaceBid { .. } => in_request,
        Command::GiveContact { .. } => in_contact,
        // These name things that were written down before, and ask no amount themselves.
        Command::ChooseBid { .. }
        | Command::MergeNeed { .. }
        | Command::AdoptPlan(_)
        | Command::AcceptPairing { .. }
        | Command::ConfirmDelivery { .. }
        | Command::StartProject { .. } => in_naming,
        _ => Some,
    }
}

fn in_entry(field: &'static str) -> Option<&'static str> {
    Some(match field {
        "unit" => "quantity.unit",
        "slots.unit" => "slots.quantity.unit",
        "hours.from" => "window.hours.from",
        "hours.to" => "window.hours.to",
        "weekdays" => "window.weekdays",
        "slots.hours.from" => "slots.window.hours.from",
        "slots.hours.to" => "slots.window.hours.to",
        "slots.weekdays" => "slots.window.weekdays",
        other => other,
    })
}

fn in_agreement(field: &'static str) -> Option<&'static str> {
    Some(match field {
        "revision" => "version",
        "title" => "terms.title",
        "text" => "terms.text",
        "parties" => "terms.parties",
        "undertakings" => "terms.undertakings",
        "undertakings.what" => "terms.undertakings.what",
        "budget" => "terms.budget",
        "budget.source" => "terms.budget.source",
        "budget.yuan" => "terms.budget.yuan",
        "ceiling" => "terms.ceiling",
        "milestones" => "terms.milestones",
        "milestones.title" => "terms.milestones.title",
        "milestones.number" => "terms.milestones.number",
        other => other,
    })
}

fn in_signature(field: &'static str) -> Option<&'static str> {
    match field {
        "revision" => Some("version"),
        "agreement" | "party" => Some(field),
        _ => None,
    }
}

fn in_rejection(field: &'static str) -> Option<&'static str> {
    Some(match field {
        "ground.need" => "duplicateOf",
        "ground.party" => "party",
        other => other,
    })
}

fn in_retirement(field: &'static str) -> Option<&'static str> {
    Some(if field == "code" { "category" } else { field })
}

fn in_roster(field: &'static str) -> Option<&'static str> {
    Some(if field == "community" { "place" } else { field })
}

fn in_token(field: &'static str) -> Option<&'static str> {
    Some(match field {
        "expires" => "expiresAt",
        "name" => "label",
        other => other,
    })
}

/// What is promised by units that take needs up directly is bounded by how many they take.
fn in_capacity(field: &'static str) -> Option<&'static str> {
    Some(if field == "quantity" { "openCapacity" } else { field })
}

fn in_shares(field: &'static str) -> Option<&'static str> {
    Some(match field {
        "supplier" => "shares.supplier",
        "quantity" => "shares.quantity",
        "draws" => "shares.draws",
        "needs" => "target",
        other => other,
    })
}

fn in_claim(field: &'static str) -> Option<&'static str> {
    match field {
        "pairing" | "quantity" | "side" => Some(field),
        _ => None,
    }
}

fn in_request(field: &'static str) -> Option<&'static str> {
    Some(if field == "needs" { "target" } else { field })
}

fn in_contact(field: &'static str) -> Option<&'static str> {
    if field == "contact" { None } else { Some(field) }
}

fn in_naming(field: &'static str) -> Option<&'static str> {
    match field {
        "bid" | "need" | "into" | "pairing" | "delivery" | "project" | "reason" => Some(field),
        _ => None,
    }
}
