//! What the names of properties in requests must be like.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyPropertyNamesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-property-names-added",
            "request-property-property-names-added",
        ],
        purpose: "The names of properties in a request must fit a schema.",
        why: "A name that does not fit was fine and is refused.",
        safely: "Take all names of before, and ask for the new form in a new version.",
        breaking: "base: {type: object}\nrevision: {type: object, propertyNames: {pattern: '^[a-z]+$'}}",
        safe: "base: {type: object, propertyNames: {pattern: '^[a-z]+$'}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "request-body-property-names-removed",
            "request-property-property-names-removed",
        ],
        purpose: "The names of properties in a request need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, propertyNames: {pattern: '^[a-z]+$'}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, propertyNames: {pattern: '^[a-z]+$'}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "request-body-property-names-added",
            "request-property-property-names-added",
        ),
        removed: (
            "request-body-property-names-removed",
            "request-property-property-names-removed",
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
