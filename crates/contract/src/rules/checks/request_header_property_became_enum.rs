//! Values in request headers that are newly restricted to a list.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::place;

pub(super) const CHECK: Check = Check {
    name: "RequestHeaderPropertyBecameEnumCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-header-property-became-enum"],
    purpose: "A request header, or a value inside it, is restricted to a list of values.",
    why: "Requests with any other value are refused.",
    safely: "Take other values for as long as consumers send them.",
    breaking: "base: {parameters: [{in: header, name: X-A, schema: {type: string}}]}\nrevision: {parameters: [{in: header, name: X-A, schema: {type: string, enum: [a]}}]}",
    safe: "base: {parameters: [{in: query, name: a, schema: {type: string}}]}\nrevision: {parameters: [{in: query, name: a, schema: {type: string, enum: [a]}}]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_request_header(pair) {
        return;
    }
    let (None, Some(new)) = (
        pair.base().get(Keyword::Enum),
        pair.revision().get(Keyword::Enum),
    ) else {
        return;
    };
    let message = format!("{} was restricted to a list of values", pair.subject());
    let found = Found::new("request-header-property-became-enum", message);
    pair.report(report, found.base(pair.base().node).revision(new));
}
