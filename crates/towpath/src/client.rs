//! The small HTTP client of the command line: one request to the admin API per call, plain or TLS, no redirects.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http::uri::Scheme;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1::{self, Connection, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::failure::{Failure, chain};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A 15 MB contract is parsed and stored in about a second; a backup of a large database takes longer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(300);
/// The largest answer is the source of a contract, 15 MB, escaped as JSON.
const BODY_BYTES_LIMIT: usize = 64 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("server address {server:?} needs the form http://host:port or https://host")]
    Address { server: String },
    #[error("the token holds characters that no header can carry")]
    Token,
    #[error("cannot reach {server}")]
    Connect {
        server: String,
        #[source]
        source: std::io::Error,
    },
    #[error("no TLS connection to {server}")]
    Tls {
        server: String,
        #[source]
        source: std::io::Error,
    },
    #[error("{server} broke off")]
    Http {
        server: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("{server} did not answer in time")]
    Timeout { server: String },
    #[error("the answer could not be written")]
    Write {
        #[source]
        source: std::io::Error,
    },
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match &error {
            ClientError::Address { .. } | ClientError::Token => Self::usage(chain(&error)),
            ClientError::Write { .. } => {
                Self::input(chain(&error)).next("free some disk space, or choose another folder")
            }
            ClientError::Connect { .. } => Self::server(chain(&error))
                .next("start it with `towpath up`, or name a running one with --server or --data"),
            ClientError::Tls { .. } => Self::server(chain(&error))
                .next("check the certificate, and that the operating system trusts who signed it"),
            ClientError::Http { .. } | ClientError::Timeout { .. } => {
                Self::server(chain(&error)).next("see the server's log, and run `towpath doctor`")
            }
        }
    }
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: StatusCode,
    /// Without parameters; empty when absent.
    pub content_type: String,
    pub body: Bytes,
}

/// What a request carries.
#[derive(Debug, Clone)]
pub struct Payload {
    pub content_type: &'static str,
    pub body: Bytes,
}

/// A server and the token for it.
#[derive(Clone)]
pub struct Client {
    scheme: Scheme,
    host: String,
    port: u16,
    authority: HeaderValue,
    authorization: Option<HeaderValue>,
    server: String,
}

impl Client {
    /// `server` is `http://host[:port]` or `https://host[:port]`; a path is refused.
    pub fn new(server: &str, token: Option<&str>) -> Result<Self, ClientError> {
        let bad = || ClientError::Address {
            server: server.to_owned(),
        };
        let uri: Uri = server.trim_end_matches('/').parse().map_err(|_| bad())?;
        let scheme = uri
            .scheme()
            .filter(|scheme| **scheme == Scheme::HTTP || **scheme == Scheme::HTTPS);
        let (Some(scheme), Some(authority)) = (scheme, uri.authority()) else {
            return Err(bad());
        };
        if uri.path() != "/" || uri.query().is_some() || authority.as_str().contains('@') {
            return Err(bad());
        }

        let authorization = token
            .map(|token| HeaderValue::from_str(&format!("Bearer {token}")))
            .transpose();
        let mut authorization = authorization.map_err(|_| ClientError::Token)?;
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        Ok(Self {
            scheme: scheme.clone(),
            host: authority.host().to_owned(),
            port: authority
                .port_u16()
                .unwrap_or(if *scheme == Scheme::HTTPS { 443 } else { 80 }),
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| bad())?,
            authorization,
            server: format!("{scheme}://{authority}"),
        })
    }

    pub fn server(&self) -> &str {
        &self.server
    }

    /// Whether the token would cross a network unencrypted.
    pub fn is_exposed(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let is_local = host == "localhost"
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback());
        self.scheme == Scheme::HTTP && !is_local && self.authorization.is_some()
    }

    /// One request on its own connection. `target` is path and query.
    pub async fn send(
        &self,
        method: Method,
        target: &str,
        accept: &'static str,
        payload: Option<Payload>,
    ) -> Result<Response, ClientError> {
        let request = self.request(method, target, accept, payload)?;
        let exchange = async {
            let stream = self.connect().await?;
            if self.scheme == Scheme::HTTP {
                return self.exchange(stream, request).await;
            }
            let stream = self.secure(stream).await?;
            self.exchange(stream, request).await
        };
        let timeout = ClientError::Timeout {
            server: self.server.clone(),
        };
        tokio::time::timeout(ANSWER_TIMEOUT, exchange)
            .await
            .map_err(|_| timeout)?
    }

    /// Like [`Client::send`], but a body of the answer goes to `file` unless the answer is an error; returns its length.
    pub async fn download(
        &self,
        method: Method,
        target: &str,
        file: &mut tokio::fs::File,
    ) -> Result<Result<u64, Response>, ClientError> {
        let request = self.request(method, target, "*/*", None)?;
        let stream = self.connect().await?;
        if self.scheme == Scheme::HTTP {
            return self.exchange_to_file(stream, request, file).await;
        }
        let stream = self.secure(stream).await?;
        self.exchange_to_file(stream, request, file).await
    }

    fn request(
        &self,
        method: Method,
        target: &str,
        accept: &'static str,
        payload: Option<Payload>,
    ) -> Result<Request<Full<Bytes>>, ClientError> {
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header(HOST, &self.authority)
            .header(ACCEPT, accept)
            .header(
                USER_AGENT,
                concat!("towpath-cli/", env!("CARGO_PKG_VERSION")),
            );
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(payload) = &payload {
            request = request.header(CONTENT_TYPE, payload.content_type);
        }
        let body = payload.map(|payload| payload.body).unwrap_or_default();
        request
            .body(Full::new(body))
            .map_err(|error| self.http_error(error))
    }

    async fn connect(&self) -> Result<TcpStream, ClientError> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let failed = |source| ClientError::Connect {
            server: self.server.clone(),
            source,
        };
        let connected =
            tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect((host, self.port))).await;
        let stream = connected
            .map_err(|_| failed(std::io::ErrorKind::TimedOut.into()))?
            .map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(stream)
    }

    async fn secure(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, ClientError> {
        let failed = |source| ClientError::Tls {
            server: self.server.clone(),
            source,
        };
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(std::io::Error::other(error)))?
            .with_root_certificates(roots)
            .with_no_client_auth();

        let host = self
            .host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let name =
            ServerName::try_from(host).map_err(|error| failed(std::io::Error::other(error)))?;
        tokio_rustls::TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .map_err(failed)
    }

    async fn exchange(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        request: Request<Full<Bytes>>,
    ) -> Result<Response, ClientError> {
        let (mut sender, connection) = self.handshake(stream).await?;
        let answer = async move {
            let response = sender
                .send_request(request)
                .await
                .map_err(|error| self.http_error(error))?;
            self.collect(response).await
        };

        // The connection ends by itself once the answer is read, or earlier with the error that `answer` reports.
        let (answer, _) = tokio::join!(answer, connection);
        answer
    }

    async fn exchange_to_file(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        request: Request<Full<Bytes>>,
        file: &mut tokio::fs::File,
    ) -> Result<Result<u64, Response>, ClientError> {
        let (mut sender, connection) = self.handshake(stream).await?;
        let answer = async move {
            let response = sender
                .send_request(request)
                .await
                .map_err(|error| self.http_error(error))?;
            if !response.status().is_success() {
                return self.collect(response).await.map(Err);
            }
            let mut body = response.into_body();
            let mut bytes = 0;
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| self.http_error(error))?;
                if let Some(chunk) = frame.data_ref() {
                    file.write_all(chunk)
                        .await
                        .map_err(|source| ClientError::Write { source })?;
                    bytes += chunk.len() as u64;
                }
            }
            file.sync_all()
                .await
                .map_err(|source| ClientError::Write { source })?;
            Ok(Ok(bytes))
        };
        let (answer, _) = tokio::join!(answer, connection);
        answer
    }

    async fn handshake<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
    ) -> Result<
        (
            SendRequest<Full<Bytes>>,
            Connection<TokioIo<S>, Full<Bytes>>,
        ),
        ClientError,
    > {
        http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| self.http_error(error))
    }

    async fn collect(
        &self,
        response: http::Response<hyper::body::Incoming>,
    ) -> Result<Response, ClientError> {
        let (head, body) = response.into_parts();
        let body = Limited::new(body, BODY_BYTES_LIMIT)
            .collect()
            .await
            .map_err(|source| ClientError::Http {
                server: self.server.clone(),
                source,
            })?;
        let content_type = head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let content_type = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        Ok(Response {
            status: head.status,
            content_type,
            body: body.to_bytes(),
        })
    }

    fn http_error(&self, source: impl std::error::Error + Send + Sync + 'static) -> ClientError {
        ClientError::Http {
            server: self.server.clone(),
            source: Box::new(source),
        }
    }
}

/// One query parameter's value or one path segment, percent-encoded (RFC 3986 section 2.3).
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_scheme_host_and_port() {
        let client = Client::new("http://127.0.0.1:8081/", Some("t")).unwrap();
        assert_eq!(
            (client.server(), client.port, client.is_exposed()),
            ("http://127.0.0.1:8081", 8081, false)
        );
        assert!(
            Client::new("http://towpath.example", Some("t"))
                .unwrap()
                .is_exposed()
        );
        assert!(
            !Client::new("https://towpath.example", Some("t"))
                .unwrap()
                .is_exposed()
        );
        for bad in [
            "127.0.0.1:8081",
            "ftp://x",
            "http://x/path",
            "http://u:p@x",
            "",
        ] {
            assert!(
                matches!(Client::new(bad, None), Err(ClientError::Address { .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn every_byte_outside_the_unreserved_set_is_encoded() {
        assert_eq!(encode("Acme GmbH/é+1"), "Acme%20GmbH%2F%C3%A9%2B1");
    }
}
