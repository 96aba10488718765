//! How background threads leave the processor to traffic.

use rustix::process::setpriority_process;

/// Half of the way down: beside a busy thread of normal priority it gets a tenth of one core, and all of an idle one.
const NICE: i32 = 10;

/// Gives the calling thread a low priority, for as long as it lives; threads and processes that it starts have it
/// too. Where the system refuses, nothing changes.
pub fn yield_to_traffic() {
    // On Linux a priority belongs to a thread: no id means the calling thread, not its process.
    if let Err(error) = setpriority_process(None, NICE) {
        tracing::debug!(%error, "a background thread keeps its priority");
    }
}
