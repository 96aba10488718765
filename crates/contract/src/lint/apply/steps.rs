//! The JSONPaths of repairs, which name one place each: `$`, `.name`, `['name']` and `[0]`.

use std::fmt::Write as _;

use crate::tree::Node;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// `None` for a path of another form.
pub(super) fn parse(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix("['") {
            Some(quoted) => name(quoted)?,
            None => match rest.strip_prefix('[') {
                Some(index) => {
                    let (digits, after) = index.split_once(']')?;
                    (Step::Index(digits.parse().ok()?), after)
                }
                None => short(rest.strip_prefix('.')?)?,
            },
        };
        steps.push(step);
        rest = after;
    }
    Some(steps)
}

fn short(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let fits = !name.is_empty() && name.chars().all(is_plain);
    fits.then(|| (Step::Name(name.to_owned()), after))
}

/// A name in single quotes, the first of which is read already (RFC 9535 section 2.3.1.1).
fn name(text: &str) -> Option<(Step, &str)> {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => {
                let after = text[at + 1..].strip_prefix(']')?;
                return Some((Step::Name(name), after));
            }
            '\\' => match chars.next()?.1 {
                'b' => name.push('\u{8}'),
                'f' => name.push('\u{c}'),
                'n' => name.push('\n'),
                'r' => name.push('\r'),
                't' => name.push('\t'),
                'u' => {
                    let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    name.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?);
                }
                c => name.push(c),
            },
            c => name.push(c),
        }
    }
    None
}

pub(super) fn child<'t>(node: Node<'t>, step: &Step) -> Option<Node<'t>> {
    match step {
        Step::Name(name) => node.get(name),
        Step::Index(index) => node.elements().nth(*index),
    }
}

/// The path in the form that [`parse`] reads.
pub(super) fn print(steps: &[Step]) -> String {
    let mut path = "$".to_owned();
    for step in steps {
        // A `String` takes everything that is written to it.
        let _ = match step {
            Step::Name(name) => write!(path, "['{name}']"),
            Step::Index(index) => write!(path, "[{index}]"),
        };
    }
    path
}
