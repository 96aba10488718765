//! JSON pointers (RFC 6901): writing them, and reading them from a URI fragment.

use std::borrow::Cow;

use crate::tree::{Node, Value};

mod token;

pub use token::push_token;
use token::unescape;

/// Why a pointer names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    #[error("the pointer does not start with `/`")]
    Start,
    #[error("`%` is not followed by two hexadecimal digits, or the bytes are not UTF-8")]
    Percent,
    #[error("`~` is not followed by 0 or 1")]
    Tilde,
    /// `parent` is the pointer up to the token that is not there; empty for the document.
    #[error("{} has no `{token}`", described(parent))]
    Missing { parent: String, token: String },
}

/// The node that the URI fragment (without `#`) of a reference names: percent-decoded first, then read as a JSON
/// pointer (RFC 6901 section 6). An empty fragment is the root.
pub fn resolve_fragment<'t>(root: Node<'t>, fragment: &str) -> Result<Node<'t>, PointerError> {
    let pointer = percent_decode(fragment).ok_or(PointerError::Percent)?;
    resolve(root, &pointer)
}

/// The node below `root` that `pointer` names.
pub fn resolve<'t>(root: Node<'t>, pointer: &str) -> Result<Node<'t>, PointerError> {
    if pointer.is_empty() {
        return Ok(root);
    }
    let tokens = pointer.strip_prefix('/').ok_or(PointerError::Start)?;

    let mut node = root;
    let mut parent_end = 0;
    for escaped in tokens.split('/') {
        let token = unescape(escaped).ok_or(PointerError::Tilde)?;
        node = child(node, &token).ok_or_else(|| PointerError::Missing {
            parent: pointer[..parent_end].to_owned(),
            token: token.into_owned(),
        })?;
        parent_end += 1 + escaped.len();
    }
    Ok(node)
}

fn child<'t>(node: Node<'t>, token: &str) -> Option<Node<'t>> {
    match node.value() {
        Value::Object(_) => node.get(token),
        // RFC 6901 section 4: no leading zeros, no sign.
        Value::Array(_) => {
            let plain = token == "0" || token.starts_with(|c: char| ('1'..='9').contains(&c));
            let index = token.parse().ok().filter(|_| plain)?;
            node.element(index)
        }
        _ => None,
    }
}

pub(crate) fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let digits = part
            .get(..2)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

fn described(pointer: &str) -> String {
    match pointer {
        "" => "the document".to_owned(),
        pointer => format!("`{pointer}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::tree::NodeId;

    fn check(fragment: &str, expect: Result<&str, PointerError>) {
        let source = r#"{"a": {"b/c": [10, 20], "~": 30, "": 40, "é ": 50, "%": 60}}"#;
        let tree = json::scan(source).unwrap();
        let found = resolve_fragment(tree.root(), fragment).map(|node| node.scalar_text().unwrap());
        assert_eq!(found, expect, "{fragment}");
    }

    #[test]
    fn fragments_are_decoded_then_unescaped() {
        check("/a/b~1c/1", Ok("20"));
        check("/a/b%2Fc/0", Err(missing("/a", "b")));
        check("/a/~0", Ok("30"));
        check("/a/", Ok("40"));
        check("/a/%C3%A9%20", Ok("50"));
        check("/a/%25", Ok("60"));
    }

    #[test]
    fn what_names_nothing_says_why() {
        check("/x", Err(missing("", "x")));
        check("/a/b~1c/2", Err(missing("/a/b~1c", "2")));
        check("/a/b~1c/01", Err(missing("/a/b~1c", "01")));
        check("/a/b~1c/+1", Err(missing("/a/b~1c", "+1")));
        check("/a/~/x", Err(PointerError::Tilde));
        check("/a/~2", Err(PointerError::Tilde));
        check("/a/%4", Err(PointerError::Percent));
        check("/a/%+1", Err(PointerError::Percent));
        check("/a/%FF", Err(PointerError::Percent));
        check("a", Err(PointerError::Start));
    }

    fn missing(parent: &str, token: &str) -> PointerError {
        PointerError::Missing {
            parent: parent.into(),
            token: token.into(),
        }
    }

    #[test]
    fn every_node_is_found_by_its_own_pointer() {
        let tree = json::scan(r#"{"a~/": [[], {"": {"b": null}}], "c": 1}"#).unwrap();
        let mut pointers = Vec::new();
        for id in 0..tree.node_count() as u32 {
            let node = tree.node(NodeId(id));
            let found = resolve(tree.root(), &node.pointer()).unwrap();
            // A key and its value share a pointer.
            assert!(
                found.id() == node.id() || found.id().0 == id + 1,
                "{}",
                node.pointer()
            );
            pointers.push(node.pointer());
        }
        pointers.dedup();
        assert_eq!(
            pointers,
            [
                "",
                "/a~0~1",
                "/a~0~1/0",
                "/a~0~1/1",
                "/a~0~1/1/",
                "/a~0~1/1//b",
                "/c"
            ]
        );
    }
}
