//! Responses of non-success statuses that came or went.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

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
    if shared::is_success(fact.status) != Some(false) {
        return;
    }
    let status = fact.status;
    if let Some(old) = fact.removed() {
        let message = format!("response `{status}` was removed");
        fact.report(
            report,
            Found::new("response-non-success-status-removed", message).base(old.key),
        );
    }
    if let Some(new) = fact.added() {
        let message = format!("response `{status}` was added");
        fact.report(
            report,
            Found::new("response-non-success-status-added", message).revision(new.key),
        );
    }
}
