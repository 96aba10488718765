//! The API against real state in a temporary folder, in process, and its committed contract.

mod public;

use std::net::SocketAddr;
use std::sync::Arc;

use adoption::{Clock, Micros};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use control::{Control, ControlConfig};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};

use crate::{App, AppConfig, ConfigLine, GatewayReport, openapi_json, router};

/// A fixed time: reports and ids of time do not move under a test.
struct Noon;

impl Clock for Noon {
    fn now(&self) -> Micros {
        Micros::from_seconds(1_768_478_400)
    }
}

struct Api {
    app: App,
    token: String,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Api {
    /// Without state, as while the database cannot be opened.
    fn closed() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let token = control::local_token(folder.path()).unwrap();
        let config = AppConfig {
            token: token.clone(),
            clock: Arc::new(Noon),
            web_addr: SocketAddr::from(([127, 0, 0, 1], 8081)),
            gateway_addr: SocketAddr::from(([127, 0, 0, 1], 8080)),
            gateway_tls: false,
            hosts: vec!["towpath.internal".to_owned()],
            data_dir: folder.path().to_owned(),
            config_lines: Box::new(|| {
                vec![ConfigLine {
                    setting: "data".into(),
                    value: "\"x\"".into(),
                    source: "default".into(),
                }]
            }),
            gateway_report: Box::new(|| GatewayReport {
                accepting: true,
                figures: Vec::new(),
            }),
            outside_checks: Box::new(|| Box::pin(async { Vec::new() })),
        };
        Self {
            app: App::new(config),
            token: token.expose().to_owned(),
            _folder: folder,
        }
    }

    async fn open() -> Self {
        let api = Self::closed();
        let config = ControlConfig::new(api.app.config().data_dir.clone());
        api.app
            .attach(Control::open(config, Arc::new(Noon)).await.unwrap());
        api
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = TowerToHyperService::new(router(self.app.clone()))
            .call(request)
            .await
            .unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn call(&self, method: Method, path: &str, content_type: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8081")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", content_type)
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.send(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, "", "").await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, "application/json", &body.to_string())
            .await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, "application/json", &body.to_string())
            .await
    }

    /// A surface `payments` in front of a port where nothing listens.
    async fn with_surface(self) -> Self {
        let answer = self
            .put(
                "/api/v1/surfaces/payments",
                json!({ "upstreams": ["http://127.0.0.1:9"] }),
            )
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        self
    }
}

fn plain(path: &str, host: &str) -> Request<Body> {
    Request::builder()
        .uri(path)
        .header("host", host)
        .body(Body::empty())
        .unwrap()
}

#[test]
fn the_committed_contract_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/openapi.json");
    let generated = openapi_json();
    if std::env::var_os("TOWPATH_WRITE_CONTRACT").is_some() {
        std::fs::write(path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == generated,
        "docs/api/openapi.json is not what the routes say; write it with\n  TOWPATH_WRITE_CONTRACT=1 cargo test -p web the_committed_contract"
    );
}

#[test]
fn every_operation_has_id_summary_tag_and_documented_errors() {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(
                operation["summary"]
                    .as_str()
                    .is_some_and(|summary| summary.len() > 5),
                "{at}: summary"
            );
            assert_eq!(
                operation["tags"].as_array().map(Vec::len),
                Some(1),
                "{at}: tag"
            );
            let has_body = operation["requestBody"].is_object();
            let has_input = has_body || operation["parameters"].is_array();
            for (status, expected) in [
                ("401", true),
                ("421", true),
                ("500", true),
                ("503", true),
                ("400", has_input),
                ("422", has_input),
                ("413", has_body),
                ("415", has_body),
            ] {
                assert_eq!(
                    operation["responses"][status].is_object(),
                    expected,
                    "{at}: {status}"
                );
            }
            ids.push(operation["operationId"].as_str().expect(&at).to_owned());
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), count), (47, 47), "{ids:?}");
}

/// Our own product reads our own contract.
#[test]
fn the_contract_parses_without_a_problem() {
    let text = openapi_json();
    let contract =
        contract::parse(&text, "openapi.json").unwrap_or_else(|error| panic!("{}", error.render()));
    assert_eq!(contract.operations().len(), 47);
    assert_eq!(contract.warnings(), &[]);
}

#[tokio::test]
async fn every_operation_wants_the_token() {
    let api = Api::open().await;
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            for authorization in ["", "Bearer wrong", "Basic abc", "Bearer "] {
                let request = Request::builder()
                    .method(method.to_uppercase().as_str())
                    .uri(path.replace(['{', '}'], ""))
                    .header("host", "localhost")
                    .header("authorization", authorization)
                    .body(Body::empty())
                    .unwrap();
                let answer = api.send(request).await;
                assert_eq!(answer.status, 401, "{method} {path} {authorization:?}");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
                assert_eq!(answer.json()["code"], "token_refused");
            }
        }
    }
}

#[tokio::test]
async fn problems_have_every_member_and_are_never_cached() {
    let api = Api::open().await;
    let answer = api.get("/api/v1/consumers/nobody").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut problem = answer.json();
    let request_id = problem["request_id"].take();
    assert_eq!(request_id.as_str().unwrap(), answer.header("x-request-id"));
    insta::assert_snapshot!(problem, @r#"{"code":"not_found","detail":"no consumer named \"nobody\"","origin":"consumer","request_id":null,"status":404,"title":"Not found","type":"urn:towpath:problem:not_found"}"#);

    for (method, path, code) in [
        (Method::GET, "/api/v1/nothing", "path_unknown"),
        (Method::GET, "/nothing", "path_unknown"),
        (Method::DELETE, "/api/v1/consumers", "method_not_allowed"),
        (Method::GET, "/api/v1/consumers?limt=2", "query_invalid"),
        (Method::POST, "/healthz", "method_not_allowed"),
    ] {
        let answer = api.call(method, path, "", "").await;
        assert_eq!(answer.json()["code"], code, "{path}");
    }
}

#[tokio::test]
async fn bodies_are_checked_before_they_are_used() {
    let api = Api::open().await;
    for (content_type, body, status, code) in [
        ("application/json", "{", 400, "body_not_json"),
        ("application/json", "{}", 422, "body_invalid"),
        (
            "application/json",
            r#"{"name":"a","colour":"red"}"#,
            422,
            "body_invalid",
        ),
        ("application/json", r#"{"name":"-"}"#, 422, "invalid_field"),
        ("text/plain", r#"{"name":"a"}"#, 415, "content_type_refused"),
    ] {
        let answer = api
            .call(Method::POST, "/api/v1/consumers", content_type, body)
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (status, Some(code)),
            "{body}"
        );
    }

    let large = format!(r#"{{"name":"{}"}}"#, "a".repeat(70_000));
    let answer = api
        .call(
            Method::POST,
            "/api/v1/consumers",
            "application/json",
            &large,
        )
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].as_str()),
        (413, Some("body_too_large"))
    );
}

#[tokio::test]
async fn consumers_are_created_changed_paged_and_imported() {
    let api = Api::open().await;
    let answer = api
        .post(
            "/api/v1/consumers",
            json!({ "name": "Acme GmbH", "plan": "gold" }),
        )
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.json()["created_at"], "2026-01-15T12:00:00Z");
    assert_eq!(
        api.post("/api/v1/consumers", json!({ "name": "Acme GmbH" }))
            .await
            .status,
        409
    );

    let by_name = api.get("/api/v1/consumers/Acme%20GmbH").await.json();
    assert_eq!(by_name["id"], id.as_str());
    let body = json!({ "plan": "", "kind": "agent" }).to_string();
    let changed = api
        .call(
            Method::PATCH,
            &format!("/api/v1/consumers/{id}"),
            "application/json",
            &body,
        )
        .await
        .json();
    assert_eq!(
        (&changed["plan"], &changed["kind"]),
        (&Value::Null, &json!("agent"))
    );

    let csv = "name,kind,contacts\nbeta,squad,Ann <ann@example.com>; #beta\ngamma,developer,\n";
    let report = api
        .call(Method::POST, "/api/v1/consumers/import", "text/csv", csv)
        .await
        .json();
    assert_eq!(
        report,
        json!({ "created": 2, "updated": 0, "unchanged": 0 })
    );
    let refused = api
        .call(
            Method::POST,
            "/api/v1/consumers/import",
            "text/csv",
            "name,kind\nx,robot\n-,agent\n",
        )
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["code"], "import_refused");
    assert_eq!(refused.json()["problems"].as_array().unwrap().len(), 2);

    let first = api.get("/api/v1/consumers?limit=2").await;
    let names = |answer: &Answer| -> Vec<String> {
        let items = answer.json()["items"].clone();
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&first), ["Acme GmbH", "beta"]);
    let link = first.header("link").to_owned();
    let next = link
        .strip_prefix('<')
        .and_then(|link| link.split_once('>'))
        .unwrap()
        .0
        .to_owned();
    let second = api.get(&next).await;
    assert_eq!(names(&second), ["gamma"]);
    assert_eq!(second.json()["next"], Value::Null);

    let csv = api.get("/api/v1/consumers?format=csv").await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert_eq!(csv.text.lines().count(), 4, "{}", csv.text);
    assert!(
        csv.text.contains("Ann <ann@example.com>; #beta"),
        "{}",
        csv.text
    );
}

#[tokio::test]
async fn keys_are_shown_once_rotated_and_revoked() {
    let api = Api::open().await.with_surface().await;
    api.post("/api/v1/consumers", json!({ "name": "acme" }))
        .await;
    let answer = api
        .post(
            "/api/v1/keys",
            json!({ "consumer": "acme", "surface": "payments" }),
        )
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let issued = answer.json();
    let secret = issued["secret"].as_str().unwrap().to_owned();
    assert!(secret.parse::<adoption::SecretKey>().is_ok());
    let id = issued["key"]["id"].as_str().unwrap().to_owned();

    let listed = api.get("/api/v1/keys?consumer=acme").await;
    assert!(!listed.text.contains(&secret));
    assert_eq!(listed.json()["items"][0]["state"], "active");

    let rotation = api
        .post(
            &format!("/api/v1/keys/{id}/rotate"),
            json!({ "overlap_seconds": 60 }),
        )
        .await;
    assert_eq!(rotation.status, 201, "{}", rotation.text);
    let rotation = rotation.json();
    assert_eq!(rotation["old"]["expires_at"], "2026-01-15T12:01:00Z");
    assert_eq!(rotation["issued"]["key"]["rotated_from"], id.as_str());

    let revoked = api
        .call(Method::POST, &format!("/api/v1/keys/{id}/revoke"), "", "")
        .await;
    assert_eq!(revoked.json()["state"], "revoked", "{}", revoked.text);
    let again = api
        .post(&format!("/api/v1/keys/{id}/rotate"), json!({}))
        .await;
    assert_eq!(
        (again.status.as_u16(), again.json()["code"].as_str()),
        (409, Some("key_revoked"))
    );

    let native = "consumer,value,surface\nacme,abc,payments\n";
    let report = api
        .call(Method::POST, "/api/v1/keys/import", "text/csv", native)
        .await;
    assert_eq!(report.json()["created"], 1, "{}", report.text);
    let keys = api.get("/api/v1/keys?surface=payments&format=csv").await;
    assert!(keys.text.contains(",native,ba7816bf,"), "{}", keys.text);
}

const CONTRACT: &str = "openapi: 3.1.0
info:
  title: Payments
  version: 1.0.0
paths:
  /payments:
    get:
      operationId: listPayments
      deprecated: true
      responses:
        '200':
          description: ok
  /payments/{id}:
    get:
      operationId: getPayment
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      responses:
        '200':
          description: ok
";

#[tokio::test]
async fn contracts_are_pushed_and_broken_ones_refused_with_their_place() {
    let api = Api::open().await.with_surface().await;
    let push = "/api/v1/surfaces/payments/contracts?file=openapi.yaml";
    let pushed = api
        .call(Method::POST, push, "application/yaml", CONTRACT)
        .await;
    assert_eq!(pushed.status, 200, "{}", pushed.text);
    assert_eq!(pushed.json()["operations_added"], 2);
    assert_eq!(pushed.json()["change"], "created");

    let broken = CONTRACT.replace("paths:", "paths: [");
    let refused = api
        .call(Method::POST, push, "application/yaml", &broken)
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()["code"].as_str()),
        (422, Some("contract_refused"))
    );
    let problem = refused.json()["problems"][0].clone();
    assert_eq!(problem["file"], "openapi.yaml");
    assert!(problem["line"].as_u64().unwrap() >= 5, "{problem}");
    assert!(problem["next_step"].is_string(), "{problem}");

    let running = api.get("/api/v1/contracts/payments").await.json();
    assert_eq!(running["contract"]["version"], "1.0.0");
    assert_eq!(running["source"], CONTRACT);
    let operations = api
        .get("/api/v1/surfaces/payments/operations?format=csv")
        .await;
    assert_eq!(operations.text.lines().count(), 3, "{}", operations.text);
    let surfaces = api.get("/api/v1/surfaces").await.json();
    assert_eq!(surfaces["items"][0]["contract"]["operations"], 2);
}

#[tokio::test]
async fn usage_is_asked_by_time_ago_and_by_instant() {
    let api = Api::open().await.with_surface().await;
    let report = api.get("/api/v1/usage?by=consumer&since=1h").await;
    assert_eq!(report.status, 200, "{}", report.text);
    assert_eq!(report.json()["since"], "2026-01-15T11:00:00Z");
    assert_eq!(report.json()["total"]["calls"], 0);
    assert_eq!(
        api.get("/api/v1/usage?since=2026-01-15T00:00:00Z&surface=payments")
            .await
            .status,
        200
    );
    assert_eq!(api.get("/api/v1/usage/deprecated").await.status, 200);

    let clients = api.get("/api/v1/usage?by=client&since=1h").await.json();
    assert_eq!(
        (&clients["by"], &clients["grain"], &clients["since"]),
        (
            &json!("client"),
            &json!("day"),
            &json!("2026-01-15T00:00:00Z")
        )
    );
    let total = &clients["total"];
    assert_eq!(
        (&total["calls"], &total["errors"]),
        (&json!(0), &json!(null))
    );
    let classes = api.get("/api/v1/usage?by=client-class").await.json();
    assert_eq!(
        (&classes["by"], &classes["total"]["errors"]),
        (&json!("client-class"), &json!(0))
    );

    for (query, status, code) in [
        ("since=soon", 422, "invalid_field"),
        ("by=client&operation=op_0000000000001", 422, "invalid_field"),
        ("by=colour", 400, "query_invalid"),
        ("surface=none", 404, "not_found"),
        ("operation=x", 422, "invalid_field"),
    ] {
        let answer = api.get(&format!("/api/v1/usage?{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (status, Some(code)),
            "{query}"
        );
    }
    let csv = api.get("/api/v1/usage?format=csv").await;
    assert!(csv.text.starts_with("id,name,surface,"), "{}", csv.text);
}

#[tokio::test]
async fn the_server_tells_of_itself_and_backs_up() {
    let api = Api::open().await.with_surface().await;
    let status = api.get("/api/v1/status").await.json();
    assert_eq!(
        (&status["gateway"], &status["database"]),
        (&json!("http://127.0.0.1:8080"), &json!(true))
    );
    assert_eq!(status["surfaces"][0]["name"], "payments");
    assert_eq!(
        api.get("/api/v1/config").await.json()["settings"][0]["setting"],
        "data"
    );
    let doctor = api.get("/api/v1/doctor").await;
    assert_eq!(doctor.status, 200, "{}", doctor.text);
    assert!(!doctor.json()["checks"].as_array().unwrap().is_empty());

    let backup = api.call(Method::POST, "/api/v1/backup", "", "").await;
    assert_eq!(backup.status, 200, "{}", backup.text);
    assert_eq!(backup.header("content-type"), "application/x-tar");
    assert!(backup.text.len() > 1_000);
    let left = std::fs::read_dir(&api.app.config().data_dir).unwrap();
    let partial = left.filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .contains("partial")
    });
    assert_eq!(partial.count(), 0);
}

#[tokio::test]
async fn without_state_traffic_is_ready_and_the_api_says_try_again() {
    let api = Api::closed();
    assert_eq!(api.send(plain("/healthz", "localhost")).await.text, "ok\n");
    let ready = api.send(plain("/readyz", "10.0.0.1")).await;
    assert_eq!(ready.status, 200);
    assert_eq!(
        ready.json(),
        json!({ "ready": true, "gateway": true, "database": false })
    );
    let answer = api.get("/api/v1/consumers").await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["code"].as_str()),
        (503, Some("state_unavailable"))
    );
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(api.get("/api/v1/status").await.json()["database"], false);
    assert!(
        api.send(plain("/metrics", "localhost"))
            .await
            .text
            .contains("towpath_database_up 0\n")
    );
}

#[tokio::test]
async fn a_page_of_another_site_is_not_served() {
    let api = Api::open().await.with_surface().await;
    for (host, status) in [
        ("127.0.0.1:8081", 200),
        ("[::1]:8081", 200),
        ("localhost", 200),
        ("Towpath.Internal:8081", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8081", 421),
        ("", 421),
    ] {
        let answer = api.send(plain("/", host)).await;
        assert_eq!(answer.status.as_u16(), status, "{host}");
    }
    let page = api.send(plain("/", "localhost")).await;
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    assert!(page.text.contains("<b>payments</b>"), "{}", page.text);
    assert!(!page.text.contains("<script"));
}

#[tokio::test]
async fn the_contract_is_served_without_a_token() {
    let api = Api::closed();
    let answer = api.send(plain("/api/v1/openapi.json", "localhost")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text, openapi_json());
}
