//! Lower bounds that numbers in parameters got.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMinSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-min-set"],
        purpose: "A number in a parameter got a lower bound.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, minimum: 10}",
        safe: "base: {type: number, minimum: 5}\nrevision: {type: number, minimum: 10}",
    },
    Text {
        ids: &["request-parameter-exclusive-min-set"],
        purpose: "A number in a parameter got a lower bound that it may not equal.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, minimum: 10, exclusiveMinimum: true}",
        safe: "base: {type: number, minimum: 5, exclusiveMinimum: true}\nrevision: {type: number, minimum: 10, exclusiveMinimum: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let inclusive = LimitIds {
        set: ("request-parameter-min-set", ""),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        set: ("request-parameter-exclusive-min-set", ""),
        ..LimitIds::NONE
    };
    shared::lower_limit(pair, report, &inclusive, &exclusive);
}
