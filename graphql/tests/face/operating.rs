//! What only the console could do otherwise: verifying the street while it is served, and matching lists of nobody's street.

use crate::street::Street;
use engine::identity::Position;
use graphql::ServerConfig;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use storage::{
    Head, Log, ReadError, failure::AppendError, log::RequestEntry, memory::MemoryLog, record::Record,
    request::RequestKey, snapshot::Shelf,
};

const VERIFICATION: &str =
    "{ verification { running reached report { sound position commits events hash damage
    servedAsLogged findings findingsCount snapshots { position ignored } } } }";

/// Asks until a walk is over; between two questions the server is asked for something else, which takes its time.
async fn verified(street: &Street) -> Value {
    for _ in 0..10_000 {
        let data = street.data(&street.coordinator, VERIFICATION, json!({})).await;
        if data["verification"]["running"] == false {
            return data["verification"]["report"].clone();
        }
    }
    panic!("the walk does not end");
}

#[tokio::test]
async fn a_sound_street_is_verified_while_it_is_served_and_not_again_before_its_rest_is_over() {
    let street = Street::open().await;
    let first = street.data(&street.coordinator, VERIFICATION, json!({})).await;
    assert_eq!(first["verification"]["running"], true, "{first}");
    let report = verified(&street).await;
    let head = street.ledger.state().position();
    assert_eq!(report["position"], json!(head.0.to_string()));
    assert_eq!(report["commits"], json!(head.0.to_string()));
    assert_eq!((&report["sound"], &report["servedAsLogged"]), (&json!(true), &json!(true)), "{report}");
    assert_eq!((&report["damage"], &report["findingsCount"]), (&Value::Null, &json!(0)), "{report}");
    let hash = street.ledger.view().head().unwrap().hash.to_string();
    assert_eq!(report["hash"], json!(hash));

    // What was written since is looked at by the next walk, which is not due yet: the report says how far it goes.
    let need = json!({ "title": "义诊", "organization": null });
    let payload = street.mutate(&street.officer, "postNeed", "need { id }", need).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    let later = street.data(&street.coordinator, VERIFICATION, json!({})).await;
    assert_eq!(later["verification"]["running"], false, "{later}");
    assert_eq!(later["verification"]["report"], report);
    for token in [&street.officer, &street.liaison, &street.observer, &String::new()] {
        let answer = street.ask(token, VERIFICATION, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{answer}");
    }
}

/// A log of which one commit rots when it is told to.
struct Rotting {
    inner: MemoryLog,
    is_rotten: Arc<AtomicBool>,
}

impl Log for Rotting {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        self.inner.append(expected, records)
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let records = self.inner.read(after, limit)?;
        let third = records.iter().find(|it| it.commit().position == Position(3));
        if let Some(third) = third.filter(|_| self.is_rotten.load(Ordering::Relaxed)) {
            let rotten = third.text().replacen("\"v\":1", "\"v\": 1", 1);
            Record::check(Position(3), rotten.as_bytes())?;
        }
        Ok(records)
    }

    fn head(&self) -> Result<Head, ReadError> {
        self.inner.head()
    }

    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        self.inner.find(request)
    }

    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        self.inner.requests(visit)
    }

    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        self.inner.shelf()
    }
}

#[tokio::test]
async fn damage_is_told_with_its_place() {
    let is_rotten = Arc::new(AtomicBool::new(false));
    let log = Rotting { inner: MemoryLog::new(), is_rotten: Arc::clone(&is_rotten) };
    let street = Street::open_on(log, ServerConfig::default()).await;
    is_rotten.store(true, Ordering::Relaxed);
    let report = verified(&street).await;
    assert_eq!(report["sound"], false, "{report}");
    let damage = report["damage"].as_str().unwrap();
    assert!(damage.contains("position 3") && damage.contains("the record says hash"), "{report}");
}

#[tokio::test]
async fn lists_are_matched_by_themselves_and_forgotten() {
    let street = Street::open().await;
    let before = street.data(&street.coordinator, "{ position }", json!({})).await;
    let needs = "编号,需求,发布单位\nN1,老年食堂每周送餐,春晖里社区\nN2,,春晖里社区\n";
    let resources = "编号,资源,提供单位,单位类型\nR1,食堂可为老人送餐,清河食品公司,企业\n";
    let query = "query($files: [ListFileInput!]!) { matchLists(files: $files) {
        rows { kind new refused } problems { file line cause isNotice } problemsCount
        plan { targets pairingsCount pairings { nodes { quantity } } unmet { nodes { quantity } } } } }";
    let files =
        json!([{ "name": "需求清单.csv", "text": needs }, { "name": "资源清单.csv", "text": resources }]);
    let data = street.data(&street.coordinator, query, json!({ "files": files })).await;
    let matched = &data["matchLists"];
    let of = |kind: &str| {
        matched["rows"].as_array().unwrap().iter().find(|it| it["kind"] == kind).unwrap().clone()
    };
    assert_eq!((&of("NEED")["new"], &of("NEED")["refused"]), (&json!(1), &json!(1)), "{matched}");
    assert_eq!(of("RESOURCE")["new"], 1, "{matched}");
    assert_eq!(matched["plan"]["pairingsCount"], 1, "{matched}");
    let after = street.data(&street.coordinator, "{ position needs { totalCount } }", json!({})).await;
    assert_eq!((&after["position"], &after["needs"]["totalCount"]), (&before["position"], &json!(0)));

    let rows = |count: usize| {
        let lines: String = (0..count).map(|number| format!("N{number},老人助餐,春晖里社区\n")).collect();
        json!([{ "name": "需求清单.csv", "text": format!("编号,需求,发布单位\n{lines}") }])
    };
    for (files, word) in [(rows(5_001), "5000"), (json!(vec![rows(1)[0].clone(); 21]), "20")] {
        let answer = street.ask(&street.coordinator, query, json!({ "files": files })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(word), "{answer}");
    }
}
