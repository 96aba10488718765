//! What texts in requests carry inside.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, ContentIds, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyContentUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-content-schema-added",
            "request-property-content-schema-added",
        ],
        purpose: "The content of a text in a request must fit a schema.",
        why: "Texts whose content does not fit were fine and are refused.",
        safely: "State only what the server has always asked for; else offer it in a new version.",
        breaking: "base: {type: string}\nrevision: {type: string, contentSchema: {type: object}}",
        safe: "base: {type: string, contentSchema: {type: object}}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-content-schema-removed",
            "request-property-content-schema-removed",
        ],
        purpose: "The content of a text in a request need no longer fit a schema.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, contentSchema: {type: object}}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, contentSchema: {type: object}}",
    },
    Text {
        ids: &[
            "request-body-content-media-type-changed",
            "request-property-content-media-type-changed",
        ],
        purpose: "A text in a request carries content of another media type.",
        why: "What one side writes the other cannot read: the bytes inside mean something else.",
        safely: "Carry the new form in a property of its own, and retire the old one when nobody uses it.",
        breaking: "base: {type: string, contentMediaType: text/csv}\nrevision: {type: string, contentMediaType: application/json}",
        safe: "base: {type: string, contentMediaType: text/csv}\nrevision: {type: string, contentMediaType: text/csv}",
    },
    Text {
        ids: &[
            "request-body-content-encoding-changed",
            "request-property-content-encoding-changed",
        ],
        purpose: "A text in a request carries content in another encoding.",
        why: "What one side writes the other cannot read: the bytes inside mean something else.",
        safely: "Carry the new form in a property of its own, and retire the old one when nobody uses it.",
        breaking: "base: {type: string, contentEncoding: base64}\nrevision: {type: string, contentEncoding: base64url}",
        safe: "base: {type: string, contentEncoding: base64}\nrevision: {type: string, contentEncoding: base64}",
    },
];

const IDS: ContentIds = ContentIds {
    schema: KeywordIds {
        added: (
            "request-body-content-schema-added",
            "request-property-content-schema-added",
        ),
        removed: (
            "request-body-content-schema-removed",
            "request-property-content-schema-removed",
        ),
        ..KeywordIds::NONE
    },
    media_type: (
        "request-body-content-media-type-changed",
        "request-property-content-media-type-changed",
    ),
    encoding: (
        "request-body-content-encoding-changed",
        "request-property-content-encoding-changed",
    ),
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_request_body() {
        keywords::content(pair, report, &IDS);
    }
}
