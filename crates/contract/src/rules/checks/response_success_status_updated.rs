//! Responses of success statuses that came or went.

use crate::diff::fact::NamedFact;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::statuses::{self, Outcome};

pub(super) const CHECK: Check = Check {
    name: "ResponseSuccessStatusUpdatedCheck",
    texts: TEXTS,
    run: Run::Response(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-success-status-removed"],
        purpose: "A success status is no longer answered.",
        why: "Clients that wait for this status never see it.",
        safely: "Keep answering with it, or offer the new answer in a new version.",
        breaking: "base: {responses: {default: {}, 201: {}}}\nrevision: {responses: {default: {}}}",
        safe: "base: {responses: {default: {}}}\nrevision: {responses: {default: {}, 201: {}}}",
    },
    Text {
        ids: &["response-success-status-added"],
        purpose: "A new success status may be answered.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {default: {}}}\nrevision: {responses: {default: {}, 201: {}}}",
        safe: "base: {responses: {default: {}, 201: {}}}\nrevision: {responses: {default: {}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let ids = (
        "response-success-status-added",
        "response-success-status-removed",
    );
    statuses::updated(fact, report, Outcome::Success, ids);
}
