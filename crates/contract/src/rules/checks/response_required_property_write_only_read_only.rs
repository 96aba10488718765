//! Properties of responses that became read-only or write-only, or no longer are.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponseRequiredPropertyWriteOnlyReadOnlyCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-required-property-became-read-only"],
        purpose: "A required property in a response became read-only.",
        why: "Where the flag is set the property has no part in one of the two directions.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["response-required-property-became-not-read-only"],
        purpose: "A required property in a response is no longer read-only.",
        why: "The property takes part in both directions now.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
    },
    Text {
        ids: &["response-required-property-became-write-only"],
        purpose: "A required property in a response became write-only.",
        why: "Where the flag is set the property has no part in one of the two directions.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["response-required-property-became-not-write-only"],
        purpose: "A required property in a response is no longer write-only.",
        why: "The property takes part in both directions now.",
        safely: "Tell consumers who send or read it.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if !pair.is_required().0 {
        return;
    }
    shared::flag(
        pair,
        report,
        Keyword::ReadOnly,
        "response-required-property-became-read-only",
        "response-required-property-became-not-read-only",
    );
    shared::flag(
        pair,
        report,
        Keyword::WriteOnly,
        "response-required-property-became-write-only",
        "response-required-property-became-not-write-only",
    );
}
