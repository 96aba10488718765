//! Which errors are declared.

use std::collections::BTreeMap;

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::survey::{Operation, Survey};
use crate::score::tally::{Failure, Fix, Tally};
use crate::tree::Node;

pub(in crate::score::rules) const MISSING: Rule = Rule {
    id: "error-response-missing",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "Every operation says how it fails.",
    measure: "Operations; one fails without a response of 4xx or `default`.",
    explain: "Recovery starts with knowing what the error means. Without a declaration each failure is new.",
    repair: "Declare the errors that a caller can do something about, or a `default`.",
    check: missing,
};

fn missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let usual = usual_default(survey);
    each::operation(survey, tally, |at, operation| {
        let mut statuses = operation.responses.iter().map(|response| response.status);
        let has = statuses.any(|status| status.starts_with('4') || status == "default");
        Verdict::fail_if(!has, || {
            let failure = failure(
                at,
                operation,
                format!("{} declares no error", operation.label()),
            );
            match (usual, operation.node.get("responses")) {
                (Some(reference), Some(responses)) => failure.fixed(Fix::update(
                    responses,
                    json!({ "default": { "$ref": reference } }),
                    "the default response that most operations refer to",
                )),
                _ => failure,
            }
        })
    });
}

/// The component that most `default` responses refer to.
fn usual_default<'t>(survey: &Survey<'t>) -> Option<&'t str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for operation in &survey.operations {
        let responses = operation.node.get("responses");
        let default = responses.and_then(|responses| responses.get("default"));
        let reference = default.and_then(|default| default.get("$ref")?.as_str());
        if let Some(reference) = reference {
            *counts.entry(reference).or_default() += 1;
        }
    }
    let most = counts
        .into_iter()
        .max_by_key(|(name, n)| (*n, std::cmp::Reverse(*name)));
    most.map(|(reference, _)| reference)
}

pub(in crate::score::rules) const RATE_LIMIT: Rule = Rule {
    id: "rate-limit-undeclared",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "The contract says that calls are limited.",
    measure: "The document; it fails when no operation declares 429, 4XX or `default`.",
    explain: "Agents call in bursts. One that knows about 429 slows down; another takes it for a failure of the task.",
    repair: "Declare 429 with `Retry-After` where limits apply.",
    check: rate_limit,
};

fn rate_limit<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let mut all = survey
        .operations
        .iter()
        .flat_map(|operation| &operation.responses);
    let has = all.any(|response| matches!(response.status, "429" | "4XX" | "4xx" | "default"));
    let failure = || {
        Failure::at(
            survey.root,
            None,
            "no operation declares that calls are limited (429)",
        )
    };
    tally.check((!has).then(failure));
}

pub(in crate::score::rules) const RETRY_AFTER: Rule = Rule {
    id: "retry-after-missing",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A refusal for now says until when.",
    measure: "Responses of 429 and 503, a shared one once; one fails without a `Retry-After` or rate-limit header.",
    explain: "Without it agents retry at once, and are refused again.",
    repair: "Send and declare `Retry-After`.",
    check: retry_after,
};

fn retry_after<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let all = survey.responses();
    for (at, response) in all
        .into_iter()
        .filter(|(_, r)| matches!(r.status, "429" | "503"))
    {
        let names = [
            "retry-after",
            "ratelimit",
            "ratelimit-reset",
            "x-ratelimit-reset",
        ];
        let has = names.iter().any(|name| response.has_header(name));
        let status = response.status;
        tally.check((!has).then(|| {
            Failure::at(
                response.key,
                at,
                format!("the {status} does not say when to try again"),
            )
        }));
    }
}

pub(in crate::score::rules) const AUTH_ERRORS: Rule = Rule {
    id: "auth-errors-undistinguished",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Not known and not allowed are two errors.",
    measure: "Operations that need credentials and declare errors one by one; one fails without both 401 and 403, or 404 in place of 403.",
    explain: "On 401 an agent renews its token and tries again; on 403 it must stop and ask.",
    repair: "Declare both.",
    check: auth_errors,
};

fn auth_errors<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let declares = |names: &[&str]| {
            operation
                .responses
                .iter()
                .any(|r| names.contains(&r.status))
        };
        let one_by_one = operation
            .responses
            .iter()
            .any(|r| r.status.starts_with('4'));
        if !needs_credentials(operation) || !one_by_one || declares(&["4XX", "4xx", "default"]) {
            return Verdict::Skip;
        }
        let both = declares(&["401"]) && declares(&["403", "404"]);
        Verdict::fail_if(!both, || {
            failure(
                at,
                operation,
                format!("{} does not tell 401 from 403", operation.label()),
            )
        })
    });
}

fn needs_credentials(operation: &Operation<'_>) -> bool {
    let mut ways = operation.security.into_iter().flat_map(Node::elements);
    ways.any(|way| way.members().next().is_some())
}
