//! What happened to `type` and `format` of parameters and of what is inside them.

use crate::diff::report::Report;
use crate::diff::schema_pair::Place;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::model::types::TypeSet;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{place, types};
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "RequestParameterTypeChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-parameter-type-changed"],
        purpose: "The type or format of a parameter changed to one that does not take the old values.",
        why: "Running clients and generated code send the old kind of value.",
        safely: "Add a new parameter with the new type, keep the old one, and retire it when nobody uses it.",
        breaking: "base: {type: string}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: string}",
    },
    Text {
        ids: &["request-parameter-type-generalized"],
        purpose: "A parameter may be of more types or formats than before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: integer}",
    },
    Text {
        ids: &["request-parameter-property-type-changed"],
        purpose: "A value inside a parameter has another type; whether the old values still fit depends on how the parameter is written.",
        why: "As JSON a number and a text differ; in a query string they do not.",
        safely: "Add a new property with the new type, and keep the old one.",
        breaking: "base: {type: integer}\nrevision: {type: string}",
        safe: "base: {type: integer}\nrevision: {type: number}",
    },
    Text {
        ids: &["request-parameter-property-type-generalized"],
        purpose: "A value inside a parameter may be of more types or formats than before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer}\nrevision: {type: number}",
        safe: "base: {type: number}\nrevision: {type: integer}",
    },
    Text {
        ids: &["request-parameter-property-type-specialized"],
        purpose: "A value inside a parameter may be of fewer types or formats than before.",
        why: "Running clients and generated code send the old kind of value.",
        safely: "Add a new property with the new type, and keep the old one.",
        breaking: "base: {type: number}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: number}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_parameter(pair) {
        return;
    }
    let Some(change) = types::change(pair.base(), pair.revision()) else {
        return;
    };
    let breaks_text = change.breaks_request(false);
    let breaks_json = change.breaks_request(true);
    let id = match (pair.is_root(), breaks_text) {
        (true, true) if !is_repeatable(pair) => "request-parameter-type-changed",
        (true, _) => "request-parameter-type-generalized",
        // How an object is written into a parameter is not known here.
        (false, _) if breaks_text != breaks_json => "request-parameter-property-type-changed",
        (false, true) => "request-parameter-property-type-specialized",
        (false, false) => "request-parameter-property-type-generalized",
    };
    types::report(pair, report, id, &change);
}

/// Whether one value became a list of such values that is written by repeating the parameter: one is a list of one.
fn is_repeatable(pair: &SchemaPair<'_, '_>) -> bool {
    let (old, new) = (pair.base(), pair.revision());
    let was = old.types().without(TypeSet::NULL);
    let added = new.types().without(old.types()).without(TypeSet::NULL);
    if added != TypeSet::of("array") || was.is_empty() || !is_repeated(pair.place) {
        return false;
    }
    let document = pair.documents.revision;
    let Some(items) = new.get(Keyword::Items) else {
        return false;
    };
    let items = Schema::read(document, items);
    let takes = items.types().without(TypeSet::NULL);
    let takes_all = was.is_within(takes) || takes == TypeSet::STRING || takes.is_empty();
    takes_all && is_alike(old.node, items.node) && is_alike(items.node, old.node)
}

fn is_repeated(place: Place<'_>) -> bool {
    matches!(place, Place::Parameter { is_exploded_form, .. } if is_exploded_form)
}

/// Whether `other` has all constraints of `one` but for its type.
fn is_alike(one: Node<'_>, other: Node<'_>) -> bool {
    let passed_over = [
        "type",
        "nullable",
        "title",
        "description",
        "example",
        "examples",
        "default",
        "externalDocs",
        "$comment",
        "deprecated",
    ];
    one.members()
        .filter(|member| !passed_over.contains(&member.name()) && !member.name().starts_with("x-"))
        .all(|member| {
            let same = other.get(member.name());
            same.is_some_and(|same| same.same_value(member.value))
        })
}
