//! The minimum number of properties of an object, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MinPropertiesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-min-properties-set",
            "request-property-min-properties-set",
            "request-parameter-min-properties-set",
            "request-parameter-property-min-properties-set",
        ],
        purpose: "The minimum number of properties of an object in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: object}\nrevision: {type: object, minProperties: 5}",
        safe: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 5}",
    },
    Text {
        ids: &[
            "response-body-min-properties-set",
            "response-property-min-properties-set",
            "response-header-min-properties-set",
        ],
        purpose: "The minimum number of properties of an object in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, minProperties: 5}",
        safe: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 5}",
    },
    Text {
        ids: &[
            "request-body-min-properties-unset",
            "request-property-min-properties-unset",
            "request-parameter-min-properties-unset",
            "request-parameter-property-min-properties-unset",
        ],
        purpose: "The minimum number of properties of an object in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, minProperties: 5}\nrevision: {type: object}",
        safe: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 5}",
    },
    Text {
        ids: &[
            "response-body-min-properties-unset",
            "response-property-min-properties-unset",
            "response-header-min-properties-unset",
        ],
        purpose: "The minimum number of properties of an object in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: object, minProperties: 5}\nrevision: {type: object}",
        safe: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 5}",
    },
    Text {
        ids: &[
            "request-body-min-properties-increased",
            "request-property-min-properties-increased",
            "request-parameter-min-properties-increased",
            "request-parameter-property-min-properties-increased",
        ],
        purpose: "The minimum number of properties of an object in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 10}",
        safe: "base: {type: object, minProperties: 10}\nrevision: {type: object, minProperties: 5}",
    },
    Text {
        ids: &[
            "response-body-min-properties-increased",
            "response-property-min-properties-increased",
            "response-header-min-properties-increased",
        ],
        purpose: "The minimum number of properties of an object in a response became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 10}",
        safe: "base: {type: object, minProperties: 10}\nrevision: {type: object, minProperties: 5}",
    },
    Text {
        ids: &[
            "request-body-min-properties-decreased",
            "request-property-min-properties-decreased",
            "request-parameter-min-properties-decreased",
            "request-parameter-property-min-properties-decreased",
        ],
        purpose: "The minimum number of properties of an object in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, minProperties: 10}\nrevision: {type: object, minProperties: 5}",
        safe: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 10}",
    },
    Text {
        ids: &[
            "response-body-min-properties-decreased",
            "response-property-min-properties-decreased",
            "response-header-min-properties-decreased",
        ],
        purpose: "The minimum number of properties of an object in a response became smaller.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: object, minProperties: 10}\nrevision: {type: object, minProperties: 5}",
        safe: "base: {type: object, minProperties: 5}\nrevision: {type: object, minProperties: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            request: (
                "request-body-min-properties-set",
                "request-property-min-properties-set",
            ),
            response: (
                "response-body-min-properties-set",
                "response-property-min-properties-set",
            ),
            parameter: (
                "request-parameter-min-properties-set",
                "request-parameter-property-min-properties-set",
            ),
            header: "response-header-min-properties-set",
        },
        unset: Everywhere {
            request: (
                "request-body-min-properties-unset",
                "request-property-min-properties-unset",
            ),
            response: (
                "response-body-min-properties-unset",
                "response-property-min-properties-unset",
            ),
            parameter: (
                "request-parameter-min-properties-unset",
                "request-parameter-property-min-properties-unset",
            ),
            header: "response-header-min-properties-unset",
        },
        increased: Everywhere {
            request: (
                "request-body-min-properties-increased",
                "request-property-min-properties-increased",
            ),
            response: (
                "response-body-min-properties-increased",
                "response-property-min-properties-increased",
            ),
            parameter: (
                "request-parameter-min-properties-increased",
                "request-parameter-property-min-properties-increased",
            ),
            header: "response-header-min-properties-increased",
        },
        decreased: Everywhere {
            request: (
                "request-body-min-properties-decreased",
                "request-property-min-properties-decreased",
            ),
            response: (
                "response-body-min-properties-decreased",
                "response-property-min-properties-decreased",
            ),
            parameter: (
                "request-parameter-min-properties-decreased",
                "request-parameter-property-min-properties-decreased",
            ),
            header: "response-header-min-properties-decreased",
        },
    };
    everywhere::limit(
        pair,
        report,
        "minProperties",
        |schema| schema.limit(Keyword::MinProperties),
        &ids,
    );
}
