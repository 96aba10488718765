//! Reads Rust source just far enough for the laws: comments and literals set apart, test items cut out, functions measured.

use std::ops::Range;

/// One source file, split into what the compiler runs and what it does not.
pub struct Source {
    /// The text with comments and the inside of literals replaced by spaces; same length, same lines.
    pub code: String,
    /// The same with every item under `#[cfg(test)]` replaced by spaces too.
    pub shipped: String,
    /// String literals outside test items: line (from 1) and content as written.
    pub literals: Vec<(usize, String)>,
}

impl Source {
    pub fn read(text: &str) -> Self {
        let (code, literals) = blank_comments_and_literals(text);
        let tests = test_items(&code);
        let shipped = blank_ranges(&code, &tests);
        let literals = literals
            .into_iter()
            .filter(|(at, _)| !tests.iter().any(|range| range.contains(at)))
            .map(|(at, literal)| (line_of(text, at), literal))
            .collect();
        Self {
            code,
            shipped,
            literals,
        }
    }

    /// Name, first line and length in lines of every function with a body, tests left out.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let code = &self.shipped;
        words(code)
            .filter(|word| &code[word.clone()] == "fn")
            .filter_map(|word| {
                let name: String = code[word.end..]
                    .trim_start()
                    .chars()
                    .take_while(|c| is_word(*c))
                    .collect();
                let body = body_after(code, word.end)?;
                let first = line_of(code, word.start);
                let length = line_of(code, body.end - 1) - first + 1;
                (!name.is_empty()).then_some((name, first, length))
            })
            .collect()
    }
}

/// Line number (from 1) of a byte offset.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every maximal run of identifier characters.
pub fn words(code: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + code[rest..].find(is_word)?;
        let length = code[start..]
            .find(|c| !is_word(c))
            .unwrap_or(code.len() - start);
        rest = start + length;
        Some(start..rest)
    })
}

fn blank_comments_and_literals(text: &str) -> (String, Vec<(usize, String)>) {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut literals = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let token = token_at(text, at);
        let end = at + token.length;
        match token.kind {
            TokenKind::Code => {}
            TokenKind::Comment => blank(&mut code, at..end),
            TokenKind::Literal { inside } => {
                literals.push((at, text[inside.clone()].to_owned()));
                blank(&mut code, inside);
            }
        }
        at = end;
    }
    (
        String::from_utf8(code).expect("spaces replace whole characters"),
        literals,
    )
}

struct Token {
    kind: TokenKind,
    length: usize,
}

enum TokenKind {
    Code,
    Comment,
    Literal { inside: Range<usize> },
}

fn token_at(text: &str, at: usize) -> Token {
    let rest = &text[at..];
    let first = rest.chars().next().expect("callers stay inside the text");
    let previous_is_word = text[..at].chars().next_back().is_some_and(is_word);
    if rest.starts_with("//") {
        return Token {
            kind: TokenKind::Comment,
            length: rest.find('\n').unwrap_or(rest.len()),
        };
    }
    if rest.starts_with("/*") {
        return Token {
            kind: TokenKind::Comment,
            length: block_comment_length(rest),
        };
    }
    if first == '"' {
        return quoted(at, rest, 0);
    }
    if !previous_is_word && let Some(token) = prefixed_literal(at, rest) {
        return token;
    }
    if first == '\''
        && let Some(token) = character(at, rest)
    {
        return token;
    }
    if is_word(first) {
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        return Token {
            kind: TokenKind::Code,
            length,
        };
    }
    Token {
        kind: TokenKind::Code,
        length: first.len_utf8(),
    }
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// `b"…"`, `c"…"`, `r"…"`, `r#"…"#`, `br#"…"#` and the like.
fn prefixed_literal(at: usize, rest: &str) -> Option<Token> {
    // The longest prefix has two letters.
    let prefix = rest
        .bytes()
        .take(3)
        .position(|b| matches!(b, b'"' | b'#'))?;
    if !matches!(&rest[..prefix], "b" | "c" | "r" | "br" | "cr") {
        return None;
    }
    let hashes = rest[prefix..].chars().take_while(|c| *c == '#').count();
    let open = prefix + hashes;
    if !rest[open..].starts_with('"') || (hashes > 0 && !rest[..prefix].contains('r')) {
        return None;
    }
    if !rest[..prefix].contains('r') {
        return Some(quoted(at, rest, prefix));
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let inside = open + 1
        ..open
            + 1
            + rest[open + 1..]
                .find(&close)
                .unwrap_or(rest.len() - open - 1);
    let length = (inside.end + close.len()).min(rest.len());
    Some(Token {
        kind: TokenKind::Literal {
            inside: at + inside.start..at + inside.end,
        },
        length,
    })
}

/// A string with escapes whose opening quote is at `prefix`.
fn quoted(at: usize, rest: &str, prefix: usize) -> Token {
    let bytes = rest.as_bytes();
    let mut end = prefix + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let inside_end = end.min(bytes.len());
    Token {
        kind: TokenKind::Literal {
            inside: at + prefix + 1..at + inside_end,
        },
        length: (end + 1).min(bytes.len()),
    }
}

/// A character literal, told from a lifetime by its closing quote.
fn character(at: usize, rest: &str) -> Option<Token> {
    let mut characters = rest.char_indices().skip(1);
    let (_, first) = characters.next()?;
    let close = if first == '\\' {
        let (after, _) = characters.nth(1)?;
        after + rest[after..].find('\'')?
    } else {
        let (after, second) = characters.next()?;
        if second != '\'' {
            return None;
        }
        after
    };
    // The longest literal is '\u{10ffff}': anything longer was a lifetime.
    (close <= 12).then(|| Token {
        kind: TokenKind::Literal {
            inside: at + 1..at + close,
        },
        length: close + 1,
    })
}

fn blank(code: &mut [u8], range: Range<usize>) {
    code[range]
        .iter_mut()
        .filter(|byte| **byte != b'\n')
        .for_each(|byte| *byte = b' ');
}

fn blank_ranges(code: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = code.as_bytes().to_vec();
    ranges
        .iter()
        .for_each(|range| blank(&mut bytes, range.clone()));
    String::from_utf8(bytes).expect("spaces replace whole characters")
}

/// The items that `#[cfg(test)]` guards: up to the closing brace, or the semicolon where there is no body.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut items: Vec<Range<usize>> = Vec::new();
    for (start, attribute) in code.match_indices("#[cfg(test)]") {
        if items.last().is_some_and(|item| item.contains(&start)) {
            continue;
        }
        let end = body_after(code, start + attribute.len()).map(|body| body.end);
        let semicolon = code[start..].find(';').map(|at| start + at + 1);
        let end = match (end, semicolon) {
            (Some(body), Some(semicolon)) => {
                if code[start..semicolon].contains('{') {
                    body
                } else {
                    semicolon
                }
            }
            (body, semicolon) => body.or(semicolon).unwrap_or(code.len()),
        };
        items.push(start..end);
    }
    items
}

/// The braces that follow, unless a semicolon at depth zero comes first.
fn body_after(code: &str, from: usize) -> Option<Range<usize>> {
    let bytes = code.as_bytes();
    let mut nesting = 0_i32;
    let mut open = from;
    loop {
        match bytes.get(open)? {
            b'(' | b'[' => nesting += 1,
            b')' | b']' => nesting -= 1,
            b';' if nesting == 0 => return None,
            b'{' if nesting == 0 => break,
            _ => {}
        }
        open += 1;
    }
    let mut depth = 0_i32;
    for (offset, byte) in bytes[open..].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(open..open + offset + 1);
        }
    }
    None
}

mod tests {
    use super::Source;

    #[test]
    fn comments_and_literals_are_set_apart() {
        let source = Source::read(
            "let a = \"x // y\"; // \"no\"\nlet b = r#\"q\"q\"#; /* /* */ fn */ 'c' '\\'' &'a T",
        );
        assert_eq!(source.code.lines().count(), 2);
        assert!(
            !source.code.contains('x')
                && !source.code.contains("no")
                && !source.code.contains("fn")
        );
        assert_eq!(source.literals[0], (1, "x // y".to_owned()));
        assert_eq!(source.literals[1], (2, "q\"q".to_owned()));
        assert!(source.code.contains("&'a T"));
    }

    #[test]
    fn test_items_are_cut_out() {
        let source = Source::read(
            "fn one() {\n  two();\n}\n#[cfg(test)]\nmod tests {\n  fn three() { \"}\"; }\n}\n#[cfg(test)]\nmod t;\nfn four(a: [u8; 2]) {}\n",
        );
        assert_eq!(
            source.functions(),
            [("one".to_owned(), 1, 3), ("four".to_owned(), 10, 1)]
        );
        assert!(source.literals.is_empty());
    }
}
