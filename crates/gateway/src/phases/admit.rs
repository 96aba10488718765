//! Whether a request goes on: the surface's policies for unknown paths, anonymous requests and large bodies.

use adoption::KeyId;
use http::HeaderValue;
use http::header::{ALLOW, WWW_AUTHENTICATE};

use super::identify::Identified;
use super::route::{Matched, Routed};
use crate::fields::Fields;
use crate::problem::{self, Problem};
use crate::snapshot::Surface;
use crate::spec::{Anonymous, UnknownPath};

/// Whether whoever calls may call at all; `None` lets the request pass.
pub fn admit_consumer(surface: &Surface, identified: &Identified<'_>) -> Option<Problem> {
    if let Some(refusal) = identified.refusal {
        return Some(challenge(refusal.problem()));
    }
    if identified.key == KeyId::NONE && surface.anonymous == Anonymous::Unauthorized {
        let problem = match identified.consumer {
            adoption::ConsumerId::UNKNOWN => problem::key_unknown(),
            _ => problem::key_missing(),
        };
        return Some(challenge(problem));
    }
    None
}

/// `None` lets the request pass.
pub fn admit(routed: &Routed<'_>, fields: &Fields) -> Option<Problem> {
    if routed.surface.unknown_path == UnknownPath::NotFound {
        match &routed.matched {
            Matched::Operation(_) => {}
            Matched::Nothing => return Some(problem::operation_unknown()),
            Matched::OtherMethods(None) => return Some(problem::method_unknown()),
            Matched::OtherMethods(Some(allow)) => {
                return Some(problem::method_unknown().with_header(ALLOW, allow.clone()));
            }
        }
    }
    too_large(fields, routed.surface.body_bytes_limit).then(problem::body_too_large)
}

fn challenge(problem: Problem) -> Problem {
    // RFC 9110 section 11.6.1: a 401 names at least one challenge.
    problem.with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

fn too_large(fields: &Fields, limit: Option<u64>) -> bool {
    let Some(limit) = limit else { return false };
    let announced = fields
        .get(b"content-length")
        .and_then(|length| std::str::from_utf8(length).ok()?.parse::<u64>().ok());
    announced.is_some_and(|announced| announced > limit)
}
