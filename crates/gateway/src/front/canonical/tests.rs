//! What goes upstream of fields good and forged.

use super::*;

fn fields(lines: &[(&'static str, &'static str)]) -> Fields {
    Fields::of(
        lines
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_bytes())),
    )
}

fn canonical(fields: &Fields) -> Canonical<'_> {
    Canonical {
        fields,
        trusted: false,
        tls: true,
        peer: "192.0.2.1",
        host: None,
        key: None,
        consumer: None,
        version: None,
        request_id: *b"req_0000000000000",
        trailers: false,
        upgrade: None,
    }
}

fn text(canonical: Canonical<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    canonical.for_each(|name, value| {
        let text = |bytes| String::from_utf8_lossy(bytes);
        lines.push(format!("{}: {}", text(name), text(value)));
    });
    lines
}

/// What is put of `lines`, sorted, less what is always added.
fn kept(lines: &[(&'static str, &'static str)], trusted: bool) -> Vec<String> {
    let fields = fields(lines);
    let canonical = Canonical {
        trusted,
        ..canonical(&fields)
    };
    let mut kept = text(canonical);
    let added = [
        "x-forwarded-for: 192.0.2.1",
        "x-forwarded-proto: https",
        "x-request-id: req_0000000000000",
    ];
    kept.retain(|line| !added.contains(&line.as_str()));
    kept.sort();
    kept
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
    let end_to_end = [
        ("accept", "*/*"),
        ("trailer", "x-sum"),
        ("x-key", "k"),
        ("content-length", "4"),
        ("host", "a"),
    ];
    assert_eq!(
        kept(&[HOP, &end_to_end].concat(), false),
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
    let lines = [
        ("connection", "authorization, X-Api-Key, x-hop"),
        ("authorization", "a"),
        ("x-api-key", "b"),
        ("x-hop", "c"),
    ];
    assert_eq!(kept(&lines, false), ["authorization: a", "x-api-key: b"]);
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
    assert_eq!(
        kept(FORGED, false),
        ["x-consumers: kept", "x-real-ipa: kept"]
    );

    let kept = kept(FORGED, true);
    assert!(
        kept.contains(&"x-forwarded-for: 6.6.6.6, 192.0.2.1".to_owned())
            && kept.contains(&"forwarded: for=6.6.6.6, for=192.0.2.1;proto=https".to_owned())
            && kept.contains(&"x-real-ip: 6.6.6.6".to_owned())
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
    let alone = fields(&[("x-api-key", "secret"), ("host", "api.example")]);
    let told = Canonical {
        host: Some(b"api.example"),
        key: Some(b"x-api-key"),
        consumer: Some(b"cons_1"),
        trailers: true,
        upgrade: Some(b"websocket"),
        ..canonical(&alone)
    };
    assert_eq!(
        text(told),
        [
            "x-forwarded-for: 192.0.2.1",
            "x-forwarded-proto: https",
            "x-forwarded-host: api.example",
            "x-consumer-id: cons_1",
            "x-request-id: req_0000000000000",
            "te: trailers",
            "upgrade: websocket",
            "connection: upgrade",
        ]
    );

    let behind_proxy = fields(&[
        ("x-forwarded-for", "198.51.100.7"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "api.example"),
        ("forwarded", "for=198.51.100.7"),
        ("x-request-id", "theirs"),
    ]);
    let told = Canonical {
        trusted: true,
        tls: false,
        peer: "2001:db8::1",
        host: Some(b"inner"),
        ..canonical(&behind_proxy)
    };
    assert_eq!(
        text(told),
        [
            "x-forwarded-proto: https",
            "x-forwarded-host: api.example",
            "x-request-id: theirs",
            "x-forwarded-for: 198.51.100.7, 203.0.113.9, 2001:db8::1",
            "forwarded: for=198.51.100.7, for=\"[2001:db8::1]\";proto=http",
        ]
    );
}

#[test]
fn cookie_crumbs_are_joined() {
    let crumbs = [("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x")];
    assert_eq!(kept(&crumbs, false), ["accept: x", "cookie: a=1; b=2"]);
    assert_eq!(kept(&[("cookie", "a=1; b=2")], false), ["cookie: a=1; b=2"]);
}
