//! A list or report as JSON or CSV, as the caller wants it, and the link to the next page.

use axum::Json;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LINK};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Refusal;

/// Where the API lives.
pub const PREFIX: &str = "/api/v1";

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Json,
    Csv,
}

/// A row of a CSV answer.
pub trait CsvRow {
    const HEADER: &'static [&'static str];

    /// As many cells as the header has.
    fn cells(&self) -> Vec<String>;
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// The `after` of the next page; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> List<T> {
    pub fn of<F: Into<T>>(page: control::Page<F>) -> Self {
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            next: page.next,
        }
    }
}

/// `?format=` decides; else `Accept`, where CSV must be named before any JSON or wildcard.
pub fn wanted(format: Option<Format>, headers: &HeaderMap) -> Format {
    if let Some(format) = format {
        return format;
    }
    let accept = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let first = accept
        .split(',')
        .map(|range| range.split(';').next().unwrap_or_default().trim());
    let mut first = first.filter(|range| {
        matches!(
            *range,
            "text/csv" | "application/json" | "application/*" | "*/*"
        )
    });
    if first.next() == Some("text/csv") {
        Format::Csv
    } else {
        Format::Json
    }
}

/// A page as an answer, with `Link: rel="next"` (RFC 8288) when there is one, so that a CSV reader can go on too.
pub fn list_response<T: Serialize + CsvRow>(
    list: List<T>,
    format: Format,
    uri: &Uri,
) -> Result<Response, Refusal> {
    let next = list.next.clone();
    let mut response = match format {
        Format::Json => Json(list).into_response(),
        Format::Csv => csv_response(&list.items)?,
    };
    if let Some(after) = next {
        let link = format!("<{}>; rel=\"next\"", next_target(uri, &after));
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(LINK, link);
        }
    }
    Ok(response)
}

/// The same list after a cursor. The router has cut [`PREFIX`] off `uri`.
fn next_target(uri: &Uri, after: &str) -> String {
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let mut target = format!("{PREFIX}{}?", uri.path());
    for pair in kept {
        target.push_str(pair);
        target.push('&');
    }
    target.push_str("after=");
    target.push_str(&encode(after));
    target
}

/// RFC 4180 with a header row.
pub fn csv_response<T: CsvRow>(rows: &[T]) -> Result<Response, Refusal> {
    let body = csv_text(rows).map_err(|error| {
        tracing::error!(%error, "an answer could not be written as CSV");
        Refusal::new(
            axum::http::StatusCode::INTERNAL_SERVER_ERROR,
            "csv_failed",
            "Internal error",
            "the answer could not be written as CSV; ask for JSON",
        )
    })?;
    let content_type = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    Ok(([(CONTENT_TYPE, content_type)], body).into_response())
}

/// RFC 4180 with a header row, as text in UTF-8.
pub fn csv_text<T: CsvRow>(rows: &[T]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(T::HEADER)?;
    for row in rows {
        writer.write_record(row.cells())?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// An optional cell; empty when absent.
pub fn cell(value: &Option<impl ToString>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_every_other_parameter() {
        let uri = Uri::from_static("/keys?surface=payments&after=old&limit=2");
        assert_eq!(
            next_target(&uri, "a b"),
            "/api/v1/keys?surface=payments&limit=2&after=a%20b"
        );
        assert_eq!(
            next_target(&Uri::from_static("/keys"), "x"),
            "/api/v1/keys?after=x"
        );
    }

    #[test]
    fn format_follows_query_then_accept() {
        let check = |format: Option<Format>, accept: &'static str, expect: Format| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(wanted(format, &headers), expect, "{format:?} {accept}");
        };
        check(None, "*/*", Format::Json);
        check(None, "text/csv", Format::Csv);
        check(None, "text/csv;q=0.9, */*;q=0.1", Format::Csv);
        check(None, "application/json, text/csv", Format::Json);
        check(Some(Format::Csv), "application/json", Format::Csv);
        check(Some(Format::Json), "text/csv", Format::Json);
        assert_eq!(wanted(None, &HeaderMap::new()), Format::Json);
    }
}
