//! `/metrics` in the Prometheus text format: a bounded set of series, no consumer and no key in a label.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::IntoResponse;

use crate::app::{App, Figure, FigureKind};

pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let report = (app.config().gateway_report)();
    let mut figures = report.figures;
    let uptime_s = (app.now().0 - app.started_at().0).max(0) / adoption::Micros::PER_SECOND;
    figures.push(gauge(
        "accepting",
        "1 while the gateway accepts connections.",
        u64::from(report.accepting),
    ));
    figures.push(gauge(
        "uptime_seconds",
        "Seconds since the start.",
        uptime_s as u64,
    ));

    if let Ok(control) = app.control() {
        let health = control.health().await;
        figures.push(gauge(
            "database_up",
            "1 while the database answers.",
            u64::from(health.database),
        ));
        figures.push(gauge(
            "snapshot_generation",
            "Generation of the published snapshot.",
            health.generation,
        ));
        figures.push(gauge(
            "journal_streams_damaged",
            "Journal streams with damaged records.",
            health.streams_damaged,
        ));
        if let Some(lag_ms) = health.usage_lag_ms {
            figures.push(gauge(
                "usage_lag_milliseconds",
                "How far usage figures are behind the journal.",
                lag_ms,
            ));
        }
    } else {
        figures.push(gauge("database_up", "1 while the database answers.", 0));
    }

    let content_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, content_type)], text(&figures))
}

const fn gauge(name: &'static str, help: &'static str, value: u64) -> Figure {
    Figure {
        name,
        help,
        kind: FigureKind::Gauge,
        label: None,
        value,
    }
}

fn text(figures: &[Figure]) -> String {
    let mut text = String::new();
    let mut last = "";
    for figure in figures {
        if figure.name != last {
            let kind = match figure.kind {
                FigureKind::Counter => "counter",
                FigureKind::Gauge => "gauge",
            };
            _ = writeln!(text, "# HELP towpath_{} {}", figure.name, figure.help);
            _ = writeln!(text, "# TYPE towpath_{} {kind}", figure.name);
            last = figure.name;
        }
        match figure.label {
            Some((name, value)) => {
                _ = writeln!(
                    text,
                    "towpath_{}{{{name}=\"{value}\"}} {}",
                    figure.name, figure.value
                )
            }
            None => _ = writeln!(text, "towpath_{} {}", figure.name, figure.value),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_one_name_share_their_header() {
        let answers = |value, class| Figure {
            name: "answers_total",
            help: "Answers by status class.",
            kind: FigureKind::Counter,
            label: Some(("class", class)),
            value,
        };
        insta::assert_snapshot!(text(&[answers(5, "2xx"), answers(1, "5xx"), gauge("up", "1.", 1)]), @r#"
        # HELP towpath_answers_total Answers by status class.
        # TYPE towpath_answers_total counter
        towpath_answers_total{class="2xx"} 5
        towpath_answers_total{class="5xx"} 1
        # HELP towpath_up 1.
        # TYPE towpath_up gauge
        towpath_up 1
        "#);
    }
}
