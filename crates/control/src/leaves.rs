//! The leaves of a contract, numbered when it is stored: names for evidence, plans for the gateway.

use adoption::{OperationId, SurfaceId};
use contract::Source;
use contract::leaves::{LeafLimits, LeafTable, tables};
use ring::digest::{Context, SHA256};
use store::leaves::LeavesRow;

/// A quarter of what the gateway can keep, and eight steps deep: the widest contract that we know, of 403 operations
/// that lead to each other, takes 15 MB of plans by this and would take 64 MB without.
pub(crate) const LIMITS: LeafLimits = LeafLimits {
    leaves: 1_024,
    depth: 8,
};

/// The leaves of every operation of a contract.
pub(crate) fn leaves_of(surface: SurfaceId, source: &Source) -> Vec<LeavesRow> {
    tables(source, &LIMITS)
        .iter()
        .map(|table| row_of(surface, table))
        .collect()
}

fn row_of(surface: SurfaceId, table: &LeafTable) -> LeavesRow {
    let names: Vec<&str> = table.leaves.iter().map(|leaf| leaf.key.as_str()).collect();
    LeavesRow {
        operation: OperationId::of(surface, &table.method, &table.path),
        digest: digest_of(&names),
        names: serde_json::to_string(&names).expect("texts are always JSON"),
        plan: serde_json::to_string(&table.plan).expect("a plan is always JSON"),
        cuts: table.cut_count,
    }
}

/// 32 bits of SHA-256 over the names in their order.
fn digest_of(names: &[&str]) -> u32 {
    let mut context = Context::new(&SHA256);
    for name in names {
        context.update(name.as_bytes());
        context.update(b"\n");
    }
    let digest = context.finish();
    let first = digest.as_ref().first_chunk::<4>();
    u32::from_le_bytes(*first.expect("a digest of SHA-256 has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_keeps_its_names_in_their_order() {
        let text = "openapi: 3.1.0\npaths:\n  /a/{id}:\n    get:\n      parameters: [{in: query, name: q, schema: {enum: [x]}}]\n      responses: {200: {description: fine}}\n";
        let surface = SurfaceId::from_raw(77);
        let source = Source::read(text.as_bytes(), "a.yaml").unwrap();
        let rows = leaves_of(surface, &source);
        assert_eq!(rows.len(), 1);
        assert_eq!(
            rows[0].operation,
            OperationId::of(surface, "GET", "/a/{id}")
        );
        let names: Vec<String> = serde_json::from_str(&rows[0].names).unwrap();
        assert!(names.contains(&"request.query.q=x".to_owned()), "{names:?}");
        let again: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(rows[0].digest, digest_of(&again));
        let other: Vec<&str> = names.iter().rev().map(String::as_str).collect();
        assert_ne!(rows[0].digest, digest_of(&other));
    }
}
