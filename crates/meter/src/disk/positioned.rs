//! A segment file written with one `pwrite` per entry: for file systems where a mapping is not safe.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::Segment;
use crate::format::Slot;

pub(super) struct Positioned(pub(super) File);

impl Segment for Positioned {
    fn write_slot(&self, offset: u64, slot: &Slot) -> io::Result<()> {
        self.0.write_all_at(slot, offset)
    }

    fn ready(&self, _offset: u64, _bytes: u64) {}

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        read_at(&self.0, offset, buffer)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

pub(super) fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
