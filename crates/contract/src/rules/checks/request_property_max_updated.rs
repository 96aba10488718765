//! What happened to `maximum` and its exclusive form of numbers in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMaxDecreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-max-decreased",
            "request-property-max-decreased",
        ],
        purpose: "The upper bound of a number in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
    },
    Text {
        ids: &[
            "request-body-max-increased",
            "request-property-max-increased",
        ],
        purpose: "The upper bound of a number in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &["request-read-only-property-max-decreased"],
        purpose: "The maximum of a read-only property in a request schema became tighter.",
        why: "It breaks nobody: a read-only property is not part of a request.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, readOnly: true, maximum: 10}\nrevision: {type: number, readOnly: true, maximum: 5}",
        safe: "base: {type: number, readOnly: true, maximum: 5}\nrevision: {type: number, readOnly: true, maximum: 10}",
    },
    Text {
        ids: &[
            "request-body-exclusive-max-decreased",
            "request-property-exclusive-max-decreased",
        ],
        purpose: "The upper bound of a number in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
    },
    Text {
        ids: &[
            "request-body-exclusive-max-increased",
            "request-property-exclusive-max-increased",
        ],
        purpose: "The upper bound of a number in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
        safe: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
    Text {
        ids: &["request-read-only-property-exclusive-max-decreased"],
        purpose: "The exclusiveMaximum of a read-only property in a request schema became tighter.",
        why: "It breaks nobody: a read-only property is not part of a request.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, readOnly: true, exclusiveMaximum: 10}\nrevision: {type: number, readOnly: true, exclusiveMaximum: 5}",
        safe: "base: {type: number, readOnly: true, exclusiveMaximum: 5}\nrevision: {type: number, readOnly: true, exclusiveMaximum: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let inclusive = LimitIds {
        decreased: (
            "request-body-max-decreased",
            "request-property-max-decreased",
        ),
        increased: (
            "request-body-max-increased",
            "request-property-max-increased",
        ),
        decreased_read_only: "request-read-only-property-max-decreased",
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        decreased: (
            "request-body-exclusive-max-decreased",
            "request-property-exclusive-max-decreased",
        ),
        increased: (
            "request-body-exclusive-max-increased",
            "request-property-exclusive-max-increased",
        ),
        decreased_read_only: "request-read-only-property-exclusive-max-decreased",
        ..LimitIds::NONE
    };
    shared::upper_limit(pair, report, &inclusive, &exclusive);
}
