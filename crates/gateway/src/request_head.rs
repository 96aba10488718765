//! A request head, whichever HTTP version brought it: method, target and fields, over one buffer.

use http::request::Parts;
use http::{Method, Version};

use crate::fields::{Fields, pairs, push_all};

/// A request head. Its parts lie in the text of its fields.
#[derive(Debug)]
pub struct RequestHead {
    pub method: Method,
    pub version: Version,
    pub fields: Fields,
    target: Target,
}

/// Where the parts of a target lie in the text of its head.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target {
    /// Of an absolute-form target and of HTTP/2; empty when there is none.
    pub authority: (usize, usize),
    /// Begins with `/`, or is `*`.
    pub path: (usize, usize),
    /// Where the query ends; it lies behind the path and a `?`.
    pub end: usize,
}

impl RequestHead {
    /// `target` and every field lie in the text of `fields` and are ASCII as far as `target` reaches.
    pub const fn new(method: Method, version: Version, target: Target, fields: Fields) -> Self {
        Self {
            method,
            version,
            fields,
            target,
        }
    }

    /// The head of an HTTP/2 request.
    pub fn of_parts(parts: &Parts) -> Self {
        let uri = &parts.uri;
        let mut text = Vec::with_capacity(512);
        let mut put = |part: &str| {
            let at = text.len();
            text.extend_from_slice(part.as_bytes());
            (at, text.len())
        };
        let authority = put(uri.authority().map_or("", |authority| authority.as_str()));
        let path = put(uri.path());
        let end = match uri.query() {
            None => path.1,
            Some(query) => {
                put("?");
                put(query).1
            }
        };
        let places = push_all(&mut text, pairs(&parts.headers));
        Self {
            method: parts.method.clone(),
            version: parts.version,
            fields: Fields::new(text.into(), places),
            target: Target {
                authority,
                path,
                end,
            },
        }
    }

    fn part(&self, start: usize, end: usize) -> &str {
        std::str::from_utf8(&self.fields.text()[start..end]).unwrap_or("")
    }

    pub fn path(&self) -> &str {
        self.part(self.target.path.0, self.target.path.1)
    }

    pub fn path_bytes(&self) -> &[u8] {
        &self.fields.text()[self.target.path.0..self.target.path.1]
    }

    /// Path and query together, and how much of that is the path: both for one look at the text.
    pub fn path_and_query_split(&self) -> (&str, usize) {
        let (start, end) = self.target.path;
        (self.path_and_query(), end - start)
    }

    /// What follows the `?`, where there is one.
    pub fn query(&self) -> Option<&str> {
        let start = self.target.path.1;
        (start < self.target.end).then(|| self.part(start + 1, self.target.end))
    }

    pub fn path_and_query(&self) -> &str {
        self.part(self.target.path.0, self.target.end)
    }

    /// The host that the target names.
    pub fn authority(&self) -> Option<&str> {
        let (start, end) = self.target.authority;
        (start < end).then(|| self.part(start, end))
    }

    /// The host that the request is for, with its port where it has one: the `Host` field, or else the target's.
    pub fn host(&self) -> Option<&[u8]> {
        self.fields
            .get(b"host")
            .or_else(|| self.authority().map(str::as_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn an_http2_head_keeps_its_parts() {
        let check = |uri: &str, expect: (&str, Option<&str>, &str, Option<&str>)| {
            let request = Request::builder()
                .uri(uri)
                .version(Version::HTTP_2)
                .header("accept", "a/b");
            let (parts, ()) = request.body(()).unwrap().into_parts();
            let head = RequestHead::of_parts(&parts);
            let found = (
                head.path(),
                head.query(),
                head.path_and_query(),
                head.authority(),
            );
            assert_eq!(found, expect);
            assert_eq!(head.fields.get(b"accept"), Some(&b"a/b"[..]));
        };
        check(
            "https://a.example:1/x/y?z=1",
            ("/x/y", Some("z=1"), "/x/y?z=1", Some("a.example:1")),
        );
        check("https://a?z", ("/", Some("z"), "/?z", Some("a")));
        check("/x?", ("/x", Some(""), "/x?", None));
        check("*", ("*", None, "*", None));
    }
}
