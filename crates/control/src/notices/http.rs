//! One HTTP request on its own connection: TLS verified, no redirect followed, no way into our own network.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::senders::{Answer, HttpSend, Outgoing, SendError, Senders, Sending, Target};
use super::settings::{NoticeSettings, WebhookTargets};

/// Standard Webhooks 1.0 recommends 15 to 30 s for the whole.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Of an answer of somebody whom we do not know: its status is all that counts.
const ANSWER_BYTES_MAX: usize = 64 << 10;
/// Of an answer of a status page: a list of at most 100 incidents, each of a few KiB, 20 at most.
const LIST_BYTES_MAX: usize = 4 << 20;

/// Sends requests.
#[derive(Default)]
pub struct HttpClient {
    /// Where addresses that others gave may lead.
    pub targets: WebhookTargets,
    tls: OnceLock<Arc<ClientConfig>>,
}

impl HttpClient {
    pub fn new(targets: WebhookTargets) -> Self {
        Self {
            targets,
            tls: OnceLock::new(),
        }
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<Answer, SendError> {
        let uri: Uri = outgoing
            .url
            .parse()
            .map_err(|_| SendError::Refused(format!("{:?} is no web address", outgoing.url)))?;
        let restricted = outgoing.target == Target::Given && self.targets == WebhookTargets::Public;
        let place = Place::of(&uri, restricted)?;
        let request = request(outgoing, &uri)?;
        let bytes_max = match outgoing.target {
            Target::Configured => LIST_BYTES_MAX,
            Target::Given => ANSWER_BYTES_MAX,
        };
        let stream = place.connect(restricted).await?;
        if !place.tls {
            return send(stream, request, bytes_max).await;
        }
        let name = ServerName::try_from(place.host.clone())
            .map_err(|_| SendError::Refused(format!("{:?} is no TLS server name", place.host)))?;
        let connector = TlsConnector::from(self.tls()?);
        let stream = connector
            .connect(name, stream)
            .await
            .map_err(|error| later("no TLS connection", &error))?;
        send(stream, request, bytes_max).await
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, SendError> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| later("no TLS", &error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }
}

impl HttpSend for HttpClient {
    fn send<'a>(&'a self, request: &'a Outgoing) -> Sending<'a, Answer> {
        Box::pin(async move {
            tokio::time::timeout(TIMEOUT, self.exchange(request))
                .await
                .unwrap_or_else(|_| Err(SendError::Later("no answer in time".to_owned())))
        })
    }
}

impl Default for Senders {
    /// Feeds and webhooks work, mails wait.
    fn default() -> Self {
        Self {
            settings: NoticeSettings::default(),
            mail: None,
            http: Arc::new(HttpClient::default()),
        }
    }
}

/// Where a request goes.
struct Place {
    host: String,
    port: u16,
    tls: bool,
}

impl Place {
    fn of(uri: &Uri, restricted: bool) -> Result<Self, SendError> {
        let refused = |text: &str| SendError::Refused(text.to_owned());
        let tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP && !restricted => false,
            Some(scheme) if *scheme == Scheme::HTTP => {
                return Err(refused("a webhook needs https"));
            }
            _ => return Err(refused("a web address begins with https://")),
        };
        let authority = uri
            .authority()
            .ok_or_else(|| refused("the host is missing"))?;
        if authority.as_str().contains('@') {
            return Err(refused("a web address with a user name is not asked"));
        }
        Ok(Self {
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            tls,
        })
    }

    /// Connects to an address that was checked, not to a name that may lead elsewhere the next time.
    async fn connect(&self, restricted: bool) -> Result<TcpStream, SendError> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port))
            .await
            .map_err(|error| later("the host is not known", &error))?;
        let addresses: Vec<SocketAddr> = found.take(16).collect();
        if restricted && let Some(inner) = addresses.iter().find(|one| !is_public(one.ip())) {
            return Err(SendError::Refused(format!(
                "{} is {}, no address of the public Internet",
                self.host,
                inner.ip()
            )));
        }
        let stream = TcpStream::connect(&addresses[..])
            .await
            .map_err(|error| later("no connection", &error))?;
        stream
            .set_nodelay(true)
            .map_err(|error| later("no connection", &error))?;
        Ok(stream)
    }
}

fn request(outgoing: &Outgoing, uri: &Uri) -> Result<Request<Full<Bytes>>, SendError> {
    let refused = |what: &str| SendError::Refused(what.to_owned());
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let method =
        Method::from_bytes(outgoing.method.as_bytes()).map_err(|_| refused("this is no method"))?;
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header(HOST, host)
        .header(USER_AGENT, concat!("towpath/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_LENGTH, outgoing.body.len());
    for (name, value) in &outgoing.headers {
        let mut value =
            HeaderValue::from_str(value).map_err(|_| refused("a header cannot carry this"))?;
        value.set_sensitive(*name == "authorization");
        request = request.header(*name, value);
    }
    request
        .body(Full::new(Bytes::from(outgoing.body.clone())))
        .map_err(|_| refused("this is no request"))
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
    bytes_max: usize,
) -> Result<Answer, SendError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| later("no HTTP", &error))?;
    let answer = async move {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| later("no answer", &error))?;
        let status = response.status().as_u16();
        // What is beyond the bound is of no interest, and no reason to send again.
        let body = Limited::new(response.into_body(), bytes_max).collect();
        let body = body
            .await
            .map(|body| body.to_bytes().to_vec())
            .unwrap_or_default();
        Ok(Answer { status, body })
    };
    // The connection ends by itself once the answer is read, or earlier with the error that `answer` reports.
    let (answer, _) = tokio::join!(answer, connection);
    answer
}

fn later(what: &str, error: &(dyn std::error::Error + 'static)) -> SendError {
    let text = format!("{what}: {}", crate::error::error_chain(error));
    SendError::Later(text.chars().take(300).collect())
}

/// Whether an address may belong to anybody on the Internet: not this machine, no private, shared, link-local, reserved
/// or test network (the IANA special-purpose address registries), nor any of these inside an IPv6 address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(address) => {
            let segments = address.segments();
            if let Some(inner) = address.to_ipv4_mapped() {
                return is_public(IpAddr::V4(inner));
            }
            // Global unicast is 2000::/3; of it, 2002::/16, 2001::/23 and 64:ff9b::/96 carry or tunnel others.
            segments[0] & 0xe000 == 0x2000
                && segments[0] != 0x2002
                && !(segments[0] == 0x2001 && segments[1] < 0x200)
                && !(segments[0] == 0x2001 && segments[1] == 0xdb8)
                && segments[0] != 0x3fff
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_our_own_network_are_no_public_ones() {
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
        for outer in [
            "93.184.216.34",
            "1.1.1.1",
            "2606:4700::1111",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(outer.parse().unwrap()), "{outer}");
        }
    }

    async fn refused(url: &str) -> String {
        let request = Outgoing {
            method: "POST",
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            target: Target::Given,
        };
        match HttpClient::default().send(&request).await {
            Err(SendError::Refused(text)) => text,
            other => panic!("{url}: {other:?}"),
        }
    }

    #[tokio::test]
    async fn a_webhook_cannot_lead_into_our_own_network() {
        assert_eq!(
            refused("https://127.0.0.1/x").await,
            "127.0.0.1 is 127.0.0.1, no address of the public Internet"
        );
        assert_eq!(
            refused("http://93.184.216.34/").await,
            "a webhook needs https"
        );
        assert_eq!(
            refused("https://a@93.184.216.34/").await,
            "a web address with a user name is not asked"
        );
        assert_eq!(
            refused("https://localhost:1/").await.split(" is ").next(),
            Some("localhost")
        );
    }
}
