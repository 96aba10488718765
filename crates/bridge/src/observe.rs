//! Observing which leaves of a contract a message holds, in one pass over its bytes, without keeping any of them.
//!
//! A leaf is a named part of a contract: a parameter, a property of a body, a value of an enum, a content type, a
//! status. [`Table`] is what one operation has of them, compiled from a [`Plan`]; [`Observer`] reads a body chunk by
//! chunk and sets [`Bits`]; [`Table::query`], [`Table::header`] and their like do the same for the head. Only names and
//! values that stand in the contract are ever told: everything else is skipped and forgotten.
//!
//! ```
//! use std::sync::Arc;
//! use bridge::observe::{Bits, Observer, Outcome, Plan, Table};
//!
//! let plan: Plan = serde_json::from_str(r#"{
//!     "leaf_count": 3,
//!     "nodes": [{"leaf": 0, "properties": [["amount", 1], ["currency", 2]]}, {"leaf": 1}, {"leaf": 2}],
//!     "request": {"body": 0}
//! }"#).unwrap();
//! let table = Arc::new(Table::compile(&plan)?);
//!
//! let mut observer = Observer::request(table, Some(b"application/json"));
//! observer.feed(br#"{"\u0061mou"#);
//! observer.feed(br#"nt": 5, "nick_name": "never told"}"#);
//! let observation = observer.finish();
//! assert_eq!(observation.outcome, Outcome::Complete);
//! assert_eq!(observation.bits.iter().collect::<Vec<_>>(), [0, 1]);
//! # Ok::<(), bridge::observe::TableError>(())
//! ```

mod bits;
mod dictionary;
mod form;
mod head;
mod json;
mod media;
mod number;
mod observer;
mod outcome;
mod plan;
mod scan;
mod scratch;
mod table;

pub use bits::{Bits, LEAVES_MAX};
pub use json::DEPTH_MAX;
pub use observer::{Observation, Observer};
pub use outcome::Outcome;
pub use plan::{
    Place, Plan, PlanContent, PlanNode, PlanParameter, PlanRequest, PlanResponse, PlanValue,
    Separator, ValueKind,
};
pub use scratch::TEXT_BYTES_MAX;
pub use table::{Table, TableError};
