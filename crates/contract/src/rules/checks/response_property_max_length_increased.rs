//! What happened to `maxLength` of schemas in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyMaxLengthIncreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &[
        "response-body-max-length-increased",
        "response-property-max-length-increased",
    ],
    purpose: "A text in a response may be longer than before.",
    why: "A client that relied on the old bound (a column of that width, a buffer of that size) meets values it cannot hold.",
    safely: "Keep the old bound until every consumer is ready for the new values.",
    breaking: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
    safe: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if pair.revision().flag(Keyword::WriteOnly) && !pair.is_root() {
        return;
    }
    let ids = LimitIds {
        increased: (
            "response-body-max-length-increased",
            "response-property-max-length-increased",
        ),
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "maxLength",
        |schema| schema.limit(Keyword::MaxLength),
        &ids,
    );
}
