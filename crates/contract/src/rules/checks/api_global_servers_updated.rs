//! Addresses that came to or left the servers of the document.

use crate::diff::fact::Documents;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::servers;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIGlobalServersUpdatedCheck",
    texts: TEXTS,
    run: Run::Document(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-global-server-removed"],
        purpose: "The document no longer lists an address of the API.",
        why: "Clients and generated code have the address built in; whether it still answers, the document cannot tell.",
        safely: "Keep the address, or redirect it, until no request comes to it.",
        breaking: "base: {servers: [{url: 'https://a.example'}, {url: 'https://b.example'}], paths: {}}\nrevision: {servers: [{url: 'https://a.example'}], paths: {}}",
        safe: "base: {servers: [{url: 'https://a.example/'}], paths: {}}\nrevision: {servers: [{url: 'https://a.example'}], paths: {}}",
    },
    Text {
        ids: &["api-global-server-added"],
        purpose: "The document lists one more address of the API.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {servers: [{url: 'https://a.example'}], paths: {}}\nrevision: {servers: [{url: 'https://a.example'}, {url: 'https://b.example'}], paths: {}}",
        safe: "base: {servers: [{url: 'https://a.example'}], paths: {}}\nrevision: {servers: [{url: 'https://a.example', description: first}], paths: {}}",
    },
];

fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    let list = |root: Node<'t>| -> Vec<Node<'t>> {
        let servers = root.get("servers").into_iter();
        servers.flat_map(Node::elements).collect()
    };
    let (old, new) = (list(documents.base.root()), list(documents.revision.root()));
    let (added, removed) = ("api-global-server-added", "api-global-server-removed");
    for found in servers::changes(&old, &new, added, removed) {
        documents.report(report, "/servers", found);
    }
}
