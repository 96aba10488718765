//! Properties of objects in request headers that became required.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, place};

pub(super) const CHECK: Check = Check {
    name: "RequestHeaderPropertyBecameRequiredCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-header-property-became-required"],
    purpose: "An object in a request header must have a property that it could leave out.",
    why: "Requests without it are refused.",
    safely: "Keep it optional, with a default on the server.",
    breaking: "base: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {a: {type: string}}}}]}\nrevision: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {a: {type: string}}, required: [a]}}]}",
    safe: "base: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {a: {type: string}}, required: [a]}}]}\nrevision: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {a: {type: string}}}}]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_request_header(pair) {
        return;
    }
    let document = pair.documents.revision;
    for (name, old, new) in shared::required_changes(pair) {
        let (None, Some(new), Some(property)) = (old, new, pair.revision().property(name)) else {
            continue;
        };
        if Schema::read(document, property).flag(Keyword::ReadOnly) {
            continue;
        }
        let message = format!("{} became required", pair.property_subject(name));
        let found = Found::new("request-header-property-became-required", message)
            .base(pair.base().property(name))
            .revision(new);
        pair.report(report, found.tail("properties").tail(name));
    }
}
