//! What texts in responses carry inside.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, ContentIds, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyContentUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-content-schema-added",
            "response-property-content-schema-added",
        ],
        purpose: "The content of a text in a response must fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string}\nrevision: {type: string, contentSchema: {type: object}}",
        safe: "base: {type: string, contentSchema: {type: object}}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-content-schema-removed",
            "response-property-content-schema-removed",
        ],
        purpose: "The content of a text in a response need no longer fit a schema.",
        why: "A client that reads the content by its schema meets other content.",
        safely: "Keep the content within the schema until every consumer is ready.",
        breaking: "base: {type: string, contentSchema: {type: object}}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, contentSchema: {type: object}}",
    },
    Text {
        ids: &[
            "response-body-content-media-type-changed",
            "response-property-content-media-type-changed",
        ],
        purpose: "A text in a response carries content of another media type.",
        why: "What one side writes the other cannot read: the bytes inside mean something else.",
        safely: "Carry the new form in a property of its own, and retire the old one when nobody uses it.",
        breaking: "base: {type: string, contentMediaType: text/csv}\nrevision: {type: string, contentMediaType: application/json}",
        safe: "base: {type: string, contentMediaType: text/csv}\nrevision: {type: string, contentMediaType: text/csv}",
    },
    Text {
        ids: &[
            "response-body-content-encoding-changed",
            "response-property-content-encoding-changed",
        ],
        purpose: "A text in a response carries content in another encoding.",
        why: "What one side writes the other cannot read: the bytes inside mean something else.",
        safely: "Carry the new form in a property of its own, and retire the old one when nobody uses it.",
        breaking: "base: {type: string, contentEncoding: base64}\nrevision: {type: string, contentEncoding: base64url}",
        safe: "base: {type: string, contentEncoding: base64}\nrevision: {type: string, contentEncoding: base64}",
    },
];

const IDS: ContentIds = ContentIds {
    schema: KeywordIds {
        added: (
            "response-body-content-schema-added",
            "response-property-content-schema-added",
        ),
        removed: (
            "response-body-content-schema-removed",
            "response-property-content-schema-removed",
        ),
        ..KeywordIds::NONE
    },
    media_type: (
        "response-body-content-media-type-changed",
        "response-property-content-media-type-changed",
    ),
    encoding: (
        "response-body-content-encoding-changed",
        "response-property-content-encoding-changed",
    ),
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_response() {
        keywords::content(pair, report, &IDS);
    }
}
