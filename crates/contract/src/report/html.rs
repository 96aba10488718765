//! The report as one page: no script, no request to anywhere, light and dark, and it prints.

use std::fmt::Write as _;

use super::escape::markup;
use super::human::{breaks_text, heading, summary_line};
use super::model::{Entry, Place, Report, Side};
use crate::problem::Excerpt;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5b6570;--paper:#fff;--line:#d8dee4;--code:#f4f6f8;\
--error:#b42318;--warning:#8a5a00;--info:#175cd3;--hint:#4b5563}\
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#9aa5b1;--paper:#14171a;--line:#2f363d;--code:#1d2226;\
--error:#ff8a80;--warning:#f5c04e;--info:#84b6ff;--hint:#a8b3bf}}\
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:70rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}\
article{margin:1rem 0;padding-left:.75rem;border-left:4px solid var(--line);break-inside:avoid}\
article p{margin:.1rem 0}.error{border-color:var(--error)}.warning{border-color:var(--warning)}.info{border-color:var(--info)}.hint{border-color:var(--hint)}\
.error b{color:var(--error)}.warning b{color:var(--warning)}.info b{color:var(--info)}.hint b{color:var(--hint)}\
code,pre{font:13px/1.5 ui-monospace,monospace}small,.where{color:var(--soft)}\
pre{background:var(--code);margin:.25rem 0;padding:.4rem .6rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}\
mark{background:none;color:inherit;text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}\
@media print{body{max-width:none;margin:0;font-size:11pt}:root{color-scheme:light}}";

pub(super) fn render(report: &Report<'_>) -> String {
    let title = match report.noun() {
        "change" => "Contract changes",
        _ => "Contract findings",
    };
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p>{}</p>\n",
        markup(&summary_line(report))
    );
    for (operation, entries) in report.groups() {
        if report.findings().is_none() {
            let _ = writeln!(text, "<h2>{}</h2>", markup(&heading(operation)));
        }
        for entry in entries {
            article(&mut text, entry);
        }
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

fn article(text: &mut String, entry: &Entry<'_>) {
    let level = entry.level.as_str();
    let _ = writeln!(
        text,
        "<article class=\"{level}\" id=\"{}\">\n<p><b>{level}</b> {} <small><code>{}</code></small></p>",
        markup(&entry.fingerprint),
        message(entry.message),
        markup(entry.id)
    );
    if !entry.breaks.is_empty() {
        let _ = writeln!(
            text,
            "<p>Breaks: {}</p>",
            markup(&breaks_text(entry.breaks))
        );
    }
    for place in &entry.places {
        snippet(text, place);
    }
    text.push_str("</article>\n");
}

/// What stands between backquotes becomes code.
fn message(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = markup(part);
        let _ = match index % 2 {
            1 => write!(html, "<code>{part}</code>"),
            _ => write!(html, "{part}"),
        };
    }
    html
}

fn snippet(text: &mut String, place: &Place<'_>) {
    let site = &place.site;
    let excerpt = Excerpt::of(&place.source.tree, site.span);
    let part = |skip: u32, take: u32| -> String {
        let chars = excerpt.text.chars().skip(skip as usize);
        markup(&chars.take(take as usize).collect::<String>())
    };
    let end = excerpt.mark_start + excerpt.mark_length;
    let side = match place.side {
        Side::Base => "base ",
        Side::Revision => "revision ",
        Side::Only => "",
    };
    let _ = writeln!(
        text,
        "<p class=\"where\">{side}<code>{}:{}:{}</code></p>\n<pre>{}<mark>{}</mark>{}</pre>",
        markup(&site.file),
        site.line,
        site.column,
        part(0, excerpt.mark_start),
        part(excerpt.mark_start, excerpt.mark_length),
        part(end, u32::MAX)
    );
}
