//! Tags that came to or left the list of the document.

use rustc_hash::FxHashSet;

use crate::diff::fact::Documents;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIGlobalTagsUpdatedCheck",
    texts: TEXTS,
    run: Run::Document(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["api-global-tag-removed"],
        purpose: "The document no longer lists a tag.",
        why: "Nothing changes on the wire; the group loses its place and its words in the documentation.",
        safely: "Keep the tag while operations have it.",
        breaking: "base: {tags: [{name: a}, {name: b}], paths: {}}\nrevision: {tags: [{name: a}], paths: {}}",
        safe: "base: {tags: [{name: a}, {name: b}], paths: {}}\nrevision: {tags: [{name: b}, {name: a}], paths: {}}",
    },
    Text {
        ids: &["api-global-tag-added"],
        purpose: "The document lists one more tag.",
        why: "It breaks nobody: the documentation has one more group.",
        safely: "Nothing needs to be done.",
        breaking: "base: {tags: [{name: a}], paths: {}}\nrevision: {tags: [{name: a}, {name: b}], paths: {}}",
        safe: "base: {tags: [{name: a}], paths: {}}\nrevision: {tags: [{name: a, description: first}], paths: {}}",
    },
];

fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    let (old, new) = (
        names(documents.base.root()),
        names(documents.revision.root()),
    );
    let known = |names: &[(&'t str, Node<'t>)]| -> FxHashSet<&'t str> {
        names.iter().map(|(name, _)| *name).collect()
    };
    let (in_old, in_new) = (known(&old), known(&new));
    for (name, node) in old.iter().filter(|(name, _)| !in_new.contains(name)) {
        let message = format!("tag `{name}` was removed from the document");
        let found = Found::new("api-global-tag-removed", message).base(*node);
        documents.report(report, "/tags", found.value(*name));
    }
    for (name, node) in new.iter().filter(|(name, _)| !in_old.contains(name)) {
        let message = format!("tag `{name}` was added to the document");
        let found = Found::new("api-global-tag-added", message).revision(*node);
        documents.report(report, "/tags", found.value(*name));
    }
}

fn names(root: Node<'_>) -> Vec<(&str, Node<'_>)> {
    let tags = root.get("tags").into_iter().flat_map(Node::elements);
    let names = tags.filter_map(|tag| {
        let name = tag.get("name")?;
        Some((name.as_str()?, name))
    });
    names.collect()
}
