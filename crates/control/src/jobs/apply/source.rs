//! Where entries come from: the journal, or a simulated one in tests.

use std::ops::ControlFlow;
use std::sync::Arc;

use meter::{BatchEnd, Entry, Journal, ReadError, Reader, StreamId, StreamInfo};

/// Streams of entries, as `meter::Reader` gives them out.
pub trait EntrySource: Send {
    fn streams(&mut self) -> Result<Vec<StreamInfo>, ReadError>;
    /// As [`Reader::each`].
    fn each(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        entries_max: usize,
        take: &mut dyn FnMut(&Entry) -> ControlFlow<()>,
    ) -> Result<BatchEnd, ReadError>;
    fn retire(&mut self, stream: StreamId, through_seq: u64) -> Result<(), ReadError>;
    /// Forgets every place; what is read next starts from the database's watermarks.
    fn reset(&mut self);
}

/// The real journal.
pub struct FromJournal {
    journal: Arc<Journal>,
    reader: Reader,
}

impl FromJournal {
    pub fn new(journal: Arc<Journal>) -> Self {
        Self {
            reader: journal.reader(),
            journal,
        }
    }
}

impl EntrySource for FromJournal {
    fn streams(&mut self) -> Result<Vec<StreamInfo>, ReadError> {
        self.reader.streams()
    }

    fn each(
        &mut self,
        stream: StreamId,
        after_seq: u64,
        entries_max: usize,
        take: &mut dyn FnMut(&Entry) -> ControlFlow<()>,
    ) -> Result<BatchEnd, ReadError> {
        self.reader.each(stream, after_seq, entries_max, take)
    }

    fn retire(&mut self, stream: StreamId, through_seq: u64) -> Result<(), ReadError> {
        self.reader.retire(stream, through_seq)
    }

    fn reset(&mut self) {
        self.reader = self.journal.reader();
    }
}
