//! Media types: which of a contract's a message has, and how its body is read.

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Json,
    Form,
    /// Not at all.
    Nothing,
}

/// A media type or range of a contract: its type and subtype in lower case, parameters left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaType {
    essence: Vec<u8>,
}

impl MediaType {
    pub(super) fn read(text: &[u8]) -> Self {
        Self {
            essence: essence(text).to_ascii_lowercase(),
        }
    }

    /// How a body of this type is read.
    pub(super) fn reading(&self) -> Reading {
        reading(&self.essence)
    }

    pub(super) fn is(&self, sent: &[u8]) -> bool {
        essence(sent).eq_ignore_ascii_case(&self.essence)
    }

    /// Whether it is a range such as `text/*` that holds `sent`.
    pub(super) fn holds(&self, sent: &[u8]) -> bool {
        let sent = essence(sent);
        match self.essence.strip_suffix(b"*") {
            Some(b"*/") => true,
            Some(kind) if kind.ends_with(b"/") => {
                sent.len() > kind.len() && sent[..kind.len()].eq_ignore_ascii_case(kind)
            }
            _ => false,
        }
    }
}

/// By RFC 6839 a `+json` subtype is JSON, and JSON is UTF-8 (RFC 8259 section 8.1): another charset is not looked into.
pub(super) fn reading(sent: &[u8]) -> Reading {
    // Nearly all bodies are of this type, written like this.
    if sent == b"application/json" {
        return Reading::Json;
    }
    let name = essence(sent);
    let ends_with = |suffix: &[u8]| {
        let start = name.len().checked_sub(suffix.len());
        start.is_some_and(|start| name[start..].eq_ignore_ascii_case(suffix))
    };
    let reading = if ends_with(b"/json") || ends_with(b"+json") {
        Reading::Json
    } else if name.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
        Reading::Form
    } else {
        return Reading::Nothing;
    };
    match is_utf8(&sent[name_end(sent)..]) {
        true => reading,
        false => Reading::Nothing,
    }
}

/// Of the parameters of a media type: whether they name no charset but UTF-8 or ASCII.
fn is_utf8(parameters: &[u8]) -> bool {
    parameters.split(|byte| *byte == b';').all(|parameter| {
        let parameter = parameter.trim_ascii();
        match parameter.split_first_chunk::<8>() {
            Some((name, value)) if name.eq_ignore_ascii_case(b"charset=") => {
                let value = value.strip_prefix(b"\"").unwrap_or(value);
                let value = value.strip_suffix(b"\"").unwrap_or(value);
                let known: [&[u8]; 3] = [b"utf-8", b"utf8", b"us-ascii"];
                known.iter().any(|name| value.eq_ignore_ascii_case(name))
            }
            _ => true,
        }
    })
}

fn essence(text: &[u8]) -> &[u8] {
    text[..name_end(text)].trim_ascii()
}

fn name_end(text: &[u8]) -> usize {
    let end = text.iter().position(|byte| *byte == b';');
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &str, expect: Reading) {
        assert_eq!(reading(sent.as_bytes()), expect, "{sent}");
    }

    #[test]
    fn bodies_are_read_by_their_media_type() {
        check("application/json", Reading::Json);
        check("Application/JSON ; charset=UTF-8", Reading::Json);
        check("application/problem+json", Reading::Json);
        check("application/json; charset=\"utf-8\"", Reading::Json);
        check("application/json; charset=utf-16", Reading::Nothing);
        check("application/x-www-form-urlencoded", Reading::Form);
        check("multipart/form-data; boundary=x", Reading::Nothing);
        check("application/x-ndjson", Reading::Nothing);
        check("", Reading::Nothing);
        check("json", Reading::Nothing);
    }

    #[test]
    fn a_range_holds_its_types() {
        let holds =
            |range: &str, sent: &str| MediaType::read(range.as_bytes()).holds(sent.as_bytes());
        assert!(holds("text/*", "Text/plain; charset=utf-8"));
        assert!(holds("*/*", "text/plain"));
        assert!(!holds("text/*", "texts/plain"));
        assert!(!holds("text/plain", "text/plain"));
        assert!(MediaType::read(b"Text/Plain; a=b").is(b"text/plain"));
    }
}
