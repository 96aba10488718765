//! What happened to `minItems` of schemas in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMinItemsIncreasedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &[
        "request-body-min-items-increased",
        "request-property-min-items-increased",
    ],
    purpose: "An array in a request needs more elements than before.",
    why: "A request that was fine before may now be refused.",
    safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
    breaking: "base: {type: array, minItems: 1}\nrevision: {type: array, minItems: 2}",
    safe: "base: {type: array, minItems: 2}\nrevision: {type: array, minItems: 1}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.revision().flag(Keyword::ReadOnly) && !pair.is_root() {
        return;
    }
    let ids = LimitIds {
        increased: (
            "request-body-min-items-increased",
            "request-property-min-items-increased",
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
