//! The maximum length of an array, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MaxItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-max-items-set",
            "request-property-max-items-set",
            "request-parameter-max-items-set",
            "request-parameter-property-max-items-set",
        ],
        purpose: "The maximum length of an array in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: array}\nrevision: {type: array, maxItems: 5}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 5}",
    },
    Text {
        ids: &[
            "response-body-max-items-set",
            "response-property-max-items-set",
            "response-header-max-items-set",
        ],
        purpose: "The maximum length of an array in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array}\nrevision: {type: array, maxItems: 5}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 5}",
    },
    Text {
        ids: &[
            "request-body-max-items-unset",
            "request-property-max-items-unset",
            "request-parameter-max-items-unset",
            "request-parameter-property-max-items-unset",
        ],
        purpose: "The maximum length of an array in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, maxItems: 5}\nrevision: {type: array}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 5}",
    },
    Text {
        ids: &[
            "response-body-max-items-unset",
            "response-property-max-items-unset",
            "response-header-max-items-unset",
        ],
        purpose: "The maximum length of an array in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: array, maxItems: 5}\nrevision: {type: array}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 5}",
    },
    Text {
        ids: &[
            "request-body-max-items-increased",
            "request-property-max-items-increased",
            "request-parameter-property-max-items-increased",
        ],
        purpose: "The maximum length of an array in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 10}",
        safe: "base: {type: array, maxItems: 10}\nrevision: {type: array, maxItems: 5}",
    },
    Text {
        ids: &[
            "response-body-max-items-increased",
            "response-property-max-items-increased",
            "response-header-max-items-increased",
        ],
        purpose: "The maximum length of an array in a response became larger.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 10}",
        safe: "base: {type: array, maxItems: 10}\nrevision: {type: array, maxItems: 5}",
    },
    Text {
        ids: &[
            "request-body-max-items-decreased",
            "request-property-max-items-decreased",
            "request-parameter-property-max-items-decreased",
        ],
        purpose: "The maximum length of an array in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: array, maxItems: 10}\nrevision: {type: array, maxItems: 5}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 10}",
    },
    Text {
        ids: &[
            "response-body-max-items-decreased",
            "response-property-max-items-decreased",
            "response-header-max-items-decreased",
        ],
        purpose: "The maximum length of an array in a response became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, maxItems: 10}\nrevision: {type: array, maxItems: 5}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            request: (
                "request-body-max-items-set",
                "request-property-max-items-set",
            ),
            response: (
                "response-body-max-items-set",
                "response-property-max-items-set",
            ),
            parameter: (
                "request-parameter-max-items-set",
                "request-parameter-property-max-items-set",
            ),
            header: "response-header-max-items-set",
        },
        unset: Everywhere {
            request: (
                "request-body-max-items-unset",
                "request-property-max-items-unset",
            ),
            response: (
                "response-body-max-items-unset",
                "response-property-max-items-unset",
            ),
            parameter: (
                "request-parameter-max-items-unset",
                "request-parameter-property-max-items-unset",
            ),
            header: "response-header-max-items-unset",
        },
        increased: Everywhere {
            request: (
                "request-body-max-items-increased",
                "request-property-max-items-increased",
            ),
            response: (
                "response-body-max-items-increased",
                "response-property-max-items-increased",
            ),
            parameter: ("", "request-parameter-property-max-items-increased"),
            header: "response-header-max-items-increased",
        },
        decreased: Everywhere {
            request: (
                "request-body-max-items-decreased",
                "request-property-max-items-decreased",
            ),
            response: (
                "response-body-max-items-decreased",
                "response-property-max-items-decreased",
            ),
            parameter: ("", "request-parameter-property-max-items-decreased"),
            header: "response-header-max-items-decreased",
        },
    };
    everywhere::limit(
        pair,
        report,
        "maxItems",
        |schema| schema.limit(Keyword::MaxItems),
        &ids,
    );
}
