//! Pages without an admin token: feeds, calendars, status files, banners, and the way to unsubscribe.

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use control::notices::statuspage::StatusFile;
use control::{PageBody, PublicPage};
use serde::Deserialize;

use crate::app::App;
use crate::extract::{Params, Segments};
use crate::guard::bearer;
use crate::problem::Refusal;

/// A minute is short against every date, and long against a reader that asks too often.
const PUBLIC: &str = "public, max-age=60";
const PRIVATE: &str = "private, max-age=60";

/// Every route of this file.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/feeds/{surface}/{file}", get(surface_feed))
        .route("/feeds/key/{surface}/{file}", get(key_feed))
        .route("/feeds/token/{token}/{file}", get(token_feed))
        .route("/status/{surface}/api/v2/{file}", get(status_file))
        .route(
            "/status/{surface}/api/v2/{folder}/{file}",
            get(status_file_below),
        )
        .route("/rollouts/{surface}/banner.json", get(banner))
        .route("/unsubscribe", get(unsubscribe_page).post(unsubscribe))
}

/// What was told to everyone.
async fn surface_feed(
    State(app): State<App>,
    Segments((surface, file)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let page = feed_page(&file)?;
    let body = app.control()?.public_page(&surface, page).await?;
    Ok(answer(body, PUBLIC, &headers))
}

/// What touches the holder of an API key of the surface.
async fn key_feed(
    State(app): State<App>,
    Segments((surface, file)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let page = feed_page(&file)?;
    let key = credential(&headers).ok_or_else(no_key)?;
    let found = app.control()?.page_by_key(&surface, key, page).await?;
    let mut response = answer(found.ok_or_else(no_key)?, PRIVATE, &headers);
    let vary = HeaderValue::from_static("authorization, x-api-key");
    response.headers_mut().insert(VARY, vary);
    Ok(response)
}

/// The same for readers that cannot send a key.
async fn token_feed(
    State(app): State<App>,
    Segments((token, file)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let page = feed_page(&file)?;
    let found = app.control()?.page_by_token(&token, page).await?;
    Ok(answer(found.ok_or_else(not_found)?, PRIVATE, &headers))
}

async fn status_file(
    State(app): State<App>,
    Segments((surface, file)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    status_page(&app, &surface, &file, &headers).await
}

async fn status_file_below(
    State(app): State<App>,
    Segments((surface, folder, file)): Segments<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    status_page(&app, &surface, &format!("{folder}/{file}"), &headers).await
}

async fn status_page(
    app: &App,
    surface: &str,
    file: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let file = match file {
        "summary.json" => StatusFile::Summary,
        "status.json" => StatusFile::Status,
        "components.json" => StatusFile::Components,
        "incidents.json" => StatusFile::Incidents,
        "incidents/unresolved.json" => StatusFile::Unresolved,
        "scheduled-maintenances.json" => StatusFile::Maintenances,
        "scheduled-maintenances/upcoming.json" => StatusFile::Upcoming,
        "scheduled-maintenances/active.json" => StatusFile::Active,
        _ => return Err(not_found()),
    };
    let page = PublicPage::Status(file);
    let body = app.control()?.public_page(surface, page).await?;
    Ok(answer(body, PUBLIC, headers))
}

async fn banner(
    State(app): State<App>,
    Segments(surface): Segments<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let body = app
        .control()?
        .public_page(&surface, PublicPage::Banner)
        .await?;
    Ok(answer(body, PUBLIC, &headers))
}

fn feed_page(file: &str) -> Result<PublicPage, Refusal> {
    match file {
        "changelog.atom" => Ok(PublicPage::Atom),
        "changelog.json" => Ok(PublicPage::JsonFeed),
        "calendar.ics" => Ok(PublicPage::Calendar),
        "changes.json" => Ok(PublicPage::Agent),
        _ => Err(not_found()),
    }
}

/// `Authorization: Bearer KEY` or `X-Api-Key: KEY`.
fn credential(headers: &HeaderMap) -> Option<&[u8]> {
    let given = headers.get(AUTHORIZATION);
    let key = given.and_then(|value| bearer(value.as_bytes()));
    key.or_else(|| headers.get("x-api-key").map(HeaderValue::as_bytes))
}

/// The page, or 304 where the reader has it (RFC 9110 section 13.1.2).
fn answer(page: PageBody, caching: &'static str, headers: &HeaderMap) -> Response {
    let tag = HeaderValue::from_str(&page.tag).ok();
    let known = headers.get_all(IF_NONE_MATCH).iter().any(|value| {
        let text = value.to_str().unwrap_or_default();
        text.split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag == page.tag)
    });
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => {
            let kind = HeaderValue::from_static(page.content_type);
            ([(CONTENT_TYPE, kind)], page.body).into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
    response
}

/// The query of an unsubscribe link.
#[derive(Debug, Deserialize)]
struct UnsubscribeParams {
    token: String,
}

/// Asks first: mail scanners follow links.
async fn unsubscribe_page(
    State(app): State<App>,
    Params(params): Params<UnsubscribeParams>,
) -> Result<Response, Refusal> {
    let address = app.control()?.unsubscribing(&params.token)?;
    let address = address.ok_or_else(not_found)?;
    Ok(html(&format!(
        "<p>Stop invitations and reminders to {}?</p>\n\
         <p>Notices about the service itself, such as the end of something you use, still go there.</p>\n\
         <form method=\"post\"><button>Unsubscribe</button></form>",
        escaped(&address)
    )))
}

/// One click, by a person or by their mail program (RFC 8058 section 3.2); the body says nothing more.
async fn unsubscribe(
    State(app): State<App>,
    Params(params): Params<UnsubscribeParams>,
) -> Result<Response, Refusal> {
    let done = app.control()?.unsubscribe(&params.token).await?;
    let done = done.ok_or_else(not_found)?;
    Ok(html(&format!(
        "<p>{} gets no more invitations and reminders.</p>",
        escaped(&done.address)
    )))
}

fn html(body: &str) -> Response {
    let policy = HeaderValue::from_static(
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Unsubscribe</title>\n<main>\n{body}\n</main>\n</html>\n"
    );
    ([(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn no_key() -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "key_refused",
        "Key missing or wrong",
        "send an API key of this surface as `Authorization: Bearer <key>` or `X-Api-Key: <key>`",
    )
}

fn not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "path_unknown",
        "Not found",
        "nothing is here; a link of an earlier mail may have been replaced by a newer one",
    )
}
