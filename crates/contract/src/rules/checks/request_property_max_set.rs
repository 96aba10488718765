//! What happened to `maximum` and its exclusive form of numbers in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::{self, LimitIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyMaxSetCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-max-set", "request-property-max-set"],
        purpose: "A number in a request got an upper bound.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, maximum: 10}",
        safe: "base: {type: number}\nrevision: {type: number}",
    },
    Text {
        ids: &[
            "request-body-exclusive-max-set",
            "request-property-exclusive-max-set",
        ],
        purpose: "A number in a request got an upper bound.",
        why: "A value outside the new bound was allowed by the contract before; whether the server took it, the document cannot tell.",
        safely: "State a bound that the server has always enforced; otherwise introduce it in a new version.",
        breaking: "base: {type: number}\nrevision: {type: number, exclusiveMaximum: 10}",
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
        set: ("request-body-max-set", "request-property-max-set"),
        ..LimitIds::NONE
    };
    let exclusive = LimitIds {
        set: (
            "request-body-exclusive-max-set",
            "request-property-exclusive-max-set",
        ),
        ..LimitIds::NONE
    };
    shared::upper_limit(pair, report, &inclusive, &exclusive);
}
