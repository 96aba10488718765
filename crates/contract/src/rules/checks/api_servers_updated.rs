//! Addresses that came to or left an operation whose servers are not those of the document.

use crate::diff::fact::OperationPair;
use crate::diff::report::Report;
use crate::model::operation::Operation;
use crate::model::security;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::servers;

pub(super) const CHECK: Check = Check {
    name: "APIServersUpdatedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-server-removed"],
        purpose: "An operation is no longer at one of its addresses.",
        why: "Clients and generated code have the address built in; whether it still answers, the document cannot tell.",
        safely: "Keep the address, or redirect it, until no request comes to it.",
        breaking: "base: {paths: {/a: {get: {servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]}}}}\nrevision: {paths: {/a: {get: {servers: [{url: 'https://a.example'}]}}}}",
        safe: "base: {servers: [{url: 'https://a.example'}, {url: 'https://b.example'}], paths: {/a: {get: {}}}}\nrevision: {servers: [{url: 'https://a.example'}], paths: {/a: {get: {}}}}",
    },
    Text {
        ids: &["api-server-added"],
        purpose: "An operation is at one more address.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {paths: {/a: {servers: [{url: 'https://a.example'}], get: {}}}}\nrevision: {paths: {/a: {servers: [{url: 'https://a.example'}, {url: 'https://b.example'}], get: {}}}}",
        safe: "base: {paths: {/a: {servers: [{url: 'https://a.example'}], get: {}}}}\nrevision: {paths: {/a: {get: {servers: [{url: 'https://a.example'}]}}}}",
    },
];

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    // Where both sides have those of the document, the document tells.
    if !has_own(pair.base) && !has_own(pair.revision) {
        return;
    }
    let old = security::servers(pair.documents.base, pair.base.item, pair.base.node);
    let new = security::servers(
        pair.documents.revision,
        pair.revision.item,
        pair.revision.node,
    );
    for found in servers::changes(&old, &new, "api-server-added", "api-server-removed") {
        pair.report(report, "/servers", found);
    }
}

fn has_own(operation: &Operation<'_>) -> bool {
    let holders = [operation.node, operation.item];
    holders.iter().any(|holder| holder.get("servers").is_some())
}
