//! Known properties of requests that became required or optional.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyRequiredUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-property-became-required"],
        purpose: "A request must carry a property that it could leave out.",
        why: "Requests without it are refused.",
        safely: "Keep it optional, with a default on the server.",
        breaking: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
    },
    Text {
        ids: &["request-property-became-required-with-default"],
        purpose: "A request must carry a property that it could leave out, though it has a default.",
        why: "By the schema a request without the property is invalid, whatever the default.",
        safely: "Leave the property out of `required`.",
        breaking: "base: {type: object, properties: {a: {type: string, default: x}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, default: x}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string, default: x}}}\nrevision: {type: object, properties: {a: {type: string, default: x}}}",
    },
    Text {
        ids: &["request-property-became-optional"],
        purpose: "A request may leave out a property that it had to carry.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    for (name, old, new) in shared::required_changes(pair) {
        let Some(property) = pair.revision().property(name) else {
            continue;
        };
        let schema = Schema::read(pair.documents.revision, property);
        if schema.flag(Keyword::ReadOnly) {
            continue;
        }
        let (id, word) = match (new, schema.get(Keyword::Default)) {
            (None, _) => ("request-property-became-optional", "optional"),
            (Some(_), None) => ("request-property-became-required", "required"),
            (Some(_), Some(_)) => ("request-property-became-required-with-default", "required"),
        };
        let message = format!("{} became {word}", pair.property_subject(name));
        let base = old.or(pair.base().property(name));
        let revision = new.or(Some(property));
        pair.report(
            report,
            Found::new(id, message)
                .base(base)
                .revision(revision)
                .tail("properties")
                .tail(name),
        );
    }
}
