//! Parameters other than of the path that all operations of a path newly take.

use crate::diff::fact::ParameterFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::model::parameter::Holder;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "NewRequestNonPathDefaultParameterCheck",
    texts: TEXTS,
    run: Run::Parameter(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["new-required-request-default-parameter-to-existing-path"],
        purpose: "All operations of a path must be given a new parameter.",
        why: "Requests without it are refused.",
        safely: "Make it optional, with a default on the server.",
        breaking: "base: {paths: {/a: {get: {responses: {}}}}}\nrevision: {paths: {/a: {parameters: [{in: query, name: q, required: true}], get: {responses: {}}}}}",
        safe: "base: {paths: {/a: {get: {responses: {}}}}}\nrevision: {paths: {/a: {parameters: [{in: query, name: q}], get: {responses: {}}}}}",
    },
    Text {
        ids: &["new-optional-request-default-parameter-to-existing-path"],
        purpose: "All operations of a path may be given a new parameter.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {paths: {/a: {get: {responses: {}}}}}\nrevision: {paths: {/a: {parameters: [{in: query, name: q}], get: {responses: {}}}}}",
        safe: "base: {paths: {/a: {parameters: [{in: query, name: q}], get: {responses: {}}}}}\nrevision: {paths: {/a: {get: {responses: {}}}}}",
    },
];

fn check<'t>(fact: &ParameterFact<'_, 't>, report: &mut Report<'t>) {
    let Some(new) = fact.added() else { return };
    if new.location == "path" || new.holder != Holder::PathItem {
        return;
    }
    let (id, word) = match new.is_required() {
        true => (
            "new-required-request-default-parameter-to-existing-path",
            "required",
        ),
        false => (
            "new-optional-request-default-parameter-to-existing-path",
            "optional",
        ),
    };
    let message = format!(
        "{word} {} parameter `{}` was added to the path",
        new.location, new.name
    );
    fact.report(report, Found::new(id, message).revision(new.node));
}
