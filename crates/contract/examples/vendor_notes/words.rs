//! Words and names: `last_read_index`, `LastReadIndex` and "last read indexes" are the same three words.

/// The names that a note speaks of, each a run of words.
pub struct Names {
    names: Vec<Vec<String>>,
    addresses: bool,
}

impl Names {
    /// Whether one of the names stands in the words, its own words next to each other.
    pub fn are_in(&self, words: &[String]) -> bool {
        let stands = |name: &Vec<String>| words.windows(name.len()).any(|run| run == name);
        self.names.iter().any(stands)
    }

    /// Whether the note says that a URI or URL changed.
    pub fn speak_of_addresses(&self) -> bool {
        self.addresses
    }
}

/// What a note has in backquotes and what looks like an identifier; where it has no backquotes, its other words too.
pub fn names(note: &str) -> Names {
    let quoted = note.split('`').skip(1).step_by(2).flat_map(tokens);
    let mut names: Vec<_> = quoted.map(words).filter(|name| is_telling(name)).collect();
    let any = !names.is_empty();

    let plain = note.split('`').step_by(2).flat_map(tokens);
    let plain = plain.filter(|token| !any || is_identifier(token));
    names.extend(plain.map(words).filter(|name| is_telling(name)));
    let addresses = words(note)
        .iter()
        .any(|word| word == "uri" || word == "url");
    Names { names, addresses }
}

/// The words of an identifier, a path or a sentence: lower case, singular.
pub fn words(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    for c in text.chars() {
        if c.is_uppercase() && previous.is_lowercase() {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
        previous = c;
    }
    let parts = spaced.split(|c: char| !c.is_alphanumeric());
    parts
        .filter(|word| !word.is_empty())
        .map(singular)
        .collect()
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let hissing = ["x", "ss", "ch", "sh"];
    let stem = word.strip_suffix("es").unwrap_or_default();
    if hissing.iter().any(|end| stem.ends_with(end)) {
        return stem.to_owned();
    }
    let plural = word.strip_suffix('s').filter(|stem| !stem.ends_with('s'));
    plural.unwrap_or(word).to_owned()
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c));
    parts.map(|part| part.trim_matches(['.', '-', '_']))
}

/// `snake_case`, `camelCase`, `If-Match`, `DELETED`.
fn is_identifier(token: &str) -> bool {
    token.contains(['_', '-']) || token.chars().skip(1).any(char::is_uppercase)
}

/// A version and the words that every second note has tell nothing, and neither do words of one or two letters.
fn is_telling(name: &[String]) -> bool {
    let common = [
        "add",
        "added",
        "and",
        "api",
        "breaking",
        "change",
        "changed",
        "changing",
        "corrected",
        "data",
        "deleted",
        "field",
        "for",
        "from",
        "item",
        "made",
        "make",
        "new",
        "optional",
        "parameter",
        "property",
        "public",
        "remove",
        "removed",
        "request",
        "required",
        "resource",
        "response",
        "the",
        "this",
        "type",
        "update",
        "updated",
        "when",
        "with",
    ];
    match name {
        [] => false,
        [word] => word.len() > 2 && !common.contains(&word.as_str()),
        _ => true,
    }
}
