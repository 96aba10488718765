//! Schemas that values must not fit.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "NotUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-not-added",
            "request-property-not-added",
            "request-parameter-not-added",
            "request-parameter-property-not-added",
        ],
        purpose: "A value in a request must not fit a schema.",
        why: "Values that fit the schema were fine and are refused.",
        safely: "State only what the server has always refused.",
        breaking: "base: {type: string}\nrevision: {type: string, not: {const: a}}",
        safe: "base: {type: string, not: {const: a}}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-not-added",
            "response-property-not-added",
            "response-header-not-added",
        ],
        purpose: "A value in a response must not fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, not: {const: a}}",
        safe: "base: {type: string, not: {const: a}}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-not-removed",
            "request-property-not-removed",
            "request-parameter-not-removed",
            "request-parameter-property-not-removed",
        ],
        purpose: "A value in a request may fit a schema that it must not before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, not: {const: a}}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, not: {const: a}}",
    },
    Text {
        ids: &[
            "response-body-not-removed",
            "response-property-not-removed",
            "response-header-not-removed",
        ],
        purpose: "A value in a response may fit a schema that it must not before.",
        why: "A client that never saw such values meets them.",
        safely: "Tell consumers before such values are sent.",
        breaking: "base: {type: string, not: {const: a}}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, not: {const: a}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = KeywordIds {
        added: ADDED.ids(pair.place),
        removed: REMOVED.ids(pair.place),
        ..KeywordIds::NONE
    };
    keywords::value(pair, report, (Keyword::Not, "not"), &ids);
}

const ADDED: Everywhere = Everywhere {
    request: ("request-body-not-added", "request-property-not-added"),
    response: ("response-body-not-added", "response-property-not-added"),
    parameter: (
        "request-parameter-not-added",
        "request-parameter-property-not-added",
    ),
    header: "response-header-not-added",
};
const REMOVED: Everywhere = Everywhere {
    request: ("request-body-not-removed", "request-property-not-removed"),
    response: ("response-body-not-removed", "response-property-not-removed"),
    parameter: (
        "request-parameter-not-removed",
        "request-parameter-property-not-removed",
    ),
    header: "response-header-not-removed",
};
