//! `/`, `/healthz` and `/readyz`: what a person or a supervisor sees without a token.

use std::fmt::Write as _;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use crate::app::App;

/// The process runs and answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// What `/readyz` says.
#[derive(Serialize)]
struct Ready {
    ready: bool,
    gateway: bool,
    database: bool,
}

/// Ready is the gateway alone: traffic flows with the database down, and a supervisor that took the
/// node out for that would make an outage of it. `database` is there to read.
pub async fn readyz(State(app): State<App>) -> Response {
    let gateway = (app.config().gateway_report)().accepting;
    let database = match app.control() {
        Ok(control) => control.health().await.is_ready(),
        Err(_) => false,
    };
    let status = if gateway {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(Ready {
            ready: gateway,
            gateway,
            database,
        }),
    )
        .into_response()
}

/// A plain page without script or style: the surfaces and where to go on.
pub async fn index(State(app): State<App>) -> Response {
    let config = app.config();
    let scheme = if config.gateway_tls { "https" } else { "http" };
    let mut html = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Towpath</title>\n<main>\n<h1>Towpath</h1>\n",
    );
    _ = writeln!(
        html,
        "<p>Consumers call <code>{scheme}://{}</code>.</p>",
        config.gateway_addr
    );
    html.push_str("<h2>Surfaces</h2>\n");
    html.push_str(&surfaces_html(&app).await);
    html.push_str(
        "<h2>More</h2>\n<ul>\n<li><a href=\"/api/v1/openapi.json\">Contract of the admin API</a> (OpenAPI 3.1)\n\
         <li><a href=\"/healthz\">Health</a>, <a href=\"/readyz\">readiness</a>, <a href=\"/metrics\">metrics</a>\n\
         <li><code>towpath usage --by operation</code> shows who calls what\n</ul>\n</main>\n</html>\n",
    );

    let mut response = Html(html).into_response();
    let policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

async fn surfaces_html(app: &App) -> String {
    let Ok(control) = app.control() else {
        return "<p>The state is not open at the moment. Traffic goes on.</p>\n".to_owned();
    };
    let page = control::PageRequest::first(control::PageRequest::LIMIT_MAX);
    let Ok(surfaces) = control.list_surfaces(&page).await else {
        return "<p>The database does not answer at the moment. Traffic goes on.</p>\n".to_owned();
    };
    if surfaces.items.is_empty() {
        return "<p>None yet. Start with <code>towpath up --contract openapi.yaml --upstream URL --surface NAME</code>.</p>\n"
            .to_owned();
    }

    let mut html = String::from("<ul>\n");
    for surface in surfaces.items {
        let contract = match &surface.contract {
            Some(contract) => format!(
                "{} {}, {} operations",
                contract.title, contract.version, contract.operations
            ),
            None => "no contract yet".to_owned(),
        };
        let place = format!(
            "{}{}",
            surface.settings.hosts.join(", "),
            surface.settings.path_prefix
        );
        let place = if place.is_empty() {
            "every host".to_owned()
        } else {
            place
        };
        let name = escape(&surface.settings.name);
        _ = writeln!(
            html,
            "<li><b>{name}</b> ({}): {}",
            escape(&place),
            escape(&contract)
        );
    }
    html.push_str("</ul>\n");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
