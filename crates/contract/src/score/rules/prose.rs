//! What prose looks like to a machine: phrases, markup, and text that stands in for a text.

/// Whether `text` has one of `phrases`, which are in lower case.
pub(super) fn has_phrase(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_lowercase();
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// Whether `text` was never written: a mark that says so, `lorem ipsum`, a lone `description`.
pub(super) fn is_placeholder(text: &str) -> bool {
    const WHOLE: [&str; 9] = [
        "...",
        "-",
        "description",
        "n/a",
        "none",
        "null",
        "string",
        "summary",
        "text",
    ];
    const MARKS: [&str; 5] = [
        "CHANGEME",
        concat!("FIX", "ME"),
        "TBA",
        "TBD",
        concat!("TO", "DO"),
    ];
    let bare = text.trim().trim_end_matches('.').to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    WHOLE.contains(&bare.as_str())
        || text.trim() == "..."
        || bare.contains("lorem ipsum")
        || words.any(|word| MARKS.contains(&word))
}

/// The tags that descriptions are marked up with.
const TAGS: [&str; 30] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

pub(super) fn has_markup(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if tag(&rest[at..]).is_some() {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// The text without its tags: a line break for the end of a block, a dash for a list item.
pub(super) fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match tag(rest) {
            Some((name, len)) => {
                match name.as_str() {
                    "br" | "/p" | "/div" | "/li" | "/tr" | "/ul" | "/ol" => plain.push('\n'),
                    "li" => plain.push_str("- "),
                    _ => {}
                }
                rest = &rest[len..];
            }
            None => {
                plain.push('<');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(entity, character);
    }
    let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// The name, with `/` before that of an end tag, and the length of the tag that `text` starts with.
fn tag(text: &str) -> Option<(String, usize)> {
    // No tag of prose is longer; without a bound many `<` and no `>` would be quadratic.
    const LEN_MAX: usize = 400;
    let inside = text.strip_prefix('<')?;
    let window = &inside[..inside.floor_char_boundary(LEN_MAX)];
    let end = window.find('>')?;
    let (slash, body) = match window[..end].strip_prefix('/') {
        Some(body) => ("/", body),
        None => ("", &window[..end]),
    };
    let name_end = body.find(|c: char| !c.is_ascii_alphanumeric());
    let name = body[..name_end.unwrap_or(body.len())].to_ascii_lowercase();
    let known = TAGS.contains(&name.as_str());
    known.then(|| (format!("{slash}{name}"), end + 2))
}

#[cfg(test)]
mod tests {
    use super::{has_markup, is_placeholder, without_markup};

    #[test]
    fn markup_is_told_from_what_only_looks_like_it() {
        assert!(has_markup("<p>Feeds</p>"));
        assert!(has_markup("a < b <BR/> c"));
        assert!(!has_markup("a < b, <https://example.com>, <id>"));
        assert_eq!(
            without_markup("<p>Feeds <b>all</b> pets &amp; more.</p><ul><li>cats</li></ul> a < b"),
            "Feeds all pets & more.\n- cats\n\n a < b"
        );
    }

    #[test]
    fn placeholders_are_told_from_texts() {
        for text in [
            concat!("TO", "DO"),
            "Lorem ipsum dolor",
            "...",
            "Description.",
            concat!("Feeds it. FIX", "ME later"),
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["List the todo items.", "A text to send"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
