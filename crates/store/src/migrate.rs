//! Numbered, checksummed, forward-only migrations, embedded in the binary.

use ring::digest::{SHA256, digest};
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::tx::Tx;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// In order; a version once released never changes.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "foundation",
        sql: include_str!("../../../migrations/sqlite/0001_foundation.sql"),
    },
    Migration {
        version: 2,
        name: "fields",
        sql: include_str!("../../../migrations/sqlite/0002_fields.sql"),
    },
    Migration {
        version: 3,
        name: "rollouts",
        sql: include_str!("../../../migrations/sqlite/0003_rollouts.sql"),
    },
    Migration {
        version: 4,
        name: "versions",
        sql: include_str!("../../../migrations/sqlite/0004_versions.sql"),
    },
    Migration {
        version: 5,
        name: "notices",
        sql: include_str!("../../../migrations/sqlite/0005_notices.sql"),
    },
];

/// The migration that this binary brings a database to.
pub fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// The migration that the database is at.
pub async fn applied(tx: &mut Tx) -> Result<i64, StoreError> {
    let version = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM migration")
        .fetch_one(tx.conn()?)
        .await?;
    Ok(version)
}

/// Runs what the database does not have yet, each migration in its own transaction.
pub(crate) async fn run(pool: &SqlitePool) -> Result<(), StoreError> {
    run_list(pool, MIGRATIONS).await
}

async fn run_list(pool: &SqlitePool, migrations: &[Migration]) -> Result<(), StoreError> {
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS migration (
            version INTEGER NOT NULL PRIMARY KEY,
            name    TEXT    NOT NULL,
            digest  TEXT    NOT NULL
        ) STRICT",
    )
    .execute(pool)
    .await?;
    let done = sqlx::query("SELECT version, digest FROM migration ORDER BY version")
        .fetch_all(pool)
        .await?;
    let known = migrations.last().map_or(0, |migration| migration.version);
    for row in &done {
        let version: i64 = row.try_get("version")?;
        if version > known {
            return Err(StoreError::NewerDatabase {
                found: version,
                known,
            });
        }
        let ours = migrations
            .iter()
            .find(|migration| migration.version == version);
        if ours.map(checksum) != Some(row.try_get("digest")?) {
            return Err(StoreError::MigrationChanged { version });
        }
    }

    for migration in &migrations[done.len()..] {
        run_one(pool, migration)
            .await
            .map_err(|source| StoreError::Migration {
                version: migration.version,
                source,
            })?;
        tracing::info!(migration.version, migration.name, "migrated the database");
    }
    Ok(())
}

async fn run_one(pool: &SqlitePool, migration: &Migration) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::raw_sql(AssertSqlSafe(migration.sql))
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO migration (version, name, digest) VALUES (?1, ?2, ?3)")
        .bind(migration.version)
        .bind(migration.name)
        .bind(checksum(migration))
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

fn checksum(migration: &Migration) -> String {
    digest(&SHA256, migration.sql.as_bytes())
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    async fn pool(dir: &tempfile::TempDir) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(dir.path().join("t.db"))
            .create_if_missing(true);
        SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .unwrap()
    }

    const ONE: Migration = Migration {
        version: 1,
        name: "one",
        sql: "CREATE TABLE a (x INTEGER) STRICT;",
    };
    const TWO: Migration = Migration {
        version: 2,
        name: "two",
        sql: "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b VALUES (1);",
    };

    #[tokio::test]
    async fn runs_forward_once_and_refuses_newer_or_changed() {
        let dir = tempfile::tempdir().unwrap();
        let pool = pool(&dir).await;
        run_list(&pool, &[ONE]).await.unwrap();
        run_list(&pool, &[ONE, TWO]).await.unwrap();
        run_list(&pool, &[ONE, TWO]).await.unwrap();
        let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM b")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(rows, 1);

        let newer = run_list(&pool, &[ONE]).await.unwrap_err();
        assert!(
            matches!(newer, StoreError::NewerDatabase { found: 2, known: 1 }),
            "{newer}"
        );
        let changed = Migration {
            sql: "CREATE TABLE a (y INTEGER) STRICT;",
            ..ONE
        };
        let changed = run_list(&pool, &[changed, TWO]).await.unwrap_err();
        assert!(
            matches!(changed, StoreError::MigrationChanged { version: 1 }),
            "{changed}"
        );
    }

    #[tokio::test]
    async fn a_failed_migration_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let pool = pool(&dir).await;
        let broken = Migration {
            version: 1,
            name: "broken",
            sql: "CREATE TABLE a (x INTEGER) STRICT; CREATE nonsense;",
        };
        assert!(matches!(
            run_list(&pool, &[broken]).await,
            Err(StoreError::Migration { version: 1, .. })
        ));
        run_list(&pool, &[ONE]).await.unwrap();
    }

    #[test]
    fn versions_have_no_gap() {
        let versions: Vec<i64> = MIGRATIONS
            .iter()
            .map(|migration| migration.version)
            .collect();
        assert_eq!(versions, (1..=known()).collect::<Vec<_>>());
    }
}
