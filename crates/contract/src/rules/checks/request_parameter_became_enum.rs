//! Parameters that are newly restricted to a list of values.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::place;

pub(super) const CHECK: Check = Check {
    name: "RequestParameterBecameEnumCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-parameter-became-enum"],
    purpose: "A parameter is restricted to a list of values.",
    why: "Requests with any other value are refused.",
    safely: "Take other values for as long as consumers send them.",
    breaking: "base: {type: string}\nrevision: {type: string, enum: [a, b]}",
    safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter_root(pair) {
        return;
    }
    let (None, Some(new)) = (
        pair.base().get(Keyword::Enum),
        pair.revision().get(Keyword::Enum),
    ) else {
        return;
    };
    let message = format!("{} was restricted to a list of values", pair.subject());
    let found = Found::new("request-parameter-became-enum", message);
    pair.report(report, found.base(pair.base().node).revision(new));
}
