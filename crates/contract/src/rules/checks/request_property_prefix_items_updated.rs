//! Places of their own in the arrays of requests.

use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyPrefixItemsUpdatedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-prefix-items-added",
            "request-property-prefix-items-added",
        ],
        purpose: "An array in a request has one more place of its own.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: array, prefixItems: [{type: string, title: a}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}",
        safe: "base: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}]}",
    },
    Text {
        ids: &[
            "request-body-prefix-items-removed",
            "request-property-prefix-items-removed",
        ],
        purpose: "An array in a request has one place of its own less.",
        why: "Clients send the element at its place, and the server no longer takes it.",
        safely: "Keep the place until nobody fills it.",
        breaking: "base: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}]}",
        safe: "base: {type: array, prefixItems: [{type: string, title: a}]}\nrevision: {type: array, prefixItems: [{type: string, title: a}, {type: integer, title: b}]}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let list = &pair.data.lists[3];
    let ids = (
        pair.pick(
            "request-body-prefix-items-added",
            "request-property-prefix-items-added",
        ),
        pair.pick(
            "request-body-prefix-items-removed",
            "request-property-prefix-items-removed",
        ),
    );
    shared::list(pair, report, "prefixItems", &list.added, &list.removed, ids);
}
