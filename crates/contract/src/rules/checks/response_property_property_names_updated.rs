//! What the names of properties in responses must be like.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyPropertyNamesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-property-names-added",
            "response-property-property-names-added",
        ],
        purpose: "The names of properties in a response must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, propertyNames: {pattern: '^[a-z]+$'}}",
        safe: "base: {type: object, propertyNames: {pattern: '^[a-z]+$'}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "response-body-property-names-removed",
            "response-property-property-names-removed",
        ],
        purpose: "The names of properties in a response need no longer fit a schema.",
        why: "A client that makes columns, keys or fields of the names meets names it cannot use.",
        safely: "Keep the names within the schema until every consumer is ready.",
        breaking: "base: {type: object, propertyNames: {pattern: '^[a-z]+$'}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, propertyNames: {pattern: '^[a-z]+$'}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "response-body-property-names-added",
            "response-property-property-names-added",
        ),
        removed: (
            "response-body-property-names-removed",
            "response-property-property-names-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::schema(
        pair,
        report,
        (Keyword::PropertyNames, "propertyNames"),
        &ids,
    );
}
