//! Opens connections to an upstream: DNS, TCP, TLS, and the HTTP version that the two sides agree on.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::client::conn::http2;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::{Scheme, Upstream};
use super::http1::{Exchange, Stream};
use super::pool::Pool;
use crate::local::LocalExecutor;
use crate::request_body::UpstreamBody;

/// A new connection, ready for a request.
pub enum Connected {
    Http1(Box<Exchange>),
    Http2(http2::SendRequest<UpstreamBody>),
}

/// Which HTTP versions the request can travel by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    Any,
    /// An upgrade to another protocol needs HTTP/1.1.
    Http1,
}

/// Why no connection came about. Nothing of a request was sent.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("upstream {host}:{port} cannot be reached")]
    Io {
        host: String,
        port: u16,
        #[source]
        source: io::Error,
    },
    #[error("upstream {host}:{port} did not accept within the connect time-out")]
    Elapsed { host: String, port: u16 },
    #[error("upstream {host}:{port} refused the HTTP handshake")]
    Handshake {
        host: String,
        port: u16,
        #[source]
        source: hyper::Error,
    },
}

/// TLS client settings by CA file and protocol; read once per file and process.
#[derive(Debug, Default)]
pub struct TlsConnectors {
    configs: Mutex<HashMap<Trust, Arc<ClientConfig>>>,
}

/// The CA file besides the system's roots, and what is offered in the handshake.
type Trust = (Option<String>, Protocol);

impl TlsConnectors {
    /// The settings that trust the system's roots and those of `ca_file`.
    pub fn config(
        &self,
        ca_file: Option<&str>,
        protocol: Protocol,
    ) -> io::Result<Arc<ClientConfig>> {
        let mut configs = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (ca_file.map(str::to_owned), protocol);
        if let Some(config) = configs.get(&key) {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(client_config(ca_file, protocol)?);
        configs.insert(key, Arc::clone(&config));
        Ok(config)
    }
}

fn client_config(ca_file: Option<&str>, protocol: Protocol) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = ca_file {
        for certificate in
            CertificateDer::pem_file_iter(Path::new(file)).map_err(io::Error::other)?
        {
            roots
                .add(certificate.map_err(io::Error::other)?)
                .map_err(io::Error::other)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = match protocol {
        Protocol::Any => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        Protocol::Http1 => vec![b"http/1.1".to_vec()],
    };
    Ok(config)
}

/// Connects within `connect_ms`, TLS and HTTP handshakes included.
pub async fn connect(
    pool: &Rc<Pool>,
    tls: &TlsConnectors,
    connect_ms: u64,
    protocol: Protocol,
) -> Result<Connected, ConnectError> {
    let upstream = &pool.upstream;
    let attempt = open(pool, upstream, tls, protocol);
    match tokio::time::timeout(Duration::from_millis(connect_ms), attempt).await {
        Ok(connected) => connected,
        Err(_) => Err(ConnectError::Elapsed {
            host: upstream.host.clone(),
            port: upstream.port,
        }),
    }
}

async fn open(
    pool: &Rc<Pool>,
    upstream: &Upstream,
    tls: &TlsConnectors,
    protocol: Protocol,
) -> Result<Connected, ConnectError> {
    let io_error = |source| ConnectError::Io {
        host: upstream.host.clone(),
        port: upstream.port,
        source,
    };
    let stream = TcpStream::connect((upstream.host.as_str(), upstream.port))
        .await
        .map_err(io_error)?;
    stream.set_nodelay(true).map_err(io_error)?;

    match (upstream.scheme, &upstream.server_name) {
        (Scheme::Http, _) => Ok(Connected::Http1(Box::new(Exchange::new(
            Stream::Plain(stream),
            pool.now_ms(),
        )))),
        (Scheme::H2c, _) => http2_handshake(pool, stream).await,
        (Scheme::Https, None) => Err(io_error(io::Error::other(
            "the host is not a TLS server name",
        ))),
        (Scheme::Https, Some(name)) => {
            let config = tls
                .config(upstream.ca_file.as_deref(), protocol)
                .map_err(io_error)?;
            let stream = TlsConnector::from(config)
                .connect(name.clone(), stream)
                .await
                .map_err(io_error)?;
            match stream.get_ref().1.alpn_protocol() {
                Some(b"h2") => http2_handshake(pool, stream).await,
                _ => Ok(Connected::Http1(Box::new(Exchange::new(
                    Stream::Tls(Box::new(stream)),
                    pool.now_ms(),
                )))),
            }
        }
    }
}

async fn http2_handshake<T>(pool: &Rc<Pool>, stream: T) -> Result<Connected, ConnectError>
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let (sender, connection) = http2::Builder::new(LocalExecutor)
        .timer(TokioTimer::new())
        // A dead peer is noticed within 20 + 10 s even when only streams without deadlines are open.
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .handshake::<_, UpstreamBody>(TokioIo::new(stream))
        .await
        .map_err(|source| handshake_error(&pool.upstream, source))?;
    tokio::task::spawn_local(async move { drop(connection.await) });
    pool.share(sender.clone());
    Ok(Connected::Http2(sender))
}

fn handshake_error(upstream: &Upstream, source: hyper::Error) -> ConnectError {
    ConnectError::Handshake {
        host: upstream.host.clone(),
        port: upstream.port,
        source,
    }
}
