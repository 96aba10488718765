//! What the imports of consumers and keys share.

use web::api::ImportReport;

/// A JSON array starts with a bracket; a CSV header cannot.
pub fn content_type_of(text: &str) -> &'static str {
    if text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with(['[', '{'])
    {
        "application/json"
    } else {
        "text/csv"
    }
}

pub fn import_text(report: &ImportReport) -> String {
    format!(
        "created {}, updated {}, unchanged {}\n",
        report.created, report.updated, report.unchanged
    )
}
