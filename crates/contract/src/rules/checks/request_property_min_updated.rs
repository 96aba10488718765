//! What happened to `minimum` and its exclusive form of numbers in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMinIncreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-min-increased",
            "request-property-min-increased",
        ],
        purpose: "The lower bound of a number in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, minimum: 5}\nrevision: {type: number, minimum: 10}",
        safe: "base: {type: number, minimum: 10}\nrevision: {type: number, minimum: 5}",
    },
    Text {
        ids: &[
            "request-body-min-decreased",
            "request-property-min-decreased",
        ],
        purpose: "The lower bound of a number in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, minimum: 10}\nrevision: {type: number, minimum: 5}",
        safe: "base: {type: number, minimum: 5}\nrevision: {type: number, minimum: 10}",
    },
    Text {
        ids: &["request-read-only-property-min-increased"],
        purpose: "The minimum of a read-only property in a request schema became tighter.",
        why: "It breaks nobody: a read-only property is not part of a request.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, readOnly: true, minimum: 5}\nrevision: {type: number, readOnly: true, minimum: 10}",
        safe: "base: {type: number, readOnly: true, minimum: 10}\nrevision: {type: number, readOnly: true, minimum: 5}",
    },
    Text {
        ids: &[
            "request-body-exclusive-min-increased",
            "request-property-exclusive-min-increased",
        ],
        purpose: "The lower bound of a number in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
        safe: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
    Text {
        ids: &[
            "request-body-exclusive-min-decreased",
            "request-property-exclusive-min-decreased",
        ],
        purpose: "The lower bound of a number in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
    },
    Text {
        ids: &["request-read-only-property-exclusive-min-increased"],
        purpose: "The exclusiveMinimum of a read-only property in a request schema became tighter.",
        why: "It breaks nobody: a read-only property is not part of a request.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, readOnly: true, exclusiveMinimum: 5}\nrevision: {type: number, readOnly: true, exclusiveMinimum: 10}",
        safe: "base: {type: number, readOnly: true, exclusiveMinimum: 10}\nrevision: {type: number, readOnly: true, exclusiveMinimum: 5}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let inclusive = LimitIds {
        increased: (
            "request-body-min-increased",
            "request-property-min-increased",
        ),
        decreased: (
            "request-body-min-decreased",
            "request-property-min-decreased",
        ),
        increased_read_only: "request-read-only-property-min-increased",
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        increased: (
            "request-body-exclusive-min-increased",
            "request-property-exclusive-min-increased",
        ),
        decreased: (
            "request-body-exclusive-min-decreased",
            "request-property-exclusive-min-decreased",
        ),
        increased_read_only: "request-read-only-property-exclusive-min-increased",
        ..LimitIds::NONE
    };
    shared::lower_limit(pair, report, &inclusive, &exclusive);
}
