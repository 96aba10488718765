//! What no other keyword of a schema in responses speaks of.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyUnevaluatedUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-unevaluated-items-added",
            "response-property-unevaluated-items-added",
        ],
        purpose: "Elements in a response that no other keyword speaks of must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array}\nrevision: {type: array, unevaluatedItems: false}",
        safe: "base: {type: array}\nrevision: {type: array, unevaluatedItems: true}",
    },
    Text {
        ids: &[
            "response-body-unevaluated-items-removed",
            "response-property-unevaluated-items-removed",
        ],
        purpose: "Elements in a response that no other keyword speaks of are free.",
        why: "A client that refuses what it does not know meets it.",
        safely: "Ask consumers to ignore what they do not know before it is sent.",
        breaking: "base: {type: array, unevaluatedItems: false}\nrevision: {type: array}",
        safe: "base: {type: array, unevaluatedItems: true}\nrevision: {type: array}",
    },
    Text {
        ids: &[
            "response-body-unevaluated-properties-added",
            "response-property-unevaluated-properties-added",
        ],
        purpose: "Properties in a response that no other keyword speaks of must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, unevaluatedProperties: false}",
        safe: "base: {type: object}\nrevision: {type: object, unevaluatedProperties: true}",
    },
    Text {
        ids: &[
            "response-body-unevaluated-properties-removed",
            "response-property-unevaluated-properties-removed",
        ],
        purpose: "Properties in a response that no other keyword speaks of are free.",
        why: "A client that refuses what it does not know meets it.",
        safely: "Ask consumers to ignore what they do not know before it is sent.",
        breaking: "base: {type: object, unevaluatedProperties: false}\nrevision: {type: object}",
        safe: "base: {type: object, unevaluatedProperties: true}\nrevision: {type: object}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "response-body-unevaluated-items-added",
            "response-property-unevaluated-items-added",
        ),
        removed: (
            "response-body-unevaluated-items-removed",
            "response-property-unevaluated-items-removed",
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
            "response-body-unevaluated-properties-added",
            "response-property-unevaluated-properties-added",
        ),
        removed: (
            "response-body-unevaluated-properties-removed",
            "response-property-unevaluated-properties-removed",
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
