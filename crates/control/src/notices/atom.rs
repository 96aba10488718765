//! The Atom format (RFC 4287) of a feed.

use std::fmt::Write as _;

use super::body::{Footer, html, is_web};
use super::feed::{Entry, Feed};
use super::text::{escaped, rfc3339};

pub fn render(feed: &Feed) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    let url = feed.url("changelog.atom");
    element(&mut out, "id", &feed.urn());
    element(
        &mut out,
        "title",
        &format!("{}: changes", feed.surface_name),
    );
    element(&mut out, "updated", &rfc3339(feed.updated()));
    _ = writeln!(
        out,
        "<author><name>{}</name></author>",
        escaped(&feed.surface_name)
    );
    _ = writeln!(
        out,
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>",
        escaped(&url)
    );
    element(&mut out, "generator", "Towpath");
    for entry in &feed.entries {
        write_entry(&mut out, feed, entry);
    }
    out.push_str("</feed>\n");
    out
}

fn write_entry(out: &mut String, feed: &Feed, entry: &Entry) {
    let message = &entry.message;
    let alternate = match message.guide.as_deref().filter(|guide| is_web(guide)) {
        Some(guide) => guide.to_owned(),
        None => feed.url("changelog.json"),
    };
    out.push_str("<entry>\n");
    element(out, "id", &format!("urn:towpath:notice:{}", message.id));
    element(out, "title", &message.subject());
    element(out, "published", &rfc3339(message.at));
    element(out, "updated", &rfc3339(entry.updated));
    _ = writeln!(
        out,
        "<link rel=\"alternate\" href=\"{}\"/>",
        escaped(&alternate)
    );
    _ = writeln!(
        out,
        "<category term=\"{}\"/>",
        escaped(message.kind.as_str())
    );
    element(out, "summary", &message.lead());
    _ = writeln!(
        out,
        "<content type=\"html\">{}</content>",
        escaped(&html(message, &Footer::default()))
    );
    out.push_str("</entry>\n");
}

fn element(out: &mut String, name: &str, text: &str) {
    _ = writeln!(out, "<{name}>{}</{name}>", escaped(text));
}
