//! Semantic versions as contracts write them: `1.2.3`, `v1.2`, `2.0.0-rc.1`.

/// Ordered by precedence, but for the text of a pre-release, which no verdict needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    /// A pre-release comes before its release (SemVer 2.0.0 section 11).
    is_release: bool,
}

impl Version {
    /// `None` for what is no semantic version, such as a date. A missing patch number is 0.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split('+').next()?;
        let (numbers, pre_release) = match text.split_once('-') {
            Some((numbers, _)) => (numbers, true),
            None => (text, false),
        };
        let mut numbers = numbers.split('.').map(number);
        let (major, minor) = (numbers.next()??, numbers.next()??);
        let patch = match numbers.next() {
            Some(patch) => patch?,
            None => 0,
        };
        numbers.next().is_none().then_some(Self {
            major,
            minor,
            patch,
            is_release: !pre_release,
        })
    }
}

fn number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}
