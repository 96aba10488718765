//! What an array in requests must contain, and how often.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyContainsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-contains-added",
            "request-property-contains-added",
        ],
        purpose: "An array in a request must contain an element of a kind.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: array}\nrevision: {type: array, contains: {type: string}}",
        safe: "base: {type: array, contains: {type: string}}\nrevision: {type: array}",
    },
    Text {
        ids: &[
            "request-body-contains-removed",
            "request-property-contains-removed",
        ],
        purpose: "An array in a request need no longer contain an element of a kind.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, contains: {type: string}}\nrevision: {type: array}",
        safe: "base: {type: array}\nrevision: {type: array, contains: {type: string}}",
    },
    Text {
        ids: &[
            "request-body-min-contains-increased",
            "request-property-min-contains-increased",
        ],
        purpose: "An array in a request must contain more elements of a kind.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: array, contains: {type: string}, minContains: 1}\nrevision: {type: array, contains: {type: string}, minContains: 2}",
        safe: "base: {type: array, contains: {type: string}, minContains: 2}\nrevision: {type: array, contains: {type: string}, minContains: 1}",
    },
    Text {
        ids: &[
            "request-body-min-contains-decreased",
            "request-property-min-contains-decreased",
        ],
        purpose: "An array in a request may contain fewer elements of a kind.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, contains: {type: string}, minContains: 2}\nrevision: {type: array, contains: {type: string}, minContains: 1}",
        safe: "base: {type: array, contains: {type: string}, minContains: 1}\nrevision: {type: array, contains: {type: string}, minContains: 2}",
    },
    Text {
        ids: &[
            "request-body-max-contains-increased",
            "request-property-max-contains-increased",
        ],
        purpose: "An array in a request may contain more elements of a kind.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, contains: {type: string}, maxContains: 2}\nrevision: {type: array, contains: {type: string}, maxContains: 3}",
        safe: "base: {type: array, contains: {type: string}, maxContains: 3}\nrevision: {type: array, contains: {type: string}, maxContains: 2}",
    },
    Text {
        ids: &[
            "request-body-max-contains-decreased",
            "request-property-max-contains-decreased",
        ],
        purpose: "An array in a request may contain fewer elements of a kind than before.",
        why: "A request that was fine before may now be refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: array, contains: {type: string}, maxContains: 3}\nrevision: {type: array, contains: {type: string}, maxContains: 2}",
        safe: "base: {type: array, contains: {type: string}, maxContains: 2}\nrevision: {type: array, contains: {type: string}, maxContains: 3}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "request-body-contains-added",
            "request-property-contains-added",
        ),
        removed: (
            "request-body-contains-removed",
            "request-property-contains-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::value(pair, report, (Keyword::Contains, "contains"), &ids);
    let ids = LimitIds {
        increased: (
            "request-body-min-contains-increased",
            "request-property-min-contains-increased",
        ),
        decreased: (
            "request-body-min-contains-decreased",
            "request-property-min-contains-decreased",
        ),
        ..LimitIds::NONE
    };
    let read = |schema: &Schema<'t>| schema.limit(Keyword::MinContains);
    shared::limit(pair, report, "minContains", read, &ids);
    let ids = LimitIds {
        increased: (
            "request-body-max-contains-increased",
            "request-property-max-contains-increased",
        ),
        decreased: (
            "request-body-max-contains-decreased",
            "request-property-max-contains-decreased",
        ),
        ..LimitIds::NONE
    };
    let read = |schema: &Schema<'t>| schema.limit(Keyword::MaxContains);
    shared::limit(pair, report, "maxContains", read, &ids);
}
