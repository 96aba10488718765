//! Takes what was applied, or is damaged, off the disk.

use std::ops::ControlFlow;

use super::Reader;
use super::end::End;
use super::error::ReadError;
use super::files::Stop;
use crate::disk::{Folder, JOURNAL};
use crate::entry::StreamId;
use crate::names;

impl Reader {
    /// Deletes (or keeps for a while, see [`crate::JournalConfig::keep_applied`]) the segments whose every entry
    /// is at or before `through_seq`; of a dead stream that ends there, all. The names are gone from the disk
    /// when this returns: only then may the stream's watermark be forgotten.
    pub fn retire(&mut self, stream: StreamId, through_seq: u64) -> Result<(), ReadError> {
        let whole = self.keeper.live(stream).is_none() && self.ends_at(stream, through_seq)?;
        let numbers = self.numbers(stream)?;
        let Some(first) = numbers.first() else {
            return Ok(());
        };
        let geometry = self.place(stream, *first)?.files.geometry();

        let applied: Vec<_> = numbers
            .into_iter()
            .filter(|number| whole || geometry.last_seq(*number) <= through_seq)
            .collect();
        if applied.is_empty() {
            return Ok(());
        }
        // In order, so that a crash in between leaves the later ones, as if less had been retired.
        for number in applied {
            self.remove(&names::segment(stream, number))?;
        }
        if whole {
            self.places.remove(&stream);
        }
        self.sync_names()
    }

    /// Gives up the rest of a dead stream that is damaged: its files get another name and are never read again.
    /// Apply [`crate::rollup::close`] after it, so that its open calls count as interrupted.
    pub fn set_aside(&mut self, stream: StreamId) -> Result<(), ReadError> {
        if self.keeper.live(stream).is_some() {
            return Err(ReadError::UnknownStream { stream });
        }
        for number in self.numbers(stream)? {
            let name = names::segment(stream, number);
            let renamed = self.keeper.disk.rename(&name, &names::damaged(&name));
            renamed.map_err(|error| self.io("rename", &name, error))?;
        }
        self.places.remove(&stream);
        self.sync_names()
    }

    /// Whether a dead stream has nothing more to give after `through_seq`.
    fn ends_at(&mut self, stream: StreamId, through_seq: u64) -> Result<bool, ReadError> {
        let boot = self.keeper.boot();
        let place = match self.place_of(stream) {
            Ok(place) => place,
            Err(ReadError::UnknownStream { .. }) => return Ok(true),
            Err(error) => return Err(error),
        };
        let next = through_seq + 1;
        let stop = place
            .files
            .each(next, next, 1, &mut |_| ControlFlow::Continue(()))?;
        let Stop::Bad { seq } = stop else {
            return Ok(false);
        };
        Ok(!matches!(
            place.files.end_at(seq, boot)?,
            End::Damaged { .. }
        ))
    }

    fn remove(&self, name: &str) -> Result<(), ReadError> {
        let disk = &self.keeper.disk;
        if self.keeper.config().keep_applied.is_zero() {
            return disk
                .remove(name)
                .map_err(|error| self.io("remove", name, error));
        }
        let kept = names::applied(name, self.keeper.clock.now());
        disk.rename(name, &kept)
            .map_err(|error| self.io("rename", name, error))
    }

    fn sync_names(&self) -> Result<(), ReadError> {
        self.keeper
            .disk
            .sync_folder(Folder::Journal)
            .map_err(|error| self.io("sync", JOURNAL, error))
    }
}
