//! Which items of rollouts a call touches, and what its answer says of them.

use std::sync::Arc;

use adoption::ConsumerId;
use bridge::observe::Bits;
use smallvec::SmallVec;

use super::route::{Matched, Routed};
use crate::request_body::RequestSource;
use crate::sight::Sight;
use crate::snapshot::{DeprecationHeaders, Rollout, Touched, TouchedItem, When, reason};
use crate::spec::LeafCondition;

/// What is said of the items that a call touches, and of its operation; `None` when it touches none. To be asked when
/// the answer's head is about to leave: what has not been read of a body by then is not waited for.
pub fn tell(
    routed: &Routed<'_>,
    consumer: ConsumerId,
    sight: Option<&mut Sight>,
    source: Option<&RequestSource>,
) -> Option<Arc<DeprecationHeaders>> {
    if routed.version.leaving.is_empty() {
        return None;
    }
    let known = known(routed);
    if known.is_empty() {
        return None;
    }
    let sent = sight.map(|sight| sight.sent(source));
    told(&known, consumer, sent)
}

/// A rollout, what it has to do with an operation, and what is said of that.
type Known<'a> = (&'a Rollout, &'a Touched, &'a DeprecationHeaders);

/// The rollouts of the version that touch the operation and are announced. Nearly always one, or none.
fn known<'a>(routed: &Routed<'a>) -> SmallVec<[Known<'a>; 2]> {
    let Matched::Operation(operation) = routed.matched else {
        return SmallVec::new();
    };
    let rollouts = routed.version.leaving.iter();
    rollouts
        .map(|number| &routed.surface.rollouts[*number])
        .filter_map(|rollout| {
            let touched = rollout.touched(operation.id)?;
            Some((rollout, touched, touched.headers.as_deref()?))
        })
        .collect()
}

/// `sent` is what was seen of the request, and whether that is all of it.
fn told(
    known: &[Known<'_>],
    consumer: ConsumerId,
    sent: Option<(&Bits, bool)>,
) -> Option<Arc<DeprecationHeaders>> {
    let mut items: Vec<&TouchedItem> = Vec::new();
    let mut headers: Option<DeprecationHeaders> = None;
    for (rollout, touched, own) in known {
        let is_concerned = rollout.is_concerned(consumer);
        let before = items.len();
        let touches = |item: &&TouchedItem| {
            let mut conditions = item.when.iter();
            conditions.any(|when| holds(when, consumer, sent).unwrap_or(is_concerned))
        };
        items.extend(touched.items.iter().filter(touches));
        if items.len() > before {
            headers = Some(match headers {
                None => (*own).clone(),
                Some(others) => others.and(own),
            });
        }
    }
    let reason = reason(items.into_iter());
    headers.map(|headers| Arc::new(headers.with_reason(reason)))
}

/// Whether the condition holds; `None` when that was not seen.
fn holds(when: &When, consumer: ConsumerId, sent: Option<(&Bits, bool)>) -> Option<bool> {
    match when {
        When::AnyCall => Some(true),
        When::Concerned => None,
        When::Consumers(consumers) => Some(consumers.contains(&consumer)),
        When::Request(conditions) => {
            let (bits, is_whole) = sent?;
            let shows = |condition: &LeafCondition| match *condition {
                LeafCondition::Sends { leaf } => bits.contains(leaf),
                LeafCondition::Lacks { leaf, under } => {
                    is_whole
                        && under.is_none_or(|under| bits.contains(under))
                        && !leaf.is_some_and(|leaf| bits.contains(leaf))
                }
            };
            match conditions.iter().any(shows) {
                false if !is_whole => None,
                shown => Some(shown),
            }
        }
    }
}

#[cfg(test)]
mod tests;
