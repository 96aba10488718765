//! A gateway on a surface with three versions and a rollout from the first to the second.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::gateway::{Gateway, GatewayConfig, KeySpec, RolloutSpec, SnapshotSpec};
use adoption::{ConsumerId, KeyDigest, KeyId, KeyKind, Micros, OperationId, Origin, SurfaceId};
use bytes::Bytes;
use http::{HeaderMap, Request, Version};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use meter::{Entry, EntryBody, Journal, JournalConfig, ShapeNumber};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::FakeClock;

use crate::support::upstream::{self, Then};
use crate::support::{Upstream, eventually};

/// 2027-01-15T08:00:00Z; the sunset is four days later.
pub const NOW: Micros = Micros::from_seconds(1_800_000_000);
const SURFACE: SurfaceId = SurfaceId::from_raw(70);

/// Accounts, by which consumers are known.
pub const CONCERNED: &str = "concerned";
pub const KNOWN: &str = "known";
/// Another key of `KNOWN`.
pub const BETA: &str = "beta";
pub const STAYS: &str = "stays";
pub const NEWCOMER: &str = "newcomer";
const ACCOUNTS: [(&str, u64); 5] = [
    (CONCERNED, 71),
    (KNOWN, 72),
    (BETA, 72),
    (STAYS, 73),
    (NEWCOMER, 74),
];

pub fn consumer(account: &str) -> ConsumerId {
    let known = ACCOUNTS.iter().find(|(name, _)| *name == account);
    ConsumerId::from_raw(known.unwrap().1)
}

fn key(account: &str) -> KeyId {
    let at = ACCOUNTS.iter().position(|(name, _)| *name == account);
    KeyId::from_raw(200 + at.unwrap() as u64)
}

/// One call, as the journal has it.
#[derive(Debug)]
pub struct Recorded {
    pub contract: u64,
    pub status: u16,
    pub origin: Origin,
    /// The leaves that the request held; `None` where it could not be read.
    pub request_leaves: Option<Vec<u8>>,
}

pub struct Running {
    gateway: Gateway,
    pub clock: Arc<FakeClock>,
    journal: Journal,
    upstreams: [Upstream; 3],
    spec: Mutex<SnapshotSpec>,
    calls: AtomicUsize,
    _folder: TempDir,
}

impl Running {
    /// The rollout warns, and what `change` makes of it.
    pub fn start(change: impl FnOnce(&mut RolloutSpec)) -> Self {
        let upstreams = ["1", "2", "3"].map(upstream);
        let mut spec = spec(&upstreams);
        change(&mut spec.surfaces[0].rollouts[0]);
        // What control publishes goes through a file.
        let spec: SnapshotSpec =
            serde_json::from_str(&serde_json::to_string(&spec).unwrap()).unwrap();

        let clock = Arc::new(FakeClock::new(NOW));
        let folder = tempfile::tempdir().unwrap();
        let config = JournalConfig {
            segment_bytes: 64 << 10,
            spare_bytes: 64 << 10,
            spare_bytes_max: 64 << 10,
            leave_free_bytes: 0,
            ..JournalConfig::new(folder.path().to_owned())
        };
        let journal = Journal::open(config, clock.clone()).unwrap();
        let config = GatewayConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            workers: 1,
            ..GatewayConfig::default()
        };
        let drain = Duration::from_secs(1);
        let gateway = Gateway::start(config, &journal, clock.clone(), &spec, drain).unwrap();
        Self {
            gateway,
            clock,
            journal,
            upstreams,
            spec: Mutex::new(spec),
            calls: AtomicUsize::new(0),
            _folder: folder,
        }
    }

    /// Publishes the Snapshot with its rollout changed.
    pub fn publish(&self, change: impl FnOnce(&mut RolloutSpec)) {
        let mut spec = self.spec.lock().unwrap();
        change(&mut spec.surfaces[0].rollouts[0]);
        self.gateway.publish(&spec).unwrap();
    }

    pub fn forget(&self) {
        self.upstreams.iter().for_each(Upstream::forget);
    }

    /// Requests that an upstream has heard of.
    pub fn count(&self) -> usize {
        self.upstreams.iter().map(Upstream::count).sum()
    }

    /// The only request, which the upstream of this version got.
    pub fn received(&self, version: &str) -> upstream::Request {
        assert_eq!(self.count(), 1);
        self.upstreams[version.parse::<usize>().unwrap() - 1].request()
    }

    /// The answer to `METHOD /path` of this account.
    pub fn call(
        &self,
        account: &str,
        line: &str,
        fields: &[(&str, &str)],
        body: &'static str,
    ) -> Answer {
        let mut request = request(account, line, body);
        for (name, value) in fields {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        self.exchange(request)
    }

    pub fn call_http2(&self, account: &str, line: &str) -> Answer {
        let mut request = request(account, line, "");
        let target = format!("http://{}{}", self.gateway.local_addr(), request.uri());
        *request.uri_mut() = target.parse().unwrap();
        request.headers_mut().remove("host");
        *request.version_mut() = Version::HTTP_2;
        self.exchange(request)
    }

    fn exchange(&self, request: Request<Full<Bytes>>) -> Answer {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let stream = tokio::net::TcpStream::connect(self.gateway.local_addr());
            let stream = TokioIo::new(stream.await.unwrap());
            let response = if request.version() == Version::HTTP_2 {
                let connected = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream);
                let (mut sender, connection) = connected.await.unwrap();
                tokio::spawn(connection);
                sender.send_request(request).await.unwrap()
            } else {
                let connected = hyper::client::conn::http1::handshake(stream);
                let (mut sender, connection) = connected.await.unwrap();
                tokio::spawn(connection);
                sender.send_request(request).await.unwrap()
            };
            let (parts, body) = response.into_parts();
            Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: body.collect().await.unwrap().to_bytes(),
            }
        })
    }

    /// Every call so far, in the order of the answers; waits until the journal gives them out.
    pub fn journal(&self) -> Vec<Recorded> {
        let made = self.calls.load(Ordering::Relaxed);
        let mut calls = Vec::new();
        eventually("the journal has every call with its end", || {
            calls = self.ended();
            calls.len() >= made
        });
        assert_eq!(calls.len(), made);
        calls
    }

    fn ended(&self) -> Vec<Recorded> {
        let mut reader = self.journal.reader();
        let streams = reader.streams().unwrap();
        let batches = streams
            .iter()
            .map(|stream| reader.read(stream.id, 0, 100_000).unwrap());
        let entries: Vec<Entry> = batches.flat_map(|batch| batch.entries).collect();
        let shape = |wanted: ShapeNumber| {
            entries.iter().find_map(|entry| match &entry.body {
                EntryBody::Shape { number, part } if *number == wanted => Some(part.bits.clone()),
                _ => None,
            })
        };
        let settled = |seq: u64| {
            entries.iter().find_map(|entry| match &entry.body {
                EntryBody::Settle {
                    reserve_seq,
                    settlement,
                } if *reserve_seq == seq => Some(settlement.shapes.request),
                _ => None,
            })
        };
        let ended = entries.iter().filter_map(|entry| match &entry.body {
            EntryBody::Reserve {
                call,
                status,
                origin,
                ..
            } => Some(Recorded {
                contract: call.contract.raw(),
                status: *status,
                origin: *origin,
                request_leaves: shape(settled(entry.seq)?),
            }),
            _ => None,
        });
        ended.collect()
    }
}

/// One response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    pub fn all(&self, name: &str) -> Vec<&str> {
        let values = self.headers.get_all(name).into_iter();
        values.map(|value| value.to_str().unwrap()).collect()
    }

    /// The value of a field that must be there once.
    pub fn one(&self, name: &str) -> String {
        let values = self.all(name);
        assert_eq!(values.len(), 1, "{name}: {values:?}");
        values[0].to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of a problem with this status.
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.one("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        problem["code"].as_str().unwrap().to_owned()
    }

    /// The ids of the items that the answer names; each member must be a string of the one rollout.
    pub fn reasons(&self) -> Vec<String> {
        let Some(value) = self.headers.get("api-deprecated-reason") else {
            return Vec::new();
        };
        let list: sfv::List = sfv::Parser::new(value.as_bytes()).parse().unwrap();
        let members = list.iter().map(|member| {
            let sfv::ListEntry::Item(item) = member else {
                panic!("{member:?}");
            };
            assert!(item.bare_item.as_string().is_some(), "{item:?}");
            let text = |key: &str| {
                let value = item.params.get(key).unwrap();
                value.as_string().unwrap().as_str().to_owned()
            };
            assert_eq!(text("rollout"), "roll_000000000002g");
            text("item")
        });
        members.collect()
    }
}

fn request(account: &str, line: &str, body: &'static str) -> Request<Full<Bytes>> {
    let (method, path) = line.split_once(' ').unwrap();
    Request::builder()
        .method(method)
        .uri(path)
        .header("host", "api.example")
        .header("x-account", account)
        .body(Full::new(Bytes::from_static(body.as_bytes())))
        .unwrap()
}

/// Says which one it is, and things that only the gateway may say.
fn upstream(version: &'static str) -> Upstream {
    Upstream::with(move |_, connection| {
        connection.send(format!(
            "HTTP/1.1 200 OK\r\nX-Upstream: {version}\r\nTowpath-Version: theirs\r\nVary: Origin\r\n\
             Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        ));
        Then::KeepOpen
    })
}

fn contract(number: u64, operations: &[&str]) -> Value {
    let leaves = json!({"digest": 7, "plan": {
        "leaf_count": 3,
        "nodes": [{"leaf": 0, "properties": [["amount", 1], ["note", 2]]}, {"leaf": 1}, {"leaf": 2}],
        "request": {"body": 0},
    }});
    let operations = operations.iter().map(|text| {
        let (method, path) = text.split_once(' ').unwrap();
        let leaves = match *text {
            "POST /orders" => leaves.clone(),
            _ => Value::Null,
        };
        json!({"id": operation(text), "method": method, "path": path, "operation_id": null,
            "deprecation": null, "leaves": leaves})
    });
    json!({"id": adoption::ContractId::from_raw(number).to_string(), "version": number.to_string(),
        "base_paths": [""], "operations": operations.collect::<Vec<_>>()})
}

fn operation(text: &str) -> String {
    let (method, path) = text.split_once(' ').unwrap();
    OperationId::of(SURFACE, method, path).to_string()
}

fn spec(upstreams: &[Upstream; 3]) -> SnapshotSpec {
    let name = |number: usize| {
        json!({"name": number.to_string(), "path": format!("/v{number}"),
            "media_type": format!("application/vnd.acme.v{number}+json")})
    };
    let newer = ["POST /orders", "GET /orders/{id}", "GET /items"];
    let other = |number: usize, access| {
        json!({"name": name(number), "upstreams": [upstreams[number - 1].url()], "access": access,
            "contract": contract(100 + number as u64, &newer)})
    };
    let surface = json!({
        "id": SURFACE.to_string(), "name": "orders", "hosts": [], "path_prefix": "/shop",
        "strip_path_prefix": true, "upstreams": [upstreams[0].url()], "upstream_ca_file": null,
        "preserve_host": false, "identity": [{"kind": "header", "header": "X-Account"}],
        "unknown_path": "pass", "anonymous": "pass",
        "timeouts": {"connect_ms": 5000, "response_head_ms": 30000, "response_idle_ms": 30000},
        "body_bytes_limit": null,
        "contract": contract(101, &[&newer[..], &["GET /export"]].concat()),
        "versions": {
            "current": name(1), "default": "1",
            "others": [other(2, "everyone"), other(3, "keys")],
            "pins": [[consumer(STAYS), "1"], [consumer(KNOWN), "2"]],
            "key_pins": [[key(BETA), "3"]],
        },
        "rollouts": [rollout()],
    });
    let keys = ACCOUNTS.iter().map(|(account, _)| KeySpec {
        id: key(account),
        consumer: consumer(account),
        surface: SURFACE,
        kind: KeyKind::Developer,
        digest: KeyDigest::of(account.as_bytes()),
        expires_at: None,
    });
    SnapshotSpec {
        generation: 1,
        surfaces: vec![serde_json::from_value(surface).unwrap()],
        keys: keys.collect(),
    }
}

fn rollout() -> Value {
    let item = |id: &str, summary: &str, call: &str, when: Value| json!({"id": id, "summary": summary, "calls": [{"operation": operation(call), "when": when}]});
    let request = |condition: Value| json!({"request": {"digest": 7, "any": [condition]}});
    json!({
        "id": "roll_000000000002g", "old": "1", "new": "2",
        "warn": {
            "deprecated_at": NOW.plus_seconds(-1_000),
            "sunset_at": NOW.plus_seconds(4 * 86_400),
            "guide": "https://dev.example/guide",
            "successor": "https://api.example/v2",
        },
        "items": [
            item("note", "`note` \"goes\" \\ é", "POST /orders", request(json!({"sends": {"leaf": 2}}))),
            item("amount", "`amount` is a must", "POST /orders",
                request(json!({"lacks": {"leaf": 1, "under": 0}}))),
            item("status", "`status` goes from answers", "GET /orders/{id}",
                json!({"consumers": [consumer(CONCERNED)]})),
            item("export", "the operation goes", "GET /export", json!("any_call")),
        ],
        "concerned": [[consumer(CONCERNED), "long_tail"]],
    })
}
