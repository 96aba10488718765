//! Text of a contract as Markdown: taken as text or as code, never as markup.

/// A message of ours in Markdown: what stands between backquotes becomes code, the rest is text.
pub(crate) fn message(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let mut escaped = String::new();
    // An odd number of backquotes leaves the last one without its pair.
    let is_paired = parts.len() % 2 == 1;
    for (index, part) in parts.iter().enumerate() {
        match index % 2 == 1 && (is_paired || index + 1 < parts.len()) {
            true => escaped.push_str(&code(part)),
            false => escaped.push_str(&text(part)),
        }
    }
    escaped
}

/// Text that Markdown takes as text, in a table's cell too.
pub(crate) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A mention would notify a stranger.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text as code of one line, in a table's cell too.
pub(crate) fn code(code: &str) -> String {
    let text = one_line(code).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    match text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_contract_is_text() {
        assert_eq!(text("*a* | <b> @you"), "\\*a\\* \\| &lt;b&gt; &#64;you");
        assert_eq!(code("a`b|c"), "``a`b\\|c``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a b`");
    }

    #[test]
    fn backquotes_of_a_message_become_code() {
        assert_eq!(message("removed `a_b` of *x*"), "removed `a_b` of \\*x\\*");
        assert_eq!(message("one ` alone"), "one  alone");
        assert_eq!(message("`a` and `b"), "`a` and b");
    }
}
