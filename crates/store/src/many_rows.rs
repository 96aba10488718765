//! One statement for many rows: each crossing to SQLite's thread costs more than a row does.

use std::fmt::Display;
use std::sync::Arc;

use adoption::{ClientClass, ConsumerId, ContractId, KeyId, OperationId, SurfaceId};
use rustc_hash::FxHashMap;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe};

use crate::error::StoreError;
use crate::row::integer;
use crate::tx::WriteTx;

/// Rows per statement, greatest first: three prepared statements serve every number of rows.
/// 128 rows of 18 columns are 2,304 parameters; SQLite takes 32,766.
const SIZES: [usize; 3] = [128, 16, 1];

/// A statement of the form `head (?, ..), (?, ..) tail`.
pub(crate) struct ManyRows {
    /// One text for each of `SIZES`.
    sql: [Arc<str>; 3],
    columns: usize,
}

impl ManyRows {
    pub(crate) fn new(head: &str, columns: usize, tail: &str) -> Self {
        let row = format!("({})", vec!["?"; columns].join(", "));
        let sql =
            SIZES.map(|rows| format!("{head}{}{tail}", vec![row.as_str(); rows].join(", ")).into());
        Self { sql, columns }
    }

    /// Runs the statement over all rows, each bound by `bind`, which must give every column in order.
    pub(crate) async fn run<T>(
        &self,
        tx: &mut WriteTx,
        rows: &[T],
        bind: impl FnMut(&mut RowValues<'_>, &T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.rows_written(tx, rows, bind).await?;
        Ok(())
    }

    /// [`ManyRows::run`], and how many rows it wrote.
    pub(crate) async fn rows_written<T>(
        &self,
        tx: &mut WriteTx,
        rows: &[T],
        mut bind: impl FnMut(&mut RowValues<'_>, &T) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let mut rest = rows;
        let mut written = 0;
        for (size, sql) in SIZES.iter().zip(&self.sql) {
            while rest.len() >= *size {
                let (chunk, after) = rest.split_at(*size);
                rest = after;
                let mut arguments = SqliteArguments::default();
                arguments.reserve(size * self.columns, 0);
                for row in chunk {
                    bind(&mut RowValues(&mut arguments), row)?;
                }
                debug_assert_eq!(arguments.len(), size * self.columns);
                let done = sqlx::query_with(AssertSqlSafe(sql.clone()), arguments)
                    .execute(tx.conn()?)
                    .await?;
                written += done.rows_affected();
            }
        }
        Ok(written)
    }
}

/// The values of one row, given in column order.
pub(crate) struct RowValues<'a>(&'a mut SqliteArguments);

impl RowValues<'_> {
    pub(crate) fn integer(&mut self, value: i64) -> Result<(), StoreError> {
        self.0
            .add(value)
            .map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))
    }

    pub(crate) fn count(&mut self, value: u64, what: &'static str) -> Result<(), StoreError> {
        self.integer(integer(value, what)?)
    }

    pub(crate) fn text(&mut self, value: Arc<str>) -> Result<(), StoreError> {
        self.0
            .add(value)
            .map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))
    }

    pub(crate) fn text_or_null(&mut self, value: Option<&str>) -> Result<(), StoreError> {
        self.0
            .add(value.map(Arc::<str>::from))
            .map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))
    }
}

/// Texts of ids and names. Rows come in order of their keys, so that surface, consumer, key and contract are mostly
/// those of the row before; of the rest there are few, named in thousands of rows.
#[derive(Default)]
pub struct Texts {
    surface: Option<(u64, Arc<str>)>,
    consumer: Option<(u64, Arc<str>)>,
    key: Option<(u64, Arc<str>)>,
    contract: Option<(u64, Arc<str>)>,
    /// By prefix and raw id, or by name of the enum and number.
    few: FxHashMap<(&'static str, u64), Arc<str>>,
}

impl Texts {
    /// Texts remembered at most; at about 100 bytes each, 3 MB.
    const FEW_MAX: usize = 32_768;

    pub(crate) fn surface(&mut self, id: SurfaceId) -> Arc<str> {
        of_last(&mut self.surface, id.raw(), &id)
    }

    pub(crate) fn consumer(&mut self, id: ConsumerId) -> Arc<str> {
        of_last(&mut self.consumer, id.raw(), &id)
    }

    pub(crate) fn key(&mut self, id: KeyId) -> Arc<str> {
        of_last(&mut self.key, id.raw(), &id)
    }

    pub(crate) fn operation(&mut self, id: OperationId) -> Arc<str> {
        self.of_few(OperationId::PREFIX, id.raw(), &id)
    }

    pub(crate) fn contract(&mut self, id: ContractId) -> Arc<str> {
        of_last(&mut self.contract, id.raw(), &id)
    }

    pub(crate) fn client_class(&mut self, class: ClientClass) -> Arc<str> {
        self.of_few("client_class", class as u64, &class.as_str())
    }

    fn of_few(&mut self, kind: &'static str, raw: u64, text: &dyn Display) -> Arc<str> {
        if let Some(known) = self.few.get(&(kind, raw)) {
            return known.clone();
        }
        if self.few.len() >= Self::FEW_MAX {
            self.few.clear();
        }
        let text: Arc<str> = text.to_string().into();
        self.few.insert((kind, raw), text.clone());
        text
    }
}

fn of_last(last: &mut Option<(u64, Arc<str>)>, raw: u64, text: &dyn Display) -> Arc<str> {
    match last {
        Some((known, text)) if *known == raw => text.clone(),
        _ => {
            let text: Arc<str> = text.to_string().into();
            *last = Some((raw, text.clone()));
            text
        }
    }
}
