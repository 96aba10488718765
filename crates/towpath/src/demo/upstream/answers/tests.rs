//! The sample API keeps its contract, for every call that the cast makes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::answer;
use crate::demo::cast::CAST;
use crate::demo::operations::{BASE_PATH, Operation};
use crate::demo::schedule::Schedule;
use crate::demo::setup::CONTRACT;
use crate::demo::traces::{Call, Target};
use crate::demo::upstream::exchange::{Answer, Question};

fn ask(call: &Call) -> Answer {
    let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
    answer(&Question {
        method: call.method,
        path,
        query,
        idempotency_key: call.idempotency_key.as_deref(),
        last_event_id: None,
        body: call.body.as_deref().unwrap_or_default(),
    })
}

/// Every call that the cast makes in its first 30 seconds.
fn calls() -> impl Iterator<Item = Call> {
    CAST.iter()
        .flat_map(|character| {
            Schedule::new(character, 1, 1.0)
                .take_while(|arrival| arrival.at < Duration::from_secs(30))
        })
        .flat_map(|arrival| arrival.calls)
}

#[test]
fn the_contract_and_the_table_have_the_same_operations() {
    let contract = contract::parse(CONTRACT, "payments.yaml").unwrap();
    assert_eq!(contract.version(), "1.8.0");
    assert_eq!(contract.base_paths(), [BASE_PATH]);
    assert!(contract.warnings().is_empty(), "{:?}", contract.warnings());

    let promised: BTreeSet<_> = contract
        .operations()
        .iter()
        .map(|operation| {
            (
                operation.method.clone(),
                operation.path.clone(),
                operation.operation_id.clone().unwrap(),
            )
        })
        .collect();
    let served: BTreeSet<_> = Operation::all()
        .map(|operation| {
            (
                operation.method().to_owned(),
                operation.template().to_owned(),
                operation.operation_id().to_owned(),
            )
        })
        .collect();
    assert_eq!(promised, served);
    assert_eq!(promised.len(), 25);
}

#[test]
fn the_contract_names_three_deprecations_with_dates_and_successors() {
    let contract = contract::parse(CONTRACT, "payments.yaml").unwrap();
    let deprecated: Vec<_> = contract
        .operations()
        .iter()
        .filter_map(|operation| {
            let deprecation = operation.deprecation.as_ref()?;
            Some(format!(
                "{} {}: {} to {}, then {}",
                operation.method,
                operation.path,
                deprecation.deprecated_at?,
                deprecation.sunset_at?,
                deprecation.replaced_by.as_ref()?
            ))
        })
        .collect();
    insta::assert_snapshot!(deprecated.join("\n"), @r"
    POST /charges: 2026-03-02T00:00:00Z to 2027-03-31T23:59:59Z, then /payments
    GET /charges/{charge_id}: 2026-03-02T00:00:00Z to 2027-03-31T23:59:59Z, then /payments/{payment_id}
    GET /transfers: 2026-06-01T00:00:00Z to 2027-01-31T23:59:59Z, then /payouts
    ");
}

#[test]
fn every_operation_is_answered_well_and_only_by_itself() {
    let mut statuses: BTreeMap<Target, BTreeSet<u16>> = BTreeMap::new();
    for call in calls() {
        let path = call.path.split('?').next().unwrap_or_default();
        match call.target {
            Target::Operation(operation) => {
                assert_eq!(
                    Operation::route(call.method, path).map(|found| found.0),
                    Some(operation),
                    "{path}"
                );
            }
            Target::Unmatched => assert_eq!(Operation::route(call.method, path), None, "{path}"),
            // Never comes this far.
            Target::Refused => continue,
        }
        statuses
            .entry(call.target)
            .or_default()
            .insert(ask(&call).status);
    }

    for operation in Operation::all() {
        let statuses = &statuses[&Target::Operation(operation)];
        assert!(
            statuses.iter().any(|status| (200..300).contains(status)),
            "{operation:?}: {statuses:?}"
        );
    }
    assert_eq!(statuses[&Target::Unmatched], BTreeSet::from([404]));
}

#[test]
fn most_calls_succeed_and_every_kind_of_failure_happens() {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for call in calls() {
        *counts.entry(ask(&call).status).or_default() += 1;
    }
    let total: usize = counts.values().sum();
    let good: usize = counts.range(200..300).map(|(_, count)| count).sum();
    assert!(good * 100 > total * 95, "{counts:?}");
    for status in [200, 201, 204, 400, 402, 404, 409, 422, 500, 503] {
        assert!(
            counts.contains_key(&status),
            "{status} is missing: {counts:?}"
        );
    }
}

#[test]
fn an_answer_never_changes() {
    for call in calls().step_by(50) {
        let text = |answer: Answer| format!("{answer:?}");
        assert_eq!(text(ask(&call)), text(ask(&call)));
    }
}
