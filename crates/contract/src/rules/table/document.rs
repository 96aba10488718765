//! Rules on what belongs to the whole document: id, level, check, axes and the rule of the reversed change.

use super::row::{Row, row};
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("api-version-not-bumped", Level::Info, "VersionPolicyCheck", Direction::None, Area::Info, Kind::Lifecycle, Action::Change, ""),
    row("api-version-decreased", Level::Info, "VersionPolicyCheck", Direction::None, Area::Info, Kind::Lifecycle, Action::Decrease, ""),
    row("api-major-version-not-bumped", Level::Info, "VersionPolicyCheck", Direction::None, Area::Info, Kind::Lifecycle, Action::Increase, ""),
    row("api-tag-removed", Level::Info, "APITagUpdatedCheck", Direction::None, Area::Tags, Kind::Existence, Action::Remove, "api-tag-added"),
    row("api-tag-added", Level::Info, "APITagUpdatedCheck", Direction::None, Area::Tags, Kind::Existence, Action::Add, "api-tag-removed"),
    row("callback-added", Level::Info, "CallbackUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Add, "callback-removed"),
    row("callback-removed", Level::Error, "CallbackUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "callback-added"),
    row("webhook-added", Level::Info, "WebhookUpdatedCheck", Direction::None, Area::Components, Kind::Existence, Action::Add, "webhook-removed"),
    row("webhook-removed", Level::Error, "WebhookUpdatedCheck", Direction::None, Area::Components, Kind::Existence, Action::Remove, "webhook-added"),
    row("api-schema-removed", Level::Info, "APIComponentsSchemaRemovedCheck", Direction::None, Area::Components, Kind::Existence, Action::Remove, ""),
];
