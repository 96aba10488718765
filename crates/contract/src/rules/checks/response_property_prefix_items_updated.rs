//! Places of their own in the arrays of responses.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "ResponsePropertyPrefixItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "response-body-prefix-items-added",
            "response-property-prefix-items-added",
        ],
        purpose: "An array in a response has one more place of its own.",
        why: "A client that reads the array by position meets an element it does not know, or another where it looks.",
        safely: "Append only, and ask consumers to ignore what they do not know.",
        breaking: "base: {type: array, prefixItems: [{type: string, title: a}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}",
        safe: "base: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}]}",
    },
    Text {
        ids: &[
            "response-body-prefix-items-removed",
            "response-property-prefix-items-removed",
        ],
        purpose: "An array in a response has one place of its own less.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}]}",
        safe: "base: {type: array, prefixItems: [{type: string, title: a}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_response() {
        return;
    }
    let list = &pair.data.lists[3];
    let ids = (
        pair.pick(
            "response-body-prefix-items-added",
            "response-property-prefix-items-added",
        ),
        pair.pick(
            "response-body-prefix-items-removed",
            "response-property-prefix-items-removed",
        ),
    );
    shared::list(pair, report, "prefixItems", &list.added, &list.removed, ids);
}
