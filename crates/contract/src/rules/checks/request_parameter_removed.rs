//! Parameters that are gone, and whether they were announced.

use crate::diff::fact::ParameterFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::sunset::{self, Sunset};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterRemovedCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-removed"],
        purpose: "An operation no longer takes a parameter that was not deprecated.",
        why: "Requests with it are answered as if it was not there, or refused by strict servers.",
        safely: "Keep taking the parameter, and ignore it; or deprecate it with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q}]}",
    },
    Text {
        ids: &["request-parameter-removed-with-deprecation"],
        purpose: "An operation no longer takes a deprecated parameter that had no sunset date.",
        why: "Requests with it are answered as if it was not there.",
        safely: "Keep taking the parameter, and ignore it; or deprecate it with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}\nrevision: {responses: {}}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}}",
    },
    Text {
        ids: &["request-parameter-removed-before-sunset"],
        purpose: "An operation no longer takes a deprecated parameter whose sunset is still to come.",
        why: "Consumers were told that they had more time.",
        safely: "Keep taking the parameter, and ignore it; or deprecate it with a sunset date, tell its consumers, and remove it after that date.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '9999-01-01'}]}\nrevision: {responses: {}}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2020-01-01'}]}\nrevision: {responses: {}}",
    },
    Text {
        ids: &["request-parameter-sunset-parse"],
        purpose: "The sunset of a deprecated parameter is not a date.",
        why: "Nobody can tell whether the parameter may be removed.",
        safely: "Write the date as RFC 3339 has it, such as 2030-12-31.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: soon}]}\nrevision: {responses: {}}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2020-01-01'}]}\nrevision: {responses: {}}",
    },
];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some(old) = fact.removed() else { return };
    let name = format!("{} parameter `{}`", old.location, old.name);
    let (id, message) = match (old.flag("deprecated"), sunset::of(old.node)) {
        (false, _) => ("request-parameter-removed", format!("{name} was removed")),
        (true, Sunset::Missing) => (
            "request-parameter-removed-with-deprecation",
            format!("deprecated {name} was removed"),
        ),
        (true, Sunset::Invalid(text)) => (
            "request-parameter-sunset-parse",
            format!("the sunset `{text}` of the removed {name} is not a date"),
        ),
        (true, Sunset::On(date)) if report.options.today < date => (
            "request-parameter-removed-before-sunset",
            format!("{name} was removed before its sunset on `{date}`"),
        ),
        (true, Sunset::On(_)) => return,
    };
    fact.report(report, Found::new(id, message).base(old.node));
}
