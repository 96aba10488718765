//! Response headers whose values are written another way.

use crate::diff::fact::NamedFact;
use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::serialization;

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderSerializationChangedCheck",
    texts: TEXTS,
    run: Run::Header(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-explode-changed"],
        purpose: "The members of an object in a response header are written another way.",
        why: "A client that reads `a,1,b,2` finds `a=1,b=2`, or the reverse.",
        safely: "Send the new form in a header of its own.",
        breaking: "base: {responses: {200: {headers: {X-H: {schema: {type: object}}}}}}\nrevision: {responses: {200: {headers: {X-H: {explode: true, schema: {type: object}}}}}}",
        safe: "base: {responses: {200: {headers: {X-H: {schema: {type: array}}}}}}\nrevision: {responses: {200: {headers: {X-H: {explode: true, schema: {type: array}}}}}}",
    },
    Text {
        ids: &["response-header-media-type-changed"],
        purpose: "A response header carries its value in another media type.",
        why: "A client reads the value in the old form, and finds another.",
        safely: "Send the new form in a header of its own.",
        breaking: "base: {responses: {200: {headers: {X-H: {schema: {type: object}}}}}}\nrevision: {responses: {200: {headers: {X-H: {content: {application/json: {}}}}}}}",
        safe: "base: {responses: {200: {headers: {X-H: {content: {application/json: {}}}}}}}\nrevision: {responses: {200: {headers: {X-H: {content: {application/json: {}}}}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let subject = format!("header `{}` of response `{}`", new.name, fact.status);
    let (from, to) = (
        serialization::media_type(old.node),
        serialization::media_type(new.node),
    );
    if from.map(|node| node.text()) != to.map(|node| node.text()) {
        let (was, is) = (shown(from), shown(to));
        let message = format!("{subject} carries its value as `{is}`, not as `{was}`");
        let found = Found::new("response-header-media-type-changed", message)
            .base(from.unwrap_or(old.key))
            .revision(to.unwrap_or(new.key));
        fact.report(report, found.value(was).value(is));
        return;
    }
    let document = fact.documents.revision;
    let schema = document.get(new.node, "schema");
    let kind = schema.and_then(|schema| schema.get("type"));
    let is_object = kind.is_some_and(|kind| kind.as_str() == Some("object"));
    let (was, is) = (
        serialization::is_exploded(old.node, "header"),
        serialization::is_exploded(new.node, "header"),
    );
    if was != is && is_object {
        let message = format!("the members of {subject} are written another way");
        let found = Found::new("response-header-explode-changed", message)
            .base(old.node.get("explode").unwrap_or(old.key))
            .revision(new.node.get("explode").unwrap_or(new.key));
        fact.report(report, found.value(is.to_string()));
    }
}
