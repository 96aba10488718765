//! Compares one tool with itself: name, description, annotations, arguments, output, size.

use super::list::Tool;
use super::record::Changes;
use super::{annotations, arguments, compact, output, rules};

/// A tool has grown when it takes this many tokens more, and a quarter more. 64 tokens are a sentence or two.
const TOKENS_MORE_MIN: usize = 64;

pub(super) fn compare(changes: &mut Changes<'_>, base: &Tool<'_>, revision: &Tool<'_>) {
    changes.about(base.name);
    if base.node.same_value(revision.node) {
        return;
    }
    if base.name != revision.name {
        let message = format!("the tool `{}` is called `{}` now", base.name, revision.name);
        changes.changed(&rules::RENAMED, base.name_node, revision.name_node, message);
    }
    compare_text(changes, base, revision);
    annotations::compare(changes, base, revision);
    arguments::compare(changes, base, revision);
    output::compare(changes, base, revision);
    compare_size(changes, base, revision);
}

fn compare_text(changes: &mut Changes<'_>, base: &Tool<'_>, revision: &Tool<'_>) {
    match (base.get("description"), revision.get("description")) {
        (None, None) => {}
        (Some(old), Some(new)) if old.same_value(new) => {}
        (Some(old), Some(new)) => {
            let message = "the description, by which agents choose the tool, changed".to_owned();
            changes.changed(&rules::DESCRIPTION_CHANGED, old, new, message);
        }
        (Some(old), None) => {
            let message = "the description was removed".to_owned();
            changes.push(
                &rules::DESCRIPTION_REMOVED,
                Some(old),
                Some(revision.node),
                message,
            );
        }
        (None, Some(new)) => {
            let message = "the tool got a description".to_owned();
            changes.push(
                &rules::DESCRIPTION_ADDED,
                Some(base.node),
                Some(new),
                message,
            );
        }
    }
    let (old, new) = (base.get("title"), revision.get("title"));
    let same = match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => old.same_value(new),
        _ => false,
    };
    if !same {
        changes.push(
            &rules::TITLE_CHANGED,
            old.or(Some(base.node)),
            new.or(Some(revision.node)),
            "the title, which people see, changed".to_owned(),
        );
    }
}

fn compare_size(changes: &mut Changes<'_>, base: &Tool<'_>, revision: &Tool<'_>) {
    let (old, new) = (compact::tokens(base.node), compact::tokens(revision.node));
    let message = format!("the definition takes about {new} tokens, and took {old}");
    if grew(old, new) {
        changes.changed(&rules::TOKENS_GREW, base.node, revision.node, message);
    } else if grew(new, old) {
        changes.changed(&rules::TOKENS_SHRANK, base.node, revision.node, message);
    }
}

fn grew(from: usize, to: usize) -> bool {
    to >= from + TOKENS_MORE_MIN && to * 4 >= from * 5
}
