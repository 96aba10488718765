//! Rules on paths and operations: id, level, check, axes and the rule of the reversed change.

use super::row::{Row, row};
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("endpoint-added", Level::Info, "APIAddedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Add, ""),
    row("api-stability-decreased", Level::Error, "StabilityCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Decrease, "api-stability-increased"),
    row("api-stability-increased", Level::Info, "StabilityCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Increase, "api-stability-decreased"),
    row("endpoint-reactivated", Level::Info, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, "endpoint-deprecated"),
    row("api-deprecated-sunset-parse", Level::Error, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("api-deprecated-sunset-missing", Level::Error, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("api-invalid-stability-level", Level::Error, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("api-sunset-date-too-small", Level::Error, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("endpoint-deprecated", Level::Info, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, "endpoint-reactivated"),
    row("endpoint-deprecated-with-sunset", Level::Info, "APIDeprecationCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("api-path-removed-without-deprecation", Level::Error, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "endpoint-added"),
    row("api-path-removed-with-deprecation", Level::Info, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "endpoint-added"),
    row("api-path-sunset-parse", Level::Error, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("api-path-removed-before-sunset", Level::Error, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "endpoint-added"),
    row("api-removed-without-deprecation", Level::Error, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "endpoint-added"),
    row("api-removed-with-deprecation", Level::Info, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "endpoint-added"),
    row("api-removed-before-sunset", Level::Error, "APIRemovedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "endpoint-added"),
    row("sunset-deleted", Level::Error, "APISunsetChangedCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Remove, ""),
    row("api-sunset-date-changed-too-small", Level::Error, "APISunsetChangedCheck", Direction::None, Area::Paths, Kind::Lifecycle, Action::Change, ""),
    row("api-operation-id-removed", Level::Info, "APIOperationIdUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, ""),
    row("api-operation-id-added", Level::Info, "APIOperationIdUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Add, "api-operation-id-removed"),
];
