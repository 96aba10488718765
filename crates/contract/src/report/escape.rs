//! Text of a contract made harmless for each format: terminal, XML and HTML, workflow commands, URIs.

/// Control characters as spaces: no escape sequence of a document reaches a terminal, no line break ends a row.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// For elements and attributes of XML 1.0 and HTML. What XML cannot hold becomes U+FFFD.
pub(super) fn markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push('\u{fffd}');
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// The message of a workflow command.
pub(super) fn command_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a workflow command.
pub(super) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A file name as a relative URI reference (RFC 3986 section 4.2); an absolute path as a `file` URI.
pub(super) fn uri(file: &str) -> String {
    let mut uri = String::new();
    if file.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_gets_its_own_escapes() {
        assert_eq!(plain("a\u{1b}[2Jb\nc"), "a [2Jb c");
        assert_eq!(
            markup("<a href='x'>&\u{1}\u{85}\n"),
            "&lt;a href=&#39;x&#39;&gt;&amp;\u{fffd}\u{fffd} "
        );
        assert_eq!(command_data("50%\nnext"), "50%25%0Anext");
        assert_eq!(command_property("a:b,c"), "a%3Ab%2Cc");
        assert_eq!(
            uri("HEAD~1:api/open api.yaml"),
            "HEAD~1%3Aapi/open%20api.yaml"
        );
        assert_eq!(uri("/srv/é.yaml"), "file:///srv/%C3%A9.yaml");
    }
}
