//! Whether an array may hold the same element twice.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere};

pub(super) const CHECK: Check = Check {
    name: "UniqueItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-unique-items-set",
            "request-property-unique-items-set",
            "request-parameter-unique-items-set",
            "request-parameter-property-unique-items-set",
        ],
        purpose: "An array in a request may no longer hold the same element twice.",
        why: "What the contract allowed before it no longer does; whether the server ever took it, the document cannot tell.",
        safely: "State only what the server has always asked for; otherwise introduce it in a new version.",
        breaking: "base: {type: array}\nrevision: {type: array, uniqueItems: true}",
        safe: "base: {type: array}\nrevision: {type: array, uniqueItems: false}",
    },
    Text {
        ids: &[
            "response-body-unique-items-set",
            "response-property-unique-items-set",
            "response-header-unique-items-set",
        ],
        purpose: "An array in a response may no longer hold the same element twice.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array}\nrevision: {type: array, uniqueItems: true}",
        safe: "base: {type: array}\nrevision: {type: array, uniqueItems: false}",
    },
    Text {
        ids: &[
            "request-body-unique-items-unset",
            "request-property-unique-items-unset",
            "request-parameter-unique-items-unset",
            "request-parameter-property-unique-items-unset",
        ],
        purpose: "An array in a request may hold the same element twice.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, uniqueItems: true}\nrevision: {type: array}",
        safe: "base: {type: array, uniqueItems: true}\nrevision: {type: array, uniqueItems: true}",
    },
    Text {
        ids: &[
            "response-body-unique-items-unset",
            "response-property-unique-items-unset",
            "response-header-unique-items-unset",
        ],
        purpose: "An array in a response may hold the same element twice.",
        why: "A client that makes a set or a map of the elements loses some, or fails.",
        safely: "Keep the elements distinct until every consumer is ready.",
        breaking: "base: {type: array, uniqueItems: true}\nrevision: {type: array}",
        safe: "base: {type: array, uniqueItems: true}\nrevision: {type: array, uniqueItems: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let (old, new) = (
        pair.base().flag(Keyword::UniqueItems),
        pair.revision().flag(Keyword::UniqueItems),
    );
    if old == new || everywhere::is_absent(pair) {
        return;
    }
    let (ids, word) = match new {
        true => (SET, "must be unique"),
        false => (UNSET, "need no longer be unique"),
    };
    let message = format!("the elements of {} {word}", pair.subject());
    let found = Found::new(ids.id(pair), message)
        .base(pair.base().get(Keyword::UniqueItems))
        .revision(pair.revision().get(Keyword::UniqueItems));
    pair.report(report, found);
}

const SET: Everywhere = Everywhere {
    request: (
        "request-body-unique-items-set",
        "request-property-unique-items-set",
    ),
    response: (
        "response-body-unique-items-set",
        "response-property-unique-items-set",
    ),
    parameter: (
        "request-parameter-unique-items-set",
        "request-parameter-property-unique-items-set",
    ),
    header: "response-header-unique-items-set",
};
const UNSET: Everywhere = Everywhere {
    request: (
        "request-body-unique-items-unset",
        "request-property-unique-items-unset",
    ),
    response: (
        "response-body-unique-items-unset",
        "response-property-unique-items-unset",
    ),
    parameter: (
        "request-parameter-unique-items-unset",
        "request-parameter-property-unique-items-unset",
    ),
    header: "response-header-unique-items-unset",
};
