//! Runs hyper's background tasks on the worker's own thread.

use std::future::Future;

use hyper::rt::Executor;

/// Spawns onto the current thread's local runtime; nothing ever crosses threads.
#[derive(Debug, Clone, Copy)]
pub struct LocalExecutor;

impl<F> Executor<F> for LocalExecutor
where
    F: Future + 'static,
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}
