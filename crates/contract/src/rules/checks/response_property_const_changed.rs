//! The one value that a schema in responses allows.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyConstChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-body-const-added", "response-property-const-added"],
        purpose: "A value in a response became fixed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, const: a}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
    Text {
        ids: &[
            "response-body-const-removed",
            "response-property-const-removed",
        ],
        purpose: "A value in a response is no longer fixed.",
        why: "A client that knew the one value meets others.",
        safely: "Tell consumers before other values are sent; ask them to ignore what they do not know.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-const-changed",
            "response-property-const-changed",
        ],
        purpose: "A fixed value in a response became another.",
        why: "A client that compares with the old value takes the wrong branch.",
        safely: "Send the new value in a property of its own until every consumer reads it.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string, const: b}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: ("response-body-const-added", "response-property-const-added"),
        removed: (
            "response-body-const-removed",
            "response-property-const-removed",
        ),
        changed: (
            "response-body-const-changed",
            "response-property-const-changed",
        ),
    };
    keywords::value(pair, report, (Keyword::Const, "const"), &ids);
}
