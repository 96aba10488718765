//! Minimum numbers of elements that parameters got.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMinItemsSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-parameter-min-items-set"],
    purpose: "A parameter got a minimum number of elements.",
    why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
    safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
    breaking: "base: {type: array}\nrevision: {type: array, minItems: 2}",
    safe: "base: {type: array, minItems: 2}\nrevision: {type: array, minItems: 1}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let ids = LimitIds {
        set: ("request-parameter-min-items-set", ""),
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
