//! Checks of an installation, each with its next step.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use adoption::Micros;
use serde::{Deserialize, Serialize};
use store::watermark::WatermarkState;

use crate::control::{Control, DATABASE_FILE, JobStatus};
use crate::error::{ControlError, error_chain};
use crate::snapshot::last_snapshot;
use crate::tokens::TOKEN_FILE;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    Ok,
    Warn,
    Fail,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable, such as `database.integrity`.
    pub name: String,
    pub state: CheckState,
    pub detail: String,
    /// What to do about it; `None` when `Ok`.
    pub next_step: Option<String>,
}

impl Check {
    pub fn ok(name: &str, detail: String) -> Self {
        Self {
            name: name.to_owned(),
            state: CheckState::Ok,
            detail,
            next_step: None,
        }
    }

    pub fn warn(name: &str, detail: String, next_step: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: CheckState::Warn,
            detail,
            next_step: Some(next_step.to_owned()),
        }
    }

    pub fn fail(name: &str, detail: String, next_step: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: CheckState::Fail,
            detail,
            next_step: Some(next_step.to_owned()),
        }
    }
}

/// Usage is visible within 2 s; a lag of this length has a reason.
const LAG_WARN_SECONDS: i64 = 10;
const LAG_FAIL_SECONDS: i64 = 300;
const DISK_WARN_BYTES: u64 = 2 << 30;
const DISK_FAIL_BYTES: u64 = 256 << 20;
/// 2025-01-01: no Towpath ran before.
const EARLIEST_SECONDS: i64 = 1_735_689_600;
const CLOCK_STEP_SECONDS: i64 = 5;

impl Control {
    /// All checks of state and disk, then those of the caller (such as whether upstreams answer).
    pub async fn doctor(&self, outside: Vec<Check>) -> Vec<Check> {
        let status = self.status();
        let mut checks = self.database_checks().await;
        checks.extend(self.usage_checks(&status).await);
        checks.push(self.snapshot_check(&status).await);
        checks.push(disk_check(self.data_dir()));
        checks.push(self.clock_check().await);
        checks.extend(permission_checks(self.data_dir()));
        checks.extend(outside);
        checks
    }

    async fn database_checks(&self) -> Vec<Check> {
        match self.look_at_database().await {
            Ok(checks) => checks,
            Err(error) => vec![Check::fail(
                "database.open",
                error_chain(&error),
                "see that the file is in place and that nobody else holds a lock on it; traffic and metering go on meanwhile",
            )],
        }
    }

    async fn look_at_database(&self) -> Result<Vec<Check>, ControlError> {
        let mut tx = self.store().read().await?;
        let version = store::integrity::library_version(&mut tx).await?;
        let size_mb = store::integrity::size_bytes(&mut tx).await? >> 20;
        let (applied, known) = (
            store::migrate::applied(&mut tx).await?,
            store::migrate::known(),
        );
        let findings = store::integrity::findings(&mut tx).await?;
        let integrity = match findings.first() {
            None => Check::ok("database.integrity", format!("sound, {size_mb} MiB")),
            Some(first) => Check::fail(
                "database.integrity",
                format!("{} findings, the first: {first}", findings.len()),
                "stop towpath, keep a copy of the data folder, and restore the last backup",
            ),
        };
        let migrations = match applied == known {
            true => Check::ok("database.migrations", format!("at {applied}")),
            false => Check::fail(
                "database.migrations",
                format!("the database is at {applied}, this binary knows {known}"),
                "restart with the binary that the database was last used with, or a newer one",
            ),
        };
        Ok(vec![
            Check::ok("database.library", format!("SQLite {version}")),
            integrity,
            migrations,
        ])
    }

    async fn usage_checks(&self, status: &JobStatus) -> Vec<Check> {
        let mut checks = vec![self.lag_check(status)];
        if let Some(journal) = &status.journal {
            checks.push(journal_check(&journal.0.state()));
        }
        checks.push(self.stream_check().await);
        checks
    }

    fn lag_check(&self, status: &JobStatus) -> Check {
        const NAME: &str = "usage.lag";
        let Some(at) = status.caught_up_at else {
            return Check::ok(NAME, "usage is not applied by this process".to_owned());
        };
        let lag = (self.now().0 - at.0).max(0) / Micros::PER_SECOND;
        let reason = status
            .apply_error
            .clone()
            .unwrap_or_else(|| "catching up".to_owned());
        let detail = format!("{lag} s behind the journal: {reason}");
        let next_step = "nothing is lost; see why the database cannot be written";
        match lag {
            LAG_FAIL_SECONDS.. => Check::fail(NAME, detail, next_step),
            LAG_WARN_SECONDS.. => Check::warn(NAME, detail, next_step),
            _ => Check::ok(NAME, format!("{lag} s behind the journal")),
        }
    }

    async fn stream_check(&self) -> Check {
        const NAME: &str = "usage.streams";
        let streams = async {
            let mut tx = self.store().read().await?;
            store::watermark::list(&mut tx).await
        };
        let streams = match streams.await {
            Ok(streams) => streams,
            Err(error) => return Check::warn(NAME, error_chain(&error), "see database.open"),
        };
        let count = |state| {
            streams
                .iter()
                .filter(|stream| stream.state == state)
                .count()
        };
        let (live, damaged) = (count(WatermarkState::Live), count(WatermarkState::Damaged));
        match damaged {
            0 => Check::ok(
                NAME,
                format!("{live} live, {} closed", count(WatermarkState::Closed)),
            ),
            damaged => Check::fail(
                NAME,
                format!("{damaged} damaged, {live} live"),
                "restore the journal file that the log names; its usage from the damage on is held back, all other usage goes on",
            ),
        }
    }

    async fn snapshot_check(&self, status: &JobStatus) -> Check {
        const NAME: &str = "snapshot";
        let due = async {
            let mut tx = self.store().read().await?;
            store::outbox::newest_snapshot(&mut tx).await
        };
        let due = due.await.ok();
        if let Some(error) = &status.publish_error {
            return Check::fail(
                NAME,
                error.clone(),
                "the gateway goes on with the one before; correct what the message names",
            );
        }
        match last_snapshot(self.data_dir()) {
            Err(error) => Check::fail(
                NAME,
                error_chain(&error),
                "remove the file: it is written anew with the next change or start",
            ),
            Ok(None) => Check::warn(
                NAME,
                "none was published yet".to_owned(),
                "start towpath on this data folder",
            ),
            Ok(Some(spec)) if due.is_some_and(|due| spec.generation < due) => Check::warn(
                NAME,
                format!(
                    "generation {} on disk, {} is due",
                    spec.generation,
                    due.unwrap_or(0)
                ),
                "start towpath on this data folder; if it runs, see its log",
            ),
            Ok(Some(spec)) => {
                let age = status
                    .published_at
                    .map(|at| (self.now().0 - at.0).max(0) / Micros::PER_SECOND);
                let age = age.map_or(String::new(), |seconds| {
                    format!(", published {seconds} s ago")
                });
                let (surfaces, keys) = (spec.surfaces.len(), spec.keys.len());
                Check::ok(
                    NAME,
                    format!(
                        "generation {}, {surfaces} surfaces, {keys} keys{age}",
                        spec.generation
                    ),
                )
            }
        }
    }

    async fn clock_check(&self) -> Check {
        const NAME: &str = "clock";
        const NEXT_STEP: &str =
            "set the clock, best by NTP: usage is counted in the minute that the clock says";
        let now = self.now();
        if now.seconds() < EARLIEST_SECONDS {
            return Check::fail(NAME, format!("the clock says {}", instant(now)), NEXT_STEP);
        }
        let newest = async {
            let mut tx = self.store().read().await.ok()?;
            let audit = store::audit::list(&mut tx, None, 1)
                .await
                .ok()?
                .first()
                .map(|row| row.at);
            let streams = store::watermark::list(&mut tx).await.ok()?;
            streams.iter().map(|row| row.updated_at).chain(audit).max()
        };
        match newest
            .await
            .filter(|newest| newest.seconds() > now.seconds() + CLOCK_STEP_SECONDS)
        {
            Some(newest) => {
                let detail = format!(
                    "the clock says {}, yet something was done at {}",
                    instant(now),
                    instant(newest)
                );
                Check::fail(NAME, detail, NEXT_STEP)
            }
            None => Check::ok(NAME, instant(now)),
        }
    }
}

fn instant(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .map_or_else(|_| at.0.to_string(), |at| format!("{at:.0}"))
}

fn journal_check(state: &meter::JournalState) -> Check {
    const NAME: &str = "journal";
    let spare_mb = state.spare_bytes >> 20;
    let detail = format!(
        "{} MiB, {spare_mb} MiB of them spare",
        state.allocated_bytes >> 20
    );
    if state.full {
        let detail = format!("full: {} calls refused", state.calls_refused);
        return Check::fail(NAME, detail, "free room on the disk of the data folder");
    }
    if let Some(error) = &state.last_error {
        return Check::warn(
            NAME,
            error.message.clone(),
            "see the disk's health and free room",
        );
    }
    if state.spare_bytes < state.spare_bytes_wanted / 2 {
        let wanted_mb = state.spare_bytes_wanted >> 20;
        let detail = format!(
            "{spare_mb} MiB spare, {wanted_mb} MiB are wanted for 10 minutes of a full disk"
        );
        return Check::warn(NAME, detail, "free room on the disk of the data folder");
    }
    Check::ok(NAME, detail)
}

fn disk_check(data_dir: &Path) -> Check {
    const NAME: &str = "disk.free";
    const NEXT_STEP: &str = "free room on the disk of the data folder, or move the folder";
    match rustix::fs::statvfs(data_dir) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let detail = format!("{} MiB free", free >> 20);
            if free < DISK_FAIL_BYTES {
                return Check::fail(NAME, detail, NEXT_STEP);
            }
            if free < DISK_WARN_BYTES {
                return Check::warn(NAME, detail, NEXT_STEP);
            }
            Check::ok(NAME, detail)
        }
        Err(error) => Check::fail(
            NAME,
            format!("cannot ask the disk of {}: {error}", data_dir.display()),
            NEXT_STEP,
        ),
    }
}

/// Nobody but the owner may read the token, or write anything.
fn permission_checks(data_dir: &Path) -> Vec<Check> {
    [
        ("permissions.data", "", 0o022),
        ("permissions.token", TOKEN_FILE, 0o077),
        ("permissions.database", DATABASE_FILE, 0o077),
    ]
    .into_iter()
    .filter_map(|(name, file, forbidden)| {
        let path = data_dir.join(file);
        let mode = std::fs::metadata(&path).ok()?.permissions().mode() & 0o777;
        let detail = format!("{} has mode {mode:04o}", path.display());
        Some(match mode & forbidden {
            0 => Check::ok(name, detail),
            _ => Check::warn(name, detail, "take the access of others away: chmod go-rwx"),
        })
    })
    .collect()
}
