//! Which surface and operation a request is for.

use http::{HeaderValue, Method};

use super::version::{Asked, Chosen};
use crate::matcher::Found;
use crate::request_head::RequestHead;
use crate::snapshot::{Operation, Snapshot, Surface, Version};

/// Where a request goes.
#[derive(Debug)]
pub struct Routed<'a> {
    pub surface: &'a Surface,
    pub version: &'a Version,
    pub asked: Asked,
    pub matched: Matched<'a>,
    /// The length of the surface's prefix at the start of the path.
    pub prefix_length: usize,
    /// The length of what names the version behind it.
    pub version_length: usize,
}

#[derive(Debug)]
pub enum Matched<'a> {
    Operation(&'a Operation),
    /// The path exists, but not with this method: the methods that it has.
    OtherMethods(Option<HeaderValue>),
    Nothing,
}

/// The surface for `head`, whose path is `path`; `None` when none answers at this host and path.
pub fn surface<'a>(snapshot: &'a Snapshot, head: &RequestHead, path: &str) -> Option<&'a Surface> {
    let index = snapshot.surface_at(|| host(head), path)?;
    Some(&snapshot.surfaces[index])
}

/// What `head`, whose path is `path`, calls of `surface` in the version that was chosen for it.
pub fn route<'a>(
    surface: &'a Surface,
    chosen: &Chosen<'a>,
    head: &RequestHead,
    path: &str,
) -> Routed<'a> {
    let mut routed = Routed {
        surface,
        version: chosen.version,
        asked: chosen.asked,
        matched: Matched::Nothing,
        prefix_length: surface.path_prefix.len(),
        version_length: chosen.path_length,
    };
    routed.matched = routed.matched_in(chosen.version, head, path);
    routed
}

impl<'a> Routed<'a> {
    /// What the same request would call of another version.
    pub fn matched_in(&self, version: &'a Version, head: &RequestHead, path: &str) -> Matched<'a> {
        let rest = match &path[self.prefix_length + self.version_length..] {
            "" => "/",
            rest => rest,
        };
        match &version.matcher {
            None => Matched::Nothing,
            Some(matcher) => match matcher.find(&head.method, rest) {
                Found::Operation(index) => Matched::Operation(&version.operations[index as usize]),
                Found::OtherMethods(methods) => Matched::OtherMethods(allow(methods)),
                Found::Nothing => Matched::Nothing,
            },
        }
    }

    /// Has the version of this number serve, which the call did not ask for.
    pub fn serve_by(&mut self, number: usize, head: &RequestHead, path: &str) {
        self.version = self.surface.version(number);
        self.asked = Asked::No;
        self.matched = self.matched_in(self.version, head, path);
    }
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
