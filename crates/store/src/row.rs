//! Columns to domain values and back; a value that no version writes is an error, never a panic.

use std::str::FromStr;

use adoption::Micros;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;

/// A text column that parses into `T`, such as an id or an enum's name.
pub(crate) fn parsed<T: FromStr>(row: &SqliteRow, column: &'static str) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::Decode {
        column,
        text: text.to_owned(),
    })
}

/// The same, where NULL is `None`.
pub(crate) fn parsed_optional<T: FromStr>(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| {
        text.parse().map_err(|_| StoreError::Decode {
            column,
            text: text.to_owned(),
        })
    })
    .transpose()
}

/// A text column that names a value of a closed set.
pub(crate) fn named<T>(
    row: &SqliteRow,
    column: &'static str,
    from_text: fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    let text: &str = row.try_get(column)?;
    from_text(text).ok_or_else(|| StoreError::Decode {
        column,
        text: text.to_owned(),
    })
}

/// An integer column that counts something.
pub(crate) fn count(row: &SqliteRow, column: &'static str) -> Result<u64, StoreError> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| StoreError::Decode {
        column,
        text: value.to_string(),
    })
}

pub(crate) fn micros(row: &SqliteRow, column: &'static str) -> Result<Micros, StoreError> {
    Ok(Micros(row.try_get(column)?))
}

pub(crate) fn micros_optional(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Option<Micros>, StoreError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Micros))
}

/// A count as the signed integer that a column holds.
pub(crate) fn integer(value: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Overflow { what })
}
