//! What happened to `minimum` and its exclusive form of numbers in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMinSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-min-set", "request-property-min-set"],
        purpose: "A number in a request got a lower bound.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, minimum: 10}",
        safe: "base: {type: number}\nrevision: {type: number}",
    },
    Text {
        ids: &[
            "request-body-exclusive-min-set",
            "request-property-exclusive-min-set",
        ],
        purpose: "A number in a request got a lower bound.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, exclusiveMinimum: 10}",
        safe: "base: {type: number}\nrevision: {type: number}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.revision().flag(Keyword::ReadOnly) && !pair.is_root() {
        return;
    }
    let inclusive = LimitIds {
        set: ("request-body-min-set", "request-property-min-set"),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        set: (
            "request-body-exclusive-min-set",
            "request-property-exclusive-min-set",
        ),
        ..LimitIds::NONE
    };
    shared::lower_limit(pair, report, &inclusive, &exclusive);
}
