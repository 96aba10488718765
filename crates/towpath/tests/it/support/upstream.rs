//! An API to put the gateway before: records every request byte for byte, answers as the test says.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::wire::{Connection, headers};

pub const OK: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}";

/// One request as the gateway sent it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Request line and headers, without the blank line.
    pub head: String,
    /// Chunked framing removed.
    pub body: Vec<u8>,
    /// Trailer lines, each with a line feed.
    pub trailers: String,
}

impl Request {
    pub fn headers(&self, name: &str) -> Vec<String> {
        headers(&self.head, name)
    }

    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }
}

/// What becomes of the connection after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    KeepOpen,
    Close,
}

/// Listens until dropped; one thread per connection.
pub struct Upstream {
    pub addr: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl Upstream {
    /// Answers everything with 200 and `{"ok":true}`.
    pub fn ok() -> Self {
        Self::with(|_, connection| {
            connection.send(OK);
            Then::KeepOpen
        })
    }

    /// Reads whole requests and lets `respond` answer each.
    pub fn with(
        respond: impl Fn(&Request, &mut Connection) -> Then + Send + Sync + 'static,
    ) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        let mut upstream = Self::raw(move |stream| {
            let mut connection = Connection::of(stream);
            while let Some(request) = read_request(&mut connection) {
                recorded.lock().unwrap().push(request.clone());
                if respond(&request, &mut connection) == Then::Close {
                    return;
                }
            }
        });
        upstream.requests = requests;
        upstream
    }

    /// Hands over each accepted connection; nothing is recorded.
    pub fn raw(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let stopped = Arc::new(AtomicBool::new(false));
        let connections = Arc::new(AtomicUsize::new(0));
        let serve = Arc::new(serve);
        let (is_stopped, opened) = (Arc::clone(&stopped), Arc::clone(&connections));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                opened.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                let stream = stream.unwrap();
                std::thread::spawn(move || serve(stream));
            }
        });
        Self {
            addr,
            requests: Arc::default(),
            connections,
            stopped,
        }
    }

    /// Everything received so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request so far.
    pub fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.into_iter().next().unwrap()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub fn forget(&self) {
        self.requests.lock().unwrap().clear();
    }

    /// Connections accepted since the start.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then lets go of the port.
        let _ = TcpStream::connect(self.addr).and_then(|mut stream| stream.write_all(b""));
    }
}

fn read_request(connection: &mut Connection) -> Option<Request> {
    let head = connection.head()?;
    if headers(&head, "expect")
        .iter()
        .any(|value| value.eq_ignore_ascii_case("100-continue"))
    {
        connection.send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    let (body, trailers) = connection.body(&head, false).ok()?;
    Some(Request {
        head,
        body,
        trailers,
    })
}
