//! Maximum lengths that parameters got.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMaxLengthSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-parameter-max-length-set"],
    purpose: "A parameter got a maximum length.",
    why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
    safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
    breaking: "base: {type: string}\nrevision: {type: string, maxLength: 10}",
    safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let ids = LimitIds {
        set: ("request-parameter-max-length-set", ""),
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
