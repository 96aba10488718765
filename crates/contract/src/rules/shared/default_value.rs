//! The `default` of a schema that came, went or became another.

use super::keywords::KeywordIds;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;

pub(crate) fn change<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>, ids: &KeywordIds) {
    let Some((old, new)) = pair.changed(Keyword::Default) else {
        return;
    };
    let ((body, property), word) = match (old, new) {
        (None, _) => (ids.added, "was added"),
        (_, None) => (ids.removed, "was removed"),
        _ => (ids.changed, "changed"),
    };
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "the default of {} {word}, from `{from}` to `{to}`",
        pair.subject()
    );
    let found = Found::new(pair.pick(body, property), message);
    pair.report(report, found.base(old).revision(new).value(from).value(to));
}
