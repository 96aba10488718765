//! Default values of optional parameters.

use crate::diff::fact::ParameterFact;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::parameter::Parameter;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestParameterDefaultValueChangedCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-default-value-added"],
        purpose: "An optional parameter got a default value.",
        why: "Requests that leave the parameter out mean something else than before.",
        safely: "State the value that the server has always taken when there was none.",
        breaking: "base: {parameters: [{in: query, name: q, schema: {type: string}}]}\nrevision: {parameters: [{in: query, name: q, schema: {type: string, default: a}}]}",
        safe: "base: {parameters: [{in: query, name: q, schema: {type: string, default: a}}]}\nrevision: {parameters: [{in: query, name: q, schema: {type: string}}]}",
    },
    Text {
        ids: &["request-parameter-default-value-removed"],
        purpose: "An optional parameter lost its default value.",
        why: "Requests that leave the parameter out mean something else than before.",
        safely: "Keep the default; let consumers ask for the other value by name.",
        breaking: "base: {parameters: [{in: query, name: q, schema: {type: string, default: a}}]}\nrevision: {parameters: [{in: query, name: q, schema: {type: string}}]}",
        safe: "base: {parameters: [{in: query, name: q, schema: {type: string}}]}\nrevision: {parameters: [{in: query, name: q, schema: {type: string, default: a}}]}",
    },
    Text {
        ids: &["request-parameter-default-value-changed"],
        purpose: "An optional parameter has another default value.",
        why: "Requests that leave the parameter out mean something else than before.",
        safely: "Keep the default; let consumers ask for the other value by name.",
        breaking: "base: {parameters: [{in: query, name: q, schema: {type: string, default: a}}]}\nrevision: {parameters: [{in: query, name: q, schema: {type: string, default: b}}]}",
        safe: "base: {parameters: [{in: query, name: q, required: true, schema: {type: string, default: a}}]}\nrevision: {parameters: [{in: query, name: q, required: true, schema: {type: string, default: b}}]}",
    },
];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some((base, revision)) = fact.both() else {
        return;
    };
    // Whoever must send a value does not depend on the default.
    if base.is_required() || revision.is_required() {
        return;
    }
    let (Some(base_schema), Some(revision_schema)) = (
        schema(fact.documents.base, base),
        schema(fact.documents.revision, revision),
    ) else {
        return;
    };
    let (old, new) = (
        base_schema.get(Keyword::Default),
        revision_schema.get(Keyword::Default),
    );
    let (id, word) = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => ("request-parameter-default-value-added", "was added"),
        (Some(_), None) => ("request-parameter-default-value-removed", "was removed"),
        (Some(old), Some(new)) if old.same_value(new) => return,
        (Some(_), Some(_)) => ("request-parameter-default-value-changed", "changed"),
    };
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "the default of {} parameter `{}` {word}, from `{from}` to `{to}`",
        revision.location, revision.name
    );
    let found = Found::new(id, message)
        .base(old.unwrap_or(base_schema.node))
        .revision(new.unwrap_or(revision_schema.node));
    fact.report(report, found.value(from).value(to));
}

fn schema<'t>(document: &Document<'t>, parameter: &Parameter<'t>) -> Option<Schema<'t>> {
    let node = parameter.schema(document)?;
    Some(Schema::read(document, node))
}
