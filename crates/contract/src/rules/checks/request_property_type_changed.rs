//! What happened to `type` and `format` of values in requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::types;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyTypeChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["request-body-type-changed", "request-property-type-changed"],
        purpose: "The type or format of a value in a request changed to one that does not take the old values.",
        why: "Running clients and generated code send the old kind of value.",
        safely: "Add a new property with the new type, keep the old one, and retire it when nobody uses it.",
        breaking: "base: {type: string}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: number}",
    },
    Text {
        ids: &[
            "request-body-type-generalized",
            "request-property-type-generalized",
        ],
        purpose: "A value in a request may be of more types or formats than before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: integer}\nrevision: {type: number}",
        safe: "base: {type: number}\nrevision: {type: integer}",
    },
    Text {
        ids: &["request-body-type-compatible"],
        purpose: "The type of a value in a request changed where the media type carries texts only.",
        why: "It breaks nobody on the wire: both types are written the same way there; generated code has another type.",
        safely: "Nothing needs to be done for running clients; tell those who generate code.",
        breaking: "base: {requestBody: {content: {application/xml: {schema: {type: integer}}}}}\nrevision: {requestBody: {content: {application/xml: {schema: {type: string}}}}}",
        safe: "base: {requestBody: {content: {application/json: {schema: {type: integer}}}}}\nrevision: {requestBody: {content: {application/json: {schema: {type: string}}}}}",
    },
    Text {
        ids: &["request-property-type-compatible"],
        purpose: "The type of a value in a request changed where the media type carries texts only.",
        why: "It breaks nobody on the wire: both types are written the same way there; generated code has another type.",
        safely: "Nothing needs to be done for running clients; tell those who generate code.",
        breaking: "base: {requestBody: {content: {application/xml: {schema: {properties: {value: {type: integer}}}}}}}\nrevision: {requestBody: {content: {application/xml: {schema: {properties: {value: {type: string}}}}}}}",
        safe: "base: {requestBody: {content: {application/json: {schema: {properties: {value: {type: integer}}}}}}}\nrevision: {requestBody: {content: {application/json: {schema: {properties: {value: {type: string}}}}}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    if pair.revision().flag(Keyword::ReadOnly) && !pair.is_root() {
        return;
    }
    let Some(change) = types::change(pair.base(), pair.revision()) else {
        return;
    };
    let is_strict = types::is_strict(pair.place);
    let id = if change.breaks_request(is_strict) {
        pair.pick("request-body-type-changed", "request-property-type-changed")
    } else if change.is_loose_request_swap() {
        pair.pick(
            "request-body-type-compatible",
            "request-property-type-compatible",
        )
    } else {
        pair.pick(
            "request-body-type-generalized",
            "request-property-type-generalized",
        )
    };
    types::report(pair, report, id, &change);
}
