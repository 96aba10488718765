//! Properties that an object in a request header must newly have.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::place;

pub(super) const CHECK: Check = Check {
    name: "NewRequiredRequestHeaderPropertyCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["new-required-request-header-property"],
    purpose: "An object in a request header must have a new property.",
    why: "Requests without it are refused.",
    safely: "Make it optional, with a default on the server.",
    breaking: "base: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {}}}]}\nrevision: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {a: {type: string}}, required: [a]}}]}",
    safe: "base: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {}}}]}\nrevision: {parameters: [{in: header, name: X-A, schema: {type: object, properties: {a: {type: string}}}}]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_request_header(pair) {
        return;
    }
    for property in &pair.data.properties_added {
        let name = property.name();
        let schema = Schema::read(pair.documents.revision, property.value);
        let Some(required) = pair.revision().required(name) else {
            continue;
        };
        if schema.flag(Keyword::ReadOnly) {
            continue;
        }
        let message = format!("required {} was added", pair.property_subject(name));
        let found = Found::new("new-required-request-header-property", message)
            .base(pair.base().node)
            .revision(required);
        pair.report(report, found.tail("properties").tail(name));
    }
}
