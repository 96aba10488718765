//! Required properties that came to or left response schemas.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::response_properties::{self, Presence, SentIds};

pub(super) const CHECK: Check = Check {
    name: "ResponseRequiredPropertyUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-required-property-removed"],
        purpose: "A property that responses always have is gone.",
        why: "Clients that read it find nothing.",
        safely: "Deprecate the property, watch who still reads it, and remove it when nobody does.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}",
    },
    Text {
        ids: &["response-required-property-added"],
        purpose: "Responses always have a new property.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["response-required-write-only-property-removed"],
        purpose: "A write-only property left the schema of a response.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["response-required-write-only-property-added"],
        purpose: "A write-only property came to the schema of a response.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}, b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}",
    },
    Text {
        ids: &["response-body-wrapped-in-one-of"],
        purpose: "The object of a response became one of several alternatives.",
        why: "A property that was always there may be missing, and generated code has another type.",
        safely: "Keep the object and add what is new as optional properties.",
        breaking: "base: {type: object, properties: {a: {type: string}}}\nrevision: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}",
        safe: "base: {oneOf: [{type: object, title: x, properties: {a: {type: string}}}]}\nrevision: {oneOf: [{type: object, title: x, properties: {a: {type: string}}}, {type: object, title: y}]}",
    },
];

const ADDED: SentIds = SentIds {
    sent: "response-required-property-added",
    write_only: "response-required-write-only-property-added",
};
const REMOVED: SentIds = SentIds {
    sent: "response-required-property-removed",
    write_only: "response-required-write-only-property-removed",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.data.transition.moved.is_empty() && pair.is_root() && pair.is_response() {
        let message = format!("{} was wrapped in `oneOf`", pair.subject());
        let node = pair.revision().get(Keyword::OneOf);
        pair.report(
            report,
            Found::new("response-body-wrapped-in-one-of", message)
                .base(pair.base().node)
                .revision(node),
        );
    }
    response_properties::updated(pair, report, Presence::Required, (ADDED, REMOVED));
}
