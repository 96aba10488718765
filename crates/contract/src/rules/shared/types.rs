//! Whether another `type` or `format` still fits the values of before.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::{Place, SchemaPair};
use crate::model::body;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::model::types::TypeSet;

/// A change of `type`, `format` or both.
pub(crate) struct TypeChange<'t> {
    pub(crate) base: TypeSet,
    pub(crate) revision: TypeSet,
    old_format: &'t str,
    new_format: &'t str,
}

/// Where numbers and texts are told apart. Parameters and headers are texts anyway.
pub(crate) fn is_strict(place: Place<'_>) -> bool {
    match place {
        Place::RequestBody { media_type } | Place::Response { media_type, .. } => {
            body::is_strongly_typed(media_type)
        }
        Place::Parameter { .. } | Place::Header { .. } => false,
    }
}

pub(crate) fn change<'t>(base: &Schema<'t>, revision: &Schema<'t>) -> Option<TypeChange<'t>> {
    let change = TypeChange {
        base: base.types(),
        revision: revision.types(),
        old_format: base.text(Keyword::Format).unwrap_or(""),
        new_format: revision.text(Keyword::Format).unwrap_or(""),
    };
    (change.is_type_changed() || change.is_format_changed()).then_some(change)
}

impl TypeChange<'_> {
    pub(crate) fn is_type_changed(&self) -> bool {
        self.base != self.revision
    }

    fn is_format_changed(&self) -> bool {
        self.old_format != self.new_format
    }

    /// A value of before may be refused.
    pub(crate) fn breaks_request(&self, is_strict: bool) -> bool {
        self.narrows(
            self.base,
            self.revision,
            self.old_format,
            self.new_format,
            is_strict,
        )
    }

    /// A value may come that could not before.
    pub(crate) fn breaks_response(&self, is_strict: bool) -> bool {
        self.narrows(
            self.revision,
            self.base,
            self.new_format,
            self.old_format,
            is_strict,
        )
    }

    fn narrows(
        &self,
        from: TypeSet,
        to: TypeSet,
        from_format: &str,
        to_format: &str,
        is_strict: bool,
    ) -> bool {
        if self.is_type_changed() && to.is_empty() {
            return false;
        }
        let by_type =
            self.is_type_changed() && !from.is_within(to) && !is_contained(from, to, is_strict);
        by_type || self.is_format_changed() && !is_format_contained(to, from_format, to_format)
    }

    fn is_concrete(&self) -> bool {
        self.is_type_changed() && !self.base.is_empty() && !self.revision.is_empty()
    }

    /// Not a wider type, and fine only because the place holds texts.
    pub(crate) fn is_loose_request_swap(&self) -> bool {
        self.is_concrete() && !self.base.is_within(self.revision)
    }

    pub(crate) fn is_loose_response_swap(&self) -> bool {
        self.is_concrete() && !self.revision.is_within(self.base)
    }

    fn text(&self, types: TypeSet, format: &str) -> String {
        match (self.is_type_changed(), self.is_format_changed(), format) {
            (_, false, _) => types.text(),
            (false, true, "") => "none".to_owned(),
            (false, true, format) => format.to_owned(),
            (true, true, "") => types.text(),
            (true, true, format) => format!("{}/{format}", types.text()),
        }
    }
}

/// In a place of texts everything fits a string.
fn is_contained(from: TypeSet, to: TypeSet, is_strict: bool) -> bool {
    let (gone, new) = (from.without(to), to.without(from));
    if new.len() == 1 && gone.len() == 1 && gone.is_within(new) {
        return true;
    }
    !is_strict && (new.is_empty() || new == TypeSet::STRING)
}

fn is_format_contained(to: TypeSet, from_format: &str, to_format: &str) -> bool {
    let pairs: &[(&str, &str)] = match to {
        _ if to_format.is_empty() => return true,
        TypeSet::NUMBER => &[("float", "double")],
        TypeSet::INTEGER => &[("int32", "int64"), ("int32", "bigint"), ("int64", "bigint")],
        TypeSet::STRING => &[("date", "date-time"), ("time", "date-time")],
        _ => &[],
    };
    pairs.contains(&(from_format, to_format))
}

pub(crate) fn report<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    id: &'static str,
    change: &TypeChange<'_>,
) {
    let what = match (change.is_type_changed(), change.is_format_changed()) {
        (true, true) => "type and format",
        (true, false) => "type",
        _ => "format",
    };
    let old = change.text(change.base, change.old_format);
    let new = change.text(change.revision, change.new_format);
    let written = |schema: &Schema<'t>| {
        let keywords = match change.is_type_changed() {
            true => [Keyword::Type, Keyword::Format],
            false => [Keyword::Format, Keyword::Type],
        };
        let node = keywords.iter().find_map(|keyword| schema.get(*keyword));
        node.unwrap_or(schema.node)
    };
    let message = format!(
        "{what} of {} changed from `{old}` to `{new}`",
        pair.subject()
    );
    let found = Found::new(id, message)
        .base(written(pair.base()))
        .revision(written(pair.revision()))
        .value(old)
        .value(new);
    pair.report(report, found);
}
