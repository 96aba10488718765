//! Accepts connections, bounds them, speaks TLS where configured, and serves each on its own task.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioTimer;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::connection::Connection;
use crate::front::check_request;
use crate::front_io::{FrontIo, Preface};
use crate::inbound::serve_http1;
use crate::problem;
use crate::request_body::RequestBody;
use crate::request_head::RequestHead;
use crate::response_body::ResponseBody;
use crate::serve::serve;
use crate::socket::Socket;
use crate::tunnel::TunnelSlot;
use crate::turns::InTurns;
use crate::worker::Worker;

/// How long to wait when the process has no file descriptor left, rather than spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts until the gateway drains, then takes what waits in the backlog and closes the listener.
pub async fn accept(worker: &Rc<Worker>, listener: TcpListener) {
    loop {
        let stopped = worker.shared.stopped.notified();
        if worker.is_draining() {
            break;
        }
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(worker, stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = stopped => {}
        }
    }
    // Connections that the kernel has already completed are served, not reset.
    while let Ok(Ok((stream, peer))) = tokio::time::timeout(Duration::ZERO, listener.accept()).await
    {
        admit(worker, stream, peer);
    }
}

fn admit(worker: &Rc<Worker>, stream: TcpStream, peer: SocketAddr) {
    let limits = &worker.config.limits;
    let ip = peer.ip().to_canonical();
    if !worker
        .shared
        .connections
        .enter(ip, limits.connections, limits.connections_per_ip)
    {
        tokio::task::spawn_local(refuse(stream));
        return;
    }
    worker.connection_opened();
    let place = Place {
        worker: Rc::clone(worker),
        ip,
    };
    tokio::task::spawn_local(async move {
        let mut serving = pin!(serve_connection(&place.worker, stream, place.ip));
        poll_fn(|cx| {
            place.worker.begin_turn();
            serving.as_mut().poll(cx)
        })
        .await;
    });
}

/// A place among the open connections; given up when dropped, also when the task panics.
struct Place {
    worker: Rc<Worker>,
    ip: std::net::IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.worker.shared.connections.leave(self.ip);
        self.worker.connection_closed();
    }
}

async fn refuse(mut stream: TcpStream) {
    let (_, body) = problem::connections_full().render("");
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    if stream.write_all(head.as_bytes()).await.is_ok() {
        drop(stream.write_all(&body).await);
    }
}

async fn serve_connection(worker: &Rc<Worker>, stream: TcpStream, ip: std::net::IpAddr) {
    // Without it small responses wait for the consumer's delayed ACK.
    drop(stream.set_nodelay(true));
    let trusted = worker.config.trusted_proxies.contains(&ip);
    let Some(tls) = &worker.shared.server_tls else {
        let connection = Rc::new(Connection::new(ip, false, trusted));
        return serve_stream(worker, connection, stream, Preface::Sniff).await;
    };

    let acceptor = TlsAcceptor::from(Arc::clone(&tls.load()));
    let connection = Rc::new(Connection::new(ip, true, trusted));
    // Boxed: TLS state is large, and plain connections should not carry its room along.
    Box::pin(serve_tls(worker, connection, acceptor, stream)).await;
}

async fn serve_tls(
    worker: &Rc<Worker>,
    connection: Rc<Connection>,
    acceptor: TlsAcceptor,
    stream: TcpStream,
) {
    let handshake =
        tokio::time::timeout(worker.config.deadlines.head, acceptor.accept(stream)).await;
    let Ok(Ok(stream)) = handshake else { return };
    let preface = match stream.get_ref().1.alpn_protocol() {
        Some(b"h2") => Preface::Http2,
        _ => Preface::Http1,
    };
    serve_stream(worker, connection, stream, preface).await;
}

async fn serve_stream<T>(
    worker: &Rc<Worker>,
    connection: Rc<Connection>,
    stream: T,
    preface: Preface,
) where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let mut io = FrontIo::new(Socket::new(stream), worker, Rc::clone(&connection));
    let http2 = match preface {
        Preface::Http1 => false,
        Preface::Http2 => true,
        Preface::Sniff => match io.sniff_http2().await {
            Ok(http2) => http2,
            Err(_) => return,
        },
    };
    if http2 {
        io.pass_through();
        Box::pin(serve_http2(worker, connection, io)).await;
    } else {
        serve_http1(worker, connection, io).await;
    }
}

async fn serve_http2_request(
    worker: Rc<Worker>,
    connection: Rc<Connection>,
    slot: Rc<TunnelSlot>,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let (parts, body) = request.into_parts();
    let judged = check_request(
        &parts.method,
        &parts.uri,
        parts.version,
        &parts.headers,
        &worker.config.front_rules,
    );
    let head = RequestHead::of_parts(&parts);
    drop(parts);
    let body = RequestBody::Http2(body);
    let answered = serve(&worker, &connection, &slot, &head, judged, body).await;

    let mut response = Response::new(answered.body);
    *response.status_mut() = answered.head.status;
    let headers = response.headers_mut();
    answered.head.for_each(|name, value| {
        // Whoever made the fields has proved what these ask.
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    });
    Ok(response)
}

async fn serve_http2<T>(worker: &Rc<Worker>, connection: Rc<Connection>, io: FrontIo<T>)
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
{
    // HTTP/2 has no upgrade: the slot stays empty.
    let slot = Rc::new(TunnelSlot::default());
    let service = {
        let worker = Rc::clone(worker);
        service_fn(move |request| {
            serve_http2_request(
                Rc::clone(&worker),
                Rc::clone(&connection),
                Rc::clone(&slot),
                request,
            )
        })
    };
    let limits = &worker.config.limits;
    let mut server = http2::Builder::new(InTurns(Rc::clone(worker)))
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.h2_streams)
        .max_header_list_size(limits.head_bytes as u32)
        // Rapid Reset (CVE-2023-44487) and MadeYouReset (CVE-2025-8671): a connection that resets more
        // streams than it may have open is closed.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(64)
        .initial_stream_window_size(256 * 1024)
        .initial_connection_window_size(1024 * 1024)
        .max_send_buf_size(128 * 1024)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10))
        .serve_connection(io, service);

    let mut told = false;
    let ended = poll_fn(|cx| {
        if !told && worker.is_draining() {
            told = true;
            Pin::new(&mut server).graceful_shutdown();
        }
        Pin::new(&mut server).poll(cx)
    })
    .await;
    if let Err(error) = ended {
        tracing::debug!(%error, "an HTTP/2 connection ended");
    }
}
