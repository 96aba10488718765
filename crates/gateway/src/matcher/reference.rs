//! The naive matcher that the compiled one must agree with: tries every template and picks by the rules as written.

/// Routes as listed: method, template, number.
pub struct Reference<'a> {
    pub base_paths: &'a [String],
    pub routes: &'a [(String, String, u32)],
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Parameter,
}

impl Reference<'_> {
    /// The operation that `method` and `path` name.
    pub fn operation(&self, method: &str, path: &str) -> Option<u32> {
        let none = [String::new()];
        let mut base_paths: Vec<&String> = if self.base_paths.is_empty() {
            &none
        } else {
            self.base_paths
        }
        .iter()
        .collect();
        base_paths.sort_by_key(|base_path| std::cmp::Reverse(base_path.len()));
        base_paths
            .into_iter()
            .filter_map(|base_path| path.strip_prefix(base_path.as_str()))
            .find_map(|rest| self.operation_at(method, rest))
    }

    fn operation_at(&self, method: &str, path: &str) -> Option<u32> {
        let matching = self
            .routes
            .iter()
            .filter(|(m, template, _)| m == method && template_matches(template, path));
        // `max_by_key` takes the last of equals, so the first listed has to come last.
        matching
            .rev()
            .max_by_key(|(_, template, _)| specificity(template))
            .map(|(_, _, operation)| *operation)
    }

    /// The methods that know `path`, in the order in which the routes first have them.
    pub fn methods(&self, path: &str) -> Vec<&str> {
        let mut methods: Vec<&str> = Vec::new();
        for (method, _, _) in self.routes {
            if !methods.contains(&method.as_str()) {
                methods.push(method);
            }
        }
        methods.retain(|method| self.operation(method, path).is_some());
        methods
    }
}

/// The greater, the more specific: literal segments, partly literal ones, literal further left, literal text.
fn specificity(template: &str) -> (usize, usize, Vec<u8>, usize) {
    let kinds: Vec<u8> = template.split('/').skip(1).map(kind).collect();
    let count = |wanted: u8| kinds.iter().filter(|kind| **kind == wanted).count();
    let partial = template
        .split('/')
        .skip(1)
        .filter(|segment| kind(segment) == 1);
    let text = partial
        .flat_map(parts)
        .map(|part| {
            if let Part::Text(text) = part {
                text.len()
            } else {
                0
            }
        })
        .sum();
    (count(2), count(1), kinds.clone(), text)
}

/// 2 literal, 1 partly literal, 0 free.
fn kind(segment: &str) -> u8 {
    match parts(segment).as_slice() {
        [Part::Text(_)] | [] => 2,
        [Part::Parameter] => 0,
        _ => 1,
    }
}

fn parts(segment: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut characters = segment.chars();
    while let Some(character) = characters.next() {
        if character != '{' {
            text.push(character);
            continue;
        }
        if !text.is_empty() {
            parts.push(Part::Text(decode(&std::mem::take(&mut text))));
        }
        parts.push(Part::Parameter);
        characters.by_ref().find(|character| *character == '}');
    }
    if !text.is_empty() {
        parts.push(Part::Text(decode(&text)));
    }
    parts
}

fn template_matches(template: &str, path: &str) -> bool {
    let template: Vec<&str> = template.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(template, segment)| parts_match(&parts(template), &decode(segment)))
}

/// Every way to share the text out among the parameters is tried.
fn parts_match(parts: &[Part], text: &[u8]) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Text(literal), rest @ ..] => text
            .strip_prefix(literal.as_slice())
            .is_some_and(|text| parts_match(rest, text)),
        [Part::Parameter, rest @ ..] => {
            (1..=text.len()).any(|taken| parts_match(rest, &text[taken..]))
        }
    }
}

fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let digits = escaped.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value = digits
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        decoded.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    decoded
}
