//! What no other keyword of a schema in requests speaks of.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyUnevaluatedUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-unevaluated-items-added",
            "request-property-unevaluated-items-added",
        ],
        purpose: "Elements in a request that no other keyword speaks of must fit a schema.",
        why: "What was sent beyond the schema was ignored and is refused.",
        safely: "Go on ignoring what the contract does not name.",
        breaking: "base: {type: array}\nrevision: {type: array, unevaluatedItems: false}",
        safe: "base: {type: array}\nrevision: {type: array, unevaluatedItems: true}",
    },
    Text {
        ids: &[
            "request-body-unevaluated-items-removed",
            "request-property-unevaluated-items-removed",
        ],
        purpose: "Elements in a request that no other keyword speaks of are free.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, unevaluatedItems: false}\nrevision: {type: array}",
        safe: "base: {type: array, unevaluatedItems: true}\nrevision: {type: array}",
    },
    Text {
        ids: &[
            "request-body-unevaluated-properties-added",
            "request-property-unevaluated-properties-added",
        ],
        purpose: "Properties in a request that no other keyword speaks of must fit a schema.",
        why: "What was sent beyond the schema was ignored and is refused.",
        safely: "Go on ignoring what the contract does not name.",
        breaking: "base: {type: object}\nrevision: {type: object, unevaluatedProperties: false}",
        safe: "base: {type: object}\nrevision: {type: object, unevaluatedProperties: true}",
    },
    Text {
        ids: &[
            "request-body-unevaluated-properties-removed",
            "request-property-unevaluated-properties-removed",
        ],
        purpose: "Properties in a request that no other keyword speaks of are free.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, unevaluatedProperties: false}\nrevision: {type: object}",
        safe: "base: {type: object, unevaluatedProperties: true}\nrevision: {type: object}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "request-body-unevaluated-items-added",
            "request-property-unevaluated-items-added",
        ),
        removed: (
            "request-body-unevaluated-items-removed",
            "request-property-unevaluated-items-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::schema(
        pair,
        report,
        (Keyword::UnevaluatedItems, "unevaluatedItems"),
        &ids,
    );
    let ids = KeywordIds {
        added: (
            "request-body-unevaluated-properties-added",
            "request-property-unevaluated-properties-added",
        ),
        removed: (
            "request-body-unevaluated-properties-removed",
            "request-property-unevaluated-properties-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::schema(
        pair,
        report,
        (Keyword::UnevaluatedProperties, "unevaluatedProperties"),
        &ids,
    );
}
