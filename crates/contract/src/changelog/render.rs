//! A changelog as Markdown, ready to be pasted under the heading of a release.

use std::fmt::Write as _;

use super::entries::{Changelog, Item, OperationItems};
use crate::level::Level;
use crate::markdown::{code, message, text as plain_text};

/// The version is the heading; without a new one it is `Unreleased`.
pub fn markdown(changelog: &Changelog) -> String {
    let mut text = format!("## {}\n", heading(changelog));
    for section in &changelog.sections {
        let _ = write!(text, "\n### {}\n\n", section.category);
        for group in &section.operations {
            operation(&mut text, group);
        }
    }
    if changelog.sections.is_empty() {
        text.push_str("\nNo changes.\n");
    }
    text
}

fn heading(changelog: &Changelog) -> String {
    let title = match &changelog.title {
        Some(title) => format!("{} ", plain_text(title)),
        None => String::new(),
    };
    match &changelog.to {
        Some(to) if changelog.from.as_ref() != Some(to) => format!("{title}{}", plain_text(to)),
        _ => format!("{title}Unreleased"),
    }
}

fn operation(text: &mut String, group: &OperationItems) {
    let name = match &group.operation {
        None => "The whole contract".to_owned(),
        Some(operation) => code(&format!("{} {}", operation.method, operation.path)),
    };
    if let [only] = group.items.as_slice() {
        let _ = writeln!(text, "- {name}: {}", line(only));
        return;
    }
    let _ = writeln!(text, "- {name}");
    for item in &group.items {
        let _ = writeln!(text, "  - {}", line(item));
    }
}

fn line(item: &Item) -> String {
    let message = message(&item.message);
    match item.level {
        Level::Error => format!("**Breaking:** {message}"),
        Level::Warning => format!("**May break:** {message}"),
        Level::Info | Level::Hint => message,
    }
}
