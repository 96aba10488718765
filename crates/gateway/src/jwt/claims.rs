//! Claims of a payload: its times against now, and the text of one of them.

use adoption::Micros;
use serde_json::Value;

use super::error::TokenError;

/// Clocks of issuers and ours may differ by this much.
const LEEWAY_S: i64 = 30;
/// A longer claim names nobody: keys are digests of names, mail addresses and ids.
const CLAIM_BYTES_MAX: usize = 1024;

/// When the token stops being believed.
pub(super) fn check_times(payload: &Value, now: Micros) -> Result<Option<Micros>, TokenError> {
    if let Some(not_before) = seconds(payload, "nbf")?
        && now < Micros::from_seconds(not_before - LEEWAY_S)
    {
        return Err(TokenError::NotYetValid);
    }
    let until = seconds(payload, "exp")?.map(|expires| Micros::from_seconds(expires + LEEWAY_S));
    if until.is_some_and(|until| now >= until) {
        Err(TokenError::Expired)
    } else {
        Ok(until)
    }
}

/// A `NumericDate` (RFC 7519 section 2) in whole seconds; one that is there must be a number of this age.
fn seconds(payload: &Value, name: &str) -> Result<Option<i64>, TokenError> {
    // Year 9999: later dates would overflow when counted in microseconds.
    const MAX: f64 = 253_402_300_799.0;
    let Some(value) = payload.get(name) else {
        return Ok(None);
    };
    let seconds = value
        .as_f64()
        .filter(|seconds| *seconds >= 0.0)
        .ok_or(TokenError::Malformed)?;
    Ok(Some(seconds.min(MAX) as i64))
}

pub(super) fn claim_text(payload: &Value, claim: &str) -> Option<String> {
    let value = if claim.starts_with('/') {
        payload.pointer(claim)
    } else {
        payload.get(claim)
    };
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.len() <= CLAIM_BYTES_MAX).then_some(text)
}
