//! Coarse deadlines of one worker: a slot per waiter, looked at ten times a second, so that a request arms one for free.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// How often deadlines are looked at; each fires at most this late.
pub const TICK: Duration = Duration::from_millis(100);

const NEVER: u64 = u64::MAX;

/// All deadlines of one worker. Never reads the clock by itself: `tick` is told.
#[derive(Debug)]
pub struct Timers {
    start: Instant,
    now_ms: Cell<u64>,
    slots: RefCell<Slots>,
}

#[derive(Debug, Default)]
struct Slots {
    all: Vec<Slot>,
    free: Vec<usize>,
}

#[derive(Debug)]
struct Slot {
    due_ms: u64,
    waker: Option<Waker>,
}

/// The deadline passed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

impl Timers {
    pub fn new(start: Instant) -> Rc<Self> {
        Rc::new(Self {
            start,
            now_ms: Cell::new(0),
            slots: RefCell::default(),
        })
    }

    /// Milliseconds since the worker began, as of the last tick.
    pub fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// Moves the coarse clock and wakes every waiter whose deadline has come.
    pub fn tick(&self, now: Instant) {
        let now_ms = now.duration_since(self.start).as_millis() as u64;
        self.now_ms.set(now_ms);
        self.wake(|slot| slot.due_ms <= now_ms);
    }

    /// Wakes every waiter, due or not: all look again at what they wait for.
    pub fn wake_all(&self) {
        self.wake(|_| true);
    }

    fn wake(&self, chosen: impl Fn(&Slot) -> bool) {
        // Wakers run outside the borrow: waking may run code that arms another timer.
        let due: Vec<Waker> = {
            let mut slots = self.slots.borrow_mut();
            slots
                .all
                .iter_mut()
                .filter(|slot| chosen(slot))
                .filter_map(|slot| slot.waker.take())
                .collect()
        };
        due.into_iter().for_each(Waker::wake);
    }
}

/// One deadline; freed when dropped.
#[derive(Debug)]
pub struct Timer {
    timers: Rc<Timers>,
    index: usize,
}

impl Timer {
    /// A timer that is not armed.
    pub fn new(timers: Rc<Timers>) -> Self {
        let index = {
            let mut slots = timers.slots.borrow_mut();
            match slots.free.pop() {
                Some(index) => index,
                None => {
                    slots.all.push(Slot {
                        due_ms: NEVER,
                        waker: None,
                    });
                    slots.all.len() - 1
                }
            }
        };
        Self { timers, index }
    }

    pub fn now_ms(&self) -> u64 {
        self.timers.now_ms()
    }

    /// Due `after_ms` from the last tick; fires up to two ticks later.
    pub fn arm(&self, after_ms: u64) {
        let due_ms = self.timers.now_ms().saturating_add(after_ms);
        self.timers.slots.borrow_mut().all[self.index].due_ms = due_ms;
    }

    pub fn is_armed(&self) -> bool {
        self.timers.slots.borrow().all[self.index].due_ms != NEVER
    }

    pub fn disarm(&self) {
        self.timers.slots.borrow_mut().all[self.index].due_ms = NEVER;
    }

    /// Whether the deadline has come; registers the task to be woken when it has not.
    pub fn poll_due(&self, cx: &Context<'_>) -> bool {
        let mut slots = self.timers.slots.borrow_mut();
        let slot = &mut slots.all[self.index];
        if slot.due_ms <= self.timers.now_ms.get() {
            return true;
        }
        if slot
            .waker
            .as_ref()
            .is_none_or(|waker| !waker.will_wake(cx.waker()))
        {
            let old = slot.waker.replace(cx.waker().clone());
            // Dropping a waker may drop its task, which may hold timers: not inside the borrow.
            drop(slots);
            drop(old);
        }
        false
    }

    /// Runs `future` until it is ready or this timer is due.
    pub async fn bound<F: Future>(&self, future: F) -> Result<F::Output, Elapsed> {
        let mut future = pin!(future);
        std::future::poll_fn(|cx| self.poll_bound(future.as_mut(), cx)).await
    }

    fn poll_bound<F: Future>(
        &self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<F::Output, Elapsed>> {
        match future.poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending if self.poll_due(cx) => Poll::Ready(Err(Elapsed)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let mut slots = self.timers.slots.borrow_mut();
        let old = std::mem::replace(
            &mut slots.all[self.index],
            Slot {
                due_ms: NEVER,
                waker: None,
            },
        );
        slots.free.push(self.index);
        drop(slots);
        drop(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll_once(timer: &Timer) -> bool {
        timer.poll_due(&Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_deadline_is_due_at_the_first_tick_after_it() {
        let start = Instant::now();
        let timers = Timers::new(start);
        let timer = Timer::new(timers.clone());
        timer.arm(250);
        for (at_ms, due) in [(100, false), (200, false), (300, true)] {
            timers.tick(start + Duration::from_millis(at_ms));
            assert_eq!(poll_once(&timer), due, "{at_ms} ms");
        }
        timer.disarm();
        assert!(!poll_once(&timer));
    }

    #[test]
    fn a_freed_slot_is_used_again_and_starts_unarmed() {
        let timers = Timers::new(Instant::now());
        let first = Timer::new(timers.clone());
        first.arm(0);
        assert!(poll_once(&first));
        drop(first);
        let second = Timer::new(timers.clone());
        assert_eq!(timers.slots.borrow().all.len(), 1);
        assert!(!poll_once(&second));
    }
}
