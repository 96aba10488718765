//! `towpath changelog`: what changed between two contracts, for the people who build on them.

use contract::changelog::{Changelog, markdown};
use contract::policy::version_of;

use super::args::{ChangelogArgs, ChangelogFormat, Global};
use super::comparison::{Versions, compare};
use super::reporting::write;
use crate::failure::Failure;
use crate::output;

pub fn run(global: &Global, args: &ChangelogArgs) -> Result<(), Failure> {
    let comparison = compare(global, &args.compare, Versions::Unjudged)?;
    if let Some(text) = comparison.cut_text() {
        output::note(&text);
    }
    let root = comparison.revision.root();
    let title = root
        .get("info")
        .and_then(|info| info.get("title"))
        .and_then(|title| title.as_str());
    let changelog = Changelog::of(
        &comparison.changes,
        version_of(&comparison.base),
        version_of(&comparison.revision),
        title,
    );
    let text = match args.format {
        ChangelogFormat::Markdown => markdown(&changelog),
        ChangelogFormat::Json => {
            let text = serde_json::to_string_pretty(&changelog);
            text.map_err(|error| Failure::input(format!("cannot write JSON: {error}")))? + "\n"
        }
    };
    write(&text, args.output.as_deref())
}
