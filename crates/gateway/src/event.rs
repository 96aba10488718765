//! The one wide log event of a request, written at its end. Never holds a key, a cookie, a body or an address.

use adoption::Outcome;
use meter::Settlement;

use crate::config::RequestLog;
use crate::ids::RequestId;
use crate::record::Record;
use crate::worker::Worker;

/// Writes the event when the owner wants this request logged.
pub fn log(worker: &Worker, record: &Record, settlement: &Settlement) {
    let wanted = match worker.config.request_log {
        RequestLog::Off => false,
        RequestLog::All => true,
        RequestLog::Errors => {
            record.status() >= 500
                || record.code.is_some()
                || settlement.outcome == Outcome::UpstreamAborted
        }
    };
    if !wanted {
        return;
    }
    tracing::event!(
        target: "towpath::request",
        tracing::Level::INFO,
        request.id = %RequestId(record.request_id),
        surface.id = %record.call.surface,
        operation.id = %record.call.operation,
        consumer.id = %record.call.consumer,
        key.id = %record.call.key,
        method = %record.method,
        status = record.status(),
        origin = ?record.origin(),
        outcome = ?settlement.outcome,
        code = record.code,
        attempts = record.attempts,
        duration_us = settlement.latency_us,
        upstream_us = settlement.upstream_us,
        body_bytes_in = settlement.bytes_in,
        body_bytes_out = settlement.bytes_out,
        "request ended"
    );
}
