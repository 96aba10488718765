//! Schemas of the properties in responses whose names match a pattern.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyPatternPropertiesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-pattern-property-added",
            "response-property-pattern-property-added",
        ],
        purpose: "Properties in a response whose names match a pattern must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, patternProperties: {'^x-': {type: string}}}",
        safe: "base: {type: object, patternProperties: {'^x-': {type: string}}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "response-body-pattern-property-removed",
            "response-property-pattern-property-removed",
        ],
        purpose: "Properties in a response whose names match a pattern need no longer fit a schema.",
        why: "A client that relied on the schema for such names meets other values.",
        safely: "Keep the values of such names within the schema until every consumer is ready.",
        breaking: "base: {type: object, patternProperties: {'^x-': {type: string}}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, patternProperties: {'^x-': {type: string}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "response-body-pattern-property-added",
            "response-property-pattern-property-added",
        ),
        removed: (
            "response-body-pattern-property-removed",
            "response-property-pattern-property-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::members(
        pair,
        report,
        (Keyword::PatternProperties, "patternProperties"),
        &ids,
    );
}
