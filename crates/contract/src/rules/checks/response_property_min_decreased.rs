//! What happened to `minimum` and its exclusive form of numbers in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyMinDecreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-min-decreased",
            "response-property-min-decreased",
        ],
        purpose: "A number in a response may be smaller than before.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, minimum: 10}\nrevision: {type: number, minimum: 5}",
        safe: "base: {type: number, minimum: 5}\nrevision: {type: number, minimum: 10}",
    },
    Text {
        ids: &[
            "response-body-exclusive-min-decreased",
            "response-property-exclusive-min-decreased",
        ],
        purpose: "A number in a response may be smaller than before.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if pair.revision().flag(Keyword::WriteOnly) && !pair.is_root() {
        return;
    }
    let inclusive = LimitIds {
        decreased: (
            "response-body-min-decreased",
            "response-property-min-decreased",
        ),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        decreased: (
            "response-body-exclusive-min-decreased",
            "response-property-exclusive-min-decreased",
        ),
        ..LimitIds::NONE
    };
    shared::lower_limit(pair, report, &inclusive, &exclusive);
}
