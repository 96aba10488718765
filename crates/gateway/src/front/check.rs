//! What a parsed request must satisfy whichever HTTP version brought it.

use http::header::{CONTENT_LENGTH, HOST, TE};
use http::{HeaderMap, HeaderValue, Method, Uri, Version};

use super::bytes::{path_length, query_length};
use super::fields::parse_content_length;
use super::host::{check_host, same_host};
use super::path::{PathRules, check_path};
use super::violation::Violation;

/// What an owner may change about the strict front's judgement of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    pub paths: PathRules,
}

/// Judges a request after parsing. For HTTP/2, which has no raw bytes that `Scanner` could judge, it is the whole strict
/// front; for HTTP/1.x it adds the path rules to what `Scanner` has proved and looks at the host again.
#[inline]
pub fn check_request(
    method: &Method,
    uri: &Uri,
    version: Version,
    headers: &HeaderMap,
    rules: &Rules,
) -> Result<(), Violation> {
    if method == Method::CONNECT {
        return Err(Violation::ConnectUnsupported);
    }
    check_authority(uri, version, headers)?;
    if version >= Version::HTTP_2 {
        check_http2(method, uri, headers)?;
    }
    check_path(uri.path().as_bytes(), rules.paths)
}

/// Exactly one host, in whichever of the two places, valid and without contradiction.
fn check_authority(uri: &Uri, version: Version, headers: &HeaderMap) -> Result<(), Violation> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Violation::HostRepeated);
    }
    if let Some(host) = host {
        check_host(host.as_bytes())?;
    }
    match (uri.authority(), host) {
        (None, None) if version <= Version::HTTP_10 => Ok(()),
        (None, None) => Err(Violation::HostMissing),
        (None, Some(_)) => Ok(()),
        (Some(authority), host) => {
            let authority = authority.as_str().as_bytes();
            check_host(authority)?;
            let default_port = if uri.scheme_str() == Some("https") {
                443
            } else {
                80
            };
            match host {
                Some(host) if !same_host(authority, host.as_bytes(), default_port) => {
                    Err(Violation::HostMismatch)
                }
                _ => Ok(()),
            }
        }
    }
}

/// RFC 9113 sections 8.2 and 8.3; framing itself is the HTTP/2 layer's.
fn check_http2(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Violation> {
    if !matches!(uri.scheme_str(), None | Some("http" | "https")) {
        return Err(Violation::SchemeInvalid);
    }
    if uri.path() == "*" && method != Method::OPTIONS {
        return Err(Violation::TargetForm);
    }
    let path = uri.path().as_bytes();
    let query = uri.query().unwrap_or("").as_bytes();
    if path_length(path) != path.len() || query_length(query) != query.len() {
        return Err(Violation::TargetCharacter);
    }

    // One walk over the names costs less than a look-up of each that matters.
    for name in headers.keys() {
        match name.as_str().as_bytes() {
            b"connection" | b"keep-alive" | b"proxy-connection" | b"transfer-encoding"
            | b"upgrade" => {
                return Err(Violation::FieldConnectionSpecific);
            }
            b"te" => check_te(headers)?,
            b"content-length" => check_length(headers)?,
            b"content_length" | b"transfer_encoding" => return Err(Violation::FieldLookalike),
            _ => {}
        }
    }
    Ok(())
}

fn check_te(headers: &HeaderMap) -> Result<(), Violation> {
    let trailers = |te: &HeaderValue| te.as_bytes().eq_ignore_ascii_case(b"trailers");
    if headers.get_all(TE).iter().all(trailers) {
        Ok(())
    } else {
        Err(Violation::TeInvalid)
    }
}

fn check_length(headers: &HeaderMap) -> Result<(), Violation> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    if let Some(length) = lengths.next() {
        parse_content_length(length.as_bytes())?;
    }
    if lengths.next().is_some() {
        Err(Violation::LengthRepeated)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn check(
        version: Version,
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
    ) -> Result<(), Violation> {
        let mut request = Request::builder().version(version).method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_str(value).unwrap());
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        check_request(
            &parts.method,
            &parts.uri,
            parts.version,
            &parts.headers,
            &Rules::default(),
        )
    }

    #[test]
    fn http2_has_one_host_and_no_connection() {
        let get = |uri: &str, headers: &[(&str, &str)]| check(Version::HTTP_2, "GET", uri, headers);
        let plain = "https://a.example/x";
        assert_eq!(get(plain, &[]), Ok(()));
        assert_eq!(
            get(
                plain,
                &[
                    ("host", "A.example:443"),
                    ("te", "trailers"),
                    ("content-length", "4")
                ]
            ),
            Ok(())
        );
        assert_eq!(get("/x", &[("host", "a.example")]), Ok(()));
        for (headers, violation) in [
            (&[("host", "b.example")][..], Violation::HostMismatch),
            (
                &[("host", "a.example"), ("host", "a.example")],
                Violation::HostRepeated,
            ),
            (&[("host", "a,b")], Violation::HostInvalid),
            (
                &[("connection", "close")],
                Violation::FieldConnectionSpecific,
            ),
            (&[("keep-alive", "5")], Violation::FieldConnectionSpecific),
            (
                &[("proxy-connection", "close")],
                Violation::FieldConnectionSpecific,
            ),
            (
                &[("transfer-encoding", "chunked")],
                Violation::FieldConnectionSpecific,
            ),
            (&[("upgrade", "foo")], Violation::FieldConnectionSpecific),
            (&[("te", "gzip")], Violation::TeInvalid),
            (&[("te", "trailers, gzip")], Violation::TeInvalid),
            (
                &[("content-length", "4"), ("content-length", "4")],
                Violation::LengthRepeated,
            ),
            (&[("content-length", "+4")], Violation::LengthInvalid),
            (&[("content_length", "4")], Violation::FieldLookalike),
        ] {
            assert_eq!(get(plain, headers), Err(violation), "{headers:?}");
        }
        assert_eq!(get("/x", &[]), Err(Violation::HostMissing));
        assert_eq!(
            get("https://u:p@a.example/x", &[]),
            Err(Violation::HostInvalid)
        );
        assert_eq!(get("ftp://a.example/x", &[]), Err(Violation::SchemeInvalid));
        assert_eq!(
            get("https://a.example/x\"y", &[]),
            Err(Violation::TargetCharacter)
        );
        assert_eq!(
            get("https://a.example/x?a=\u{e9}", &[]),
            Err(Violation::TargetCharacter)
        );
        assert_eq!(
            get("https://a.example/a/%2e%2e/b", &[]),
            Err(Violation::PathDotSegment)
        );
        assert_eq!(
            check(Version::HTTP_2, "CONNECT", "a.example:80", &[]),
            Err(Violation::ConnectUnsupported)
        );
        assert_eq!(
            check(Version::HTTP_2, "OPTIONS", "*", &[("host", "a")]),
            Ok(())
        );
        assert_eq!(
            check(Version::HTTP_2, "GET", "*", &[("host", "a")]),
            Err(Violation::TargetForm)
        );
    }

    #[test]
    fn http1_has_a_host_unless_it_is_1_0_and_the_path_rules() {
        assert_eq!(
            check(
                Version::HTTP_11,
                "GET",
                "/x",
                &[("host", "a"), ("connection", "close")]
            ),
            Ok(())
        );
        assert_eq!(check(Version::HTTP_10, "GET", "/x", &[]), Ok(()));
        assert_eq!(
            check(Version::HTTP_11, "GET", "/x", &[]),
            Err(Violation::HostMissing)
        );
        assert_eq!(
            check(Version::HTTP_11, "GET", "http://b/x", &[("host", "a")]),
            Err(Violation::HostMismatch)
        );
        assert_eq!(
            check(Version::HTTP_11, "GET", "/x//y", &[("host", "a")]),
            Err(Violation::PathEmptySegment)
        );
        assert_eq!(
            check(Version::HTTP_11, "CONNECT", "a:1", &[("host", "a")]),
            Err(Violation::ConnectUnsupported)
        );
    }
}
