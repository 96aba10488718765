//! What the head of a request says of a step: `Idempotency-Key` and `If-Match`.

use axum::extract::FromRequestParts;
use axum::http::HeaderName;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use control::rollouts::Asked;

use super::ACTOR;
use crate::problem::Refusal;

/// Longer than any UUID; kept with the rollout for ever.
const ID_BYTES_MAX: usize = 128;

/// `Idempotency-Key` and `If-Match` of a step.
#[derive(Debug, Default)]
pub struct StepHeaders {
    id: Option<String>,
    edition: Option<u64>,
}

impl StepHeaders {
    /// How the step is asked for, in the name of `by`.
    pub fn asked<'a>(&'a self, by: Option<&'a str>) -> Asked<'a> {
        Asked {
            actor: ACTOR,
            by,
            id: self.id.as_deref(),
            edition: self.edition,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for StepHeaders {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let text = |name: HeaderName| {
            let value = parts.headers.get(name)?;
            Some(value.to_str().unwrap_or("").trim().to_owned())
        };
        let id = text(HeaderName::from_static("idempotency-key"));
        if id
            .as_ref()
            .is_some_and(|id| id.is_empty() || id.len() > ID_BYTES_MAX)
        {
            let detail = format!("an Idempotency-Key has 1 to {ID_BYTES_MAX} visible characters");
            return Err(Refusal::bad_request("idempotency_key_invalid", detail));
        }
        let edition = match text(IF_MATCH).as_deref() {
            None | Some("*") => None,
            Some(tag) => Some(tag.trim_matches('"').parse().map_err(|_| {
                let detail = "If-Match names the edition that was read, such as \"3\"";
                Refusal::bad_request("if_match_invalid", detail)
            })?),
        };
        Ok(Self { id, edition })
    }
}
