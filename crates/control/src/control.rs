//! The `Control` itself: what it holds and how it opens.

use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use adoption::{Clock, Micros};
use contract::policy::Policy;
use store::{Store, StoreConfig, WriteTx};
use tokio::sync::{Notify, watch};

use crate::error::ControlError;
use crate::notices::{KnownRollouts, NoticeKey, Senders};
use crate::plans::Plans;
use crate::rollouts::learnt::Learnt;

/// Where state is, how long it stays, how often jobs run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlConfig {
    pub data_dir: PathBuf,
    /// `sqlite:<path>`; `None` is `towpath.db` in the data folder.
    pub database_url: Option<String>,
    pub retention: Retention,
    /// The longest time between two looks at the journal.
    pub apply_interval: Duration,
    /// The longest time that usage waits in memory when nobody asks for it; the journal holds it meanwhile.
    pub store_interval: Duration,
    /// Journal entries in one transaction: bounds the memory of catching up (about 120 bytes each).
    pub apply_entries_max: usize,
    /// How long a statement waits for another process's lock on the database.
    pub busy_timeout: Duration,
}

impl ControlConfig {
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            database_url: None,
            retention: Retention::default(),
            apply_interval: Duration::from_millis(500),
            store_interval: Duration::from_secs(60),
            apply_entries_max: 131_072,
            busy_timeout: Duration::from_secs(2),
        }
    }

    /// The database's URL, given or default.
    pub fn url(&self) -> String {
        match &self.database_url {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data_dir.join(DATABASE_FILE).display()),
        }
    }
}

const FRESHEN_MAX: Duration = Duration::from_secs(1);
pub(crate) const DATABASE_FILE: &str = "towpath.db";

/// How long roll-ups of each grain stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    pub minute_hours: u32,
    pub hour_days: u32,
    /// `None` keeps them for ever.
    pub day_days: Option<u32>,
}

impl Default for Retention {
    fn default() -> Self {
        // 13 months, so that a month can be compared with the one a year before: 396 days.
        Self {
            minute_hours: 48,
            hour_days: 396,
            day_days: None,
        }
    }
}

/// Every use case; a clone is another handle to the same state.
#[derive(Clone)]
pub struct Control {
    inner: Arc<Inner>,
}

struct Inner {
    config: ControlConfig,
    clock: Arc<dyn Clock>,
    store: Store,
    snapshot_due: Notify,
    notices_due: Notify,
    usage_wanted: Notify,
    /// Counts the tries of the applier to store all it has.
    usage_fresh: watch::Sender<u64>,
    status: Mutex<JobStatus>,
    /// By which a pushed contract is compared with the one that runs.
    contract_policy: RwLock<Arc<Policy>>,
    /// How notices leave; until the wiring says, mails wait.
    senders: RwLock<Arc<Senders>>,
    notice_key: OnceLock<NoticeKey>,
    known_rollouts: KnownRollouts,
    /// What the gateway watches for, as the last Snapshot had it.
    plans: Mutex<Plans>,
    /// Held by the applier during a pass and by a backup while it copies the journal.
    journal_turn: tokio::sync::Mutex<()>,
    /// What the finished rollouts teach, as far as it was asked for.
    learnt: tokio::sync::Mutex<Learnt>,
}

/// What the jobs last said about themselves.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobStatus {
    pub(crate) applier_runs: bool,
    /// When the applier started, then when it last had applied all that was on disk.
    pub(crate) caught_up_at: Option<Micros>,
    /// Why the applier could not go on; cleared by its next success.
    pub(crate) apply_error: Option<String>,
    pub(crate) streams_damaged: u64,
    pub(crate) generation: u64,
    pub(crate) published_at: Option<Micros>,
    /// Why the Snapshot that is due could not be published.
    pub(crate) publish_error: Option<String>,
    pub(crate) journal: Option<JournalView>,
}

/// Asks the journal for its state.
#[derive(Clone)]
pub(crate) struct JournalView(pub(crate) Arc<meter::Journal>);

impl std::fmt::Debug for JournalView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JournalView")
    }
}

impl Control {
    /// Opens the state under the data folder, making both when absent, and brings its tables up to date.
    pub async fn open(config: ControlConfig, clock: Arc<dyn Clock>) -> Result<Self, ControlError> {
        make_private_dir(&config.data_dir)?;
        let store_config = StoreConfig {
            busy_timeout: config.busy_timeout,
            ..StoreConfig::new(config.url())
        };
        let store = Store::open(&store_config).await?;
        let inner = Inner {
            config,
            clock,
            store,
            snapshot_due: Notify::new(),
            notices_due: Notify::new(),
            usage_wanted: Notify::new(),
            usage_fresh: watch::Sender::new(0),
            status: Mutex::new(JobStatus::default()),
            contract_policy: RwLock::default(),
            senders: RwLock::default(),
            notice_key: OnceLock::new(),
            known_rollouts: KnownRollouts::default(),
            plans: Mutex::default(),
            journal_turn: tokio::sync::Mutex::new(()),
            learnt: tokio::sync::Mutex::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    pub fn config(&self) -> &ControlConfig {
        &self.inner.config
    }

    /// The clock that every date of this control comes from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// Closes the database after open transactions have ended.
    pub async fn close(&self) {
        self.inner.store.close().await;
    }

    pub(crate) fn now(&self) -> Micros {
        self.inner.clock.now()
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.inner.config.data_dir
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn status(&self) -> JobStatus {
        self.inner
            .status
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_status(&self, change: impl FnOnce(&mut JobStatus)) {
        change(
            &mut self
                .inner
                .status
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    /// From now on pushed contracts are compared by this policy; before, by the rules' own levels.
    pub fn set_contract_policy(&self, policy: Policy) {
        let running = self.inner.contract_policy.write();
        *running.unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }

    pub(crate) fn contract_policy(&self) -> Arc<Policy> {
        let running = self.inner.contract_policy.read();
        Arc::clone(&running.unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on notices leave so; what waited for a mail server is tried.
    pub fn set_senders(&self, senders: Senders) {
        let running = self.inner.senders.write();
        *running.unwrap_or_else(PoisonError::into_inner) = Arc::new(senders);
        self.notices_are_due();
    }

    /// How notices leave now.
    pub fn senders(&self) -> Arc<Senders> {
        let running = self.inner.senders.read();
        Arc::clone(&running.unwrap_or_else(PoisonError::into_inner))
    }

    /// The key of the data folder, made when there is none.
    pub(crate) fn notice_key(&self) -> Result<NoticeKey, ControlError> {
        if let Some(key) = self.inner.notice_key.get() {
            return Ok(key.clone());
        }
        let key = NoticeKey::of_folder(self.data_dir())?;
        Ok(self.inner.notice_key.get_or_init(|| key).clone())
    }

    pub(crate) fn known_rollouts(&self) -> &KnownRollouts {
        &self.inner.known_rollouts
    }

    /// Wakes the job that delivers notices; a wake-up before it waits is kept.
    pub(crate) fn notices_are_due(&self) {
        self.inner.notices_due.notify_one();
    }

    pub(crate) async fn notices_due(&self) {
        self.inner.notices_due.notified().await;
    }

    /// What is known of the watches for the next Snapshot.
    pub(crate) fn plans(&self) -> Plans {
        self.locked_plans().clone()
    }

    /// These were used for the Snapshot of now; others are of contracts that no longer run.
    pub(crate) fn keep_plans(&self, plans: Plans) {
        *self.locked_plans() = plans.next();
    }

    /// Those of a new contract.
    pub(crate) fn learn_plans(&self, plans: Plans) {
        self.locked_plans().learn(plans);
    }

    fn locked_plans(&self) -> MutexGuard<'_, Plans> {
        let plans = self.inner.plans.lock();
        plans.unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the publisher; a wake-up before it waits is kept.
    pub(crate) fn snapshot_is_due(&self) {
        self.inner.snapshot_due.notify_one();
    }

    /// Commits a change that the gateway must know of.
    pub(crate) async fn commit_with_snapshot(
        &self,
        mut tx: WriteTx,
        now: Micros,
    ) -> Result<(), ControlError> {
        store::outbox::append_snapshot(&mut tx, now).await?;
        tx.commit().await?;
        self.snapshot_is_due();
        Ok(())
    }

    pub(crate) async fn snapshot_due(&self) {
        self.inner.snapshot_due.notified().await;
    }

    /// Has the applier store what it holds in memory, when there is one; a database that cannot be written is not
    /// waited for longer than a second.
    pub(crate) async fn freshen_usage(&self) {
        if !self.status().applier_runs {
            return;
        }
        let mut fresh = self.inner.usage_fresh.subscribe();
        let before = *fresh.borrow_and_update();
        self.inner.usage_wanted.notify_one();
        // Late or not, the reader gets what is stored.
        let _ = tokio::time::timeout(FRESHEN_MAX, fresh.wait_for(|passes| *passes > before)).await;
    }

    pub(crate) async fn usage_is_wanted(&self) {
        self.inner.usage_wanted.notified().await;
    }

    pub(crate) fn usage_is_fresh(&self) {
        self.inner.usage_fresh.send_modify(|passes| *passes += 1);
    }

    /// Held while it is learnt anew, so that this is done once.
    pub(crate) async fn learnt(&self) -> tokio::sync::MutexGuard<'_, Learnt> {
        self.inner.learnt.lock().await
    }

    pub(crate) async fn journal_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.journal_turn.lock().await
    }
}

pub(crate) fn make_private_dir(path: &Path) -> Result<(), ControlError> {
    let failed = |source| ControlError::File {
        action: "make folder",
        path: path.to_owned(),
        source,
    };
    if path.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(failed)?;
    // The umask may have taken more than it should.
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(failed)
}
