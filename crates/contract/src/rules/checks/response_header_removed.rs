//! Headers that responses no longer have.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderRemovedCheck",
    texts: TEXTS,
    run: Run::Header(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["required-response-header-removed"],
        purpose: "A response lost a header that it always had.",
        why: "Clients that rely on the header fail without it.",
        safely: "Keep sending it until nobody reads it.",
        breaking: "base: {responses: {200: {headers: {X-A: {required: true}}}}}\nrevision: {responses: {200: {headers: {}}}}",
        safe: "base: {responses: {200: {headers: {X-A: {}}}}}\nrevision: {responses: {200: {headers: {}}}}",
    },
    Text {
        ids: &["optional-response-header-removed"],
        purpose: "A response lost a header that it could have.",
        why: "Clients that use the header where it is there lose what they used it for.",
        safely: "Keep sending it until nobody reads it.",
        breaking: "base: {responses: {200: {headers: {X-A: {}}}}}\nrevision: {responses: {200: {headers: {}}}}",
        safe: "base: {responses: {200: {headers: {X-A: {}}}}}\nrevision: {responses: {200: {headers: {x-a: {}}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some(old) = fact.removed() else { return };
    let id = match shared::is_required(old.node) {
        true => "required-response-header-removed",
        false => "optional-response-header-removed",
    };
    let message = format!(
        "header `{}` of response `{}` was removed",
        old.name, fact.status
    );
    fact.report(report, Found::new(id, message).base(old.key));
}
