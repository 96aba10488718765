//! The report as a compiler would print it: both source lines of each change, by operation, with a last line that sums up.

use std::io::{self, Write};

use super::entry::{Entry, Place, Side, gravest, sections};
use super::escape::plain;
use super::model::Report;
use super::style::Colour;
use super::wording::{breaks_text, heading, number, operations_text, repeats_line, summary_line};
use crate::problem::Excerpt;

/// An excerpt is shown in at least so many characters, however narrow the terminal.
const EXCERPT_CHARS_MIN: usize = 40;
/// And in at most so many: a longer line is no longer taken in at a glance.
const EXCERPT_CHARS_MAX: usize = 100;
/// Operations that are named where several share a part.
const OPERATIONS_NAMED: usize = 3;

pub(super) fn write(report: &Report<'_>, colour: Colour, out: &mut dyn Write) -> io::Result<()> {
    let entries = report.distinct();
    let distinct = entries.len();
    let (entries, left_out) = match &report.bound {
        Some(bound) => gravest(entries, bound.entries_max),
        None => (entries, 0),
    };
    for section in sections(entries) {
        if report.findings().is_none() {
            writeln!(out, "{}\n", colour.bold(&heading(section.scope)))?;
        }
        for entry in &section.entries {
            write_entry(out, entry, report.columns, colour)?;
            writeln!(out)?;
        }
    }

    writeln!(out, "{}", summary_line(report))?;
    if let Some(line) = repeats_line(report, distinct) {
        writeln!(out, "{line}")?;
    }
    if let (Some(bound), true) = (&report.bound, left_out > 0) {
        let (shown, all) = (number(bound.entries_max), number(distinct));
        let remedy = bound.remedy;
        writeln!(out, "the gravest {shown} of {all} are shown: {remedy}")?;
    }
    Ok(())
}

fn write_entry(
    out: &mut dyn Write,
    entry: &Entry<'_>,
    columns: usize,
    colour: Colour,
) -> io::Result<()> {
    let label = format!("{}[{}]", entry.level.as_str(), plain(entry.id));
    let message = colour.bold(&format!(": {}", plain(entry.message)));
    writeln!(out, "{}{message}", colour.level(entry.level, &label))?;

    let digits = entry
        .places
        .iter()
        .map(|place| place.site.line.to_string().len())
        .max()
        .unwrap_or(1);
    let margin = " ".repeat(digits);
    for (index, place) in entry.places.iter().enumerate() {
        let arrow = match index {
            0 => "-->",
            _ => ":::",
        };
        write_place(out, place, &margin, arrow, columns, colour)?;
    }

    let note = |name: &str| format!("{margin} {}", colour.frame(&format!("= {name}:")));
    if !entry.breaks.is_empty() {
        writeln!(out, "{} {}", note("breaks"), breaks_text(entry.breaks))?;
    }
    // As many as fit beside the margin, and one at least.
    let room = columns.saturating_sub(margin.len() + "  = in: ".len());
    let fits = |text: &String| text.chars().count() <= room;
    let operations = (2..=OPERATIONS_NAMED)
        .rev()
        .filter_map(|named| operations_text(entry, named))
        .find(fits);
    if let Some(operations) = operations.or_else(|| operations_text(entry, 1)) {
        writeln!(out, "{} {operations}", note("in"))?;
    }
    let pointer = &entry.places[0].site.pointer;
    if !pointer.is_empty() {
        writeln!(out, "{} {}", note("at"), plain(pointer))?;
    }
    if let Some(description) = entry.fix.and_then(|fix| fix.description.as_deref()) {
        writeln!(out, "{} {}", note("fix"), plain(description))?;
    }
    Ok(())
}

fn write_place(
    out: &mut dyn Write,
    place: &Place<'_>,
    margin: &str,
    arrow: &str,
    columns: usize,
    colour: Colour,
) -> io::Result<()> {
    let site = &place.site;
    let side = match place.side.label() {
        Some(label) => format!(" ({label})"),
        None => String::new(),
    };
    // The margin, a bar between spaces, and an ellipsis at each end.
    let room = columns.saturating_sub(margin.len() + 5);
    let room = room.clamp(EXCERPT_CHARS_MIN, EXCERPT_CHARS_MAX);
    let excerpt = Excerpt::within(&place.source.tree, site.span, room);
    let mark = match place.side {
        Side::Base => "-",
        Side::Revision | Side::Only => "^",
    };
    let mark = mark.repeat(excerpt.mark_length as usize);
    let indent = " ".repeat(excerpt.mark_start as usize);
    let line = format!("{:>width$} |", site.line, width = margin.len());
    let bar = colour.frame(&format!("{margin} |"));

    writeln!(
        out,
        "{margin}{} {}:{}:{}{side}",
        colour.frame(arrow),
        plain(&site.file),
        site.line,
        site.column
    )?;
    writeln!(out, "{bar}")?;
    let text = excerpt.text.trim_end();
    writeln!(out, "{} {text}", colour.frame(&line))?;
    writeln!(out, "{bar} {indent}{}", colour.frame(&mark))
}
