//! The one value that a parameter or a response header allows.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ParameterConstChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-parameter-const-added",
            "request-parameter-property-const-added",
        ],
        purpose: "A value in a request became fixed.",
        why: "Every other value is refused, though the contract allowed it.",
        safely: "Let the server take the old values too.",
        breaking: "base: {type: string}\nrevision: {type: string, const: a}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
    Text {
        ids: &["response-header-const-added"],
        purpose: "A value in a response became fixed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, const: a}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
    Text {
        ids: &[
            "request-parameter-const-removed",
            "request-parameter-property-const-removed",
        ],
        purpose: "A value in a request is no longer fixed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string}",
    },
    Text {
        ids: &["response-header-const-removed"],
        purpose: "A value in a response is no longer fixed.",
        why: "A client that knew the one value meets others.",
        safely: "Tell consumers before other values are sent.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-parameter-const-changed",
            "request-parameter-property-const-changed",
        ],
        purpose: "A fixed value in a request became another.",
        why: "Clients send the old value, and it is refused.",
        safely: "Take both values with `enum` until nobody sends the old one.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string, const: b}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
    Text {
        ids: &["response-header-const-changed"],
        purpose: "A fixed value in a response became another.",
        why: "A client that compares with the old value takes the wrong branch.",
        safely: "Send the new value in a header of its own.",
        breaking: "base: {type: string, const: a}\nrevision: {type: string, const: b}",
        safe: "base: {type: string, const: a}\nrevision: {type: string, const: a}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = KeywordIds {
        added: ADDED.ids(pair.place),
        removed: REMOVED.ids(pair.place),
        changed: CHANGED.ids(pair.place),
    };
    keywords::value(pair, report, (Keyword::Const, "const"), &ids);
}

const ADDED: Everywhere = Everywhere {
    parameter: (
        "request-parameter-const-added",
        "request-parameter-property-const-added",
    ),
    header: "response-header-const-added",
    ..Everywhere::NONE
};
const REMOVED: Everywhere = Everywhere {
    parameter: (
        "request-parameter-const-removed",
        "request-parameter-property-const-removed",
    ),
    header: "response-header-const-removed",
    ..Everywhere::NONE
};
const CHANGED: Everywhere = Everywhere {
    parameter: (
        "request-parameter-const-changed",
        "request-parameter-property-const-changed",
    ),
    header: "response-header-const-changed",
    ..Everywhere::NONE
};
