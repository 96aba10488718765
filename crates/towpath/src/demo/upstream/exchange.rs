//! What goes in and out of the sample API: a question, its answer, and what every operation reads and writes alike.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problems::Problem;
use crate::demo::operations::BASE_PATH;
use crate::demo::records::{Money, Number};
use crate::demo::seed::hash;

/// A request as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    pub method: &'q str,
    /// With the base path.
    pub path: &'q str,
    /// Without `?`; empty for none.
    pub query: &'q str,
    pub idempotency_key: Option<&'q str>,
    pub last_event_id: Option<&'q str>,
    pub body: &'q [u8],
}

/// The answer to a question.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub retry_after_seconds: Option<u64>,
    /// How long the work behind it takes.
    pub delay: Duration,
    pub content: Content,
}

#[derive(Debug)]
pub enum Content {
    Empty,
    Json(Vec<u8>),
    Problem(Vec<u8>),
    /// Newline-delimited payments of one month.
    Export {
        month: String,
    },
    /// Server-sent events without an end.
    Events {
        after: Number,
    },
}

impl Answer {
    pub fn new(status: u16, content: Content) -> Self {
        Self {
            status,
            location: None,
            retry_after_seconds: None,
            delay: Duration::ZERO,
            content,
        }
    }

    pub fn json(status: u16, record: &impl Serialize) -> Self {
        Self::new(status, Content::Json(to_json(record)))
    }

    pub fn located(self, collection: &str, id: &str) -> Self {
        Self {
            location: Some(format!("{BASE_PATH}/{collection}/{id}")),
            ..self
        }
    }

    pub fn problem(problem: &Problem, delay: Duration) -> Self {
        let content = Content::Problem(to_json(problem));
        let retry_after_seconds = (problem.status == 503).then_some(2);
        Self {
            retry_after_seconds,
            delay,
            ..Self::new(problem.status, content)
        }
    }
}

fn to_json(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).expect("records have text keys and no failing field")
}

pub fn known(noun: &str, prefix: &str, id: &str) -> Result<Number, Problem> {
    Number::parse(prefix, id).ok_or_else(|| Problem::not_found(noun, id))
}

/// Every list ends after this many pages.
pub const PAGES: u64 = 4;

#[derive(Serialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub next_cursor: Option<String>,
}

/// The page number, from 1, and the items on a page that the query asks for.
pub fn window(question: &Question<'_>) -> Result<(u64, u64), Problem> {
    let limit = match parameter(question.query, "limit") {
        None => 20,
        Some(text) => text
            .parse()
            .ok()
            .filter(|limit| (1..=100).contains(limit))
            .ok_or_else(|| Problem::bad_parameter("limit", "must be 1 to 100"))?,
    };
    let page = match parameter(question.query, "cursor") {
        None => 1,
        Some(text) => (2..=PAGES)
            .find(|page| cursor(*page) == text)
            .ok_or_else(|| Problem::bad_parameter("cursor", "must be the next_cursor of a page"))?,
    };
    Ok((page, limit))
}

/// The opaque text that leads to a page.
pub fn cursor(page: u64) -> String {
    format!("{:013x}", hash(&format!("page {page}")) >> 12)
}

pub fn page<T: Serialize>(
    question: &Question<'_>,
    list: &str,
    record: impl Fn(Number) -> T,
) -> Result<Answer, Problem> {
    let (page, limit) = window(question)?;
    let data = (0..limit)
        .map(|index| record(Number::of(&format!("{list} {page} {index}"))))
        .collect();
    let next_cursor = (page < PAGES).then(|| cursor(page + 1));
    Ok(Answer::json(200, &Page { data, next_cursor }))
}

pub fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

pub fn one_of<'c>(
    query: &str,
    name: &str,
    choices: &[&'c str],
) -> Result<Option<&'c str>, Problem> {
    let Some(text) = parameter(query, name) else {
        return Ok(None);
    };
    let choice = choices.iter().find(|choice| **choice == text);
    choice
        .map(|choice| Some(*choice))
        .ok_or_else(|| Problem::bad_parameter(name, "is not one of the allowed values"))
}

pub fn body<T: DeserializeOwned>(question: &Question<'_>) -> Result<T, Problem> {
    serde_json::from_slice(question.body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => Problem::invalid_shape(&error),
        _ => Problem::malformed_body(&error),
    })
}

/// What names the piece of work: the idempotency key, or else the body itself.
pub fn new_key(question: &Question<'_>) -> String {
    match question.idempotency_key {
        Some(key) => key.to_owned(),
        None => format!(
            "{} {}",
            question.path,
            String::from_utf8_lossy(question.body)
        ),
    }
}

pub fn new_number(question: &Question<'_>) -> Number {
    Number::of(&new_key(question))
}

pub fn exists(prefix: &str, id: &str) -> bool {
    Number::parse(prefix, id).is_some()
}

pub fn is_currency(text: &str) -> bool {
    Money::CURRENCIES.contains(&text)
}

/// The card network fails for one piece of work in 300, always the same ones.
pub fn network_is_up(question: &Question<'_>) -> Result<(), Problem> {
    match new_number(question).aspect("network").is_multiple_of(300) {
        true => Err(Problem::network_unavailable()),
        false => Ok(()),
    }
}
