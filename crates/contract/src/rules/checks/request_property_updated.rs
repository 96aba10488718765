//! Properties that came to or left request schemas.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-property-removed"],
        purpose: "A property left the schema of a request.",
        why: "A client may still send it: the server may refuse it or drop it silently; the document cannot tell.",
        safely: "Deprecate the property first, watch who still sends it, and remove it when nobody does.",
        breaking: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string, readOnly: true}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["new-required-request-property"],
        purpose: "A request must carry a property that it did not know.",
        why: "Every request of today lacks it and is refused.",
        safely: "Make the property optional, with a default on the server.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
    },
    Text {
        ids: &["new-required-request-property-with-default"],
        purpose: "A request must carry a new property, though it has a default.",
        why: "By the schema a request without the property is invalid, whatever the default.",
        safely: "Leave the property out of `required`: the default says what its absence means.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, default: x}, b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, default: x}, b: {type: string}}}",
    },
    Text {
        ids: &["new-optional-request-property"],
        purpose: "A request may carry a new property.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, readOnly: true}, b: {type: string}}}",
    },
    Text {
        ids: &["request-body-wrapped-in-one-of"],
        purpose: "The object of a request became one of several alternatives.",
        why: "A request that fits two alternatives is refused, and generated code has another type.",
        safely: "Keep the object and add what is new as optional properties.",
        breaking: "base: {type: object, properties: {a: {type: string}}}\nrevision: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}",
        safe: "base: {oneOf: [{type: object, title: x, properties: {a: {type: string}}}]}\nrevision: {oneOf: [{type: object, title: x, properties: {a: {type: string}}}, {type: object, title: y}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let revision_document = pair.documents.revision;
    if !pair.data.transition.moved.is_empty() && pair.is_root() {
        let message = "the request body was wrapped in `oneOf`".to_owned();
        let node = pair.revision().get(Keyword::OneOf);
        pair.report(
            report,
            Found::new("request-body-wrapped-in-one-of", message)
                .base(pair.base().node)
                .revision(node),
        );
    }
    for member in &pair.data.properties_removed {
        let name = member.name();
        let schema = Schema::read(pair.documents.base, member.value);
        if schema.flag(Keyword::ReadOnly) || pair.data.transition.moved.contains(&name) {
            continue;
        }
        let message = format!("{} was removed", pair.property_subject(name));
        let found = Found::new("request-property-removed", message);
        pair.report(report, found.base(member.key).tail("properties").tail(name));
    }
    for member in &pair.data.properties_added {
        let name = member.name();
        let schema = Schema::read(revision_document, member.value);
        if schema.flag(Keyword::ReadOnly) {
            continue;
        }
        let (id, word) = match (pair.revision().required(name), schema.get(Keyword::Default)) {
            (None, _) => ("new-optional-request-property", "optional"),
            (Some(_), None) => ("new-required-request-property", "required"),
            (Some(_), Some(_)) => ("new-required-request-property-with-default", "required"),
        };
        let message = format!("{} was added and is {word}", pair.property_subject(name));
        let found = Found::new(id, message);
        pair.report(
            report,
            found.revision(member.key).tail("properties").tail(name),
        );
    }
}
