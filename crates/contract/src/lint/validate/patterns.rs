//! Patterns of schemas for a validator whose engine looks neither ahead nor back.

use serde_json::{Value as Json, json};

use crate::lint::regex::translate;

/// A pattern as conditions that hold together.
pub(super) struct Conditions {
    /// `None` where no such engine can tell: a look around in the middle, or a group that is named again.
    pub(super) pattern: Option<String>,
    /// What is asked of the same text besides, as schemas.
    pub(super) besides: Vec<Json>,
}

/// An ECMAScript pattern of a schema: `^(?=a)(?!b)c` is `^c` and `^(?:a)` and not `^(?:b)`.
pub(super) fn conditions(pattern: &str) -> Conditions {
    let text = translate(pattern, false);
    if is_plain(&text) {
        return Conditions {
            pattern: Some(text),
            besides: Vec::new(),
        };
    }
    split(&text).unwrap_or(Conditions {
        pattern: None,
        besides: Vec::new(),
    })
}

/// The same for the name of a property, which has no place for more than one pattern; `None` where one does not do.
pub(super) fn of_name(pattern: &str) -> Option<String> {
    let conditions = conditions(pattern);
    conditions.pattern.filter(|_| conditions.besides.is_empty())
}

fn split(text: &str) -> Option<Conditions> {
    let mut rest = text.strip_prefix('^')?;
    if has_alternatives(rest) {
        return None;
    }
    let mut besides = Vec::new();
    loop {
        let (is_wanted, inner) = match rest {
            _ if rest.starts_with("(?=") => (true, &rest[3..]),
            _ if rest.starts_with("(?!") => (false, &rest[3..]),
            _ => break,
        };
        let end = group_end(inner)?;
        if !is_plain(&inner[..end]) {
            return None;
        }
        let pattern = format!("^(?:{})", &inner[..end]);
        besides.push(match is_wanted {
            true => json!({ "pattern": pattern }),
            false => json!({ "not": { "type": "string", "pattern": pattern } }),
        });
        rest = &inner[end + 1..];
    }
    // A repeated look ahead says nothing more, and is rare enough to be left alone.
    let is_repeated = rest.starts_with(['?', '*', '+', '{']);
    (is_plain(rest) && !is_repeated).then(|| Conditions {
        pattern: Some(format!("^{rest}")),
        besides,
    })
}

/// Neither looks around nor names a group again.
pub(super) fn is_plain(text: &str) -> bool {
    let mut is_plain = true;
    scan(text, &mut |_, rest, _| {
        let looks = ["(?=", "(?!", "(?<=", "(?<!", "\\k"]
            .iter()
            .any(|sign| rest.starts_with(sign));
        let names = rest.starts_with('\\') && rest[1..].starts_with(|c| ('1'..='9').contains(&c));
        is_plain &= !looks && !names;
        is_plain
    });
    is_plain
}

fn has_alternatives(text: &str) -> bool {
    let mut found = false;
    scan(text, &mut |depth, rest, _| {
        found |= depth == 0 && rest.starts_with('|');
        !found
    });
    found
}

/// Where the group whose inside starts here is closed.
fn group_end(text: &str) -> Option<usize> {
    let mut end = None;
    scan(text, &mut |depth, rest, at| {
        if depth == 0 && rest.starts_with(')') {
            end = Some(at);
        }
        end.is_none()
    });
    end
}

/// Visits all that stands outside of classes: how many groups are open there, the text from there on, and the byte.
/// Ends where `visit` says `false`.
fn scan(text: &str, visit: &mut dyn FnMut(usize, &str, usize) -> bool) {
    let (mut depth, mut in_class) = (0_usize, false);
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if !in_class && !visit(depth, &text[at..], at) {
            return;
        }
        match c {
            '\\' => {
                chars.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::conditions;

    fn check(pattern: &str, expect: &str, besides: &[&str]) {
        let found = conditions(pattern);
        let texts: Vec<String> = found.besides.iter().map(ToString::to_string).collect();
        assert_eq!(found.pattern.as_deref().unwrap_or("?"), expect, "{pattern}");
        assert_eq!(texts, besides, "{pattern}");
    }

    #[test]
    fn a_look_ahead_at_the_start_is_a_condition_of_its_own() {
        check("^a$", "^a$", &[]);
        check(
            "^(?=.*[(])(?!0(1|2))x{2}$",
            "^x{2}$",
            &[
                r#"{"pattern":"^(?:.*[(])"}"#,
                r#"{"not":{"pattern":"^(?:0(1|2))","type":"string"}}"#,
            ],
        );
    }

    #[test]
    fn what_cannot_be_split_is_not_decided() {
        for pattern in [
            "^(?!a)b|c",
            "a(?!b)",
            "^(?<!x)a",
            "^(?=(?!a)b)c",
            "(a)\\1",
            "^(?!a)*b",
        ] {
            check(pattern, "?", &[]);
        }
        check("[(?!]", "[(?!]", &[]);
    }
}
