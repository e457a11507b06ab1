//! Lists that come in over the network: judged row by row, as if each had been said alone, and taken in once.

use crate::street::Street;
use serde_json::{Value, json};

const NEEDS: &str =
    "编号,需求,发布单位,需求类别\nN1,老人助餐,学府路社区,\nN2,,学府路社区,\nN3,银行要的,清河银行,\n";

async fn import(street: &Street, token: &str, files: Value) -> Value {
    let rows =
        "rows { kind new changed there refused } problems { file line field code cause hint isNotice }";
    street.mutate_in(token, "zh", "importLists", rows, json!({ "files": files })).await
}

fn needs(payload: &Value) -> Value {
    let rows = payload["rows"].as_array().unwrap();
    rows.iter().find(|it| it["kind"] == "NEED").unwrap_or_else(|| panic!("{payload}")).clone()
}

#[tokio::test]
async fn a_list_goes_in_row_by_row_and_the_same_list_again_changes_nothing() {
    let street = Street::open().await;
    let file = json!([{ "name": "需求清单.csv", "text": NEEDS }]);
    let first = import(&street, &street.coordinator, file.clone()).await;
    assert_eq!(first["userErrors"], json!([]));
    let counts = needs(&first);
    assert_eq!((&counts["new"], &counts["refused"]), (&json!(2), &json!(1)), "{first}");
    let wrong = first["problems"].as_array().unwrap().iter().find(|it| it["isNotice"] == false).unwrap();
    assert_eq!((&wrong["file"], &wrong["line"]), (&json!("需求清单.csv"), &json!(3)), "{wrong}");
    assert!(!wrong["cause"].as_str().unwrap().is_empty(), "{wrong}");

    let again = import(&street, &street.coordinator, file).await;
    let counts = needs(&again);
    assert_eq!((&counts["new"], &counts["there"]), (&json!(0), &json!(2)), "{again}");
    assert_eq!(again["position"], first["position"]);
    let listed = street.data("", "{ needs { nodes { title reference } } }", json!({})).await;
    assert_eq!(
        listed["needs"]["nodes"],
        json!([{ "title": "老人助餐", "reference": "N1" }, { "title": "银行要的", "reference": "N3" }])
    );
}

#[tokio::test]
async fn each_row_is_judged_by_the_right_of_who_sends_it() {
    let street = Street::open().await;
    let file = json!([{ "name": "需求清单.csv", "text": NEEDS }]);
    // The bank is not the officer's, and it is refused by name of the right that is missing.
    let mine = import(&street, &street.officer, file.clone()).await;
    let counts = needs(&mine);
    assert_eq!((&counts["new"], &counts["refused"]), (&json!(1), &json!(2)), "{mine}");
    for token in [street.observer.as_str(), ""] {
        let nothing = import(&street, token, file.clone()).await;
        assert_eq!(nothing["userErrors"][0]["code"], "NOT_ALLOWED", "{nothing}");
        assert_eq!((&nothing["rows"], &nothing["problems"]), (&json!([]), &json!([])));
    }
    let listed = street.data("", "{ needs { totalCount } }", json!({})).await;
    assert_eq!(listed["needs"]["totalCount"], 1);
}

#[tokio::test]
async fn too_many_files_are_bad_input() {
    let street = Street::open().await;
    let file = json!({ "name": "needs.csv", "text": NEEDS });
    let query = "mutation($input: ImportListsInput!) { importLists(input: $input) { position } }";
    let input = json!({ "input": { "files": vec![file; 21] } });
    let answer = street.ask(&street.coordinator, query, input).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
}
