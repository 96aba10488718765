//! What goes upstream: one canonical head, without our key and without what only concerned this hop.

use http::header::{CONNECTION, HOST, TE, UPGRADE};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Version};

use super::identify::Identified;
use super::route::Routed;
use crate::connection::Connection;
use crate::front::canonical;
use crate::ids::RequestId;
use crate::record::Record;
use crate::upstream::{Outgoing, Protocol};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_CONSUMER_ID: HeaderName = HeaderName::from_static("x-consumer-id");

/// Whether the consumer asks to leave HTTP (RFC 9110 section 7.8); only HTTP/1.1 can.
pub fn wants_upgrade(parts: &Parts) -> bool {
    parts.version == Version::HTTP_11
        && parts.headers.contains_key(UPGRADE)
        && parts.headers.get_all(CONNECTION).iter().any(|value| {
            value.to_str().is_ok_and(|v| {
                v.split(',')
                    .any(|option| option.trim().eq_ignore_ascii_case("upgrade"))
            })
        })
}

/// Takes the head apart and makes the one to send.
pub fn outgoing(
    connection: &Connection,
    routed: &Routed<'_>,
    identified: Identified,
    record: &Record,
    parts: &mut Parts,
) -> Outgoing {
    let upgrade = wants_upgrade(parts)
        .then(|| parts.headers.get(UPGRADE).cloned())
        .flatten();
    let mut headers = std::mem::take(&mut parts.headers);
    if !headers.contains_key(HOST)
        && let Some(authority) = parts.uri.authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        headers.insert(HOST, host);
    }
    let trailers = headers
        .get(TE)
        .is_some_and(|te| te.as_bytes().eq_ignore_ascii_case(b"trailers"));

    canonical::strip(&mut headers, connection.trusted);
    if let Some(header) = &identified.strip {
        headers.remove(header);
    }
    canonical::forward_for(&mut headers, &connection.peer_header, connection.tls);
    if let Some(consumer) = identified.consumer_header {
        headers.insert(X_CONSUMER_ID, consumer);
    }
    if !headers.contains_key(X_REQUEST_ID) {
        headers.insert(X_REQUEST_ID, RequestId(record.request_id).header());
    }
    if trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    let protocol = match upgrade {
        None => Protocol::Any,
        Some(protocol) => {
            headers.insert(UPGRADE, protocol);
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            Protocol::Http1
        }
    };

    Outgoing {
        method: parts.method.clone(),
        target: target(routed, parts),
        headers,
        preserve_host: routed.surface.preserve_host,
        source: record.source.clone(),
        protocol,
    }
}

/// The path as it came, less the surface's prefix where it is stripped, behind the upstream's base path.
fn target(routed: &Routed<'_>, parts: &Parts) -> PathAndQuery {
    let given = parts
        .uri
        .path_and_query()
        .cloned()
        .unwrap_or_else(|| PathAndQuery::from_static("/"));
    let surface = routed.surface;
    let strip = if surface.strip_path_prefix {
        routed.prefix_length
    } else {
        0
    };
    let base = surface
        .upstreams
        .first()
        .map_or("", |upstream| upstream.base_path.as_str());
    if strip == 0 && base.is_empty() {
        return given;
    }
    let rest = &given.as_str()[strip..];
    let slash = if rest.starts_with('/') { "" } else { "/" };
    format!("{base}{slash}{rest}").parse().unwrap_or(given)
}
