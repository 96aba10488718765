//! Reads every stream and folds what is new; changes nothing but memory.

use meter::rollup::{self, FoldError};
use meter::{BatchEnd, Delta, OpenCall, OpenCalls, ReadError, StreamId, StreamInfo, StreamState};
use rustc_hash::FxHashMap;
use store::watermark::{WatermarkRow, WatermarkState};

use super::source::EntrySource;

/// Where each stream stands.
#[derive(Debug, Default)]
pub struct Streams(FxHashMap<StreamId, Stand>);

#[derive(Debug)]
struct Stand {
    open: OpenCalls,
    state: WatermarkState,
    /// Where the journal was last asked to retire segments.
    retired_seq: u64,
}

/// Asking lists a folder; a segment of 16 MiB holds about 200,000 entries.
const RETIRE_EVERY: u64 = 20_000;

impl Streams {
    pub(super) fn load(watermarks: &[WatermarkRow], open_calls: Vec<(StreamId, OpenCall)>) -> Self {
        let mut calls: FxHashMap<StreamId, Vec<OpenCall>> = FxHashMap::default();
        for (stream, call) in open_calls {
            calls.entry(stream).or_default().push(call);
        }
        let stand = |row: &WatermarkRow| {
            let open = OpenCalls::load(row.seq, calls.remove(&row.stream).unwrap_or_default());
            (
                row.stream,
                Stand {
                    open,
                    state: row.state,
                    retired_seq: row.seq,
                },
            )
        };
        Self(watermarks.iter().map(stand).collect())
    }

    pub(super) fn damaged(&self) -> u64 {
        self.0
            .values()
            .filter(|stand| stand.state == WatermarkState::Damaged)
            .count() as u64
    }
}

/// What a transaction must do for one stream.
#[derive(Debug)]
pub struct StreamDelta {
    pub delta: Delta,
    /// The state of the stream afterwards.
    pub state: WatermarkState,
}

/// A stream whose entries past `seq` cannot be read or do not fit.
#[derive(Debug, Clone, Copy)]
pub struct Damage {
    pub stream: StreamId,
    pub seq: u64,
}

/// A stream and how far it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    pub id: StreamId,
    pub seq: u64,
}

/// Everything that is new.
#[derive(Debug)]
pub struct Gathered {
    /// As they are once the transaction is committed.
    pub streams: Streams,
    /// In order of application.
    pub deltas: Vec<StreamDelta>,
    /// Damage that is not stored yet.
    pub damages: Vec<Damage>,
    /// What may be retired once the transaction is committed.
    pub retired: Vec<Applied>,
    pub entries: u64,
    pub caught_up: bool,
}

/// Reads at most about `entries_max` entries of all streams together. Fails only when the list of streams cannot be
/// read; a stream that cannot be read is damage of its own, or skipped when the disk may answer later.
pub fn gather(
    source: &mut dyn EntrySource,
    streams: Streams,
    entries_max: usize,
    look_at_damaged: bool,
) -> Result<Gathered, ReadError> {
    let mut gathered = Gathered {
        streams,
        deltas: Vec::new(),
        damages: Vec::new(),
        retired: Vec::new(),
        entries: 0,
        caught_up: true,
    };
    let mut left = entries_max;
    for info in source.streams()? {
        let fresh = || Stand {
            open: OpenCalls::load(0, []),
            state: WatermarkState::Live,
            retired_seq: 0,
        };
        let mut stand = gathered.streams.0.remove(&info.id).unwrap_or_else(fresh);
        match stand.state {
            // A crash came between its last transaction and its retirement.
            WatermarkState::Closed if info.state == StreamState::Dead => {
                gathered.retired.push(Applied {
                    id: info.id,
                    seq: stand.open.through_seq(),
                });
            }
            WatermarkState::Closed => {}
            WatermarkState::Damaged if !look_at_damaged => {}
            WatermarkState::Live | WatermarkState::Damaged if left == 0 => {
                gathered.caught_up = false
            }
            WatermarkState::Live | WatermarkState::Damaged => {
                left = left.saturating_sub(gathered.read_stream(source, info, &mut stand, left));
            }
        }
        gathered.streams.0.insert(info.id, stand);
    }
    Ok(gathered)
}

impl Gathered {
    /// Reads one stream; how many entries it gave.
    fn read_stream(
        &mut self,
        source: &mut dyn EntrySource,
        info: StreamInfo,
        stand: &mut Stand,
        entries_max: usize,
    ) -> usize {
        let stream = info.id;
        let batch = match source.read(stream, stand.open.through_seq(), entries_max) {
            Ok(batch) => batch,
            Err(error) => {
                self.read_failed(stream, info.state, stand, &error);
                return 0;
            }
        };
        let delta = match rollup::fold(stream, &batch.entries, &mut stand.open) {
            Ok(delta) => delta,
            Err(error) => {
                self.fold_failed(stream, stand, &error);
                return 0;
            }
        };
        if delta.through_seq > delta.after_seq {
            stand.state = WatermarkState::Live;
            self.entries += delta.through_seq - delta.after_seq;
            self.deltas.push(StreamDelta {
                delta,
                state: WatermarkState::Live,
            });
        }
        match batch.end {
            BatchEnd::More => self.caught_up = false,
            BatchEnd::Live => {}
            // The reader has told of a torn tail.
            BatchEnd::Dead { .. } => self.close(stream, stand),
        }
        let through_seq = stand.open.through_seq();
        if stand.state == WatermarkState::Closed || through_seq >= stand.retired_seq + RETIRE_EVERY
        {
            stand.retired_seq = through_seq;
            self.retired.push(Applied {
                id: stream,
                seq: through_seq,
            });
        }
        batch.entries.len()
    }

    fn close(&mut self, stream: StreamId, stand: &mut Stand) {
        stand.state = WatermarkState::Closed;
        let delta = rollup::close(stream, &mut stand.open);
        self.deltas.push(StreamDelta {
            delta,
            state: WatermarkState::Closed,
        });
    }

    fn read_failed(
        &mut self,
        stream: StreamId,
        state: StreamState,
        stand: &mut Stand,
        error: &ReadError,
    ) {
        match error {
            // What is missing was applied before it went; the open calls will never be settled.
            ReadError::BeyondTail { .. } if state == StreamState::Dead => {
                tracing::warn!(%error, "a stream has less on disk than was applied: it is closed");
                self.close(stream, stand);
                self.retired.push(Applied {
                    id: stream,
                    seq: stand.open.through_seq(),
                });
            }
            ReadError::Damaged { .. }
            | ReadError::Missing { .. }
            | ReadError::BeyondTail { .. }
            | ReadError::Version { .. } => self.damage(stream, stand, error),
            // Retired by a pass whose success we did not learn of.
            ReadError::UnknownStream { .. } => {}
            ReadError::Io { .. } => {
                self.caught_up = false;
                tracing::warn!(%error, "a stream cannot be read now: trying again");
            }
        }
    }

    fn fold_failed(&mut self, stream: StreamId, stand: &mut Stand, error: &FoldError) {
        self.damage(stream, stand, error);
    }

    fn damage(&mut self, stream: StreamId, stand: &mut Stand, error: &dyn std::error::Error) {
        if stand.state == WatermarkState::Damaged {
            return;
        }
        stand.state = WatermarkState::Damaged;
        let seq = stand.open.through_seq();
        tracing::error!(
            stream.epoch,
            stream.lane,
            seq,
            %error,
            "a usage stream is damaged: its entries from here on are held back until the file is restored"
        );
        self.damages.push(Damage { stream, seq });
    }
}
