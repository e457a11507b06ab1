//! The lists as the tables of `peer/tables.sql`, in files of comma-separated values.

use csv::Writer;
use engine::{entry::EntryDraft, need::Urgency, place::PlaceLevel, state::State};
use std::{fs::File, path::Path};

/// Writes them into a directory.
pub fn write(state: &State, directory: &Path) {
    let table = |name: &str| Writer::from_path(directory.join(format!("{name}.csv"))).unwrap();
    let mut places = table("place");
    for it in state.places() {
        row(&mut places, [it.id.number().to_string(), it.name.clone()]);
    }
    let mut categories = table("category");
    for it in state.categories() {
        row(&mut categories, [it.code.to_string(), it.zh.clone()]);
    }
    let mut organizations = table("organization");
    for it in state.organizations() {
        let place = it.draft.place.map(|place| place.number().to_string()).unwrap_or_default();
        row(&mut organizations, [it.id.number().to_string(), it.draft.name.clone(), place]);
    }
    let mut needs = table("need");
    for it in state.needs() {
        let entry = &it.draft.entry;
        let place = state.place_of(entry).and_then(|place| state.at_level(place, PlaceLevel::Community));
        let urgency = match it.draft.urgency {
            Some(Urgency::Normal) => "NORMAL",
            Some(Urgency::Urgent) => "URGENT",
            Some(_) | None => "",
        };
        let day = |day: Option<chrono::NaiveDate>| day.map(|it| it.to_string()).unwrap_or_default();
        assert!(it.is_open(), "nothing was done to any need yet");
        let [title, detail, category, organization] = texts(entry);
        let code = entry.category.as_ref().and_then(|it| state.category(&it.code)?.parent.as_ref());
        let top = code.map(ToString::to_string).unwrap_or_default();
        row(
            &mut needs,
            [
                it.id.number().to_string(),
                title,
                detail,
                "OPEN".to_owned(),
                urgency.to_owned(),
                it.asked().to_string(),
                it.tally.agreed.to_string(),
                it.unserved().to_string(),
                day(entry.window.from),
                day(entry.window.to),
                category,
                top,
                place.unwrap().number().to_string(),
                organization,
            ],
        );
    }
    let mut resources = table("resource");
    for it in state.resources() {
        let entry = &it.draft.entry;
        let [title, detail, category, organization] = texts(entry);
        let amount = entry.quantity.as_ref().unwrap().amount.to_string();
        let status = "OPEN".to_owned();
        row(
            &mut resources,
            [it.id.number().to_string(), title, detail, status, amount, category, organization],
        );
    }
}

fn texts(entry: &EntryDraft) -> [String; 4] {
    [
        entry.title.clone(),
        entry.detail.clone().unwrap_or_default(),
        entry.category.as_ref().map(|it| it.code.to_string()).unwrap_or_default(),
        entry.organization.number().to_string(),
    ]
}

fn row<const N: usize>(table: &mut Writer<File>, values: [String; N]) {
    table.write_record(values).unwrap();
}
