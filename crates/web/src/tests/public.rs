//! Pages without the admin token, and the operations of notices.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::{Answer, Api};

/// A request without any token.
async fn fetched(api: &Api, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder()
        .uri(path)
        .header("host", "127.0.0.1:8081");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    api.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn everyone_may_read_what_the_public_is_told_and_ask_whether_it_changed() {
    let api = Api::open().await.with_surface().await;
    for (path, kind) in [
        (
            "/feeds/payments/changelog.atom",
            "application/atom+xml; charset=utf-8",
        ),
        ("/feeds/payments/changelog.json", "application/feed+json"),
        (
            "/feeds/payments/calendar.ics",
            "text/calendar; charset=utf-8",
        ),
        ("/feeds/payments/changes.json", "application/json"),
        ("/rollouts/payments/banner.json", "application/json"),
        ("/status/payments/api/v2/summary.json", "application/json"),
        (
            "/status/payments/api/v2/scheduled-maintenances/upcoming.json",
            "application/json",
        ),
        (
            "/status/payments/api/v2/incidents/unresolved.json",
            "application/json",
        ),
    ] {
        let first = fetched(&api, path, &[]).await;
        assert_eq!(first.status, 200, "{path}: {}", first.text);
        assert_eq!(first.header("content-type"), kind, "{path}");
        assert_eq!(
            first.header("cache-control"),
            "public, max-age=60",
            "{path}"
        );
        let tag = first.header("etag").to_owned();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
            let again = fetched(&api, path, &[("if-none-match", &known)]).await;
            assert_eq!(
                (again.status.as_u16(), again.text.as_str()),
                (304, ""),
                "{path}"
            );
            assert_eq!(again.header("etag"), tag, "{path}");
        }
        let other = fetched(&api, path, &[("if-none-match", "\"x\"")]).await;
        assert_eq!(other.status, 200, "{path}");
    }
    for path in [
        "/feeds/nothing/changelog.atom",
        "/feeds/payments/other.atom",
        "/status/payments/api/v2/other.json",
        "/feeds/token/nonsense/changelog.atom",
        "/unsubscribe?token=nonsense",
    ] {
        assert_eq!(fetched(&api, path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_own_page_wants_a_key_of_the_surface() {
    let api = Api::open().await.with_surface().await;
    api.post("/api/v1/consumers", json!({"name": "acme"})).await;
    let issued = api
        .post(
            "/api/v1/keys",
            json!({"consumer": "acme", "surface": "payments"}),
        )
        .await
        .json();
    let key = issued["secret"].as_str().unwrap();
    let path = "/feeds/key/payments/changes.json";
    let bearer = format!("Bearer {key}");
    for header in [("authorization", bearer.as_str()), ("x-api-key", key)] {
        let own = fetched(&api, path, &[header]).await;
        assert_eq!(own.status, 200, "{}", own.text);
        assert_eq!(own.header("cache-control"), "private, max-age=60");
        assert_eq!(own.header("vary"), "authorization, x-api-key");
    }
    let admin = format!("Bearer {}", api.token);
    for headers in [
        vec![],
        vec![("x-api-key", "x")],
        vec![("authorization", admin.as_str())],
    ] {
        let refused = fetched(&api, path, &headers).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["code"].clone()),
            (401, json!("key_refused"))
        );
    }
}

#[tokio::test]
async fn webhooks_are_added_rotated_listed_and_ended() {
    let api = Api::open().await.with_surface().await;
    let new = json!({"surface": "payments", "url": "https://hooks.example.com/x"});
    let made = api.post("/api/v1/webhooks", new).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    let id = made["webhook"]["id"].as_str().unwrap().to_owned();
    let rotated = api
        .post(&format!("/api/v1/webhooks/{id}/rotate"), Value::Null)
        .await;
    assert_ne!(rotated.json()["secret"], made["secret"]);
    let listed = api.get("/api/v1/webhooks?surface=payments").await;
    assert_eq!(listed.json()["items"][0]["id"], id.as_str());
    assert!(!listed.text.contains("whsec_"), "{}", listed.text);
    let ended = api
        .call(Method::DELETE, &format!("/api/v1/webhooks/{id}"), "", "")
        .await;
    assert_eq!(ended.json()["ended_why"], "removed");

    let inner = json!({"surface": "payments", "url": "https://169.254.169.254/latest"});
    assert_eq!(api.post("/api/v1/webhooks", inner).await.status, 422);
    for path in [
        "/api/v1/webhooks/hook_0000000000001/rotate",
        "/api/v1/notices/ntc_0000000000001/resend",
    ] {
        assert_eq!(api.post(path, Value::Null).await.status, 404, "{path}");
    }
    assert_eq!(
        api.get("/api/v1/rollouts/payments/deliveries").await.status,
        404
    );
}
