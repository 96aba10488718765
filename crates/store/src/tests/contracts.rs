//! What a contract brings, hundreds of rows at once.

use adoption::{ContractId, OperationId, SurfaceId};

use super::{NOW, open};
use crate::contract::ContractRow;
use crate::leaves::LeavesRow;
use crate::operation::OperationRow;
use crate::surface::SurfaceRow;

const SURFACE: SurfaceId = SurfaceId::from_raw(20);
const CONTRACT: ContractId = ContractId::from_raw(50);
/// More than one statement of each size takes.
const COUNT: u64 = 128 + 16 + 16 + 3;

fn contract() -> ContractRow {
    ContractRow {
        id: CONTRACT,
        surface: SURFACE,
        version: "1".to_owned(),
        title: String::new(),
        openapi: "3.1.0".to_owned(),
        digest: "d".to_owned(),
        file: "a.yaml".to_owned(),
        base_paths: "[]".to_owned(),
        source_bytes: 1,
        operations: COUNT,
        operations_deprecated: 0,
        created_at: NOW,
    }
}

fn operations(summary: impl Fn(u64) -> Option<String>) -> Vec<OperationRow> {
    let row = |number| OperationRow {
        id: OperationId::from_raw(1_000 + number),
        surface: SURFACE,
        method: "GET".to_owned(),
        path: format!("/{number:03}"),
        operation_id: None,
        summary: summary(number),
        deprecation: None,
        contract_first: CONTRACT,
        contract_last: CONTRACT,
    };
    (0..COUNT).map(row).collect()
}

#[tokio::test]
async fn every_operation_and_its_leaves_come_back_as_they_went() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await;
    let mut tx = store.write().await.unwrap();
    let surface = SurfaceRow {
        id: SURFACE,
        name: "a".to_owned(),
        settings: "{}".to_owned(),
        contract: Some(CONTRACT),
        created_at: NOW,
        updated_at: NOW,
    };
    crate::surface::insert(&mut tx, &surface).await.unwrap();
    crate::contract::insert(&mut tx, &contract(), "")
        .await
        .unwrap();

    let first = operations(|_| None);
    crate::operation::upsert(&mut tx, &first).await.unwrap();
    let stored = crate::operation::of_surface(&mut tx, SURFACE).await;
    assert_eq!(stored.unwrap(), first);
    let renamed = operations(|number| (number % 2 == 0).then(|| number.to_string()));
    crate::operation::upsert(&mut tx, &renamed).await.unwrap();
    let stored = crate::operation::of_surface(&mut tx, SURFACE).await;
    assert_eq!(stored.unwrap(), renamed);

    let row = |operation: &OperationRow| LeavesRow {
        operation: operation.id,
        digest: u32::MAX,
        names: format!("[\"{}\"]", operation.path),
        plan: format!("{{\"leaf_count\":{}}}", operation.id.raw()),
        cuts: 7,
    };
    let mut leaves: Vec<LeavesRow> = first.iter().map(row).collect();
    let some = crate::leaves::insert(&mut tx, CONTRACT, &leaves[..5]).await;
    assert_eq!(some.unwrap(), 5);
    let rest = crate::leaves::insert(&mut tx, CONTRACT, &leaves).await;
    assert_eq!(rest.unwrap(), COUNT - 5, "what is there stays");
    leaves.sort_by_key(|row| row.operation.to_string());
    let plans = crate::leaves::plans(&mut tx, CONTRACT).await.unwrap();
    let expect = leaves
        .iter()
        .map(|row| (row.operation, row.digest, row.plan.clone()));
    assert!(expect.eq(plans));
    let names = crate::leaves::names(&mut tx, CONTRACT, leaves[160].operation).await;
    let expect = (leaves[160].digest, leaves[160].names.clone());
    assert_eq!(names.unwrap(), Some(expect));
}
