//! Already allocated segment files kept ready for a full disk, and how many of them are wanted.

use std::collections::VecDeque;
use std::io;
use std::sync::Mutex;

use adoption::Micros;

use crate::disk::Disk;
use crate::names;
use crate::stream::locked;

/// At most this many files are made in one round, so that a round stays short: 8 x 16 MiB.
const MADE_PER_ROUND: u64 = 8;
/// The spare holds this many minutes of the peak rate.
const MINUTES: u64 = 10;

/// Bytes of journal that hold `minutes` of calls: two entries of 80 bytes for each.
pub const fn spare_bytes_for(calls_per_second: u64, minutes: u64) -> u64 {
    calls_per_second
        .saturating_mul(minutes)
        .saturating_mul(60 * 2 * crate::format::ENTRY_BYTES as u64)
}

/// The pool that all lanes share. Each file has the size of a segment, is allocated in full, and is zero but
/// for its first slot.
pub(crate) struct Spares {
    segment_bytes: u64,
    leave_free_bytes: u64,
    pool: Mutex<Pool>,
}

#[derive(Default)]
struct Pool {
    names: VecDeque<String>,
    next_number: u64,
}

impl Spares {
    pub(crate) fn new(segment_bytes: u64, leave_free_bytes: u64) -> Self {
        Self {
            segment_bytes,
            leave_free_bytes,
            pool: Mutex::default(),
        }
    }

    /// Takes over the spares of the process before; those of another size go.
    pub(crate) fn adopt(&self, disk: &dyn Disk, files: &[(String, u64)]) -> io::Result<()> {
        let mut pool = locked(&self.pool);
        for (name, bytes) in files {
            let Some(number) = names::parse_spare(name) else {
                continue;
            };
            pool.next_number = pool.next_number.max(number + 1);
            // Allocating again costs nothing, and completes a file whose making was cut off.
            if *bytes == self.segment_bytes && disk.allocate(name, self.segment_bytes, 0).is_ok() {
                pool.names.push_back(name.clone());
            } else {
                disk.remove(name)?;
            }
        }
        Ok(())
    }

    /// A spare, or a file made now when there is none.
    pub(crate) fn take(&self, disk: &dyn Disk) -> io::Result<String> {
        if let Some(name) = locked(&self.pool).names.pop_back() {
            return Ok(name);
        }
        self.make(disk)
    }

    /// Gives a spare back that could not be used; the others are taken before it.
    pub(crate) fn put_back(&self, name: String) {
        locked(&self.pool).names.push_front(name);
    }

    pub(crate) fn bytes(&self) -> u64 {
        locked(&self.pool).names.len() as u64 * self.segment_bytes
    }

    /// Makes or removes files towards `wanted_bytes`, a bounded number at a time.
    pub(crate) fn keep(&self, disk: &dyn Disk, wanted_bytes: u64) -> io::Result<()> {
        let wanted = wanted_bytes.div_ceil(self.segment_bytes);
        let have = self.bytes() / self.segment_bytes;
        for _ in have..wanted.min(have + MADE_PER_ROUND) {
            let name = self.make(disk)?;
            self.put_back(name);
        }
        // One more than wanted may stay, so that a rate at the edge does not make and remove all day.
        if have > wanted + 1 {
            let name = locked(&self.pool).names.pop_back();
            return name.map_or(Ok(()), |name| disk.remove(&name));
        }
        Ok(())
    }

    /// Frees one spare's blocks for something more urgent; false when there is none.
    pub(crate) fn sacrifice(&self, disk: &dyn Disk) -> bool {
        locked(&self.pool)
            .names
            .pop_back()
            .is_some_and(|name| disk.remove(&name).is_ok())
    }

    fn make(&self, disk: &dyn Disk) -> io::Result<String> {
        let number = {
            let mut pool = locked(&self.pool);
            pool.next_number += 1;
            pool.next_number - 1
        };
        let name = names::spare(number);
        disk.allocate(&name, self.segment_bytes, self.leave_free_bytes)?;
        Ok(name)
    }
}

/// The observed peak of calls per second, over the last day by hours.
pub(crate) struct Peak {
    hours: [(i64, u64); 24],
    measured_at: Micros,
    entries: u64,
}

impl Peak {
    pub(crate) fn new(now: Micros) -> Self {
        Self {
            hours: [(i64::MIN, 0); 24],
            measured_at: now,
            entries: 0,
        }
    }

    /// `entries` is the number written so far; measures when a second or more has passed.
    pub(crate) fn measure(&mut self, now: Micros, entries: u64) {
        let elapsed_us = u64::try_from(now.0 - self.measured_at.0).unwrap_or(0);
        if elapsed_us < 1_000_000 {
            // A clock that was set back starts over instead of waiting until it catches up.
            if now < self.measured_at {
                (self.measured_at, self.entries) = (now, entries);
            }
            return;
        }
        // Two entries per call.
        let calls_per_second = entries
            .saturating_sub(self.entries)
            .saturating_mul(500_000)
            .div_ceil(elapsed_us);
        (self.measured_at, self.entries) = (now, entries);

        let slot = &mut self.hours[now.hour().rem_euclid(24) as usize];
        if slot.0 != now.hour() {
            *slot = (now.hour(), 0);
        }
        slot.1 = slot.1.max(calls_per_second);
    }

    fn calls_per_second(&self, now: Micros) -> u64 {
        let recent = |hour: &i64| (now.hour() - 24..=now.hour()).contains(hour);
        self.hours
            .iter()
            .filter(|(hour, _)| recent(hour))
            .map(|(_, rate)| *rate)
            .max()
            .unwrap_or(0)
    }

    /// Ten minutes of the peak, within the bounds.
    pub(crate) fn spare_bytes_wanted(&self, now: Micros, least: u64, most: u64) -> u64 {
        spare_bytes_for(self.calls_per_second(now), MINUTES).clamp(least, most.max(least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spare_follows_the_peak_of_the_last_day() {
        let start = Micros::from_seconds(1_000 * 3_600);
        let mut peak = Peak::new(start);
        let wanted = |peak: &Peak, now| peak.spare_bytes_wanted(now, 1_000, 200_000_000);
        assert_eq!(wanted(&peak, start), 1_000);

        peak.measure(Micros(start.0 + 500_000), 5_000);
        assert_eq!(wanted(&peak, start), 1_000, "half a second is not measured");
        peak.measure(start.plus_seconds(2), 4_000);
        // 2,000 calls in 2 s: 10 minutes of 1,000/s at 160 bytes.
        assert_eq!(wanted(&peak, start), 96_000_000);
        peak.measure(start.plus_seconds(3), 104_000);
        assert_eq!(wanted(&peak, start), 200_000_000, "never above the most");

        peak.measure(start.plus_seconds(3_603), 104_000);
        let later = start.plus_seconds(20 * 3_600);
        assert_eq!(wanted(&peak, later), 200_000_000, "remembered for a day");
        let next_day = start.plus_seconds(25 * 3_600);
        assert_eq!(wanted(&peak, next_day), 1_000, "and no longer");
    }

    #[test]
    fn a_clock_set_back_starts_over() {
        let mut peak = Peak::new(Micros::from_seconds(1_000));
        peak.measure(Micros::from_seconds(500), 10);
        peak.measure(Micros::from_seconds(502), 10_010);
        assert_eq!(peak.calls_per_second(Micros::from_seconds(502)), 2_500);
    }
}
