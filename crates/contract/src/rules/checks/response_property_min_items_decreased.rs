//! What happened to `minItems` of schemas in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyMinItemsDecreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &[
        "response-body-min-items-decreased",
        "response-property-min-items-decreased",
    ],
    purpose: "An array in a response may have fewer elements than before.",
    why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
    safely: "Keep the old bound until every consumer is ready for the new values.",
    breaking: "base: {type: array, minItems: 2}\nrevision: {type: array, minItems: 1}",
    safe: "base: {type: array, minItems: 1}\nrevision: {type: array, minItems: 2}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if pair.revision().flag(Keyword::WriteOnly) && !pair.is_root() {
        return;
    }
    let ids = LimitIds {
        decreased: (
            "response-body-min-items-decreased",
            "response-property-min-items-decreased",
        ),
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "minItems",
        |schema| shared::at_least_zero(schema, Keyword::MinItems),
        &ids,
    );
}
