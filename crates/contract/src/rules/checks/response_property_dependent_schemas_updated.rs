//! Schemas that apply in responses when a property is there.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyDependentSchemasUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-dependent-schema-added",
            "response-property-dependent-schema-added",
        ],
        purpose: "An object in a response must fit one more schema when a property is there.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, dependentSchemas: {card: {required: [number]}}}",
        safe: "base: {type: object, dependentSchemas: {card: {required: [number]}}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "response-body-dependent-schema-removed",
            "response-property-dependent-schema-removed",
        ],
        purpose: "An object in a response need no longer fit a schema when a property is there.",
        why: "A client that relied on the shape whenever the property is there meets another.",
        safely: "Keep sending the shape until every consumer is ready.",
        breaking: "base: {type: object, dependentSchemas: {card: {required: [number]}}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, dependentSchemas: {card: {required: [number]}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "response-body-dependent-schema-added",
            "response-property-dependent-schema-added",
        ),
        removed: (
            "response-body-dependent-schema-removed",
            "response-property-dependent-schema-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::members(
        pair,
        report,
        (Keyword::DependentSchemas, "dependentSchemas"),
        &ids,
    );
}
