//! What happened to `minLength` of schemas in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyMinLengthDecreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &[
        "response-body-min-length-decreased",
        "response-property-min-length-decreased",
    ],
    purpose: "A text in a response may be shorter than before.",
    why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
    safely: "Keep the old bound until every consumer is ready for the new values.",
    breaking: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 3}",
    safe: "base: {type: string, minLength: 3}\nrevision: {type: string, minLength: 5}",
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
            "response-body-min-length-decreased",
            "response-property-min-length-decreased",
        ),
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "minLength",
        |schema| shared::at_least_zero(schema, Keyword::MinLength),
        &ids,
    );
}
