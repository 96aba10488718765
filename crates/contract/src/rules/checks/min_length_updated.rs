//! The minimum length of a text, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MinLengthUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-property-min-length-increased"],
        purpose: "The minimum length of a text in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 10}",
        safe: "base: {type: string, minLength: 10}\nrevision: {type: string, minLength: 5}",
    },
    Text {
        ids: &[
            "response-body-min-length-increased",
            "response-property-min-length-increased",
            "response-header-min-length-increased",
        ],
        purpose: "The minimum length of a text in a response became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 10}",
        safe: "base: {type: string, minLength: 10}\nrevision: {type: string, minLength: 5}",
    },
    Text {
        ids: &["request-parameter-property-min-length-decreased"],
        purpose: "The minimum length of a text in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, minLength: 10}\nrevision: {type: string, minLength: 5}",
        safe: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 10}",
    },
    Text {
        ids: &["response-header-min-length-decreased"],
        purpose: "The minimum length of a text in a response became smaller.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: string, minLength: 10}\nrevision: {type: string, minLength: 5}",
        safe: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere::NONE,
        unset: Everywhere::NONE,
        increased: Everywhere {
            response: (
                "response-body-min-length-increased",
                "response-property-min-length-increased",
            ),
            parameter: ("", "request-parameter-property-min-length-increased"),
            header: "response-header-min-length-increased",
            ..Everywhere::NONE
        },
        decreased: Everywhere {
            parameter: ("", "request-parameter-property-min-length-decreased"),
            header: "response-header-min-length-decreased",
            ..Everywhere::NONE
        },
    };
    everywhere::limit(
        pair,
        report,
        "minLength",
        |schema| shared::at_least_zero(schema, Keyword::MinLength),
        &ids,
    );
}
