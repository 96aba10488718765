//! Stages, deprecation and the date of going away: what an announcement says, and how it may change.

use jiff::civil::Date;

use super::sunset::{self, Sunset};
use crate::diff::found::{Found, shown};
use crate::diff::options::DiffOptions;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::operation::{Operation, Stability};
use crate::model::schema::Schema;
use crate::tree::Node;

/// The stage that `x-stability-level` names; stable without one, and the node itself where it names no stage.
pub(crate) fn stage(level: Option<Node<'_>>) -> Result<Stability, Node<'_>> {
    let Some(node) = level.filter(|node| !node.is_null()) else {
        return Ok(Stability::Stable);
    };
    node.as_str().and_then(Stability::from_text).ok_or(node)
}

/// As a document writes it.
pub(crate) fn stage_name(stage: Stability) -> &'static str {
    match stage {
        Stability::Draft => "draft",
        Stability::Alpha => "alpha",
        Stability::Beta => "beta",
        Stability::Stable => "stable",
    }
}

/// How long what an operation deprecates must still work, and the day it is counted from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grace {
    pub(crate) days: u32,
    pub(crate) today: Date,
}

impl Grace {
    /// `None` where the operation names no known stage.
    pub(crate) fn of(operation: &Operation<'_>, options: &DiffOptions) -> Option<Self> {
        Self::at(operation.stage(), options)
    }

    /// The same by the stage.
    pub(crate) fn at(stage: Option<Stability>, options: &DiffOptions) -> Option<Self> {
        Some(Self {
            days: options.deprecation_days(stage?),
            today: options.today,
        })
    }

    fn is_over_before(self, date: Date) -> bool {
        i64::from((date - self.today).get_days()) >= i64::from(self.days)
    }
}

/// What each kind of deprecation is reported as.
pub(crate) struct DeprecationIds {
    pub(crate) reactivated: &'static str,
    pub(crate) deprecated: &'static str,
    pub(crate) with_sunset: &'static str,
    pub(crate) sunset_missing: &'static str,
    pub(crate) sunset_invalid: &'static str,
    pub(crate) sunset_too_small: &'static str,
}

/// A deprecation flag before and after, and the `x-sunset` of after.
pub(crate) struct Flag<'t> {
    pub(crate) was: bool,
    pub(crate) is: bool,
    pub(crate) sunset: Option<Node<'t>>,
}

/// Without sides: the caller knows where the flag is written.
pub(crate) fn deprecation<'t>(
    subject: &str,
    flag: &Flag<'t>,
    grace: Option<Grace>,
    ids: &DeprecationIds,
) -> Option<Found<'t>> {
    if flag.was == flag.is {
        return None;
    }
    if !flag.is {
        let message = format!("{subject} is no longer deprecated");
        return Some(Found::new(ids.reactivated, message));
    }
    let grace = grace?;
    let date = match flag.sunset.map_or(Sunset::Missing, sunset::read) {
        Sunset::Missing if grace.days > 0 => {
            let message = format!("{subject} was deprecated without a sunset date");
            return Some(Found::new(ids.sunset_missing, message));
        }
        Sunset::Missing => {
            let message = format!("{subject} was deprecated");
            return Some(Found::new(ids.deprecated, message));
        }
        Sunset::Invalid(text) => {
            let message = format!("{subject} was deprecated, and its sunset `{text}` is no date");
            return Some(Found::new(ids.sunset_invalid, message).value(text));
        }
        Sunset::On(date) => date,
    };
    let (id, message) = match grace.is_over_before(date) {
        true => (
            ids.with_sunset,
            format!("{subject} was deprecated with sunset on `{date}`"),
        ),
        false => (
            ids.sunset_too_small,
            format!(
                "{subject} was deprecated with sunset on `{date}`, less than {} days ahead",
                grace.days
            ),
        ),
    };
    Some(Found::new(id, message).value(date.to_string()))
}

/// A property whose deprecation flag changed, with its sides.
pub(crate) fn property_deprecation<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    ids: &DeprecationIds,
) {
    let flag = Flag {
        was: pair.base().flag(Keyword::Deprecated),
        is: pair.revision().flag(Keyword::Deprecated),
        sunset: pair.revision().get(Keyword::Sunset),
    };
    let grace = Grace::at(pair.stage, report.options);
    let Some(found) = deprecation(&pair.subject(), &flag, grace, ids) else {
        return;
    };
    let written = |schema: &Schema<'t>| schema.get(Keyword::Deprecated).unwrap_or(schema.node);
    let found = found
        .base(written(pair.base()))
        .revision(written(pair.revision()));
    pair.report(report, found);
}

/// What each change of a sunset date is reported as.
pub(crate) struct SunsetIds {
    pub(crate) deleted: &'static str,
    pub(crate) invalid: &'static str,
    pub(crate) too_small: &'static str,
}

/// The change of `x-sunset` of a thing that is deprecated after it.
pub(crate) fn sunset_change<'t>(
    subject: &str,
    (old, new): (Node<'t>, Node<'t>),
    grace: Option<Grace>,
    ids: &SunsetIds,
) -> Option<Found<'t>> {
    let is_deprecated = new.get("deprecated").and_then(Node::as_bool) == Some(true);
    let from = old.get("x-sunset").filter(|_| is_deprecated)?;
    let Some(to) = new.get("x-sunset") else {
        let message = format!("the sunset of {subject} was removed");
        return Some(Found::new(ids.deleted, message).base(from).revision(new));
    };
    if from.same_value(to) {
        return None;
    }
    let (was, is) = (shown(Some(from)), shown(Some(to)));
    let (old_date, new_date) = match (sunset::read(from), sunset::read(to)) {
        (Sunset::On(old_date), Sunset::On(new_date)) => (old_date, new_date),
        _ => {
            let message = format!(
                "the sunset of {subject} changed from `{was}` to `{is}`, and one of them is no date"
            );
            let found = Found::new(ids.invalid, message).base(from).revision(to);
            return Some(found.value(was).value(is));
        }
    };
    let grace = grace?;
    if new_date >= old_date || grace.is_over_before(new_date) {
        return None;
    }
    let message = format!(
        "the sunset of {subject} was brought forward from `{old_date}` to `{new_date}`, less than {} days ahead",
        grace.days
    );
    let found = Found::new(ids.too_small, message).base(from).revision(to);
    Some(found.value(was).value(is))
}
