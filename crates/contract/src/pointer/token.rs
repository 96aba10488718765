//! One token of a JSON pointer: escaped when written, unescaped when read.

use std::borrow::Cow;

/// Appends `/` and the token, `~` and `/` escaped.
pub fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

pub(super) fn unescape(token: &str) -> Option<Cow<'_, str>> {
    if !token.contains('~') {
        return Some(Cow::Borrowed(token));
    }
    let mut parts = token.split('~');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let rest = match part.split_at_checked(1)? {
            ("0", rest) => {
                text.push('~');
                rest
            }
            ("1", rest) => {
                text.push('/');
                rest
            }
            _ => return None,
        };
        text.push_str(rest);
    }
    Some(Cow::Owned(text))
}
