//! What must hold of every result: places that exist, and reports that can be rendered.

use contract::changelog::{self, Changelog};
use contract::report::{Colour, Format, Help, Report, render};
use contract::{Change, Diff, DiffOptions, Finding, IrregularityKind, Site, Source, diff, pointer};

const FORMATS: [Format; 8] = [
    Format::Human,
    Format::Json,
    Format::Sarif,
    Format::Github,
    Format::Gitlab,
    Format::Junit,
    Format::Markdown,
    Format::Html,
];

/// The comparison of today's rules, with what must hold of it.
pub fn compared(base: &Source, revision: &Source) -> Diff {
    let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
    let found = diff(base, revision, &options);
    check_changes(&found.changes, base, revision);
    found
}

/// Every change has at least one place and each place is what its pointer names; every format renders them.
pub fn check_changes(changes: &[Change], base: &Source, revision: &Source) {
    for change in changes {
        assert!(
            change.base.is_some() || change.revision.is_some(),
            "{} has no place: {}",
            change.id,
            change.message
        );
        assert!(!change.message.is_empty() && change.fingerprint.len() == 16);
        for (site, source) in [(&change.base, base), (&change.revision, revision)] {
            if let Some(site) = site {
                check_site(site, source);
            }
        }
    }
    let help = |_: &str| Some(Help::default());
    check_report(&Report::of_changes(changes, base, revision, &help));
    let log = Changelog::of(changes, None, Some("2"), None);
    assert!(changelog::markdown(&log).ends_with('\n'));
}

/// The same of findings.
pub fn check_findings(findings: &[Finding], source: &Source) {
    for finding in findings {
        assert!(!finding.message.is_empty(), "{}", finding.id);
        check_site(&finding.site, source);
    }
    let help = |_: &str| None;
    check_report(&Report::of_findings(findings, source, &help));
}

fn check_site(site: &Site, source: &Source) {
    let named = pointer::resolve(source.root(), &site.pointer);
    assert!(
        named.is_ok() || has_hidden_nodes(source),
        "nothing is at {}",
        site.pointer
    );
    let position = source.tree.position(site.span.start);
    assert_eq!((site.line, site.column), (position.line, position.column));
    assert!(site.line > 0 && site.column > 0 && site.span.start <= site.span.end);
}

/// Whether a key stands twice in one object: what hangs at the earlier one has no pointer, and an alias may lead there.
pub fn has_hidden_nodes(source: &Source) -> bool {
    let mut odd = source.tree.irregularities().iter();
    odd.any(|odd| matches!(odd.kind, IrregularityKind::DuplicateKey { .. }))
}

fn check_report(report: &Report<'_>) {
    for format in FORMATS {
        let text = render(report, format, Colour::Off);
        let is_json = matches!(format, Format::Json | Format::Sarif | Format::Gitlab);
        if is_json {
            serde_json::from_str::<serde_json::Value>(&text).expect("the report is JSON");
        }
    }
}
