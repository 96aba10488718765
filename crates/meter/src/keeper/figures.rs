//! What the housekeeping counts and notes, for whoever asks.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Keeper;
use crate::disk::JOURNAL;
use crate::error::JournalError;
use crate::names;
use crate::state::DiskError;
use crate::stream::{Stream, Successor, locked};

impl Keeper {
    pub(crate) fn refused(&self) {
        self.calls_refused.fetch_add(1, Ordering::Relaxed);
    }

    /// The sizes of all files of the journal. A folder that cannot be read shows as an error, not as an empty one.
    pub(crate) fn allocated_bytes(&self) -> u64 {
        let bytes_of = |name: &String| {
            // Spares are most of the files, and all of one size.
            if names::parse_spare(name).is_some() {
                return Ok(self.config.segment_bytes);
            }
            self.disk.file_bytes(name).or_else(|error| {
                // A file may go while we look.
                let is_gone = error.kind() == io::ErrorKind::NotFound;
                if is_gone { Ok(0) } else { Err(error) }
            })
        };
        let names = self.disk.journal_names();
        let bytes = names.and_then(|names| names.iter().map(bytes_of).sum());
        bytes.unwrap_or_else(|error| {
            self.note("list", JOURNAL, &error);
            0
        })
    }

    pub(crate) fn spare_bytes(&self) -> u64 {
        self.spares.bytes()
    }

    pub(crate) fn spare_bytes_wanted(&self) -> u64 {
        let figures = locked(&self.figures);
        figures.peak.spare_bytes_wanted(
            self.clock.now(),
            self.config.spare_bytes,
            self.config.spare_bytes_max,
        )
    }

    pub(crate) fn calls_refused(&self) -> u64 {
        self.calls_refused.load(Ordering::Relaxed)
    }

    pub(crate) fn entries_written(&self) -> u64 {
        let before = locked(&self.figures).entries_before;
        before
            + self
                .live_streams()
                .iter()
                .map(|stream| stream.written())
                .sum::<u64>()
    }

    pub(crate) fn unsynced_age(&self) -> Duration {
        let oldest = self
            .live_streams()
            .iter()
            .filter_map(|stream| stream.unsynced_since())
            .min();
        let age_us = oldest.map_or(0, |since| self.clock.now().0 - since.0);
        Duration::from_micros(u64::try_from(age_us).unwrap_or(0))
    }

    pub(crate) fn is_full(&self) -> bool {
        let refuses = |stream: &Arc<Stream>| {
            let stuck =
                stream.is_failed() && !matches!(*locked(&stream.successor), Successor::Taken);
            !stream.is_closed() && (stream.is_refusing() || stuck)
        };
        self.live_streams().iter().any(refuses)
    }

    pub(crate) fn streams_failed(&self) -> u64 {
        locked(&self.figures).streams_failed
    }

    pub(crate) fn last_error(&self) -> Option<DiskError> {
        locked(&self.figures).last_error.clone()
    }

    pub(super) fn note_journal_error(&self, error: &JournalError) {
        let cause = std::error::Error::source(error)
            .map(|cause| format!(": {cause}"))
            .unwrap_or_default();
        self.record(format!("{error}{cause}"));
    }

    pub(crate) fn note(&self, what: &'static str, name: &str, error: &io::Error) {
        self.record(format!(
            "cannot {what} {}: {error}",
            self.disk.path(name).display()
        ));
    }

    /// Logs an error when it is another one than the last: a full disk says the same thing ten times a second.
    fn record(&self, message: String) {
        let mut figures = locked(&self.figures);
        if figures
            .last_error
            .as_ref()
            .is_none_or(|last| last.message != message)
        {
            tracing::warn!("usage journal: {message}");
        }
        figures.last_error = Some(DiskError {
            at: self.clock.now(),
            message,
        });
    }
}
