//! Tags that operations got or lost.

use rustc_hash::FxHashSet;

use crate::diff::fact::OperationPair;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::model::operation::Operation;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APITagUpdatedCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-tag-removed"],
        purpose: "An operation lost a tag.",
        why: "Nothing changes on the wire; generated classes and pages are grouped by tags.",
        safely: "Keep the tag for as long as generated code is named after it.",
        breaking: "base: {paths: {/a: {get: {tags: [a, b]}}}}\nrevision: {paths: {/a: {get: {tags: [a]}}}}",
        safe: "base: {paths: {/a: {get: {tags: [a]}}}}\nrevision: {paths: {/a: {get: {tags: [a, b]}}}}",
    },
    Text {
        ids: &["api-tag-added"],
        purpose: "An operation got a tag.",
        why: "Nothing changes on the wire; it may be listed once more.",
        safely: "Nothing needs to be done.",
        breaking: "base: {paths: {/a: {get: {tags: [a]}}}}\nrevision: {paths: {/a: {get: {tags: [a, b]}}}}",
        safe: "base: {paths: {/a: {get: {tags: [a, b]}}}}\nrevision: {paths: {/a: {get: {tags: [a]}}}}",
    },
];

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    let (old, new) = (tags(pair.base), tags(pair.revision));
    for tag in missing(&old, &new) {
        let text = shown(Some(tag));
        let message = format!("tag `{text}` was removed");
        let found = Found::new("api-tag-removed", message).base(tag);
        let found = found.revision(written(pair.revision)).value(text);
        pair.report(report, "/tags", found);
    }
    for tag in missing(&new, &old) {
        let text = shown(Some(tag));
        let message = format!("tag `{text}` was added");
        let found = Found::new("api-tag-added", message).revision(tag);
        let found = found.base(written(pair.base)).value(text);
        pair.report(report, "/tags", found);
    }
}

fn tags<'t>(operation: &Operation<'t>) -> Vec<Node<'t>> {
    let list = operation.node.get("tags");
    list.into_iter().flat_map(Node::elements).collect()
}

fn missing<'t>(from: &[Node<'t>], to: &[Node<'t>]) -> Vec<Node<'t>> {
    let names: FxHashSet<&str> = to.iter().filter_map(|tag| tag.as_str()).collect();
    let is_missing = |tag: &Node<'t>| tag.as_str().is_some_and(|name| !names.contains(name));
    from.iter().copied().filter(is_missing).collect()
}

fn written<'t>(operation: &Operation<'t>) -> Node<'t> {
    operation.node.get("tags").unwrap_or(operation.key)
}
