//! Splits a text into the pieces that the encoding merges within: its regular expression, by hand and without a
//! quadratic case.
//!
//! The expression, with its alternatives in the order in which they are tried:
//! ```text
//! [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//! [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
//! \p{N}{1,3}
//!  ?[^\s\p{L}\p{N}]+[\r\n/]*
//! \s*[\r\n]+
//! \s+(?!\S)
//! \s+
//! ```

use super::classes::{Class, class};

/// The length of the first piece of `text`, which is not empty; at least one character.
pub(super) fn piece_len(text: &str) -> usize {
    let first = text.chars().next().map_or(Class::Other, class);
    word_len(text)
        .or_else(|| (first == Class::Number).then(|| number_len(text)))
        .or_else(|| symbols_len(text))
        .unwrap_or_else(|| space_len(text))
}

/// The first two alternatives: each is tried with the leading character taken, then without.
fn word_len(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let of_first = class(first);
    let may_lead =
        !of_first.is_letter() && of_first != Class::Number && !matches!(first, '\r' | '\n');
    let starts = [may_lead.then(|| first.len_utf8()), Some(0)];
    let starts = || starts.into_iter().flatten();
    let end = starts()
        .find_map(|start| Some(start + lower_word_len(&text[start..])?))
        .or_else(|| starts().find_map(|start| Some(start + upper_word_len(&text[start..])?)))?;
    Some(end + contraction_len(&text[end..]))
}

/// `[head]*[tail]+`: the heads give back as little as lets a tail follow.
fn lower_word_len(text: &str) -> Option<usize> {
    let heads = run_len(text, Class::heads);
    let tails = run_len(&text[heads..], Class::tails);
    if tails > 0 {
        return Some(heads + tails);
    }
    // The last head that is a tail too; what stands after it is none, so the tail is that one character.
    let given_back = text[..heads].char_indices().rev();
    given_back
        .map(|(at, c)| (at + c.len_utf8(), class(c)))
        .find(|(_, class)| class.tails())
        .map(|(end, _)| end)
}

/// `[head]+[tail]*`.
fn upper_word_len(text: &str) -> Option<usize> {
    let heads = run_len(text, Class::heads);
    (heads > 0).then(|| heads + run_len(&text[heads..], Class::tails))
}

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`; the long s folds to `s`.
fn contraction_len(text: &str) -> usize {
    let mut chars = text.chars();
    if chars.next() != Some('\'') {
        return 0;
    }
    let (Some(first), second) = (chars.next(), chars.next()) else {
        return 0;
    };
    match (first, second.map(|c| c.to_ascii_lowercase())) {
        ('\u{17f}', _) => 1 + first.len_utf8(),
        ('s' | 'S' | 't' | 'T' | 'm' | 'M' | 'd' | 'D', _) => 2,
        ('r' | 'R' | 'v' | 'V', Some('e')) | ('l' | 'L', Some('l')) => 3,
        _ => 0,
    }
}

fn number_len(text: &str) -> usize {
    let digits = text.chars().take(3);
    let digits = digits.take_while(|c| class(*c) == Class::Number);
    digits.map(char::len_utf8).sum()
}

fn symbols_len(text: &str) -> Option<usize> {
    let start = usize::from(text.starts_with(' '));
    let symbols = run_len(&text[start..], |class| {
        matches!(class, Class::Other | Class::Mark)
    });
    if symbols == 0 {
        return None;
    }
    let end = start + symbols;
    let breaks = text[end..].bytes();
    Some(
        end + breaks
            .take_while(|b| matches!(b, b'\r' | b'\n' | b'/'))
            .count(),
    )
}

/// The last three alternatives. A run of spaces ends with its last line break; without one, and before something that
/// is no space, it leaves its last space to that.
fn space_len(text: &str) -> usize {
    let spaces = run_len(text, |class| class == Class::Space);
    if let Some(at) = text[..spaces].rfind(['\r', '\n']) {
        return at + 1;
    }
    let last = text[..spaces].chars().next_back().map_or(0, char::len_utf8);
    match spaces == text.len() || spaces == last {
        // One space alone; a character of no class cannot get here, so 1 keeps the walk going at worst.
        true => spaces.max(1),
        false => spaces - last,
    }
}

fn run_len(text: &str, belongs: impl Fn(Class) -> bool) -> usize {
    text.char_indices()
        .find(|(_, c)| !belongs(class(*c)))
        .map_or(text.len(), |(at, _)| at)
}
