//! Deprecation: that a machine can see it, where to go instead, and until when.

use serde_json::json;

use crate::level::Level;
use crate::score::rule::{Family, Number, Rule};
use crate::score::rules::each::{self, Verdict, failure};
use crate::score::rules::prose;
use crate::score::survey::Survey;
use crate::score::tally::{Failure, Fix, Tally};

pub(in crate::score::rules) const NO_REPLACEMENT: Rule = Rule {
    id: "deprecated-without-replacement",
    family: Family::Lifecycle,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "What is deprecated says what to use instead.",
    measure: "Deprecated operations; one fails with neither `x-replaced-by`, nor `externalDocs`, nor a text that names a way instead.",
    explain: "An agent told not to use a tool needs another one, or it uses this one.",
    repair: "Add `x-replaced-by` with the path of the successor, or say that there is none.",
    check: no_replacement,
};

const INSTEAD: [&str; 9] = [
    "instead",
    "in favor of",
    "in favour of",
    "migrate to",
    "moved to",
    "no replacement",
    "replaced by",
    "superseded by",
    "switch to",
];

fn no_replacement<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if !operation.is_deprecated {
            return Verdict::Skip;
        }
        let named = ["externalDocs", "x-deprecation-link", "x-replaced-by"];
        let has = named.iter().any(|name| operation.node.get(name).is_some())
            || prose::has_phrase(&operation.text(), &INSTEAD);
        Verdict::fail_if(!has, || {
            failure(
                at,
                operation,
                format!("{} is deprecated and names no successor", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const NO_SUNSET: Rule = Rule {
    id: "deprecated-without-sunset",
    family: Family::Lifecycle,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "What is deprecated says until when it works.",
    measure: "Deprecated operations; one fails without `x-sunset`.",
    explain: "Plans are made with dates. Without one nobody leaves, or everybody at once.",
    repair: "Add `x-sunset` with the date.",
    check: no_sunset,
};

fn no_sunset<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        if !operation.is_deprecated {
            return Verdict::Skip;
        }
        let has = operation.node.get("x-sunset").is_some();
        Verdict::fail_if(!has, || {
            failure(
                at,
                operation,
                format!("{} is deprecated without a date", operation.label()),
            )
        })
    });
}

pub(in crate::score::rules) const IN_PROSE: Rule = Rule {
    id: "deprecation-in-prose",
    family: Family::Lifecycle,
    counts_for: Number::Readability,
    level: Level::Warning,
    purpose: "Deprecation is a flag, not a sentence.",
    measure: "Operations with a text; one fails when the text says that the operation is deprecated and the flag does not.",
    explain: "Generators leave out what is flagged. A sentence reaches only who reads to the end.",
    repair: "Add `deprecated: true`.",
    check: in_prose,
};

const DEPRECATED: [&str; 6] = [
    "[deprecated]",
    "(deprecated)",
    "this endpoint is deprecated",
    "this method is deprecated",
    "this operation is deprecated",
    "this api is deprecated",
];

fn in_prose<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    each::operation(survey, tally, |at, operation| {
        let text = operation.text();
        if text.is_empty() {
            return Verdict::Skip;
        }
        let starts = |text: &str| {
            text.to_lowercase()
                .trim_start_matches('*')
                .starts_with("deprecated")
        };
        let says = prose::has_phrase(&text, &DEPRECATED)
            || starts(operation.summary)
            || starts(operation.description);
        Verdict::fail_if(says && !operation.is_deprecated, || {
            failure(
                at,
                operation,
                format!(
                    "only the text of {} says that it is deprecated",
                    operation.label()
                ),
            )
            .fixed(Fix::update(
                operation.node,
                json!({ "deprecated": true }),
                "what its text says",
            ))
        })
    });
}

pub(in crate::score::rules) const VERSION: Rule = Rule {
    id: "version-missing",
    family: Family::Lifecycle,
    counts_for: Number::Readability,
    level: Level::Info,
    purpose: "The contract has a version.",
    measure: "The document; it fails without `info.version`.",
    explain: "An agent that caches tools compares versions to know when to read again.",
    repair: "Add `info.version`, and raise it with every change.",
    check: version,
};

fn version<'t>(survey: &Survey<'t>, tally: &mut Tally<'t>) {
    let info = survey.root.get("info");
    let version = info.and_then(|info| info.get("version")?.scalar_text());
    let place = survey
        .root
        .member("info")
        .map_or(survey.root, |member| member.key);
    let is_wrong = version.is_none_or(|version| version.trim().is_empty());
    tally.check(is_wrong.then(|| Failure::at(place, None, "the contract has no version")));
}
