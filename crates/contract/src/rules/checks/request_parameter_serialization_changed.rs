//! Parameters whose values are written another way.

use crate::diff::fact::ParameterFact;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::parameter::Parameter;
use crate::model::schema::Schema;
use crate::model::types::TypeSet;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::serialization;

pub(super) const CHECK: Check = Check {
    name: "RequestParameterSerializationChangedCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-style-changed"],
        purpose: "A parameter with several values is written in another style.",
        why: "Clients write `a|b` where the server reads `a,b`: it finds one value, or none.",
        safely: "Take both styles, or add a parameter of another name.",
        breaking: "base: {parameters: [{in: query, name: q, style: pipeDelimited, schema: {type: array}}]}\nrevision: {parameters: [{in: query, name: q, style: form, explode: false, schema: {type: array}}]}",
        safe: "base: {parameters: [{in: query, name: q, schema: {type: array}}]}\nrevision: {parameters: [{in: query, name: q, style: form, schema: {type: array}}]}",
    },
    Text {
        ids: &["request-parameter-explode-changed"],
        purpose: "The values of a parameter are written together where each stood alone, or the reverse.",
        why: "Clients write `q=a&q=b` where the server reads `q=a,b`, or the reverse.",
        safely: "Take both forms, or add a parameter of another name.",
        breaking: "base: {parameters: [{in: query, name: q, schema: {type: array}}]}\nrevision: {parameters: [{in: query, name: q, explode: false, schema: {type: array}}]}",
        safe: "base: {parameters: [{in: query, name: q, schema: {type: string}}]}\nrevision: {parameters: [{in: query, name: q, explode: false, schema: {type: string}}]}",
    },
    Text {
        ids: &["request-parameter-media-type-changed"],
        purpose: "A parameter carries its value in another media type.",
        why: "Clients write the value in the old form, and the server reads another.",
        safely: "Add a parameter of another name, and retire the old one when nobody sends it.",
        breaking: "base: {parameters: [{in: query, name: q, schema: {type: object}}]}\nrevision: {parameters: [{in: query, name: q, content: {application/json: {schema: {type: object}}}}]}",
        safe: "base: {parameters: [{in: query, name: q, content: {application/json: {schema: {type: object}}}}]}\nrevision: {parameters: [{in: query, name: q, content: {application/json: {schema: {type: object, title: a}}}}]}",
    },
    Text {
        ids: &["request-parameter-allow-reserved-set"],
        purpose: "A parameter may hold reserved characters as they are.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {parameters: [{in: query, name: q}]}\nrevision: {parameters: [{in: query, name: q, allowReserved: true}]}",
        safe: "base: {parameters: [{in: query, name: q}]}\nrevision: {parameters: [{in: query, name: q, allowReserved: false}]}",
    },
    Text {
        ids: &["request-parameter-allow-reserved-unset"],
        purpose: "A parameter may no longer hold reserved characters as they are.",
        why: "Clients that write `/` or `&` as they are reach another path, or send another parameter.",
        safely: "Go on reading reserved characters, and document the encoded form.",
        breaking: "base: {parameters: [{in: query, name: q, allowReserved: true}]}\nrevision: {parameters: [{in: query, name: q}]}",
        safe: "base: {parameters: [{in: query, name: q, allowReserved: false}]}\nrevision: {parameters: [{in: query, name: q}]}",
    },
];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let (from, to) = (
        serialization::media_type(old.node),
        serialization::media_type(new.node),
    );
    if from.map(|node| node.text()) != to.map(|node| node.text()) {
        let message = format!(
            "{} carries its value as `{}`, not as `{}`",
            subject(new),
            shown(to),
            shown(from)
        );
        let found = Found::new("request-parameter-media-type-changed", message)
            .base(from.unwrap_or(old.node))
            .revision(to.unwrap_or(new.node));
        fact.report(report, found.value(shown(from)).value(shown(to)));
        return;
    }
    allow_reserved(fact, report, old, new);
    // One value looks the same in most styles, and media types have no style.
    let documents = &fact.documents;
    if to.is_some() || is_single(old, documents.base) && is_single(new, documents.revision) {
        return;
    }
    style(fact, report, old, new);
}

fn style<'t>(
    fact: &ParameterFact<'_, 't>,
    report: &mut Report<'t>,
    old: &Parameter<'t>,
    new: &Parameter<'t>,
) {
    let (from, to) = (
        serialization::style(old.node, old.location),
        serialization::style(new.node, new.location),
    );
    if from != to {
        let message = format!(
            "the style of {} changed from `{from}` to `{to}`",
            subject(new)
        );
        let found = Found::new("request-parameter-style-changed", message)
            .base(old.node.get("style").unwrap_or(old.node))
            .revision(new.node.get("style").unwrap_or(new.node));
        fact.report(report, found.value(from).value(to));
        return;
    }
    let (was, is) = (
        serialization::is_exploded(old.node, old.location),
        serialization::is_exploded(new.node, new.location),
    );
    if was != is {
        let word = if is { "on their own" } else { "together" };
        let message = format!("the values of {} are written {word}", subject(new));
        let found = Found::new("request-parameter-explode-changed", message)
            .base(old.node.get("explode").unwrap_or(old.node))
            .revision(new.node.get("explode").unwrap_or(new.node));
        fact.report(report, found.value(is.to_string()));
    }
}

fn allow_reserved<'t>(
    fact: &ParameterFact<'_, 't>,
    report: &mut Report<'t>,
    old: &Parameter<'t>,
    new: &Parameter<'t>,
) {
    let (id, word) = match (old.flag("allowReserved"), new.flag("allowReserved")) {
        (false, true) => ("request-parameter-allow-reserved-set", "may"),
        (true, false) => ("request-parameter-allow-reserved-unset", "may no longer"),
        _ => return,
    };
    let message = format!("{} {word} hold reserved characters", subject(new));
    let found = Found::new(id, message)
        .base(old.node.get("allowReserved"))
        .revision(new.node.get("allowReserved"));
    fact.report(report, found);
}

fn subject(parameter: &Parameter<'_>) -> String {
    format!("{} parameter `{}`", parameter.location, parameter.name)
}

/// Whether the value is neither an array nor an object, for all that its types say.
fn is_single<'t>(parameter: &Parameter<'t>, document: &Document<'t>) -> bool {
    let Some(node) = parameter.schema(document) else {
        return true;
    };
    let schema = Schema::read(document, node);
    let several = TypeSet::of("array").with(TypeSet::of("object"));
    let types = schema.types();
    let has_shape = [Keyword::Items, Keyword::Properties];
    match types.is_empty() {
        true => has_shape
            .iter()
            .all(|keyword| schema.get(*keyword).is_none()),
        false => types.without(several) == types,
    }
}
