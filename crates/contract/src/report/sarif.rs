//! SARIF 2.1.0 (OASIS): rules with their help, results with both places and stable fingerprints.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::escape::uri;
use super::human::breaks_text;
use super::model::{Entry, Place, Report, Side};
use crate::level::Level;
use crate::site::Site;
use crate::tree::Tree;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(report: &Report<'_>) -> String {
    let mut rules: Vec<Value> = Vec::new();
    let mut indexes: HashMap<&str, usize> = HashMap::new();
    let mut results = Vec::with_capacity(report.entries.len());
    for entry in &report.entries {
        let index = *indexes.entry(entry.id).or_insert_with(|| {
            rules.push(rule(report, entry));
            rules.len() - 1
        });
        results.push(result(report, entry, index));
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "towpath",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&document);
    text.expect("texts and numbers always serialise") + "\n"
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Hint => "note",
    }
}

fn rule(report: &Report<'_>, entry: &Entry<'_>) -> Value {
    let mut rule = Map::new();
    rule.insert("id".into(), entry.id.into());
    rule.insert(
        "defaultConfiguration".into(),
        json!({"level": level(entry.level)}),
    );
    let Some(help) = report.help(entry.id) else {
        return Value::Object(rule);
    };
    let parts = [&help.purpose, &help.why, &help.safely];
    let said: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    if let Some(first) = said.first() {
        rule.insert("shortDescription".into(), json!({"text": first}));
        rule.insert(
            "help".into(),
            json!({"text": said.join("\n\n"), "markdown": said.join("\n\n")}),
        );
    }
    Value::Object(rule)
}

fn result(report: &Report<'_>, entry: &Entry<'_>, rule_index: usize) -> Value {
    let mut properties = Map::new();
    let breaks: Vec<&str> = entry.breaks.iter().map(|breaks| breaks.as_str()).collect();
    properties.insert("breaks".into(), breaks.into());
    if let Some(operation) = entry.operation {
        properties.insert("operation".into(), json!(operation));
    }
    let mut text = entry.message.to_owned();
    if !entry.breaks.is_empty() {
        text = format!("{text} (breaks: {})", breaks_text(entry.breaks));
    }

    let mut result = json!({
        "ruleId": entry.id,
        "ruleIndex": rule_index,
        "level": level(entry.level),
        "message": {"text": text},
        "locations": [primary(report, entry)],
        "partialFingerprints": {"towpath/v1": entry.fingerprint},
        "properties": properties,
    });
    let related: Vec<Value> = entry
        .places
        .iter()
        .filter(|place| place.side == Side::Base)
        .enumerate()
        .map(|(id, place)| related(id, place))
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn primary(report: &Report<'_>, entry: &Entry<'_>) -> Value {
    let anchor = report.anchor(entry);
    let place = &entry.places[0];
    let tree = (place.side != Side::Base).then_some(&place.source.tree);
    location(&anchor, tree)
}

fn related(id: usize, place: &Place<'_>) -> Value {
    let mut location = location(&place.site, Some(&place.source.tree));
    location["id"] = id.into();
    location["message"] = json!({"text": "in the base"});
    location
}

/// With the end where the thing ends on the line on which it starts.
fn location(site: &Site, tree: Option<&Tree>) -> Value {
    let mut region = json!({"startLine": site.line, "startColumn": site.column});
    let end = tree.map(|tree| tree.position(site.span.end));
    if let Some(end) = end.filter(|end| end.line == site.line && end.column > site.column) {
        region["endColumn"] = end.column.into();
    }
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&site.file)},
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": site.pointer, "kind": "member"}],
    })
}
