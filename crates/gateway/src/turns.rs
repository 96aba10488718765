//! Runs the background tasks that serve requests, each of their turns one to the worker.

use std::future::{Future, poll_fn};
use std::rc::Rc;

use hyper::rt::Executor;

use crate::worker::Worker;

/// Spawns onto the current thread's local runtime, for a worker that is told when a task is about to run.
#[derive(Clone)]
pub struct InTurns(pub Rc<Worker>);

impl<F> Executor<F> for InTurns
where
    F: Future + 'static,
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        let worker = Rc::clone(&self.0);
        let mut future = Box::pin(future);
        tokio::task::spawn_local(poll_fn(move |cx| {
            worker.begin_turn();
            future.as_mut().poll(cx)
        }));
    }
}
