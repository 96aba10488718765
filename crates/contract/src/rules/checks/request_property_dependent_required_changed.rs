//! Properties that another property makes necessary in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyDependentRequiredChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-dependent-required-added",
            "request-property-dependent-required-added",
        ],
        purpose: "A property in a request makes others necessary.",
        why: "A request with the one and without the others was fine and is refused.",
        safely: "Give the server a default for what is missing.",
        breaking: "base: {type: object}\nrevision: {type: object, dependentRequired: {card: [number]}}",
        safe: "base: {type: object, dependentRequired: {card: [number]}}\nrevision: {type: object}",
    },
    Text {
        ids: &[
            "request-body-dependent-required-removed",
            "request-property-dependent-required-removed",
        ],
        purpose: "A property in a request no longer makes others necessary.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: object, dependentRequired: {card: [number]}}\nrevision: {type: object}",
        safe: "base: {type: object}\nrevision: {type: object, dependentRequired: {card: [number]}}",
    },
    Text {
        ids: &[
            "request-body-dependent-required-changed",
            "request-property-dependent-required-changed",
        ],
        purpose: "A property in a request makes other properties necessary than before.",
        why: "A request with the one and without the others was fine and is refused.",
        safely: "Give the server a default for what is missing.",
        breaking: "base: {type: object, dependentRequired: {card: [number]}}\nrevision: {type: object, dependentRequired: {card: [number, name]}}",
        safe: "base: {type: object, dependentRequired: {card: [number, name]}}\nrevision: {type: object, dependentRequired: {card: [name, number]}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let ids = KeywordIds {
        added: (
            "request-body-dependent-required-added",
            "request-property-dependent-required-added",
        ),
        removed: (
            "request-body-dependent-required-removed",
            "request-property-dependent-required-removed",
        ),
        changed: (
            "request-body-dependent-required-changed",
            "request-property-dependent-required-changed",
        ),
    };
    keywords::members(
        pair,
        report,
        (Keyword::DependentRequired, "dependentRequired"),
        &ids,
    );
}
