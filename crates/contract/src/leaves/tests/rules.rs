//! Every rule that may break says whom it touches: who has the part, who lacks it, or every call for a reason.

use super::*;
use crate::leaves::basis::{self, Basis};
use crate::level::Level;
use crate::rules::rule::State;
use crate::rules::{rules, table, tests};

/// Rules whose example has nothing that leaves could decide by: a body without a media type.
const WITHOUT_LEAVES: [&str; 3] = [
    "request-body-added-required",
    "request-body-became-required",
    "request-body-removed",
];

#[test]
fn each_example_is_decided_by_leaves_or_by_every_call() {
    let mut wrong = Vec::new();
    let mut count = 0;
    let told = rules()
        .iter()
        .filter(|rule| rule.state == State::Implemented);
    for rule in told.filter(|rule| rule.level >= Level::Warning) {
        let (base, revision) = tests::documents(rule, rule.breaking_example);
        let found = diff(&base, &revision, &tests::options(rule));
        let change = found.changes.iter().find(|change| change.id == rule.id);
        let mut touching = Touching::new(&base, &revision, LeafLimits::default());
        let evidence = touching.of(change.unwrap()).evidence;
        let basis = basis::of(table::find(rule.id).unwrap());
        let is_right = match &evidence {
            Evidence::AnyCall(_) => basis == Basis::AnyCall || WITHOUT_LEAVES.contains(&rule.id),
            Evidence::NoCall => rule.id.contains("webhook") || rule.id.contains("callback"),
            Evidence::Calls(conditions) => conditions.iter().all(|condition| match condition {
                // Where an absence cannot be seen, having what is around it decides.
                Condition::Sends { .. } => matches!(basis, Basis::Sends | Basis::Lacks),
                Condition::Lacks { .. } => basis == Basis::Lacks,
                Condition::Receives { .. } => basis == Basis::Receives,
            }),
        };
        count += 1;
        if !is_right {
            wrong.push(format!("{}: {}", rule.id, shown(&evidence)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 400, "{count}");
}

#[test]
fn the_basis_of_every_error_follows_its_direction() {
    let errors = rules().iter().filter(|rule| rule.level == Level::Error);
    for rule in errors {
        let row = table::find(rule.id).unwrap();
        let expect: &[Basis] = match rule.id {
            id if id.starts_with("request-") => &[Basis::Sends, Basis::Lacks],
            id if id.starts_with("response-") || id.starts_with("required-response-") => {
                &[Basis::Receives]
            }
            id if id.starts_with("new-required-request-header-") => &[Basis::Sends],
            id if id.starts_with("new-required-request-") => &[Basis::Lacks],
            _ => &[Basis::AnyCall],
        };
        assert!(expect.contains(&basis::of(row)), "{}", rule.id);
    }
}
