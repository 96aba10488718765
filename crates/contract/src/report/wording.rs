//! Sentences that several formats share: headings, counts, who breaks.

use super::entry::{Entry, Scope};
use super::escape::plain;
use super::model::{Report, Summary};
use crate::change::ChangedOperation;
use crate::level::Breaks;

pub(super) fn heading(scope: Scope<'_>) -> String {
    match scope {
        Scope::Contract => "The whole contract".to_owned(),
        Scope::Several => "Shared by several operations".to_owned(),
        Scope::Operation(operation) => {
            let name = match &operation.operation_id {
                Some(id) => format!(" ({})", plain(id)),
                None => String::new(),
            };
            format!("{}{name}", endpoint(operation))
        }
    }
}

/// `GET /payments`.
pub(super) fn endpoint(operation: &ChangedOperation) -> String {
    format!("{} {}", plain(&operation.method), plain(&operation.path))
}

/// `2 errors, 1 warning, 3 info in 4 operations`; lint names its hints too.
pub(super) fn summary_line(report: &Report<'_>) -> String {
    let summary = report.summary();
    if summary == Summary::default() {
        return format!("no {}s", report.noun());
    }
    let mut parts = vec![
        counted(summary.error, "error"),
        counted(summary.warning, "warning"),
        format!("{} info", number(summary.info)),
    ];
    if summary.hint > 0 {
        parts.push(counted(summary.hint, "hint"));
    }
    let scope = match report.operations() {
        0 => String::new(),
        operations => format!(" in {}", counted(operations, "operation")),
    };
    format!("{}{scope}", parts.join(", "))
}

/// How often the same is told, where it is told more than once; `None` where every change is one of its own.
pub(super) fn repeats_line(report: &Report<'_>, distinct: usize) -> Option<String> {
    let summary = report.summary();
    let rows = summary.error + summary.warning + summary.info + summary.hint;
    (distinct < rows).then(|| {
        format!(
            "{}: what operations share is told once and counts for each",
            counted(distinct, "distinct change")
        )
    })
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{} {noun}s", number(count)),
    }
}

/// With a comma between thousands.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `wire, sdk`.
pub(super) fn breaks_text(breaks: &[Breaks]) -> String {
    let names: Vec<&str> = breaks.iter().map(|breaks| breaks.as_str()).collect();
    names.join(", ")
}

/// `384 operations, such as GET /a, GET /b`; `None` for an entry of one operation.
pub(super) fn operations_text(entry: &Entry<'_>, named: usize) -> Option<String> {
    if entry.others.is_empty() {
        return None;
    }
    let count = entry.others.len() + 1;
    let names: Vec<String> = entry.operations().take(named).map(endpoint).collect();
    let such_as = if count > named { ", such as " } else { ": " };
    Some(format!(
        "{}{such_as}{}",
        counted(count, "operation"),
        names.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn thousands_are_parted() {
        for (given, expect) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(given), expect);
        }
    }
}
