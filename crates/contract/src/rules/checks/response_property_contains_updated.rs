//! What an array in responses must contain, and how often.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyContainsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-contains-added",
            "response-property-contains-added",
        ],
        purpose: "An array in a response must contain an element of a kind.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array}\nrevision: {type: array, contains: {type: string}}",
        safe: "base: {type: array, contains: {type: string}}\nrevision: {type: array}",
    },
    Text {
        ids: &[
            "response-body-contains-removed",
            "response-property-contains-removed",
        ],
        purpose: "An array in a response need no longer contain an element of a kind.",
        why: "A client that looks for such an element finds none, or more than it has room for.",
        safely: "Keep sending what was promised until every consumer is ready.",
        breaking: "base: {type: array, contains: {type: string}}\nrevision: {type: array}",
        safe: "base: {type: array}\nrevision: {type: array, contains: {type: string}}",
    },
    Text {
        ids: &[
            "response-body-min-contains-increased",
            "response-property-min-contains-increased",
        ],
        purpose: "An array in a response must contain more elements of a kind.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, contains: {type: string}, minContains: 1}\nrevision: {type: array, contains: {type: string}, minContains: 2}",
        safe: "base: {type: array, contains: {type: string}, minContains: 2}\nrevision: {type: array, contains: {type: string}, minContains: 1}",
    },
    Text {
        ids: &[
            "response-body-min-contains-decreased",
            "response-property-min-contains-decreased",
        ],
        purpose: "An array in a response may contain fewer elements of a kind.",
        why: "A client that looks for such an element finds none, or more than it has room for.",
        safely: "Keep sending what was promised until every consumer is ready.",
        breaking: "base: {type: array, contains: {type: string}, minContains: 2}\nrevision: {type: array, contains: {type: string}, minContains: 1}",
        safe: "base: {type: array, contains: {type: string}, minContains: 1}\nrevision: {type: array, contains: {type: string}, minContains: 2}",
    },
    Text {
        ids: &[
            "response-body-max-contains-increased",
            "response-property-max-contains-increased",
        ],
        purpose: "An array in a response may contain more elements of a kind.",
        why: "A client that looks for such an element finds none, or more than it has room for.",
        safely: "Keep sending what was promised until every consumer is ready.",
        breaking: "base: {type: array, contains: {type: string}, maxContains: 2}\nrevision: {type: array, contains: {type: string}, maxContains: 3}",
        safe: "base: {type: array, contains: {type: string}, maxContains: 3}\nrevision: {type: array, contains: {type: string}, maxContains: 2}",
    },
    Text {
        ids: &[
            "response-body-max-contains-decreased",
            "response-property-max-contains-decreased",
        ],
        purpose: "An array in a response may contain fewer elements of a kind than before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, contains: {type: string}, maxContains: 3}\nrevision: {type: array, contains: {type: string}, maxContains: 2}",
        safe: "base: {type: array, contains: {type: string}, maxContains: 2}\nrevision: {type: array, contains: {type: string}, maxContains: 3}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "response-body-contains-added",
            "response-property-contains-added",
        ),
        removed: (
            "response-body-contains-removed",
            "response-property-contains-removed",
        ),
        ..KeywordIds::NONE
    };
    keywords::value(pair, report, (Keyword::Contains, "contains"), &ids);
    let ids = LimitIds {
        increased: (
            "response-body-min-contains-increased",
            "response-property-min-contains-increased",
        ),
        decreased: (
            "response-body-min-contains-decreased",
            "response-property-min-contains-decreased",
        ),
        ..LimitIds::NONE
    };
    let read = |schema: &Schema<'t>| schema.limit(Keyword::MinContains);
    shared::limit(pair, report, "minContains", read, &ids);
    let ids = LimitIds {
        increased: (
            "response-body-max-contains-increased",
            "response-property-max-contains-increased",
        ),
        decreased: (
            "response-body-max-contains-decreased",
            "response-property-max-contains-decreased",
        ),
        ..LimitIds::NONE
    };
    let read = |schema: &Schema<'t>| schema.limit(Keyword::MaxContains);
    shared::limit(pair, report, "maxContains", read, &ids);
}
