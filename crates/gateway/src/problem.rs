//! The catalogue of answers that the gateway itself makes: stable code, status, origin, RFC 9457 body.

use std::borrow::Cow;

use adoption::Origin;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use crate::fields::Fields;

/// One answer made here. Codes are stable; titles and details are for people.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub title: &'static str,
    pub detail: Cow<'static, str>,
    pub origin: Origin,
    /// Extra headers, such as `Allow` or `WWW-Authenticate`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What a rollout has to say to programs.
    pub rollout: Option<Box<RolloutMembers>>,
    /// What follows on an HTTP/1.x connection cannot be told from the rest of this request.
    pub close: bool,
}

/// Extension members (RFC 9457 section 3.2) of a refusal by a rollout.
#[derive(Debug, Clone, Serialize)]
pub struct RolloutMembers {
    pub rollout: String,
    /// The name of the version that is refused, and of the one that replaces it.
    pub version: String,
    pub successor_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sunset_at: Option<String>,
    /// Ids of the changes that concern the operation.
    pub items: Vec<String>,
}

/// RFC 9457 section 3.1, with our three extension members and those of a rollout.
#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    request_id: &'a str,
    origin: &'a str,
    #[serde(flatten)]
    rollout: Option<&'a RolloutMembers>,
}

impl Problem {
    pub const fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        origin: Origin,
        detail: Cow<'static, str>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail,
            origin,
            headers: Vec::new(),
            rollout: None,
            close: false,
        }
    }

    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub fn and_close(mut self) -> Self {
        self.close = true;
        self
    }

    /// The fields and body to send; `request_id` ties the answer to the log.
    pub fn render(&self, request_id: &str) -> (Fields, Bytes) {
        let body = Body {
            r#type: format!("urn:towpath:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            request_id,
            origin: origin_text(self.origin),
            rollout: self.rollout.as_deref(),
        };
        let body =
            serde_json::to_vec(&body).expect("a struct of texts and one number always serialises");

        let extra = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().as_bytes(), value.as_bytes()));
        let own: [(&[u8], &[u8]); 3] = [
            (b"content-type", b"application/problem+json"),
            (b"cache-control", b"no-store"),
            (b"x-request-id", request_id.as_bytes()),
        ];
        let fields = Fields::of(own.into_iter().chain(extra));
        (fields, Bytes::from(body))
    }
}

fn origin_text(origin: Origin) -> &'static str {
    match origin {
        Origin::Consumer => "consumer",
        Origin::Gateway => "gateway",
        Origin::Upstream | Origin::UpstreamFailure => "upstream",
    }
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal $title:literal $origin:ident $detail:literal;)*) => {$(
        $(#[$doc])*
        pub const fn $name() -> Problem {
            Problem::new(StatusCode::$status, $code, $title, Origin::$origin, Cow::Borrowed($detail))
        }
    )*};
}

problems! {
    surface_unknown = NOT_FOUND "surface_unknown" "No API here" Consumer
        "no API answers at this host and path; check the base URL";
    operation_unknown = NOT_FOUND "operation_unknown" "No such operation" Consumer
        "the contract has no operation at this path; check the path against the reference";
    method_unknown = METHOD_NOT_ALLOWED "method_not_allowed" "Method not allowed" Consumer
        "the contract has this path, but not with this method; see the Allow header";
    key_missing = UNAUTHORIZED "key_missing" "Key missing" Consumer
        "this API needs a key: send it as `Authorization: Bearer <key>`";
    key_unknown = UNAUTHORIZED "key_unknown" "Key not accepted" Consumer
        "the key is unknown, revoked or of another API; check that it was copied whole";
    key_expired = UNAUTHORIZED "key_expired" "Key expired" Consumer
        "the key has expired or was rotated out; use its successor";
    body_too_large = PAYLOAD_TOO_LARGE "body_too_large" "Body too large" Consumer
        "the request body is larger than this API accepts";
    request_timeout = REQUEST_TIMEOUT "request_timeout" "Request too slow" Consumer
        "the request did not arrive in time; send it again without pauses";
    client_gone = BAD_REQUEST "body_incomplete" "Body incomplete" Consumer
        "the request body ended before its announced length";
    upstream_unreachable = BAD_GATEWAY "upstream_unreachable" "Upstream unreachable" UpstreamFailure
        "the API behind this gateway could not be reached; nothing was executed, so a retry is safe";
    upstream_reset = BAD_GATEWAY "upstream_reset" "Upstream broke off" UpstreamFailure
        "the API behind this gateway broke off before it answered; it may have executed the request";
    upstream_invalid = BAD_GATEWAY "upstream_invalid" "Upstream answer not valid HTTP" UpstreamFailure
        "the API behind this gateway sent something that is not a valid HTTP response";
    upstream_timeout = GATEWAY_TIMEOUT "upstream_timeout" "Upstream too slow" UpstreamFailure
        "the API behind this gateway did not answer in time; it may have executed the request";
    usage_journal_full = SERVICE_UNAVAILABLE "usage_journal_full" "Usage cannot be recorded" Gateway
        "the gateway has no room left to record usage; retry later";
    usage_not_durable = SERVICE_UNAVAILABLE "usage_not_durable" "Usage cannot be secured" Gateway
        "the gateway's disk failed to keep the usage record; the API behind it may have executed the request";
    connections_full = SERVICE_UNAVAILABLE "connections_full" "Too many connections" Gateway
        "the gateway holds as many connections as it may; retry later";
}

/// `detail` lists the versions that there are.
pub fn version_unknown(detail: String) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "version_unknown",
        "No such version",
        Origin::Consumer,
        detail.into(),
    )
}

/// `detail` says how to join.
pub fn version_not_open(detail: String) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "version_not_open",
        "Version not open to this key",
        Origin::Consumer,
        detail.into(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_is_problem_json_with_code_origin_and_request_id() {
        let (fields, body) = key_missing().render("req_1");
        assert_eq!(
            fields.get(b"content-type"),
            Some(&b"application/problem+json"[..])
        );
        insta::assert_snapshot!(String::from_utf8(body.to_vec()).unwrap(), @r#"{"type":"urn:towpath:problem:key_missing","title":"Key missing","status":401,"detail":"this API needs a key: send it as `Authorization: Bearer <key>`","code":"key_missing","request_id":"req_1","origin":"consumer"}"#);
    }
}
