//! Parts of forms and multipart bodies that are written another way.

use crate::diff::fact::NamedFact;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "MediaTypeEncodingChangedCheck",
    texts: TEXTS,
    run: Run::MediaType(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-encoding-changed"],
        purpose: "A part of a request body is written another way.",
        why: "Clients write the part in the old form, and the server reads another.",
        safely: "Take both forms, or add a part of another name.",
        breaking: "base: {requestBody: {content: {multipart/form-data: {encoding: {photo: {contentType: image/png}}}}}}\nrevision: {requestBody: {content: {multipart/form-data: {encoding: {photo: {contentType: image/webp}}}}}}",
        safe: "base: {requestBody: {content: {multipart/form-data: {encoding: {photo: {contentType: image/png}}}}}}\nrevision: {requestBody: {content: {multipart/form-data: {encoding: {photo: {contentType: image/png, headers: {}}}}}}}",
    },
    Text {
        ids: &["response-body-encoding-changed"],
        purpose: "A part of a response body is written another way.",
        why: "A client reads the part in the old form, and finds another.",
        safely: "Send the new form in a part of its own.",
        breaking: "base: {responses: {200: {content: {multipart/mixed: {encoding: {photo: {contentType: image/png}}}}}}}\nrevision: {responses: {200: {content: {multipart/mixed: {encoding: {photo: {contentType: image/webp}}}}}}}",
        safe: "base: {responses: {200: {content: {multipart/mixed: {encoding: {photo: {contentType: image/png}}}}}}}\nrevision: {responses: {200: {content: {multipart/mixed: {encoding: {photo: {contentType: image/png, headers: {}}}}}}}}",
    },
];

const FIELDS: [&str; 4] = ["contentType", "style", "explode", "allowReserved"];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let (id, holder) = match fact.status {
        "" => (
            "request-body-encoding-changed",
            "the request body".to_owned(),
        ),
        status => (
            "response-body-encoding-changed",
            format!("response `{status}`"),
        ),
    };
    let (old, new) = (old.node.get("encoding"), new.node.get("encoding"));
    // A part that has no encoding on one side is written by its schema there, which other rules look at.
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    for part in old.members() {
        let Some(other) = new.get(part.name()) else {
            continue;
        };
        for field in FIELDS {
            let (from, to) = (part.value.get(field), other.get(field));
            if shown(from) == shown(to) {
                continue;
            }
            let message = format!(
                "`{field}` of part `{}` of {holder} changed from `{}` to `{}`",
                part.name(),
                shown(from),
                shown(to)
            );
            let place = |node: Option<Node<'t>>, whole: Node<'t>| node.unwrap_or(whole);
            let found = Found::new(id, message)
                .base(place(from, part.value))
                .revision(place(to, other));
            let found = found.tail("encoding").tail(part.name()).tail(field);
            fact.report(report, found.value(shown(from)).value(shown(to)));
        }
    }
}
