//! An upper bound of a number, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MaximumUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-property-max-set"],
        purpose: "An upper bound of a number in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, maximum: 5}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &[
            "response-body-max-set",
            "response-property-max-set",
            "response-header-max-set",
        ],
        purpose: "An upper bound of a number in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number}\nrevision: {type: number, maximum: 5}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &[
            "request-body-max-unset",
            "request-property-max-unset",
            "request-parameter-max-unset",
            "request-parameter-property-max-unset",
        ],
        purpose: "An upper bound of a number in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &[
            "response-body-max-unset",
            "response-property-max-unset",
            "response-header-max-unset",
        ],
        purpose: "An upper bound of a number in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &["request-parameter-property-max-increased"],
        purpose: "An upper bound of a number in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &["response-header-max-increased"],
        purpose: "An upper bound of a number in a response became larger.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &["request-parameter-property-max-decreased"],
        purpose: "An upper bound of a number in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
    },
    Text {
        ids: &[
            "response-body-max-decreased",
            "response-property-max-decreased",
            "response-header-max-decreased",
        ],
        purpose: "An upper bound of a number in a response became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            response: ("response-body-max-set", "response-property-max-set"),
            parameter: ("", "request-parameter-property-max-set"),
            header: "response-header-max-set",
            ..Everywhere::NONE
        },
        unset: Everywhere {
            request: ("request-body-max-unset", "request-property-max-unset"),
            response: ("response-body-max-unset", "response-property-max-unset"),
            parameter: (
                "request-parameter-max-unset",
                "request-parameter-property-max-unset",
            ),
            header: "response-header-max-unset",
        },
        increased: Everywhere {
            parameter: ("", "request-parameter-property-max-increased"),
            header: "response-header-max-increased",
            ..Everywhere::NONE
        },
        decreased: Everywhere {
            response: (
                "response-body-max-decreased",
                "response-property-max-decreased",
            ),
            parameter: ("", "request-parameter-property-max-decreased"),
            header: "response-header-max-decreased",
            ..Everywhere::NONE
        },
    };
    everywhere::limit(
        pair,
        report,
        "maximum",
        |schema| schema.inclusive(Keyword::Maximum, Keyword::ExclusiveMaximum),
        &ids,
    );
}
