//! Calls that the provider makes back for an operation, which came or went.

use crate::diff::fact::OperationFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::operation::Listing;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "CallbackUpdatedCheck",
    texts: TEXTS,
    run: Run::Operation(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["callback-added"],
        purpose: "The provider calls back where it did not before.",
        why: "It breaks nobody: a consumer that does not know the callback gives no address for it.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, callbacks: {done: {'{$request.body#/url}': {post: {responses: {}}}}}}",
        safe: "base: {responses: {}, callbacks: {done: {'{$request.body#/url}': {post: {responses: {}}}}}}\nrevision: {responses: {}}",
    },
    Text {
        ids: &["callback-removed"],
        purpose: "The provider no longer makes a call that it made back.",
        why: "A consumer that waits for the call waits for ever.",
        safely: "Deprecate the callback, offer another way to learn what it told, and remove it when no consumer gives an address for it.",
        breaking: "base: {responses: {}, callbacks: {done: {'{$request.body#/url}': {post: {responses: {}}}}}}\nrevision: {responses: {}}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, callbacks: {done: {'{$request.body#/url}': {post: {responses: {}}}}}}",
    },
];

fn check<'t>(fact: &OperationFact<'_, 't>, report: &mut Report<'t>) {
    let (id, word, operation) = match (fact.base, fact.revision) {
        (Some(base), None) => ("callback-removed", "removed", base),
        (None, Some(revision)) => ("callback-added", "added", revision),
        _ => return,
    };
    if operation.listing != Listing::Callbacks {
        return;
    }
    let found = Found::new(id, format!("callback `{}` was {word}", operation.path))
        .base(fact.base.map(|base| base.key))
        .revision(fact.revision.map(|revision| revision.key));
    fact.report(report, found);
}
