//! Values of requests that are newly restricted to a list.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyBecameEnumCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["request-property-became-enum"],
    purpose: "A value of a request is restricted to a list.",
    why: "Requests with any other value are refused.",
    safely: "Take other values for as long as consumers send them.",
    breaking: "base: {type: string}\nrevision: {type: string, enum: [a, b]}",
    safe: "base: {type: string, enum: [a]}\nrevision: {type: string, enum: [a, b]}",
}];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.is_root() {
        return;
    }
    if let (None, Some(new)) = (
        pair.base().get(Keyword::Enum),
        pair.revision().get(Keyword::Enum),
    ) {
        let message = format!("{} was restricted to a list of values", pair.subject());
        pair.report(
            report,
            Found::new("request-property-became-enum", message).revision(new),
        );
    }
}
