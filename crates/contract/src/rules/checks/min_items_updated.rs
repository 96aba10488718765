//! The minimum length of an array, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MinItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-property-min-items-set"],
        purpose: "The minimum length of an array in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: array}\nrevision: {type: array, minItems: 5}",
        safe: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 5}",
    },
    Text {
        ids: &[
            "response-body-min-items-set",
            "response-property-min-items-set",
            "response-header-min-items-set",
        ],
        purpose: "The minimum length of an array in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array}\nrevision: {type: array, minItems: 5}",
        safe: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 5}",
    },
    Text {
        ids: &[
            "request-body-min-items-unset",
            "request-property-min-items-unset",
            "request-parameter-min-items-unset",
            "request-parameter-property-min-items-unset",
        ],
        purpose: "The minimum length of an array in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, minItems: 5}\nrevision: {type: array}",
        safe: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 5}",
    },
    Text {
        ids: &["response-header-min-items-unset"],
        purpose: "The minimum length of an array in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: array, minItems: 5}\nrevision: {type: array}",
        safe: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 5}",
    },
    Text {
        ids: &["request-parameter-property-min-items-increased"],
        purpose: "The minimum length of an array in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 10}",
        safe: "base: {type: array, minItems: 10}\nrevision: {type: array, minItems: 5}",
    },
    Text {
        ids: &[
            "response-body-min-items-increased",
            "response-property-min-items-increased",
            "response-header-min-items-increased",
        ],
        purpose: "The minimum length of an array in a response became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 10}",
        safe: "base: {type: array, minItems: 10}\nrevision: {type: array, minItems: 5}",
    },
    Text {
        ids: &[
            "request-body-min-items-decreased",
            "request-property-min-items-decreased",
            "request-parameter-property-min-items-decreased",
        ],
        purpose: "The minimum length of an array in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, minItems: 10}\nrevision: {type: array, minItems: 5}",
        safe: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 10}",
    },
    Text {
        ids: &["response-header-min-items-decreased"],
        purpose: "The minimum length of an array in a response became smaller.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: array, minItems: 10}\nrevision: {type: array, minItems: 5}",
        safe: "base: {type: array, minItems: 5}\nrevision: {type: array, minItems: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let presence = LimitEverywhere {
        set: Everywhere {
            response: (
                "response-body-min-items-set",
                "response-property-min-items-set",
            ),
            parameter: ("", "request-parameter-property-min-items-set"),
            header: "response-header-min-items-set",
            ..Everywhere::NONE
        },
        unset: Everywhere {
            request: (
                "request-body-min-items-unset",
                "request-property-min-items-unset",
            ),
            parameter: (
                "request-parameter-min-items-unset",
                "request-parameter-property-min-items-unset",
            ),
            header: "response-header-min-items-unset",
            ..Everywhere::NONE
        },
        increased: Everywhere::NONE,
        decreased: Everywhere::NONE,
    };
    everywhere::limit(
        pair,
        report,
        "minItems",
        |schema| schema.limit(Keyword::MinItems),
        &presence,
    );
    // Without the keyword the limit is zero, so that what comes is also what grows.
    let size = LimitEverywhere {
        set: Everywhere::NONE,
        unset: Everywhere::NONE,
        increased: Everywhere {
            response: (
                "response-body-min-items-increased",
                "response-property-min-items-increased",
            ),
            parameter: ("", "request-parameter-property-min-items-increased"),
            header: "response-header-min-items-increased",
            ..Everywhere::NONE
        },
        decreased: Everywhere {
            request: (
                "request-body-min-items-decreased",
                "request-property-min-items-decreased",
            ),
            parameter: ("", "request-parameter-property-min-items-decreased"),
            header: "response-header-min-items-decreased",
            ..Everywhere::NONE
        },
    };
    everywhere::limit(
        pair,
        report,
        "minItems",
        |schema| shared::at_least_zero(schema, Keyword::MinItems),
        &size,
    );
}
