//! Rules on response headers: id, level, check, axes and the rule of the reversed change.

use super::row::{Row, row};
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("response-header-became-optional", Level::Error, "ResponseHeaderBecameOptionalCheck", Direction::Response, Area::Headers, Kind::Requiredness, Action::Change, "response-header-became-required"),
    row("required-response-header-removed", Level::Error, "ResponseHeaderRemovedCheck", Direction::Response, Area::Headers, Kind::Existence, Action::Remove, "response-header-added"),
    row("optional-response-header-removed", Level::Warning, "ResponseHeaderRemovedCheck", Direction::Response, Area::Headers, Kind::Existence, Action::Remove, "response-header-added"),
    row("response-header-added", Level::Info, "ResponseHeaderAddedCheck", Direction::Response, Area::Headers, Kind::Existence, Action::Add, ""),
    row("response-header-type-changed", Level::Error, "ResponseHeaderTypeChangedCheck", Direction::Response, Area::Headers, Kind::Type, Action::Change, ""),
    row("response-header-type-generalized", Level::Error, "ResponseHeaderTypeChangedCheck", Direction::Response, Area::Headers, Kind::Type, Action::Generalize, ""),
    row("response-header-type-specialized", Level::Info, "ResponseHeaderTypeChangedCheck", Direction::Response, Area::Headers, Kind::Type, Action::Specialize, ""),
    row("response-header-type-compatible", Level::Info, "ResponseHeaderTypeChangedCheck", Direction::Response, Area::Headers, Kind::Type, Action::Change, ""),
    row("response-header-became-nullable", Level::Error, "ResponseHeaderBecameNullableCheck", Direction::Response, Area::Headers, Kind::Requiredness, Action::Change, "response-header-became-not-nullable"),
    row("response-header-became-not-nullable", Level::Info, "ResponseHeaderBecameNullableCheck", Direction::Response, Area::Headers, Kind::Requiredness, Action::Change, "response-header-became-nullable"),
];
