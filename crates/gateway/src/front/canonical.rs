//! The one form in which an accepted request's fields go upstream: nothing of this hop, nothing forged.

use smallvec::SmallVec;

use super::bytes::trim;
use super::fields::is_end_to_end;
use crate::fields::Fields;

/// What becomes of an inbound field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Keep,
    /// Of this hop only (RFC 9110 section 7.6.1).
    Hop,
    /// Says who the consumer is, which only we say.
    Ours,
    /// Says whom a proxy before us served; kept from a trusted one.
    Forwarding,
}

/// An accepted request's fields as they go upstream: the one source for every HTTP version that takes them there.
///
/// Left out is what concerned only the connection to the consumer, what `Connection` names, what only we may say
/// (`X-Consumer-*`, `X-Towpath-*`) and, unless the peer is `trusted`, what only a proxy may (`Forwarded`,
/// `X-Forwarded-*`, `X-Real-IP`), each also in its `_` spelling, which CGI upstreams cannot tell from `-`.
/// `Trailer` stays, it belongs to the message. `Host` is left out too: who writes the head knows where it goes.
///
/// Left out is also what the consumer says of the version, where we say it.
///
/// Added is whom we serve: `X-Forwarded-For` grows by `peer`, `X-Forwarded-Proto` and `X-Forwarded-Host` are set
/// unless a trusted proxy has, and a `Forwarded` that is there grows by one element.
#[derive(Debug, Clone, Copy)]
pub struct Canonical<'a> {
    pub fields: &'a Fields,
    /// The peer's own forwarding fields are kept.
    pub trusted: bool,
    pub tls: bool,
    /// The peer's address.
    pub peer: &'a str,
    /// The host that the consumer asked for.
    pub host: Option<&'a [u8]>,
    /// The field that held a Towpath key, in lower case: it does not go upstream.
    pub key: Option<&'a [u8]>,
    /// The id of the consumer, where it is known.
    pub consumer: Option<&'a [u8]>,
    /// The field that names the version, in lower case, and the version that serves, where there are several.
    pub version: Option<(&'a [u8], &'a [u8])>,
    /// For `X-Request-Id`, unless the consumer has set one.
    pub request_id: [u8; 17],
    /// Trailers may be sent: the consumer takes them.
    pub trailers: bool,
    /// The protocol that the consumer wants to go over to.
    pub upgrade: Option<&'a [u8]>,
}

/// What of the fields that we add is there already, or has to be made from several.
#[derive(Default)]
struct Seen {
    request_id: bool,
    proto: bool,
    host: bool,
    cookie: bool,
    chain: bool,
    forwarded: bool,
}

impl Canonical<'_> {
    /// Calls `put` with the name, in lower case, and the value of every field, those that we add last. Allocates only
    /// to join cookies or the chains of a trusted proxy, or where `Connection` names more than four fields.
    #[inline]
    pub fn for_each(&self, mut put: impl FnMut(&[u8], &[u8])) {
        let mut named: SmallVec<[&[u8]; 4]> = SmallVec::new();
        for connection in self.fields.all(b"connection") {
            named.extend(named_by(connection));
        }

        let mut seen = Seen::default();
        for (name, value) in self.fields.iter() {
            let kept = match fate(name) {
                Fate::Keep => true,
                Fate::Forwarding => self.trusted,
                Fate::Hop | Fate::Ours => false,
            };
            let left_out = || {
                self.key == Some(name)
                    || self.names_version(name)
                    || named.iter().any(|one| name.eq_ignore_ascii_case(one))
            };
            if kept && !left_out() && !self.take_apart(name, &mut seen, &mut put) {
                put(name, value);
            }
        }
        self.add(&seen, &mut put);
    }

    /// Whether only we say what the field says, also in its `_` spelling.
    #[inline]
    fn names_version(&self, name: &[u8]) -> bool {
        self.version
            .is_some_and(|(own, _)| own.len() == name.len() && reads_as(name, own))
    }

    /// Whether a field is not put as it is: it is joined with others of its name, or comes later.
    #[inline]
    fn take_apart(&self, name: &[u8], seen: &mut Seen, put: &mut impl FnMut(&[u8], &[u8])) -> bool {
        match name {
            b"host" => true,
            b"cookie" => {
                // RFC 9113 section 8.2.3: crumbs become one field again.
                let crumbs = self.fields.all(name).nth(1).is_some();
                if crumbs && !std::mem::replace(&mut seen.cookie, true) {
                    put(name, &joined(self.fields, name, b"; ", b""));
                }
                crumbs
            }
            b"x-forwarded-for" => {
                seen.chain = true;
                true
            }
            b"forwarded" => {
                seen.forwarded = true;
                true
            }
            b"x-request-id" => {
                seen.request_id = true;
                false
            }
            b"x-forwarded-proto" => {
                seen.proto = true;
                false
            }
            b"x-forwarded-host" => {
                seen.host = true;
                false
            }
            _ => false,
        }
    }

    #[inline]
    fn add(&self, seen: &Seen, put: &mut impl FnMut(&[u8], &[u8])) {
        let scheme = if self.tls { "https" } else { "http" };
        let peer = self.peer.as_bytes();
        if seen.chain {
            let chain = joined(self.fields, b"x-forwarded-for", b", ", peer);
            put(b"x-forwarded-for", &chain);
        } else {
            put(b"x-forwarded-for", peer);
        }
        if !seen.proto {
            put(b"x-forwarded-proto", scheme.as_bytes());
        }
        if let (false, Some(host)) = (seen.host, self.host) {
            put(b"x-forwarded-host", host);
        }
        if seen.forwarded {
            let element = forwarded_element(self.peer, scheme);
            put(
                b"forwarded",
                &joined(self.fields, b"forwarded", b", ", element.as_bytes()),
            );
        }
        if let Some(consumer) = self.consumer {
            put(b"x-consumer-id", consumer);
        }
        if let Some((name, value)) = self.version {
            put(name, value);
        }
        if !seen.request_id {
            put(b"x-request-id", &self.request_id);
        }
        if self.trailers {
            put(b"te", b"trailers");
        }
        if let Some(protocol) = self.upgrade {
            put(b"upgrade", protocol);
            put(b"connection", b"upgrade");
        }
    }
}

#[inline]
fn fate(name: &[u8]) -> Fate {
    // The first letter spares most names every comparison.
    match name.first() {
        Some(b'c' | b'e' | b'h' | b'k' | b'p' | b't' | b'u') if is_hop_by_hop(name) => Fate::Hop,
        Some(b'f') if name == b"forwarded" => Fate::Forwarding,
        Some(b'x') => fate_of_extension(name),
        _ => Fate::Keep,
    }
}

fn is_hop_by_hop(name: &[u8]) -> bool {
    matches!(
        name,
        b"connection"
            | b"expect"
            | b"http2-settings"
            | b"keep-alive"
            | b"proxy-authenticate"
            | b"proxy-authorization"
            | b"proxy-connection"
            | b"te"
            | b"transfer-encoding"
            | b"upgrade"
    )
}

fn fate_of_extension(name: &[u8]) -> Fate {
    if reads_as(name, b"x-consumer-") || reads_as(name, b"x-towpath-") {
        Fate::Ours
    } else if reads_as(name, b"x-forwarded-") || (reads_as(name, b"x-real-ip") && name.len() == 9) {
        Fate::Forwarding
    } else {
        Fate::Keep
    }
}

/// Whether the lower-case `name` starts with `prefix`, `_` taken for `-`.
#[inline]
fn reads_as(name: &[u8], prefix: &[u8]) -> bool {
    let same = |(byte, wanted): (&u8, &u8)| byte == wanted || (*byte == b'_' && *wanted == b'-');
    name.len() >= prefix.len() && name.iter().zip(prefix).all(same)
}

/// The names that a `Connection` lists, those apart that none may remove.
fn named_by(connection: &[u8]) -> impl Iterator<Item = &[u8]> {
    connection
        .split(|byte| *byte == b',')
        .map(trim)
        .filter(|name| !matches!(*name, b"close" | b"keep-alive" | b"") && !is_end_to_end(name))
}

/// All values of `name`, and `last`, those that are empty apart, with `separator` between them.
fn joined(fields: &Fields, name: &[u8], separator: &[u8], last: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for value in fields
        .all(name)
        .chain([last])
        .filter(|value| !value.is_empty())
    {
        if !text.is_empty() {
            text.extend_from_slice(separator);
        }
        text.extend_from_slice(value);
    }
    text
}

/// RFC 7239 section 4; an IPv6 address is quoted and in brackets (section 6).
fn forwarded_element(peer: &str, scheme: &str) -> String {
    match peer.contains(':') {
        true => format!("for=\"[{peer}]\";proto={scheme}"),
        false => format!("for={peer};proto={scheme}"),
    }
}

#[cfg(test)]
mod tests;
