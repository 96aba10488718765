//! Reads every stream and folds what is new; changes nothing but memory.

use std::ops::ControlFlow;

use meter::rollup::{Folding, Sums};
use meter::{BatchEnd, Entry, ReadError, StreamId, StreamInfo, StreamState};
use store::watermark::WatermarkState;

use super::pending::{Pending, Stand};
use super::source::EntrySource;

/// Asking lists a folder; a segment of 16 MiB holds about 200,000 entries.
const RETIRE_EVERY: u64 = 20_000;

/// A stream and how far it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    pub id: StreamId,
    pub seq: u64,
}

/// What one pass over all streams found.
#[derive(Debug)]
pub struct Gathered {
    /// What may be retired once the transaction is committed.
    pub retired: Vec<Applied>,
    pub entries: u64,
    pub caught_up: bool,
}

/// Reads at most about `entries_max` entries of all streams together into `pending`. Fails only when the list of
/// streams cannot be read; a stream that cannot be read is damage of its own, or skipped when the disk may answer
/// later.
pub(super) fn gather(
    source: &mut dyn EntrySource,
    pending: &mut Pending,
    entries_max: usize,
    look_at_damaged: bool,
) -> Result<Gathered, ReadError> {
    let mut gathered = Gathered {
        retired: Vec::new(),
        entries: 0,
        caught_up: true,
    };
    for info in source.streams()? {
        let left =
            entries_max.saturating_sub(usize::try_from(gathered.entries).unwrap_or(entries_max));
        let stand = pending.streams.entry(info.id).or_default();
        match stand.state {
            // A crash came between its last transaction and its retirement.
            WatermarkState::Closed if info.state == StreamState::Dead => {
                gathered.retire(info.id, stand);
            }
            WatermarkState::Closed => {}
            WatermarkState::Damaged if !look_at_damaged => {}
            WatermarkState::Live | WatermarkState::Damaged if left == 0 => {
                gathered.caught_up = false
            }
            WatermarkState::Live | WatermarkState::Damaged => {
                gathered.read_stream(source, info, stand, &mut pending.sums, left);
            }
        }
    }
    Ok(gathered)
}

impl Gathered {
    fn read_stream(
        &mut self,
        source: &mut dyn EntrySource,
        info: StreamInfo,
        stand: &mut Stand,
        sums: &mut Sums,
        entries_max: usize,
    ) {
        let after_seq = stand.open.through_seq();
        let mut refused = None;
        let mut folding = Folding::new(info.id, &mut stand.open, sums);
        let mut fold = |entry: &Entry| match folding.add(entry) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                refused = Some(error);
                ControlFlow::Break(())
            }
        };
        let end = source.each(info.id, after_seq, entries_max, &mut fold);

        let read = stand.open.through_seq() - after_seq;
        if read > 0 {
            self.entries += read;
            stand.change(WatermarkState::Live);
        }
        if let Some(error) = refused {
            return damage(info.id, stand, &error);
        }
        match end {
            Ok(BatchEnd::More) => self.caught_up = false,
            Ok(BatchEnd::Live) => {}
            // The reader has told of a torn tail.
            Ok(BatchEnd::Dead { .. }) => close(info.id, stand, sums),
            Err(error) => return self.read_failed(info, stand, sums, &error),
        }
        let is_closed = stand.state == WatermarkState::Closed;
        if is_closed || stand.open.through_seq() >= stand.retired_seq + RETIRE_EVERY {
            self.retire(info.id, stand);
        }
    }

    fn read_failed(
        &mut self,
        info: StreamInfo,
        stand: &mut Stand,
        sums: &mut Sums,
        error: &ReadError,
    ) {
        match error {
            // What is missing was applied before it went; the open calls will never be settled.
            ReadError::BeyondTail { .. } if info.state == StreamState::Dead => {
                tracing::warn!(%error, "a stream has less on disk than was applied: it is closed");
                close(info.id, stand, sums);
                self.retire(info.id, stand);
            }
            ReadError::Damaged { .. }
            | ReadError::Missing { .. }
            | ReadError::BeyondTail { .. }
            | ReadError::Version { .. } => damage(info.id, stand, error),
            // Retired by a pass whose success we did not learn of.
            ReadError::UnknownStream { .. } => {}
            ReadError::Io { .. } => {
                self.caught_up = false;
                tracing::warn!(%error, "a stream cannot be read now: trying again");
            }
        }
    }

    fn retire(&mut self, id: StreamId, stand: &mut Stand) {
        stand.retired_seq = stand.open.through_seq();
        self.retired.push(Applied {
            id,
            seq: stand.retired_seq,
        });
    }
}

fn close(stream: StreamId, stand: &mut Stand, sums: &mut Sums) {
    Folding::new(stream, &mut stand.open, sums).close();
    stand.change(WatermarkState::Closed);
}

fn damage(stream: StreamId, stand: &mut Stand, error: &dyn std::error::Error) {
    if stand.state == WatermarkState::Damaged {
        return;
    }
    stand.change(WatermarkState::Damaged);
    tracing::error!(
        stream.epoch,
        stream.lane,
        seq = stand.open.through_seq(),
        %error,
        "a usage stream is damaged: its entries from here on are held back until the file is restored"
    );
}
