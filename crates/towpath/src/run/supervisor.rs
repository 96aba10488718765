//! What a supervisor such as systemd hands over and wants to hear: sockets, readiness, the end.

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use crate::failure::Failure;

/// The first socket that is passed (sd_listen_fds(3)).
const FIRST_FD: i32 = 3;
/// More would be a mistake of the unit.
const FDS_MAX: usize = 16;

/// Listening sockets that were passed: the one named `web`, and the first of the others for the gateway.
#[derive(Debug, Default)]
pub struct Sockets {
    pub gateway: Option<TcpListener>,
    pub web: Option<TcpListener>,
}

/// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`; nothing when they are meant for another process.
pub fn passed_sockets(environment: &BTreeMap<String, String>) -> Result<Sockets, Failure> {
    let number = |name: &str| {
        environment
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let own_pid = getpid().as_raw_nonzero().get();
    let (Some(pid), Some(count)) = (number("LISTEN_PID"), number("LISTEN_FDS")) else {
        return Ok(Sockets::default());
    };
    if i32::try_from(pid) != Ok(own_pid) || count == 0 {
        return Ok(Sockets::default());
    }
    let names: Vec<&str> = environment
        .get("LISTEN_FDNAMES")
        .map(|names| names.split(':').collect())
        .unwrap_or_default();

    let mut sockets = Sockets::default();
    for index in 0..count.min(FDS_MAX) {
        let listener = passed_socket(FIRST_FD + index as i32).map_err(|error| {
            Failure::input(format!("socket {} from the supervisor cannot be used: {error}", FIRST_FD + index as i32))
                .next("pass TCP listening sockets only; with a system call filter allow pidfd_open and pidfd_getfd")
        })?;
        let place = if names.get(index) == Some(&"web") {
            &mut sockets.web
        } else {
            &mut sockets.gateway
        };
        if place.is_none() {
            *place = Some(listener);
        }
    }
    Ok(sockets)
}

/// A duplicate by way of our own process descriptor: the one call that turns a bare number into an owned
/// descriptor, or refuses it, without unsafe code.
fn passed_socket(fd: i32) -> io::Result<TcpListener> {
    let own = pidfd_open(getpid(), PidfdFlags::empty())?;
    let listener = TcpListener::from(pidfd_getfd(own, fd, PidfdGetfdFlags::empty())?);
    // Refuses what is no TCP socket.
    listener.local_addr()?;
    Ok(listener)
}

/// What `sd_notify(3)` can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Ready,
    Stopping,
}

/// Tells the supervisor, when there is one that listens; a failure is logged and changes nothing.
pub fn notify(notice: Notice) {
    let Some(target) = std::env::var("NOTIFY_SOCKET")
        .ok()
        .filter(|target| !target.is_empty())
    else {
        return;
    };
    let text = match notice {
        Notice::Ready => "READY=1",
        Notice::Stopping => "STOPPING=1",
    };
    if let Err(error) = send(&target, text) {
        tracing::warn!(%error, "the supervisor could not be told {text}");
    }
}

fn send(target: &str, text: &str) -> io::Result<()> {
    let address = match target.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(target)?,
    };
    UnixDatagram::unbound()?.send_to_addr(text.as_bytes(), &address)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd as _;

    #[test]
    fn a_notice_arrives() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        send(path.to_str().unwrap(), "READY=1").unwrap();
        let mut buffer = [0; 32];
        let length = socket.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"READY=1");
    }

    #[test]
    fn sockets_for_another_process_are_left_alone() {
        let environment = |pid: &str| {
            BTreeMap::from([
                ("LISTEN_PID".to_owned(), pid.to_owned()),
                ("LISTEN_FDS".to_owned(), "1".to_owned()),
            ])
        };
        assert!(passed_sockets(&environment("1")).unwrap().gateway.is_none());
        assert!(passed_sockets(&BTreeMap::new()).unwrap().gateway.is_none());
    }

    #[test]
    fn a_passed_socket_accepts_and_anything_else_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let passed = passed_socket(listener.as_raw_fd()).unwrap();
        assert_eq!(passed.local_addr().unwrap(), listener.local_addr().unwrap());
        let _client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        passed.accept().unwrap();

        let file = tempfile::tempfile().unwrap();
        assert!(passed_socket(file.as_raw_fd()).is_err());
        assert!(passed_socket(9_999).is_err());
    }
}
