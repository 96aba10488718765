//! Media types that a request body may no longer, or newly, have.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestBodyMediaTypeChangedCheck",
    texts: TEXTS,
    run: Run::MediaType(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-media-type-removed"],
        purpose: "A request body may no longer be of one of its media types.",
        why: "Clients that send it are refused with 415.",
        safely: "Keep the media type until nobody sends it.",
        breaking: "base: {requestBody: {content: {application/json: {}, text/csv: {}}}}\nrevision: {requestBody: {content: {application/json: {}}}}",
        safe: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/json: {}, text/csv: {}}}}",
    },
    Text {
        ids: &["request-body-media-type-added"],
        purpose: "A request body may be of one more media type.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/json: {}, text/csv: {}}}}",
        safe: "base: {requestBody: {content: {application/json: {}, text/csv: {}}}}\nrevision: {requestBody: {content: {application/json: {}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    if !fact.status.is_empty() {
        return;
    }
    if let Some(old) = fact.removed() {
        let message = format!("media type `{}` of the request body was removed", old.name);
        fact.report(
            report,
            Found::new("request-body-media-type-removed", message).base(old.key),
        );
    }
    if let Some(new) = fact.added() {
        let message = format!("media type `{}` of the request body was added", new.name);
        fact.report(
            report,
            Found::new("request-body-media-type-added", message).revision(new.key),
        );
    }
}
