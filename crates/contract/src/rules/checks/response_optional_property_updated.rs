//! Optional properties that came to or left response schemas.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "ResponseOptionalPropertyUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-optional-property-removed"],
        purpose: "A property that responses may have is gone.",
        why: "Clients that read it when it is there never find it again; whether it was ever sent the document cannot tell.",
        safely: "Deprecate the property, watch who still reads it, and remove it when nobody does.",
        breaking: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
    },
    Text {
        ids: &["response-optional-property-added"],
        purpose: "Responses may have a new property.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["response-optional-write-only-property-removed"],
        purpose: "A write-only property left the schema of a response.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {a: {type: string, writeOnly: true}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, properties: {b: {type: string}}}",
    },
    Text {
        ids: &["response-optional-write-only-property-added"],
        purpose: "A write-only property came to the schema of a response.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string, writeOnly: true}, b: {type: string}}}",
        safe: "base: {type: object, properties: {b: {type: string}}}\nrevision: {type: object, properties: {a: {type: string}, b: {type: string}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    for member in &pair.data.properties_removed {
        let name = member.name();
        if pair.base().required(name).is_some() || pair.data.transition.moved.contains(&name) {
            continue;
        }
        let schema = Schema::read(pair.documents.base, member.value);
        let id = match schema.flag(Keyword::WriteOnly) {
            true => "response-optional-write-only-property-removed",
            false => "response-optional-property-removed",
        };
        let message = format!("optional {} was removed", pair.property_subject(name));
        pair.report(
            report,
            Found::new(id, message)
                .base(member.key)
                .tail("properties")
                .tail(name),
        );
    }
    for member in &pair.data.properties_added {
        let name = member.name();
        if pair.revision().required(name).is_some() {
            continue;
        }
        let schema = Schema::read(pair.documents.revision, member.value);
        let id = match schema.flag(Keyword::WriteOnly) {
            true => "response-optional-write-only-property-added",
            false => "response-optional-property-added",
        };
        let message = format!("optional {} was added", pair.property_subject(name));
        pair.report(
            report,
            Found::new(id, message)
                .revision(member.key)
                .tail("properties")
                .tail(name),
        );
    }
}
