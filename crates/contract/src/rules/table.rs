//! Every rule by id with its level and axes: the part of a rule that needs no words.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::rule::{Action, Direction, Kind};
use crate::level::{Breaks, Level};

mod bodies;
mod document;
mod headers;
mod limits;
mod operations;
mod parameters;
mod request_schemas;
mod response_schemas;
mod row;
mod schemas;
mod security;
mod surface;

pub(crate) use row::Row;

const PARTS: &[&[Row]] = &[
    operations::ROWS,
    parameters::ROWS,
    bodies::ROWS,
    request_schemas::ROWS,
    response_schemas::ROWS,
    headers::ROWS,
    security::ROWS,
    document::ROWS,
    limits::ROWS,
    schemas::ROWS,
    surface::ROWS,
];

/// All rows, in the order of the parts.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    PARTS.iter().copied().flatten()
}

pub(crate) fn find(id: &str) -> Option<&'static Row> {
    static BY_ID: OnceLock<FxHashMap<&'static str, &'static Row>> = OnceLock::new();
    BY_ID
        .get_or_init(|| rows().map(|row| (row.id, row)).collect())
        .get(id)
        .copied()
}

use Breaks::{Agent, Docs, Sdk, Wire};

/// Rules whose axes do not tell who breaks.
const BREAKS_OVERRIDES: &[(&str, &[Breaks])] = &[
    ("api-operation-id-removed", &[Sdk, Agent]),
    ("api-operation-id-added", &[Sdk, Agent]),
    ("api-tag-removed", &[Sdk, Docs]),
    ("api-tag-added", &[Docs]),
    ("api-schema-removed", &[Sdk]),
    ("api-operation-id-renamed", &[Sdk, Agent]),
    ("api-operation-summary-removed", &[Agent, Docs]),
    ("api-operation-summary-changed", &[Agent, Docs]),
    ("api-operation-description-removed", &[Agent, Docs]),
    ("api-operation-description-changed", &[Agent, Docs]),
    ("request-parameter-description-removed", &[Agent, Docs]),
    ("request-parameter-description-changed", &[Agent, Docs]),
    ("api-global-server-removed", &[Wire, Sdk]),
    ("api-server-removed", &[Wire, Sdk]),
    ("api-global-tag-removed", &[Docs]),
    ("response-link-removed", &[Sdk, Agent]),
    ("response-link-changed", &[Sdk, Agent]),
    // Tools write parameters by the contract of the day, generated code by that of the day it was generated.
    ("request-parameter-style-changed", &[Wire, Sdk]),
    ("request-parameter-explode-changed", &[Wire, Sdk]),
    ("request-parameter-media-type-changed", &[Wire, Sdk]),
    ("request-parameter-allow-reserved-unset", &[Wire]),
    ("request-body-encoding-changed", &[Wire, Sdk]),
];

/// Who breaks, by the axes: what is refused or unheard of on the wire breaks running clients; what has another shape
/// breaks generated code; what an LLM fills in or calls breaks agents; dates and stages are for people.
pub(crate) fn breaks(row: &Row) -> &'static [Breaks] {
    if let Some((_, breaks)) = BREAKS_OVERRIDES.iter().find(|(id, _)| *id == row.id) {
        return breaks;
    }
    if row.level < Level::Warning {
        return match (row.kind, row.action) {
            (Kind::Type | Kind::Structure, Action::Change | Action::Generalize) => &[Sdk],
            _ => &[],
        };
    }
    let is_input = row.direction != Direction::Response;
    match (row.kind, is_input) {
        (Kind::Lifecycle, _) => &[Docs],
        (Kind::Constraints, true) => &[Wire, Agent],
        (Kind::Constraints, false) => &[Wire],
        (_, true) => &[Wire, Sdk, Agent],
        (_, false) => &[Wire, Sdk],
    }
}
