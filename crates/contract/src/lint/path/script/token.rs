//! The words of a filter expression.

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(f64),
    /// Body and flags.
    Regex(String, String),
    Sign(&'static str),
    End,
}

/// Longest first.
const SIGNS: [&str; 25] = [
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ",",
    "+", "-", "@", "$", "?", ":", "*", "%",
];

/// Words of `text` one after the other.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'p> {
    text: &'p str,
    pub(super) at: usize,
}

impl<'p> Tokens<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word. `after_value`: a slash would divide, and is refused instead of starting a pattern.
    pub(super) fn next(&mut self, after_value: bool) -> Result<Token, (usize, String)> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            return Ok(Token::End);
        };
        if matches!(first, '\'' | '"') {
            return self.quoted(first);
        }
        if first == '/' && !after_value {
            return self.regex();
        }
        if first.is_ascii_digit() {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(rest.len());
            self.at += end;
            return Ok(Token::Number(rest[..end].parse().unwrap_or(f64::NAN)));
        }
        if first.is_alphabetic() || first == '_' {
            return Ok(Token::Name(self.name()));
        }
        for sign in SIGNS {
            if rest.starts_with(sign) {
                self.at += sign.len();
                return Ok(Token::Sign(sign));
            }
        }
        Err((self.at, format!("`{first}` is not understood in a filter")))
    }

    /// The name that starts here; empty where none does.
    pub(super) fn name(&mut self) -> String {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$'))
            .unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn quoted(&mut self, quote: char) -> Result<Token, (usize, String)> {
        let mut text = String::new();
        let start = self.at;
        let mut chars = self.text[start..].char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c if c == quote => {
                    self.at = start + at + 1;
                    return Ok(Token::Text(text));
                }
                c => text.push(c),
            }
        }
        Err((start, "this quote is never closed".to_owned()))
    }

    fn regex(&mut self) -> Result<Token, (usize, String)> {
        let start = self.at;
        let mut in_class = false;
        let mut chars = self.text[start..].char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    chars.next();
                }
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    let body = self.text[start + 1..start + at].to_owned();
                    self.at = start + at + 1;
                    let flags = self.name();
                    return Ok(Token::Regex(body, flags));
                }
                _ => {}
            }
        }
        Err((start, "this pattern is never closed".to_owned()))
    }
}
