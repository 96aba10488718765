//! The problems that the sample payments API answers with, in the shape of its contract (RFC 9457).

use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    pub status: u16,
    detail: String,
    code: &'static str,
    retryable: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation>,
}

/// A value in the body that is not allowed.
#[derive(Debug, Serialize)]
pub struct Violation {
    pointer: &'static str,
    detail: &'static str,
}

impl Violation {
    /// `None` when the value at `pointer` is as it must be.
    pub fn unless(valid: bool, pointer: &'static str, detail: &'static str) -> Option<Self> {
        (!valid).then_some(Self { pointer, detail })
    }

    /// The problem that names every violation; none is no problem.
    pub fn refuse<const N: usize>(found: [Option<Self>; N]) -> Result<(), Problem> {
        let errors: Vec<Self> = found.into_iter().flatten().collect();
        if errors.is_empty() {
            return Ok(());
        }
        let detail = match errors.len() {
            1 => "One value is not allowed.".to_owned(),
            n => format!("{n} values are not allowed."),
        };
        Err(Problem {
            errors,
            ..Problem::new(422, "invalid_value", "Invalid value", detail)
        })
    }
}

impl Problem {
    fn new(status: u16, code: &'static str, title: &'static str, detail: String) -> Self {
        let kind = format!("urn:payments:problem:{code}");
        Self {
            kind,
            title,
            status,
            detail,
            code,
            retryable: status >= 500,
            errors: Vec::new(),
        }
    }

    pub fn no_such_path(method: &str, path: &str) -> Self {
        Self::new(
            404,
            "no_such_path",
            "No such path",
            format!("Nothing answers {method} {path}. See the contract."),
        )
    }

    pub fn not_found(noun: &str, id: &str) -> Self {
        Self::new(
            404,
            "not_found",
            "Not found",
            format!("No {noun} has the id {id}."),
        )
    }

    pub fn malformed_body(error: &serde_json::Error) -> Self {
        Self::new(
            400,
            "malformed_body",
            "Malformed body",
            format!("The body is not valid JSON: {error}."),
        )
    }

    pub fn invalid_shape(error: &serde_json::Error) -> Self {
        Self::new(
            422,
            "invalid_value",
            "Invalid value",
            format!("The body does not fit its schema: {error}."),
        )
    }

    pub fn bad_parameter(name: &str, rule: &str) -> Self {
        Self::new(
            400,
            "bad_parameter",
            "Bad parameter",
            format!("The query parameter {name} {rule}."),
        )
    }

    pub fn wrong_status(noun: &str, status: &str, needed: &str, verb: &str) -> Self {
        let detail = format!("The {noun} has status {status}; only {needed} can be {verb}.");
        Self::new(409, "wrong_status", "Wrong status", detail)
    }

    pub fn card_declined() -> Self {
        let detail = "The issuer declined the card. Ask the customer for another one.".to_owned();
        Self::new(402, "card_declined", "Card declined", detail)
    }

    pub fn insufficient_balance() -> Self {
        let detail = "The payout exceeds the available balance. See getBalance.".to_owned();
        Self::new(422, "insufficient_balance", "Insufficient balance", detail)
    }

    pub fn network_unavailable() -> Self {
        let detail = "The card network did not answer. Nothing was moved.".to_owned();
        Self::new(
            503,
            "network_unavailable",
            "Card network unavailable",
            detail,
        )
    }

    pub fn internal() -> Self {
        let detail = "The request failed on our side and may be repeated.".to_owned();
        Self::new(500, "internal_error", "Internal error", detail)
    }
}
