//! Arrays in responses that lost a smallest length.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyMinItemsUnsetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &[
        "response-body-min-items-unset",
        "response-property-min-items-unset",
    ],
    purpose: "An array in a response lost its smallest length.",
    why: "A client that takes the first element without looking meets an empty array.",
    safely: "Keep the old bound until every consumer is ready for the new values.",
    breaking: "base: {type: array, minItems: 1}\nrevision: {type: array}",
    safe: "base: {type: array}\nrevision: {type: array, minItems: 1}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if pair.revision().flag(Keyword::WriteOnly) && !pair.is_root() {
        return;
    }
    let ids = LimitIds {
        unset: (
            "response-body-min-items-unset",
            "response-property-min-items-unset",
        ),
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "minItems",
        |schema| schema.limit(Keyword::MinItems),
        &ids,
    );
}
