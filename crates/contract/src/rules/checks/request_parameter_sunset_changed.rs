//! Sunset dates of deprecated parameters that changed.

use crate::diff::fact::ParameterFact;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle::{self, Grace, SunsetIds};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterSunsetChangedCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-sunset-deleted"],
        purpose: "The sunset date of a parameter was taken back, and it is still deprecated.",
        why: "Consumers cannot tell any more until when they have to move.",
        safely: "Keep the date, or move it to a later day.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '9999-01-01'}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '9999-01-01'}]}\nrevision: {responses: {}, parameters: [{in: query, name: q}]}",
    },
    Text {
        ids: &["request-parameter-sunset-date-changed-too-small"],
        purpose: "The sunset of a parameter was brought forward to a day that is sooner than the deprecation policy allows.",
        why: "Consumers who planned with the old date have too little time to move.",
        safely: "Keep the date, or move it to a later day.",
        breaking: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2030-01-01'}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2020-01-01'}]}",
        safe: "base: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2030-01-01'}]}\nrevision: {responses: {}, parameters: [{in: query, name: q, deprecated: true, x-sunset: '2029-01-01'}]}",
    },
];

const IDS: SunsetIds = SunsetIds {
    deleted: "request-parameter-sunset-deleted",
    invalid: "request-parameter-sunset-parse",
    too_small: "request-parameter-sunset-date-changed-too-small",
};

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let subject = format!("{} parameter `{}`", new.location, new.name);
    let grace = Grace::of(fact.operation.revision, report.options);
    let sides = (old.node, new.node);
    if let Some(found) = lifecycle::sunset_change(&subject, sides, grace, &IDS) {
        fact.report(report, found);
    }
}
