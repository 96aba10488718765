//! The usage applier: journal entries become roll-ups, each exactly once, whatever crashes in between.
//!
//! A pass reads what is on disk and folds it. Every minute, or as soon as somebody asks for usage, one transaction
//! moves the watermark of every stream by compare-and-set, adds the rows, and keeps the open calls. After any error
//! everything in memory is forgotten and read again from the database and the journal, so that an unknown outcome of
//! a commit is no special case.

mod fields;
mod gather;
mod pending;
mod source;

use std::sync::Arc;
use std::time::{Duration, Instant};

use adoption::{KeyId, Micros};
use meter::StreamId;
use meter::rollup::{Grain, latency_at, usage_at};
use rustc_hash::FxHashMap;
use store::{StoreError, Texts};
use tokio::sync::watch;

use crate::control::Control;
use crate::error::error_chain;
use crate::jobs::stop::stopping;

use fields::Fields;
use gather::{Applied, Gathered, gather};
use pending::Pending;
pub use source::{EntrySource, FromJournal};

const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(5);
/// Who asks for usage more often than this gets what the last asker got: usage is at most 600 ms old, of which the
/// journal's group commit is 100.
const FRESH_FOR: Duration = Duration::from_millis(500);
/// Rows that wait in memory at most: with their keys about 180 bytes each, 18 MB.
const PENDING_ROWS_MAX: usize = 100_000;
/// Streams whose damage is known are looked at again in one of so many passes: somebody may have restored a file.
const DAMAGED_EVERY: u64 = 64;
/// Keys of which the last minute is remembered; at 16 bytes each, 4 MB.
const SEEN_MAX: usize = 262_144;
/// Tries of a stopping process; the next start applies the rest.
const STOP_TRIES: u32 = 3;

/// Why a pass changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("the journal's folder cannot be read")]
    Journal(#[source] meter::ReadError),
    #[error("usage cannot be stored")]
    Store(#[from] StoreError),
}

/// What a pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Journal entries read and folded.
    pub entries: u64,
    /// Whether all that was on disk is read.
    pub caught_up: bool,
}

/// When a pass stores what it and those before it have folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storing {
    /// When it is due: after `store_interval`, or when memory's bound is reached.
    Due,
    Now,
}

/// Applies one journal; there is one per database.
pub struct Applier {
    control: Control,
    /// Absent only while a pass reads.
    source: Option<Box<dyn EntrySource>>,
    /// `None` until read from the database, and while a pass reads.
    pending: Option<Pending>,
    /// What may be retired once `pending` is stored.
    applied: FxHashMap<StreamId, u64>,
    stored_at: Instant,
    texts: Texts,
    fields: Fields,
    /// The minute that `key_seen` holds for a key.
    seen: FxHashMap<KeyId, i64>,
    passes: u64,
}

impl Applier {
    pub fn new(control: Control, source: Box<dyn EntrySource>) -> Self {
        Self {
            control,
            source: Some(source),
            pending: None,
            applied: FxHashMap::default(),
            stored_at: Instant::now(),
            texts: Texts::default(),
            fields: Fields::default(),
            seen: FxHashMap::default(),
            passes: 0,
        }
    }

    /// Reads once, at most `apply_entries_max` entries, and stores in one transaction.
    pub async fn pass(&mut self, storing: Storing) -> Result<Pass, ApplyError> {
        let control = self.control.clone();
        // A backup may copy the journal now; segments must not be retired under it.
        let _turn = control.journal_turn().await;
        let result = self.pass_in_turn(storing).await;
        if result.is_err() {
            self.forget();
        }
        result
    }

    async fn pass_in_turn(&mut self, storing: Storing) -> Result<Pass, ApplyError> {
        let read_at = self.control.now();
        let pending = match self.pending.take() {
            Some(pending) => pending,
            None => load(&self.control).await?,
        };
        self.passes += 1;
        let (mut pending, gathered) = self.read(pending).await?;
        let pass = Pass {
            entries: gathered.entries,
            caught_up: gathered.caught_up,
        };
        self.applied.extend(
            gathered
                .retired
                .iter()
                .map(|Applied { id, seq }| (*id, *seq)),
        );
        let damaged = pending.damaged();
        if storing == Storing::Now || self.is_due(&pending) {
            self.store(&mut pending, read_at).await?;
            self.retire();
        }
        self.pending = Some(pending);
        self.control.set_status(|status| {
            if pass.caught_up {
                status.caught_up_at = Some(read_at);
            }
            status.streams_damaged = damaged;
            status.apply_error = None;
        });
        Ok(pass)
    }

    /// Reads and folds on a thread that may block.
    async fn read(&mut self, mut pending: Pending) -> Result<(Pending, Gathered), ApplyError> {
        let mut source = self
            .source
            .take()
            .expect("only a pass takes it, and puts it back");
        let entries_max = self.control.config().apply_entries_max;
        let look_at_damaged = self.passes % DAMAGED_EVERY == 1;
        let work = tokio::task::spawn_blocking(move || {
            let gathered = gather(source.as_mut(), &mut pending, entries_max, look_at_damaged);
            (source, gathered.map(|gathered| (pending, gathered)))
        });
        let (source, gathered) = work.await.expect("reading the journal does not panic");
        self.source = Some(source);
        gathered.map_err(ApplyError::Journal)
    }

    fn is_due(&self, pending: &Pending) -> bool {
        pending.sums.rows() >= PENDING_ROWS_MAX
            || self.stored_at.elapsed() >= self.control.config().store_interval
    }

    async fn store(&mut self, pending: &mut Pending, now: Micros) -> Result<(), StoreError> {
        if pending.changed().next().is_none() {
            self.stored_at = Instant::now();
            return Ok(());
        }
        let texts = &mut self.texts;
        let seen = pending.keys_seen(&self.seen);
        let (minutes, latency_minutes) = (pending.sums.usage_rows(), pending.sums.latency_rows());
        let mut tx = self.control.store().write().await?;
        for (id, stand) in pending.changed() {
            let (after, through) = (stand.open.stored_seq(), stand.open.through_seq());
            store::watermark::advance(&mut tx, id, after, through, stand.state, now).await?;
            store::open_call::insert(&mut tx, id, &stand.open.opened(), texts).await?;
            store::open_call::delete(&mut tx, id, stand.open.closed()).await?;
        }
        store::usage::add_usage(&mut tx, Grain::Minute, &minutes, texts).await?;
        store::usage::add_latency(&mut tx, Grain::Minute, &latency_minutes, texts).await?;
        for grain in [Grain::Hour, Grain::Day] {
            store::usage::add_usage(&mut tx, grain, &usage_at(&minutes, grain), texts).await?;
            store::usage::add_latency(&mut tx, grain, &latency_at(&latency_minutes, grain), texts)
                .await?;
        }
        store::usage::add_clients(&mut tx, &pending.sums.client_rows(), texts).await?;
        let shapes = pending.sums.shape_rows();
        self.fields.add(&mut tx, &shapes, texts).await?;
        store::usage::see_keys(&mut tx, &seen, texts).await?;
        tx.commit().await?;

        pending.stored();
        self.stored_at = Instant::now();
        if self.seen.len() + seen.len() > SEEN_MAX {
            self.seen.clear();
        }
        self.seen.extend(seen);
        Ok(())
    }

    /// Only after the watermarks are stored.
    fn retire(&mut self) {
        let source = self
            .source
            .as_mut()
            .expect("only a pass that reads takes it");
        for (stream, seq) in self.applied.drain() {
            if let Err(error) = source.retire(stream, seq) {
                // The files stay; another pass tries again.
                tracing::warn!(
                    error = error_chain(&error),
                    "applied segments could not be retired"
                );
            }
        }
    }

    fn forget(&mut self) {
        self.pending = None;
        self.applied.clear();
        self.seen.clear();
        self.fields.forget();
        if let Some(source) = &mut self.source {
            source.reset();
        }
    }
}

async fn load(control: &Control) -> Result<Pending, StoreError> {
    let mut tx = control.store().read().await?;
    let watermarks = store::watermark::list(&mut tx).await?;
    let open_calls = store::open_call::list(&mut tx).await?;
    Ok(Pending::load(&watermarks, open_calls))
}

pub(crate) async fn run(mut applier: Applier, mut stopped: watch::Receiver<bool>) {
    let control = applier.control.clone();
    let interval = control.config().apply_interval;
    let mut retry = RETRY_FIRST;
    let mut storing = Storing::Now;
    while !*stopped.borrow() {
        let stored = storing == Storing::Now;
        let pause = match applier.pass(storing).await {
            Ok(pass) => {
                if retry > RETRY_FIRST {
                    tracing::info!("usage is applied again");
                }
                retry = RETRY_FIRST;
                // While it catches up it stores as it goes: others shall see that it moves.
                storing = if pass.caught_up {
                    Storing::Due
                } else {
                    Storing::Now
                };
                if pass.caught_up {
                    interval
                } else {
                    Duration::ZERO
                }
            }
            Err(error) => {
                let chain = error_chain(&error);
                if retry == RETRY_FIRST {
                    tracing::warn!(
                        error = chain,
                        "usage cannot be applied: trying again until it can"
                    );
                }
                control.set_status(|status| status.apply_error = Some(chain));
                // Everything in memory is forgotten: no more is read until something can be stored.
                storing = Storing::Now;
                retry = (retry * 2).min(RETRY_MAX);
                retry
            }
        };
        if stored {
            control.usage_is_fresh();
        }
        tokio::select! {
            () = stopping(&mut stopped) => {}
            () = tokio::time::sleep(pause) => {}
            () = control.usage_is_wanted(), if retry == RETRY_FIRST => {
                tokio::time::sleep(FRESH_FOR.saturating_sub(applier.stored_at.elapsed())).await;
                storing = Storing::Now;
            }
        }
    }
    finish(&mut applier).await;
    control.set_status(|status| status.applier_runs = false);
    control.usage_is_fresh();
}

/// Applies what is left, so that the next start finds little to do.
async fn finish(applier: &mut Applier) {
    let mut tries = 0;
    while tries < STOP_TRIES {
        match applier.pass(Storing::Now).await {
            Ok(Pass {
                caught_up: true, ..
            }) => return,
            Ok(_) => {}
            Err(_) => tries += 1,
        }
    }
    tracing::warn!("not all usage is applied yet: the next start does");
}

/// The applier of a journal, for those who drive it themselves.
pub fn applier(control: &Control, journal: Arc<meter::Journal>) -> Applier {
    Applier::new(control.clone(), Box::new(FromJournal::new(journal)))
}
