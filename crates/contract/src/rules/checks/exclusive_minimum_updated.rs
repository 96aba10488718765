//! An exclusive lower bound of a number, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "ExclusiveMinimumUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-property-exclusive-min-set"],
        purpose: "An exclusive lower bound of a number in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &[
            "response-body-exclusive-min-set",
            "response-property-exclusive-min-set",
            "response-header-exclusive-min-set",
        ],
        purpose: "An exclusive lower bound of a number in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &[
            "request-body-exclusive-min-unset",
            "request-property-exclusive-min-unset",
            "request-parameter-exclusive-min-unset",
            "request-parameter-property-exclusive-min-unset",
        ],
        purpose: "An exclusive lower bound of a number in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &[
            "response-body-exclusive-min-unset",
            "response-property-exclusive-min-unset",
            "response-header-exclusive-min-unset",
        ],
        purpose: "An exclusive lower bound of a number in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &["request-parameter-property-exclusive-min-increased"],
        purpose: "An exclusive lower bound of a number in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
        safe: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &[
            "response-body-exclusive-min-increased",
            "response-property-exclusive-min-increased",
            "response-header-exclusive-min-increased",
        ],
        purpose: "An exclusive lower bound of a number in a response became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
        safe: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &["request-parameter-property-exclusive-min-decreased"],
        purpose: "An exclusive lower bound of a number in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
    },
    Text {
        ids: &["response-header-exclusive-min-decreased"],
        purpose: "An exclusive lower bound of a number in a response became smaller.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            response: (
                "response-body-exclusive-min-set",
                "response-property-exclusive-min-set",
            ),
            parameter: ("", "request-parameter-property-exclusive-min-set"),
            header: "response-header-exclusive-min-set",
            ..Everywhere::NONE
        },
        unset: Everywhere {
            request: (
                "request-body-exclusive-min-unset",
                "request-property-exclusive-min-unset",
            ),
            response: (
                "response-body-exclusive-min-unset",
                "response-property-exclusive-min-unset",
            ),
            parameter: (
                "request-parameter-exclusive-min-unset",
                "request-parameter-property-exclusive-min-unset",
            ),
            header: "response-header-exclusive-min-unset",
        },
        increased: Everywhere {
            response: (
                "response-body-exclusive-min-increased",
                "response-property-exclusive-min-increased",
            ),
            parameter: ("", "request-parameter-property-exclusive-min-increased"),
            header: "response-header-exclusive-min-increased",
            ..Everywhere::NONE
        },
        decreased: Everywhere {
            parameter: ("", "request-parameter-property-exclusive-min-decreased"),
            header: "response-header-exclusive-min-decreased",
            ..Everywhere::NONE
        },
    };
    everywhere::limit(
        pair,
        report,
        "exclusiveMinimum",
        |schema| schema.exclusive(Keyword::Minimum, Keyword::ExclusiveMinimum),
        &ids,
    );
}
