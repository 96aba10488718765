//! Properties that another property makes necessary in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyDependentRequiredChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-dependent-required-added",
            "response-property-dependent-required-added",
        ],
        purpose: "A property in a response makes others necessary.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object}\nrevision: {type: object, dependentRequired: {card: [number]}}",
        safe: "base: {type: object, dependentRequired: {card: [number]}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "response-body-dependent-required-removed",
            "response-property-dependent-required-removed",
        ],
        purpose: "A property in a response no longer makes others necessary.",
        why: "A client that found the one read the others without looking; now they may be missing.",
        safely: "Keep sending the others whenever the one is there.",
        breaking: "base: {type: object, dependentRequired: {card: [number]}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, dependentRequired: {card: [number]}}",
    },
    Text {
        ids: &[
            "response-body-dependent-required-changed",
            "response-property-dependent-required-changed",
        ],
        purpose: "A property in a response makes other properties necessary than before.",
        why: "A client that found the one read the others without looking; now they may be missing.",
        safely: "Keep sending the others whenever the one is there.",
        breaking: "base: {type: object, dependentRequired: {card: [number]}}\nrevision: {type: object, dependentRequired: {card: [number, name]}}",
        safe: "base: {type: object, dependentRequired: {card: [number, name]}}\nrevision: {type: object, dependentRequired: {card: [name, number]}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "response-body-dependent-required-added",
            "response-property-dependent-required-added",
        ),
        removed: (
            "response-body-dependent-required-removed",
            "response-property-dependent-required-removed",
        ),
        changed: (
            "response-body-dependent-required-changed",
            "response-property-dependent-required-changed",
        ),
    };
    keywords::members(
        pair,
        report,
        (Keyword::DependentRequired, "dependentRequired"),
        &ids,
    );
}
