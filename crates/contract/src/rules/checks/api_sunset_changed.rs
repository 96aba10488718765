//! Sunset dates of deprecated operations that changed.

use crate::diff::fact::OperationPair;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle::{self, Grace, SunsetIds};

pub(super) const CHECK: Check = Check {
    name: "APISunsetChangedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["sunset-deleted"],
        purpose: "The sunset date of an operation was taken back, and it is still deprecated.",
        why: "Consumers cannot tell any more until when they have to move.",
        safely: "Keep the date, or move it to a later day.",
        breaking: "base: {responses: {}, deprecated: true, x-sunset: '9999-01-01'}\nrevision: {responses: {}, deprecated: true}",
        safe: "base: {responses: {}, deprecated: true, x-sunset: '9999-01-01'}\nrevision: {responses: {}}",
    },
    Text {
        ids: &["api-sunset-date-changed-too-small"],
        purpose: "The sunset of an operation was brought forward to a day that is sooner than the deprecation policy allows.",
        why: "Consumers who planned with the old date have too little time to move.",
        safely: "Keep the date, or move it to a later day.",
        breaking: "base: {responses: {}, deprecated: true, x-sunset: '2030-01-01'}\nrevision: {responses: {}, deprecated: true, x-sunset: '2020-01-01'}",
        safe: "base: {responses: {}, deprecated: true, x-sunset: '2030-01-01'}\nrevision: {responses: {}, deprecated: true, x-sunset: '2029-01-01'}",
    },
];

const IDS: SunsetIds = SunsetIds {
    deleted: "sunset-deleted",
    invalid: "api-path-sunset-parse",
    too_small: "api-sunset-date-changed-too-small",
};

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    let sides = (pair.base.node, pair.revision.node);
    let grace = Grace::of(pair.revision, report.options);
    if let Some(found) = lifecycle::sunset_change("the operation", sides, grace, &IDS) {
        pair.report(report, "/x-sunset", found);
    }
}
