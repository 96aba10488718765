//! The live view: a pure function from what is known now to the lines on the screen.

mod frame;
mod rollout;
mod tables;
mod text;

use std::time::Duration;

use crate::output::{self, Colour};
pub use frame::{ConsumerRow, DeprecatedRow, Frame, Meter, OperationRow, Size};
use frame::{latency, ratio};
use tables::{consumers, deprecated, operations};
use text::{Line, Style, sparkline};

/// From here on, consumers and operations stand side by side: twice what each needs.
const WIDE_COLUMNS: usize = 190;

/// The lines of a drawing, at most `size.rows` of them on the screen: a command longer than a row wraps by itself,
/// so that it is one line when it is copied.
pub fn draw(frame: &Frame, size: Size, colour: Colour) -> Vec<String> {
    // The last column stays free: terminals differ in what a full row does to the cursor.
    let width = size.columns.saturating_sub(1);
    let head = head(frame, size, width, colour);
    let head_rows: usize = head.iter().map(|line| rows_of(line, size.columns)).sum();

    let foot = foot(frame);
    let room = size.rows.saturating_sub(head_rows + foot.len());
    let body = body(frame, room, width);

    let mut lines = head;
    lines.extend(
        body.into_iter()
            .chain(foot)
            .map(|line| line.fitted(width).render(colour)),
    );
    lines
}

/// Rows that a rendered line takes.
fn rows_of(line: &str, columns: usize) -> usize {
    columns_of(line).max(1).div_ceil(columns.max(1))
}

/// Columns that a rendered line takes: its characters without the escape sequences.
pub fn columns_of(line: &str) -> usize {
    let mut visible = 0;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\u{1b}' => _ = characters.by_ref().find(char::is_ascii_alphabetic),
            _ => visible += 1,
        }
    }
    visible
}

fn head(frame: &Frame, size: Size, width: usize, colour: Colour) -> Vec<String> {
    let clock = match frame.left {
        Some(left) => format!("{}, {} left", clock(frame.elapsed), clock_of(left)),
        None => clock(frame.elapsed),
    };
    let title = Line::new()
        .with(Style::Bold, " Towpath demo")
        .plain(format!("  {}", frame.title));
    let right = Line::new()
        .plain(format!("{clock}  "))
        .with(Style::Dim, "Ctrl-C ends it");
    let title = title.beside(width.saturating_sub(right.columns()), right);
    let addresses = Line::new()
        .with(Style::Dim, " gateway ")
        .with(Style::Accent, &frame.gateway)
        .with(Style::Dim, "   admin API ")
        .with(Style::Accent, &frame.web);
    let mut lines = vec![
        title.fitted(width).render(colour),
        addresses.fitted(width).render(colour),
    ];

    // A small terminal has no room for both commands, a very small one for none: they were printed before the view began.
    let commands = match size.rows {
        0..22 => 0,
        22..34 => 1,
        _ => frame.commands.len(),
    };
    if commands > 0 {
        lines.push(String::new());
        lines.extend(frame.commands.iter().take(commands).cloned());
    }
    lines.push(String::new());
    lines.push(figures(frame, width).fitted(width).render(colour));
    lines.push(String::new());
    lines
}

fn figures(frame: &Frame, width: usize) -> Line {
    let errors = ratio(frame.errors, frame.calls);
    // What is left of the line beside the figures, which take 60 columns.
    let seconds = width.saturating_sub(62).min(frame.history.len());
    let spark = sparkline(
        frame.history[frame.history.len() - seconds..]
            .iter()
            .copied(),
    );
    let line = Line::new()
        .plain(" ")
        .with(Style::Bold, output::count(frame.calls))
        .plain(" calls   ")
        .with(Style::Bold, format!("{:.0}", frame.calls_per_second))
        .with(Style::Plain, " calls/s ")
        .with(Style::Accent, spark)
        .plain("   ")
        .with(Style::Bold, output::percent(errors))
        .plain(" errors   p50 ")
        .with(Style::Bold, latency(frame.p50_us))
        .plain("   p99 ")
        .with(Style::Bold, latency(frame.p99_us));
    let streams = match frame.streams_open {
        0 => String::new(),
        1 => "   1 stream open".to_owned(),
        n => format!("   {n} streams open"),
    };
    match line.columns() + streams.len() <= width {
        true => line.plain(streams),
        false => line,
    }
}

fn foot(frame: &Frame) -> Vec<Line> {
    let behind = frame.meter.calls_client.saturating_sub(frame.meter.calls);
    let lag = frame
        .meter
        .lag_ms
        .map_or_else(|| "not yet".to_owned(), |ms| format!("{ms} ms ago"));
    let mut line = Line::new()
        .plain(" ")
        .with(Style::Good, "metered ")
        .with(Style::Bold, output::count(frame.meter.calls))
        .plain(format!(
            " of {} answered then",
            output::count(frame.meter.calls_client)
        ))
        .with(
            Style::Dim,
            format!(
                "   {} on their way, journal read {lag}",
                output::count(behind)
            ),
        );
    if frame.meter.by_hand > 0 {
        line = line.with(
            Style::Accent,
            format!("   {} by hand", output::count(frame.meter.by_hand)),
        );
    }
    if frame.unanswered > 0 {
        line = line.with(
            Style::Bad,
            format!("   {} unanswered", output::count(frame.unanswered)),
        );
    }
    vec![line]
}

/// The rollout, consumers, operations and deprecations, in at most `room` rows.
fn body(frame: &Frame, room: usize, width: usize) -> Vec<Line> {
    let deprecated = deprecated(&frame.deprecated, frame.notices, width);
    let carried = rollout::rollout(frame.rollout.as_ref(), room / 3);
    let room = room - carried.len();
    // The two tables need seven rows at least: a title, a row and the rest of each, and the gap below.
    let deprecated = if deprecated.len() + 7 <= room {
        deprecated
    } else {
        Vec::new()
    };
    let rows = room.saturating_sub(deprecated.len() + 1);

    let mut lines = if width >= WIDE_COLUMNS {
        let half = width / 2;
        side_by_side(
            consumers(frame, rows, half - 2),
            operations(frame, rows, width - half),
            half,
        )
    } else {
        let for_operations = (rows * 2 / 5).min(frame.operations.len() + 1);
        let mut lines = consumers(frame, rows.saturating_sub(for_operations + 1), width);
        lines.push(Line::new());
        lines.extend(operations(frame, for_operations, width));
        lines
    };
    lines.push(Line::new());
    lines.extend(deprecated);
    lines.truncate(room);
    carried.into_iter().chain(lines).collect()
}

fn side_by_side(left: Vec<Line>, right: Vec<Line>, width: usize) -> Vec<Line> {
    let rows = left.len().max(right.len());
    let mut left = left.into_iter();
    let mut right = right.into_iter();
    (0..rows)
        .map(|_| {
            left.next()
                .unwrap_or_default()
                .beside(width, right.next().unwrap_or_default())
        })
        .collect()
}

/// Minutes and seconds.
fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

/// Time left, rounded up: the last second says 00:01.
fn clock_of(left: Duration) -> String {
    clock(left + Duration::from_millis(999))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        let consumer = |name: &str, kind: &str, calls: u64, rate: f64, last: &str| ConsumerRow {
            name: name.to_owned(),
            kind: kind.to_owned(),
            calls,
            errors: calls / 50,
            share: calls as f64 / 18_402.0,
            calls_per_second: rate,
            last: last.to_owned(),
        };
        let operation = |name: &str, calls: u64, deprecated: bool| OperationRow {
            name: name.to_owned(),
            calls,
            errors: calls / 40,
            p50_us: Some(4_500),
            p99_us: Some(60_100),
            deprecated,
        };
        Frame {
            elapsed: Duration::from_secs(42),
            title: "Payments 1.8.0, 41 consumers".to_owned(),
            gateway: "http://127.0.0.1:8080".to_owned(),
            web: "http://127.0.0.1:8081".to_owned(),
            commands: vec![
                format!(
                    "curl -H 'Authorization: Bearer {}' http://127.0.0.1:8080/v1/balance",
                    "k".repeat(45)
                );
                2
            ],
            calls: 18_402,
            errors: 350,
            notices: 217,
            streams_open: 2,
            calls_per_second: 431.0,
            history: vec![300.0, 420.0, 431.0],
            p50_us: Some(7_512),
            p99_us: Some(65_536),
            meter: Meter {
                calls: 18_380,
                calls_client: 18_400,
                lag_ms: Some(160),
                by_hand: 3,
            },
            consumers_registered: 41,
            consumers: vec![
                consumer(
                    "Northwind Retail",
                    "production",
                    9_000,
                    128.0,
                    "POST /payments",
                ),
                consumer(
                    "Ledger Close Agent",
                    "agent",
                    1_200,
                    0.0,
                    "GET /refunds/{refund_id}",
                ),
                consumer("(anonymous)", "reserved", 12, 0.6, "(unmatched)"),
                consumer("you", "by hand", 3, 0.0, ""),
            ],
            operations_known: 25,
            operations: vec![
                operation("GET /payments/{payment_id}", 9_000, false),
                operation("POST /charges", 400, true),
                operation("(unmatched)", 12, false),
            ],
            deprecated: vec![DeprecatedRow {
                operation: "POST /charges".to_owned(),
                sunset: Some("31 Mar 2027".to_owned()),
                days_left: Some(128),
                replaced_by: Some("/payments".to_owned()),
                consumers: 4,
                callers: vec![
                    ("Kestrel Food".to_owned(), 320),
                    ("Sundial Spa".to_owned(), 60),
                    ("Atlas Freight".to_owned(), 12),
                ],
            }],
            ..Frame::default()
        }
    }

    #[test]
    fn a_view_of_a_hundred_columns() {
        let lines = draw(
            &frame(),
            Size {
                columns: 100,
                rows: 34,
            },
            Colour::Off,
        );
        insta::assert_snapshot!(lines.join("\n"), @r"
         Towpath demo  Payments 1.8.0, 41 consumers                                   00:42  Ctrl-C ends it
         gateway http://127.0.0.1:8080   admin API http://127.0.0.1:8081

        curl -H 'Authorization: Bearer kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' http://127.0.0.1:8080/v1/balance
        curl -H 'Authorization: Bearer kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' http://127.0.0.1:8080/v1/balance

         18,402 calls   431 calls/s ▆██   1.9% errors   p50 7.5ms   p99 65.5ms   2 streams open

         CONSUMERS  3 of 41, 1 other                    calls   share  errors  calls/s  last operation
         Northwind Retail    production ██████████      9,000   48.9%    2.0%      128  POST /payments
         Ledger Close Agent  agent      █▍              1,200    6.5%    2.0%     idle  GET /refunds/{refu…
         (anonymous)         reserved                      12    0.1%    0.0%      0.6  (unmatched)
         you                 by hand                        3    0.0%    0.0%     idle

         OPERATIONS  2 of 25, 1 other                    calls  errors      p50      p99
         GET /payments/{payment_id}                      9,000    2.5%    4.5ms   60.1ms
         POST /charges                                     400    2.5%    4.5ms   60.1ms  deprecated
         (unmatched)                                        12    0.0%    4.5ms   60.1ms

         STILL CALLED, DEPRECATED  stops answering         by   (217 answers told them)
         POST /charges             31 Mar 2027, 128 days   Kestrel Food 320, Sundial Spa 60 +2

         metered 18,380 of 18,400 answered then   20 on their way, journal read 160 ms ago   3 by hand
        ");
    }

    #[test]
    fn every_size_is_filled_and_never_exceeded() {
        let mut crowded = frame();
        let row = crowded.consumers[0].clone();
        crowded.consumers.resize(41, row);
        let row = crowded.operations[0].clone();
        crowded.operations.resize(27, row);
        for frame in [Frame::default(), frame(), crowded] {
            for columns in [20, 40, 79, 80, 100, 120, 189, 190, 191, 250] {
                for rows in [5, 10, 20, 24, 30, 40, 60, 100] {
                    let size = Size { columns, rows };
                    let lines = draw(&frame, size, Colour::On);
                    let taken: usize = lines.iter().map(|line| rows_of(line, columns)).sum();
                    assert!(taken <= rows.max(9), "{taken} rows in {size:?}");
                    for line in lines.iter().filter(|line| !frame.commands.contains(line)) {
                        assert!(columns_of(line) < columns, "{line:?} in {size:?}");
                    }
                }
            }
        }
    }
}
