//! Properties of requests that became read-only or write-only, or no longer are.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyWriteOnlyReadOnlyCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-optional-property-became-read-only"],
        purpose: "An optional property in a request became read-only.",
        why: "Where the flag is set the property has no part in one of the two directions.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, readOnly: true}}}",
        safe: "base: {type: object, properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, properties: {a: {type: string}}}",
    },
    Text {
        ids: &["request-optional-property-became-not-read-only"],
        purpose: "An optional property in a request is no longer read-only.",
        why: "The property takes part in both directions now.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, properties: {a: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, readOnly: true}}}",
    },
    Text {
        ids: &["request-optional-property-became-write-only"],
        purpose: "An optional property in a request became write-only.",
        why: "Where the flag is set the property has no part in one of the two directions.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, writeOnly: true}}}",
        safe: "base: {type: object, properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, properties: {a: {type: string}}}",
    },
    Text {
        ids: &["request-optional-property-became-not-write-only"],
        purpose: "An optional property in a request is no longer write-only.",
        why: "The property takes part in both directions now.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, properties: {a: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, writeOnly: true}}}",
    },
    Text {
        ids: &["request-required-property-became-read-only"],
        purpose: "A required property in a request became read-only.",
        why: "Where the flag is set the property has no part in one of the two directions.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["request-required-property-became-not-read-only"],
        purpose: "A required property in a request is no longer read-only.",
        why: "The property takes part in both directions now.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
    },
    Text {
        ids: &["request-required-property-became-write-only"],
        purpose: "A required property in a request became write-only.",
        why: "Where the flag is set the property has no part in one of the two directions.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["request-required-property-became-not-write-only"],
        purpose: "A required property in a request is no longer write-only.",
        why: "The property takes part in both directions now.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let [read, not_read, write, not_write] = match pair.is_required().0 {
        true => [
            "request-required-property-became-read-only",
            "request-required-property-became-not-read-only",
            "request-required-property-became-write-only",
            "request-required-property-became-not-write-only",
        ],
        false => [
            "request-optional-property-became-read-only",
            "request-optional-property-became-not-read-only",
            "request-optional-property-became-write-only",
            "request-optional-property-became-not-write-only",
        ],
    };
    shared::flag(pair, report, Keyword::ReadOnly, read, not_read);
    shared::flag(pair, report, Keyword::WriteOnly, write, not_write);
}
