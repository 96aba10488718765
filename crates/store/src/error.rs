//! What can go wrong with the database.

use std::path::PathBuf;

/// Why the database did not do as told. Nothing of the transaction stays when one is returned, save
/// [`StoreError::Commit`], where nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("database URL of scheme {scheme:?} is not supported: use sqlite:<path>")]
    UnsupportedUrl { scheme: String },
    #[error("SQLite {found} can lose committed writes: {needed} or later is needed")]
    SqliteTooOld { found: String, needed: &'static str },
    #[error(
        "the database is of a newer Towpath: it has migration {found}, this binary knows {known}; run the newer binary, or restore a backup"
    )]
    NewerDatabase { found: i64, known: i64 },
    #[error(
        "migration {version} of the database is not the one in this binary: restore a backup made by this version"
    )]
    MigrationChanged { version: i64 },
    #[error("migration {version} failed")]
    Migration {
        version: i64,
        #[source]
        source: sqlx::Error,
    },
    #[error("the database file {path:?} is gone or was replaced: put it back, or restart")]
    Gone { path: PathBuf },
    #[error("the database is locked by another process")]
    Busy(#[source] sqlx::Error),
    #[error("the disk of the database is full")]
    DiskFull(#[source] sqlx::Error),
    #[error("the database file cannot be read or written")]
    Io(#[source] sqlx::Error),
    #[error("the database file is damaged: restore a backup")]
    Corrupt(#[source] sqlx::Error),
    /// A row with the same unique columns exists.
    #[error("a row with these unique columns exists")]
    Duplicate(#[source] sqlx::Error),
    #[error("a statement failed")]
    Sql(#[source] sqlx::Error),
    /// The transaction may have been committed: read before writing again.
    #[error("it is not known whether the transaction was committed")]
    Commit(#[source] sqlx::Error),
    #[error("column {column} holds {text:?}, which no version of Towpath writes")]
    Decode { column: &'static str, text: String },
    #[error("{what} is past 2^63 - 1")]
    Overflow { what: &'static str },
    /// Another applier, or this one before a crash, has moved the watermark: nothing was added.
    #[error("the watermark of lane {lane} in epoch {epoch} is not at {expected}")]
    WatermarkMoved {
        epoch: u64,
        lane: u16,
        expected: u64,
    },
    #[cfg(feature = "testing")]
    #[error("a fault was injected at statement {statement}")]
    Injected { statement: u64 },
}

impl StoreError {
    /// The stable, machine-readable name of the error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedUrl { .. } => "database_url_unsupported",
            Self::SqliteTooOld { .. } => "database_library_old",
            Self::NewerDatabase { .. } => "database_newer",
            Self::MigrationChanged { .. } => "database_migration_changed",
            Self::Migration { .. } => "database_migration_failed",
            Self::Gone { .. } => "database_gone",
            Self::Busy(_) => "database_busy",
            Self::DiskFull(_) => "database_disk_full",
            Self::Io(_) => "database_unreadable",
            Self::Corrupt(_) => "database_damaged",
            Self::Duplicate(_) => "already_exists",
            Self::Sql(_) | Self::Commit(_) => "database_failed",
            Self::Decode { .. } => "database_value_unknown",
            Self::Overflow { .. } => "overflow",
            Self::WatermarkMoved { .. } => "watermark_moved",
            #[cfg(feature = "testing")]
            Self::Injected { .. } => "fault_injected",
        }
    }
}

// Primary result codes of SQLite (https://sqlite.org/rescode.html).
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // The pool gives up when its one writer is held, and when connecting meets a lock, for too long.
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => Self::Io(error),
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                Self::Duplicate(error)
            }
            sqlx::Error::Database(database) => {
                let code = database.code().and_then(|code| code.parse::<i32>().ok());
                match code.map(|extended| extended & 0xff) {
                    Some(BUSY | LOCKED) => Self::Busy(error),
                    Some(FULL) => Self::DiskFull(error),
                    Some(IOERR | CANTOPEN | READONLY) => Self::Io(error),
                    Some(CORRUPT | NOTADB) => Self::Corrupt(error),
                    _ => Self::Sql(error),
                }
            }
            _ => Self::Sql(error),
        }
    }
}
