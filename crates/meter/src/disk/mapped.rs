//! A segment file written through a shared mapping: a copy into memory per entry, no system call.
//!
//! The one module with unsafe code. Gain: see `docs/decisions/0002-usage-journal.md`.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{Advice, MmapOptions, MmapRaw};

use super::{Segment, positioned};
use crate::format::{ENTRY_BYTES, Slot};

const WORD_BYTES: usize = size_of::<AtomicU64>();
const WORDS_PER_SLOT: usize = ENTRY_BYTES / WORD_BYTES;

/// The whole of a preallocated file, mapped shared.
pub(super) struct Mapped {
    file: File,
    map: MmapRaw,
}

impl Mapped {
    /// `file` must be allocated in full, so that no store can meet a full disk, and nobody may cut it while
    /// it is mapped: the journal's lock keeps other journals out.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let map = MmapOptions::new().map_raw(&file)?;
        Ok(Self { file, map })
    }
}

impl Segment for Mapped {
    fn write_slot(&self, offset: u64, slot: &Slot) -> io::Result<()> {
        // SAFETY: the mapping starts on a page, has `len` readable and writable bytes, and lives as long as
        // `self`, which the slice borrows. No reference to plain memory is ever made of it.
        let words = unsafe { words(self.map.as_mut_ptr(), self.map.len()) };
        store_slot(words, offset, slot);
        Ok(())
    }

    fn ready(&self, offset: u64, bytes: u64) {
        let end = (offset + bytes).min(self.map.len() as u64);
        if let (Ok(start), Some(length)) = (usize::try_from(offset), end.checked_sub(offset))
            && length > 0
        {
            // Before Linux 5.14 there is no such advice: the writer meets the faults.
            let _ = self
                .map
                .advise_range(Advice::PopulateWrite, start, length as usize);
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        // Mapping and file are one page cache: a read sees every store that happened before it.
        positioned::read_at(&self.file, offset, buffer)
    }

    fn sync(&self) -> io::Result<()> {
        // Writes dirty mapped pages too, and costs one call instead of msync and fdatasync.
        self.file.sync_data()
    }
}

/// Sees `bytes` bytes from `base` as atomic words, so that no two stores, in whatever threads, can be a data race.
///
/// # Safety
/// `base` is aligned for `u64` and points to `bytes` bytes that are readable and writable for `'a`, and that
/// nobody accesses during `'a` except through atomics or from outside of the program.
unsafe fn words<'a>(base: *mut u8, bytes: usize) -> &'a [AtomicU64] {
    debug_assert_eq!(base.align_offset(WORD_BYTES), 0, "mappings start on a page");
    // SAFETY: by this function's contract; an AtomicU64 has the size and alignment of u64 and any bits are one.
    unsafe { slice::from_raw_parts(base.cast::<AtomicU64>(), bytes / WORD_BYTES) }
}

fn store_slot(words: &[AtomicU64], offset: u64, slot: &Slot) {
    let first = usize::try_from(offset).expect("a mapped file fits the address space") / WORD_BYTES;
    let (chunks, _) = slot.as_chunks::<WORD_BYTES>();
    for (word, chunk) in words[first..first + WORDS_PER_SLOT].iter().zip(chunks) {
        // Relaxed: the writer publishes the sequence with Release after the slot is whole.
        word.store(u64::from_ne_bytes(*chunk), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pointer arithmetic over memory that Miri can check.
    #[test]
    fn slots_land_where_they_belong_in_a_memory_stand_in() {
        let mut memory = vec![0u64; 64];
        let slot: Slot = std::array::from_fn(|i| i as u8 + 1);
        let base = memory.as_mut_ptr().cast::<u8>();
        {
            // SAFETY: a vector of u64 is aligned, 512 bytes long, outlives the block and is not used within it.
            let words = unsafe { words(base, 512) };
            assert_eq!(words.len(), 64);
            store_slot(words, 80, &slot);
            store_slot(words, 400, &slot);
            std::thread::scope(|scope| {
                scope.spawn(|| store_slot(words, 160, &slot));
                scope.spawn(|| store_slot(words, 160, &slot));
            });
        }

        let bytes: Vec<u8> = memory.iter().flat_map(|word| word.to_ne_bytes()).collect();
        for (at, byte) in bytes.iter().enumerate() {
            let expect = match at {
                80..160 => at - 79,
                160..240 => at - 159,
                400..480 => at - 399,
                _ => 0,
            };
            assert_eq!(usize::from(*byte), expect, "byte {at}");
        }
    }

    #[test]
    fn a_slot_past_the_end_is_a_panic_and_not_a_store() {
        let words: Vec<AtomicU64> = (0..10).map(|_| AtomicU64::new(0)).collect();
        let past = std::panic::catch_unwind(|| store_slot(&words, 80, &[1; ENTRY_BYTES]));
        assert!(past.is_err());
        assert!(words.iter().all(|word| word.load(Ordering::Relaxed) == 0));
    }
}
