//! The head of a response as it goes to the consumer, whichever HTTP version takes it there.

use std::sync::Arc;

use http::StatusCode;
use smallvec::SmallVec;

use crate::fields::{Fields, options};
use crate::response_body::ResponseBody;
use crate::snapshot::{DeprecationHeaders, VersionHeaders};

/// A response as `serve` gives it.
pub struct Answered {
    pub head: ResponseHead,
    pub body: ResponseBody,
}

/// A response head, less what frames the body and what the connection to the consumer adds.
#[derive(Debug)]
pub struct ResponseHead {
    pub status: StatusCode,
    pub fields: Fields,
    pub source: HeadSource,
    /// What is said of the operation that answers.
    pub deprecation: Option<Arc<DeprecationHeaders>>,
    /// The version that answers, where the surface has several.
    pub version: Option<Arc<VersionHeaders>>,
    /// No request may follow on an HTTP/1.x connection.
    pub close: bool,
}

/// Where the fields are from, which decides what of them is passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadSource {
    /// Made here: all are.
    Own,
    /// Those that concerned only the connection to the upstream are not (RFC 9110 section 7.6.1).
    Upstream,
    /// The upstream's word that it leaves HTTP: all are, those of the connection above all.
    Switched,
}

impl ResponseHead {
    pub const fn new(status: StatusCode, fields: Fields, source: HeadSource) -> Self {
        Self {
            status,
            fields,
            source,
            deprecation: None,
            version: None,
            close: false,
        }
    }

    /// Calls `put` with the name, in lower case, and the value of every field. Ours replace the upstream's
    /// `Deprecation`, `Sunset` and version; links and what it varies by add up.
    #[inline]
    pub fn for_each(&self, mut put: impl FnMut(&[u8], &[u8])) {
        let strips = self.source == HeadSource::Upstream;
        let mut named: SmallVec<[&[u8]; 4]> = SmallVec::new();
        if strips {
            named.extend(self.fields.all(b"connection").flat_map(named_by));
        }
        let ours = self.deprecation.as_deref();
        let version = self.version.as_deref();
        for (name, value) in self.fields.iter() {
            let hop = || is_of_hop(name) || named.iter().any(|one| one.eq_ignore_ascii_case(name));
            let replaced = || {
                ours.is_some_and(|ours| ours.replaces(name))
                    || version.is_some_and(|version| version.replaces(name))
            };
            let stays = !(strips && hop() || replaced());
            if stays {
                put(name, value);
            }
        }
        if let Some(version) = version {
            version.for_each(&mut put);
        }
        if let Some(ours) = ours {
            ours.for_each(put);
        }
    }
}

fn is_of_hop(name: &[u8]) -> bool {
    matches!(
        name,
        b"connection" | b"keep-alive" | b"proxy-connection" | b"transfer-encoding" | b"upgrade"
    )
}

/// The names that a `Connection` lists; the usual values name nothing.
fn named_by(connection: &[u8]) -> impl Iterator<Item = &[u8]> {
    options(connection).filter(|name| !matches!(*name, b"close" | b"keep-alive" | b""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::DeprecationSpec;
    use adoption::Micros;

    fn text(source: HeadSource, deprecation: Option<DeprecationSpec>) -> Vec<String> {
        let fields = Fields::of([
            (&b"connection"[..], &b"keep-alive, X-Hop"[..]),
            (b"keep-alive", b"timeout=5, max=100"),
            (b"x-hop", b"1"),
            (b"transfer-encoding", b"chunked"),
            (b"deprecation", b"theirs"),
            (b"sunset", b"theirs"),
            (b"link", b"theirs"),
        ]);
        let mut head = ResponseHead::new(StatusCode::OK, fields, source);
        head.deprecation = deprecation.map(|spec| Arc::new(DeprecationHeaders::of(&spec).unwrap()));
        let mut lines = Vec::new();
        head.for_each(|name, value| {
            let text = |bytes| String::from_utf8_lossy(bytes);
            lines.push(format!("{}: {}", text(name), text(value)));
        });
        lines
    }

    #[test]
    fn fields_of_the_upstream_connection_stay_behind() {
        assert_eq!(
            text(HeadSource::Upstream, None),
            ["deprecation: theirs", "sunset: theirs", "link: theirs"]
        );
        assert_eq!(text(HeadSource::Switched, None).len(), 7);
        assert_eq!(text(HeadSource::Own, None).len(), 7);
    }

    #[test]
    fn our_word_on_deprecation_counts_and_links_add_up() {
        let spec = DeprecationSpec {
            deprecated_at: Micros::from_seconds(1),
            sunset_at: None,
            deprecation_link: None,
            sunset_link: None,
            successor_link: Some("/v3".into()),
        };
        assert_eq!(
            text(HeadSource::Upstream, Some(spec)),
            [
                "sunset: theirs",
                "link: theirs",
                "deprecation: @1",
                "link: </v3>; rel=\"successor-version\""
            ]
        );
    }
}
