//! Schemas that apply in requests when a property is there.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyDependentSchemasUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-dependent-schema-added",
            "request-property-dependent-schema-added",
        ],
        purpose: "An object in a request must fit one more schema when a property is there.",
        why: "A request with the property that does not fit the schema was fine and is refused.",
        safely: "Describe the wanted shape in an alternative of its own and keep the old one.",
        breaking: "base: {type: object}\nrevision: {type: object, dependentSchemas: {card: {required: [number]}}}",
        safe: "base: {type: object, dependentSchemas: {card: {required: [number]}}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "request-body-dependent-schema-removed",
            "request-property-dependent-schema-removed",
        ],
        purpose: "An object in a request need no longer fit a schema when a property is there.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, dependentSchemas: {card: {required: [number]}}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, dependentSchemas: {card: {required: [number]}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "request-body-dependent-schema-added",
            "request-property-dependent-schema-added",
        ),
        removed: (
            "request-body-dependent-schema-removed",
            "request-property-dependent-schema-removed",
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
