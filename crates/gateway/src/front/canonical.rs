//! The one form in which an accepted request's headers go upstream: nothing of this hop, nothing forged.

use http::header::{CONNECTION, COOKIE, FORWARDED, HOST, HeaderName};
use http::{HeaderMap, HeaderValue};
use smallvec::SmallVec;

use super::bytes::trim;
use super::fields::is_end_to_end;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// What becomes of an inbound header.
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

/// Takes away what concerned only the connection to the consumer, what `Connection` names, what only we may say
/// (`X-Consumer-*`, `X-Towpath-*`) and, unless the peer is `trusted`, what only a proxy may (`Forwarded`,
/// `X-Forwarded-*`, `X-Real-IP`), each also in its `_` spelling, which CGI upstreams cannot tell from `-`.
/// Several `Cookie` fields become one (RFC 9113 section 8.2.3).
///
/// `TE`, `Upgrade` and `Expect` go too: the caller says anew what it asks of the upstream. `Trailer` stays, it
/// belongs to the message. Allocates only for more than eight removed names, or to join cookies.
pub fn strip(headers: &mut HeaderMap, trusted: bool) {
    let mut removed: SmallVec<[HeaderName; 8]> = SmallVec::new();
    let mut cookies = false;
    for name in headers.keys() {
        match fate(name.as_str().as_bytes()) {
            Fate::Keep => cookies |= *name == COOKIE,
            Fate::Forwarding if trusted => {}
            Fate::Hop if *name == CONNECTION => {
                removed.extend(named_by_connection(headers));
                removed.push(CONNECTION);
            }
            Fate::Hop | Fate::Ours | Fate::Forwarding => removed.push(name.clone()),
        }
    }
    for name in &removed {
        headers.remove(name);
    }
    if cookies {
        join_cookies(headers);
    }
}

/// Tells the upstream whom we serve: `X-Forwarded-For` grows by `peer`, `X-Forwarded-Proto` and
/// `X-Forwarded-Host` are set unless a trusted proxy has, and a `Forwarded` that is there grows by one element.
/// To be called after `strip`, while `Host` is still the consumer's.
pub fn forward_for(headers: &mut HeaderMap, peer: &HeaderValue, tls: bool) {
    let scheme = if tls { "https" } else { "http" };
    let chain = match headers.get(&X_FORWARDED_FOR) {
        None => peer.clone(),
        Some(_) => joined(headers, &X_FORWARDED_FOR, b", ", peer.as_bytes())
            .unwrap_or_else(|| peer.clone()),
    };
    headers.insert(X_FORWARDED_FOR, chain);
    if !headers.contains_key(&X_FORWARDED_PROTO) {
        headers.insert(X_FORWARDED_PROTO, HeaderValue::from_static(scheme));
    }
    if !headers.contains_key(&X_FORWARDED_HOST)
        && let Some(host) = headers.get(HOST).cloned()
    {
        headers.insert(X_FORWARDED_HOST, host);
    }
    if headers.contains_key(FORWARDED)
        && let Some(chain) = joined(headers, &FORWARDED, b", ", &forwarded_element(peer, scheme))
    {
        headers.insert(FORWARDED, chain);
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

/// The names that `Connection` lists, those apart that no `Connection` may remove.
fn named_by_connection(headers: &HeaderMap) -> impl Iterator<Item = HeaderName> {
    headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(trim)
        .filter(|name| !matches!(*name, b"close" | b"keep-alive" | b"") && !is_end_to_end(name))
        .filter_map(|name| HeaderName::from_bytes(name).ok())
}

fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(COOKIE).iter().nth(1).is_none() {
        return;
    }
    if let Some(cookies) = joined(headers, &COOKIE, b"; ", b"") {
        headers.insert(COOKIE, cookies);
    }
}

/// All values of `name`, and `last` unless it is empty, with `separator` between them.
fn joined(
    headers: &HeaderMap,
    name: &HeaderName,
    separator: &[u8],
    last: &[u8],
) -> Option<HeaderValue> {
    let values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    let mut text = Vec::new();
    for value in values.chain([last]).filter(|value| !value.is_empty()) {
        if !text.is_empty() {
            text.extend_from_slice(separator);
        }
        text.extend_from_slice(value);
    }
    HeaderValue::from_maybe_shared(bytes::Bytes::from(text)).ok()
}

/// RFC 7239 section 4; an IPv6 address is quoted and in brackets (section 6).
fn forwarded_element(peer: &HeaderValue, scheme: &str) -> Vec<u8> {
    let peer = peer.to_str().unwrap_or("unknown");
    match peer.contains(':') {
        true => format!("for=\"[{peer}]\";proto={scheme}").into_bytes(),
        false => format!("for={peer};proto={scheme}").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(lines: &[(&str, &str)]) -> HeaderMap {
        let header = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in lines.iter().map(header) {
            headers.append::<HeaderName>(name, value);
        }
        headers
    }

    fn text(headers: &HeaderMap) -> Vec<String> {
        let line = |(name, value): (&HeaderName, &HeaderValue)| {
            format!("{name}: {}", value.to_str().unwrap())
        };
        let mut lines: Vec<String> = headers.iter().map(line).collect();
        lines.sort();
        lines
    }

    const HOP: &[(&str, &str)] = &[
        ("connection", "keep-alive, X-Hop, te"),
        ("connection", "x-other"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("proxy-authorization", "Basic x"),
        ("te", "trailers"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "h2c"),
        ("http2-settings", "AA"),
        ("expect", "100-continue"),
        ("x-hop", "1"),
        ("x-hop", "2"),
        ("x-other", "3"),
    ];

    #[test]
    fn nothing_of_this_hop_goes_upstream() {
        let mut headers = map(HOP);
        headers.extend(map(&[
            ("accept", "*/*"),
            ("trailer", "x-sum"),
            ("x-key", "k"),
            ("content-length", "4"),
        ]));
        strip(&mut headers, false);
        assert_eq!(
            text(&headers),
            [
                "accept: */*",
                "content-length: 4",
                "trailer: x-sum",
                "x-key: k"
            ]
        );
    }

    #[test]
    fn connection_cannot_take_away_a_credential() {
        let mut headers = map(&[
            ("connection", "authorization, X-Api-Key, x-hop"),
            ("authorization", "a"),
            ("x-api-key", "b"),
            ("x-hop", "c"),
        ]);
        strip(&mut headers, false);
        assert_eq!(text(&headers), ["authorization: a", "x-api-key: b"]);
    }

    const FORGED: &[(&str, &str)] = &[
        ("x-forwarded-for", "6.6.6.6"),
        ("x_forwarded_for", "6.6.6.7"),
        ("x-forwarded-host", "evil"),
        ("x-forwarded-anything", "evil"),
        ("forwarded", "for=6.6.6.6"),
        ("x-real-ip", "6.6.6.6"),
        ("x-consumer-id", "cons_evil"),
        ("x-consumer_id", "cons_evil"),
        ("x-towpath-trace", "evil"),
        ("x-real-ipa", "kept"),
        ("x-consumers", "kept"),
    ];

    #[test]
    fn what_only_we_or_a_proxy_may_say_is_taken_from_strangers() {
        let mut headers = map(FORGED);
        strip(&mut headers, false);
        assert_eq!(text(&headers), ["x-consumers: kept", "x-real-ipa: kept"]);

        let mut headers = map(FORGED);
        strip(&mut headers, true);
        let kept = text(&headers);
        assert!(
            kept.contains(&"x-forwarded-for: 6.6.6.6".to_owned())
                && kept.contains(&"forwarded: for=6.6.6.6".to_owned())
        );
        assert!(
            !kept
                .iter()
                .any(|line| line.contains("cons_evil") || line.starts_with("x-towpath")),
            "{kept:?}"
        );
    }

    #[test]
    fn the_upstream_learns_whom_we_serve() {
        let peer = HeaderValue::from_static("192.0.2.1");
        let mut headers = map(&[("host", "api.example")]);
        forward_for(&mut headers, &peer, true);
        assert_eq!(
            text(&headers),
            [
                "host: api.example",
                "x-forwarded-for: 192.0.2.1",
                "x-forwarded-host: api.example",
                "x-forwarded-proto: https"
            ]
        );

        let mut headers = map(&[
            ("host", "inner"),
            ("x-forwarded-for", "198.51.100.7"),
            ("x-forwarded-for", "203.0.113.9"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "api.example"),
            ("forwarded", "for=198.51.100.7"),
        ]);
        forward_for(
            &mut headers,
            &HeaderValue::from_static("2001:db8::1"),
            false,
        );
        assert_eq!(
            text(&headers),
            [
                "forwarded: for=198.51.100.7, for=\"[2001:db8::1]\";proto=http",
                "host: inner",
                "x-forwarded-for: 198.51.100.7, 203.0.113.9, 2001:db8::1",
                "x-forwarded-host: api.example",
                "x-forwarded-proto: https",
            ]
        );
    }

    #[test]
    fn cookie_crumbs_are_joined() {
        let mut headers = map(&[("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x")]);
        strip(&mut headers, false);
        assert_eq!(text(&headers), ["accept: x", "cookie: a=1; b=2"]);
        let mut headers = map(&[("cookie", "a=1; b=2")]);
        strip(&mut headers, false);
        assert_eq!(text(&headers), ["cookie: a=1; b=2"]);
    }
}
