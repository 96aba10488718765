//! `towpath usage`: exactly who called what, as a table, JSON or CSV.

use web::api::usage::{DeprecatedReport, UsageBy, UsageFigures, UsageReport, UsageRow};

use super::args::{By, Format, Global, UsageArgs};
use super::remote::{Remote, print_csv};
use crate::client::encode;
use crate::failure::Failure;
use crate::output::{self, Align, Table, count, latency, minute, percent};

pub async fn run(global: &Global, args: UsageArgs) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    if args.deprecated {
        return deprecated(&remote, &args).await;
    }
    let report: UsageReport = remote.get(&target(&args)).await?;
    match args.output.format {
        Format::Json => output::print_json(&report),
        Format::Csv => print_csv(&report.rows),
        Format::Human => print_human(&report, args.by),
    }
}

async fn deprecated(remote: &Remote, args: &UsageArgs) -> Result<(), Failure> {
    let target = with_filters(
        format!(
            "/usage/deprecated?limit=10000&since={}",
            encode(&args.since)
        ),
        args,
    );
    let report: DeprecatedReport = remote.get(&target).await?;
    match args.output.format {
        Format::Json => output::print_json(&report),
        Format::Csv => print_csv(&report.rows),
        Format::Human if report.rows.is_empty() => {
            output::note("nobody called a deprecated operation");
            Ok(())
        }
        Format::Human => {
            output::print(&deprecated_table(&report).render(output::Colour::of_stdout()))
        }
    }
}

fn deprecated_table(report: &DeprecatedReport) -> Table {
    let mut table = Table::new(&[
        ("operation", Align::Left),
        ("surface", Align::Left),
        ("consumer", Align::Left),
        ("calls", Align::Right),
        ("last seen", Align::Left),
        ("sunset", Align::Left),
        ("replaced by", Align::Left),
    ]);
    for row in &report.rows {
        table.row(vec![
            format!("{} {}", row.method, row.path),
            row.surface.clone(),
            row.consumer.clone(),
            count(row.calls),
            minute(row.last_seen),
            minute(row.sunset_at),
            output::optional(&row.replaced_by),
        ]);
    }
    table
}

fn target(args: &UsageArgs) -> String {
    let target = format!(
        "/usage?by={}&limit=10000&since={}",
        args.by.as_str(),
        encode(&args.since)
    );
    with_filters(target, args)
}

fn with_filters(mut target: String, args: &UsageArgs) -> String {
    for (name, value) in [
        ("until", &args.until),
        ("surface", &args.surface),
        ("consumer", &args.consumer),
    ] {
        if let Some(value) = value {
            target.push_str(&format!("&{name}={}", encode(value)));
        }
    }
    target
}

fn print_human(report: &UsageReport, by: By) -> Result<(), Failure> {
    if report.rows.is_empty() {
        output::note(&format!(
            "no calls from {} to {}",
            minute(Some(report.since)),
            minute(Some(report.until))
        ));
        return Ok(());
    }
    output::print(&usage_table(report, by).render(output::Colour::of_stdout()))?;

    let applied = report
        .applied_until
        .map_or_else(String::new, |until| format!(", complete until {until}"));
    let days = match report.by {
        UsageBy::Client => ", whole UTC days",
        _ => "",
    };
    output::note(&format!(
        "{} to {}{days}{applied}",
        minute(Some(report.since)),
        minute(Some(report.until))
    ));
    let left_out = report.rows_total.saturating_sub(report.rows.len() as u64);
    if left_out > 0 {
        output::note(&format!(
            "{left_out} less busy rows left out; the total holds them"
        ));
    }
    Ok(())
}

/// The columns that this kind of row has figures for.
fn usage_table(report: &UsageReport, by: By) -> Table {
    let has_surface = matches!(by, By::Operation | By::Key | By::Version);
    let has_consumer = by == By::Key;
    let has_quantiles = report.rows.iter().any(|row| row.figures.p50_us.is_some());

    let mut columns = vec![(by.as_str(), Align::Left)];
    columns.extend(has_surface.then_some(("surface", Align::Left)));
    columns.extend(has_consumer.then_some(("consumer", Align::Left)));
    columns.extend([
        ("calls", Align::Right),
        ("share", Align::Right),
        ("errors", Align::Right),
        ("ours", Align::Right),
    ]);
    match has_quantiles {
        true => columns.extend([("p50", Align::Right), ("p99", Align::Right)]),
        false => columns.extend([("mean", Align::Right), ("max", Align::Right)]),
    }
    columns.push(("last seen", Align::Left));

    let mut table = Table::new(&columns);
    let mut add = |name: String,
                   surface: &Option<String>,
                   consumer: &Option<String>,
                   share: f64,
                   figures: &UsageFigures| {
        let mut cells = vec![name];
        cells.extend(has_surface.then(|| surface.clone().unwrap_or_default()));
        cells.extend(has_consumer.then(|| consumer.clone().unwrap_or_default()));
        let or_dash = |figure: Option<u64>, text: fn(u64) -> String| {
            figure.map_or_else(|| "-".to_owned(), text)
        };
        cells.extend([
            count(figures.calls),
            percent(share),
            or_dash(figures.errors, count),
            or_dash(figures.ours, count),
        ]);
        let (low, high) = match has_quantiles {
            true => (figures.p50_us, figures.p99_us),
            false => (figures.latency_mean_us, figures.latency_max_us),
        };
        cells.extend([or_dash(low, latency), or_dash(high, latency)]);
        cells.push(minute(figures.last_seen));
        table.row(cells);
    };

    for row in &report.rows {
        add(
            row_name(row),
            &row.surface,
            &row.consumer,
            row.share,
            &row.figures,
        );
    }
    add(
        "total".to_owned(),
        &None,
        &None,
        if report.total.calls == 0 { 0.0 } else { 1.0 },
        &report.total,
    );
    table
}

fn row_name(row: &UsageRow) -> String {
    if row.deprecated {
        format!("{} (deprecated)", row.name)
    } else {
        row.name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Colour;

    fn report(json: &str) -> UsageReport {
        serde_json::from_str(json).unwrap()
    }

    const FIGURES: &str = r#""ours":0,"attempts":1,"interrupted":0,"units":0,"bytes_in":0,"bytes_out":0,"latency_mean_us":900,"latency_max_us":2500000"#;

    #[test]
    fn operations_show_quantiles_and_deprecation() {
        let json = format!(
            r#"{{"by":"operation","since":"2026-01-30T00:00:00Z","until":"2026-01-31T00:00:00Z","grain":"minute","rows_total":1,
            "applied_until":null,
            "rows":[{{"id":"op_1","name":"GET /payments","surface":"payments","consumer":null,"operation_id":"listPayments","deprecated":true,"share":1.0,
              "calls":1204,"errors":4,{FIGURES},"p50_us":850,"p95_us":1000,"p99_us":12300,"last_seen":"2026-01-30T09:30:00Z"}}],
            "total":{{"calls":1204,"errors":4,{FIGURES},"p50_us":850,"p95_us":1000,"p99_us":12300,"last_seen":"2026-01-30T09:30:00Z"}}}}"#
        );
        insta::assert_snapshot!(usage_table(&report(&json), By::Operation).render(Colour::Off), @r"
        OPERATION                   SURFACE   CALLS   SHARE  ERRORS  OURS    P50     P99  LAST SEEN
        GET /payments (deprecated)  payments  1,204  100.0%       4     0  850us  12.3ms  2026-01-30 09:30Z
        total                                 1,204  100.0%       4     0  850us  12.3ms  2026-01-30 09:30Z
        ");
    }

    #[test]
    fn consumers_show_mean_and_max() {
        let json = format!(
            r#"{{"by":"consumer","since":"2026-01-30T00:00:00Z","until":"2026-01-31T00:00:00Z","grain":"minute","rows_total":1,
            "applied_until":null,
            "rows":[{{"id":"cons_1","name":"acme","surface":null,"consumer":null,"operation_id":null,"deprecated":false,"share":1.0,
              "calls":7,"errors":0,{FIGURES},"p50_us":null,"p95_us":null,"p99_us":null,"last_seen":null}}],
            "total":{{"calls":7,"errors":0,{FIGURES},"p50_us":null,"p95_us":null,"p99_us":null,"last_seen":null}}}}"#
        );
        insta::assert_snapshot!(usage_table(&report(&json), By::Consumer).render(Colour::Off), @r"
        CONSUMER  CALLS   SHARE  ERRORS  OURS   MEAN    MAX  LAST SEEN
        acme          7  100.0%       0     0  900us  2.50s  -
        total         7  100.0%       0     0  900us  2.50s  -
        ");
    }

    #[test]
    fn clients_show_what_is_held_of_them() {
        const UNHELD: &str = r#""errors":null,"ours":null,"attempts":null,"interrupted":null,"units":null,"bytes_in":null,"bytes_out":null,"latency_mean_us":null,"latency_max_us":null,"p50_us":null,"p95_us":null,"p99_us":null,"last_seen":"2026-01-30T00:00:00Z""#;
        let json = format!(
            r#"{{"by":"client","since":"2026-01-30T00:00:00Z","until":"2026-01-31T00:00:00Z","grain":"day","rows_total":1,
            "applied_until":null,
            "rows":[{{"id":"axios/1.6.8","name":"axios 1.6.8","surface":null,"consumer":null,"operation_id":null,"deprecated":false,"share":1.0,
              "calls":7,{UNHELD}}}],
            "total":{{"calls":7,{UNHELD}}}}}"#
        );
        insta::assert_snapshot!(usage_table(&report(&json), By::Client).render(Colour::Off), @r"
        CLIENT       CALLS   SHARE  ERRORS  OURS  MEAN  MAX  LAST SEEN
        axios 1.6.8      7  100.0%       -     -     -    -  2026-01-30 00:00Z
        total            7  100.0%       -     -     -    -  2026-01-30 00:00Z
        ");
    }
}
