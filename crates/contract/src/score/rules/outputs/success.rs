//! What comes back: that it is declared, that it has a schema, and what it costs to read.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::inputs::is_untyped;
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Tally};

const RESPONSE_TOKENS_MAX: u64 = 10_000;

pub(in crate::score::rules) const MISSING: Rule = Rule {
    id: "success-response-missing",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Error,
    purpose: "Every operation says what success looks like.",
    measure: "Operations; one fails without a response of 1xx, 2xx, 3xx or `default`.",
    explain: "An agent that does not know success cannot stop.",
    repair: "Declare the response that a successful call gets.",
    check: missing,
};

fn missing<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let mut statuses = operation.responses.iter().map(|response| response.status);
        let has = statuses.any(|status| status.starts_with(['1', '2', '3']) || status == "default");
        Verdict::fail_if(!has, || {
            failure(
                at,
                operation,
                format!("{} declares no success", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const NO_SCHEMA: Rule = Rule {
    id: "success-schema-missing",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "What comes back has a schema.",
    measure: "Operations with a 2xx response other than 202, 204 and 205; one fails without content, or with JSON content without a schema.",
    explain: "Without a schema an agent finds out by a call what it could have planned with.",
    repair: "Declare the schema, or answer 204 when nothing comes back.",
    check: no_schema,
};

fn no_schema<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let success = operation.success();
        let empty = ["202", "204", "205"];
        let applies = operation.method != "HEAD";
        let Some(response) = success.filter(|r| applies && !empty.contains(&r.status)) else {
            return Verdict::Skip;
        };
        let is_wrong = response.media.is_empty()
            || response
                .media
                .iter()
                .any(|media| media.is_json() && media.schema.is_none());
        Verdict::fail_if(is_wrong, || {
            let status = response.status;
            failure(
                at,
                operation,
                format!("the {status} of {} has no schema", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const UNTYPED: Rule = Rule {
    id: "response-schema-untyped",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Every value that comes back has a type.",
    measure: "Schemas that only responses use; one fails with nothing that restricts the value.",
    explain: "The next call is made of what came back. A value without a type cannot be passed on safely.",
    repair: "Give it a `type`.",
    check: untyped,
};

fn untyped<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let outputs = survey
        .schemas
        .iter()
        .filter(|used| used.role.is_output && !used.role.is_input);
    for used in outputs {
        let failure = || Failure::at(used.node, None, "the schema says nothing about the value");
        tally.check(is_untyped(used.node).then(failure));
    }
}

pub(in crate::score::rules) const OVER_BUDGET: Rule = Rule {
    id: "response-over-budget",
    family: Family::Outputs,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "A response fits into what an agent can read.",
    measure: "Operations with a success schema; one fails when a response with every declared field once, and lists of 30, is estimated at more than 10,000 tokens.",
    explain: "A response that fills the window pushes out the task.",
    repair: "Return references in lists, and let callers choose fields.",
    check: over_budget,
};

fn over_budget<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        match survey.response_tokens[at] {
            0 => Verdict::Skip,
            tokens => Verdict::fail_if(tokens > RESPONSE_TOKENS_MAX, || {
                failure(
                    at,
                    operation,
                    format!(
                        "a response of {} takes about {tokens} tokens",
                        operation.label()
                    ),
                )
            }),
        }
    });
}
