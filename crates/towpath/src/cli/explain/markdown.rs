//! The rules as pages: one for each family, and an index.

use std::fmt::Write as _;

use crate::cli::rulebook::Page;

/// A page of `docs/rules`.
pub struct File {
    pub name: String,
    pub text: String,
}

const NOTICE: &str = "<!-- Written by `towpath explain --list --format markdown --output docs/rules`: edit the rules, not this page. -->";

/// What each kind of rule is, in the order of the index.
const KINDS: [(&str, &str, &str); 4] = [
    (
        "diff",
        "Changes between two contracts",
        "`towpath diff` and `towpath changelog` report these, by the part of the contract that changed.",
    ),
    (
        "mcp-tool",
        "Changes between two lists of MCP tools",
        "`towpath diff` reports these when both sides are answers to `tools/list`.",
    ),
    (
        "lint",
        "Lint",
        "`towpath lint` reports these by the built-in ruleset `spectral:oas`; a ruleset of your own can switch each off or change its level.",
    ),
    (
        "score",
        "Agent readiness",
        "`towpath score` measures by these, in families of which each counts for readability or safety.",
    ),
];

/// The index first, then the families in the order of the tables.
pub fn files(pages: &[Page]) -> Vec<File> {
    let families = families(pages);
    let index = File {
        name: "README.md".to_owned(),
        text: index(&families),
    };
    let rest = families.iter().map(|family| File {
        name: family.file(),
        text: family.text(),
    });
    std::iter::once(index).chain(rest).collect()
}

/// One rule with its heading.
pub fn section(page: &Page) -> String {
    let mut text = format!("## `{}`\n\n", page.id);
    let mut say = |line: String| {
        text.push_str(&line);
        text.push_str("\n\n");
    };
    let breaks = match page.breaks.is_empty() {
        true => String::new(),
        false => format!(" · breaks {}", page.breaks.join(", ")),
    };
    say(format!("{}{breaks}", page.level));
    say(prose(&page.purpose));
    for (name, paragraph) in [("Why", &page.why), ("Instead", &page.safely)] {
        if !paragraph.is_empty() {
            say(format!("**{name}:** {}", prose(paragraph)));
        }
    }
    if let Some(strict) = page.strict_text() {
        say(prose(&strict).replacen("With strict clients:", "**With strict clients:**", 1));
    }
    let examples = [
        ("Reported", page.breaking_example),
        ("Not reported", page.safe_example),
    ];
    for (name, example) in examples {
        if let Some(example) = example {
            say(format!("{name}:\n\n```yaml\n{}\n```", example.trim_end()));
        }
    }
    if let Some(mirror) = page.mirror {
        say(format!("The reversed change: `{mirror}`"));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The rules of one page.
struct Family<'a> {
    kind: &'static str,
    name: &'static str,
    pages: Vec<&'a Page>,
}

fn families(pages: &[Page]) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    for page in pages {
        let known = families
            .iter_mut()
            .find(|family| (family.kind, family.name) == (page.kind, page.family));
        match known {
            Some(family) => family.pages.push(page),
            None => families.push(Family {
                kind: page.kind,
                name: page.family,
                pages: vec![page],
            }),
        }
    }
    families
}

impl<'a> Family<'a> {
    fn file(&self) -> String {
        match self.kind == self.name {
            true => format!("{}.md", self.kind),
            false => format!("{}-{}.md", self.kind, self.name),
        }
    }

    fn title(&self) -> String {
        match self.kind == self.name {
            true => KINDS
                .iter()
                .find(|(kind, ..)| *kind == self.kind)
                .map_or(self.kind, |(_, title, _)| title)
                .to_owned(),
            false => format!("{}: {}", self.kind, self.name.replace('-', " ")),
        }
    }

    fn implemented(&self) -> impl Iterator<Item = &'a Page> {
        self.pages.iter().copied().filter(|page| page.implemented)
    }

    fn text(&self) -> String {
        let mut text = format!("{NOTICE}\n\n# {}\n\n", self.title());
        text.push_str("[All rules](README.md)\n\n| rule | level | |\n|---|---|---|\n");
        for page in self.implemented() {
            // A `String` takes everything that is written to it.
            let _ = writeln!(
                text,
                "| [`{id}`](#{anchor}) | {} | {} |",
                page.level,
                prose(&page.purpose).replace('|', "\\|"),
                id = page.id,
                anchor = anchor(page.id),
            );
        }
        for page in self.implemented() {
            text.push('\n');
            text.push_str(&section(page));
        }
        text.push_str(&self.named());
        text
    }

    /// Rules that nothing reports and that a severity file may mention.
    fn named(&self) -> String {
        let named = self.pages.iter().filter(|page| !page.implemented);
        let lines: Vec<String> = named.map(|page| format!("- `{}`", page.id)).collect();
        match lines.is_empty() {
            true => String::new(),
            false => format!(
                "\n## Known by name only\n\nSeverity files may mention these, and nothing reports them.\n\n{}\n",
                lines.join("\n")
            ),
        }
    }
}

fn index(families: &[Family<'_>]) -> String {
    let mut text = format!("{NOTICE}\n\n# Rules\n\n");
    text.push_str("`towpath explain RULE` prints any of them.\n");
    for (kind, title, what) in KINDS {
        // A `String` takes everything that is written to it.
        let _ = write!(
            text,
            "\n## {title}\n\n{what}\n\n| page | rules |\n|---|---:|\n"
        );
        for family in families.iter().filter(|family| family.kind == kind) {
            let file = family.file();
            let name = file.trim_end_matches(".md");
            let _ = writeln!(
                text,
                "| [{name}]({file}) | {} |",
                family.implemented().count()
            );
        }
    }
    text
}

/// What forges make of a heading: letters, digits, `-` and `_`.
fn anchor(id: &str) -> String {
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_');
    id.to_lowercase().chars().filter(is_kept).collect()
}

/// A sentence in which no renderer finds an element: `<` outside of code is written as an entity.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let escaped = parts.map(|(at, part)| match at % 2 {
        0 => part.replace('<', "&lt;"),
        _ => part.to_owned(),
    });
    escaped.collect::<Vec<_>>().join("`")
}
