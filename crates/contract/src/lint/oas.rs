//! The functions that know OpenAPI.

use super::call::{Call, Fault};
use super::function::OasFunction;
use super::{schema, shape};

mod components;
mod operations;
mod parameters;
mod security;
mod servers;
mod tags;

pub(super) use components::unreferenced;
pub(super) use tags::listing;

pub(super) fn run(function: OasFunction, call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    use OasFunction as F;
    match function {
        F::DocumentSchema => shape::check(call, faults),
        F::DuplicatedEnum => components::duplicated_enum(call, faults),
        F::MediaExample => schema::media_example(call, faults),
        F::SchemaExample => schema::schema_example(call, faults),
        F::OperationIdUnique => operations::unique_ids(call, faults),
        F::SuccessResponse => operations::success_response(call, faults),
        F::OperationParameters => parameters::distinct(call, faults),
        F::PathParameters => parameters::of_paths(call, faults),
        F::RefSiblings => components::ref_siblings(call, faults),
        F::UnusedComponent => components::unused(call, faults),
        F::XmlAttribute => components::xml_attribute(call, faults),
        F::SecurityDefined => security::defined(call, faults),
        F::ServerVariables => servers::variables(call, faults),
        F::TagDefined => tags::defined(call, faults),
        F::TagsUnique => tags::unique(call, faults),
    }
}
