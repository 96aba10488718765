//! The maximum length of a text, wherever no other check tells of it.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::{self, Everywhere, LimitEverywhere};

pub(super) const CHECK: Check = Check {
    name: "MaxLengthUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-property-max-length-set"],
        purpose: "The maximum length of a text in a request was set where there was none.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: string}\nrevision: {type: string, maxLength: 5}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &[
            "response-body-max-length-set",
            "response-property-max-length-set",
            "response-header-max-length-set",
        ],
        purpose: "The maximum length of a text in a response was set where there was none.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, maxLength: 5}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &[
            "request-body-max-length-unset",
            "request-property-max-length-unset",
            "request-parameter-max-length-unset",
            "request-parameter-property-max-length-unset",
        ],
        purpose: "The maximum length of a text in a request was removed.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, maxLength: 5}\nrevision: {type: string}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &["response-header-max-length-unset"],
        purpose: "The maximum length of a text in a response was removed.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: string, maxLength: 5}\nrevision: {type: string}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &["request-parameter-property-max-length-increased"],
        purpose: "The maximum length of a text in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
        safe: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &["response-header-max-length-increased"],
        purpose: "The maximum length of a text in a response became larger.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size, a loop of that many) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
        safe: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &["request-parameter-property-max-length-decreased"],
        purpose: "The maximum length of a text in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
    },
    Text {
        ids: &[
            "response-body-max-length-decreased",
            "response-property-max-length-decreased",
            "response-header-max-length-decreased",
        ],
        purpose: "The maximum length of a text in a response became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = LimitEverywhere {
        set: Everywhere {
            response: (
                "response-body-max-length-set",
                "response-property-max-length-set",
            ),
            parameter: ("", "request-parameter-property-max-length-set"),
            header: "response-header-max-length-set",
            ..Everywhere::NONE
        },
        unset: Everywhere {
            request: (
                "request-body-max-length-unset",
                "request-property-max-length-unset",
            ),
            parameter: (
                "request-parameter-max-length-unset",
                "request-parameter-property-max-length-unset",
            ),
            header: "response-header-max-length-unset",
            ..Everywhere::NONE
        },
        increased: Everywhere {
            parameter: ("", "request-parameter-property-max-length-increased"),
            header: "response-header-max-length-increased",
            ..Everywhere::NONE
        },
        decreased: Everywhere {
            response: (
                "response-body-max-length-decreased",
                "response-property-max-length-decreased",
            ),
            parameter: ("", "request-parameter-property-max-length-decreased"),
            header: "response-header-max-length-decreased",
            ..Everywhere::NONE
        },
    };
    everywhere::limit(
        pair,
        report,
        "maxLength",
        |schema| schema.limit(Keyword::MaxLength),
        &ids,
    );
}
