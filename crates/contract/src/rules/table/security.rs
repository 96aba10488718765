//! Rules on security requirements and schemes: id, level, check, axes and the rule of the reversed change.

use super::row::{Row, row};
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("api-security-component-removed", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Remove, "api-security-component-added"),
    row("api-security-component-added", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Add, "api-security-component-removed"),
    row("api-security-component-oauth-url-changed", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Type, Action::Change, "api-security-component-oauth-url-changed"),
    row("api-security-component-type-changed", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Type, Action::Change, "api-security-component-type-changed"),
    row("api-security-component-oauth-token-url-changed", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Type, Action::Change, "api-security-component-oauth-token-url-changed"),
    row("api-security-component-oauth-scope-added", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Add, "api-security-component-oauth-scope-removed"),
    row("api-security-component-oauth-scope-removed", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Remove, "api-security-component-oauth-scope-added"),
    row("api-security-component-oauth-scope-changed", Level::Info, "APIComponentsSecurityUpdatedCheck", Direction::None, Area::Security, Kind::Type, Action::Change, "api-security-component-oauth-scope-changed"),
    row("api-security-removed", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Remove, "api-security-added"),
    row("api-security-added", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Add, "api-security-removed"),
    row("api-security-scope-added", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Add, "api-security-scope-removed"),
    row("api-security-scope-removed", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Remove, "api-security-scope-added"),
    row("api-global-security-removed", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Remove, "api-global-security-added"),
    row("api-global-security-added", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Add, "api-global-security-removed"),
    row("api-global-security-scope-added", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Add, "api-global-security-scope-removed"),
    row("api-global-security-scope-removed", Level::Info, "APISecurityUpdatedCheck", Direction::None, Area::Security, Kind::Existence, Action::Remove, "api-global-security-scope-added"),
];
