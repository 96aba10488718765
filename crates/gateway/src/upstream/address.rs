//! The address of one upstream, parsed once when a Snapshot is compiled.

use http::HeaderValue;
use http::uri::{Authority, PathAndQuery, Uri};
use rustls::pki_types::ServerName;

/// How an upstream is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// HTTP/1.1 over TCP.
    Http,
    /// HTTP/1.1 or HTTP/2 over TLS, whichever the upstream chooses (ALPN).
    Https,
    /// HTTP/2 over TCP with prior knowledge (RFC 9113 section 3.3).
    H2c,
}

/// One upstream server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    pub scheme: Scheme,
    pub host: String,
    pub port: u16,
    /// `""` or `/base` without trailing slash; put before every forwarded path.
    pub base_path: String,
    /// What is sent as `Host` unless the surface preserves the consumer's.
    pub host_header: HeaderValue,
    pub authority: Authority,
    pub server_name: Option<ServerName<'static>>,
    /// PEM file with roots to trust besides the system's.
    pub ca_file: Option<String>,
}

/// Why a text is not the address of an upstream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    #[error("upstream {url:?} is not a URL: {reason}")]
    Url { url: String, reason: String },
    #[error("upstream {url:?} needs http://, https:// or h2c:// before the host")]
    Scheme { url: String },
    #[error("upstream {url:?} must not have a query, a fragment or user information")]
    Extra { url: String },
}

impl Upstream {
    pub fn parse(url: &str, ca_file: Option<&str>) -> Result<Self, UpstreamError> {
        let bad = |reason: String| UpstreamError::Url {
            url: url.to_owned(),
            reason,
        };
        let uri: Uri = url
            .parse()
            .map_err(|e: http::uri::InvalidUri| bad(e.to_string()))?;
        let (scheme, default_port) = match uri.scheme_str() {
            Some("http") => (Scheme::Http, 80),
            Some("https") => (Scheme::Https, 443),
            Some("h2c") => (Scheme::H2c, 80),
            _ => {
                return Err(UpstreamError::Scheme {
                    url: url.to_owned(),
                });
            }
        };
        let authority = uri
            .authority()
            .ok_or_else(|| bad("the host is missing".to_owned()))?
            .clone();
        if uri.query().is_some() || url.contains('#') || authority.as_str().contains('@') {
            return Err(UpstreamError::Extra {
                url: url.to_owned(),
            });
        }

        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let server_name = match scheme {
            Scheme::Https => {
                Some(ServerName::try_from(host.clone()).map_err(|e| bad(e.to_string()))?)
            }
            Scheme::Http | Scheme::H2c => None,
        };
        let path = uri.path_and_query().map_or("", PathAndQuery::path);
        Ok(Self {
            scheme,
            port: authority.port_u16().unwrap_or(default_port),
            base_path: path.trim_end_matches('/').to_owned(),
            host_header: HeaderValue::from_str(authority.as_str())
                .map_err(|e| bad(e.to_string()))?,
            authority,
            server_name,
            host,
            ca_file: ca_file.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_an_address() {
        let upstream = Upstream::parse("https://api.example.com/base/", None).unwrap();
        assert_eq!((upstream.scheme, upstream.port), (Scheme::Https, 443));
        assert_eq!(upstream.base_path, "/base");
        assert_eq!(upstream.host_header, "api.example.com");
        let upstream = Upstream::parse("h2c://[::1]:9000", None).unwrap();
        assert_eq!((upstream.host.as_str(), upstream.port), ("::1", 9000));
        assert_eq!(upstream.base_path, "");
    }

    #[test]
    fn what_is_refused() {
        for bad in [
            "127.0.0.1:9000",
            "ftp://x",
            "http://",
            "http://u@x",
            "http://x/?q=1",
        ] {
            assert!(Upstream::parse(bad, None).is_err(), "{bad}");
        }
    }
}
