//! Request parts as typed values, each refusal a problem.

use std::time::Duration;

use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::problem::Refusal;

/// 15 MB at 2 Mbit/s.
const BODY_DEADLINE: Duration = Duration::from_secs(60);

/// A JSON body.
pub struct JsonBody<T>(pub T);

/// The query; unknown parameters are refused by the type itself.
pub struct Params<T>(pub T);

/// The variable parts of the path.
pub struct Segments<T>(pub T);

/// A body of any content type, which must be text.
pub struct TextBody {
    pub text: String,
    /// Lower case, without parameters; empty when absent.
    pub content_type: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let content_type = content_type(&request);
        if content_type != "application/json" && !content_type.ends_with("+json") {
            let detail = "send the body as Content-Type: application/json";
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "content_type_refused",
                "Content type not accepted",
                detail,
            ));
        }
        let body = read(request, state).await?;
        let value = serde_json::from_slice(&body).map_err(|error| {
            let (code, status) = match error.classify() {
                serde_json::error::Category::Data => {
                    ("body_invalid", StatusCode::UNPROCESSABLE_ENTITY)
                }
                _ => ("body_not_json", StatusCode::BAD_REQUEST),
            };
            Refusal::new(status, code, "Body not accepted", error.to_string())
        })?;
        Ok(Self(value))
    }
}

impl<S: Send + Sync> FromRequest<S> for TextBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let content_type = content_type(&request);
        let body = read(request, state).await?;
        let text = String::from_utf8(body.into()).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Refusal::bad_request(
                "body_not_text",
                format!("the body is not UTF-8 at byte {at}; save the file as UTF-8"),
            )
        })?;
        Ok(Self { text, content_type })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                let detail = text
                    .strip_prefix("Failed to deserialize query string: ")
                    .unwrap_or(&text);
                Err(Refusal::bad_request("query_invalid", detail))
            }
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(Refusal::bad_request("path_invalid", rejection.body_text())),
        }
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refusal> {
    let incomplete = |detail: &str| Refusal::bad_request("body_incomplete", detail);
    let body = tokio::time::timeout(BODY_DEADLINE, Bytes::from_request(request, state)).await;
    let body = body.map_err(|_| incomplete("the body did not arrive in time"))?;
    body.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "Body too large",
                "contracts and imports may have 15 MB, everything else 64 KiB",
            )
        }
        _ => incomplete("the body ended before its announced length"),
    })
}

fn content_type(request: &Request) -> String {
    let value = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
