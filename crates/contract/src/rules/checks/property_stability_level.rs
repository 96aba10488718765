//! Properties of bodies that moved to another stage of their life.

use std::cmp::Ordering;

use crate::diff::found::{Found, shown};
use crate::diff::report::Report;
use crate::diff::schema_pair::Place;
use crate::diff::schema_pair::SchemaPair;
use crate::model::keyword::Keyword;
use crate::rules::check::{Check, Run};
use crate::rules::rule::Text;
use crate::rules::shared::lifecycle;
use crate::tree::Node;

pub(super) const CHECK: Check = Check {
    name: "StabilityCheck",
    texts: TEXTS,
    run: Run::Schema(check),
};

const TEXTS: &[Text] = &[
    Text {
        ids: &[
            "request-property-stability-decreased",
            "response-property-stability-decreased",
        ],
        purpose: "A property promises less than before: its `x-stability-level` went back.",
        why: "Consumers relied on a promise that is withdrawn.",
        safely: "Keep the stage; offer the less stable values in a new property.",
        breaking: "base: {type: string, x-stability-level: stable}\nrevision: {type: string, x-stability-level: alpha}",
        safe: "base: {type: string, x-stability-level: alpha}\nrevision: {type: string, x-stability-level: stable}",
    },
    Text {
        ids: &[
            "request-property-stability-increased",
            "response-property-stability-increased",
        ],
        purpose: "A property promises more than before: its `x-stability-level` went up.",
        why: "It breaks nobody: everything that was valid before still is.",
        safely: "Nothing needs to be done.",
        breaking: "base: {type: string, x-stability-level: beta}\nrevision: {type: string, x-stability-level: stable}",
        safe: "base: {type: string, x-stability-level: stable}\nrevision: {type: string, x-stability-level: beta}",
    },
];

fn check<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>) {
    let (decreased, increased) = match pair.place {
        _ if pair.is_root() => return,
        Place::RequestBody { .. } => (
            "request-property-stability-decreased",
            "request-property-stability-increased",
        ),
        Place::Response { .. } => (
            "response-property-stability-decreased",
            "response-property-stability-increased",
        ),
        Place::Parameter { .. } | Place::Header { .. } => return,
    };
    let Some((old, new)) = pair.changed(Keyword::Stability) else {
        return;
    };
    let (from, to) = match (lifecycle::stage(old), lifecycle::stage(new)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(node), _) => return invalid(pair, report, Side::Base(node)),
        (_, Err(node)) => return invalid(pair, report, Side::Revision(node)),
    };
    let id = match to.cmp(&from) {
        Ordering::Less => decreased,
        Ordering::Greater => increased,
        Ordering::Equal => return,
    };
    if from < report.options.stability_min {
        return;
    }
    let (was, is) = (lifecycle::stage_name(from), lifecycle::stage_name(to));
    let message = format!(
        "the stage of {} changed from `{was}` to `{is}`",
        pair.subject()
    );
    let found = Found::new(id, message)
        .base(old.unwrap_or(pair.base().node))
        .revision(new.unwrap_or(pair.revision().node));
    pair.report(report, found.value(was).value(is));
}

enum Side<'t> {
    Base(Node<'t>),
    Revision(Node<'t>),
}

fn invalid<'t>(pair: &SchemaPair<'_, 't>, report: &mut Report<'t>, side: Side<'t>) {
    let (Side::Base(node) | Side::Revision(node)) = side;
    let text = shown(Some(node));
    let message = format!(
        "stage `{text}` of {} is none of draft, alpha, beta and stable",
        pair.subject()
    );
    let found = Found::new("api-invalid-stability-level", message).value(text);
    let found = match side {
        Side::Base(node) => found.base(node),
        Side::Revision(node) => found.revision(node),
    };
    pair.report(report, found);
}
