//! Lower bounds of numbers in parameters that changed.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMinUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-min-decreased"],
        purpose: "The lower bound of a parameter became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, minimum: 10}\nrevision: {type: number, minimum: 5}",
        safe: "base: {type: number, minimum: 5}\nrevision: {type: number, minimum: 10}",
    },
    Text {
        ids: &["request-parameter-min-increased"],
        purpose: "The lower bound of a parameter became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, minimum: 5}\nrevision: {type: number, minimum: 10}",
        safe: "base: {type: number, minimum: 10}\nrevision: {type: number, minimum: 5}",
    },
    Text {
        ids: &["request-parameter-exclusive-min-decreased"],
        purpose: "The exclusive lower bound of a parameter became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
        safe: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
    },
    Text {
        ids: &["request-parameter-exclusive-min-increased"],
        purpose: "The exclusive lower bound of a parameter became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: number, exclusiveMinimum: 5}\nrevision: {type: number, exclusiveMinimum: 10}",
        safe: "base: {type: number, exclusiveMinimum: 10}\nrevision: {type: number, exclusiveMinimum: 5}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let inclusive = LimitIds {
        increased: ("request-parameter-min-increased", ""),
        decreased: ("request-parameter-min-decreased", ""),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        increased: ("request-parameter-exclusive-min-increased", ""),
        decreased: ("request-parameter-exclusive-min-decreased", ""),
        ..LimitIds::NONE
    };
    shared::lower_limit(pair, report, &inclusive, &exclusive);
}
