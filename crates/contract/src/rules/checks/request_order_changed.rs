//! The order of what a request is made of, for those whose generated code takes inputs by position.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::fact::{Documents, NamedFact, OperationPair};
use crate::diff::found::Found;
use crate::diff::options::{Clients, DiffOptions, LevelOverride};
use crate::diff::report::Report;
use crate::model::body::Named;
use crate::model::document::Document;
use crate::model::keyword::Keyword;
use crate::model::operation::Listing;
use crate::model::parameter::Parameter;
use crate::model::schema::Schema;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

const PARAMETERS: &str = "request-parameter-order-changed";
const PROPERTIES: &str = "request-body-property-order-changed";

pub(super) const OF_PARAMETERS: Check = Check {
    name: "RequestParameterOrderChangedCheck",
    texts: &[Text {
        ids: &[PARAMETERS],
        purpose: "The parameters of an operation stand in another order. Told for strict clients only.",
        why: WHY,
        safely: "Add new parameters behind the old ones and leave the order as it is; it is free in a new major version of the SDK.",
        breaking: "base: {parameters: [{in: query, name: a}, {in: query, name: b}], responses: {}}\nrevision: {parameters: [{in: query, name: b}, {in: query, name: a}], responses: {}}",
        safe: "base: {parameters: [{in: query, name: a}, {in: query, name: b}], responses: {}}\nrevision: {parameters: [{in: query, name: a}, {in: query, name: c}, {in: query, name: b}], responses: {}}",
    }],
    run: Run::OperationPair(parameters),
};

pub(super) const OF_PROPERTIES: Check = Check {
    name: "RequestBodyPropertyOrderChangedCheck",
    texts: &[Text {
        ids: &[PROPERTIES],
        purpose: "The properties of a request body stand in another order. Told for strict clients only: to anyone who sends names, an object has no order.",
        why: WHY,
        safely: "Add new properties behind the old ones and leave the order as it is; it is free in a new major version of the SDK.",
        breaking: "base: {type: object, properties: {a: {}, b: {}}}\nrevision: {type: object, properties: {b: {}, a: {}}}",
        safe: "base: {type: object, properties: {a: {}, b: {}}}\nrevision: {type: object, properties: {a: {}, c: {}, b: {}}}",
    }],
    run: Run::MediaType(properties),
};

const WHY: &str = "Generators that write one argument for each input take the order of the contract: a call by position passes its values to the wrong argument, and may still compile.";

/// The order is read for strict clients, and for whoever has chosen a level for the rule.
fn is_read(options: &DiffOptions, id: &str) -> bool {
    let chosen = options.levels.get(id);
    options.clients == Clients::Strict || chosen.is_some_and(|level| *level != LevelOverride::Off)
}

fn parameters<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    if !is_read(pair.documents.options, PARAMETERS) || pair.base.listing != Listing::Paths {
        return;
    }
    let Documents { base, revision, .. } = pair.documents;
    let side = |parameters: Vec<Parameter<'t>>| -> Vec<_> {
        let known = parameters.into_iter();
        known.map(|one| (one.key(), one.name, one.node)).collect()
    };
    let old = side(pair.base.parameters(base));
    let new = side(pair.revision.parameters(revision));
    if let Some(moved) = first_moved(&old, &new) {
        let message = format!(
            "parameter `{}` now stands before `{}`",
            moved.name, moved.before
        );
        let found = Found::new(PARAMETERS, message);
        let found = found.base(moved.base).revision(moved.revision);
        pair.report(
            report,
            "/parameters",
            found.value(moved.name).value(moved.before),
        );
    }
}

fn properties<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let is_request = fact.status.is_empty() && fact.operation.base.listing == Listing::Paths;
    if !is_request || !is_read(fact.documents.options, PROPERTIES) {
        return;
    }
    let Some((old, new)) = fact.both() else {
        return;
    };
    let old = inputs(fact.documents.base, old);
    let new = inputs(fact.documents.revision, new);
    if let Some(moved) = first_moved(&old, &new) {
        let message = format!(
            "request property `{}` now stands before `{}`",
            moved.name, moved.before
        );
        let found = Found::new(PROPERTIES, message);
        let found = found.base(moved.base).revision(moved.revision);
        fact.report(report, found.value(moved.name).value(moved.before));
    }
}

/// The properties that a client sends, in the order of the document.
fn inputs<'t>(document: &Document<'t>, media_type: &Named<'t>) -> Vec<Input<'t, &'t str>> {
    let Some(schema) = media_type.node.get("schema") else {
        return Vec::new();
    };
    let schema = Schema::read_whole(document, schema);
    let names = schema.property_names().into_iter();
    let named = names.filter_map(|name| Some((name, name, schema.property(name)?)));
    named
        .filter(|(_, _, node)| !Schema::read(document, *node).flag(Keyword::ReadOnly))
        .collect()
}

/// What it is known by on both sides, its name, and where it is written.
type Input<'t, K> = (K, &'t str, Node<'t>);

struct Moved<'t> {
    name: &'t str,
    before: &'t str,
    base: Node<'t>,
    revision: Node<'t>,
}

/// The first of those on both sides that stands elsewhere among them.
fn first_moved<'t, K: Eq + std::hash::Hash>(
    old: &[Input<'t, K>],
    new: &[Input<'t, K>],
) -> Option<Moved<'t>> {
    let is_new: FxHashSet<&K> = new.iter().map(|(key, ..)| key).collect();
    let known: FxHashMap<&K, Node<'t>> = old.iter().map(|(key, _, node)| (key, *node)).collect();
    let stayed = old.iter().filter(|(key, ..)| is_new.contains(key));
    let now = new.iter().filter(|(key, ..)| known.contains_key(key));
    let (was, is) = stayed.zip(now).find(|(was, is)| was.0 != is.0)?;
    Some(Moved {
        name: is.1,
        before: was.1,
        base: known[&is.0],
        revision: is.2,
    })
}
