//! Tests of the score as a whole: sensitivity, silence, the same bytes, deltas, findability, hostile documents.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::seeds::{Place, Seed, applied, clean, places, planted, seeds};
use super::{Score, Task, delta, rules, score};
use crate::finding::OverlayEffect;
use crate::source::Source;

/// Of each kind of defect so many are planted, each into a contract of its own.
const PLANTS: usize = 2;

fn source(contract: &Json) -> Source {
    Source::read(contract.to_string().as_bytes(), "shop.json").unwrap()
}

fn scored(contract: &Json) -> Score {
    score(&source(contract), &[])
}

fn failed(score: &Score, rule: &str) -> u64 {
    score
        .rules
        .iter()
        .find(|seen| seen.id == rule)
        .unwrap()
        .failed
}

#[test]
fn a_clean_contract_gives_no_rule_a_reason() {
    let score = scored(&clean());
    let told: Vec<String> = score
        .findings
        .iter()
        .map(|found| format!("{} {}", found.finding.id, found.finding.message))
        .collect();
    assert_eq!(told, [""; 0]);
    assert_eq!((score.readability, score.safety), (100.0, 100.0));
    let idle: Vec<&str> = score
        .rules
        .iter()
        .filter(|seen| seen.checked == 0)
        .map(|seen| seen.id)
        .collect();
    // Nothing here is ambiguous.
    assert_eq!(idle, ["op-when-to-use-missing"]);
}

#[test]
fn planted_defects_are_found() {
    let clean = clean();
    let before = scored(&clean);
    let mut missed = Vec::new();
    let mut count = 0;
    for seed in seeds() {
        for number in 0..PLANTS {
            let Some(contract) = planted(&clean, &seed, number) else {
                continue;
            };
            count += 1;
            let after = scored(&contract);
            if failed(&after, seed.rule) <= failed(&before, seed.rule) {
                let place = places(&clean, &seed).into_iter().nth(number);
                missed.push((seed.rule, place));
            }
        }
    }
    assert_eq!(missed, []);
    assert!(count >= 130, "{count}");
}

#[test]
fn every_rule_has_a_seed_and_its_texts() {
    let seeded: BTreeSet<&str> = seeds().iter().map(|seed| seed.rule).collect();
    let ids: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
    assert_eq!(seeded, ids);
    assert_eq!(ids.len(), rules().len());
    for rule in rules() {
        for text in [rule.purpose, rule.measure, rule.explain, rule.repair] {
            assert!(
                text.ends_with('.') && text.len() > 10,
                "{}: {text}",
                rule.id
            );
        }
    }
    assert!(rules().is_sorted_by_key(|rule| rule.family));
}

#[test]
fn a_repair_repairs() {
    let clean = clean();
    for seed in seeds() {
        let Some(contract) = planted(&clean, &seed, 0) else {
            continue;
        };
        let before = scored(&contract);
        let found = before
            .findings
            .iter()
            .find(|found| found.finding.id == seed.rule)
            .unwrap();
        let Some(fix) = &found.finding.fix else {
            continue;
        };
        let update = match &fix.effect {
            OverlayEffect::Update(update) => Some(update),
            OverlayEffect::Remove(_) => None,
        };
        let after = scored(&applied(&contract, &fix.target, update));
        let left = failed(&after, seed.rule);
        assert!(left < failed(&before, seed.rule), "{}: {fix:?}", seed.rule);
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    // Every defect that has many places, each in another one.
    let many = seeds()
        .into_iter()
        .filter(|seed| !matches!(seed.place, Place::Document(_)));
    let contract = many.enumerate().fold(clean(), |contract, (number, seed)| {
        planted(&contract, &seed, number % 7).unwrap_or(contract)
    });
    let bytes = || serde_json::to_string(&score(&source(&contract), &[])).unwrap();
    assert_eq!(bytes(), bytes());
    let mut text = String::new();
    push_reversed(&mut text, &contract);
    let reversed = Source::read(text.as_bytes(), "shop.json").unwrap();
    assert_eq!(
        without_places(&source(&contract)),
        without_places(&reversed)
    );
}

/// The same value with the members of every object from the last to the first.
fn push_reversed(out: &mut String, value: &Json) {
    match value {
        Json::Object(members) => {
            let mut separator = '{';
            for (name, value) in members.iter().rev() {
                write!(out, "{separator}{}:", json!(name)).unwrap();
                separator = ',';
                push_reversed(out, value);
            }
            out.push_str(if separator == '{' { "{}" } else { "}" });
        }
        Json::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                push_reversed(out, element);
            }
            out.push(']');
        }
        scalar => write!(out, "{scalar}").unwrap(),
    }
}

/// The score as JSON, without lines and columns, and so with the findings by their text.
fn without_places(source: &Source) -> String {
    let mut score = serde_json::to_value(score(source, &[])).unwrap();
    let findings = score["findings"].as_array_mut().unwrap();
    for finding in &mut *findings {
        finding["site"]["line"] = json!(0);
        finding["site"]["column"] = json!(0);
    }
    findings.sort_by_key(Json::to_string);
    score.to_string()
}

#[test]
fn a_delta_names_what_came_and_went() {
    let clean = clean();
    let all = seeds();
    let seed = |rule| all.iter().find(|seed| seed.rule == rule).unwrap();
    let planted = |seed: &Seed| scored(&planted(&clean, seed, 0).unwrap());
    let base = planted(seed("op-id-missing"));
    let revision = planted(seed("api-key-in-query"));
    let delta = delta(&base, &revision);
    let ids = |findings: &[super::ScoreFinding]| {
        findings
            .iter()
            .map(|found| found.finding.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&delta.added), ["api-key-in-query"]);
    assert_eq!(ids(&delta.removed), ["op-id-missing"]);
    assert!(delta.readability.change > 0.0 && delta.safety.change < 0.0);
    assert_eq!(delta.safety.revision, Some(revision.safety));
    let same = super::delta(&base, &base);
    assert_eq!(
        (same.added.len(), same.removed.len(), same.tools.len()),
        (0, 0, 0)
    );
}

#[test]
fn a_fingerprint_survives_its_neighbours() {
    let contract = |before: Json| json!({ "paths": { "/a": { "get": { "parameters": [before, { "name": "zone", "in": "query" }] } } } });
    let of = |contract: Json| {
        let score = scored(&contract);
        let missing = |found: &&super::ScoreFinding| {
            found.finding.id == "param-description-missing"
                && found.finding.message.contains("`zone`")
        };
        score
            .findings
            .iter()
            .find(missing)
            .unwrap()
            .fingerprint
            .clone()
    };
    let alone = json!({ "paths": { "/a": { "get": { "parameters": [{ "name": "zone", "in": "query" }] } } } });
    assert_eq!(
        of(alone),
        of(contract(json!({ "name": "area", "in": "query" })))
    );
}

#[test]
fn places_are_exact_on_one_line() {
    let text = r#"{"é":1,"paths":{"/a":{"get":{"parameters":[{"in":"query","name":"data"}]}}}}"#;
    let score = score(&Source::read(text.as_bytes(), "a.json").unwrap(), &[]);
    let found = score
        .findings
        .iter()
        .find(|found| found.finding.id == "param-name-generic")
        .unwrap();
    let site = &found.finding.site;
    assert_eq!(
        (site.line, site.column, site.pointer.as_str()),
        (1, 44, "/paths/~1a/get/parameters/0")
    );
    let missing = score
        .findings
        .iter()
        .find(|found| found.finding.id == "op-id-missing")
        .unwrap();
    assert_eq!(
        missing.finding.fix.as_ref().unwrap().target,
        "$['paths']['/a']['get']"
    );
}

#[test]
fn tasks_find_their_operations() {
    let text = "Take a voucher away for good\tDELETE /vouchers/{voucherId}\n\
                who drives the van today, browse the newest\tlistCouriers\n\
                look through complaints\tpost /complaints/find\n\
                Tune the guitar\n\
                Anything\tGET /nothing\n";
    let score = score(&source(&clean()), &Task::parse(text).unwrap());
    let found = score.findability.unwrap();
    let ranks: Vec<_> = found
        .tasks
        .iter()
        .map(|task| (task.rank, task.is_known, task.is_rejected))
        .collect();
    assert_eq!(
        ranks,
        [
            (Some(1), true, false),
            (Some(1), true, false),
            (Some(1), true, false),
            (None, true, true),
            (None, false, true),
        ]
    );
    assert_eq!(
        (found.recall_at_1, found.recall_at_5, found.rejected),
        (Some(0.75), Some(0.75), Some(1.0))
    );
}

#[test]
fn nothing_at_all_scores_nothing() {
    for text in [
        "{}",
        "null",
        "[]",
        r#"{"paths": [1]}"#,
        r#"{"paths": {"/a": {"get": 1}}}"#,
    ] {
        let score = score(&Source::read(text.as_bytes(), "a.json").unwrap(), &[]);
        assert_eq!((score.readability, score.safety), (0.0, 0.0), "{text}");
        assert_eq!(failed(&score, "operations-missing"), 1, "{text}");
    }
}

#[test]
fn hostile_documents_end() {
    let many = (0..3_000).map(|n| {
        (
            format!("/p{n}"),
            json!({ "get": { "summary": "the same words again" } }),
        )
    });
    let same = json!({ "paths": many.collect::<serde_json::Map<_, _>>() });
    assert_eq!(failed(&scored(&same), "tool-ambiguous"), 0);
    let named = |n: usize| json!({ "get": { "operationId": "getZone", "summary": format!("the same words {n}") } });
    let many = (0..3_000).map(|n| (format!("/p{n}"), named(n % 7)));
    let alike = json!({ "paths": many.collect::<serde_json::Map<_, _>>() });
    assert_eq!(failed(&scored(&alike), "tool-ambiguous"), 3_000);

    let chain = (0..3_000).map(|n| {
        let next = json!({ "$ref": format!("#/components/schemas/s{}", (n + 1) % 3_000) });
        let twice = json!({ "type": "object", "properties": { "a": next, "b": next }, "allOf": [next, next] });
        (format!("s{n}"), twice)
    });
    let schemas = chain.collect::<serde_json::Map<_, _>>();
    let start = json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/s0" } } } });
    let document = json!({
        "paths": { "/a": { "post": { "requestBody": start, "responses": { "200": start } } } },
        "components": { "schemas": schemas },
    });
    let score = scored(&document);
    assert_eq!(score.tools.len(), 1);
    assert!(score.tools[0].tokens < 300_000);
}

#[test]
fn an_operation_becomes_a_tool() {
    let contract = json!({
        "paths": { "/teams/{id}": { "post": {
            "operationId": "teams/add member!", "summary": "Add \"one\" member", "description": "Sends a mail.",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } },
                { "name": "id", "in": "query", "description": "Of the caller.",
                  "schema": { "$ref": "#/components/schemas/Id" } },
                { "name": "Authorization", "in": "header", "schema": { "type": "string" } },
            ],
            "requestBody": { "required": true, "content": {
                "text/plain": {},
                "application/json": { "schema": { "$ref": "#/components/schemas/Member" } },
            }},
        }}},
        "components": { "schemas": {
            "Id": { "type": "string", "nullable": true, "title": "An id", "example": "x", "maxLength": 8 },
            "Member": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "enum": ["a", "b"], "x-order": 1 },
                "id": { "type": "string", "readOnly": true },
                "friends": { "type": "array", "items": { "$ref": "#/components/schemas/Member" } },
                "age": { "type": "number", "minimum": 0, "exclusiveMinimum": true },
            }},
        }},
    });
    let survey = source(&contract);
    let survey = super::survey::survey(survey.root());
    let tool: Json = serde_json::from_str(&survey.tools[0].to_json()).unwrap();
    let member = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string", "enum": ["a", "b"] },
        "friends": { "type": "array", "items": { "$ref": "#/$defs/Member" } },
        "age": { "type": "number", "minimum": 0, "exclusiveMinimum": 0 },
    }});
    assert_eq!(
        tool,
        json!({
            "name": "teams_add_member",
            "description": "Add \"one\" member\nSends a mail.",
            "input_schema": {
                "type": "object",
                "properties": {
                    "id_path": { "type": "integer" },
                    "id_query": { "type": ["string", "null"], "description": "Of the caller.", "maxLength": 8 },
                    "body": member,
                },
                "required": ["id_path", "body"],
                "$defs": { "Member": member },
            },
        })
    );
}

#[test]
fn tool_names_are_legal_and_differ() {
    let long = "getZone".repeat(12);
    let operation = |id: &str| json!({ "get": { "operationId": id } });
    let mut contract = json!({ "paths": {
        "/a": operation("get zone"), "/b": operation("get_zone"), "/c": operation("get/zone"), "/d": operation(&long),
        "/e": operation(&long), "/f/{pet_id}": { "get": {} }, "/g": operation("…"),
    }});
    contract["paths"]["/h"] = json!({ "parameters": [], "x-nothing": {} });
    let names: Vec<String> = scored(&contract)
        .tools
        .into_iter()
        .map(|tool| tool.name)
        .collect();
    let cut = &long[..64];
    let second = format!("{}_2", &long[..62]);
    let expect = [
        "get_zone",
        "get_zone_2",
        "get_zone_3",
        cut,
        second.as_str(),
        "getFByPetId",
        "getG",
    ];
    assert_eq!(names, expect);
}
