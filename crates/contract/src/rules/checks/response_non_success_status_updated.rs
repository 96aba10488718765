//! Responses of non-success statuses that came or went.

use crate::diff::fact::NamedFact;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::statuses::{self, Outcome};

pub(super) const CHECK: Check = Check {
    name: "ResponseNonSuccessStatusUpdatedCheck",
    texts: TEXTS,
    run: Run::Response(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-non-success-status-removed"],
        purpose: "A non-success status is no longer answered.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {default: {}, 404: {}}}\nrevision: {responses: {default: {}}}",
        safe: "base: {responses: {default: {}}}\nrevision: {responses: {default: {}, 404: {}}}",
    },
    Text {
        ids: &["response-non-success-status-added"],
        purpose: "A new non-success status may be answered.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {default: {}}}\nrevision: {responses: {default: {}, 404: {}}}",
        safe: "base: {responses: {default: {}, 404: {}}}\nrevision: {responses: {default: {}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let ids = (
        "response-non-success-status-added",
        "response-non-success-status-removed",
    );
    statuses::updated(fact, report, Outcome::Failure, ids);
}
