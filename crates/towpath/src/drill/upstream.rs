//! The two servers behind the gateway: the old version and the new one, each strict about what its contract says.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Which contract a server keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Old,
    New,
}

/// A running server; dropping it ends it.
pub struct Upstream {
    pub addr: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Upstream {
    pub async fn start(version: Version) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let addr = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let service = service_fn(move |request| respond(request, version));
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                // Its end is the gateway's to see.
                tokio::spawn(async move { drop(connection.await) });
            }
        });
        Ok(Self { addr, task })
    }
}

async fn respond(
    request: Request<Incoming>,
    version: Version,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => Bytes::new(),
    };
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let (status, answer) = answer(version, &head.method, head.uri.path(), &body);
    let mut response = Response::new(Full::new(Bytes::from(answer.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    Ok(response)
}

fn answer(version: Version, method: &Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let created = |value| (StatusCode::CREATED, value);
    let fine = |value| (StatusCode::OK, value);
    let unknown = (StatusCode::NOT_FOUND, json!({"error": "no such operation"}));
    match (method, path, version) {
        (&Method::GET, "/rates", _) => fine(json!({"EURUSD": 1.1})),
        (&Method::GET, "/orders", _) => fine(json!([{"id": "o1", "amount": 100}])),
        (&Method::POST, "/orders", version) => match takes_order(version, body) {
            true => created(json!({"id": "o1", "amount": body["amount"]})),
            false => (
                StatusCode::UNPROCESSABLE_ENTITY,
                json!({"error": "order refused"}),
            ),
        },
        (&Method::POST, "/charges", Version::Old) | (&Method::POST, "/payments", Version::New) => {
            created(json!({"order": body["order"]}))
        }
        (&Method::GET, path, version) if path.starts_with("/orders/") => match version {
            Version::Old => fine(json!({"id": "o1", "amount": 100, "total": 119})),
            Version::New => fine(json!({"id": "o1", "amount": 100})),
        },
        _ => unknown,
    }
}

fn takes_order(version: Version, body: &Value) -> bool {
    let known: &[&str] = match version {
        Version::Old => &["EUR", "USD", "GBP"],
        Version::New => &["EUR", "USD"],
    };
    let currency = body["currency"].as_str().unwrap_or("");
    let has_reference = body["reference"].is_string();
    body["amount"].is_i64()
        && known.contains(&currency)
        && (version == Version::Old || has_reference)
}
