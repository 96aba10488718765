//! Schemas of the elements of arrays that came or went.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-items-added",
            "request-property-items-added",
            "request-parameter-items-added",
            "request-parameter-property-items-added",
        ],
        purpose: "The elements of an array in a request must fit a schema.",
        why: "Elements that do not fit the schema were fine and are refused.",
        safely: "State only what the server has always asked for.",
        breaking: "base: {type: array}\nrevision: {type: array, items: {type: string}}",
        safe: "base: {type: array, items: {type: string}}\nrevision: {type: array}",
    },
    Text {
        ids: &[
            "response-body-items-added",
            "response-property-items-added",
            "response-header-items-added",
        ],
        purpose: "The elements of an array in a response must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array}\nrevision: {type: array, items: {type: string}}",
        safe: "base: {type: array, items: {type: string}}\nrevision: {type: array}",
    },
    Text {
        ids: &[
            "request-body-items-removed",
            "request-property-items-removed",
            "request-parameter-items-removed",
            "request-parameter-property-items-removed",
        ],
        purpose: "The elements of an array in a request need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, items: {type: string}}\nrevision: {type: array}",
        safe: "base: {type: array}\nrevision: {type: array, items: {type: string}}",
    },
    Text {
        ids: &[
            "response-body-items-removed",
            "response-property-items-removed",
            "response-header-items-removed",
        ],
        purpose: "The elements of an array in a response need no longer fit a schema.",
        why: "A client that reads the elements by the schema meets others, and generated code has no type for them.",
        safely: "Keep the schema.",
        breaking: "base: {type: array, items: {type: string}}\nrevision: {type: array}",
        safe: "base: {type: array}\nrevision: {type: array, items: {type: string}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = KeywordIds {
        added: ADDED.ids(pair.place),
        removed: REMOVED.ids(pair.place),
        ..KeywordIds::NONE
    };
    keywords::schema(pair, report, (Keyword::Items, "items"), &ids);
}

const ADDED: Everywhere = Everywhere {
    request: ("request-body-items-added", "request-property-items-added"),
    response: ("response-body-items-added", "response-property-items-added"),
    parameter: (
        "request-parameter-items-added",
        "request-parameter-property-items-added",
    ),
    header: "response-header-items-added",
};
const REMOVED: Everywhere = Everywhere {
    request: (
        "request-body-items-removed",
        "request-property-items-removed",
    ),
    response: (
        "response-body-items-removed",
        "response-property-items-removed",
    ),
    parameter: (
        "request-parameter-items-removed",
        "request-parameter-property-items-removed",
    ),
    header: "response-header-items-removed",
};
