//! Whether one media type is another under a new name.

use crate::model::body;

/// How a media type became a related one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renamed {
    /// Other parameters.
    Changed,
    Generalized,
    Specialized,
}

/// `None` for the same name.
pub(crate) fn renamed(old: &str, new: &str) -> Option<Renamed> {
    if old == new {
        return None;
    }
    Some(if parameters(old) != parameters(new) {
        Renamed::Changed
    } else if body::refines(old, new) {
        Renamed::Specialized
    } else {
        Renamed::Generalized
    })
}

/// Sorted; names in lower case.
fn parameters(media_type: &str) -> Vec<(String, &str)> {
    let parts = media_type.split(';').skip(1).filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_lowercase(), value.trim().trim_matches('"')))
    });
    let mut parameters: Vec<_> = parts.collect();
    parameters.sort_unstable();
    parameters
}
