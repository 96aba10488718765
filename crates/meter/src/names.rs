//! File names in the journal folder: segments, spares, files kept for the record.

use adoption::Micros;

use crate::disk::JOURNAL;
use crate::entry::StreamId;

const SEGMENT_SUFFIX: &str = ".seg";
const SPARE_PREFIX: &str = "spare-";
const APPLIED_SUFFIX: &str = ".applied";
const DAMAGED_SUFFIX: &str = ".damaged";

/// `journal/<gateway>-<epoch>-<lane>-<segment>.seg`, all hexadecimal.
pub(crate) fn segment(stream: StreamId, segment: u32) -> String {
    format!("{JOURNAL}{stream}-{segment:08x}{SEGMENT_SUFFIX}")
}

pub(crate) fn parse_segment(name: &str) -> Option<(StreamId, u32)> {
    let body = name.strip_prefix(JOURNAL)?.strip_suffix(SEGMENT_SUFFIX)?;
    let mut parts = body.split('-');
    let mut next = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        u64::from_str_radix(part, 16).ok()
    };
    let stream = StreamId {
        gateway: next(16)?,
        epoch: next(16)?,
        lane: u16::try_from(next(4)?).ok()?,
    };
    let number = u32::try_from(next(8)?).ok()?;

    // Upper case digits or further parts would be another file than the one that the parts name.
    (segment(stream, number) == name).then_some((stream, number))
}

pub(crate) fn spare(number: u64) -> String {
    format!("{JOURNAL}{SPARE_PREFIX}{number:08x}{SEGMENT_SUFFIX}")
}

pub(crate) fn parse_spare(name: &str) -> Option<u64> {
    let digits = name
        .strip_prefix(JOURNAL)?
        .strip_prefix(SPARE_PREFIX)?
        .strip_suffix(SEGMENT_SUFFIX)?;
    u64::from_str_radix(digits, 16)
        .ok()
        .filter(|number| spare(*number) == name)
}

/// A segment that was applied at `at` and is kept a while.
pub(crate) fn applied(segment_name: &str, at: Micros) -> String {
    format!("{segment_name}.{}{APPLIED_SUFFIX}", at.0)
}

/// When the file of this name was applied.
pub(crate) fn parse_applied(name: &str) -> Option<Micros> {
    let (_, at) = name.strip_suffix(APPLIED_SUFFIX)?.rsplit_once('.')?;
    at.parse().ok().map(Micros)
}

pub(crate) fn damaged(segment_name: &str) -> String {
    format!("{segment_name}{DAMAGED_SUFFIX}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_back() {
        let stream = StreamId {
            gateway: 0xfeed,
            epoch: 7 << 32 | 1,
            lane: 3,
        };
        let name = segment(stream, 12);
        assert_eq!(
            name,
            "journal/000000000000feed-0000000700000001-0003-0000000c.seg"
        );
        assert_eq!(parse_segment(&name), Some((stream, 12)));
        assert_eq!(parse_spare(&spare(9)), Some(9));
        assert_eq!(parse_applied(&applied(&name, Micros(5))), Some(Micros(5)));
        for other in [
            &spare(9),
            &applied(&name, Micros(5)),
            &damaged(&name),
            "journal/lock",
            &name.to_uppercase(),
        ] {
            assert_eq!(parse_segment(other), None, "{other}");
        }
        assert_eq!(parse_spare(&name), None);
    }
}
