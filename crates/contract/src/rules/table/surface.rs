//! Rules beyond those of oasdiff on what stands around schemas: servers, links, texts, names and how values are
//! written. Id, level, check, axes and the rule of the reversed change.

use super::row::{Row, row};
use crate::level::Level;
use crate::rules::rule::{Action, Area, Direction, Kind};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("api-operation-id-renamed", Level::Warning, "APIOperationIdRenamedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Change, "api-operation-id-renamed"),
    row("api-operation-summary-added", Level::Info, "APIOperationTextUpdatedCheck", Direction::None, Area::Paths, Kind::Values, Action::Add, "api-operation-summary-removed"),
    row("api-operation-summary-removed", Level::Info, "APIOperationTextUpdatedCheck", Direction::None, Area::Paths, Kind::Values, Action::Remove, "api-operation-summary-added"),
    row("api-operation-summary-changed", Level::Info, "APIOperationTextUpdatedCheck", Direction::None, Area::Paths, Kind::Values, Action::Change, "api-operation-summary-changed"),
    row("api-operation-description-added", Level::Info, "APIOperationTextUpdatedCheck", Direction::None, Area::Paths, Kind::Values, Action::Add, "api-operation-description-removed"),
    row("api-operation-description-removed", Level::Warning, "APIOperationTextUpdatedCheck", Direction::None, Area::Paths, Kind::Values, Action::Remove, "api-operation-description-added"),
    row("api-operation-description-changed", Level::Info, "APIOperationTextUpdatedCheck", Direction::None, Area::Paths, Kind::Values, Action::Change, "api-operation-description-changed"),
    row("request-parameter-description-added", Level::Info, "RequestParameterDescriptionUpdatedCheck", Direction::Request, Area::Parameters, Kind::Values, Action::Add, "request-parameter-description-removed"),
    row("request-parameter-description-removed", Level::Warning, "RequestParameterDescriptionUpdatedCheck", Direction::Request, Area::Parameters, Kind::Values, Action::Remove, "request-parameter-description-added"),
    row("request-parameter-description-changed", Level::Info, "RequestParameterDescriptionUpdatedCheck", Direction::Request, Area::Parameters, Kind::Values, Action::Change, "request-parameter-description-changed"),
    row("api-global-server-added", Level::Info, "APIGlobalServersUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Add, "api-global-server-removed"),
    row("api-global-server-removed", Level::Warning, "APIGlobalServersUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "api-global-server-added"),
    row("api-server-added", Level::Info, "APIServersUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Add, "api-server-removed"),
    row("api-server-removed", Level::Warning, "APIServersUpdatedCheck", Direction::None, Area::Paths, Kind::Existence, Action::Remove, "api-server-added"),
    row("api-global-tag-added", Level::Info, "APIGlobalTagsUpdatedCheck", Direction::None, Area::Tags, Kind::Existence, Action::Add, "api-global-tag-removed"),
    row("api-global-tag-removed", Level::Info, "APIGlobalTagsUpdatedCheck", Direction::None, Area::Tags, Kind::Existence, Action::Remove, "api-global-tag-added"),
    row("response-link-added", Level::Info, "ResponseLinksUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Add, "response-link-removed"),
    row("response-link-removed", Level::Warning, "ResponseLinksUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Remove, "response-link-added"),
    row("response-link-changed", Level::Warning, "ResponseLinksUpdatedCheck", Direction::Response, Area::Responses, Kind::Existence, Action::Change, "response-link-changed"),
    row("request-parameter-style-changed", Level::Error, "RequestParameterSerializationChangedCheck", Direction::Request, Area::Parameters, Kind::Structure, Action::Change, "request-parameter-style-changed"),
    row("request-parameter-explode-changed", Level::Error, "RequestParameterSerializationChangedCheck", Direction::Request, Area::Parameters, Kind::Structure, Action::Change, "request-parameter-explode-changed"),
    row("request-parameter-media-type-changed", Level::Error, "RequestParameterSerializationChangedCheck", Direction::Request, Area::Parameters, Kind::Structure, Action::Change, "request-parameter-media-type-changed"),
    row("request-parameter-allow-reserved-set", Level::Info, "RequestParameterSerializationChangedCheck", Direction::Request, Area::Parameters, Kind::Constraints, Action::Set, "request-parameter-allow-reserved-unset"),
    row("request-parameter-allow-reserved-unset", Level::Error, "RequestParameterSerializationChangedCheck", Direction::Request, Area::Parameters, Kind::Constraints, Action::Remove, "request-parameter-allow-reserved-set"),
    row("response-header-explode-changed", Level::Error, "ResponseHeaderSerializationChangedCheck", Direction::Response, Area::Headers, Kind::Structure, Action::Change, "response-header-explode-changed"),
    row("response-header-media-type-changed", Level::Error, "ResponseHeaderSerializationChangedCheck", Direction::Response, Area::Headers, Kind::Structure, Action::Change, "response-header-media-type-changed"),
    row("request-body-encoding-changed", Level::Error, "MediaTypeEncodingChangedCheck", Direction::Request, Area::RequestBody, Kind::Structure, Action::Change, "request-body-encoding-changed"),
    row("response-body-encoding-changed", Level::Error, "MediaTypeEncodingChangedCheck", Direction::Response, Area::Responses, Kind::Structure, Action::Change, "response-body-encoding-changed"),
    row("request-body-enum-value-added", Level::Info, "BodyEnumValueAddedCheck", Direction::Request, Area::Schema, Kind::Values, Action::Add, "request-body-enum-value-removed"),
    row("response-mediatype-enum-value-added", Level::Warning, "BodyEnumValueAddedCheck", Direction::Response, Area::Schema, Kind::Values, Action::Add, "response-mediatype-enum-value-removed"),
    row("response-header-became-required", Level::Info, "ResponseHeaderBecameRequiredCheck", Direction::Response, Area::Headers, Kind::Requiredness, Action::Change, "response-header-became-optional"),
    row("request-body-media-type-name-changed", Level::Warning, "RequestBodyMediaTypeNameUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Type, Action::Change, "request-body-media-type-name-changed"),
    row("request-body-media-type-name-generalized", Level::Info, "RequestBodyMediaTypeNameUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Type, Action::Generalize, "request-body-media-type-name-specialized"),
    row("request-body-media-type-name-specialized", Level::Error, "RequestBodyMediaTypeNameUpdatedCheck", Direction::Request, Area::RequestBody, Kind::Type, Action::Specialize, "request-body-media-type-name-generalized"),
    row("request-parameter-order-changed", Level::Info, "RequestParameterOrderChangedCheck", Direction::Request, Area::Parameters, Kind::Structure, Action::Change, "request-parameter-order-changed"),
    row("request-body-property-order-changed", Level::Info, "RequestBodyPropertyOrderChangedCheck", Direction::Request, Area::RequestBody, Kind::Structure, Action::Change, "request-body-property-order-changed"),
];
