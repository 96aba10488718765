//! Schemas that left the components.

use crate::diff::fact::Documents;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::document::Document;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIComponentsSchemaRemovedCheck",
    texts: TEXTS,
    run: Run::Document(check),
};

const TEXTS: &[Text] = &[Text {
    ids: &["api-schema-removed"],
    purpose: "A named schema left the contract.",
    why: "Nothing changes on the wire; generated code loses a type.",
    safely: "Keep the schema until no consumer's code names it.",
    breaking: "base: {components: {schemas: {a: {}, b: {}}}}\nrevision: {components: {schemas: {b: {}}}}",
    safe: "base: {components: {schemas: {b: {}}}}\nrevision: {components: {schemas: {a: {}, b: {}}}}",
}];

fn check<'t>(documents: &Documents<'_, 't>, report: &mut Report<'t>) {
    let schemas = |document: &Document<'t>| -> Option<Node<'t>> {
        document.get(document.root(), "components")?.get("schemas")
    };
    let new = schemas(documents.revision);
    for member in schemas(documents.base).into_iter().flat_map(Node::members) {
        let name = member.name();
        if new.is_some_and(|new| new.get(name).is_some()) {
            continue;
        }
        let message = format!("schema `{name}` was removed from the components");
        let found = Found::new("api-schema-removed", message).base(member.key);
        documents.report(report, "/components/schemas", found.tail(name));
    }
}
