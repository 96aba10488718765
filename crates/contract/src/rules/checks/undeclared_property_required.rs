//! Names in `required` that no property declares, and that came or went.

use rustc_hash::FxHashSet;

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::diff::step::Step;
use crate::model::keyword::Keyword;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "UndeclaredPropertyRequiredCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-undeclared-property-became-required"],
        purpose: "A request must carry a property that its schema requires by name and does not declare.",
        why: "Requests without it are refused, and nothing tells a client what to put there.",
        safely: "Declare it under `properties` as optional, or take the name out of `required`: it is often a misspelt one.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a, b], properties: {a: {type: string}}}",
        safe: "base: {type: object, properties: {a: {type: string}, b: {type: string}}}\nrevision: {type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}",
    },
    Text {
        ids: &["request-undeclared-property-became-optional"],
        purpose: "A request may leave out a property that its schema required by name and did not declare.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, required: [a, b], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a, b], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["response-undeclared-property-became-optional"],
        purpose: "A response may leave out a property that its schema required by name and did not declare.",
        why: "Clients that read it were told that it is always there.",
        safely: "Keep sending it, or deprecate it first and watch who still reads it.",
        breaking: "base: {type: object, required: [a, b], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a, b], properties: {a: {type: string}}}",
    },
    Text {
        ids: &["response-undeclared-property-became-required"],
        purpose: "A response always has a property that its schema requires by name and does not declare.",
        why: "It breaks nobody: clients may rely on more than before.",
        safely: "Declare it under `properties`, so that clients know what it is.",
        breaking: "base: {type: object, required: [a], properties: {a: {type: string}}}\nrevision: {type: object, required: [a, b], properties: {a: {type: string}}}",
        safe: "base: {type: object, required: [a, b], properties: {a: {type: string}}}\nrevision: {type: object, required: [a], properties: {a: {type: string}}}",
    },
];

/// What a name is reported as that is newly required, and one that no longer is.
struct Ids {
    required: &'static str,
    optional: &'static str,
}

const REQUEST: Ids = Ids {
    required: "request-undeclared-property-became-required",
    optional: "request-undeclared-property-became-optional",
};

const RESPONSE: Ids = Ids {
    required: "response-undeclared-property-became-required",
    optional: "response-undeclared-property-became-optional",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = match (pair.is_request_body(), pair.is_response()) {
        (true, _) => REQUEST,
        (_, true) => RESPONSE,
        _ => return,
    };
    // A member of `allOf` may require what its neighbour declares: the schema that has both is where it is told.
    let is_member = matches!(pair.parent, Some((_, Step::Element("allOf", _))));
    if is_member || !may_differ(pair) {
        return;
    }
    let (base, revision) = (pair.base(), pair.revision());
    for (name, node) in missing(revision, base) {
        let message = format!(
            "{} is not declared and became required",
            pair.property_subject(name)
        );
        let found = Found::new(ids.required, message).revision(node);
        pair.report(report, placed(found, base, name, Found::base));
    }
    for (name, node) in missing(base, revision) {
        let message = format!(
            "{} was not declared and became optional",
            pair.property_subject(name)
        );
        let found = Found::new(ids.optional, message).base(node);
        pair.report(report, placed(found, revision, name, Found::revision));
    }
}

fn may_differ(pair: &SchemaPair<'_, '_>) -> bool {
    let is_composed = pair.base().is_composed() || pair.revision().is_composed();
    is_composed || pair.changed(Keyword::Required).is_some()
}

/// What `has` requires and does not declare, and `other` does not require: each name once, with its element.
fn missing<'t>(has: &Schema<'t>, other: &Schema<'t>) -> Vec<(&'t str, Node<'t>)> {
    let mut seen = FxHashSet::default();
    has.required_elements()
        .filter(|(name, _)| seen.insert(*name))
        .filter(|(name, _)| has.property(name).is_none() && other.required(name).is_none())
        .collect()
}

/// With the place on the side that does not require it: its property, else the list that lacks the name, else the
/// schema.
fn placed<'t>(
    found: Found<'t>,
    side: &Schema<'t>,
    name: &'t str,
    place: fn(Found<'t>, Node<'t>) -> Found<'t>,
) -> Found<'t> {
    let known = side.property(name).or(side.get(Keyword::Required));
    place(found, known.unwrap_or(side.node))
        .tail("properties")
        .tail(name)
}
