//! TLS on both sides and HTTP/2 on both sides, in every combination that consumers and APIs have.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http2::SendRequest;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::support::{Setup, Upstream, get};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/fixtures/tls")
        .join(name)
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// The gateway's own certificate.
fn tls_section() -> String {
    format!(
        "[gateway.tls]\ncert_file = \"{}\"\nkey_file = \"{}\"\n",
        fixture("server.pem").display(),
        fixture("server.key").display()
    )
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Trusts the test authority alone.
fn connector(alpn: &[&str]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(fixture("ca.pem")).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsConnector::from(Arc::new(config))
}

fn acceptor(alpn: &[&str]) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(fixture("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap();
    let mut config = config
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

type Stream = tokio_rustls::client::TlsStream<TcpStream>;

async fn tls(addr: SocketAddr, alpn: &[&str]) -> Stream {
    let stream = TcpStream::connect(addr).await.unwrap();
    connector(alpn)
        .connect(ServerName::try_from("api.example").unwrap(), stream)
        .await
        .unwrap()
}

async fn h2(
    stream: impl hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
) -> SendRequest<Full<Bytes>> {
    let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream)
        .await
        .unwrap();
    tokio::spawn(connection);
    sender
}

fn request(path: &str, body: &'static str) -> Request<Full<Bytes>> {
    let uri = format!("https://api.example{path}");
    Request::post(uri)
        .body(Full::new(Bytes::from_static(body.as_bytes())))
        .unwrap()
}

/// An upstream that tells in its answer what it was asked: version, method, path, body, `x-forwarded-proto`.
fn mirror(runtime: &Runtime, acceptor: Option<TlsAcceptor>) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let addr = listener.local_addr().unwrap();
    runtime.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Some(acceptor) = acceptor else {
                    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                    let _ = server
                        .serve_connection(TokioIo::new(stream), service_fn(mirrored))
                        .await;
                    return;
                };
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                    let _ = server
                        .serve_connection(TokioIo::new(stream), service_fn(mirrored))
                        .await;
                } else {
                    let server = hyper::server::conn::http1::Builder::new();
                    let _ = server
                        .serve_connection(TokioIo::new(stream), service_fn(mirrored))
                        .await;
                }
            });
        }
    });
    addr
}

async fn mirrored(request: Request<Incoming>) -> Result<Response<Frames>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?;
    let trailers = body.trailers().cloned();
    let proto = head
        .headers
        .get("x-forwarded-proto")
        .map_or("-", |value| value.to_str().unwrap_or("?"));
    let text = format!(
        "{:?} {} {} {} {proto}",
        head.version,
        head.method,
        head.uri.path(),
        String::from_utf8_lossy(&body.to_bytes())
    );
    let frames = [
        Some(Frame::data(Bytes::from(text))),
        trailers.map(Frame::trailers),
    ];
    Ok(Response::new(Frames::of(frames.into_iter().flatten())))
}

/// A body of frames that are already there.
struct Frames(VecDeque<Frame<Bytes>>);

impl Frames {
    fn of(frames: impl IntoIterator<Item = Frame<Bytes>>) -> Self {
        Self(frames.into_iter().collect())
    }
}

impl hyper::body::Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(Ok))
    }
}

async fn text(response: Response<Incoming>) -> String {
    String::from_utf8(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    )
    .unwrap()
}

#[test]
fn consumers_come_by_tls_with_http_1_1_or_http_2() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).top(&tls_section()).start();
    runtime().block_on(async {
        let stream = tls(towpath.gateway, &["http/1.1"]).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let get = Request::get("/one")
            .header("host", "api.example")
            .body(Full::<Bytes>::default())
            .unwrap();
        assert_eq!(
            sender.send_request(get).await.unwrap().status(),
            StatusCode::OK
        );

        let stream = tls(towpath.gateway, &["h2", "http/1.1"]).await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let sender = h2(TokioIo::new(stream)).await;
        let calls = (0..100).map(|_| {
            let mut sender = sender.clone();
            tokio::spawn(async move {
                sender
                    .send_request(request("/two", "body"))
                    .await
                    .unwrap()
                    .status()
            })
        });
        for call in calls.collect::<Vec<_>>() {
            assert_eq!(call.await.unwrap(), StatusCode::OK);
        }
    });
    for request in upstream.requests() {
        assert_eq!(request.headers("x-forwarded-proto"), ["https"]);
        assert_eq!(request.headers("x-forwarded-host"), ["api.example"]);
    }
    assert_eq!(upstream.count(), 101);
    towpath.expect_calls(101);
}

#[test]
fn a_plain_request_to_a_tls_port_does_no_harm() {
    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).top(&tls_section()).start();
    let mut connection = crate::support::Connection::open(towpath.gateway);
    connection.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut rest = Vec::new();
    let _ = std::io::Read::read_to_end(&mut connection.stream, &mut rest);
    assert!(!rest.starts_with(b"HTTP/1.1 200"));
    runtime().block_on(async {
        let mut sender = h2(TokioIo::new(tls(towpath.gateway, &["h2"]).await)).await;
        assert_eq!(
            sender
                .send_request(request("/a", ""))
                .await
                .unwrap()
                .status(),
            StatusCode::OK
        );
    });
}

#[test]
fn upstreams_are_reached_by_tls_with_the_protocol_they_choose() {
    let runtime = runtime();
    for (alpn, version) in [
        (&["h2", "http/1.1"][..], Version::HTTP_2),
        (&["http/1.1"][..], Version::HTTP_11),
        (&[][..], Version::HTTP_11),
    ] {
        let addr = mirror(&runtime, Some(acceptor(alpn)));
        let ca = format!("upstream_ca_file = \"{}\"", fixture("ca.pem").display());
        let towpath = Setup::new(&format!("https://localhost:{}", addr.port()))
            .surface(&ca)
            .start();
        for _ in 0..3 {
            let answer = get(towpath.gateway, "/a", &[]);
            assert_eq!(
                (answer.status, answer.text()),
                (200, format!("{version:?} GET /a  http")),
                "{alpn:?}"
            );
        }
        towpath.expect_calls(3);
    }
}

#[test]
fn an_upstream_that_nobody_vouches_for_is_not_used() {
    let runtime = runtime();
    let addr = mirror(&runtime, Some(acceptor(&["http/1.1"])));
    let towpath = Setup::new(&format!("https://localhost:{}", addr.port())).start();
    let answer = get(towpath.gateway, "/a", &[]);
    assert_eq!(
        (answer.status, answer.problem()),
        (502, "upstream_unreachable".to_owned())
    );

    // The right authority, and the wrong name.
    let ca = format!("upstream_ca_file = \"{}\"", fixture("ca.pem").display());
    let towpath = Setup::new(&format!("https://127.0.0.2:{}", addr.port()))
        .surface(&ca)
        .start();
    assert_eq!(get(towpath.gateway, "/a", &[]).status, 502);
}

#[test]
fn http_2_passes_from_end_to_end_with_its_trailers() {
    let runtime = runtime();
    let addr = mirror(&runtime, None);
    let towpath = Setup::new(&format!("h2c://{addr}")).start();
    runtime.block_on(async {
        let stream = TokioIo::new(TcpStream::connect(towpath.gateway).await.unwrap());
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), stream)
                .await
                .unwrap();
        tokio::spawn(connection);
        for number in 0..50 {
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", number.into());
            let body = Frames::of([
                Frame::data(Bytes::from_static(b"ab")),
                Frame::data(Bytes::from_static(b"cd")),
                Frame::trailers(trailers),
            ]);
            let request = Request::post("http://api.example/rpc")
                .header("te", "trailers")
                .body(body)
                .unwrap();
            let response = sender.send_request(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            let body = response.into_body().collect().await.unwrap();
            assert_eq!(body.trailers().unwrap()["grpc-status"], number.to_string());
            assert_eq!(body.to_bytes(), "HTTP/2.0 POST /rpc abcd http");
        }
    });
    towpath.expect_calls(50);
}

#[test]
fn http_1_1_and_http_2_translate_into_each_other() {
    let runtime = runtime();
    let addr = mirror(&runtime, None);
    let towpath = Setup::new(&format!("h2c://{addr}")).start();
    let chunks =
        "POST /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
    assert_eq!(
        crate::support::send(towpath.gateway, chunks).text(),
        "HTTP/2.0 POST /up body http"
    );

    let upstream = Upstream::ok();
    let towpath = Setup::new(&upstream.url()).start();
    let answer = runtime.block_on(async {
        let stream = TcpStream::connect(towpath.gateway).await.unwrap();
        let mut sender = h2(TokioIo::new(stream)).await;
        let request = Request::post("http://api.example/down?q=1")
            .header("cookie", "a=1")
            .header("cookie", "b=2");
        text(
            sender
                .send_request(
                    request
                        .body(Full::new(Bytes::from_static(b"body")))
                        .unwrap(),
                )
                .await
                .unwrap(),
        )
        .await
    });
    assert_eq!(answer, "{\"ok\":true}");
    let request = upstream.request();
    assert_eq!(request.line(), "POST /down?q=1 HTTP/1.1");
    assert_eq!(request.body, b"body");
    // RFC 9113 section 8.2.3: split cookies become one again.
    assert_eq!(request.headers("cookie"), ["a=1; b=2"]);
}
