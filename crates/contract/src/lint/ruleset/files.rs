//! File name patterns: `*`, `**`, `?`, `{a,b}` and `[…]`.

/// Names and patterns beyond this many alternatives are not expanded.
const ALTERNATIVES_MAX: usize = 64;

/// Whether `pattern` fits the file. A pattern without a slash is about the last part of the name alone.
pub(in crate::lint) fn matches(pattern: &str, file: &str) -> bool {
    let file = file.trim_start_matches("./").replace('\\', "/");
    let name = match pattern.contains('/') {
        true => file.as_str(),
        false => file.rsplit('/').next().unwrap_or(&file),
    };
    alternatives(pattern.trim_start_matches("./"))
        .iter()
        .any(|pattern| fits(pattern.as_bytes(), name.as_bytes()))
}

fn alternatives(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(text) = open.pop() {
        let braces = text
            .find('{')
            .and_then(|start| Some((start, start + text[start..].find('}')?)));
        match braces {
            Some((start, end)) if open.len() + done.len() < ALTERNATIVES_MAX => {
                let (head, tail) = (&text[..start], &text[end + 1..]);
                let parts = text[start + 1..end].split(',');
                open.extend(parts.map(|part| format!("{head}{part}{tail}")));
            }
            _ => done.push(text),
        }
    }
    done
}

/// Walks both, and on a mismatch goes back to the last star, or else to the last that crosses slashes: no pattern takes
/// more than the pattern times the square of the name.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let (mut near, mut far): (Option<Retry>, Option<Retry>) = (None, None);
    while n < name.len() || p < pattern.len() {
        if let Some((next, crosses)) = star(pattern, p) {
            match crosses {
                true => (far, near) = (Some((next, n)), None),
                false => near = Some((next, n)),
            }
            p = next;
        } else if n < name.len() && p < pattern.len() && one(pattern[p], name[n]) {
            p += 1;
            n += 1;
        } else {
            near = near.filter(|(_, from)| name.get(*from).is_some_and(|b| *b != b'/'));
            let retry = match &mut near {
                Some(retry) => Some(retry),
                None => far.as_mut().filter(|(_, from)| *from < name.len()),
            };
            let Some((next, from)) = retry else {
                return false;
            };
            *from += 1;
            (p, n) = (*next, *from);
        }
    }
    true
}

/// After a star in the pattern, and where in the name it ends so far.
type Retry = (usize, usize);

/// After a star at `at`, and whether it crosses slashes.
fn star(pattern: &[u8], at: usize) -> Option<(usize, bool)> {
    let rest = &pattern[at..];
    if rest.starts_with(b"**/") {
        return Some((at + 3, true));
    }
    match rest {
        [b'*', b'*', ..] => Some((at + 2, true)),
        [b'*', ..] => Some((at + 1, false)),
        _ => None,
    }
}

fn one(pattern: u8, name: u8) -> bool {
    pattern == name || pattern == b'?' && name != b'/'
}

#[cfg(test)]
mod tests {
    use super::matches;

    fn check(pattern: &str, fits: &[&str], differs: &[&str]) {
        for file in fits {
            assert!(matches(pattern, file), "{pattern} {file}");
        }
        for file in differs {
            assert!(!matches(pattern, file), "{pattern} {file}");
        }
    }

    #[test]
    fn patterns_are_those_of_a_shell() {
        check("*.yaml", &["a.yaml", "x/y/a.yaml"], &["a.json"]);
        check("x/*.yaml", &["x/a.yaml"], &["x/y/a.yaml", "a.yaml"]);
        check("x/**/*.yaml", &["x/a.yaml", "x/y/z/a.yaml"], &["y/a.yaml"]);
        check(
            "**/legacy/*.{yaml,json}",
            &["legacy/a.json", "b/legacy/a.yaml"],
            &["a.yaml"],
        );
        check("a?.yaml", &["ab.yaml"], &["a.yaml"]);
        check("*", &["a", "b/a"], &[]);
    }
}
