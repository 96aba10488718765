//! Media types that got or lost their schema.

use crate::diff::fact::NamedFact;
use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "MediaTypeSchemaExistenceCheck",
    texts: TEXTS,
    run: Run::MediaType(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-media-type-schema-added"],
        purpose: "A media type of a request body got its schema.",
        why: "A body that was free of form must have one now, and some requests do not.",
        safely: "Describe the form that the server has always asked for.",
        breaking: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/json: {schema: {}}}}}",
        safe: "base: {requestBody: {content: {application/json: {schema: {}}}}}\nrevision: {requestBody: {content: {application/json: {}}}}",
    },
    Text {
        ids: &["request-body-media-type-schema-removed"],
        purpose: "A media type of a request body lost its schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {requestBody: {content: {application/json: {schema: {}}}}}\nrevision: {requestBody: {content: {application/json: {}}}}",
        safe: "base: {requestBody: {content: {application/json: {}}}}\nrevision: {requestBody: {content: {application/json: {schema: {}}}}}",
    },
    Text {
        ids: &["response-body-media-type-schema-added"],
        purpose: "A media type of a response body got its schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/json: {schema: {}}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {schema: {}}}}}}\nrevision: {responses: {200: {content: {application/json: {}}}}}",
    },
    Text {
        ids: &["response-body-media-type-schema-removed"],
        purpose: "A media type of a response body lost its schema.",
        why: "What clients may rely on is no longer written; whether it changed the document cannot tell.",
        safely: "Keep the schema.",
        breaking: "base: {responses: {200: {content: {application/json: {schema: {}}}}}}\nrevision: {responses: {200: {content: {application/json: {}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {}}}}}\nrevision: {responses: {200: {content: {application/json: {schema: {}}}}}}",
    },
];

fn check<'t>(fact: &NamedFact<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = fact.both() else {
        return;
    };
    let (id, word) = match (
        fact.status.is_empty(),
        old.node.get("schema"),
        new.node.get("schema"),
    ) {
        (true, None, Some(_)) => ("request-body-media-type-schema-added", "got a schema"),
        (true, Some(_), None) => ("request-body-media-type-schema-removed", "lost its schema"),
        (false, None, Some(_)) => ("response-body-media-type-schema-added", "got a schema"),
        (false, Some(_), None) => ("response-body-media-type-schema-removed", "lost its schema"),
        _ => return,
    };
    let message = format!("media type `{}` {word}", new.name);
    let found = Found::new(id, message)
        .base(old.node.get("schema"))
        .revision(new.node.get("schema"));
    fact.report(report, found);
}
