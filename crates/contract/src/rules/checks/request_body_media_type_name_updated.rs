//! Media types of a request body that became a wider or a narrower one.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::media_types::{self, Renamed};

pub(super) const CHECK: Check = Check {
    name: "RequestBodyMediaTypeNameUpdatedCheck",
    texts: TEXTS,
    run: Run::MediaType(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-media-type-name-changed"],
        purpose: "The media type of a request body has other parameters.",
        why: "A client sends the old parameters; whether the server looks at them, the document cannot tell.",
        safely: "Take the media type with any parameters.",
        breaking: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/json;v=2: {}}}}",
        safe: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/problem+json: {}}}}",
    },
    Text {
        ids: &["request-body-media-type-name-generalized"],
        purpose: "The media type of a request body became a more general one.",
        why: "It breaks nobody on the wire: what is of the special type is of the general one.",
        safely: "Nothing needs to be done.",
        breaking: "base: {requestBody: {content: {application/merge-patch+json: {}}}}\nrevision: {requestBody: {content: {application/json: {}}}}",
        safe: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/merge-patch+json: {}}}}",
    },
    Text {
        ids: &["request-body-media-type-name-specialized"],
        purpose: "The media type of a request body became a more special one.",
        why: "Clients send the general type and are refused with 415.",
        safely: "Take both media types until nobody sends the general one.",
        breaking: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/merge-patch+json: {}}}}",
        safe: "base: {requestBody: {content: {application/merge-patch+json: {}}}}\nrevision: {requestBody: {content: {application/json: {}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both().filter(|_| fact.status.is_empty()) else {
        return;
    };
    let (id, word) = match media_types::renamed(old.name, new.name) {
        None => return,
        Some(Renamed::Changed) => ("request-body-media-type-name-changed", "changed"),
        Some(Renamed::Specialized) => (
            "request-body-media-type-name-specialized",
            "was specialized",
        ),
        Some(Renamed::Generalized) => (
            "request-body-media-type-name-generalized",
            "was generalized",
        ),
    };
    let message = format!(
        "media type `{}` of the request body {word} to `{}`",
        old.name, new.name
    );
    let found = Found::new(id, message).base(old.key).revision(new.key);
    fact.report(report, found.value(old.name).value(new.name));
}
