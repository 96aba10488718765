//! Where a message body ends: bytes after a head, cut into frames by the framing that the head announced.

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::Frame;

/// A chunk-size line with its extensions, and one trailer section.
const SIZE_LINE_BYTES_MAX: usize = 1024;
const TRAILER_BYTES_MAX: usize = 16 * 1024;
const TRAILERS_MAX: usize = 64;

/// Where the body ends, and how far it has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// No body, or all of it has been read.
    None,
    /// Bytes left; never 0.
    Length(u64),
    Chunked(Chunk),
    UntilClose,
}

/// Where in a chunked body the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    Size,
    /// Bytes left of the data; never 0.
    Data(u64),
    /// The CRLF behind the data.
    End,
    Trailers,
}

/// The upstream broke the framing that it announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    #[error("a chunk size is not hexadecimal, or its line is too long")]
    ChunkSize,
    #[error("a chunk does not end with CRLF")]
    ChunkEnd,
    #[error("the trailers are not header fields, or too large")]
    Trailers,
}

impl Framing {
    pub const fn of_length(length: u64) -> Self {
        if length == 0 {
            Self::None
        } else {
            Self::Length(length)
        }
    }

    pub const fn chunked() -> Self {
        Self::Chunked(Chunk::Size)
    }

    pub const fn is_ended(self) -> bool {
        matches!(self, Self::None)
    }

    /// Bytes still to come, where the head told.
    pub const fn length(self) -> Option<u64> {
        match self {
            Self::None => Some(0),
            Self::Length(left) => Some(left),
            Self::Chunked(_) | Self::UntilClose => None,
        }
    }

    /// The next frame that `buffer` holds; `None` when more bytes are needed or the body has ended.
    pub fn take_frame(&mut self, buffer: &mut BytesMut) -> Result<Option<Frame<Bytes>>, BodyError> {
        match *self {
            Self::None => Ok(None),
            Self::UntilClose => {
                Ok((!buffer.is_empty()).then(|| Frame::data(buffer.split().freeze())))
            }
            Self::Length(left) => {
                let (frame, left) = take_data(buffer, left);
                *self = Self::of_length(left);
                Ok(frame)
            }
            Self::Chunked(chunk) => self.take_chunk(chunk, buffer),
        }
    }

    fn take_chunk(
        &mut self,
        mut chunk: Chunk,
        buffer: &mut BytesMut,
    ) -> Result<Option<Frame<Bytes>>, BodyError> {
        loop {
            match chunk {
                Chunk::Size => match take_size(buffer)? {
                    None => break,
                    Some(0) => chunk = Chunk::Trailers,
                    Some(size) => chunk = Chunk::Data(size),
                },
                Chunk::Data(left) => {
                    let (frame, left) = take_data(buffer, left);
                    *self = Self::Chunked(if left == 0 {
                        Chunk::End
                    } else {
                        Chunk::Data(left)
                    });
                    return Ok(frame);
                }
                Chunk::End => match buffer.first_chunk::<2>() {
                    None => break,
                    Some(b"\r\n") => {
                        buffer.advance(2);
                        chunk = Chunk::Size;
                    }
                    Some(_) => return Err(BodyError::ChunkEnd),
                },
                Chunk::Trailers => match take_trailers(buffer)? {
                    None => break,
                    Some(trailers) => {
                        *self = Self::None;
                        return Ok((!trailers.is_empty()).then(|| Frame::trailers(trailers)));
                    }
                },
            }
        }
        *self = Self::Chunked(chunk);
        Ok(None)
    }
}

fn take_data(buffer: &mut BytesMut, left: u64) -> (Option<Frame<Bytes>>, u64) {
    let n = buffer
        .len()
        .min(usize::try_from(left).unwrap_or(usize::MAX));
    if n == 0 {
        return (None, left);
    }
    (
        Some(Frame::data(buffer.split_to(n).freeze())),
        left - n as u64,
    )
}

/// RFC 9112 section 7.1: hexadecimal digits, then extensions that we ignore, then CRLF.
fn take_size(buffer: &mut BytesMut) -> Result<Option<u64>, BodyError> {
    let Some(lf) = memchr::memchr(b'\n', buffer) else {
        return if buffer.len() > SIZE_LINE_BYTES_MAX {
            Err(BodyError::ChunkSize)
        } else {
            Ok(None)
        };
    };
    let line = buffer[..lf]
        .strip_suffix(b"\r")
        .ok_or(BodyError::ChunkSize)?;
    let digits = line
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii_end();
    if digits.is_empty() || digits.len() > 16 || line.len() > SIZE_LINE_BYTES_MAX {
        return Err(BodyError::ChunkSize);
    }
    let size = digits.iter().try_fold(0, |size: u64, byte| {
        char::from(*byte)
            .to_digit(16)
            .map(|digit| size << 4 | u64::from(digit))
            .ok_or(BodyError::ChunkSize)
    })?;
    buffer.advance(lf + 1);
    Ok(Some(size))
}

fn take_trailers(buffer: &mut BytesMut) -> Result<Option<HeaderMap>, BodyError> {
    let mut fields = [httparse::EMPTY_HEADER; TRAILERS_MAX];
    let (length, parsed) = match httparse::parse_headers(buffer, &mut fields) {
        Ok(httparse::Status::Complete(parsed)) => parsed,
        Ok(httparse::Status::Partial) if buffer.len() <= TRAILER_BYTES_MAX => return Ok(None),
        Ok(httparse::Status::Partial) | Err(_) => return Err(BodyError::Trailers),
    };
    let mut trailers = HeaderMap::with_capacity(parsed.len());
    for field in parsed {
        let name =
            HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| BodyError::Trailers)?;
        let value = HeaderValue::from_bytes(field.value).map_err(|_| BodyError::Trailers)?;
        trailers.append(name, value);
    }
    buffer.advance(length);
    Ok(Some(trailers))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `bytes` given in pieces of `step`; the data, the trailers and what was left over.
    fn read(
        framing: Framing,
        bytes: &[u8],
        step: usize,
    ) -> Result<(Vec<u8>, usize, Vec<u8>), BodyError> {
        let (mut framing, mut buffer) = (framing, BytesMut::new());
        let (mut data, mut trailers) = (Vec::new(), 0);
        for piece in bytes.chunks(step) {
            buffer.extend_from_slice(piece);
            while let Some(frame) = framing.take_frame(&mut buffer)? {
                match frame.into_data() {
                    Ok(bytes) => data.extend_from_slice(&bytes),
                    Err(frame) => trailers += frame.trailers_ref().map_or(0, HeaderMap::len),
                }
            }
        }
        assert!(framing.is_ended(), "not at the end: {framing:?}");
        Ok((data, trailers, buffer.to_vec()))
    }

    #[test]
    fn chunks_are_the_same_however_they_are_split() {
        let body = b"4\r\nWiki\r\n6;ext=1\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: 1\r\n\r\nNEXT";
        for step in 1..body.len() {
            let (data, trailers, left) = read(Framing::chunked(), body, step).unwrap();
            assert_eq!(
                (data.as_slice(), trailers),
                (&b"Wikipedia in \r\n\r\nchunks."[..], 1)
            );
            assert_eq!(left, b"NEXT");
        }
    }

    #[test]
    fn a_length_leaves_the_rest_alone() {
        let (data, _, left) = read(Framing::of_length(3), b"abcdef", 2).unwrap();
        assert_eq!(
            (data.as_slice(), left.as_slice()),
            (&b"abc"[..], &b"def"[..])
        );
    }

    #[test]
    fn broken_chunks_are_errors() {
        for (body, error) in [
            (&b"x\r\n"[..], BodyError::ChunkSize),
            (b"4\nWiki", BodyError::ChunkSize),
            (b"11111111111111111\r\n", BodyError::ChunkSize),
            (b"1\r\nab\r\n", BodyError::ChunkEnd),
            (b"0\r\nbad header\r\n\r\n", BodyError::Trailers),
        ] {
            assert_eq!(
                read(Framing::chunked(), body, 100).unwrap_err(),
                error,
                "{body:?}"
            );
        }
    }
}
