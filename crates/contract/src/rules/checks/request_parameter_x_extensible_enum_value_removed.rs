//! Values that left the `x-extensible-enum` of a parameter.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{extensible_enum, place};

pub(super) const CHECK: Check = Check {
    name: "RequestParameterXExtensibleEnumValueRemovedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-parameter-x-extensible-enum-value-removed"],
    purpose: "A parameter no longer names one of the known values of its open list.",
    why: "Requests with that value may be refused.",
    safely: "Keep naming the value for as long as consumers send it.",
    breaking: "base: {type: string, x-extensible-enum: [a, b]}\nrevision: {type: string, x-extensible-enum: [a]}",
    safe: "base: {type: string, x-extensible-enum: [a]}\nrevision: {type: string, x-extensible-enum: [a, b]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    extensible_enum::removed(
        pair,
        report,
        "request-parameter-x-extensible-enum-value-removed",
    );
}
