//! Keyset paging: every list is bounded and continues after a cursor.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::ControlError;

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Items wanted; held between 1 and [`PageRequest::LIMIT_MAX`].
    #[serde(default = "PageRequest::limit_default")]
    pub limit: u32,
    /// The `next` of the page before; `None` starts at the beginning.
    #[serde(default)]
    pub after: Option<String>,
}

impl PageRequest {
    pub const LIMIT_MAX: u32 = 1_000;

    const fn limit_default() -> u32 {
        100
    }

    /// The first page, of `limit` items.
    pub const fn first(limit: u32) -> Self {
        Self { limit, after: None }
    }

    pub(crate) fn limit_bounded(&self) -> u32 {
        self.limit.clamp(1, Self::LIMIT_MAX)
    }

    /// The page made of one item more than wanted, where there is one: then more follow.
    pub(crate) fn page_of<T>(
        &self,
        mut items: Vec<T>,
        cursor: impl FnOnce(&T) -> String,
    ) -> Page<T> {
        let limit = self.limit_bounded() as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Page { items, next }
    }

    pub(crate) fn bad_cursor(&self) -> ControlError {
        ControlError::Invalid {
            field: "after",
            message: "this is not the cursor of a page of this list".to_owned(),
        }
    }

    /// The two parts of a cursor that was made with [`cursor_of`].
    pub(crate) fn cursor_parts<A: FromStr, B: FromStr>(
        &self,
    ) -> Result<Option<(A, B)>, ControlError> {
        let Some(cursor) = &self.after else {
            return Ok(None);
        };
        let parts = cursor
            .split_once('.')
            .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
        parts.map(Some).ok_or_else(|| self.bad_cursor())
    }
}

/// A cursor over creation and id.
pub(crate) fn cursor_of(created_at: i64, id: &dyn Display) -> String {
    format!("{created_at}.{id}")
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(Self::limit_default())
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the page that follows; `None` on the last page.
    pub next: Option<String>,
}
