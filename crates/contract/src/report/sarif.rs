//! SARIF 2.1.0 (OASIS): rules with their help, results with both places and stable fingerprints.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Write};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::entry::{Entry, Place, Side};
use super::escape::uri;
use super::model::Report;
use super::wording::breaks_text;
use crate::level::Level;
use crate::site::Site;
use crate::tree::Tree;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(report: &Report<'_>, mut out: &mut dyn Write) -> io::Result<()> {
    let log = Log {
        schema: SCHEMA,
        runs: [Run(report)],
        version: "2.1.0",
    };
    serde_json::to_writer_pretty(&mut out, &log)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Log<'a, 'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'a, 'r>; 1],
    version: &'static str,
}

/// Written without being held: the results first, and then the rules that they brought up.
struct Run<'a, 'r>(&'r Report<'a>);

impl Serialize for Run<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rules = RefCell::default();
        let mut run = serializer.serialize_struct("run", 3)?;
        run.serialize_field("columnKind", "unicodeCodePoints")?;
        run.serialize_field("results", &Results(self.0, &rules))?;
        let driver = json!({
            "name": "towpath",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.into_inner().told,
        });
        run.serialize_field("tool", &json!({ "driver": driver }))?;
        run.end()
    }
}

#[derive(Default)]
struct Rules<'a> {
    told: Vec<Value>,
    indexes: HashMap<&'a str, usize>,
}

struct Results<'a, 'r>(&'r Report<'a>, &'r RefCell<Rules<'a>>);

impl Serialize for Results<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report, rules) = self;
        serializer.collect_seq(report.rows().map(|entry| {
            let index = rules.borrow_mut().index(report, &entry);
            result(report, &entry, index)
        }))
    }
}

impl<'a> Rules<'a> {
    fn index(&mut self, report: &Report<'a>, entry: &Entry<'a>) -> usize {
        let told = &mut self.told;
        *self.indexes.entry(entry.id).or_insert_with(|| {
            told.push(rule(report, entry));
            told.len() - 1
        })
    }
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
