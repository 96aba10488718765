//! Every route with its layers, and the contract that is generated from them.

use std::sync::LazyLock;

use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Router, middleware};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, License, OpenApi, OpenApiBuilder, Ref, RefOr,
    ResponseBuilder, ServerBuilder,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::{
    consumers, contracts, keys, notices, rollout_status, rollout_steps, rollouts, server, surfaces,
    usage,
};
use crate::app::App;
use crate::problem::Refusal;
use crate::table::PREFIX;
use crate::{guard, metrics, public, status_page};

/// Of everything but contracts and imports.
const BODY_BYTES_LIMIT: usize = 64 << 10;
/// Contracts and imports: 15 MB, the largest contract that is promised to work.
const LARGE_BODY_BYTES_LIMIT: usize = 15_000_000;

/// The whole web address.
pub fn router(app: App) -> Router {
    let (api, _) = api_router().split_for_parts();
    let api = api
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(
            app.clone(),
            guard::require_token,
        ));

    Router::new()
        .route("/", get(status_page::index))
        .route("/healthz", get(status_page::healthz))
        .route("/readyz", get(status_page::readyz))
        .route("/metrics", get(metrics::metrics))
        .route(&format!("{PREFIX}/openapi.json"), get(openapi_route))
        .nest(PREFIX, api)
        .merge(public::routes())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .with_state(app)
}

/// The contract of the API, as committed and as served: pretty JSON with a newline at its end.
pub fn openapi_json() -> String {
    let document = openapi();
    let mut text = serde_json::to_string_pretty(&document)
        .expect("a contract of plain texts always serialises");
    text.push('\n');
    text
}

fn api_router() -> OpenApiRouter<App> {
    let large = DefaultBodyLimit::max(LARGE_BODY_BYTES_LIMIT);
    let imports = OpenApiRouter::new()
        .routes(routes!(consumers::import_consumers))
        .routes(routes!(keys::import_keys))
        .routes(routes!(contracts::push_contract))
        .routes(routes!(rollouts::propose_rollout))
        .routes(routes!(rollouts::get_plan, rollouts::put_plan))
        .layer(large);
    OpenApiRouter::new()
        .routes(routes!(
            consumers::list_consumers,
            consumers::create_consumer
        ))
        .routes(routes!(consumers::get_consumer, consumers::update_consumer))
        .routes(routes!(keys::list_keys, keys::create_key))
        .routes(routes!(keys::get_key))
        .routes(routes!(keys::rotate_key))
        .routes(routes!(keys::revoke_key))
        .routes(routes!(surfaces::list_surfaces))
        .routes(routes!(surfaces::get_surface, surfaces::put_surface))
        .routes(routes!(surfaces::list_operations))
        .routes(routes!(contracts::list_contracts))
        .routes(routes!(contracts::get_contract))
        .routes(routes!(rollouts::list_rollouts))
        .routes(routes!(rollouts::get_rollout))
        .routes(routes!(rollout_status::get_rollout_status))
        .routes(routes!(rollout_steps::start_rollout))
        .routes(routes!(rollout_steps::advance_rollout))
        .routes(routes!(rollout_steps::extend_rollout))
        .routes(routes!(rollout_steps::pause_rollout))
        .routes(routes!(rollout_steps::resume_rollout))
        .routes(routes!(rollout_steps::abort_rollout))
        .routes(routes!(rollout_steps::finish_rollout))
        .routes(routes!(rollout_steps::add_friction))
        .routes(routes!(rollout_steps::close_friction))
        .routes(routes!(rollout_steps::opt_in_key))
        .routes(routes!(rollout_steps::opt_out_key))
        .routes(routes!(notices::list_deliveries))
        .routes(routes!(notices::resend_notice))
        .routes(routes!(notices::list_webhooks, notices::create_webhook))
        .routes(routes!(notices::rotate_webhook))
        .routes(routes!(notices::remove_webhook))
        .routes(routes!(usage::get_usage))
        .routes(routes!(usage::get_deprecated_usage))
        .routes(routes!(server::get_status))
        .routes(routes!(server::get_doctor))
        .routes(routes!(server::get_config))
        .routes(routes!(server::create_backup))
        .layer(DefaultBodyLimit::max(BODY_BYTES_LIMIT))
        .merge(imports)
}

/// What the routes do not say of themselves: title, token, and the errors that every operation can answer.
fn openapi() -> OpenApi {
    let mut info = Info::new("Towpath admin API", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Who builds on your surfaces, with which keys and contracts, and exactly what they call. \
         Every error is an RFC 9457 problem with a stable `code`; lists are paged by `after`, and come as JSON or CSV."
            .to_owned(),
    );
    info.license = Some(License::new("Apache-2.0"));
    let document = OpenApiBuilder::new().info(info).build();

    let mut document = OpenApiRouter::<App>::with_openapi(document)
        .nest(PREFIX, api_router())
        .into_openapi();
    document.servers = Some(vec![
        ServerBuilder::new().url("http://127.0.0.1:8081").build(),
    ]);
    document.security = Some(vec![SecurityRequirement::new(
        "token",
        Vec::<String>::new(),
    )]);

    let mut components = ComponentsBuilder::from(document.components.take().unwrap_or_default());
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The content of admin.token in the data folder."))
        .build();
    components = components.security_scheme("token", SecurityScheme::Http(token));
    for (_, name, _, description) in COMMON_ERRORS {
        components = components.response(name, problem_response(description));
    }
    document.components = Some(components.build());

    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ]
        .into_iter()
        .flatten();
        for operation in operations {
            let has_body = operation.request_body.is_some();
            let has_input = has_body
                || operation
                    .parameters
                    .as_ref()
                    .is_some_and(|parameters| !parameters.is_empty());
            let possible = COMMON_ERRORS.iter().filter(|(_, _, when, _)| match when {
                When::Always => true,
                When::Input => has_input,
                When::Body => has_body,
            });
            for (status, name, ..) in possible {
                let response = RefOr::Ref(Ref::from_response_name(*name));
                operation
                    .responses
                    .responses
                    .entry((*status).to_owned())
                    .or_insert(response);
            }
        }
    }
    document
}

/// Which operations can answer an error.
enum When {
    Always,
    /// Those that take parameters or a body.
    Input,
    Body,
}

const COMMON_ERRORS: [(&str, &str, When, &str); 8] = [
    (
        "400",
        "NotUnderstood",
        When::Input,
        "The request is malformed (`query_invalid`, `path_invalid`, `body_not_json`, `body_not_text`, `body_incomplete`)",
    ),
    (
        "401",
        "TokenRefused",
        When::Always,
        "The token is missing or wrong (`token_refused`)",
    ),
    (
        "413",
        "TooLarge",
        When::Body,
        "The body is larger than this operation takes (`body_too_large`)",
    ),
    (
        "415",
        "ContentTypeRefused",
        When::Body,
        "The body has another content type (`content_type_refused`)",
    ),
    (
        "421",
        "HostUnknown",
        When::Always,
        "The server does not answer to this Host (`host_unknown`)",
    ),
    (
        "422",
        "Refused",
        When::Input,
        "The content breaks a rule (`invalid_field`, `body_invalid`, `import_refused`, `contract_refused`); `problems` lists what",
    ),
    (
        "500",
        "Internal",
        When::Always,
        "The server failed; its log says why, by `request_id`",
    ),
    (
        "503",
        "Unavailable",
        When::Always,
        "The state is not available at the moment (`state_unavailable`), or the server was too slow (`deadline_passed`); traffic is not affected, try again",
    ),
];

fn problem_response(description: &str) -> utoipa::openapi::Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

async fn openapi_route() -> Response {
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.oai.openapi+json; version=3.1"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("max-age=300")),
    ];
    static CONTRACT: LazyLock<String> = LazyLock::new(openapi_json);
    (headers, CONTRACT.as_str()).into_response()
}

async fn not_found(uri: Uri) -> Refusal {
    let detail = format!(
        "nothing is at {:?}; /api/v1/openapi.json lists what there is",
        uri.path()
    );
    Refusal::new(StatusCode::NOT_FOUND, "path_unknown", "Not found", detail)
}

async fn method_not_allowed(method: Method) -> Refusal {
    let detail = format!("{method} is not possible here; see the Allow header");
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "Method not allowed",
        detail,
    )
}
