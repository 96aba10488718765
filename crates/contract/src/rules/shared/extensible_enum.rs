//! Values that left `x-extensible-enum`.

use rustc_hash::FxHashSet;

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::tree::Node;

/// Nothing where either side has no list: without one there is nothing to leave.
pub(crate) fn removed<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>, id: &'static str) {
    let Some((Some(old), Some(new))) = pair.changed(Keyword::ExtensibleEnum) else {
        return;
    };
    if !new.is_array() {
        return;
    }
    let kept: FxHashSet<&str> = new.elements().filter_map(Node::scalar_text).collect();
    for value in old.elements() {
        if value.scalar_text().is_some_and(|text| kept.contains(text)) {
            continue;
        }
        let text = shown(Some(value));
        let message = format!(
            "value `{text}` was removed from `x-extensible-enum` of {}",
            pair.subject()
        );
        let found = Found::new(id, message).base(value).revision(new);
        pair.report(report, found.value(text));
    }
}
