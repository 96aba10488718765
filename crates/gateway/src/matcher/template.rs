//! A path template taken apart: literal, partly literal and free segments.

use super::decode::percent_decode;
use super::error::{MatchError, SEGMENTS_MAX};
use super::pattern::Pattern;

/// One segment of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Percent-decoded.
    Literal(Vec<u8>),
    /// Parameters with literal text around or between them.
    Partial(Pattern),
    /// `{parameter}`.
    Free,
}

/// Cuts `/a/{b}/{c}.json` into its segments.
pub(super) fn parse_template(template: &str) -> Result<Vec<Segment>, MatchError> {
    let Some(rest) = template.strip_prefix('/') else {
        return Err(MatchError::Slash {
            template: template.to_owned(),
        });
    };
    let segments: Option<Vec<Segment>> = rest.split('/').map(parse_segment).collect();
    let segments = segments.ok_or_else(|| MatchError::Braces {
        template: template.to_owned(),
    })?;
    if segments.len() > SEGMENTS_MAX {
        return Err(MatchError::Segments {
            template: template.to_owned(),
            segments: segments.len(),
        });
    }
    Ok(segments)
}

/// `None` if its braces do not pair.
fn parse_segment(text: &str) -> Option<Segment> {
    let mut literals = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if literal.contains('}') || name.contains('{') {
            return None;
        }
        literals.push(percent_decode(literal.as_bytes()).into_owned());
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    let last = percent_decode(rest.as_bytes()).into_owned();
    if literals.is_empty() {
        return Some(Segment::Literal(last));
    }
    literals.push(last);
    let free = literals.len() == 2 && literals.iter().all(Vec::is_empty);
    Some(if free {
        Segment::Free
    } else {
        Segment::Partial(Pattern::new(literals))
    })
}
