//! The steps of one round of housekeeping.

use std::sync::atomic::Ordering;

use adoption::Micros;

use super::Keeper;
use crate::disk::{Folder, JOURNAL};
use crate::format::ENTRY_BYTES;
use crate::names;
use crate::stream::{Stream, Successor, locked};

/// Kept segments are looked through this often.
const EXPIRY_INTERVAL_US: i64 = 60 * Micros::PER_SECOND;

/// 1 MiB ahead of a lane at most.
const READIED_MAX: u64 = (1 << 20) / ENTRY_BYTES as u64;

impl Keeper {
    /// Syncs the segments of earlier processes: what a killed one wrote may be in memory only, and readers
    /// give out dead streams as if they were on disk.
    pub(super) fn sync_dead(&self, files: &[(String, u64)]) {
        for (name, _) in files
            .iter()
            .filter(|(name, _)| names::parse_segment(name).is_some())
        {
            let synced = self
                .disk
                .open_to_read(name)
                .and_then(|segment| segment.sync());
            if let Err(error) = synced {
                self.note("sync", name, &error);
            }
        }
        self.folder_moved.store(true, Ordering::Release);
    }

    pub(super) fn sync(&self, now: Micros) {
        let streams = self.live_streams();
        // Before the folder: a segment's name is on disk before an entry in it counts as synced.
        let written: Vec<u64> = streams.iter().map(|stream| stream.written()).collect();
        if self.folder_moved.swap(false, Ordering::AcqRel)
            && let Err(error) = self.disk.sync_folder(Folder::Journal)
        {
            for stream in &streams {
                self.fail_stream(stream, "sync the folder of", &error);
            }
            self.note("sync", JOURNAL, &error);
        }

        for (stream, written) in streams.iter().zip(written) {
            if stream.is_failed() {
                continue;
            }
            if stream.synced() == written {
                stream.publish_synced(written, now);
                continue;
            }
            match stream.sync_segments(written) {
                Ok(()) => {
                    let moved = written - stream.synced();
                    stream.publish_synced(written, now);
                    // As much as the last interval wrote, and a little: a page readied and not written costs this
                    // thread twice, one that is missing costs the lane a fault.
                    stream.ready_room((moved + moved / 16).min(READIED_MAX));
                    locked(&self.figures).backoff.succeeded();
                }
                Err(error) => self.fail_stream(stream, "sync", &error),
            }
        }
    }

    /// Closed streams that are on disk, or never will be, become dead.
    pub(super) fn let_go(&self) {
        for stream in self.live_streams() {
            // Closed is read first: nothing is written after it.
            if !stream.is_closed() || !(stream.is_failed() || stream.synced() == stream.written()) {
                continue;
            }
            if let Successor::Waiting(orphan) = &*locked(&stream.successor) {
                orphan.close();
            }
            self.discard_ready(&stream);
            locked(&self.figures).entries_before += stream.written();
            locked(&self.streams).retain(|other| other.id != stream.id);
        }
    }

    fn discard_ready(&self, stream: &Stream) {
        for (number, _) in locked(&stream.ready).segments.drain(..).rev() {
            let name = names::segment(stream.id, number);
            if let Err(error) = self.disk.remove(&name) {
                self.note("remove", &name, &error);
            }
        }
    }

    pub(super) fn replace_failed(&self, now: Micros) {
        for stream in self.live_streams() {
            let alone = matches!(*locked(&stream.successor), Successor::None);
            if !stream.is_failed()
                || stream.is_closed()
                || !alone
                || !locked(&self.figures).backoff.may_try(now)
            {
                continue;
            }
            match self
                .next_epoch()
                .and_then(|epoch| self.start_stream(stream.id.lane, epoch))
            {
                Ok(successor) => *locked(&stream.successor) = Successor::Waiting(successor),
                Err(error) => {
                    self.note_journal_error(&error);
                    locked(&self.figures).backoff.failed(now);
                }
            }
        }
    }

    pub(super) fn prepare_ahead(&self) {
        for stream in self.live_streams() {
            let mut ready = locked(&stream.ready);
            if stream.is_closed() || stream.is_failed() || !ready.segments.is_empty() {
                continue;
            }
            if let Err(error) = self.prepare(&stream, &mut ready) {
                self.note("make a segment in", JOURNAL, &error);
            }
        }
    }

    pub(super) fn keep_spares(&self, now: Micros) {
        let entries = self.entries_written();
        locked(&self.figures).peak.measure(now, entries);
        let wanted = self.spare_bytes_wanted();
        if let Err(error) = self.spares.keep(&*self.disk, wanted) {
            self.note("make a spare segment in", JOURNAL, &error);
        }
    }

    pub(super) fn expire_applied(&self, now: Micros) {
        {
            let mut figures = locked(&self.figures);
            if now.0 - figures.expired_at.0 < EXPIRY_INTERVAL_US {
                return;
            }
            figures.expired_at = now;
        }
        let keep_us = i64::try_from(self.config.keep_applied.as_micros()).unwrap_or(i64::MAX);
        let names = match self.disk.journal_names() {
            Ok(names) => names,
            Err(error) => return self.note("list", JOURNAL, &error),
        };
        for name in names {
            let expired =
                names::parse_applied(&name).is_some_and(|at| now.0.saturating_sub(at.0) >= keep_us);
            if expired && let Err(error) = self.disk.remove(&name) {
                self.note("remove", &name, &error);
            }
        }
    }
}
