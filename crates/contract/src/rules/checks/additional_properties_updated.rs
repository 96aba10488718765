//! What an object may hold beyond the properties that it names.

use crate::diff::found::Found;
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "AdditionalPropertiesUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-additional-properties-closed",
            "request-property-additional-properties-closed",
            "request-parameter-additional-properties-closed",
            "request-parameter-property-additional-properties-closed",
        ],
        purpose: "An object in a request may hold no properties but those it names.",
        why: "What clients send beyond the named properties was allowed and is refused.",
        safely: "Go on ignoring what the contract does not name.",
        breaking: "base: {type: object}\nrevision: {type: object, additionalProperties: false}",
        safe: "base: {type: object}\nrevision: {type: object, additionalProperties: true}",
    },
    Text {
        ids: &[
            "response-body-additional-properties-closed",
            "response-property-additional-properties-closed",
            "response-header-additional-properties-closed",
        ],
        purpose: "An object in a response may hold no properties but those it names.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, additionalProperties: false}",
        safe: "base: {type: object}\nrevision: {type: object, additionalProperties: true}",
    },
    Text {
        ids: &[
            "request-body-additional-properties-opened",
            "request-property-additional-properties-opened",
            "request-parameter-additional-properties-opened",
            "request-parameter-property-additional-properties-opened",
        ],
        purpose: "An object in a request may hold properties that it does not name.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, additionalProperties: false}\nrevision: {type: object}",
        safe: "base: {type: object, additionalProperties: false}\nrevision: {type: object, additionalProperties: false}",
    },
    Text {
        ids: &[
            "response-body-additional-properties-opened",
            "response-property-additional-properties-opened",
            "response-header-additional-properties-opened",
        ],
        purpose: "An object in a response may hold properties that it does not name.",
        why: "A client that refuses what it does not know meets it; most ignore it, the document cannot tell.",
        safely: "Ask consumers to ignore what they do not know before anything is sent.",
        breaking: "base: {type: object, additionalProperties: false}\nrevision: {type: object}",
        safe: "base: {type: object, additionalProperties: false}\nrevision: {type: object, additionalProperties: false}",
    },
    Text {
        ids: &[
            "request-body-additional-properties-schema-added",
            "request-property-additional-properties-schema-added",
            "request-parameter-additional-properties-schema-added",
            "request-parameter-property-additional-properties-schema-added",
        ],
        purpose: "Properties of an object in a request that it does not name must fit a schema.",
        why: "What the contract allowed before it no longer does; whether the server ever took it, the document cannot tell.",
        safely: "State only what the server has always asked for; otherwise introduce it in a new version.",
        breaking: "base: {type: object}\nrevision: {type: object, additionalProperties: {type: string}}",
        safe: "base: {type: object, additionalProperties: false}\nrevision: {type: object, additionalProperties: {type: string}}",
    },
    Text {
        ids: &[
            "response-body-additional-properties-schema-added",
            "response-property-additional-properties-schema-added",
            "response-header-additional-properties-schema-added",
        ],
        purpose: "Properties of an object in a response that it does not name must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, additionalProperties: {type: string}}",
        safe: "base: {type: object, additionalProperties: false}\nrevision: {type: object, additionalProperties: {type: string}}",
    },
    Text {
        ids: &[
            "request-body-additional-properties-schema-removed",
            "request-property-additional-properties-schema-removed",
            "request-parameter-additional-properties-schema-removed",
            "request-parameter-property-additional-properties-schema-removed",
        ],
        purpose: "Properties of an object in a request that it does not name need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, additionalProperties: {type: string}}\nrevision: {type: object, additionalProperties: true}",
        safe: "base: {type: object, additionalProperties: {type: string}}\nrevision: {type: object, additionalProperties: false}",
    },
    Text {
        ids: &[
            "response-body-additional-properties-schema-removed",
            "response-property-additional-properties-schema-removed",
            "response-header-additional-properties-schema-removed",
        ],
        purpose: "Properties of an object in a response that it does not name need no longer fit a schema.",
        why: "A client that reads such properties by the schema meets other values, if the server sends them.",
        safely: "Keep the values within the schema until every consumer is ready.",
        breaking: "base: {type: object, additionalProperties: {type: string}}\nrevision: {type: object, additionalProperties: true}",
        safe: "base: {type: object, additionalProperties: {type: string}}\nrevision: {type: object, additionalProperties: false}",
    },
];

/// What is said of the properties that an object does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Open,
    Schema,
    Closed,
}

fn rest(node: Option<Node<'_>>) -> Rest {
    match node {
        Some(node) if node.as_bool() == Some(false) => Rest::Closed,
        Some(node) if node.members().next().is_some() => Rest::Schema,
        _ => Rest::Open,
    }
}

/// What happens inside the schema is told by the rules on values, with `additionalProperties` in the path.
fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let Some((old, new)) = pair.changed(Keyword::AdditionalProperties) else {
        return;
    };
    let (ids, word) = match (rest(old), rest(new)) {
        (Rest::Open | Rest::Schema, Rest::Closed) => (CLOSED, "are no longer allowed in"),
        (Rest::Closed, Rest::Open | Rest::Schema) => (OPENED, "are allowed in"),
        (Rest::Open, Rest::Schema) => (SCHEMA_ADDED, "must fit a schema in"),
        (Rest::Schema, Rest::Open) => (SCHEMA_REMOVED, "need no longer fit a schema in"),
        _ => return,
    };
    let message = format!("additional properties {word} {}", pair.subject());
    let found = Found::new(ids.id(pair), message).base(old).revision(new);
    pair.report(report, found);
}

const CLOSED: Everywhere = Everywhere {
    request: (
        "request-body-additional-properties-closed",
        "request-property-additional-properties-closed",
    ),
    response: (
        "response-body-additional-properties-closed",
        "response-property-additional-properties-closed",
    ),
    parameter: (
        "request-parameter-additional-properties-closed",
        "request-parameter-property-additional-properties-closed",
    ),
    header: "response-header-additional-properties-closed",
};
const OPENED: Everywhere = Everywhere {
    request: (
        "request-body-additional-properties-opened",
        "request-property-additional-properties-opened",
    ),
    response: (
        "response-body-additional-properties-opened",
        "response-property-additional-properties-opened",
    ),
    parameter: (
        "request-parameter-additional-properties-opened",
        "request-parameter-property-additional-properties-opened",
    ),
    header: "response-header-additional-properties-opened",
};
const SCHEMA_ADDED: Everywhere = Everywhere {
    request: (
        "request-body-additional-properties-schema-added",
        "request-property-additional-properties-schema-added",
    ),
    response: (
        "response-body-additional-properties-schema-added",
        "response-property-additional-properties-schema-added",
    ),
    parameter: (
        "request-parameter-additional-properties-schema-added",
        "request-parameter-property-additional-properties-schema-added",
    ),
    header: "response-header-additional-properties-schema-added",
};
const SCHEMA_REMOVED: Everywhere = Everywhere {
    request: (
        "request-body-additional-properties-schema-removed",
        "request-property-additional-properties-schema-removed",
    ),
    response: (
        "response-body-additional-properties-schema-removed",
        "response-property-additional-properties-schema-removed",
    ),
    parameter: (
        "request-parameter-additional-properties-schema-removed",
        "request-parameter-property-additional-properties-schema-removed",
    ),
    header: "response-header-additional-properties-schema-removed",
};
