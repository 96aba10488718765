//! Maximum numbers of elements of parameters that changed.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMaxItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-max-items-decreased"],
        purpose: "The maximum number of elements of a parameter became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: array, maxItems: 10}\nrevision: {type: array, maxItems: 5}",
        safe: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 10}",
    },
    Text {
        ids: &["request-parameter-max-items-increased"],
        purpose: "The maximum number of elements of a parameter became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, maxItems: 5}\nrevision: {type: array, maxItems: 10}",
        safe: "base: {type: array, maxItems: 10}\nrevision: {type: array, maxItems: 5}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let ids = LimitIds {
        increased: ("request-parameter-max-items-increased", ""),
        decreased: ("request-parameter-max-items-decreased", ""),
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "maxItems",
        |schema| schema.limit(Keyword::MaxItems),
        &ids,
    );
}
