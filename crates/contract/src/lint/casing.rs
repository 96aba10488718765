//! The letter cases that names can be in, as patterns.

/// The pattern of a casing; `None` for a name that is none.
pub(super) fn pattern(
    name: &str,
    digits: bool,
    separator: Option<&str>,
    leads: bool,
) -> Option<String> {
    let d = if digits { "0-9" } else { "" };
    let humps = |first: &str| format!("[{first}][a-z{d}]*(?:[A-Z{d}](?:[a-z{d}]+|$))*");
    let words =
        |from: &str, between: &str| format!("[{from}][{from}{d}]*(?:{between}[{from}{d}]+)*");
    let base = match name {
        "flat" => format!("[a-z][a-z{d}]*"),
        "camel" => humps("a-z"),
        "pascal" => humps("A-Z"),
        "kebab" => words("a-z", "-"),
        "cobol" => words("A-Z", "-"),
        "snake" => words("a-z", "_"),
        "macro" => words("A-Z", "_"),
        _ => return None,
    };
    let Some(separator) = separator else {
        return Some(format!("^{base}$"));
    };
    let escaped: String = separator.chars().flat_map(|c| ['\\', c]).collect();
    let escaped = match separator.chars().all(char::is_alphanumeric) {
        true => separator.to_owned(),
        false => escaped,
    };
    let lead = if leads {
        format!("[{escaped}]?")
    } else {
        String::new()
    };
    Some(format!("^{lead}{base}(?:[{escaped}]{base})*$"))
}
