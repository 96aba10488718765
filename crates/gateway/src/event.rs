//! The one wide log event of a request, written at its end. Never holds a key, a cookie, a body or an address.

use adoption::{Origin, Outcome};
use http::Method;
use meter::{Call, Settlement};

use crate::config::RequestLog;
use crate::ids::RequestId;

/// All that the event tells.
pub struct Ended<'a> {
    pub request_id: RequestId,
    pub method: &'a Method,
    pub call: &'a Call,
    pub status: u16,
    pub origin: Origin,
    /// Of the problem, when the answer was made here.
    pub code: Option<&'static str>,
    pub attempts: u16,
    pub settlement: &'a Settlement,
}

/// Writes the event when the owner wants this request logged.
pub fn log(ended: &Ended<'_>, wanted: RequestLog) {
    let settlement = ended.settlement;
    let wanted = match wanted {
        RequestLog::Off => false,
        RequestLog::All => true,
        RequestLog::Errors => {
            ended.status >= 500
                || ended.code.is_some()
                || settlement.outcome == Outcome::UpstreamAborted
        }
    };
    if !wanted {
        return;
    }
    tracing::event!(
        target: "towpath::request",
        tracing::Level::INFO,
        request.id = %ended.request_id,
        surface.id = %ended.call.surface,
        operation.id = %ended.call.operation,
        consumer.id = %ended.call.consumer,
        key.id = %ended.call.key,
        method = %ended.method,
        status = ended.status,
        origin = ?ended.origin,
        outcome = ?settlement.outcome,
        code = ended.code,
        attempts = ended.attempts,
        duration_us = settlement.latency_us,
        upstream_us = settlement.upstream_us,
        body_bytes_in = settlement.bytes_in,
        body_bytes_out = settlement.bytes_out,
        "request ended"
    );
}
