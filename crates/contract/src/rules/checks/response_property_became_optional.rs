//! Known properties of responses that became optional.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyBecameOptionalCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-property-became-optional"],
        purpose: "A property of a response became optional.",
        why: "Clients that rely on the property find it missing.",
        safely: "Keep sending it always.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["response-write-only-property-became-optional"],
        purpose: "A write-only property of a response schema became optional.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, properties: {a: {type: string, writeOnly: true}}}",
        safe: "base: {type: object, properties: {a: {type: string, writeOnly: true}}}\nrevision: {type: object, required: [a], properties: {a: {type: string, writeOnly: true}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    for (name, old, new) in shared::required_changes(pair) {
        let Some(property) = pair.revision().property(name).filter(|_| new.is_none()) else {
            continue;
        };
        let schema = Schema::read(pair.documents.revision, property);
        let id = match schema.flag(Keyword::WriteOnly) {
            true => "response-write-only-property-became-optional",
            false => "response-property-became-optional",
        };
        let message = format!("{} became optional", pair.property_subject(name));
        let base = old.or(pair.base().property(name));
        let revision = new.or(Some(property));
        pair.report(
            report,
            Found::new(id, message)
                .base(base)
                .revision(revision)
                .tail("properties")
                .tail(name),
        );
    }
}
