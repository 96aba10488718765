//! How a job learns that it must end.

use tokio::sync::watch;

/// Waits for the stop, or for the end of the handle.
pub(crate) async fn stopping(stopped: &mut watch::Receiver<bool>) {
    // An error means that the handle was dropped: that is a stop too.
    let _ = stopped.wait_for(|stop| *stop).await;
}
