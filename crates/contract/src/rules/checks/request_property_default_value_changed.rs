//! Default values in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::default_value;
use crate::rules::shared::keywords::KeywordIds;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyDefaultValueChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-default-value-added",
            "request-property-default-value-added",
        ],
        purpose: "A default value in a request was added.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string}\nrevision: {type: string, default: a}",
        safe: "base: {type: string, default: a}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-default-value-removed",
            "request-property-default-value-removed",
        ],
        purpose: "A default value in a request was removed.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, default: a}",
    },
    Text {
        ids: &[
            "request-body-default-value-changed",
            "request-property-default-value-changed",
        ],
        purpose: "A default value in a request changed.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string, default: b}",
        safe: "base: {type: string, default: a}\nrevision: {type: string, default: a}",
    },
];

const IDS: KeywordIds = KeywordIds {
    added: (
        "request-body-default-value-added",
        "request-property-default-value-added",
    ),
    removed: (
        "request-body-default-value-removed",
        "request-property-default-value-removed",
    ),
    changed: (
        "request-body-default-value-changed",
        "request-property-default-value-changed",
    ),
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_request_body() {
        default_value::change(pair, report, &IDS);
    }
}
