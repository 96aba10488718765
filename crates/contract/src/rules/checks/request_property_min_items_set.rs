//! Arrays in requests that got a smallest length.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMinItemsSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &[
        "request-body-min-items-set",
        "request-property-min-items-set",
    ],
    purpose: "An array in a request got a smallest length.",
    why: "An array that is shorter was allowed by the contract before; whether the server took it, the document cannot tell.",
    safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
    breaking: "base: {type: array}\nrevision: {type: array, minItems: 1}",
    safe: "base: {type: array, minItems: 1}\nrevision: {type: array}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.revision().flag(Keyword::ReadOnly) && !pair.is_root() {
        return;
    }
    let ids = LimitIds {
        set: (
            "request-body-min-items-set",
            "request-property-min-items-set",
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
