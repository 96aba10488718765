//! The report as one page: no script, no request to anywhere, light and dark, and it prints.

mod article;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use super::entry::{Entry, Scope, Section, gravest, sections};
use super::escape::markup;
use super::model::{Preface, Report, Subject};
use super::wording::{counted, heading, number, repeats_line, summary_line};
use crate::level::{Breaks, Level};
use article::{article, rule_link, with_code};

const STYLE: &str = include_str!("report.css");
/// Past so many a browser takes seconds, and nobody reads on: about 5 MB.
const ENTRIES_MAX: usize = 2000;
/// The list of sections is folded when it is longer than a screen.
const SECTIONS_OPEN_MAX: usize = 12;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = match (&report.preface, report.noun()) {
        (Some(preface), _) => preface.title.as_str(),
        (None, "change") => "Contract changes",
        _ => "Contract findings",
    };
    let entries = report.distinct();
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{sides}",
        title = markup(title),
        sides = sides(report),
    )?;
    if let Some(preface) = &report.preface {
        write_preface(out, preface)?;
    }
    write_counts(out, report, &entries)?;

    let ids = rule_ids(&entries);
    let (entries, left_out) = gravest(entries, ENTRIES_MAX);
    if left_out > 0 {
        writeln!(
            out,
            "<p>The gravest {} are on this page; {} not. The JSON report has all.</p>",
            number(ENTRIES_MAX),
            match left_out {
                1 => "one is".to_owned(),
                count => format!("{} are", number(count)),
            }
        )?;
    }
    let sections = match report.findings() {
        Some(_) => Part::of_findings(report, entries),
        None => Part::of_changes(entries),
    };
    write_filters(out, &sections)?;
    write_contents(out, &sections)?;
    for (index, part) in sections.iter().enumerate() {
        write_part(out, report, index, part)?;
    }
    write_rules(out, report, &ids)?;
    out.write_all(b"</main>\n</body>\n</html>\n")
}

/// A heading with its entries: an operation of a diff, or a rule of lint and score.
struct Part<'a> {
    heading: String,
    /// For the heading as HTML.
    html: String,
    entries: Vec<Entry<'a>>,
}

impl<'a> Part<'a> {
    fn of(section: Section<'a>) -> Self {
        let html = match section.scope {
            Scope::Operation(operation) => {
                let id = match &operation.operation_id {
                    Some(id) => format!(" <small>{}</small>", markup(id)),
                    None => String::new(),
                };
                format!(
                    "<span class=\"method\">{}</span>{}{id}",
                    markup(&operation.method),
                    markup(&operation.path)
                )
            }
            scope => markup(&heading(scope)),
        };
        Self {
            heading: heading(section.scope),
            html,
            entries: section.entries,
        }
    }

    /// By operation; those with what breaks come first.
    fn of_changes(entries: Vec<Entry<'a>>) -> Vec<Self> {
        let mut parts: Vec<Self> = sections(entries).into_iter().map(Self::of).collect();
        parts.sort_by_key(|part| Reverse(part.level_max()));
        parts
    }

    /// By rule, the gravest first, then those that have most to say.
    fn of_findings(report: &Report<'_>, entries: Vec<Entry<'a>>) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        let mut known = HashMap::new();
        for entry in entries {
            let at = *known.entry((entry.id, entry.level)).or_insert(parts.len());
            if at == parts.len() {
                parts.push(Self {
                    heading: entry.id.to_owned(),
                    html: rule_link(report, entry.id),
                    entries: Vec::new(),
                });
            }
            parts[at].entries.push(entry);
        }
        parts.sort_by_key(|part| Reverse((part.level_max(), part.entries.len())));
        parts
    }

    fn level_max(&self) -> Option<Level> {
        self.entries.iter().map(|entry| entry.level).max()
    }

    fn count(&self, level: Level) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.level == level)
            .count()
    }

    /// The class that tells which levels it has when it has no error, so that it goes when they are hidden.
    fn class(&self) -> &'static str {
        let slight = self.count(Level::Info) + self.count(Level::Hint) > 0;
        match (self.count(Level::Error), self.count(Level::Warning), slight) {
            (0, 0, _) => " class=\"levels-info\"",
            (0, _, false) => " class=\"levels-warning\"",
            (0, _, true) => " class=\"levels-warning-info\"",
            _ => "",
        }
    }
}

fn sides(report: &Report<'_>) -> String {
    let name = |file: &str| format!("<code>{}</code>", markup(file));
    let text = match report.subject {
        Subject::Changes { base, revision, .. } => {
            format!("from {} to {}", name(&base.file), name(&revision.file))
        }
        Subject::Findings { source, .. } => name(&source.file),
    };
    format!("<p class=\"sides\">{text}</p>\n")
}

fn write_preface(out: &mut dyn Write, preface: &Preface) -> io::Result<()> {
    out.write_all(b"<ul class=\"counts\">\n")?;
    for (name, value) in &preface.facts {
        writeln!(
            out,
            "<li><strong>{}</strong>{}</li>",
            markup(value),
            markup(name)
        )?;
    }
    out.write_all(b"</ul>\n")?;
    let Some((head, rows)) = preface.table.split_first() else {
        return Ok(());
    };
    let row = |cells: &[String], first: &str, rest: &str| -> String {
        let mut text = String::from("<tr>");
        for (index, cell) in cells.iter().enumerate() {
            let tag = if index == 0 { first } else { rest };
            let name = tag.split(' ').next().unwrap_or(tag);
            text.push_str(&format!("<{tag}>{}</{name}>", markup(cell)));
        }
        text + "</tr>\n"
    };
    let head = row(head, "th scope=\"col\"", "th scope=\"col\"");
    write!(out, "<table>\n<thead>\n{head}</thead>\n<tbody>\n")?;
    for cells in rows {
        out.write_all(row(cells, "th scope=\"row\"", "td").as_bytes())?;
    }
    out.write_all(b"</tbody>\n</table>\n")
}

fn write_counts(out: &mut dyn Write, report: &Report<'_>, entries: &[Entry<'_>]) -> io::Result<()> {
    let summary = report.summary();
    writeln!(out, "<p>{}</p>", markup(&summary_line(report)))?;
    if entries.is_empty() {
        return Ok(());
    }
    if let Some(line) = repeats_line(report, entries.len()) {
        writeln!(out, "<p>{}</p>", markup(&line))?;
    }
    let of = |level: Level| entries.iter().filter(|entry| entry.level == level).count();
    out.write_all(b"<ul class=\"counts\">\n")?;
    for (level, all, singular, plural) in [
        (Level::Error, summary.error, "error", "errors"),
        (Level::Warning, summary.warning, "warning", "warnings"),
        (Level::Info, summary.info, "info", "info"),
        (Level::Hint, summary.hint, "hint", "hints"),
    ] {
        if level == Level::Hint && all == 0 {
            continue;
        }
        let count = of(level);
        let noun = if count == 1 { singular } else { plural };
        let class = if count == 0 { "none" } else { level.as_str() };
        writeln!(
            out,
            "<li class=\"{class}\"><strong>{}</strong>{noun}</li>",
            number(count)
        )?;
    }
    for breaks in [Breaks::Wire, Breaks::Sdk, Breaks::Agent, Breaks::Docs] {
        let count = entries
            .iter()
            .filter(|entry| entry.breaks.contains(&breaks))
            .count();
        if count > 0 {
            let name = breaks.as_str();
            writeln!(
                out,
                "<li><strong>{}</strong>break {name}</li>",
                number(count)
            )?;
        }
    }
    out.write_all(b"</ul>\n")
}

/// Boxes that hide levels, by style alone; only where there is something to tell apart.
fn write_filters(out: &mut dyn Write, parts: &[Part<'_>]) -> io::Result<()> {
    let has = |level| parts.iter().any(|part| part.count(level) > 0);
    let slight = has(Level::Info) || has(Level::Hint);
    if usize::from(has(Level::Error)) + usize::from(has(Level::Warning)) + usize::from(slight) < 2 {
        return Ok(());
    }
    out.write_all(b"<fieldset class=\"tools\"><legend>Show</legend>\n")?;
    for (is_there, id, name) in [
        (has(Level::Warning), "warning", "warnings"),
        (slight, "info", "what is for information"),
    ] {
        if is_there {
            writeln!(
                out,
                "<label><input type=\"checkbox\" id=\"{id}\" checked> {name}</label>"
            )?;
        }
    }
    out.write_all(b"</fieldset>\n")
}

fn write_contents(out: &mut dyn Write, parts: &[Part<'_>]) -> io::Result<()> {
    if parts.len() < 2 {
        return Ok(());
    }
    let open = match parts.len() <= SECTIONS_OPEN_MAX {
        true => " open",
        false => "",
    };
    writeln!(
        out,
        "<nav aria-label=\"Sections\">\n<details{open}><summary>{}</summary>\n<ul>",
        counted(parts.len(), "section")
    )?;
    for (index, part) in parts.iter().enumerate() {
        let errors = part.count(Level::Error);
        let warnings = part.count(Level::Warning);
        let (class, count) = match (errors, warnings) {
            (0, 0) => ("info", format!("{} info", number(part.entries.len()))),
            (0, warnings) => ("warning", counted(warnings, "warning")),
            (errors, _) => ("error", counted(errors, "error")),
        };
        writeln!(
            out,
            "<li{}><a href=\"#part-{index}\">{}</a> <span class=\"{class}\">{count}</span></li>",
            part.class(),
            markup(&part.heading)
        )?;
    }
    out.write_all(b"</ul>\n</details>\n</nav>\n")
}

fn write_part(
    out: &mut dyn Write,
    report: &Report<'_>,
    index: usize,
    part: &Part<'_>,
) -> io::Result<()> {
    let class = part.class();
    let counts: Vec<String> = [
        (Level::Error, "error"),
        (Level::Warning, "warning"),
        (Level::Hint, "hint"),
    ]
    .into_iter()
    .filter(|(level, _)| part.count(*level) > 0)
    .map(|(level, noun)| counted(part.count(level), noun))
    .chain(
        (part.count(Level::Info) > 0).then(|| format!("{} info", number(part.count(Level::Info)))),
    )
    .collect();
    writeln!(
        out,
        "<section{class} id=\"part-{index}\">\n<header><h2>{}</h2><p>{}</p></header>",
        part.html,
        counts.join(", ")
    )?;
    for entry in &part.entries {
        article(out, report, entry)?;
    }
    out.write_all(b"</section>\n")
}

fn rule_ids<'a>(entries: &[Entry<'a>]) -> Vec<&'a str> {
    let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.id).collect();
    ids.into_iter().collect()
}

/// What the rules above are for: once for each rule, not once for each entry.
fn write_rules(out: &mut dyn Write, report: &Report<'_>, ids: &[&str]) -> io::Result<()> {
    let known: Vec<_> = ids
        .iter()
        .filter_map(|id| report.help(id).map(|help| (id, help)))
        .collect();
    if known.is_empty() {
        return Ok(());
    }
    out.write_all(b"<section>\n<header><h2>The rules</h2></header>\n<dl>\n")?;
    for (id, help) in known {
        let id = markup(id);
        writeln!(out, "<dt id=\"rule-{id}\"><code>{id}</code></dt>")?;
        writeln!(out, "<dd>{}</dd>", with_code(&help.purpose))?;
        for (name, text) in [("Why", &help.why), ("Instead", &help.safely)] {
            if !text.is_empty() {
                writeln!(out, "<dd><b>{name}:</b> {}</dd>", with_code(text))?;
            }
        }
    }
    out.write_all(b"</dl>\n</section>\n")
}
