//! What happened to `maximum` and its exclusive form of numbers in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyMaxIncreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-max-increased",
            "response-property-max-increased",
        ],
        purpose: "A number in a response may be larger than before.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &[
            "response-body-exclusive-max-increased",
            "response-property-exclusive-max-increased",
        ],
        purpose: "A number in a response may be larger than before.",
        why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
        safely: "Keep the old bound until every consumer is ready for the new values.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
        safe: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
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
        increased: (
            "response-body-max-increased",
            "response-property-max-increased",
        ),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        increased: (
            "response-body-exclusive-max-increased",
            "response-property-exclusive-max-increased",
        ),
        ..LimitIds::NONE
    };
    shared::upper_limit(pair, report, &inclusive, &exclusive);
}
