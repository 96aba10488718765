//! What happened to `maxLength` of schemas in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMaxLengthUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-max-length-decreased",
            "request-property-max-length-decreased",
        ],
        purpose: "The maximum length of a text in a request became smaller.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
    },
    Text {
        ids: &[
            "request-body-max-length-increased",
            "request-property-max-length-increased",
        ],
        purpose: "The maximum length of a text in a request became larger.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 10}",
        safe: "base: {type: string, maxLength: 5}\nrevision: {type: string, maxLength: 5}",
    },
    Text {
        ids: &["request-read-only-property-max-length-decreased"],
        purpose: "The maximum length of a read-only text became smaller.",
        why: "It breaks nobody: a read-only property is not sent.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, readOnly: true, maxLength: 10}\nrevision: {type: string, readOnly: true, maxLength: 5}",
        safe: "base: {type: string, maxLength: 10}\nrevision: {type: string, maxLength: 5}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = LimitIds {
        decreased: (
            "request-body-max-length-decreased",
            "request-property-max-length-decreased",
        ),
        increased: (
            "request-body-max-length-increased",
            "request-property-max-length-increased",
        ),
        decreased_read_only: "request-read-only-property-max-length-decreased",
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "maxLength",
        |schema| schema.limit(Keyword::MaxLength),
        &ids,
    );
}
