//! What goes upstream: one canonical head, without our key and without what only concerned this hop.

use std::borrow::Cow;

use http::Version;

use super::identify::Identified;
use super::route::Routed;
use crate::connection::Connection;
use crate::fields::lists;
use crate::front::canonical::Canonical;
use crate::ids::RequestId;
use crate::record::Record;
use crate::request_head::RequestHead;
use crate::upstream::{Outgoing, Protocol};

/// Whether the consumer asks to leave HTTP (RFC 9110 section 7.8); only HTTP/1.1 can.
pub fn wants_upgrade(head: &RequestHead) -> bool {
    head.version == Version::HTTP_11
        && head.fields.contains(b"upgrade")
        && head
            .fields
            .all(b"connection")
            .any(|value| lists(value, b"upgrade"))
}

/// The head to send.
pub fn outgoing<'a>(
    connection: &'a Connection,
    routed: &Routed<'a>,
    identified: &Identified<'a>,
    record: &Record,
    head: &'a RequestHead,
    path_and_query: &'a str,
) -> Outgoing<'a> {
    let fields = &head.fields;
    let upgrade = match wants_upgrade(head) {
        true => fields.get(b"upgrade"),
        false => None,
    };
    let trailers = fields
        .get(b"te")
        .is_some_and(|te| te.eq_ignore_ascii_case(b"trailers"));
    Outgoing {
        method: &head.method,
        target: target(routed, path_and_query),
        canonical: Canonical {
            fields,
            trusted: connection.trusted,
            tls: connection.tls,
            peer: &connection.peer,
            host: head.host(),
            key: identified.strip,
            consumer: identified.consumer_header,
            version: routed
                .version
                .name
                .as_ref()
                .map(|name| (name.header.as_str().as_bytes(), name.value.as_bytes())),
            request_id: RequestId(record.request_id).text(),
            trailers,
            upgrade,
        },
        preserve_host: routed.surface.preserve_host,
        source: record.source.clone(),
        protocol: match upgrade {
            None => Protocol::Any,
            Some(_) => Protocol::Http1,
        },
    }
}

/// The path as it came, less what names the version and less the surface's prefix where it is stripped, behind the
/// upstream's base path.
fn target<'a>(routed: &Routed<'_>, given: &'a str) -> Cow<'a, str> {
    let prefix_length = routed.prefix_length;
    let prefix = match routed.surface.strip_path_prefix {
        true => "",
        false => &given[..prefix_length],
    };
    let upstreams = &routed.version.upstreams;
    let base = upstreams.first().map_or("", |one| one.base_path.as_str());
    let is_whole = prefix.len() == prefix_length && routed.version_length == 0;
    if is_whole && base.is_empty() {
        return Cow::Borrowed(given);
    }
    let rest = &given[prefix_length + routed.version_length..];
    let slash = if prefix.is_empty() && !rest.starts_with('/') {
        "/"
    } else {
        ""
    };
    Cow::Owned(format!("{base}{prefix}{slash}{rest}"))
}
