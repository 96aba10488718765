//! The ids of one event wherever a schema may be: bodies, parameters and headers.

use super::{Ids, LimitIds};
use crate::diff::report::Report;
use crate::diff::schema_pair::{Place, SchemaPair};
use crate::model::keyword::Keyword;
use crate::model::schema::{Bound, Schema};

/// The ids for the root and for what is inside it; empty where another check tells of the event, or none does.
#[derive(Clone, Copy)]
pub(crate) struct Everywhere {
    pub(crate) request: Ids,
    pub(crate) response: Ids,
    pub(crate) parameter: Ids,
    /// Of response headers, which seldom have an inside.
    pub(crate) header: &'static str,
}

impl Everywhere {
    pub(crate) const NONE: Self = Self {
        request: ("", ""),
        response: ("", ""),
        parameter: ("", ""),
        header: "",
    };

    pub(crate) fn ids(&self, place: Place<'_>) -> Ids {
        match place {
            Place::RequestBody { .. } => self.request,
            Place::Response { .. } => self.response,
            Place::Parameter { .. } => self.parameter,
            Place::Header { .. } => (self.header, self.header),
        }
    }

    pub(crate) fn id(&self, pair: &SchemaPair<'_, '_>) -> &'static str {
        let (root, inside) = self.ids(pair.place);
        pair.pick(root, inside)
    }
}

/// What each event of a limit is reported as.
pub(crate) struct LimitEverywhere {
    pub(crate) set: Everywhere,
    pub(crate) unset: Everywhere,
    pub(crate) increased: Everywhere,
    pub(crate) decreased: Everywhere,
}

/// Whether the value never travels this way: a read-only property in a request, a write-only one in a response.
pub(crate) fn is_absent(pair: &SchemaPair<'_, '_>) -> bool {
    let flag = match pair.is_response() {
        true => Keyword::WriteOnly,
        false => Keyword::ReadOnly,
    };
    !pair.is_root() && pair.revision().flag(flag)
}

pub(crate) fn limit<'t>(
    pair: &SchemaPair<'_, 't>,
    report: &mut Report<'t>,
    name: &str,
    read: impl Fn(&Schema<'t>) -> Option<Bound<'t>>,
    ids: &LimitEverywhere,
) {
    if is_absent(pair) {
        return;
    }
    let ids = LimitIds {
        set: ids.set.ids(pair.place),
        unset: ids.unset.ids(pair.place),
        increased: ids.increased.ids(pair.place),
        decreased: ids.decreased.ids(pair.place),
        ..LimitIds::NONE
    };
    super::limit(pair, report, name, read, &ids);
}
