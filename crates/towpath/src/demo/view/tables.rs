//! The tables of the live view, each in a given width and number of rows.

use std::fmt::Display;

use super::frame::{DeprecatedRow, Frame, latency, ratio};
use super::text::{Line, Style, bar, columns};
use crate::output;

/// A title and at most `rows - 1` consumers.
pub fn consumers(frame: &Frame, rows: usize, width: usize) -> Vec<Line> {
    const NAME: usize = 20;
    const KIND: usize = 11;
    const BAR: usize = 12;
    // Calls, share, errors, calls a second: right-aligned figures.
    const FIGURES: [usize; 4] = [9, 8, 8, 9];
    let figures: usize = FIGURES.iter().sum();
    let with_bar = width >= 1 + NAME + KIND + BAR + figures + 18;
    let bar_width = if with_bar { BAR } else { 0 };
    let last_width = width.saturating_sub(1 + NAME + KIND + bar_width + figures + 2);

    let names = frame.consumers.iter().map(|row| row.name.as_str());
    let title = title("CONSUMERS", names, frame.consumers_registered);
    let mut header = Line::new()
        .plain(" ")
        .left(Style::Bold, &title, NAME + KIND + bar_width);
    for (name, width) in ["calls", "share", "errors", "calls/s"].iter().zip(FIGURES) {
        header = header.right(Style::Dim, name, width);
    }
    header = header
        .plain("  ")
        .left(Style::Dim, "last operation", last_width);

    let busiest = frame
        .consumers
        .first()
        .map_or(1.0, |row| row.share.max(f64::MIN_POSITIVE));
    let rendered = frame.consumers.iter().map(|row| {
        let errors = ratio(row.errors, row.calls);
        let quiet = row.calls_per_second < 0.05;
        let mut line = Line::new()
            .plain(" ")
            .left(
                if row.name.starts_with('(') {
                    Style::Warning
                } else {
                    Style::Plain
                },
                &row.name,
                NAME,
            )
            .left(Style::Dim, &row.kind, KIND);
        if with_bar {
            line = line.left(Style::Accent, &bar(row.share / busiest, BAR - 2), BAR);
        }
        line.right(Style::Plain, &output::count(row.calls), FIGURES[0])
            .right(Style::Plain, &output::percent(row.share), FIGURES[1])
            .right(
                if errors >= 0.2 {
                    Style::Bad
                } else {
                    Style::Plain
                },
                &output::percent(errors),
                FIGURES[2],
            )
            .right(
                if quiet { Style::Dim } else { Style::Plain },
                &per_second(row.calls_per_second),
                FIGURES[3],
            )
            .plain("  ")
            .left(Style::Dim, &row.last, last_width)
    });
    titled(header, rendered, rows)
}

/// A title and at most `rows - 1` operations.
pub fn operations(frame: &Frame, rows: usize, width: usize) -> Vec<Line> {
    // Calls, errors, p50, p99.
    const FIGURES: [usize; 4] = [9, 8, 9, 9];
    const MARK: usize = 12;
    let figures: usize = FIGURES.iter().sum();
    let name_width = width.saturating_sub(1 + figures + 2 + MARK).clamp(24, 44);

    let names = frame.operations.iter().map(|row| row.name.as_str());
    let title = title("OPERATIONS", names, frame.operations_known);
    let mut header = Line::new().plain(" ").left(Style::Bold, &title, name_width);
    for (name, width) in ["calls", "errors", "p50", "p99"].iter().zip(FIGURES) {
        header = header.right(Style::Dim, name, width);
    }

    let rendered = frame.operations.iter().map(|row| {
        let errors = ratio(row.errors, row.calls);
        let reserved = row.name.starts_with('(');
        let mark = if row.deprecated { "deprecated" } else { "" };
        Line::new()
            .plain(" ")
            .left(
                if reserved || row.deprecated {
                    Style::Warning
                } else {
                    Style::Plain
                },
                &row.name,
                name_width,
            )
            .right(Style::Plain, &output::count(row.calls), FIGURES[0])
            .right(
                if errors >= 0.2 && !reserved {
                    Style::Bad
                } else {
                    Style::Plain
                },
                &output::percent(errors),
                FIGURES[1],
            )
            .right(Style::Plain, &latency(row.p50_us), FIGURES[2])
            .right(Style::Plain, &latency(row.p99_us), FIGURES[3])
            .plain("  ")
            .left(Style::Warning, mark, MARK)
    });
    titled(header, rendered, rows)
}

/// `OPERATIONS  24 of 25, 2 others`: how many of the known have a row, and how many rows are for what is not known, such
/// as `(unmatched)`.
fn title<'a>(noun: &str, names: impl Iterator<Item = &'a str>, known: impl Display) -> String {
    let (others, seen): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with('('));
    let (seen, others) = (seen.len(), others.len());
    match others {
        0 => format!("{noun}  {seen} of {known}"),
        1 => format!("{noun}  {seen} of {known}, 1 other"),
        _ => format!("{noun}  {seen} of {known}, {others} others"),
    }
}

/// The header, the rows that fit, and how many did not.
fn titled(header: Line, rendered: impl ExactSizeIterator<Item = Line>, rows: usize) -> Vec<Line> {
    let count = rendered.len();
    let room = rows.saturating_sub(1);
    let shown = if count > room {
        room.saturating_sub(1)
    } else {
        count
    };
    let mut lines = vec![header];
    lines.extend(rendered.take(shown));
    if shown < count {
        lines.push(Line::new().with(Style::Dim, format!(" … and {} more", count - shown)));
    }
    lines
}

/// A title, a row for each deprecated operation that is still called, and a gap; nothing when none is.
pub fn deprecated(rows: &[DeprecatedRow], notices: u64, width: usize) -> Vec<Line> {
    if rows.is_empty() {
        return Vec::new();
    }
    const OPERATION: usize = 26;
    const SUNSET: usize = 24;
    const SUCCESSOR: usize = 25;
    let with_successor = width >= 1 + OPERATION + SUNSET + SUCCESSOR + 30;
    let successor_width = if with_successor { SUCCESSOR } else { 0 };
    let callers_width = width.saturating_sub(1 + OPERATION + SUNSET + successor_width);

    let mut header = Line::new()
        .plain(" ")
        .left(Style::Bold, "STILL CALLED, DEPRECATED", OPERATION)
        .left(Style::Dim, "stops answering", SUNSET);
    if with_successor {
        header = header.left(Style::Dim, "instead", SUCCESSOR);
    }
    let told = format!("by   ({} answers told them)", output::count(notices));
    let mut lines = vec![header.left(Style::Dim, &told, callers_width)];
    lines.extend(rows.iter().map(|row| {
        let sunset = match (&row.sunset, row.days_left) {
            (Some(sunset), Some(days)) => format!("{sunset}, {days} days"),
            (Some(sunset), None) => sunset.clone(),
            (None, _) => "no date".to_owned(),
        };
        let mut line = Line::new()
            .plain(" ")
            .left(Style::Warning, &row.operation, OPERATION)
            .left(Style::Plain, &sunset, SUNSET);
        if with_successor {
            line = line.left(
                Style::Good,
                row.replaced_by.as_deref().unwrap_or("-"),
                SUCCESSOR,
            );
        }
        line.left(Style::Plain, &callers(row, callers_width), callers_width)
    }));
    lines.push(Line::new());
    lines
}

/// As many callers as fit in `width`, and how many others there are.
fn callers(row: &DeprecatedRow, width: usize) -> String {
    let mut text = String::new();
    for (index, (name, calls)) in row.callers.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        let piece = format!("{separator}{name} {}", output::count(*calls));
        let others = row.consumers.saturating_sub(index as u64 + 1);
        let reserve = if others == 0 {
            0
        } else {
            format!(" +{others}").len()
        };
        if index > 0 && columns(&text) + columns(&piece) + reserve > width {
            break;
        }
        text.push_str(&piece);
    }
    let shown = text.matches(", ").count() as u64 + u64::from(!text.is_empty());
    match row.consumers.saturating_sub(shown) {
        0 => text,
        others => format!("{text} +{others}"),
    }
}

fn per_second(rate: f64) -> String {
    match rate {
        rate if rate < 0.05 => "idle".to_owned(),
        rate if rate < 9.95 => format!("{rate:.1}"),
        rate => format!("{rate:.0}"),
    }
}
