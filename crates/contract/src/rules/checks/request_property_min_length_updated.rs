//! What happened to `minLength` of schemas in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMinLengthUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-min-length-increased",
            "request-property-min-length-increased",
        ],
        purpose: "The minimum length of a text in a request became larger.",
        why: "A request that was fine before may now be refused.",
        safely: "Keep the old bound; if the new one is needed, offer it in a new version and warn the consumers whose values lie outside.",
        breaking: "base: {type: string, minLength: 3}\nrevision: {type: string, minLength: 5}",
        safe: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 3}",
    },
    Text {
        ids: &[
            "request-body-min-length-decreased",
            "request-property-min-length-decreased",
        ],
        purpose: "The minimum length of a text in a request became smaller.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, minLength: 5}\nrevision: {type: string, minLength: 3}",
        safe: "base: {type: string, minLength: 3}\nrevision: {type: string, minLength: 3}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = LimitIds {
        increased: (
            "request-body-min-length-increased",
            "request-property-min-length-increased",
        ),
        decreased: (
            "request-body-min-length-decreased",
            "request-property-min-length-decreased",
        ),
        ..LimitIds::NONE
    };
    shared::limit(
        pair,
        report,
        "minLength",
        |schema| shared::at_least_zero(schema, Keyword::MinLength),
        &ids,
    );
}
