//! Tiles of the real server, each of them against a count made by paging through the lists.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "tiles/lists.rs"]
mod lists;
#[path = "tiles/scarcity.rs"]
mod scarcity;
#[path = "tiles/series.rs"]
mod series;
#[path = "tiles/served.rs"]
mod served;
#[path = "tiles/street.rs"]
mod street;

use lists::{Lists, Row, aggregates};
use std::collections::BTreeMap;
use street::{number, something_happens, text};
use tempfile::tempdir;
use tests::{client::Client, program::Server};

#[tokio::test]
async fn each_tile_of_the_demo_is_what_paging_through_the_lists_gives() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    something_happens(&coordinator).await;
    let lists = Lists::read(&coordinator).await;

    let groups = [
        "STATUS",
        "CHANNEL",
        "FORM",
        "BENEFICIARY",
        "CATEGORY",
        "TOP_CATEGORY",
        "ORGANIZATION",
        "UNIT_KIND",
        "PLACE",
    ];
    for (list, entries) in [("NEEDS", &lists.needs), ("RESOURCES", &lists.resources)] {
        for by in groups {
            let mut counted: BTreeMap<Option<String>, Row> = BTreeMap::new();
            for entry in entries {
                let row = counted.entry(lists.group(entry, by)).or_default();
                row.0 += 1;
                let lots = list == "RESOURCES" && entry["countedIn"].is_null();
                let unit = if lots { None } else { text(&entry["quantity"]["unit"]) };
                let amount = match list {
                    "NEEDS" => entry["quantity"]["amount"].as_i64().unwrap_or(1),
                    _ => number(&entry["capacity"]),
                };
                let sums = row.1.entry(unit.unwrap_or_else(|| "项".to_owned())).or_default();
                sums.0 += amount;
                sums.1 += number(&entry["tally"]["agreed"]);
                sums.2 += number(&entry["tally"]["delivered"]);
            }
            assert_eq!(aggregates(&coordinator, list, by).await, counted, "{list} by {by}");
        }
    }

    served::funnel_and_coverage(&coordinator, &lists).await;
    scarcity::gap_and_idle(&coordinator, &lists).await;
    series::series_and_ranking(&coordinator, &lists).await;
    server.stop();
}
