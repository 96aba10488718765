//! Examples: that they are there, that they are right, and that they give nothing away.

use super::fits::misfit;
use super::found::examples;
use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::schema::{has_type, properties};
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Fix, Tally};
use crate::tree::{Node, Value};

pub(in crate::score::rules) const REQUEST_MISSING: Rule = Rule {
    id: "request-example-missing",
    family: Family::Examples,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Every request body is shown once.",
    measure: "Operations with a JSON body; one fails without an example of the media type, of the schema, or of half of its properties.",
    explain: "One example settles what three sentences leave open: units, forms, what goes together.",
    repair: "Add one realistic `example`, as short as a valid request can be.",
    check: request_missing,
};

fn request_missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let media = operation.body.as_ref().and_then(|body| body.chosen());
        let Some(media) = media.filter(|media| media.is_json()) else {
            return Verdict::Skip;
        };
        Verdict::fail_if(!is_shown(survey, media.node, media.schema), || {
            let failure = failure(
                at,
                operation,
                format!("the body of {} is not shown", operation.label()),
            );
            Failure {
                at: media.key,
                ..failure
            }
        })
    });
}

fn is_shown<'t>(survey: &Survey<'t>, holder: Node<'t>, schema: Option<Node<'t>>) -> bool {
    let has = |node: Node<'t>| node.get("example").is_some() || node.get("examples").is_some();
    let Some(schema) = schema.and_then(|schema| survey.resolver.follow(schema)) else {
        return has(holder);
    };
    let properties = properties(schema, &survey.resolver);
    let shown = properties
        .iter()
        .filter(|property| has(property.schema))
        .count();
    has(holder) || has(schema) || shown > 0 && shown * 2 >= properties.len()
}

pub(in crate::score::rules) const RESPONSE_MISSING: Rule = Rule {
    id: "response-example-missing",
    family: Family::Examples,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Every successful response is shown once.",
    measure: "Operations whose success is JSON with a schema; one fails without an example of the media type, of the schema, or of half of its properties.",
    explain: "An agent plans its next step from what will come back.",
    repair: "Add one short `example`.",
    check: response_missing,
};

fn response_missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let media = operation
            .success()
            .into_iter()
            .flat_map(|response| &response.media);
        let json: Vec<_> = media
            .filter(|media| media.is_json() && media.schema.is_some())
            .collect();
        if json.is_empty() {
            return Verdict::Skip;
        }
        let is_shown = json
            .iter()
            .any(|media| is_shown(survey, media.node, media.schema));
        Verdict::fail_if(!is_shown, || {
            failure(
                at,
                operation,
                format!("the response of {} is not shown", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const INVALID: Rule = Rule {
    id: "example-invalid",
    family: Family::Examples,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "Every example fits its schema.",
    measure: "Examples beside a schema; one fails when its type, a value, a bound or a required member does not fit.",
    explain: "Agents copy examples before they read schemas.",
    repair: "Correct the example, or the schema if the example is what the server does.",
    check: invalid,
};

fn invalid<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for example in examples(survey) {
        let Some(schema) = example.schema else {
            continue;
        };
        let wrong = misfit(example.value, schema, &survey.resolver);
        tally.check(wrong.map(|wrong| {
            let message = format!("the example does not fit its schema: {wrong}");
            Failure::at(example.value, example.operation, message)
        }));
    }
}

pub(in crate::score::rules) const PARAMETER_MISSING: Rule = Rule {
    id: "param-example-missing",
    family: Family::Examples,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "A required text without a form is shown once.",
    measure: "Required string parameters without `format`, `enum`, `pattern`, `const` or `default`, a shared one once; one fails without an example.",
    explain: "`acct_1A2b` says more than `the identifier of the account`.",
    repair: "Add an `example`.",
    check: parameter_missing,
};

fn parameter_missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (at, parameter) in survey
        .parameters()
        .into_iter()
        .filter(|(_, p)| p.is_required)
    {
        let schema = parameter
            .schema
            .and_then(|schema| survey.resolver.follow(schema));
        let Some(schema) = schema.filter(|schema| has_type(*schema, "string")) else {
            continue;
        };
        let forms = ["const", "default", "enum", "format", "pattern"];
        if forms.iter().any(|name| schema.get(name).is_some()) {
            continue;
        }
        let shown = is_shown(survey, parameter.node, parameter.schema);
        let name = parameter.name;
        tally.check((!shown).then(|| {
            Failure::at(
                parameter.node,
                at,
                format!("nothing shows what `{name}` looks like"),
            )
        }));
    }
}

pub(in crate::score::rules) const SECRET: Rule = Rule {
    id: "example-secret",
    family: Family::Examples,
    counts_for: Number::Safety,
    level: Level::Error,
    purpose: "No example holds a credential.",
    measure: "Examples; one fails when a text in it has the form of a live key, a token or a private key.",
    explain: "Examples go into every prompt. A live key in one is a key that every caller has.",
    repair: "Revoke the credential, then write one that cannot be mistaken for it.",
    check: secret,
};

fn secret<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for example in examples(survey) {
        tally.check(secret_in(example.value).map(|place| {
            Failure::at(
                place,
                example.operation,
                "the example holds what looks like a credential",
            )
            .fixed(Fix::remove(
                example.value,
                "a credential must not be published; show an invalid one instead",
            ))
        }));
    }
}

/// The first text that looks like a credential; the parser bounds the depth.
fn secret_in(value: Node<'_>) -> Option<Node<'_>> {
    match value.value() {
        Value::String(text) => is_secret(text).then_some(value),
        Value::Array(mut elements) => elements.find_map(secret_in),
        Value::Object(mut members) => members.find_map(|member| secret_in(member.value)),
        _ => None,
    }
}

fn is_secret(text: &str) -> bool {
    // The start of a credential, and how many letters and digits follow at least.
    const FORMS: [(&str, usize); 9] = [
        ("AKIA", 16),
        ("AIza", 30),
        ("ghp_", 30),
        ("gho_", 30),
        ("glpat-", 20),
        ("sk_live_", 16),
        ("rk_live_", 16),
        ("xoxb-", 20),
        ("xoxp-", 20),
    ];
    let has_form = FORMS.iter().any(|(start, len)| {
        text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '=' | ':' | ','))
            .any(|word| {
                let rest = word.strip_prefix(start);
                rest.is_some_and(|rest| rest.len() >= *len && varies(rest))
            })
    });
    has_form || text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") && text.len() > 200
}

/// `xxxxxxxx`, `********` and `12345678` stand for a credential and are none.
fn varies(text: &str) -> bool {
    if text.contains("123456") {
        return false;
    }
    let mut bytes: Vec<u8> = text.bytes().collect();
    bytes.sort_unstable();
    bytes.dedup();
    bytes.len() >= 8
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
