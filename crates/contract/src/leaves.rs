//! The leaves of a contract: its parts that evidence of use is kept of, named so that the names outlive a version.
//!
//! Per operation: parameters, media types, properties of bodies (`request.body.amount.currency`), elements of arrays
//! (`response.200.body.items[].id`), values of enums (`request.body.method=card`), statuses, headers of responses. What
//! `allOf`, `oneOf` and `anyOf` hold is merged. Names that a map makes up (`additionalProperties`,
//! `patternProperties`) are none of a contract's and have no leaf.
//!
//! A `.`, `[`, `]`, `=`, `%`, `"` or control character in a name is percent-encoded. A value that is no string stands
//! as JSON; a string that reads like one of those, or like `*`, stands in quotes; `=*` is any value that the contract
//! does not name.
//!
//! ```
//! let source = contract::Source::read(b"
//! openapi: 3.1.0
//! paths:
//!   /payments:
//!     post:
//!       parameters: [{in: query, name: expand, schema: {type: string}}]
//!       requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Payment'}}}}
//! components:
//!   schemas:
//!     Payment:
//!       properties: {method: {enum: [card, 1]}, lines: {items: {properties: {sku: {}}}}}
//! ", "payments.yaml")?;
//! let tables = contract::leaves::tables(&source, &contract::leaves::LeafLimits::default());
//! // Broad before deep: where an operation has too many, the deep ones go without.
//! let keys: Vec<&str> = tables[0].leaves.iter().map(|leaf| leaf.key.as_str()).collect();
//! assert_eq!(keys, [
//!     "request.query.expand",
//!     "request.content.application/json",
//!     "request.body",
//!     "request.body.method",
//!     "request.body.lines",
//!     "request.body.method=card",
//!     "request.body.method=1",
//!     "request.body.method=*",
//!     "request.body.lines[]",
//!     "request.body.lines[].sku",
//! ]);
//! # Ok::<(), contract::ContractError>(())
//! ```

mod basis;
mod build;
mod built;
mod key;
mod operation;
mod owners;
mod parameters;
mod plan;
mod shape;
mod table;
#[cfg(test)]
mod tests;
mod touched;
mod touching;

pub use plan::{
    LeafContent, LeafNode, LeafParameter, LeafPlace, LeafPlan, LeafRequest, LeafResponse,
    LeafSeparator, LeafValue, LeafValueKind,
};
pub use table::{Leaf, LeafCut, LeafCutReason, LeafKind, LeafLimits, LeafTable};
pub use touched::{Certainty, Condition, Evidence, Touched};
pub use touching::{Touching, tables, touched};
