//! Bounds of one request head, its target and its trailers.

/// The smallest head limit that leaves room for a usual browser request.
const HEAD_BYTES_MIN: usize = 1024;
/// Larger heads are never needed by an API; this bounds what one connection can make us hold.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// The HTTP library behind us takes 100 fields without allocating for more.
const FIELDS_MAX: usize = 100;

/// Why a set of limits is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitsError {
    #[error(
        "a request head may be limited to {HEAD_BYTES_MIN} to {HEAD_BYTES_MAX} bytes, not to {bytes}"
    )]
    HeadBytes { bytes: usize },
    #[error("a request may be limited to 1 to {FIELDS_MAX} headers, not to {fields}")]
    Fields { fields: usize },
    #[error(
        "a request target may be limited to 64 bytes up to the head limit of {head_bytes}, not to {bytes}"
    )]
    TargetBytes { bytes: usize, head_bytes: usize },
}

/// What one consumer may make us hold before a request is accepted. Copied into every scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrontLimits {
    head_bytes_max: u32,
    fields_max: u16,
    target_bytes_max: u32,
}

impl FrontLimits {
    /// Bytes of one trailer section; below the 16 KiB at which the HTTP library behind us gives up.
    pub const TRAILER_BYTES_MAX: usize = 4 * 1024;
    /// Fields of one trailer section.
    pub const TRAILERS_MAX: usize = 32;
    /// The longest method that has a registered name is `UPDATEREDIRECTREF` (17).
    pub const METHOD_BYTES_MAX: usize = 32;

    /// `head_bytes` counts the request line, all header lines and the empty line; `target_bytes` the request target.
    pub fn new(head_bytes: usize, fields: usize, target_bytes: usize) -> Result<Self, LimitsError> {
        if !(HEAD_BYTES_MIN..=HEAD_BYTES_MAX).contains(&head_bytes) {
            return Err(LimitsError::HeadBytes { bytes: head_bytes });
        }
        if !(1..=FIELDS_MAX).contains(&fields) {
            return Err(LimitsError::Fields { fields });
        }
        if !(64..=head_bytes).contains(&target_bytes) {
            return Err(LimitsError::TargetBytes {
                bytes: target_bytes,
                head_bytes,
            });
        }
        Ok(Self {
            head_bytes_max: head_bytes as u32,
            fields_max: fields as u16,
            target_bytes_max: target_bytes as u32,
        })
    }

    pub fn head_bytes_max(&self) -> usize {
        self.head_bytes_max as usize
    }

    pub fn fields_max(&self) -> usize {
        usize::from(self.fields_max)
    }

    pub fn target_bytes_max(&self) -> usize {
        self.target_bytes_max as usize
    }

    /// The longest request line that can hold a permitted target: method, two spaces, `HTTP/1.1`, CRLF.
    pub(super) fn request_line_bytes_max(&self) -> usize {
        self.target_bytes_max() + Self::METHOD_BYTES_MAX + 2 + 8 + 2
    }
}

impl Default for FrontLimits {
    /// 16 KiB, 100 headers, 8 KiB of target.
    fn default() -> Self {
        Self {
            head_bytes_max: 16 * 1024,
            fields_max: 100,
            target_bytes_max: 8 * 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_out_of_range_are_refused_with_the_range() {
        assert_eq!(
            FrontLimits::new(16 * 1024, 100, 8 * 1024),
            Ok(FrontLimits::default())
        );
        assert_eq!(
            FrontLimits::new(65_537, 100, 8192),
            Err(LimitsError::HeadBytes { bytes: 65_537 })
        );
        assert_eq!(
            FrontLimits::new(4096, 101, 1024),
            Err(LimitsError::Fields { fields: 101 })
        );
        let error = FrontLimits::new(4096, 100, 8192).unwrap_err();
        insta::assert_snapshot!(error, @"a request target may be limited to 64 bytes up to the head limit of 4096, not to 8192");
    }
}
