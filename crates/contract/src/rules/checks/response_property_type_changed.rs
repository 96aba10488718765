//! What happened to `type` and `format` of values in responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::types;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyTypeChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-type-changed",
            "response-property-type-changed",
        ],
        purpose: "The type or format of a value in a response changed to one that clients do not know.",
        why: "Running clients and generated code expect the old kind of value.",
        safely: "Add a new property with the new type, keep the old one, and retire it when nobody uses it.",
        breaking: "base: {type: string}\nrevision: {type: integer}",
        safe: "base: {type: number}\nrevision: {type: integer}",
    },
    Text {
        ids: &[
            "response-body-type-generalized",
            "response-property-type-generalized",
        ],
        purpose: "A value in a response may be of more types than before.",
        why: "Clients that read the declared type may meet another.",
        safely: "Keep the type; describe new kinds of values in a new property.",
        breaking: "base: {type: string}\nrevision: {type: [string, integer]}",
        safe: "base: {type: [string, integer]}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "response-body-type-specialized",
            "response-property-type-specialized",
        ],
        purpose: "A value in a response is of fewer types or formats than before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: number}",
    },
    Text {
        ids: &["response-body-type-compatible"],
        purpose: "The type of a value in a response changed where the media type carries texts only.",
        why: "It breaks nobody on the wire: both types are written the same way there; generated code has another type.",
        safely: "Nothing needs to be done for running clients; tell those who generate code.",
        breaking: "base: {responses: {200: {content: {application/xml: {schema: {type: string}}}}}}\nrevision: {responses: {200: {content: {application/xml: {schema: {type: integer}}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {schema: {type: string}}}}}}\nrevision: {responses: {200: {content: {application/json: {schema: {type: integer}}}}}}",
    },
    Text {
        ids: &["response-property-type-compatible"],
        purpose: "The type of a value in a response changed where the media type carries texts only.",
        why: "It breaks nobody on the wire: both types are written the same way there; generated code has another type.",
        safely: "Nothing needs to be done for running clients; tell those who generate code.",
        breaking: "base: {responses: {200: {content: {application/xml: {schema: {properties: {value: {type: string}}}}}}}}\nrevision: {responses: {200: {content: {application/xml: {schema: {properties: {value: {type: integer}}}}}}}}",
        safe: "base: {responses: {200: {content: {application/json: {schema: {properties: {value: {type: string}}}}}}}}\nrevision: {responses: {200: {content: {application/json: {schema: {properties: {value: {type: integer}}}}}}}}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    if pair.revision().flag(Keyword::WriteOnly) && !pair.is_root() {
        return;
    }
    let Some(change) = types::change(pair.base(), pair.revision()) else {
        return;
    };
    let is_strict = types::is_strict(pair.place);
    let id = if change.breaks_response(is_strict) {
        match change.is_type_changed() && change.base.is_within(change.revision) {
            true => pair.pick(
                "response-body-type-generalized",
                "response-property-type-generalized",
            ),
            false => pair.pick(
                "response-body-type-changed",
                "response-property-type-changed",
            ),
        }
    } else if change.is_loose_response_swap() {
        pair.pick(
            "response-body-type-compatible",
            "response-property-type-compatible",
        )
    } else {
        pair.pick(
            "response-body-type-specialized",
            "response-property-type-specialized",
        )
    };
    types::report(pair, report, id, &change);
}
