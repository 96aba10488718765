//! Optional properties that came to or left response schemas.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::response_properties::{self, Presence, SentIds};

pub(super) const CHECK: Check = Check {
    name: "ResponseOptionalPropertyUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-optional-property-removed"],
        purpose: "A property that responses may have is gone.",
        why: "Clients that read it when it is there never find it again; whether it was ever sent the document cannot tell.",
        safely: "Deprecate the property, watch who still reads it, and remove it when nobody does.",
        breaking: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
    },
    Text {
        ids: &["response-optional-property-added"],
        purpose: "Responses may have a new property.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["response-optional-write-only-property-removed"],
        purpose: "A write-only property left the schema of a response.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {a: {type: string, writeOnly: true}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["response-optional-write-only-property-added"],
        purpose: "A write-only property came to the schema of a response.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, writeOnly: true}, b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
    },
];

const ADDED: SentIds = SentIds {
    sent: "response-optional-property-added",
    write_only: "response-optional-write-only-property-added",
};
const REMOVED: SentIds = SentIds {
    sent: "response-optional-property-removed",
    write_only: "response-optional-write-only-property-removed",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    response_properties::updated(pair, report, Presence::Optional, (ADDED, REMOVED));
}
