//! What a response head says beyond the upstream's own words: nothing hop-by-hop, and what is deprecated.

use http::header::{CONNECTION, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::route::Matched;

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// Seconds of the upstream's `Keep-Alive: timeout=N`.
pub fn keep_alive_timeout_s(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(KEEP_ALIVE)?.to_str().ok()?;
    value
        .split(',')
        .find_map(|part| part.trim().strip_prefix("timeout=")?.parse().ok())
}

/// Removes what only concerned the connection to the upstream (RFC 9110 section 7.6.1).
pub fn strip_hop_by_hop(headers: &mut HeaderMap) {
    if let Some(connection) = headers.remove(CONNECTION) {
        // The usual values name nothing.
        if !matches!(
            connection.as_bytes(),
            b"keep-alive" | b"close" | b"Keep-Alive" | b"Close"
        ) {
            strip_named(headers, &connection);
        }
        headers.remove(KEEP_ALIVE);
        headers.remove(UPGRADE);
        headers.remove(PROXY_CONNECTION);
    } else {
        headers.remove(KEEP_ALIVE);
    }
    headers.remove(TRANSFER_ENCODING);
}

fn strip_named(headers: &mut HeaderMap, connection: &HeaderValue) {
    for name in connection.as_bytes().split(|byte| *byte == b',') {
        if let Ok(name) = HeaderName::from_bytes(name.trim_ascii()) {
            headers.remove(name);
        }
    }
}

/// Puts the deprecation headers of the matched operation on the response.
pub fn announce(matched: &Matched<'_>, headers: &mut HeaderMap) {
    if let Matched::Operation(operation) = matched
        && let Some(deprecation) = &operation.deprecation
    {
        deprecation.put(headers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_upstream_connection_stay_behind() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "keep-alive, X-Hop"),
            ("keep-alive", "timeout=5, max=100"),
            ("x-hop", "1"),
            ("transfer-encoding", "chunked"),
            ("x-end", "2"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        assert_eq!(keep_alive_timeout_s(&headers), Some(5));
        strip_hop_by_hop(&mut headers);
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["x-end"], "2");
    }
}
