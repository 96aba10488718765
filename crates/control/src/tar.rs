//! The little of POSIX tar (ustar, IEEE Std 1003.1-2008 "pax") that a backup needs: regular files in a row.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;
/// 11 octal digits: larger sizes are written in base 256, as GNU tar and every modern reader do.
const OCTAL_MAX: u64 = 0o77_777_777_777;

/// Appends one file of exactly `size` bytes.
pub(crate) fn append(
    archive: &mut impl Write,
    name: &str,
    size: u64,
    content: &mut impl Read,
) -> io::Result<()> {
    archive.write_all(&header(name, size)?)?;
    let copied = io::copy(&mut content.take(size), archive)?;
    if copied != size {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            format!("{name} has shrunk"),
        ));
    }
    archive.write_all(&[0; BLOCK][..padding(size)])
}

/// Two empty blocks end an archive.
pub(crate) fn finish(archive: &mut impl Write) -> io::Result<()> {
    archive.write_all(&[0; 2 * BLOCK])
}

/// Reads an archive from its start.
pub(crate) struct Reader<R> {
    archive: R,
}

impl<R: Read> Reader<R> {
    pub(crate) const fn new(archive: R) -> Self {
        Self { archive }
    }

    /// Name and size of the next file, whose content must be taken with [`Reader::content`]; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<(String, u64)>> {
        let mut header = [0; BLOCK];
        self.archive.read_exact(&mut header)?;
        if header == [0; BLOCK] {
            self.archive.read_exact(&mut header)?;
            return Ok(None);
        }
        let malformed = |what| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the archive has a bad {what}"),
            )
        };
        if octal(&header[148..156]) != Some(checksum(&header)) {
            return Err(malformed("checksum"));
        }
        if header[156] != b'0' {
            return Err(malformed("entry type"));
        }
        let end = header[..100]
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(100);
        let name = std::str::from_utf8(&header[..end]).map_err(|_| malformed("name"))?;
        let size = size_of(&header[124..136]).ok_or_else(|| malformed("size"))?;
        Ok(Some((name.to_owned(), size)))
    }

    /// Copies the content of a file of `size` bytes, as [`Reader::next`] said.
    pub(crate) fn content(&mut self, size: u64, into: &mut impl Write) -> io::Result<()> {
        let copied = io::copy(&mut (&mut self.archive).take(size), into)?;
        if copied != size {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the archive is cut off",
            ));
        }
        self.archive.read_exact(&mut [0; BLOCK][..padding(size)])
    }
}

fn padding(size: u64) -> usize {
    (BLOCK - (size % BLOCK as u64) as usize) % BLOCK
}

fn header(name: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    if name.len() > 100 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{name} is too long a name"),
        ));
    }
    let mut header = [0; BLOCK];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..108].copy_from_slice(b"0000600\0");
    header[108..116].copy_from_slice(b"0000000\0");
    header[116..124].copy_from_slice(b"0000000\0");
    if size <= OCTAL_MAX {
        header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    } else {
        header[124] = 0x80;
        header[128..136].copy_from_slice(&size.to_be_bytes());
    }
    header[136..148].copy_from_slice(b"00000000000\0");
    header[156] = b'0';
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum = checksum(&header);
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(header)
}

/// The sum of all bytes, those of the checksum itself taken as spaces.
fn checksum(header: &[u8; BLOCK]) -> u64 {
    let byte = |(i, byte): (usize, &u8)| {
        if (148..156).contains(&i) {
            u64::from(b' ')
        } else {
            u64::from(*byte)
        }
    };
    header.iter().enumerate().map(byte).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

fn size_of(field: &[u8]) -> Option<u64> {
    if field[0] != 0x80 {
        return octal(field);
    }
    field[4..12].try_into().ok().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let mut archive = Vec::new();
        let files: [(&str, Vec<u8>); 4] = [
            ("a", vec![]),
            ("journal/b", vec![1; 511]),
            ("c", vec![2; 512]),
            ("d", vec![3; 70_000]),
        ];
        for (name, content) in &files {
            append(
                &mut archive,
                name,
                content.len() as u64,
                &mut content.as_slice(),
            )
            .unwrap();
        }
        finish(&mut archive).unwrap();
        assert_eq!(archive.len() % BLOCK, 0);

        let mut reader = Reader::new(archive.as_slice());
        for (name, content) in &files {
            let (found, size) = reader.next().unwrap().unwrap();
            assert_eq!(&found, name);
            let mut bytes = Vec::new();
            reader.content(size, &mut bytes).unwrap();
            assert_eq!(&bytes, content);
        }
        assert!(reader.next().unwrap().is_none());
    }

    #[test]
    fn sizes_past_8_gib_survive() {
        for size in [0, OCTAL_MAX, OCTAL_MAX + 1, u64::MAX] {
            let header = header("x", size).unwrap();
            assert_eq!(size_of(&header[124..136]), Some(size));
        }
    }

    #[test]
    fn cuts_and_flips_are_noticed() {
        let mut archive = Vec::new();
        append(&mut archive, "a", 600, &mut [7; 600].as_slice()).unwrap();
        for cut in 0..archive.len() {
            let mut reader = Reader::new(&archive[..cut]);
            let read = reader
                .next()
                .and_then(|file| reader.content(file.unwrap().1, &mut Vec::new()));
            assert!(read.is_err(), "cut at {cut}");
        }
        archive[5] ^= 1;
        assert!(Reader::new(archive.as_slice()).next().is_err());
    }
}
