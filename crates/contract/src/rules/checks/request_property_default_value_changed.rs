//! Default values in requests.

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;

pub(super) const CHECK: Check = Check {
    name: "RequestPropertyDefaultValueChangedCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-body-default-value-added",
            "request-property-default-value-added",
        ],
        purpose: "A default value in a request was added.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string}\nrevision: {type: string, default: a}",
        safe: "base: {type: string, default: a}\nrevision: {type: string}",
    },
    Text {
        ids: &[
            "request-body-default-value-removed",
            "request-property-default-value-removed",
        ],
        purpose: "A default value in a request was removed.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string}",
        safe: "base: {type: string}\nrevision: {type: string, default: a}",
    },
    Text {
        ids: &[
            "request-body-default-value-changed",
            "request-property-default-value-changed",
        ],
        purpose: "A default value in a request changed.",
        why: "The schema takes the same values; what an absent value means may differ.",
        safely: "Tell consumers who leave the value out.",
        breaking: "base: {type: string, default: a}\nrevision: {type: string, default: b}",
        safe: "base: {type: string, default: a}\nrevision: {type: string, default: a}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    if !pair.is_request_body() {
        return;
    }
    let Some((old, new)) = pair.changed(Keyword::Default) else {
        return;
    };
    let (id, word) = match (old, new) {
        (None, _) => (
            pair.pick(
                "request-body-default-value-added",
                "request-property-default-value-added",
            ),
            "was added",
        ),
        (_, None) => (
            pair.pick(
                "request-body-default-value-removed",
                "request-property-default-value-removed",
            ),
            "was removed",
        ),
        _ => (
            pair.pick(
                "request-body-default-value-changed",
                "request-property-default-value-changed",
            ),
            "changed",
        ),
    };
    let (from, to) = (shown(old), shown(new));
    let message = format!(
        "the default of {} {word}, from `{from}` to `{to}`",
        pair.subject()
    );
    pair.report(
        report,
        Found::new(id, message)
            .base(old)
            .revision(new)
            .value(from)
            .value(to),
    );
}
