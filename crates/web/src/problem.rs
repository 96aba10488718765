//! Every error of the admin API as an RFC 9457 problem; the one table from use-case errors to HTTP.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use contract::policy::RuleOverride;
use control::ControlError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An error: RFC 9457 section 3.1 with `code`, `request_id`, `origin` and, where several things are wrong, `problems`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:towpath:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Stable and machine-readable.
    pub code: String,
    /// Ties the answer to the server's log.
    pub request_id: String,
    /// `consumer`: the request is at fault; `gateway`: this server is.
    pub origin: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub problems: Vec<ProblemDetail>,
}

/// One of several things that are wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ProblemDetail {
    pub message: String,
    /// The file as the caller named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// From 1. Of an imported JSON array: the index of the element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// JSON pointer into the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The field or column at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
    /// The rule that a change of a contract falls under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Whom a change breaks: `wire`, `sdk`, `agent`, `docs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub breaks: Vec<String>,
}

/// A problem on its way to the caller; boxed, because every handler returns one in place of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(Box<Problem>);

impl Refusal {
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        let origin = if status.is_server_error() {
            "gateway"
        } else {
            "consumer"
        };
        Self(Box::new(Problem {
            kind: format!("urn:towpath:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            request_id: String::new(),
            origin: origin.to_owned(),
            problems: Vec::new(),
        }))
    }

    pub fn unauthorized() -> Self {
        let detail = "send the admin token as `Authorization: Bearer <token>`; it is in admin.token in the data folder";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "token_refused",
            "Token missing or wrong",
            detail,
        )
    }

    pub fn unavailable() -> Self {
        let detail = "the state is not open at the moment; traffic goes on and usage is kept, try again shortly";
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "state_unavailable",
            "State not available",
            detail,
        )
    }

    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut refusal = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_field",
            "Invalid field",
            format!("{field}: {message}"),
        );
        refusal.0.problems = vec![ProblemDetail {
            message,
            field: Some(field.to_owned()),
            ..ProblemDetail::default()
        }];
        refusal
    }

    pub fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            code,
            "Request not understood",
            detail,
        )
    }

    fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        match self.0.status {
            401 => vec![(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))],
            503 => vec![(RETRY_AFTER, HeaderValue::from_static("1"))],
            _ => Vec::new(),
        }
    }
}

/// The head only: the body needs the request's id, which the outermost layer adds with [`with_request_id`].
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        for (name, value) in self.headers() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(*self.0);
        response
    }
}

/// Writes the body of a problem; any other response passes as it is.
pub fn with_request_id(mut response: Response, request_id: &str) -> Response {
    let Some(mut problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    problem.request_id = request_id.to_owned();
    let body =
        serde_json::to_vec(&problem).expect("a struct of texts and numbers always serialises");
    *response.body_mut() = body.into();
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

/// The table. What is ours to repair is logged here, once, and not told to the caller.
impl From<ControlError> for Refusal {
    fn from(error: ControlError) -> Self {
        let (status, title) = match &error {
            ControlError::NotFound { .. } => (StatusCode::NOT_FOUND, "Not found"),
            ControlError::Exists { .. } => (StatusCode::CONFLICT, "Exists already"),
            ControlError::Refused(_) => {
                (StatusCode::CONFLICT, "The rollout does not take this step")
            }
            ControlError::State { .. } => (StatusCode::CONFLICT, "Not possible in this state"),
            ControlError::Invalid { field, message } => return Self::invalid(field, message),
            ControlError::Import { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "Import refused"),
            ControlError::Contract { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "Contract refused"),
            ControlError::Breaks { .. } => (StatusCode::CONFLICT, "Contract breaks consumers"),
            ControlError::Store(_) => {
                tracing::warn!(
                    error = chain(&error),
                    "an admin request could not use the database"
                );
                return Self::unavailable();
            }
            _ => {
                tracing::error!(
                    error = chain(&error),
                    code = error.code(),
                    "an admin request failed"
                );
                let detail =
                    "the server failed on this request; its log says why, by this request_id";
                return Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    error.code(),
                    "Internal error",
                    detail,
                );
            }
        };

        let mut refusal = Self::new(status, error.code(), title, error.to_string());
        refusal.0.problems = details(error);
        refusal
    }
}

fn details(error: ControlError) -> Vec<ProblemDetail> {
    match error {
        ControlError::Contract { problems } => problems.into_iter().map(contract_detail).collect(),
        ControlError::Breaks { changes, expired } => {
            let detail = |change| change_detail(change, &expired);
            changes.into_iter().map(detail).collect()
        }
        ControlError::Refused(refusal) => refusal_details(&refusal),
        ControlError::Import { problems } => problems
            .into_iter()
            .map(|problem| ProblemDetail {
                message: problem.message,
                line: Some(problem.line),
                field: problem.field,
                ..ProblemDetail::default()
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// What stands in the way, each with what to do; `rule` is the law that refuses.
fn refusal_details(refusal: &adoption::rollout::Refusal) -> Vec<ProblemDetail> {
    use adoption::rollout::Refusal as Law;
    let way_round = refusal.way_round();
    let detail = |message: String, next_step: Option<String>| ProblemDetail {
        message,
        next_step: next_step.or_else(|| way_round.clone()),
        rule: Some(refusal.code().to_owned()),
        ..ProblemDetail::default()
    };
    match refusal {
        Law::Bar { bar } => bar
            .refused()
            .iter()
            .map(|judgement| {
                let fixes = judgement.fixes.iter().map(ToString::to_string);
                let message = format!(
                    "{} is {}: {}",
                    judgement.dimension.as_str(),
                    judgement.strength.as_str(),
                    judgement.reasons.join("; ")
                );
                let fixes = fixes.collect::<Vec<_>>().join("; ");
                detail(message, Some(fixes).filter(|fixes| !fixes.is_empty()))
            })
            .collect(),
        Law::Incomplete { missing } => missing
            .iter()
            .map(|one| detail(one.clone(), None))
            .collect(),
        Law::InUse { in_use } => in_use
            .iter()
            .take(50)
            .map(|one| {
                let message = format!(
                    "{} last succeeded on the old at {}",
                    one.consumer,
                    crate::time::Instant(one.last_success)
                );
                let next = format!("its silence is long enough on {}", one.quiet_on);
                detail(message, Some(next))
            })
            .collect(),
        _ => vec![detail(refusal.to_string(), None)],
    }
}

fn contract_detail(problem: control::Problem) -> ProblemDetail {
    ProblemDetail {
        message: problem.message,
        file: Some(problem.file),
        line: Some(problem.line),
        column: Some(problem.column),
        pointer: Some(problem.pointer),
        next_step: Some(problem.next_step).filter(|step| !step.is_empty()),
        ..ProblemDetail::default()
    }
}

/// The place is in what was pushed; what is gone has only the pointer that it had.
fn change_detail(change: contract::Change, expired: &[RuleOverride]) -> ProblemDetail {
    let operation = change.operation.as_ref();
    let place = operation.map(|operation| format!("{} {}: ", operation.method, operation.path));
    let pushed = change.revision.as_ref();
    let site = pushed.or(change.base.as_ref());
    ProblemDetail {
        message: format!("{}{}", place.unwrap_or_default(), change.message),
        file: pushed.map(|site| site.file.to_string()),
        line: pushed.map(|site| u64::from(site.line)),
        column: pushed.map(|site| u64::from(site.column)),
        pointer: site.map(|site| site.pointer.clone()),
        next_step: expired
            .iter()
            .find(|one| one.id == change.id)
            .map(RuleOverride::expiry_text),
        rule: Some(change.id.to_owned()),
        breaks: change
            .breaks
            .iter()
            .map(|breaks| breaks.as_str().to_owned())
            .collect(),
        ..ProblemDetail::default()
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
