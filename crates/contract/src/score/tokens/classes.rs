//! The Unicode general categories that the split of the encoding tells apart.

/// What a character is to the split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Other,
    /// Lu, Lt.
    Upper,
    /// Ll.
    Lower,
    /// Lm, Lo.
    Letter,
    /// M.
    Mark,
    /// N.
    Number,
    /// White_Space.
    Space,
}

/// Where each run of characters of one class starts: little-endian `code point << 3 | class`, ascending, from code
/// point 0. Made of the tables of Unicode 16.
static RUNS: &[u8] = include_bytes!("classes.bin");

pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' => Class::Lower,
        'A'..='Z' => Class::Upper,
        '0'..='9' => Class::Number,
        ' ' | '\t'..='\r' => Class::Space,
        '\0'..='\x7f' => Class::Other,
        _ => looked_up(c),
    }
}

fn looked_up(c: char) -> Class {
    let (mut low, mut high) = (0, RUNS.len() / 4);
    while high - low > 1 {
        let middle = low.midpoint(high);
        match run(middle) >> 3 <= u32::from(c) {
            true => low = middle,
            false => high = middle,
        }
    }
    match run(low) & 7 {
        1 => Class::Upper,
        2 => Class::Lower,
        3 => Class::Letter,
        4 => Class::Mark,
        5 => Class::Number,
        6 => Class::Space,
        _ => Class::Other,
    }
}

fn run(index: usize) -> u32 {
    let at = index * 4;
    u32::from_le_bytes([RUNS[at], RUNS[at + 1], RUNS[at + 2], RUNS[at + 3]])
}

impl Class {
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`: the head of a word.
    pub(super) fn heads(self) -> bool {
        matches!(self, Self::Upper | Self::Letter | Self::Mark)
    }

    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`: the tail of a word.
    pub(super) fn tails(self) -> bool {
        matches!(self, Self::Lower | Self::Letter | Self::Mark)
    }

    /// `\p{L}`: without marks.
    pub(super) fn is_letter(self) -> bool {
        matches!(self, Self::Upper | Self::Lower | Self::Letter)
    }
}
