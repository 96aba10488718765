//! Shows the run while it lasts: a view that is drawn in place on a terminal, a line now and then anywhere else.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use adoption::{ConsumerId, Micros, OperationId};
use tokio::sync::watch;

use super::cast::CAST;
use super::deprecated::{Deprecated, by_operation, date};
use super::load::Guest;
use super::metered::{Reader, Usage};
use super::operations::Operation;
use super::screen::Screen;
use super::setup::{READER, Stage};
use super::signals::Signals;
use super::tally::{Counts, Tally, metered_operation};
use super::traces::Target;
use super::view::{ConsumerRow, DeprecatedRow, Frame, Meter, OperationRow, draw};
use crate::drill::board::Board;
use crate::output::{self, Colour};

/// Four drawings a second look alive and cost next to nothing.
const DRAW_EVERY: Duration = Duration::from_millis(250);
const LINE_EVERY: Duration = Duration::from_secs(5);
const USAGE_EVERY: Duration = Duration::from_millis(100);
/// A rate is the mean of so many seconds: long enough to be calm, short enough to show a burst.
const RATE_SECONDS: usize = 4;
const HISTORY_SECONDS: usize = 20;

/// Where the run is shown.
pub enum Output {
    Screen(Screen),
    /// Lines, by this function.
    Lines(fn(&str)),
}

/// The roll-ups as they were at one moment.
#[derive(Debug, Clone)]
struct Reading {
    at: Micros,
    /// What the clients had counted when the reading was complete.
    calls_client: u64,
    usage: Usage,
}

/// What a run is about, for those who show it.
pub struct Live {
    reader: Reader,
    tally: Arc<Tally>,
    started: Instant,
    run_for: Option<Duration>,
    frame: Frame,
    operations: HashMap<OperationId, String>,
    /// What each consumer stands for, by its id as text.
    kinds: HashMap<String, &'static str>,
    /// Client calls at the end of each of the last seconds.
    seconds: VecDeque<u64>,
    /// Metered calls by consumer at each of the last readings.
    readings: VecDeque<(Instant, HashMap<String, u64>)>,
    read_last: Option<Micros>,
    board: watch::Receiver<Board>,
    /// Events of the rollout that were told already.
    events_told: usize,
}

impl Live {
    pub fn new(
        stage: &Stage,
        reader: Reader,
        tally: Arc<Tally>,
        board: watch::Receiver<Board>,
        run_for: Option<Duration>,
    ) -> Self {
        let frame = Frame {
            title: format!("{}, {} consumers", stage.title, stage.consumers_registered),
            gateway: format!("http://{}", stage.running.gateway_addr),
            web: format!("http://{}", stage.running.web_addr),
            commands: stage.commands.to_vec(),
            consumers_registered: stage.consumers_registered,
            operations_known: Operation::all().len(),
            ..Frame::default()
        };
        let operation = |operation: Operation| {
            let id = metered_operation(stage.surface, Target::Operation(operation));
            (
                id,
                format!("{} {}", operation.method(), operation.template()),
            )
        };
        let reserved = [
            (OperationId::UNMATCHED, "(unmatched)"),
            (OperationId::REFUSED, "(refused)"),
        ];
        Self {
            reader,
            tally,
            started: Instant::now(),
            run_for,
            frame,
            operations: Operation::all()
                .map(operation)
                .chain(reserved.map(|(id, name)| (id, name.to_owned())))
                .collect(),
            kinds: kinds(&stage.guests),
            // The first second begins at nothing.
            seconds: VecDeque::from([0]),
            readings: VecDeque::new(),
            read_last: None,
            board,
            events_told: 0,
        }
    }

    /// Shows the run until its time is over or a signal ends it.
    pub async fn show(mut self, mut output: Output, signals: &mut Signals) {
        let usage: Arc<Mutex<Option<Reading>>> = Arc::default();
        let reading = tokio::spawn(read(
            self.reader.clone(),
            Arc::clone(&self.tally),
            Arc::clone(&usage),
        ));
        let end = self.run_for.map(|run_for| self.started + run_for);
        let mut tick = tokio::time::interval(DRAW_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut line_next = LINE_EVERY;

        loop {
            tokio::select! {
                biased;
                () = signals.next() => break,
                () = until(end) => break,
                _ = tick.tick() => {}
            }
            let latest = usage.lock().unwrap_or_else(PoisonError::into_inner).clone();
            self.update(self.tally.counts(), latest);
            match &mut output {
                Output::Screen(screen) => {
                    let size = screen.size();
                    let lines = draw(&self.frame, size, Colour::of_stdout());
                    // A terminal that is gone ends the demo by a signal of its own.
                    let _ = screen.draw(&lines);
                }
                Output::Lines(say) => {
                    self.tell_events(*say);
                    if self.frame.elapsed >= line_next {
                        line_next += LINE_EVERY;
                        say(&line(&self.frame));
                    }
                }
            }
        }
        reading.abort();
    }

    /// What happened in the rollout since the last time.
    fn tell_events(&mut self, say: fn(&str)) {
        let events = self.frame.rollout.iter().flat_map(|board| &board.events);
        for event in events.skip(self.events_told) {
            say(&format!("       rollout  {event}"));
            self.events_told += 1;
        }
    }

    fn update(&mut self, counts: Counts, reading: Option<Reading>) {
        let elapsed = self.started.elapsed();
        if elapsed.as_secs() > self.frame.elapsed.as_secs() {
            self.seconds.push_back(counts.total.calls);
            if self.seconds.len() > HISTORY_SECONDS + 1 {
                self.seconds.pop_front();
            }
        }

        let frame = &mut self.frame;
        frame.elapsed = elapsed;
        frame.left = self.run_for.map(|run_for| run_for.saturating_sub(elapsed));
        frame.calls = counts.total.calls;
        frame.errors = counts.total.errors;
        frame.notices = counts.notices;
        frame.unanswered = counts.unanswered.values().sum();
        frame.streams_open = counts.streams_open;
        frame.history = self
            .seconds
            .iter()
            .zip(self.seconds.iter().skip(1))
            .map(|(a, b)| (b - a) as f64)
            .collect();
        frame.rollout = Some(self.board.borrow().clone());
        let recent = &frame.history[frame.history.len().saturating_sub(RATE_SECONDS)..];
        frame.calls_per_second = recent.iter().sum::<f64>() / recent.len().max(1) as f64;

        if let Some(reading) = reading {
            self.note(&reading);
            self.show_usage(&counts, &reading);
        }
    }

    /// Keeps the readings that rates are made of.
    fn note(&mut self, reading: &Reading) {
        if self.read_last == Some(reading.at) {
            return;
        }
        self.read_last = Some(reading.at);
        let calls = reading
            .usage
            .consumers
            .rows
            .iter()
            .map(|row| (row.id.clone(), row.figures.calls))
            .collect();
        self.readings.push_back((Instant::now(), calls));
        let oldest = Duration::from_secs(RATE_SECONDS as u64);
        while self.readings.len() > 2 && self.readings[1].0.elapsed() > oldest {
            self.readings.pop_front();
        }
    }

    fn show_usage(&mut self, counts: &Counts, reading: &Reading) {
        let usage = &reading.usage;
        let consumers = usage.consumers.rows.iter().map(|row| ConsumerRow {
            name: row.name.clone(),
            kind: self
                .kinds
                .get(&row.id)
                .copied()
                .unwrap_or(if row.name == READER { "by hand" } else { "" })
                .to_owned(),
            calls: row.figures.calls,
            errors: row.figures.errors,
            share: row.share,
            calls_per_second: self.rate(&row.id),
            last: self.last(counts, &row.id),
        });
        let consumers: Vec<ConsumerRow> = consumers.collect();
        let operations = usage.operations.rows.iter().map(|row| OperationRow {
            name: row.name.clone(),
            calls: row.figures.calls,
            errors: row.figures.errors,
            p50_us: row.figures.p50_us,
            p99_us: row.figures.p99_us,
            deprecated: row.deprecated,
        });

        let by_hand = consumers
            .iter()
            .filter(|row| !is_of_the_cast(&row.name))
            .map(|row| row.calls)
            .sum();
        let frame = &mut self.frame;
        frame.operations = operations.collect();
        frame.deprecated = deprecated_rows(usage, self.reader.now());
        frame.p50_us = usage.operations.total.p50_us;
        frame.p99_us = usage.operations.total.p99_us;
        frame.meter = Meter {
            calls: usage.operations.total.calls.saturating_sub(by_hand),
            calls_client: reading.calls_client,
            lag_ms: usage.lag_ms,
            by_hand,
        };
        frame.consumers = consumers;
    }

    /// Metered calls a second between the oldest and the newest reading.
    fn rate(&self, consumer: &str) -> f64 {
        let (Some((from, before)), Some((to, now))) = (self.readings.front(), self.readings.back())
        else {
            return 0.0;
        };
        let seconds = to.duration_since(*from).as_secs_f64();
        let calls = |reading: &HashMap<String, u64>| reading.get(consumer).copied().unwrap_or(0);
        if seconds == 0.0 {
            0.0
        } else {
            calls(now).saturating_sub(calls(before)) as f64 / seconds
        }
    }

    fn last(&self, counts: &Counts, consumer: &str) -> String {
        let operation = consumer
            .parse::<ConsumerId>()
            .ok()
            .and_then(|id| counts.last.get(&id));
        operation
            .and_then(|id| self.operations.get(id))
            .cloned()
            .unwrap_or_default()
    }
}

/// Whether the demo's own clients make this consumer's calls; the reserved consumers are taken for theirs.
fn is_of_the_cast(name: &str) -> bool {
    name.starts_with('(') || CAST.iter().any(|character| character.name == name)
}

/// Reads the usage again and again; a reading that fails leaves the one before.
async fn read(reader: Reader, tally: Arc<Tally>, latest: Arc<Mutex<Option<Reading>>>) {
    loop {
        match reader.usage().await {
            Ok(usage) => {
                // Counted last, so that the roll-ups are never ahead of it.
                let calls_client = tally.counts().total.calls;
                let reading = Reading {
                    at: reader.now(),
                    calls_client,
                    usage,
                };
                *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
            }
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the usage could not be read")
            }
        }
        tokio::time::sleep(USAGE_EVERY).await;
    }
}

async fn until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end.into()).await,
        None => std::future::pending().await,
    }
}

fn kinds(guests: &[Guest]) -> HashMap<String, &'static str> {
    let kind = |guest: &Guest| match guest.character.kind {
        adoption::ConsumerKind::Squad => "squad",
        _ => guest.character.role.label(),
    };
    let reserved = |guest: &Guest| {
        guest.consumer == ConsumerId::ANONYMOUS || guest.consumer == ConsumerId::UNKNOWN
    };
    guests
        .iter()
        .map(|guest| {
            (
                guest.consumer.to_string(),
                if reserved(guest) {
                    "reserved"
                } else {
                    kind(guest)
                },
            )
        })
        .collect()
}

fn deprecated_rows(usage: &Usage, now: Micros) -> Vec<DeprecatedRow> {
    let row = |operation: Deprecated| DeprecatedRow {
        operation: operation.operation,
        sunset: operation.sunset_at.map(date),
        days_left: operation.sunset_at.map(|sunset| sunset.day() - now.day()),
        replaced_by: operation.replaced_by,
        consumers: operation.callers.len() as u64,
        callers: operation.callers,
    };
    by_operation(&usage.deprecated.rows)
        .into_iter()
        .map(row)
        .collect()
}

/// The run so far in one line.
fn line(frame: &Frame) -> String {
    let seconds = frame.elapsed.as_secs();
    let latency = |us: Option<u64>| us.map_or_else(|| "-".to_owned(), output::latency);
    format!(
        "{:02}:{:02}  {} calls, {:.0}/s, {} errors, p50 {}, p99 {}, metered {}",
        seconds / 60,
        seconds % 60,
        output::count(frame.calls),
        frame.calls_per_second,
        output::percent(if frame.calls == 0 {
            0.0
        } else {
            frame.errors as f64 / frame.calls as f64
        }),
        latency(frame.p50_us),
        latency(frame.p99_us),
        output::count(frame.meter.calls),
    )
}
