//! An exclusive upper bound of a number, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "ExclusiveMaximumUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-property-exclusive-max-set"],
        purpose: "An exclusive upper bound of a number in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, exclusiveMaximum: 5}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &[
            "response-body-exclusive-max-set",
            "response-property-exclusive-max-set",
            "response-header-exclusive-max-set",
        ],
        purpose: "An exclusive upper bound of a number in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number}\nrevision: {type: number, exclusiveMaximum: 5}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &[
            "request-body-exclusive-max-unset",
            "request-property-exclusive-max-unset",
            "request-parameter-exclusive-max-unset",
            "request-parameter-property-exclusive-max-unset",
        ],
        purpose: "An exclusive upper bound of a number in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &[
            "response-body-exclusive-max-unset",
            "response-property-exclusive-max-unset",
            "response-header-exclusive-max-unset",
        ],
        purpose: "An exclusive upper bound of a number in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &["request-parameter-property-exclusive-max-increased"],
        purpose: "An exclusive upper bound of a number in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
        safe: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &["response-header-exclusive-max-increased"],
        purpose: "An exclusive upper bound of a number in a response became larger.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
        safe: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &["request-parameter-property-exclusive-max-decreased"],
        purpose: "An exclusive upper bound of a number in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
    },
    Text {
        ids: &[
            "response-body-exclusive-max-decreased",
            "response-property-exclusive-max-decreased",
            "response-header-exclusive-max-decreased",
        ],
        purpose: "An exclusive upper bound of a number in a response became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            response: (
                "response-body-exclusive-max-set",
                "response-property-exclusive-max-set",
            ),
            parameter: ("", "request-parameter-property-exclusive-max-set"),
            header: "response-header-exclusive-max-set",
            ..Everywhere::NONE
        },
        unset: Everywhere {
            request: (
                "request-body-exclusive-max-unset",
                "request-property-exclusive-max-unset",
            ),
            response: (
                "response-body-exclusive-max-unset",
                "response-property-exclusive-max-unset",
            ),
            parameter: (
                "request-parameter-exclusive-max-unset",
                "request-parameter-property-exclusive-max-unset",
            ),
            header: "response-header-exclusive-max-unset",
        },
        increased: Everywhere {
            parameter: ("", "request-parameter-property-exclusive-max-increased"),
            header: "response-header-exclusive-max-increased",
            ..Everywhere::NONE
        },
        decreased: Everywhere {
            response: (
                "response-body-exclusive-max-decreased",
                "response-property-exclusive-max-decreased",
            ),
            parameter: ("", "request-parameter-property-exclusive-max-decreased"),
            header: "response-header-exclusive-max-decreased",
            ..Everywhere::NONE
        },
    };
    everywhere::limit(
        pair,
        report,
        "exclusiveMaximum",
        |schema| schema.exclusive(Keyword::Maximum, Keyword::ExclusiveMaximum),
        &ids,
    );
}
