//! Measures the CPU time of one call's two entries, mapped against `pwrite`, while the journal is synced.
//!
//! `cargo run --release -p meter --example bench_journal -- [folder] [seconds] [writer]`

use std::collections::VecDeque;
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use adoption::{
    ClientClass, ConsumerId, ContractId, KeyId, Micros, OperationId, Origin, Outcome, SurfaceId,
};
use meter::{
    Call, ClientNumber, Journal, JournalConfig, Reader, Settlement, StreamId, SystemClock,
    WriteMethod,
};

type Failure = Box<dyn Error>;

/// Calls that are open at any moment.
const OPEN: usize = 64;
/// Entries per `pwrite` of the batched writer: what a busy turn of an event loop may hold.
const BATCH: usize = 32;
const ENTRY_BYTES: usize = 80;
/// Between bursts of a paced run.
const PAUSE: Duration = Duration::from_millis(5);

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from)
        .join("towpath-bench-journal");
    let seconds = arguments.next().map_or(Ok(3), |text| text.parse())?;
    let only = arguments.next();
    println!(
        "folder {}, {seconds} s each, synced every 100 ms, {OPEN} calls open",
        folder.display()
    );
    println!(
        "{:<16} {:>8} {:>9} {:>13} {:>11} {:>11} {:>9}",
        "writer", "calls/s", "calls", "ns CPU/call", "+ sync ns", "p99.99 us", "worst us"
    );

    let mut mapped_ns = 0.0;
    for calls_per_second in [5_000, 20_000, 100_000, u64::MAX] {
        for writer in ["mapped", "pwrite", "pwrite, batched"] {
            if only.as_deref().is_some_and(|only| only != writer) {
                continue;
            }
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder)?;
            let pace = Pace {
                calls_per_second,
                seconds,
            };
            let result = match writer {
                "mapped" => bench_journal(&folder, WriteMethod::Mapped, &pace)?,
                "pwrite" => bench_journal(&folder, WriteMethod::Positioned, &pace)?,
                _ => bench_batched(&folder, &pace)?,
            };
            if writer == "mapped" {
                mapped_ns = f64::max(mapped_ns, result.writer_ns);
            }
            let rate = if calls_per_second == u64::MAX {
                "full".to_owned()
            } else {
                calls_per_second.to_string()
            };
            let Cost {
                calls,
                writer_ns,
                sync_ns,
                waits,
            } = result;
            println!(
                "{writer:<16} {rate:>8} {calls:>9} {writer_ns:>13.0} {sync_ns:>11.0} {:>11.1} {:>9.0}",
                waits.p9999_us, waits.worst_us
            );
        }
    }
    fs::remove_dir_all(&folder)?;
    println!("{{\"mapped_ns_per_call_worst\":{mapped_ns:.0}}}");
    Ok(())
}

struct Pace {
    calls_per_second: u64,
    seconds: u64,
}

struct Cost {
    calls: u64,
    /// CPU of the writing thread per call, page faults and system calls included, pacing taken off.
    writer_ns: f64,
    /// CPU of the syncing thread per call. Write-back by the kernel's own threads is in neither.
    sync_ns: f64,
    waits: Waits,
}

/// How long calls took by the clock, in a run of their own: reading it costs more than a call.
struct Waits {
    p9999_us: f64,
    worst_us: f64,
}

impl Waits {
    fn measure(pace: &Pace, mut one: impl FnMut(u64)) -> Self {
        let mut waits_ns = Vec::with_capacity(4_000_000);
        pace.run(|n| {
            let start = Instant::now();
            one(n);
            waits_ns.push(start.elapsed().as_nanos() as u64);
        });
        waits_ns.sort_unstable();
        let at =
            |share: f64| waits_ns[((waits_ns.len() - 1) as f64 * share) as usize] as f64 / 1_000.0;
        Self {
            p9999_us: at(0.9999),
            worst_us: at(1.0),
        }
    }
}

impl Pace {
    /// Calls `one` at this pace, in bursts of 5 ms; gives the number of calls.
    fn run(&self, mut one: impl FnMut(u64)) -> u64 {
        let start = Instant::now();
        let length = Duration::from_secs(self.seconds);
        if self.calls_per_second == u64::MAX {
            let mut calls = 0;
            // 1.5 million calls are 240 MB; a gateway thread that only wrote would make them in half a second.
            while calls < 500_000 * self.seconds {
                one(calls);
                calls += 1;
            }
            return calls;
        }
        let mut calls = 0;
        loop {
            let elapsed = start.elapsed();
            if elapsed >= length {
                return calls;
            }
            let due = self.calls_per_second * elapsed.as_micros() as u64 / 1_000_000;
            while calls < due {
                one(calls);
                calls += 1;
            }
            thread::sleep(PAUSE);
        }
    }

    /// What pacing itself costs this thread, in ns per call.
    fn overhead(&self) -> Result<f64, Failure> {
        let before = cpu_ns("thread-self")?;
        let calls = self.run(|n| {
            black_box((call(n), settlement(n)));
        });
        Ok((cpu_ns("thread-self")? - before) as f64 / calls as f64)
    }
}

fn bench_journal(folder: &Path, method: WriteMethod, pace: &Pace) -> Result<Cost, Failure> {
    let config = JournalConfig {
        write_method: method,
        ..JournalConfig::new(folder.to_owned())
    };
    let journal = Journal::open(config, Arc::new(SystemClock))?;
    let lane = journal.lane(0)?;
    let mut reader = journal.reader();
    let stop = AtomicBool::new(false);
    let overhead = pace.overhead()?;

    let stream = lane.stream();
    let mut open = VecDeque::with_capacity(OPEN + 1);
    let mut one = |n: u64| {
        match lane.reserve(&call(n), 200, Origin::Upstream, 1) {
            Ok(reservation) => open.push_back((n, reservation)),
            Err(error) => panic!("{error}"),
        }
        if open.len() > OPEN
            && let Some((n, reservation)) = open.pop_front()
        {
            lane.settle(reservation, &settlement(n));
        }
    };
    thread::scope(|scope| {
        // Retires what is synced, as the applier does; its own cost is not the writer's.
        scope.spawn(|| retire(&mut reader, stream, &stop));
        let before = (cpu_ns("thread-self")?, cpu_of("usage-journal")?);
        let calls = pace.run(&mut one);
        let after = (cpu_ns("thread-self")?, cpu_of("usage-journal")?);
        let waits = Waits::measure(pace, &mut one);
        stop.store(true, Ordering::Relaxed);
        Ok(Cost {
            calls,
            writer_ns: (after.0 - before.0) as f64 / calls as f64 - overhead,
            sync_ns: (after.1 - before.1) as f64 / calls as f64,
            waits,
        })
    })
}

fn retire(reader: &mut Reader, stream: StreamId, stop: &AtomicBool) {
    let mut through = 0;
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(200));
        while let Ok(batch) = reader.read(stream, through, 100_000) {
            let Some(last) = batch.entries.last() else {
                break;
            };
            through = last.seq;
        }
        if let Err(error) = reader.retire(stream, through) {
            eprintln!("cannot retire: {error}");
        }
    }
}

/// What a writer would cost that holds entries back and writes several at once. It would lose what it holds when
/// the process is killed, unless no answer leaves before its write.
fn bench_batched(folder: &Path, pace: &Pace) -> Result<Cost, Failure> {
    let file = Arc::new(File::create(folder.join("batched"))?);
    rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, 1 << 30)?;
    let stop = Arc::new(AtomicBool::new(false));
    let overhead = pace.overhead()?;
    let syncing = thread::Builder::new().name("batched-sync".into()).spawn({
        let (file, stop) = (Arc::clone(&file), Arc::clone(&stop));
        move || {
            while !stop.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(100));
                if let Err(error) = file.sync_data() {
                    eprintln!("cannot sync: {error}");
                }
            }
        }
    })?;

    let mut buffer = Vec::with_capacity(BATCH * ENTRY_BYTES);
    let mut offset = 0;
    let mut one = |n: u64| {
        for half in 0..2 {
            let mut entry = [0; ENTRY_BYTES];
            entry[8..16].copy_from_slice(&(2 * n + half).to_le_bytes());
            let crc = crc32c::crc32c(&entry[4..]);
            entry[..4].copy_from_slice(&crc.to_le_bytes());
            buffer.extend_from_slice(&entry);
        }
        if buffer.len() == BATCH * ENTRY_BYTES {
            if let Err(error) = file.write_all_at(&buffer, offset % (1 << 30)) {
                panic!("cannot write: {error}");
            }
            offset += buffer.len() as u64;
            buffer.clear();
        }
    };
    let before = (cpu_ns("thread-self")?, cpu_of("batched-sync")?);
    let calls = pace.run(&mut one);
    let after = (cpu_ns("thread-self")?, cpu_of("batched-sync")?);
    let waits = Waits::measure(pace, &mut one);
    stop.store(true, Ordering::Relaxed);
    syncing.join().map_err(|_| "the syncing thread panicked")?;
    Ok(Cost {
        calls,
        writer_ns: (after.0 - before.0) as f64 / calls as f64 - overhead,
        sync_ns: (after.1 - before.1) as f64 / calls as f64,
        waits,
    })
}

/// User and system CPU time of a thread in ns, as the scheduler counts it.
fn cpu_ns(thread: &str) -> Result<u64, Failure> {
    let text = fs::read_to_string(format!("/proc/{thread}/schedstat"))?;
    let ns = text.split(' ').next().ok_or("an empty schedstat")?;
    Ok(ns.parse()?)
}

/// As [`cpu_ns`], of this process's thread of that name, once it has taken it.
fn cpu_of(name: &str) -> Result<u64, Failure> {
    loop {
        for task in fs::read_dir("/proc/self/task")? {
            let task = task?
                .file_name()
                .into_string()
                .map_err(|_| "a task has a number")?;
            if fs::read_to_string(format!("/proc/self/task/{task}/comm"))?.trim() == name {
                return cpu_ns(&format!("self/task/{task}"));
            }
        }
        thread::yield_now();
    }
}

fn call(n: u64) -> Call {
    Call {
        surface: SurfaceId::from_raw(100),
        operation: OperationId::from_raw(200 + n % 25),
        consumer: ConsumerId::from_raw(300 + n % 40),
        key: KeyId::from_raw(400 + n % 40),
        contract: ContractId::from_raw(500),
        client: ClientNumber::OTHER,
        client_class: ClientClass::Sdk,
        started_at: Micros(1_767_225_600_000_000 + n.cast_signed()),
    }
}

fn settlement(n: u64) -> Settlement {
    Settlement {
        bytes_in: 0,
        bytes_out: n % 1_000,
        latency_us: 500 + n % 100,
        upstream_us: 400,
        units: 1,
        outcome: Outcome::Complete,
        shapes: meter::Shapes::default(),
    }
}
