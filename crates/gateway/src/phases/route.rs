//! Which surface and operation a request is for.

use http::{HeaderValue, Method};

use crate::matcher::Found;
use crate::request_head::RequestHead;
use crate::snapshot::{Operation, Snapshot, Surface};

/// Where a request goes.
#[derive(Debug)]
pub struct Routed<'a> {
    pub surface_index: usize,
    pub surface: &'a Surface,
    pub matched: Matched<'a>,
    /// The length of the surface's prefix at the start of the path.
    pub prefix_length: usize,
}

#[derive(Debug)]
pub enum Matched<'a> {
    Operation(&'a Operation),
    /// The path exists, but not with this method: the methods that it has.
    OtherMethods(Option<HeaderValue>),
    Nothing,
}

/// Where `head` goes, whose path is `path`; `None` when no surface answers at this host and path.
pub fn route<'a>(snapshot: &'a Snapshot, head: &RequestHead, path: &str) -> Option<Routed<'a>> {
    let surface_index = snapshot.surface_at(|| host(head), path)?;
    let surface = &snapshot.surfaces[surface_index];
    let prefix_length = surface.path_prefix.len();
    let rest = match &path[prefix_length..] {
        "" => "/",
        rest => rest,
    };
    let matched = match &surface.matcher {
        None => Matched::Nothing,
        Some(matcher) => match matcher.find(&head.method, rest) {
            Found::Operation(index) => Matched::Operation(&surface.operations[index as usize]),
            Found::OtherMethods(methods) => Matched::OtherMethods(allow(methods)),
            Found::Nothing => Matched::Nothing,
        },
    };
    Some(Routed {
        surface_index,
        surface,
        matched,
        prefix_length,
    })
}

fn allow(methods: Vec<Method>) -> Option<HeaderValue> {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    HeaderValue::from_str(&names.join(", ")).ok()
}

/// The host that the consumer asked for, without port.
fn host(head: &RequestHead) -> &str {
    let text = match head.authority() {
        Some(authority) => authority,
        None => head
            .fields
            .get(b"host")
            .and_then(|host| std::str::from_utf8(host).ok())
            .unwrap_or(""),
    };
    without_port(text)
}

fn without_port(authority: &str) -> &str {
    match authority.rfind(':') {
        Some(colon) if !authority[colon..].contains(']') => &authority[..colon],
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn the_port_is_not_part_of_the_host() {
        for (authority, host) in [
            ("a.example:80", "a.example"),
            ("a.example", "a.example"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(without_port(authority), host);
        }
    }
}
