//! What an error says: a schema, a standard form, a code for machines, the field that was wrong.

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::schema::{Property, properties};
use crate::score::survey::{Response, Survey};
use crate::score::tally::{Failure, Tally};
use crate::score::words::words;

pub(in crate::score::rules) const NO_SCHEMA: Rule = Rule {
    id: "error-without-schema",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "What an error says has a schema.",
    measure: "Responses of 4xx, 5xx and `default`, a shared one once; one fails without a schema.",
    explain: "The body of the error is where an agent reads what to do next.",
    repair: "Declare the schema of the error.",
    check: no_schema,
};

/// Declared errors that carry a body.
fn errors<'s, 't>(
    survey: &'s Survey<'t>,
) -> impl Iterator<Item = (Option<usize>, &'s Response<'t>)> {
    survey
        .responses()
        .into_iter()
        .filter(|(_, response)| response.is_error())
}

fn no_schema<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (at, response) in errors(survey) {
        let status = response.status;
        let failure = || {
            Failure::at(
                response.key,
                at,
                format!("the error `{status}` has no schema"),
            )
        };
        tally.check(response.schema().is_none().then(failure));
    }
}

pub(in crate::score::rules) const NOT_PROBLEM: Rule = Rule {
    id: "error-not-problem-json",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "Errors have the standard form.",
    measure: "Errors with JSON content, a shared one once; one fails when it is not `application/problem+json` (RFC 9457).",
    explain: "Agents know the members of a problem without being told, and every gateway in between does.",
    repair: "Answer errors as `application/problem+json`.",
    check: not_problem,
};

fn not_problem<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    for (at, response) in errors(survey) {
        if !response.media.iter().any(|media| media.is_json()) {
            continue;
        }
        let is_problem = response
            .media
            .iter()
            .any(|media| media.essence() == "application/problem+json");
        let status = response.status;
        let failure = || {
            Failure::at(
                response.key,
                at,
                format!("the error `{status}` is no `application/problem+json`"),
            )
        };
        tally.check((!is_problem).then(failure));
    }
}

pub(in crate::score::rules) const NO_CODE: Rule = Rule {
    id: "error-without-code",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "An error has a code that a program can compare.",
    measure: "Errors with an object schema, a shared one once; one fails without a property such as `code`, `type` or `reason`, also inside `error` or the elements of `errors`.",
    explain: "Messages change their wording. A code does not.",
    repair: "Add a `code`, or a problem `type`.",
    check: no_code,
};

fn no_code<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let codes = ["code", "errno", "reason", "type"];
    for_members(
        survey,
        tally,
        |_| true,
        &codes,
        "has no code that a program can compare",
    );
}

pub(in crate::score::rules) const NO_FIELD: Rule = Rule {
    id: "validation-error-without-field",
    family: Family::Errors,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "An error of validation names the field.",
    measure: "Responses of 400 and 422 with an object schema, a shared one once; one fails without a property such as `errors`, `field`, `pointer` or `param`.",
    explain: "An agent that knows which argument was wrong repairs one; otherwise it changes all of them.",
    repair: "List the errors with a pointer to the field and the values allowed.",
    check: no_field,
};

fn no_field<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let fields = [
        "details",
        "errors",
        "field",
        "fields",
        "issues",
        "location",
        "param",
        "parameter",
        "path",
        "pointer",
        "violations",
    ];
    let is_validation = |status: &str| matches!(status, "400" | "422");
    for_members(
        survey,
        tally,
        is_validation,
        &fields,
        "does not name the field that was wrong",
    );
}

fn for_members<'t>(
    survey: &Survey<'t>,
    tally: &mut Tally<'t>,
    applies: impl Fn(&str) -> bool,
    names: &[&str],
    wrong: &str,
) {
    for (at, response) in errors(survey).filter(|(_, response)| applies(response.status)) {
        let schema = response.schema();
        let members = schema.map(|schema| properties(schema, &survey.resolver));
        let Some(members) = members.filter(|members| !members.is_empty()) else {
            continue;
        };
        let has = |members: &[Property<'t>]| {
            members.iter().any(|member| {
                words(member.name)
                    .iter()
                    .any(|word| names.contains(&word.as_str()))
            })
        };
        let inside = |member: &Property<'t>| {
            let one = member.schema.get("items").unwrap_or(member.schema);
            has(&properties(one, &survey.resolver))
        };
        let mut holders = members
            .iter()
            .filter(|member| matches!(member.name, "error" | "errors"));
        let is_wrong = !has(&members) && !holders.any(inside);
        let status = response.status;
        tally.check(
            is_wrong
                .then(|| Failure::at(response.key, at, format!("the error `{status}` {wrong}"))),
        );
    }
}
