//! How fast the days of a drill go by, and who may end it before its end.

use std::time::Duration;

use adoption::Micros;
use tokio::sync::watch;
use tokio::time::Instant;

/// The wall time that simulated time takes. Never reads the system's clock by itself: waiting is tokio's.
#[derive(Debug)]
pub struct Pace {
    /// Simulated seconds in a second; `None` for as fast as calls are answered.
    speed: Option<f64>,
    /// When the paced part began, and at what simulated time.
    began: Option<(Instant, Micros)>,
    stop: Option<watch::Receiver<bool>>,
}

/// Whether there is a next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goes {
    On,
    /// Somebody ended it.
    Ends,
}

impl Pace {
    /// As fast as it goes, to the end.
    pub const fn unbound() -> Self {
        Self {
            speed: None,
            began: None,
            stop: None,
        }
    }

    /// So many simulated seconds in a second, until `stop` says true or its sender is gone.
    pub const fn of(speed: f64, stop: watch::Receiver<bool>) -> Self {
        Self {
            speed: Some(speed),
            began: None,
            stop: Some(stop),
        }
    }

    /// Waits until `at` has come by the wall; the first instant waited for comes at once. Too late is no reason to leave
    /// anything out: what follows waits less.
    pub async fn wait_for(&mut self, at: Micros) -> Goes {
        if let Some(speed) = self.speed {
            let (began, from) = *self.began.get_or_insert_with(|| (Instant::now(), at));
            let due = began + wall_time(from, at, speed);
            match &mut self.stop {
                Some(stop) => tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => {}
                    () = tokio::time::sleep_until(due) => {}
                },
                None => tokio::time::sleep_until(due).await,
            }
        }
        match &self.stop {
            Some(stop) if *stop.borrow() || stop.has_changed().is_err() => Goes::Ends,
            _ => Goes::On,
        }
    }
}

/// What the simulated time between two instants takes; nothing when `to` is not later.
fn wall_time(from: Micros, to: Micros, speed: f64) -> Duration {
    let simulated_s = (to.0 - from.0).max(0) as f64 / 1e6;
    Duration::try_from_secs_f64(simulated_s / speed).unwrap_or(Duration::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn a_day_takes_its_part_of_a_second() {
        let took = |to: i64, speed| wall_time(Micros(0), Micros(to), speed);
        assert_eq!(took(DAY, 86_400.0), Duration::from_secs(1));
        assert_eq!(took(DAY, 345_600.0), Duration::from_millis(250));
        assert_eq!(took(-DAY, 1.0), Duration::ZERO);
        assert!(took(i64::MAX, 1e-300) > Duration::from_secs(1 << 30));
    }

    #[tokio::test]
    async fn a_stop_ends_the_longest_wait() {
        let (stop, stopped) = watch::channel(false);
        let mut pace = Pace::of(1.0, stopped);
        assert_eq!(pace.wait_for(Micros(0)).await, Goes::On);
        stop.send_replace(true);
        assert_eq!(pace.wait_for(Micros(400 * DAY)).await, Goes::Ends);
    }

    #[tokio::test]
    async fn whoever_is_gone_has_ended_it() {
        let (stop, stopped) = watch::channel(false);
        let mut pace = Pace::of(1.0, stopped);
        drop(stop);
        assert_eq!(pace.wait_for(Micros(0)).await, Goes::Ends);
        assert_eq!(Pace::unbound().wait_for(Micros(DAY)).await, Goes::On);
    }
}
