//! Path templates (OpenAPI 3.1 section 4.8.2): their parameter names, and what two of them have in common.

/// Half of the 8,000 bytes of request line that RFC 9112 section 3 asks every server to take.
pub(crate) const PATH_BYTES_MAX: usize = 4_000;

/// What is wrong with a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error("the path does not start with `/`")]
    Start,
    #[error("the path is longer than {PATH_BYTES_MAX} bytes")]
    Long,
    #[error("a `{{` is not closed")]
    Open,
    #[error("a `}}` has no `{{` before it")]
    Close,
    #[error("a `{{` stands inside a parameter name")]
    Nested,
    #[error("a parameter has no name")]
    Nameless,
    #[error("a `/` stands inside a parameter name")]
    Slash,
    #[error("the path holds a `{0}`, which never reaches the path of a request")]
    NotPath(char),
}

impl TemplateError {
    pub(crate) fn next_step(self) -> &'static str {
        match self {
            Self::Start => "start the path with `/`; an extension of the contract starts with `x-`",
            Self::Long => "shorten it: servers need only take request lines of 8,000 bytes",
            Self::Open | Self::Close | Self::Nested => "write each parameter as `{name}`",
            Self::Nameless => "name the parameter, as in `{id}`",
            Self::Slash => {
                "end the parameter before the `/`: it stands for one segment or a part of one"
            }
            Self::NotPath(_) => "declare query parameters with `in: query`, and drop the fragment",
        }
    }
}

/// The parameter names of `path`, in its order.
pub(crate) fn names(path: &str) -> Result<Vec<&str>, TemplateError> {
    if !path.starts_with('/') {
        return Err(TemplateError::Start);
    }
    if path.len() > PATH_BYTES_MAX {
        return Err(TemplateError::Long);
    }
    let mut names = Vec::new();
    let mut start = None;
    for (at, c) in path.char_indices() {
        match (c, start) {
            ('{', Some(_)) => return Err(TemplateError::Nested),
            ('{', None) => start = Some(at + 1),
            ('}', None) => return Err(TemplateError::Close),
            ('}', Some(start_at)) if start_at == at => return Err(TemplateError::Nameless),
            ('}', Some(start_at)) => {
                names.push(&path[start_at..at]);
                start = None;
            }
            ('/', Some(_)) => return Err(TemplateError::Slash),
            ('?' | '#', None) => return Err(TemplateError::NotPath(c)),
            _ => {}
        }
    }
    match start {
        Some(_) => Err(TemplateError::Open),
        None => Ok(names),
    }
}

/// The path with its parameter names left out: two paths of one shape match the same requests.
pub(crate) fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut in_name = false;
    for c in path.chars() {
        in_name = in_name && c != '}';
        if !in_name {
            shape.push(c);
        }
        in_name = in_name || c == '{';
    }
    shape
}

/// Whether a request can never have this path as it is written: empty, `.` and `..` segments are refused before
/// matching or removed on the way.
pub(crate) fn has_dead_segment(path: &str) -> bool {
    let Some(segments) = path
        .strip_prefix('/')
        .filter(|segments| !segments.is_empty())
    else {
        return false;
    };
    // One slash at the end is a path of its own.
    let segments = segments.strip_suffix('/').unwrap_or(segments);
    segments
        .split('/')
        .any(|segment| matches!(segment, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_order() {
        assert_eq!(names("/a/{b}/c:{d}.{e}"), Ok(vec!["b", "d", "e"]));
        assert_eq!(names("/"), Ok(vec![]));
        for (path, error) in [
            ("a", TemplateError::Start),
            ("", TemplateError::Start),
            ("/{a", TemplateError::Open),
            ("/a}", TemplateError::Close),
            ("/{a{b}}", TemplateError::Nested),
            ("/{}", TemplateError::Nameless),
            ("/{a/b}", TemplateError::Slash),
            ("/a?b={c}", TemplateError::NotPath('?')),
            ("/#a", TemplateError::NotPath('#')),
        ] {
            assert_eq!(names(path), Err(error), "{path}");
        }
    }

    #[test]
    fn a_shape_forgets_names_only() {
        assert_eq!(shape("/a/{b}/c:{d}"), "/a/{}/c:{}");
        assert_ne!(shape("/a/{b}"), shape("/a/{b}/"));
    }

    #[test]
    fn dead_segments() {
        for (path, dead) in [
            ("/", false),
            ("/a/", false),
            ("/a/.b", false),
            ("//a", true),
            ("//", true),
            ("/a//b", true),
            ("/a/../b", true),
            ("/a//", true),
            ("/.", true),
        ] {
            assert_eq!(has_dead_segment(path), dead, "{path}");
        }
    }
}
