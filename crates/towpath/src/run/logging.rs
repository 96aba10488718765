//! The log: one line per event on stderr, written by its own thread so that no request waits for a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{LogFormat, LogLevel, LogRequests, LogSection};
use crate::failure::Failure;

/// Lines that wait for a slow reader of stderr: at 500 bytes each, 4 MB. Above it lines are dropped and counted.
const LINES_WAITING_MAX: usize = 8_192;
/// Our own crates; all others speak from `warn` on.
const OWN_TARGETS: [&str; 8] = [
    "towpath", "adoption", "contract", "meter", "store", "gateway", "control", "web",
];

/// Writes out what waits when it is dropped.
pub struct LogGuard {
    lines: Option<Lines>,
    writer: Option<JoinHandle<()>>,
}

/// Sets the log of the whole process; once.
pub fn init(section: &LogSection) -> Result<LogGuard, Failure> {
    let (sender, receiver) = sync_channel(LINES_WAITING_MAX);
    let dropped = Arc::new(AtomicU64::new(0));
    let writer = std::thread::Builder::new().name("log".to_owned()).spawn({
        let dropped = Arc::clone(&dropped);
        move || write_lines(&receiver, &dropped)
    });
    let writer =
        writer.map_err(|error| Failure::input(format!("cannot start the log: {error}")))?;
    let lines = Lines { sender, dropped };

    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || !io::stderr().is_terminal();
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match section.format {
        LogFormat::Human => Box::new(
            fmt::layer()
                .with_writer(lines.clone())
                .with_ansi(!is_plain)
                .with_target(false),
        ),
        LogFormat::Json => Box::new(
            fmt::layer()
                .json()
                .flatten_event(true)
                .with_writer(lines.clone()),
        ),
    };
    let subscriber = Registry::default().with(layer.with_filter(filter(section)));
    tracing::subscriber::set_global_default(subscriber)
        .map_err(|_| Failure::input("the log is set up already in this process"))?;
    Ok(LogGuard {
        lines: Some(lines),
        writer: Some(writer),
    })
}

fn filter(section: &LogSection) -> Targets {
    let level = match section.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let requests = match section.requests {
        LogRequests::Off => LevelFilter::OFF,
        // Wanted by a setting of their own, whatever the level of everything else.
        LogRequests::Errors | LogRequests::All => LevelFilter::INFO,
    };
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_targets(OWN_TARGETS.map(|target| (target, level)))
        .with_target("towpath::request", requests)
}

/// The queue of whole lines.
#[derive(Clone)]
struct Lines {
    sender: SyncSender<Vec<u8>>,
    dropped: Arc<AtomicU64>,
}

/// One event's line; sent when it is complete.
struct Line {
    lines: Lines,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line {
            lines: self.clone(),
            text: Vec::with_capacity(256),
        }
    }
}

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let text = std::mem::take(&mut self.text);
        if let Err(TrySendError::Full(_)) = self.lines.sender.try_send(text) {
            self.lines.dropped.fetch_add(1, Relaxed);
        }
    }
}

/// An empty line is the sign to end.
fn write_lines(lines: &Receiver<Vec<u8>>, dropped: &AtomicU64) {
    let mut stderr = io::BufWriter::new(io::stderr());
    while let Ok(line) = lines.recv() {
        let mut next = Some(line);
        while let Some(line) = next {
            if line.is_empty() {
                _ = stderr.flush();
                return;
            }
            // Nobody to tell when stderr itself is gone.
            _ = stderr.write_all(&line);
            next = lines.try_recv().ok();
        }
        let lost = dropped.swap(0, Relaxed);
        if lost > 0 {
            _ = writeln!(
                stderr,
                "{lost} log lines were dropped: stderr is read too slowly"
            );
        }
        _ = stderr.flush();
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        if let Some(lines) = self.lines.take() {
            // Waits for room: what was logged before the end is written.
            _ = lines.sender.send(Vec::new());
        }
        if let Some(writer) = self.writer.take() {
            _ = writer.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_targets_follow_the_level_and_others_do_not() {
        let mut section = LogSection {
            format: LogFormat::Json,
            level: LogLevel::Debug,
            requests: LogRequests::Off,
        };
        let targets = filter(&section);
        assert!(targets.would_enable("control::jobs", &tracing::Level::DEBUG));
        assert!(!targets.would_enable("hyper::proto", &tracing::Level::INFO));
        assert!(targets.would_enable("hyper::proto", &tracing::Level::WARN));
        assert!(!targets.would_enable("towpath::request", &tracing::Level::INFO));

        section.level = LogLevel::Error;
        section.requests = LogRequests::All;
        let targets = filter(&section);
        assert!(targets.would_enable("towpath::request", &tracing::Level::INFO));
        assert!(!targets.would_enable("control", &tracing::Level::WARN));
    }

    #[test]
    fn a_full_queue_drops_and_counts() {
        let (sender, _receiver) = sync_channel(1);
        let lines = Lines {
            sender,
            dropped: Arc::new(AtomicU64::new(0)),
        };
        for _ in 0..3 {
            lines.make_writer().write_all(b"line\n").unwrap();
        }
        assert_eq!(lines.dropped.load(Relaxed), 2);
    }
}
