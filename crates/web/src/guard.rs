//! What every request passes: request id, host check, token, deadline, no caching, one log event.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, HOST, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::problem::{Refusal, with_request_id};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Above the slowest use case, a 15 MB contract on a loaded machine; a backup streams after its head.
const REQUEST_DEADLINE: Duration = Duration::from_secs(240);

/// The outermost layer.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = request_id();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());

    let response = match check_host(&app, request.headers()) {
        Err(problem) => problem.into_response(),
        Ok(()) => match tokio::time::timeout(REQUEST_DEADLINE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => too_slow().into_response(),
        },
    };

    let mut response = with_request_id(response, &request_id);
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID, value);
    }

    tracing::debug!(
        target: "towpath::admin",
        {
            request.id = request_id,
            method = method.as_str(),
            route = route.as_deref().unwrap_or("(unmatched)"),
            status = response.status().as_u16(),
            duration_ms = started.elapsed().as_millis() as u64,
        },
        "admin request"
    );
    response
}

/// Before anything of the API is looked at, unknown paths included.
pub async fn require_token(State(app): State<App>, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| bearer(value.as_bytes()));
    match given {
        Some(token) if app.config().token.accepts(token) => next.run(request).await,
        _ => Refusal::unauthorized().into_response(),
    }
}

/// The credentials of `Bearer`, whose name is case-insensitive (RFC 9110 section 11.1).
pub(crate) fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked("bearer ".len())?;
    scheme
        .eq_ignore_ascii_case(b"bearer ")
        .then_some(token.trim_ascii())
}

/// A page of another site can make a browser resolve the site's own name to our local address, and
/// then talk to us. Such a request names that site in `Host`.
fn check_host(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    let config = app.config();
    if config.hosts.is_empty() && !config.web_addr.ip().is_loopback() {
        return Ok(());
    }

    let host = headers
        .get(HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let name = host_name(host);
    let is_known = name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok()
        || config
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name));
    if is_known {
        return Ok(());
    }
    let detail = "this address does not answer to that Host; call it by its address, or add the name to web.hosts";
    Err(Refusal::new(
        StatusCode::MISDIRECTED_REQUEST,
        "host_unknown",
        "Host not served here",
        detail,
    ))
}

/// `Host` without port and IPv6 brackets.
fn host_name(host: &str) -> &str {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn too_slow() -> Refusal {
    let detail =
        "the request took longer than the server waits; try again, and see the server's log";
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "deadline_passed",
        "Too slow",
        detail,
    )
}

/// 80 random bits; a failure of the operating system's randomness only makes ids alike.
fn request_id() -> String {
    let mut random = [0_u8; 10];
    _ = getrandom::fill(&mut random);
    let mut text = String::with_capacity(24);
    text.push_str("req_");
    for byte in random {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_without_port() {
        for (host, name) in [
            ("localhost:8081", "localhost"),
            ("[::1]:8081", "::1"),
            ("evil.example", "evil.example"),
            ("", ""),
        ] {
            assert_eq!(host_name(host), name);
        }
    }

    #[test]
    fn bearer_is_case_insensitive() {
        assert_eq!(bearer(b"bEaReR  abc "), Some(&b"abc"[..]));
        assert_eq!(bearer(b"Basic abc"), None);
        assert_eq!(bearer(b"Bear"), None);
    }
}
