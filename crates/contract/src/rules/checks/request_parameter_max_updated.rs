//! Upper bounds of numbers in parameters that changed.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMaxUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-max-decreased"],
        purpose: "The upper bound of a parameter became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
    },
    Text {
        ids: &["request-parameter-max-increased"],
        purpose: "The upper bound of a parameter became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number, maximum: 10}\nrevision: {type: number, maximum: 5}",
    },
    Text {
        ids: &["request-parameter-exclusive-max-decreased"],
        purpose: "The exclusive upper bound of a parameter became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
        safe: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
    },
    Text {
        ids: &["request-parameter-exclusive-max-increased"],
        purpose: "The exclusive upper bound of a parameter became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMaximum: 5}\nrevision: {type: number, exclusiveMaximum: 10}",
        safe: "base: {type: number, exclusiveMaximum: 10}\nrevision: {type: number, exclusiveMaximum: 5}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let inclusive = LimitIds {
        increased: ("request-parameter-max-increased", ""),
        decreased: ("request-parameter-max-decreased", ""),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        increased: ("request-parameter-exclusive-max-increased", ""),
        decreased: ("request-parameter-exclusive-max-decreased", ""),
        ..LimitIds::NONE
    };
    shared::upper_limit(pair, report, &inclusive, &exclusive);
}
