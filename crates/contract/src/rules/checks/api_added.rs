//! Operations that are new.

use crate::diff::fact::OperationFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::operation::Listing;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "APIAddedCheck",
    texts: TEXTS,
    run: Run::Operation(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["endpoint-added"],
    purpose: "The contract has a new operation.",
    why: "It breaks nobody: everything that was valid before still is.",
    safely: "Nothing needs to be done.",
    breaking: "base: {paths: {/a: {get: {}}}}\nrevision: {paths: {/a: {get: {}, put: {}}}}",
    safe: "base: {paths: {/a: {get: {}, put: {}}}}\nrevision: {paths: {/a: {get: {}}}}",
}];

fn check<'t>(fact: &OperationFact<'_, 't>, report: &mut Report<'t>) {
    let (None, Some(revision)) = (fact.base, fact.revision) else {
        return;
    };
    if revision.listing != Listing::Paths {
        return;
    }
    let message = "the operation was added".to_owned();
    fact.report(
        report,
        Found::new("endpoint-added", message).revision(revision.key),
    );
}
