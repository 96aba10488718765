//! What the stage of a rollout makes of a call: it passes, it is served by the new version, or it is refused the old.

use std::sync::Arc;

use adoption::{ConsumerId, Micros, Origin};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;

use super::route::{Matched, Routed};
use super::version::Asked;
use crate::problem::{Problem, RolloutMembers};
use crate::request_head::RequestHead;
use crate::snapshot::{DeprecationHeaders, Rollout, Touched, reason};

/// A refusal, and what is said of the old beside it.
#[derive(Debug)]
pub struct Refused {
    pub problem: Problem,
    pub headers: Option<Arc<DeprecationHeaders>>,
}

/// Where one look at the rollouts of a version leads.
enum Step {
    Pass,
    /// The version of this number serves instead.
    ServedBy(usize),
    Refuse(Box<Refused>),
}

/// Judges a call by the rollouts of its version at `now`; `routed` may come out with a newer version. `path` is that of
/// `head`.
pub fn stage(
    routed: &mut Routed<'_>,
    consumer: ConsumerId,
    now: Micros,
    head: &RequestHead,
    path: &str,
) -> Option<Box<Refused>> {
    let version = routed.version;
    if version.leaving.is_empty() && version.arriving.is_empty() {
        return None;
    }
    // Each rollout that ended leads on once; a circle of them ends after all of them.
    for _ in &routed.surface.rollouts {
        match step(routed, consumer, now) {
            Step::Pass => break,
            Step::ServedBy(number) => routed.serve_by(number, head, path),
            Step::Refuse(refused) => return Some(refused),
        }
    }
    removed(routed, now, head, path)
}

fn step(routed: &Routed<'_>, consumer: ConsumerId, now: Micros) -> Step {
    let operation = match routed.matched {
        Matched::Operation(operation) => Some(operation.id),
        Matched::OtherMethods(_) | Matched::Nothing => None,
    };
    let mut newer = None;
    for number in &routed.version.leaving {
        let rollout = &routed.surface.rollouts[*number];
        let touched = operation.and_then(|operation| rollout.touched(operation));
        if let Some(since) = rollout.gone_since(now) {
            if rollout.stays(consumer) {
                continue;
            }
            let breaks = |touched: &&Touched| {
                rollout.is_concerned(consumer)
                    || routed.asked == Asked::Explicitly
                    || touched.is_any_call()
            };
            if let Some(touched) = touched.filter(breaks) {
                return Step::Refuse(sunset(rollout, touched, since));
            }
            newer.get_or_insert(rollout.new);
            continue;
        }
        let Some(touched) = touched else { continue };
        if let Some(until) = rollout.brownout_until(consumer, now) {
            return Step::Refuse(brownout(rollout, touched, until, now));
        }
        if rollout.closed_since(now).is_some() && !rollout.is_known(consumer) {
            return Step::Refuse(closed(rollout, touched));
        }
    }
    newer.map_or(Step::Pass, Step::ServedBy)
}

/// The answer to a call of an operation that only a version had whose rollout is closed or later.
fn removed(
    routed: &Routed<'_>,
    now: Micros,
    head: &RequestHead,
    path: &str,
) -> Option<Box<Refused>> {
    if matches!(routed.matched, Matched::Operation(_)) {
        return None;
    }
    let rollouts = routed.version.arriving.iter();
    let mut rollouts = rollouts.map(|number| &routed.surface.rollouts[*number]);
    rollouts.find_map(|rollout| {
        rollout
            .closed_since(now)
            .or_else(|| rollout.gone_since(now))?;
        let old = routed.surface.version(rollout.old);
        let Matched::Operation(operation) = routed.matched_in(old, head, path) else {
            return None;
        };
        if routed.version.operation(operation.id).is_some() {
            return None;
        }
        let touched = rollout.touched(operation.id);
        let detail = format!(
            "version `{}` has no {} {}, which version `{}` had{}{}",
            rollout.new_name,
            operation.method,
            operation.path,
            rollout.old_name,
            changes(touched),
            guide(rollout)
        );
        let code = "operation_removed";
        Some(refused(rollout, touched, code, "Operation removed", detail))
    })
}

fn sunset(rollout: &Rollout, touched: &Touched, since: Micros) -> Box<Refused> {
    let detail = format!(
        "version `{}` of this operation ended on {}; {}",
        rollout.old_name,
        date(since),
        instead(rollout, touched)
    );
    refused(rollout, Some(touched), "sunset", ENDED, detail)
}

/// Looks like the end, but for its code and how long it takes: what copes with it copes with the end.
fn brownout(rollout: &Rollout, touched: &Touched, until: Micros, now: Micros) -> Box<Refused> {
    let ends = rollout.warn.as_ref().map_or(String::new(), |warn| {
        format!(" and ends for good on {}", date(warn.sunset_at))
    });
    let detail = format!(
        "version `{}` of this operation is off until {}, as announced{ends}; {}",
        rollout.old_name,
        date(until),
        instead(rollout, touched)
    );
    let mut refused = refused(rollout, Some(touched), "brownout", ENDED, detail);
    // Whole seconds, up: asked again at that time, the old is back.
    let seconds = (until.0 - now.0)
        .max(1)
        .saturating_add(Micros::PER_SECOND - 1)
        / Micros::PER_SECOND;
    refused.problem = refused
        .problem
        .with_header(RETRY_AFTER, HeaderValue::from(seconds));
    refused
}

fn closed(rollout: &Rollout, touched: &Touched) -> Box<Refused> {
    let ends = rollout.warn.as_ref().map_or(String::new(), |warn| {
        format!(" and ends on {}", date(warn.sunset_at))
    });
    let detail = format!(
        "version `{}` of this operation takes no new consumers{ends}; {}",
        rollout.old_name,
        instead(rollout, touched)
    );
    let title = "Closed to new consumers";
    refused(
        rollout,
        Some(touched),
        "closed_to_new_consumers",
        title,
        detail,
    )
}

const ENDED: &str = "This version has ended";

fn refused(
    rollout: &Rollout,
    touched: Option<&Touched>,
    code: &'static str,
    title: &'static str,
    detail: String,
) -> Box<Refused> {
    let items = || touched.iter().flat_map(|touched| &touched.items);
    let mut problem = Problem::new(
        StatusCode::GONE,
        code,
        title,
        Origin::Consumer,
        detail.into(),
    );
    let warn = rollout.warn.as_ref();
    problem.rollout = Some(Box::new(RolloutMembers {
        rollout: rollout.id.to_string(),
        version: rollout.old_name.clone(),
        successor_version: rollout.new_name.clone(),
        successor: warn.and_then(|warn| warn.successor.clone()),
        guide: warn.and_then(|warn| warn.guide.clone()),
        sunset_at: warn.map(|warn| date(warn.sunset_at)),
        items: items().map(|item| item.id.clone()).collect(),
    }));
    let headers = match touched {
        Some(touched) => touched.headers.as_deref(),
        None => rollout.headers.as_deref(),
    };
    let headers = headers.map(|headers| Arc::new(headers.clone().with_reason(reason(items()))));
    Box::new(Refused { problem, headers })
}

fn instead(rollout: &Rollout, touched: &Touched) -> String {
    format!(
        "call version `{}` instead: send {}{}{}",
        rollout.new_name,
        rollout.ask,
        changes(Some(touched)),
        guide(rollout)
    )
}

/// What changes, as far as a few sentences can say it.
fn changes(touched: Option<&Touched>) -> String {
    let items = touched.map_or(&[][..], |touched| &touched.items);
    let shown: Vec<&str> = items
        .iter()
        .take(8)
        .map(|item| item.summary.as_str())
        .collect();
    match shown.is_empty() {
        true => String::new(),
        false => format!("; what changes: {}", shown.join("; ")),
    }
}

fn guide(rollout: &Rollout) -> String {
    let warn = rollout.warn.as_ref();
    let guide = warn.and_then(|warn| warn.guide.as_ref());
    guide.map_or(String::new(), |guide| format!("; guide: {guide}"))
}

/// RFC 3339, to the second.
fn date(at: Micros) -> String {
    let time = Timestamp::from_second(at.seconds()).unwrap_or_default();
    time.to_string()
}

#[cfg(test)]
mod tests;
