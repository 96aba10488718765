//! Every rule that is told: its examples are found and not found, its mirror exists, its words are there.

use crate::diff::diff;
use crate::diff::options::{Clients, DiffOptions, VersionPolicy};
use crate::rules::rule::{Rule, State};
use crate::rules::rules;
use crate::source::Source;
use crate::tree::Node;
use crate::yaml;

#[test]
fn ids_are_unique_and_mirrors_exist() {
    let mut ids: Vec<_> = rules().iter().map(|rule| rule.id).collect();
    assert!(ids.len() >= 509);
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for rule in rules() {
        if let Some(mirror) = rule.mirror {
            assert!(ids.binary_search(&mirror).is_ok(), "{mirror}");
        }
    }
}

#[test]
fn texts_name_rules_of_their_own_check() {
    for check in crate::rules::checks::CHECKS {
        for id in check.texts.iter().flat_map(|text| text.ids) {
            let rule = rules().iter().find(|rule| rule.id == *id);
            assert_eq!(rule.map(|rule| rule.check), Some(check.name), "{id}");
        }
    }
}

#[test]
fn each_example_is_found_and_its_neighbour_is_not() {
    let mut wrong = Vec::new();
    for rule in rules()
        .iter()
        .filter(|rule| rule.state == State::Implemented)
    {
        for (example, wanted) in [(rule.breaking_example, true), (rule.safe_example, false)] {
            let ids = ids_of(rule, example);
            if ids.contains(&rule.id) != wanted {
                wrong.push(format!("{} wanted {wanted}: {example}\n  {ids:?}", rule.id));
            }
        }
        assert!(!rule.purpose.is_empty() && !rule.why.is_empty() && !rule.safely.is_empty());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ids_of(rule: &Rule, example: &str) -> Vec<&'static str> {
    let (base, revision) = documents(rule, example);
    let diff = diff(&base, &revision, &options(rule));
    diff.changes.iter().map(|change| change.id).collect()
}

/// The base and the revision of an example.
pub(crate) fn documents(rule: &Rule, example: &str) -> (Source, Source) {
    let tree = yaml::scan(example).unwrap();
    let side = |name: &str| {
        let node = tree.root().get(name).unwrap();
        Source::read(document(rule.id, node).as_bytes(), "example.yaml").unwrap()
    };
    (side("base"), side("revision"))
}

/// Those with which the rule is told.
pub(crate) fn options(rule: &Rule) -> DiffOptions {
    let mut options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    if rule.id.ends_with("-sunset-missing") {
        options.deprecation_days_stable = 1;
    }
    if rule.check == "VersionPolicyCheck" {
        options.version_policy = VersionPolicy::Semver;
    }
    if rule.check.ends_with("OrderChangedCheck") {
        options.clients = Clients::Strict;
    }
    options
}

/// The whole document around a fragment.
fn document(id: &str, fragment: Node<'_>) -> String {
    let text = &fragment.tree().source()[fragment.span().bytes()];
    let has = |keys: &[&str]| keys.iter().any(|key| fragment.get(key).is_some());
    if has(&["paths", "components", "info", "webhooks", "tags", "servers"]) {
        let rest = text.strip_prefix('{').unwrap();
        return format!("{{openapi: 3.1.0, {rest}");
    }
    let is_operation = has(&[
        "responses",
        "requestBody",
        "parameters",
        "operationId",
        "security",
        "callbacks",
    ]) || fragment.members().next().is_none() && id.starts_with("request-body-");
    let operation = match is_operation {
        true => text.to_owned(),
        false => around(id, text),
    };
    format!("{{openapi: 3.0.3, paths: {{/things: {{post: {operation}}}}}}}")
}

/// The operation around a schema.
fn around(id: &str, schema: &str) -> String {
    let is_body = id.contains("-body-")
        || id.starts_with("response-mediatype-")
        || is_of_properties(id, schema);
    let value = match is_body {
        true => schema.to_owned(),
        false => format!("{{type: object, properties: {{value: {schema}}}}}"),
    };
    let content = format!("{{content: {{application/json: {{schema: {value}}}}}}}");
    match id {
        id if id.starts_with("request-parameter-property-") => {
            let schema = format!("{{type: object, properties: {{value: {schema}}}}}");
            format!("{{parameters: [{{in: query, name: q, schema: {schema}}}]}}")
        }
        id if id.starts_with("request-parameter-") => {
            format!("{{parameters: [{{in: query, name: q, schema: {schema}}}]}}")
        }
        id if id.starts_with("response-header-") => {
            format!("{{responses: {{200: {{headers: {{X-H: {{schema: {schema}}}}}}}}}}}")
        }
        id if id.contains("response") => format!("{{responses: {{200: {content}}}}}"),
        _ => format!("{{requestBody: {content}}}"),
    }
}

/// A schema that has the property itself.
fn is_of_properties(id: &str, schema: &str) -> bool {
    schema.contains("properties:") && !id.ends_with("one-of-added") && !id.contains("discriminator")
}
