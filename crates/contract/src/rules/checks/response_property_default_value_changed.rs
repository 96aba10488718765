//! Default values in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::default_value;
use crate::rules::shared::keywords::KeywordIds;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyDefaultValueChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-default-value-added",
            "response-property-default-value-added",
        ],
        purpose: "A default value in a response was added.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string}\nrevision: {type: string, default: a}",
        safe: "base: {type: string, default: a}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-default-value-removed",
            "response-property-default-value-removed",
        ],
        purpose: "A default value in a response was removed.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, default: a}",
    },
    Text {
        ids: &[
            "response-body-default-value-changed",
            "response-property-default-value-changed",
        ],
        purpose: "A default value in a response changed.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string, default: b}",
        safe: "base: {type: string, default: a}\nrevision: {type: string, default: a}",
    },
];

const IDS: KeywordIds = KeywordIds {
    added: (
        "response-body-default-value-added",
        "response-property-default-value-added",
    ),
    removed: (
        "response-body-default-value-removed",
        "response-property-default-value-removed",
    ),
    changed: (
        "response-body-default-value-changed",
        "response-property-default-value-changed",
    ),
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_response() {
        default_value::change(pair, report, &IDS);
    }
}
