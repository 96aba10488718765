//! A small HTTP client with keep-alive for the demo's consumers; it never sends a request twice once a byte of it has left.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::cast::Wire;

/// Half of the time for which the gateway keeps an idle connection: never reuses one that may be closing.
const IDLE_MAX: Duration = Duration::from_secs(30);

/// Why a call got no response.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("no connection to the gateway")]
    Connect(#[source] std::io::Error),
    #[error("the connection broke before the response")]
    Broken(#[source] hyper::Error),
}

/// The connections of one consumer; lives on one thread.
pub struct Client {
    gateway: SocketAddr,
    wire: Wire,
    idle: RefCell<Vec<(Instant, http1::SendRequest<Full<Bytes>>)>>,
    shared: RefCell<Option<http2::SendRequest<Full<Bytes>>>>,
}

/// A response whose body has not been read.
pub struct Answer<'c> {
    pub response: Response<Incoming>,
    client: &'c Client,
    /// The HTTP/1.1 connection that it came on: goes back to the pool after the body.
    connection: Option<http1::SendRequest<Full<Bytes>>>,
}

impl Client {
    pub const fn new(gateway: SocketAddr, wire: Wire) -> Self {
        Self {
            gateway,
            wire,
            idle: RefCell::new(Vec::new()),
            shared: RefCell::new(None),
        }
    }

    /// Sends a request and waits for the response head.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer<'_>, CallError> {
        match self.wire {
            Wire::Http1 => self.send_http1(request).await,
            Wire::Http2 => self.send_http2(request).await,
        }
    }

    async fn send_http1(&self, mut request: Request<Full<Bytes>>) -> Result<Answer<'_>, CallError> {
        loop {
            let mut connection = match self.take_idle() {
                Some(connection) => connection,
                None => self.connect_http1().await?,
            };
            if connection.ready().await.is_err() {
                continue;
            }
            match connection.try_send_request(request).await {
                Ok(response) => {
                    return Ok(Answer {
                        response,
                        client: self,
                        connection: Some(connection),
                    });
                }
                // Given back only when nothing of it was sent: the connection had ended before.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(CallError::Broken(error.into_error())),
                },
            }
        }
    }

    async fn send_http2(&self, mut request: Request<Full<Bytes>>) -> Result<Answer<'_>, CallError> {
        loop {
            let held = self
                .shared
                .borrow()
                .clone()
                .filter(|connection| !connection.is_closed());
            let mut connection = match held {
                Some(connection) => connection,
                None => self.connect_http2().await?,
            };
            if connection.ready().await.is_err() {
                self.shared.replace(None);
                continue;
            }
            match connection.try_send_request(request).await {
                Ok(response) => {
                    return Ok(Answer {
                        response,
                        client: self,
                        connection: None,
                    });
                }
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(CallError::Broken(error.into_error())),
                },
            }
        }
    }

    fn take_idle(&self) -> Option<http1::SendRequest<Full<Bytes>>> {
        let mut idle = self.idle.borrow_mut();
        idle.retain(|(since, connection)| since.elapsed() < IDLE_MAX && !connection.is_closed());
        idle.pop().map(|(_, connection)| connection)
    }

    async fn connect(&self) -> Result<TokioIo<TcpStream>, CallError> {
        let stream = TcpStream::connect(self.gateway)
            .await
            .map_err(CallError::Connect)?;
        stream.set_nodelay(true).map_err(CallError::Connect)?;
        Ok(TokioIo::new(stream))
    }

    async fn connect_http1(&self) -> Result<http1::SendRequest<Full<Bytes>>, CallError> {
        let stream = self.connect().await?;
        let (sender, connection) = http1::handshake(stream).await.map_err(CallError::Broken)?;
        // Its end reaches us through the sender.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }

    async fn connect_http2(&self) -> Result<http2::SendRequest<Full<Bytes>>, CallError> {
        let stream = self.connect().await?;
        // Calls that began meanwhile have a connection by now: one is enough.
        if let Some(connection) = self
            .shared
            .borrow()
            .clone()
            .filter(|connection| !connection.is_closed())
        {
            return Ok(connection);
        }
        let (sender, connection) = http2::handshake(TokioExecutor::new(), stream)
            .await
            .map_err(CallError::Broken)?;
        tokio::spawn(async move { drop(connection.await) });
        self.shared.replace(Some(sender.clone()));
        Ok(sender)
    }
}

impl Answer<'_> {
    /// Reads the body to its end and keeps the connection; dropping the answer instead closes the connection
    /// or, with HTTP/2, resets the stream. Returns the bytes read.
    pub async fn read(self) -> Result<u64, CallError> {
        let mut body = self.response.into_body();
        let mut bytes = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(CallError::Broken)?;
            bytes += frame.data_ref().map_or(0, Bytes::len) as u64;
        }
        if let Some(connection) = self.connection {
            self.client
                .idle
                .borrow_mut()
                .push((Instant::now(), connection));
        }
        Ok(bytes)
    }
}
