//! Webhooks that came and went.

use rustc_hash::FxHashSet;

use crate::diff::fact::Documents;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::document::Document;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::{Member, Node};

pub(super) const CHECK: Check = Check {
    name: "WebhookUpdatedCheck",
    texts: TEXTS,
    run: Run::Document(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["webhook-added"],
        purpose: "The provider sends a new webhook.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {webhooks: {}}\nrevision: {webhooks: {a: {post: {responses: {}}}}}",
        safe: "base: {webhooks: {a: {post: {responses: {}}}}}\nrevision: {webhooks: {}}",
    },
    Text {
        ids: &["webhook-removed"],
        purpose: "The provider no longer sends a webhook.",
        why: "Consumers who wait for it are not told any more.",
        safely: "Keep sending it until nobody listens; announce the end with `deprecated` and `x-sunset`.",
        breaking: "base: {webhooks: {a: {post: {responses: {}}}}}\nrevision: {webhooks: {}}",
        safe: "base: {webhooks: {}}\nrevision: {webhooks: {a: {post: {responses: {}}}}}",
    },
];

fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    let (old, new) = (webhooks(documents.base), webhooks(documents.revision));
    for webhook in missing(&old, &new) {
        let name = webhook.name();
        let message = format!("webhook `{name}` was removed");
        let found = Found::new("webhook-removed", message).base(webhook.key);
        documents.report(report, "/webhooks", found.tail(name));
    }
    for webhook in missing(&new, &old) {
        let name = webhook.name();
        let message = format!("webhook `{name}` was added");
        let found = Found::new("webhook-added", message).revision(webhook.key);
        documents.report(report, "/webhooks", found.tail(name));
    }
}

fn webhooks<'t>(document: &Document<'t>) -> Vec<Member<'t>> {
    let list = document.root().get("webhooks");
    let members = list.into_iter().flat_map(Node::members);
    members
        .filter(|member| !member.name().starts_with("x-"))
        .collect()
}

fn missing<'a, 't>(from: &'a [Member<'t>], to: &[Member<'t>]) -> Vec<&'a Member<'t>> {
    let names: FxHashSet<&str> = to.iter().map(Member::name).collect();
    let is_missing = |member: &&Member<'t>| !names.contains(member.name());
    from.iter().filter(is_missing).collect()
}
