//! The operations under `/api/v1`, one file per noun; each is one `control` function and its shapes.

pub mod consumers;
pub mod contracts;
pub mod keys;
pub mod notices;
pub mod rollout_course;
pub mod rollout_status;
pub mod rollout_steps;
pub mod rollouts;
pub mod server;

mod step_headers;
pub mod surfaces;
pub mod usage;

use control::{Actor, ImportFormat, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::TextBody;
use crate::problem::Refusal;
pub use crate::table::{Format, List};

/// All requests carry the one local token.
const ACTOR: Actor = Actor::LocalToken;

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Items of one page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Overrides `Accept`.
    format: Option<Format>,
}

fn page(limit: Option<u32>, after: Option<String>) -> PageRequest {
    let default = PageRequest::default();
    PageRequest {
        limit: limit.unwrap_or(default.limit),
        after,
    }
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
}

impl From<control::ImportReport> for ImportReport {
    fn from(report: control::ImportReport) -> Self {
        Self {
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
        }
    }
}

fn import_format(body: &TextBody) -> Result<ImportFormat, Refusal> {
    match body.content_type.as_str() {
        "text/csv" => Ok(ImportFormat::Csv),
        "application/json" => Ok(ImportFormat::Json),
        _ => Err(Refusal::new(
            axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "content_type_refused",
            "Content type not accepted",
            "send the rows as Content-Type: text/csv or application/json",
        )),
    }
}
