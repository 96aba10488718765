//! The open database: one writer, a few readers, and the check that its file is still the one that was opened.

use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use crate::error::StoreError;
#[cfg(feature = "testing")]
use crate::faults::Faults;
use crate::migrate;
use crate::tx::{ReadTx, Tx, WriteTx};

/// SQLite before 3.51.3 can lose committed writes when a writer and a checkpointer race
/// (https://sqlite.org/wal.html, "the WAL-reset bug").
const SQLITE_NEEDED: (u32, u32, u32) = (3, 51, 3);
const SQLITE_NEEDED_TEXT: &str = "3.51.3";

/// Where the database is and how patient to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite:<path>`.
    pub url: String,
    /// Readers at a time; each may hold 8 MiB of cache.
    pub readers: u32,
    /// How long a statement waits for another process's lock.
    pub busy_timeout: Duration,
    /// How long a transaction waits for the one writer.
    pub acquire_timeout: Duration,
}

impl StoreConfig {
    pub fn new(url: String) -> Self {
        Self {
            url,
            readers: 4,
            busy_timeout: Duration::from_secs(2),
            acquire_timeout: Duration::from_secs(10),
        }
    }
}

/// The database; a clone is another handle.
#[derive(Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    options: SqliteConnectOptions,
    path: PathBuf,
    file: FileId,
    #[cfg(feature = "testing")]
    faults: Faults,
}

/// Device and inode: a file that was moved away and put back is the same, a new one of the same name is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }
}

impl Store {
    /// Opens the database, making its file (mode 0600) when absent, and brings its tables up to date.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let path = sqlite_path(&config.url)?;
        make_private(&path)?;
        let file = FileId::of(&path).ok_or_else(|| StoreError::Gone { path: path.clone() })?;

        let options = SqliteConnectOptions::new()
            .filename(&path)
            // A file that vanished must be noticed, not replaced by an empty one.
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(config.busy_timeout)
            .pragma("temp_store", "memory")
            // A checkpoint per 16 MiB rather than per 4: hot pages of the roll-ups are written back less often.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("journal_size_limit", "67108864");
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(config.acquire_timeout)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .before_acquire(|connection, _| Box::pin(is_usable(connection)))
        };
        // 32 MiB for the writer holds the inner pages of all roll-ups; a negative size is in KiB.
        let writer = pool()
            .max_connections(1)
            .connect_with(options.clone().pragma("cache_size", "-32768"))
            .await?;
        refuse_old_sqlite(&writer).await?;
        migrate::run(&writer).await?;
        let readers = pool()
            .max_connections(config.readers)
            .connect_with(
                options
                    .clone()
                    .pragma("cache_size", "-8192")
                    .pragma("query_only", "on"),
            )
            .await?;

        Ok(Self {
            writer,
            readers,
            options,
            path,
            file,
            #[cfg(feature = "testing")]
            faults: Faults::default(),
        })
    }

    /// Begins the write transaction of the moment; others wait their turn.
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        self.check_file()?;
        let inner = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(WriteTx(self.tx(inner)))
    }

    /// Begins reads that all see the state of now.
    pub async fn read(&self) -> Result<ReadTx, StoreError> {
        self.check_file()?;
        let inner = self.readers.begin().await?;
        Ok(ReadTx(self.tx(inner)))
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for open transactions and closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Writes a consistent copy to `path`, which must not exist; writers go on meanwhile.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        self.check_file()?;
        let text = path.to_str().ok_or_else(|| StoreError::Decode {
            column: "path",
            text: path.to_string_lossy().into_owned(),
        })?;
        // Its own connection: readers are `query_only`, which refuses VACUUM INTO, and the writer must go on.
        let mut connection = self.options.connect().await?;
        sqlx::query("VACUUM INTO ?1")
            .bind(text)
            .execute(&mut connection)
            .await?;
        connection.close().await?;
        Ok(())
    }

    #[cfg(feature = "testing")]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    fn tx(&self, inner: sqlx::Transaction<'static, sqlx::Sqlite>) -> Tx {
        Tx::new(
            inner,
            #[cfg(feature = "testing")]
            self.faults.clone(),
        )
    }

    /// SQLite goes on writing to a file that was removed; everything written there would be lost.
    fn check_file(&self) -> Result<(), StoreError> {
        if FileId::of(&self.path) == Some(self.file) {
            return Ok(());
        }
        Err(StoreError::Gone {
            path: self.path.clone(),
        })
    }
}

fn sqlite_path(url: &str) -> Result<PathBuf, StoreError> {
    match url.split_once(':') {
        Some(("sqlite", path)) => Ok(PathBuf::from(path.strip_prefix("//").unwrap_or(path))),
        // The rest of a URL may hold a password.
        Some((scheme, _)) => Err(StoreError::UnsupportedUrl {
            scheme: scheme.to_owned(),
        }),
        None => Err(StoreError::UnsupportedUrl {
            scheme: String::new(),
        }),
    }
}

fn make_private(path: &Path) -> Result<(), StoreError> {
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Io(sqlx::Error::Io(error))),
    }
}

/// Whether the connection stands outside any transaction, as one that waits must.
///
/// On a full disk SQLite rolls back by itself; the rollback that the driver sends then fails, and the driver goes on
/// believing in a transaction that no longer is. Such a connection is replaced: it could never begin another.
async fn is_usable(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback may still be on its way to the connection's thread; an answer from there comes after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await?;
    let mut parts = found
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    if (part(), part(), part()) < SQLITE_NEEDED {
        return Err(StoreError::SqliteTooOld {
            found,
            needed: SQLITE_NEEDED_TEXT,
        });
    }
    Ok(())
}
