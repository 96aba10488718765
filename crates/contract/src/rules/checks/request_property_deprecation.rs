//! Properties of requests that were deprecated, or are no longer.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle::{self, DeprecationIds};

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyDeprecationCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-property-reactivated"],
        purpose: "A property of a request is no longer deprecated.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, deprecated: true}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, deprecated: true}",
    },
    Text {
        ids: &["request-property-deprecated"],
        purpose: "A property of a request was deprecated.",
        why: "Nothing changes on the wire; consumers have to move before it goes away.",
        safely: "Name the day of its end in `x-sunset`, and what to use instead.",
        breaking: "base: {type: string}\nrevision: {type: string, deprecated: true}",
        safe: "base: {type: string, deprecated: true}\nrevision: {type: string}",
    },
    Text {
        ids: &["request-property-deprecated-with-sunset"],
        purpose: "A property of a request was deprecated, with the day of its end.",
        why: "Nothing changes on the wire; consumers have to move before it goes away.",
        safely: "Say in the description what to use instead.",
        breaking: "base: {type: string}\nrevision: {type: string, deprecated: true, x-sunset: '9999-01-01'}",
        safe: "base: {type: string}\nrevision: {type: string, deprecated: true}",
    },
    Text {
        ids: &["request-property-deprecated-sunset-missing"],
        purpose: "A property of a request was deprecated without a sunset date, which the deprecation policy asks for.",
        why: "Consumers cannot tell until when they have to move.",
        safely: "Name the day of its end in `x-sunset`.",
        breaking: "base: {type: string}\nrevision: {type: string, deprecated: true}",
        safe: "base: {type: string}\nrevision: {type: string, deprecated: true, x-sunset: '9999-01-01'}",
    },
    Text {
        ids: &["request-property-deprecated-sunset-invalid"],
        purpose: "A property of a request was deprecated with a sunset that is not a date.",
        why: "Consumers cannot tell until when they have to move.",
        safely: "Write the date as RFC 3339 has it, such as 2030-12-31.",
        breaking: "base: {type: string}\nrevision: {type: string, deprecated: true, x-sunset: soon}",
        safe: "base: {type: string}\nrevision: {type: string, deprecated: true, x-sunset: '9999-01-01'}",
    },
    Text {
        ids: &["request-property-sunset-date-too-small"],
        purpose: "A property of a request was deprecated with a sunset that comes sooner than the deprecation policy allows.",
        why: "Consumers have too little time to move.",
        safely: "Name a later day.",
        breaking: "base: {type: string}\nrevision: {type: string, deprecated: true, x-sunset: '2020-01-01'}",
        safe: "base: {type: string}\nrevision: {type: string, deprecated: true, x-sunset: '9999-01-01'}",
    },
];

const IDS: DeprecationIds = DeprecationIds {
    reactivated: "request-property-reactivated",
    deprecated: "request-property-deprecated",
    with_sunset: "request-property-deprecated-with-sunset",
    sunset_missing: "request-property-deprecated-sunset-missing",
    sunset_invalid: "request-property-deprecated-sunset-invalid",
    sunset_too_small: "request-property-sunset-date-too-small",
};

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if pair.is_request_body() && !pair.is_root() {
        lifecycle::property_deprecation(pair, report, &IDS);
    }
}
