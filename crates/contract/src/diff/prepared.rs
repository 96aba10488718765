//! A change before it knows its operation: all that is the same wherever it is told, computed once.

use std::rc::Rc;
use std::sync::Arc;

use crate::level::{Breaks, Level};
use crate::rules::table::Row;
use crate::site::Site;

/// Stands in a message for the way from the root to a schema: a noncharacter, which no text for people holds.
pub(super) const WAY: &str = "\u{fdd0}";

/// A finding of a check with its level and places.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) row: &'static Row,
    pub(super) level: Level,
    pub(super) breaks: &'static [Breaks],
    pub(super) base: Option<Arc<Site>>,
    pub(super) revision: Option<Arc<Site>>,
    /// The bytes at which the two sides start; 0 for a side that is not there.
    pub(super) position: (u32, u32),
    /// More of the logical pointer: escaped tokens with their slashes.
    pub(super) tail: String,
    /// For the fingerprint.
    pub(super) values: u64,
    /// As [`crate::change::Change::cause`].
    pub(super) cause: u64,
    /// With [`WAY`] in it.
    pub(super) message: String,
}

/// A change below one root, the same for all operations that have this root.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) prepared: Rc<Prepared>,
    pub(super) message: Arc<str>,
    /// Of id, pointer below the root and values.
    pub(super) inner: u64,
}
