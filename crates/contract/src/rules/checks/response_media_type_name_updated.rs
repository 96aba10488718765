//! Media types of a response that became a wider or a narrower one.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::media_types::{self, Renamed};

pub(super) const CHECK: Check = Check {
    name: "ResponseMediaTypeNameUpdatedCheck",
    texts: TEXTS,
    run: Run::MediaType(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-media-type-name-changed"],
        purpose: "The media type of a response has other parameters.",
        why: "It breaks nobody who reads the type without its parameters; a client that compares the whole header must know both.",
        safely: "Nothing needs to be done; say it in the changelog.",
        breaking: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/json;v=2: {}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/problem+json: {}}}}}",
    },
    Text {
        ids: &["response-media-type-name-generalized"],
        purpose: "The media type of a response became a more general one.",
        why: "A client that chooses its reader by the narrow type no longer finds it.",
        safely: "Offer both media types and let the client choose with `Accept`.",
        breaking: "base: {responses: {200: {content: {application/problem+json: {}}}}}\nrevision: {responses: {200: {content: {application/json: {}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/problem+json: {}}}}}",
    },
    Text {
        ids: &["response-media-type-name-specialized"],
        purpose: "The media type of a response became a more special one.",
        why: "It breaks nobody: what reads the general type reads the special one.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/problem+json: {}}}}}",
        safe: "base: {responses: {200: {content: {application/problem+json: {}}}}}\nrevision: {responses: {200: {content: {application/json: {}}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both().filter(|_| !fact.status.is_empty()) else {
        return;
    };
    let (id, word) = match media_types::renamed(old.name, new.name) {
        None => return,
        Some(Renamed::Changed) => ("response-media-type-name-changed", "changed"),
        Some(Renamed::Specialized) => ("response-media-type-name-specialized", "was specialized"),
        Some(Renamed::Generalized) => ("response-media-type-name-generalized", "was generalized"),
    };
    let message = format!(
        "media type `{}` of response `{}` {word} to `{}`",
        old.name, fact.status, new.name
    );
    let found = Found::new(id, message).base(old.key).revision(new.key);
    fact.report(report, found.value(old.name).value(new.name));
}
