//! Writes: that they can be repeated without harm, tried without effect, and watched when they take long.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::verbs;
use crate::score::schema::properties;
use crate::score::survey::{Operation, Survey};
use crate::score::tally::Tally;
use crate::score::words::words;

pub(in crate::score::rules) const IDEMPOTENCY: Rule = Rule {
    id: "write-without-idempotency-key",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Warning,
    purpose: "A write can be repeated without a second effect.",
    measure: "POST operations that do not only look something up; one fails without a parameter or property such as `Idempotency-Key` or `client_token`.",
    explain: "Agents retry after a timeout. Without a key the second call is a second order.",
    repair: "Accept an `Idempotency-Key` header.",
    check: idempotency,
};

const KEYS: [&str; 7] = [
    "clientrequestid",
    "clienttoken",
    "deduplicationid",
    "idempotencykey",
    "idempotencytoken",
    "requestid",
    "xrequestid",
];

fn idempotency<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if operation.method != "POST" || verbs::says_look(operation) {
            return Verdict::Skip;
        }
        let is_key = |name: &str| KEYS.contains(&words(name).concat().as_str());
        Verdict::fail_if(!takes(survey, operation, is_key), || {
            failure(
                at,
                operation,
                format!("a repeated {} takes effect again", operation.label()),
            )
        })
    });
}

/// Whether a parameter or a property of the body is called so.
fn takes<'t>(survey: &Survey<'t>, operation: &Operation<'t>, is: impl Fn(&str) -> bool) -> bool {
    let schema = operation
        .body
        .as_ref()
        .and_then(|body| body.schema(&survey.resolver));
    let members = schema.map(|schema| properties(schema, &survey.resolver));
    operation.has_parameter(&is) || members.into_iter().flatten().any(|member| is(member.name))
}

pub(in crate::score::rules) const DRY_RUN: Rule = Rule {
    id: "bulk-without-dry-run",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Info,
    purpose: "A write to many things can be tried first.",
    measure: "Operations that write and have `bulk`, `batch`, `mass`, `purge` or `import` in path or id; one fails without a parameter or property such as `dry_run`, `preview` or `validate_only`.",
    explain: "The mistake of an agent is as large as what one call reaches.",
    repair: "Add `dry_run`.",
    check: dry_run,
};

fn dry_run<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let mut name = words(operation.path);
        name.extend(words(operation.id.unwrap_or_default()));
        let bulk = ["batch", "bulk", "import", "mass", "purge"];
        let is_bulk = name.iter().any(|word| bulk.contains(&word.as_str()));
        if operation.is_safe_method() || !is_bulk || verbs::says_look(operation) {
            return Verdict::Skip;
        }
        let dry = ["dry", "preview", "simulate", "validate"];
        let is_dry = |name: &str| {
            words(name)
                .iter()
                .any(|word| dry.contains(&word.as_str()) || word == "dryrun")
        };
        Verdict::fail_if(!takes(survey, operation, is_dry), || {
            failure(
                at,
                operation,
                format!(
                    "{} reaches many things and cannot be tried first",
                    operation.label()
                ),
            )
        })
    });
}

pub(in crate::score::rules) const ASYNC_STATUS: Rule = Rule {
    id: "async-without-status",
    family: Family::Safety,
    counts_for: Number::Safety,
    level: Level::Warning,
    purpose: "What goes on after the answer can be watched.",
    measure: "Operations that declare 202; one fails when that response has neither a `Location` header, nor links, nor a body with an id, a status or a URL.",
    explain: "An agent that cannot see whether the first call took effect makes a second one.",
    repair: "Answer 202 with `Location`, or with the id of a status resource.",
    check: async_status,
};

const HANDLES: [&str; 9] = [
    "href",
    "id",
    "job",
    "location",
    "operation",
    "state",
    "status",
    "uri",
    "url",
];

fn async_status<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let Some(response) = operation.responses.iter().find(|r| r.status == "202") else {
            return Verdict::Skip;
        };
        let members = response
            .schema()
            .map(|schema| properties(schema, &survey.resolver));
        let in_body = members.into_iter().flatten().any(|member| {
            words(member.name)
                .iter()
                .any(|word| HANDLES.contains(&word.as_str()))
        });
        let headers = ["location", "content-location", "operation-location", "link"];
        let has = in_body
            || headers.iter().any(|name| response.has_header(name))
            || response.node.get("links").is_some();
        Verdict::fail_if(!has, || {
            failure(
                at,
                operation,
                format!(
                    "nothing tells what became of an accepted {}",
                    operation.label()
                ),
            )
        })
    });
}
