//! A writer to be killed by hand: `crash_writer write DIR` tells each answered call, `crash_writer read DIR` counts.
//!
//! ```text
//! cargo run -p meter --example crash_writer -- write crash-journal > told & sleep 2; kill -9 %1
//! cargo run -p meter --example crash_writer -- read crash-journal; wc -l < told
//! ```

use std::collections::VecDeque;
use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::sync::Arc;

use adoption::{
    ClientClass, Clock, ConsumerId, ContractId, KeyId, OperationId, Origin, Outcome, SurfaceId,
};
use meter::rollup::{self, UsageCounts};
use meter::{BatchEnd, Call, Journal, JournalConfig, OpenCalls, Settlement, SystemClock};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (Some(mode), Some(dir)) = (arguments.get(1), arguments.get(2)) else {
        return Err("usage: crash_writer write|read DIR".into());
    };
    let journal = Journal::open(
        JournalConfig::new(PathBuf::from(dir)),
        Arc::new(SystemClock),
    )?;
    match mode.as_str() {
        "write" => write(&journal),
        "read" => read(&journal),
        _ => Err("usage: crash_writer write|read DIR".into()),
    }
}

/// Calls for ever, eight open at a time; a line on standard output for each answered call.
fn write(journal: &Journal) -> Result<(), Box<dyn Error>> {
    let lane = journal.lane(0)?;
    let client = lane.client("crash-writer", "1");
    let mut open = VecDeque::new();
    for n in 0.. {
        let call = Call {
            surface: SurfaceId::from_raw(100),
            operation: OperationId::from_raw(200),
            consumer: ConsumerId::ANONYMOUS,
            key: KeyId::NONE,
            contract: ContractId::NONE,
            client,
            client_class: ClientClass::Cli,
            started_at: SystemClock.now(),
        };
        open.push_back(lane.reserve(&call, 200, Origin::Upstream, 1)?);
        writeln!(stdout().lock(), "{n}")?;
        if open.len() > 8
            && let Some(reservation) = open.pop_front()
        {
            let settlement = Settlement {
                bytes_in: 0,
                bytes_out: 1,
                latency_us: 1,
                upstream_us: 0,
                units: 1,
                outcome: Outcome::Complete,
                shapes: meter::Shapes::default(),
            };
            lane.settle(reservation, &settlement);
        }
    }
    Ok(())
}

/// Folds every dead stream to its end; deletes nothing.
fn read(journal: &Journal) -> Result<(), Box<dyn Error>> {
    let mut reader = journal.reader();
    let mut total = UsageCounts::default();
    for info in reader.streams()? {
        let mut open = OpenCalls::load(0, []);
        loop {
            let batch = reader.read(info.id, open.through_seq(), 100_000)?;
            let mut rows = rollup::fold(info.id, &batch.entries, &mut open)?.usage;
            if let BatchEnd::Dead { torn } = &batch.end {
                rows.extend(rollup::close(info.id, &mut open).usage);
                println!(
                    "{}: {} entries, torn tail: {torn:?}",
                    info.id,
                    open.through_seq()
                );
            }
            rows.iter().for_each(|row| total.add(&row.counts));
            if batch.end != BatchEnd::More {
                break;
            }
        }
    }
    println!(
        "calls {}, of them interrupted {}, units {}",
        total.calls, total.interrupted, total.units
    );
    Ok(())
}
