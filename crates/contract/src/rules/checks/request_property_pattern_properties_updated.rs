//! Schemas of the properties in requests whose names match a pattern.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyPatternPropertiesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-pattern-property-added",
            "request-property-pattern-property-added",
        ],
        purpose: "Properties in a request whose names match a pattern must fit a schema.",
        why: "A property of such a name that does not fit the schema was fine and is refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: object}\nrevision: {type: object, patternProperties: {'^x-': {type: string}}}",
        safe: "base: {type: object, patternProperties: {'^x-': {type: string}}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "request-body-pattern-property-removed",
            "request-property-pattern-property-removed",
        ],
        purpose: "Properties in a request whose names match a pattern need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, patternProperties: {'^x-': {type: string}}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, patternProperties: {'^x-': {type: string}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "request-body-pattern-property-added",
            "request-property-pattern-property-added",
        ),
        removed: (
            "request-body-pattern-property-removed",
            "request-property-pattern-property-removed",
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
