//! Values that left the `x-extensible-enum` of a property of a request.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::extensible_enum;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyXExtensibleEnumValueRemovedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-property-x-extensible-enum-value-removed"],
    purpose: "A property of a request no longer names one of the known values of its open list.",
    why: "Requests with that value may be refused.",
    safely: "Keep naming the value for as long as consumers send it.",
    breaking: "base: {type: string, x-extensible-enum: [a, b]}\nrevision: {type: string, x-extensible-enum: [a]}",
    safe: "base: {type: string, readOnly: true, x-extensible-enum: [a, b]}\nrevision: {type: string, readOnly: true, x-extensible-enum: [a]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() || pair.is_root() || pair.revision().flag(Keyword::ReadOnly) {
        return;
    }
    extensible_enum::removed(
        pair,
        report,
        "request-property-x-extensible-enum-value-removed",
    );
}
