//! Parameters that were deprecated, or are no longer.

use crate::diff::fact::ParameterFact;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle::{self, DeprecationIds, Flag, Grace};
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "RequestParameterDeprecationCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-reactivated"],
        purpose: "A parameter is no longer deprecated.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}\nrevision: {responses: {}, parameters: [{in: query, name: q}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}",
    },
    Text {
        ids: &["request-parameter-deprecated"],
        purpose: "A parameter was deprecated.",
        why: "Nothing changes on the wire; consumers have to move before it goes away.",
        safely: "Name the day of its end in `x-sunset`, and what to use instead.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}\nrevision: {responses: {}, parameters: [{in: query, name: q}]}",
    },
    Text {
        ids: &["request-parameter-deprecated-sunset-missing"],
        purpose: "A parameter was deprecated without a sunset date, which the deprecation policy asks for.",
        why: "Consumers cannot tell until when they have to move.",
        safely: "Name the day of its end in `x-sunset`.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '9999-01-01'}]}",
    },
    Text {
        ids: &["request-parameter-sunset-date-too-small"],
        purpose: "A parameter was deprecated with a sunset that comes sooner than the deprecation policy allows.",
        why: "Consumers have too little time to move.",
        safely: "Name a later day.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2020-01-01'}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '9999-01-01'}]}",
    },
];

const IDS: DeprecationIds = DeprecationIds {
    reactivated: "request-parameter-reactivated",
    deprecated: "request-parameter-deprecated",
    with_sunset: "request-parameter-deprecated",
    sunset_missing: "request-parameter-deprecated-sunset-missing",
    sunset_invalid: "request-parameter-sunset-parse",
    sunset_too_small: "request-parameter-sunset-date-too-small",
};

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let flag = Flag {
        was: old.flag("deprecated"),
        is: new.flag("deprecated"),
        sunset: new.node.get("x-sunset"),
    };
    let subject = format!("{} parameter `{}`", new.location, new.name);
    let grace = Grace::of(fact.operation.revision, report.options);
    let Some(found) = lifecycle::deprecation(&subject, &flag, grace, &IDS) else {
        return;
    };
    let written = |node: Node<'t>| node.get("deprecated").unwrap_or(node);
    let found = found.base(written(old.node)).revision(written(new.node));
    fact.report(report, found);
}
