//! Operations that were deprecated, or are no longer.

use crate::diff::fact::OperationPair;
use crate::diff::report::Report;
use crate::model::operation::Operation;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle::{self, DeprecationIds, Flag, Grace};
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "APIDeprecationCheck",
    texts: TEXTS,
    run: Run::OperationPair(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["endpoint-reactivated"],
        purpose: "An operation is no longer deprecated.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {responses: {}, deprecated: true}\nrevision: {responses: {}}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true}",
    },
    Text {
        ids: &["endpoint-deprecated"],
        purpose: "An operation was deprecated.",
        why: "Nothing changes on the wire; consumers have to move before it goes away.",
        safely: "Name the day of its end in `x-sunset`, and what to use instead.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true}",
        safe: "base: {responses: {}, deprecated: true}\nrevision: {responses: {}}",
    },
    Text {
        ids: &["endpoint-deprecated-with-sunset"],
        purpose: "An operation was deprecated, with the day of its end.",
        why: "Nothing changes on the wire; consumers have to move before it goes away.",
        safely: "Say in the description what to use instead.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true, x-sunset: '9999-01-01'}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true}",
    },
    Text {
        ids: &["api-deprecated-sunset-missing"],
        purpose: "An operation was deprecated without a sunset date, which the deprecation policy asks for.",
        why: "Consumers cannot tell until when they have to move.",
        safely: "Name the day of its end in `x-sunset`.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true, x-sunset: '9999-01-01'}",
    },
    Text {
        ids: &["api-deprecated-sunset-parse"],
        purpose: "An operation was deprecated with a sunset that is not a date.",
        why: "Consumers cannot tell until when they have to move.",
        safely: "Write the date as RFC 3339 has it, such as 2030-12-31.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true, x-sunset: soon}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true, x-sunset: '9999-01-01'}",
    },
    Text {
        ids: &["api-sunset-date-too-small"],
        purpose: "An operation was deprecated with a sunset that comes sooner than the deprecation policy allows.",
        why: "Consumers have too little time to move.",
        safely: "Name a later day.",
        breaking: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true, x-sunset: '2020-01-01'}",
        safe: "base: {responses: {}}\nrevision: {responses: {}, deprecated: true, x-sunset: '9999-01-01'}",
    },
];

const IDS: DeprecationIds = DeprecationIds {
    reactivated: "endpoint-reactivated",
    deprecated: "endpoint-deprecated",
    with_sunset: "endpoint-deprecated-with-sunset",
    sunset_missing: "api-deprecated-sunset-missing",
    sunset_invalid: "api-deprecated-sunset-parse",
    sunset_too_small: "api-sunset-date-too-small",
};

fn check<'t>(pair: &OperationPair<'_, 't>, report: &mut Report<'t>) {
    let (old, new) = (pair.base, pair.revision);
    let is_on =
        |operation: &Operation<'t>| operation.node.get("deprecated").and_then(Node::as_bool);
    let flag = Flag {
        was: is_on(old) == Some(true),
        is: is_on(new) == Some(true),
        sunset: new.node.get("x-sunset"),
    };
    let grace = Grace::of(new, report.options);
    let Some(found) = lifecycle::deprecation("the operation", &flag, grace, &IDS) else {
        return;
    };
    let written =
        |operation: &Operation<'t>| operation.node.get("deprecated").unwrap_or(operation.key);
    let found = found.base(written(old)).revision(written(new));
    pair.report(report, "/deprecated", found);
}
