//! Dynamic references that lead elsewhere.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::everywhere::Everywhere;
use crate::rules::shared::keywords::{self, KeywordIds};

pub(super) const CHECK: Check = Check {
    name: "DynamicRefChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-dynamic-ref-changed",
            "request-property-dynamic-ref-changed",
            "request-parameter-dynamic-ref-changed",
            "request-parameter-property-dynamic-ref-changed",
        ],
        purpose: "The dynamic reference of a schema in a request came, went or leads to another anchor.",
        why: "A value of the one schema need not fit the other; which one is meant depends on where the schema is used, so the document alone does not tell.",
        safely: "Add what is new beside the old, and retire the old when nobody uses it.",
        breaking: "base: {$dynamicRef: '#node'}\nrevision: {$dynamicRef: '#leaf'}",
        safe: "base: {$dynamicRef: '#node'}\nrevision: {$dynamicRef: '#node'}",
    },
    Text {
        ids: &[
            "response-body-dynamic-ref-changed",
            "response-property-dynamic-ref-changed",
            "response-header-dynamic-ref-changed",
        ],
        purpose: "The dynamic reference of a schema in a response came, went or leads to another anchor.",
        why: "A value of the one schema need not fit the other; which one is meant depends on where the schema is used, so the document alone does not tell.",
        safely: "Add what is new beside the old, and retire the old when nobody uses it.",
        breaking: "base: {$dynamicRef: '#node'}\nrevision: {$dynamicRef: '#leaf'}",
        safe: "base: {$dynamicRef: '#node'}\nrevision: {$dynamicRef: '#node'}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let ids = CHANGED.ids(pair.place);
    let keyword = (Keyword::DynamicRef, "$dynamicRef");
    keywords::value(pair, report, keyword, &KeywordIds::any(ids));
}

const CHANGED: Everywhere = Everywhere {
    request: (
        "request-body-dynamic-ref-changed",
        "request-property-dynamic-ref-changed",
    ),
    response: (
        "response-body-dynamic-ref-changed",
        "response-property-dynamic-ref-changed",
    ),
    parameter: (
        "request-parameter-dynamic-ref-changed",
        "request-parameter-property-dynamic-ref-changed",
    ),
    header: "response-header-dynamic-ref-changed",
};
