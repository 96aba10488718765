//! ECMAScript patterns, as rulesets and schemas write them, on an engine that bounds its backtracking.

use std::iter::Peekable;
use std::str::CharIndices;

/// Steps that one match may take: a hostile pattern ends instead of running for ever.
const BACKTRACKS_MAX: usize = 200_000;

/// A compiled ECMAScript pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    engine: fancy_regex::Regex,
    /// As the ruleset writes it.
    pub(super) text: String,
}

impl Pattern {
    /// A pattern, or `/pattern/flags`. Error: what the engine says.
    pub(super) fn of_ruleset(text: &str) -> Result<Self, String> {
        let split = text
            .strip_prefix('/')
            .and_then(|rest| rest.rsplit_once('/'))
            .filter(|(body, flags)| {
                !body.is_empty() && flags.chars().all(|c| c.is_ascii_lowercase())
            });
        match split {
            Some((body, flags)) => Self::new(body, flags, text),
            None => Self::new(text, "", text),
        }
    }

    /// A pattern without delimiters. Error: what the engine says.
    pub(super) fn new(body: &str, flags: &str, text: &str) -> Result<Self, String> {
        let kept: String = flags.chars().filter(|c| "ims".contains(*c)).collect();
        let translated = translate(body, flags.contains('u'));
        let source = match kept.is_empty() {
            true => translated,
            false => format!("(?{kept}){translated}"),
        };
        let engine = fancy_regex::RegexBuilder::new(&source)
            .backtrack_limit(BACKTRACKS_MAX)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            engine,
            text: text.to_owned(),
        })
    }

    /// Whether the pattern is found in `text`; what takes too long to decide counts as found.
    pub(super) fn finds(&self, text: &str) -> bool {
        self.engine.is_match(text).unwrap_or(true)
    }
}

/// The same pattern for an engine whose `\d` knows all scripts and whose classes nest. `is_unicode`: the flag `u`,
/// without which `\p` is the letter.
pub(super) fn translate(pattern: &str, is_unicode: bool) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.char_indices().peekable();
    let mut in_class = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if !is_unicode && pattern[at + 1..].starts_with(['p', 'P']) => {}
            '\\' => escape(&mut chars, in_class, &mut out),
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                class_start(pattern, at, &mut chars, &mut out, &mut in_class);
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            ']' | '}' if !in_class && !closes_quantifier(pattern, at, c, is_unicode) => {
                out.push('\\');
                out.push(c);
            }
            '{' if is_unicode && is_property(pattern, at) => out.push('{'),
            '{' if !in_class && !opens_quantifier(&pattern[at..]) => out.push_str("\\{"),
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn class_start(
    pattern: &str,
    at: usize,
    chars: &mut Peekable<CharIndices<'_>>,
    out: &mut String,
    in_class: &mut bool,
) {
    let rest = &pattern[at + 1..];
    let (text, skip) = match rest {
        _ if rest.starts_with("^]") => ("(?s:.)", 2),
        _ if rest.starts_with(']') => ("[^\\s\\S]", 1),
        _ if rest.starts_with('^') => ("[^", 1),
        _ => ("[", 0),
    };
    out.push_str(text);
    *in_class = skip == 0 || text == "[^";
    for _ in 0..skip {
        chars.next();
    }
}

fn escape(chars: &mut Peekable<CharIndices<'_>>, in_class: bool, out: &mut String) {
    let Some((_, c)) = chars.next() else {
        out.push_str("\\\\");
        return;
    };
    match (c, in_class) {
        ('d', true) => out.push_str("0-9"),
        ('d', false) => out.push_str("[0-9]"),
        ('D', _) => out.push_str("[^0-9]"),
        ('w', true) => out.push_str("A-Za-z0-9_"),
        ('w', false) => out.push_str("[A-Za-z0-9_]"),
        ('W', _) => out.push_str("[^A-Za-z0-9_]"),
        ('b', true) => out.push_str("\\x08"),
        ('u', _) => unicode(chars, out),
        ('0', _) => out.push_str("\\x00"),
        ('s' | 'S' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' | 'x' | 'p' | 'P' | 'k', _)
        | ('1'..='9', false) => {
            out.push('\\');
            out.push(c);
        }
        // Escaped, these would be the edges of a word.
        ('<' | '>', _) => out.push(c),
        (c, _) if c.is_ascii_punctuation() => {
            out.push('\\');
            out.push(c);
        }
        // Any other escaped character stands for itself.
        (c, _) => out.push(c),
    }
}

fn unicode(chars: &mut Peekable<CharIndices<'_>>, out: &mut String) {
    let mut digits = String::new();
    while digits.len() < 4 {
        match chars.peek() {
            Some((_, c)) if c.is_ascii_hexdigit() => digits.push(*c),
            _ => break,
        }
        chars.next();
    }
    match digits.len() {
        4 => out.push_str(&format!("\\x{{{digits}}}")),
        _ => {
            out.push('u');
            out.push_str(&digits);
        }
    }
}

/// Whether the text starts with `{n}`, `{n,}` or `{n,m}`.
fn opens_quantifier(text: &str) -> bool {
    let Some((inner, _)) = text[1..].split_once('}') else {
        return false;
    };
    let (from, to) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    !from.is_empty() && digits(from) && digits(to)
}

fn closes_quantifier(pattern: &str, at: usize, c: char, is_unicode: bool) -> bool {
    c == '}'
        && pattern[..at].rfind('{').is_some_and(|open| {
            opens_quantifier(&pattern[open..]) || is_unicode && is_property(pattern, open)
        })
}

/// Whether the brace at `open` belongs to `\p{…}`, which the escape has already written.
fn is_property(pattern: &str, open: usize) -> bool {
    pattern[..open].ends_with("\\p") || pattern[..open].ends_with("\\P")
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn check(pattern: &str, found: &[&str], not_found: &[&str]) {
        let pattern = Pattern::of_ruleset(pattern).unwrap();
        for text in found {
            assert!(pattern.finds(text), "{} {text:?}", pattern.text);
        }
        for text in not_found {
            assert!(!pattern.finds(text), "{} {text:?}", pattern.text);
        }
    }

    #[test]
    fn patterns_mean_what_they_mean_in_ecmascript() {
        check("{}", &["/a/{}"], &["/a/{b}"]);
        check("^a{2,3}$", &["aa"], &["a", "aaaa"]);
        check("^\\d+$", &["12"], &["١٢"]);
        check("/ABC/i", &["xabcx"], &["ab"]);
        check("^[[\\]&&~a-c]+$", &["[]&~b"], &["d"]);
        check("^(?!x-)", &["y"], &["x-y"]);
        check("^[^]$", &["\n"], &["ab"]);
        check("a[]|\\<b\\>", &["<b>"], &["a", "b"]);
        check("^[\\p{L}]$", &["L"], &["x"]);
        check("/^\\p{L}{1}$/u", &["x"], &["1"]);
        check("\\u0041", &["A"], &["B"]);
        check(
            "^[A-Za-z0-9-._~:/?#\\[\\]@!\\$&'()*+,;=]*$",
            &["a[b]&"],
            &["a b"],
        );
        check(".+\\/$", &["/a/"], &["/"]);
    }
}
