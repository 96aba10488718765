//! Rules on request and response bodies and their media types: id, level, check, axes and the rule of the reversed change.

use super::row::{Row, row};
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("request-body-added-required", Level::Error, "AddedRequestBodyCheck", Direction::Request, Area::RequestBody, Kind::Existence, Action::Add, "request-body-removed"),
    row("request-body-added-optional", Level::Info, "AddedRequestBodyCheck", Direction::Request, Area::RequestBody, Kind::Existence, Action::Add, "request-body-removed"),
    row("request-body-media-type-added", Level::Info, "RequestBodyMediaTypeChangedCheck", Direction::Request, Area::RequestBody, Kind::Existence, Action::Add, "request-body-media-type-removed"),
    row("request-body-media-type-removed", Level::Error, "RequestBodyMediaTypeChangedCheck", Direction::Request, Area::RequestBody, Kind::Existence, Action::Remove, "request-body-media-type-added"),
    row("request-body-media-type-schema-added", Level::Error, "MediaTypeSchemaExistenceCheck", Direction::Request, Area::RequestBody, Kind::Existence, Action::Add, "request-body-media-type-schema-removed"),
    row("request-body-media-type-schema-removed", Level::Info, "MediaTypeSchemaExistenceCheck", Direction::Request, Area::RequestBody, Kind::Existence, Action::Remove, "request-body-media-type-schema-added"),
    row("response-body-media-type-schema-added", Level::Info, "MediaTypeSchemaExistenceCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Add, "response-body-media-type-schema-removed"),
    row("response-body-media-type-schema-removed", Level::Warning, "MediaTypeSchemaExistenceCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Remove, "response-body-media-type-schema-added"),
    row("request-body-became-optional", Level::Info, "RequestBodyRequiredUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Requiredness, Action::Change, "request-body-became-required"),
    row("request-body-became-required", Level::Error, "RequestBodyRequiredUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Requiredness, Action::Change, "request-body-became-optional"),
    row("response-media-type-removed", Level::Error, "ResponseMediaTypeUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Remove, "response-media-type-added"),
    row("response-media-type-added", Level::Info, "ResponseMediaTypeUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Add, "response-media-type-removed"),
    row("response-media-type-name-changed", Level::Info, "ResponseMediaTypeNameUpdatedCheck", Direction::Response, Area::Responses, Kind::Type, Action::Change, "response-media-type-name-changed"),
    row("response-media-type-name-generalized", Level::Error, "ResponseMediaTypeNameUpdatedCheck", Direction::Response, Area::Responses, Kind::Type, Action::Generalize, "response-media-type-name-specialized"),
    row("response-media-type-name-specialized", Level::Info, "ResponseMediaTypeNameUpdatedCheck", Direction::Response, Area::Responses, Kind::Type, Action::Specialize, "response-media-type-name-generalized"),
    row("response-success-status-removed", Level::Error, "ResponseSuccessStatusUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Remove, "response-success-status-added"),
    row("response-success-status-added", Level::Info, "ResponseSuccessStatusUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Add, "response-success-status-removed"),
    row("response-non-success-status-removed", Level::Info, "ResponseNonSuccessStatusUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Remove, "response-non-success-status-added"),
    row("response-non-success-status-added", Level::Info, "ResponseNonSuccessStatusUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Add, "response-non-success-status-removed"),
    row("request-body-content-media-type-changed", Level::Error, "RequestPropertyContentUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Type, Action::Change, "request-body-content-media-type-changed"),
    row("request-body-content-encoding-changed", Level::Error, "RequestPropertyContentUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Type, Action::Change, "request-body-content-encoding-changed"),
    row("response-body-content-media-type-changed", Level::Error, "ResponsePropertyContentUpdatedCheck", Direction::Response, Area::Responses, Kind::Type, Action::Change, "response-body-content-media-type-changed"),
    row("response-body-content-encoding-changed", Level::Error, "ResponsePropertyContentUpdatedCheck", Direction::Response, Area::Responses, Kind::Type, Action::Change, "response-body-content-encoding-changed"),
];
