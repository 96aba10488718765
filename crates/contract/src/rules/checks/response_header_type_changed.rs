//! What happened to `type` and `format` of response headers.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::types::TypeChange;
use crate::rules::shared::{place, types};

pub(super) const CHECK: Check = Check {
    name: "ResponseHeaderTypeChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &["response-header-type-changed"],
        purpose: "The type or format of a response header changed to one that clients do not know.",
        why: "Clients that parse the old kind of value fail on the new one.",
        safely: "Send a new header, keep the old one, and retire it when nobody reads it.",
        breaking: "base: {type: integer}\nrevision: {type: boolean}",
        safe: "base: {type: number}\nrevision: {type: integer}",
    },
    Text {
        ids: &["response-header-type-generalized"],
        purpose: "A response header may be of more types than before.",
        why: "Clients that parse the declared type may meet another.",
        safely: "Keep the type; send new kinds of values in a new header.",
        breaking: "base: {type: integer}\nrevision: {type: number}",
        safe: "base: {type: number}\nrevision: {type: integer}",
    },
    Text {
        ids: &["response-header-type-specialized"],
        purpose: "A response header is of fewer types or formats than before.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: number}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: number}",
    },
    Text {
        ids: &["response-header-type-compatible"],
        purpose: "The type of a response header changed to another whose values read the same in a header.",
        why: "Nothing changes on the wire; generated code may parse the text differently.",
        safely: "Tell consumers who generate code.",
        breaking: "base: {type: string}\nrevision: {type: integer}",
        safe: "base: {type: integer}\nrevision: {type: string}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !place::is_response_header_root(pair) {
        return;
    }
    let Some(change) = types::change(pair.base(), pair.revision()) else {
        return;
    };
    let id = if change.breaks_response(types::is_strict(pair.place)) {
        match is_wider(&change) {
            true => "response-header-type-generalized",
            false => "response-header-type-changed",
        }
    } else if change.is_loose_response_swap() {
        "response-header-type-compatible"
    } else {
        "response-header-type-specialized"
    };
    types::report(pair, report, id, &change);
}

fn is_wider(change: &TypeChange<'_>) -> bool {
    change.is_type_changed() && change.base.is_within(change.revision)
}
