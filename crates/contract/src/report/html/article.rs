//! One change or finding on the page: what, who breaks, and the lines of both sides.

use std::io::{self, Write};

use crate::problem::Excerpt;
use crate::report::entry::{Entry, Place, Side};
use crate::report::escape::markup;
use crate::report::model::Report;
use crate::report::wording::{breaks_text, counted, endpoint, number};

/// Operations that are listed where several share a part.
const OPERATIONS_LISTED: usize = 40;
/// Up to here they are named in place, and past it behind a fold.
const OPERATIONS_IN_PLACE: usize = 3;

/// To what stands at the end of the page about the rule, if anything does.
pub(super) fn rule_link(report: &Report<'_>, id: &str) -> String {
    let is_known = report.help(id).is_some();
    let id = markup(id);
    match is_known {
        true => format!("<a href=\"#rule-{id}\"><code>{id}</code></a>"),
        false => format!("<code>{id}</code>"),
    }
}

pub(super) fn article(
    out: &mut dyn Write,
    report: &Report<'_>,
    entry: &Entry<'_>,
) -> io::Result<()> {
    let level = entry.level.as_str();
    writeln!(
        out,
        "<article class=\"{level}\" id=\"{}\">\n<p class=\"what\"><span class=\"level\">{level}</span> {}</p>",
        markup(&entry.fingerprint),
        with_code(entry.message),
    )?;
    out.write_all(b"<p class=\"meta\">")?;
    if !entry.breaks.is_empty() {
        let breaks = markup(&breaks_text(entry.breaks));
        write!(out, "<span>breaks <b>{breaks}</b></span> ")?;
    }
    if report.findings().is_none() {
        out.write_all(rule_link(report, entry.id).as_bytes())?;
    }
    let pointer = &entry.places[0].site.pointer;
    if !pointer.is_empty() {
        write!(out, " <code>{}</code>", markup(pointer))?;
    }
    out.write_all(b"</p>\n")?;
    if let Some(description) = entry.fix.and_then(|fix| fix.description.as_deref()) {
        let fix = with_code(description);
        writeln!(out, "<p class=\"meta\"><span>fix: {fix}</span></p>")?;
    }
    shared(out, entry)?;

    out.write_all(b"<div class=\"pair\">\n")?;
    // As it is read: what was, and then what is.
    for place in entry.places.iter().rev() {
        figure(out, place)?;
    }
    out.write_all(b"</div>\n</article>\n")
}

fn shared(out: &mut dyn Write, entry: &Entry<'_>) -> io::Result<()> {
    if entry.others.is_empty() {
        return Ok(());
    }
    let count = entry.others.len() + 1;
    if count <= OPERATIONS_IN_PLACE {
        let names: Vec<String> = entry
            .operations()
            .map(|operation| format!("<b>{}</b>", markup(&endpoint(operation))))
            .collect();
        let names = names.join(", ");
        return writeln!(out, "<p class=\"meta\"><span>in {names}</span></p>");
    }
    write!(
        out,
        "<details class=\"shared\"><summary>in {}</summary>\n<ul>\n",
        counted(count, "operation")
    )?;
    for operation in entry.operations().take(OPERATIONS_LISTED) {
        writeln!(out, "<li>{}</li>", markup(&endpoint(operation)))?;
    }
    if count > OPERATIONS_LISTED {
        let rest = number(count - OPERATIONS_LISTED);
        writeln!(out, "<li>and {rest} more</li>")?;
    }
    out.write_all(b"</ul>\n</details>\n")
}

/// What stands between backquotes becomes code.
pub(super) fn with_code(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = markup(part);
        match index % 2 {
            1 => html.extend(["<code>", &part, "</code>"]),
            _ => html.push_str(&part),
        }
    }
    html
}

fn figure(out: &mut dyn Write, place: &Place<'_>) -> io::Result<()> {
    let site = &place.site;
    let excerpt = Excerpt::of(&place.source.tree, site.span);
    // The indent says nothing on its own and costs room on a phone.
    let indent = excerpt.text.chars().take_while(|c| *c == ' ').count() as u32;
    let indent = indent.min(excerpt.mark_start);
    let part = |skip: u32, take: u32| -> String {
        let chars = excerpt.text.chars().skip(skip as usize);
        markup(&chars.take(take as usize).collect::<String>())
    };
    let end = excerpt.mark_start + excerpt.mark_length;
    let (class, side) = match place.side {
        Side::Base => ("old", "<b>base</b> "),
        Side::Revision => ("new", "<b>revision</b> "),
        Side::Only => ("only", ""),
    };
    writeln!(
        out,
        "<figure class=\"{class}\"><figcaption>{side}<code>{}:{}:{}</code></figcaption>\
         <pre>{}<mark>{}</mark>{}</pre></figure>",
        markup(&site.file),
        site.line,
        site.column,
        part(indent, excerpt.mark_start - indent),
        part(excerpt.mark_start, excerpt.mark_length),
        part(end, u32::MAX)
    )
}
