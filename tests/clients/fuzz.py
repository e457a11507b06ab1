"""Random documents from the schema itself, by schemathesis: whatever is asked, the server answers as it promised.

    fuzz.py URL TOKEN CASES SEED SCHEMA

No answer is a fault of the server: no status of 500 and more, no error with the code INTERNAL, nothing but JSON. One line
of JSON says what was tried and how it was answered; the same seed asks the same.
"""

import json
import sys
from collections import Counter

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis_graphql import nodes

URL, TOKEN, CASES, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])

# What the custom scalars look like, and now and then what they do not.
TEXTS = {
    "Date": ["2026-03-01", "2026-02-30", "", "明天"],
    "DateTime": ["2026-03-01T08:00:00Z", "2026-03-01T08:00:00+08:00", "0000-00-00", ""],
    "LocalTime": ["08:30", "24:00", "", "8"],
    "Position": ["0", "7", "99999999999", "-1", "7.3", ""],
    "JSON": ["{}", "x"],
    "Long": ["0", "9223372036854775807", "-1"],
}


def scalars(schema):
    """Every scalar of the schema that GraphQL itself has not."""
    own = {"Int", "Float", "String", "Boolean", "ID"}
    return [it["name"] for it in schema["types"] if it["kind"] == "SCALAR" and it["name"] not in own]


def ask(session, query):
    return session.post(URL, json={"query": query}, timeout=60)


def main():
    session = requests.Session()
    session.trust_env = False
    session.headers["accept"] = "application/graphql-response+json"
    session.headers["authorization"] = f"Bearer {TOKEN}"
    known = ask(session, "{ __schema { types { kind name } } }").json()["data"]["__schema"]
    for name in scalars(known):
        schemathesis.graphql.scalar(name, st.sampled_from(TEXTS.get(name, ["x", ""])).map(nodes.String))
    schema = schemathesis.graphql.from_path(sys.argv[5])
    operations = [it.ok() for it in schema.get_all_operations()]
    statuses, codes, wrong, ran = Counter(), Counter(), [], 0
    # Of some operations there are fewer documents than are asked for.
    each = max(1, -(-CASES * 11 // (10 * len(operations))))

    for operation in operations:

        @hypothesis.seed(SEED)
        @hypothesis.settings(
            max_examples=each,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy())
        def one(case):
            nonlocal ran
            answer = ask(session, case.body)
            statuses[answer.status_code] += 1
            try:
                body = answer.json()
            except ValueError:
                wrong.append({"query": case.body, "status": answer.status_code, "said": answer.text[:300]})
                return
            said = [it.get("extensions", {}).get("code") for it in body.get("errors", [])]
            codes.update(said)
            ran += body.get("data") is not None
            if answer.status_code >= 500 or "INTERNAL" in said or None in said:
                wrong.append({"query": case.body, "status": answer.status_code, "said": body.get("errors")})

        one()

    print(
        json.dumps(
            {
                "client": "schemathesis",
                "version": schemathesis.__version__,
                "seed": SEED,
                "operations": len(operations),
                "cases": sum(statuses.values()),
                "ran": ran,
                "statuses": {str(status): count for status, count in sorted(statuses.items())},
                "codes": dict(sorted(codes.items(), key=str)),
                "wrong": wrong[:5],
                "wrongs": len(wrong),
            },
            ensure_ascii=False,
        )
    )


main()
