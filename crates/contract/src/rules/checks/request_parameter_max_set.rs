//! Upper bounds that numbers in parameters got.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterMaxSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-max-set"],
        purpose: "A number in a parameter got an upper bound.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number, maximum: 5}\nrevision: {type: number, maximum: 10}",
    },
    Text {
        ids: &["request-parameter-exclusive-max-set"],
        purpose: "A number in a parameter got an upper bound that it may not equal.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, maximum: 10, exclusiveMaximum: true}",
        safe: "base: {type: number, maximum: 5, exclusiveMaximum: true}\nrevision: {type: number, maximum: 10, exclusiveMaximum: true}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let inclusive = LimitIds {
        set: ("request-parameter-max-set", ""),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        set: ("request-parameter-exclusive-max-set", ""),
        ..LimitIds::NONE
    };
    shared::upper_limit(pair, report, &inclusive, &exclusive);
}
