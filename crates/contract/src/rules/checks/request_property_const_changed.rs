//! The one value that a schema in requests allows.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyConstChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-const-added", "request-property-const-added"],
        purpose: "A value in a request became fixed.",
        why: "Every other value is refused, though the contract allowed it.",
        safely: "Let the server take the old values too, and state the one that is wanted in the description.",
        breaking: "base: {type: string}\nrevision: {type: string, const: a}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
    Text {
        ids: &[
            "request-body-const-removed",
            "request-property-const-removed",
        ],
        purpose: "A value in a request is no longer fixed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-const-changed",
            "request-property-const-changed",
        ],
        purpose: "A fixed value in a request became another.",
        why: "Clients send the old value, and it is refused.",
        safely: "Take both values with `enum` until nobody sends the old one.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string, const: b}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: ("request-body-const-added", "request-property-const-added"),
        removed: (
            "request-body-const-removed",
            "request-property-const-removed",
        ),
        changed: (
            "request-body-const-changed",
            "request-property-const-changed",
        ),
    };
    keywords::value(pair, report, (Keyword::Const, "const"), &ids);
}
