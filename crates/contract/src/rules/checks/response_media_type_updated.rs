//! Media types that came to or left a response.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "ResponseMediaTypeUpdatedCheck",
    texts: TEXTS,
    run: Run::MediaType(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-media-type-removed"],
        purpose: "A response no longer comes in one of its media types.",
        why: "Clients that ask for it get something they cannot read, or 406.",
        safely: "Keep the media type until nobody asks for it.",
        breaking: "base: {responses: {200: {content: {application/json: {}, text/csv: {}}}}}\nrevision: {responses: {200: {content: {application/json: {}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/json: {}, text/csv: {}}}}}",
    },
    Text {
        ids: &["response-media-type-added"],
        purpose: "A response comes in one more media type.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/json: {}, text/csv: {}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {}, text/csv: {}}}}}\nrevision: {responses: {200: {content: {application/json: {}}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    if fact.status.is_empty() {
        return;
    }
    let status = fact.status;
    if let Some(old) = fact.removed() {
        let message = format!(
            "media type `{}` of response `{status}` was removed",
            old.name
        );
        fact.report(
            report,
            Found::new("response-media-type-removed", message).base(old.key),
        );
    }
    if let Some(new) = fact.added() {
        let message = format!("media type `{}` of response `{status}` was added", new.name);
        fact.report(
            report,
            Found::new("response-media-type-added", message).revision(new.key),
        );
    }
}
