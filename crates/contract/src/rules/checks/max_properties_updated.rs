//! The maximum number of properties of an object, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MaxPropertiesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-max-properties-set",
            "request-property-max-properties-set",
            "request-parameter-max-properties-set",
            "request-parameter-property-max-properties-set",
        ],
        purpose: "The maximum number of properties of an object in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: object}\nrevision: {type: object, maxProperties: 5}",
        safe: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 5}",
    },
    Text {
        ids: &[
            "response-body-max-properties-set",
            "response-property-max-properties-set",
            "response-header-max-properties-set",
        ],
        purpose: "The maximum number of properties of an object in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, maxProperties: 5}",
        safe: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 5}",
    },
    Text {
        ids: &[
            "request-body-max-properties-unset",
            "request-property-max-properties-unset",
            "request-parameter-max-properties-unset",
            "request-parameter-property-max-properties-unset",
        ],
        purpose: "The maximum number of properties of an object in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, maxProperties: 5}\nrevision: {type: object}",
        safe: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 5}",
    },
    Text {
        ids: &[
            "response-body-max-properties-unset",
            "response-property-max-properties-unset",
            "response-header-max-properties-unset",
        ],
        purpose: "The maximum number of properties of an object in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: object, maxProperties: 5}\nrevision: {type: object}",
        safe: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 5}",
    },
    Text {
        ids: &[
            "request-body-max-properties-increased",
            "request-property-max-properties-increased",
            "request-parameter-max-properties-increased",
            "request-parameter-property-max-properties-increased",
        ],
        purpose: "The maximum number of properties of an object in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 10}",
        safe: "base: {type: object, maxProperties: 10}\nrevision: {type: object, maxProperties: 5}",
    },
    Text {
        ids: &[
            "response-body-max-properties-increased",
            "response-property-max-properties-increased",
            "response-header-max-properties-increased",
        ],
        purpose: "The maximum number of properties of an object in a response became larger.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 10}",
        safe: "base: {type: object, maxProperties: 10}\nrevision: {type: object, maxProperties: 5}",
    },
    Text {
        ids: &[
            "request-body-max-properties-decreased",
            "request-property-max-properties-decreased",
            "request-parameter-max-properties-decreased",
            "request-parameter-property-max-properties-decreased",
        ],
        purpose: "The maximum number of properties of an object in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: object, maxProperties: 10}\nrevision: {type: object, maxProperties: 5}",
        safe: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 10}",
    },
    Text {
        ids: &[
            "response-body-max-properties-decreased",
            "response-property-max-properties-decreased",
            "response-header-max-properties-decreased",
        ],
        purpose: "The maximum number of properties of an object in a response became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, maxProperties: 10}\nrevision: {type: object, maxProperties: 5}",
        safe: "base: {type: object, maxProperties: 5}\nrevision: {type: object, maxProperties: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            request: (
                "request-body-max-properties-set",
                "request-property-max-properties-set",
            ),
            response: (
                "response-body-max-properties-set",
                "response-property-max-properties-set",
            ),
            parameter: (
                "request-parameter-max-properties-set",
                "request-parameter-property-max-properties-set",
            ),
            header: "response-header-max-properties-set",
        },
        unset: Everywhere {
            request: (
                "request-body-max-properties-unset",
                "request-property-max-properties-unset",
            ),
            response: (
                "response-body-max-properties-unset",
                "response-property-max-properties-unset",
            ),
            parameter: (
                "request-parameter-max-properties-unset",
                "request-parameter-property-max-properties-unset",
            ),
            header: "response-header-max-properties-unset",
        },
        increased: Everywhere {
            request: (
                "request-body-max-properties-increased",
                "request-property-max-properties-increased",
            ),
            response: (
                "response-body-max-properties-increased",
                "response-property-max-properties-increased",
            ),
            parameter: (
                "request-parameter-max-properties-increased",
                "request-parameter-property-max-properties-increased",
            ),
            header: "response-header-max-properties-increased",
        },
        decreased: Everywhere {
            request: (
                "request-body-max-properties-decreased",
                "request-property-max-properties-decreased",
            ),
            response: (
                "response-body-max-properties-decreased",
                "response-property-max-properties-decreased",
            ),
            parameter: (
                "request-parameter-max-properties-decreased",
                "request-parameter-property-max-properties-decreased",
            ),
            header: "response-header-max-properties-decreased",
        },
    };
    everywhere::limit(
        pair,
        report,
        "maxProperties",
        |schema| schema.limit(Keyword::MaxProperties),
        &ids,
    );
}
