//! The API behind the gateway: it takes everything and answers by the contract, whole or with what must be there.

use serde_json::Value;
use testkit::Random;

use super::document::follow;
use super::message::{Maker, operation, operations};
use super::wire::ANSWER_HEADER;
use crate::support::Upstream;

/// Answers until it is dropped.
pub struct Provider(Upstream);

struct Answer {
    method: String,
    path: String,
    status: String,
    full: Option<String>,
    lean: Option<String>,
}

impl Provider {
    pub fn start<'a>(contracts: impl Iterator<Item = &'a Value>) -> Self {
        let answers: Vec<Answer> = contracts.flat_map(answers).collect();
        Self(Upstream::raw(move |stream| {
            let mut connection = crate::support::Connection::of(stream);
            while let Some(head) = connection.head() {
                if connection.body(&head, false).is_err() {
                    return;
                }
                connection.send(answered(&answers, &head));
            }
        }))
    }

    pub fn url(&self) -> String {
        self.0.url()
    }
}

fn answered(answers: &[Answer], head: &str) -> String {
    let mut line = head.split(' ');
    let (method, target) = (line.next().unwrap_or(""), line.next().unwrap_or(""));
    let path = target.split('?').next().unwrap_or("");
    let is_asked = |answer: &&Answer| {
        (answer.method == method || method == "HEAD" && answer.method == "GET")
            && fits(&answer.path, path)
    };
    let fitting = answers.iter().filter(is_asked);
    let answer = fitting.min_by_key(|answer| answer.path.matches('{').count());
    let is_full = head.contains(&format!("{ANSWER_HEADER}: full"));
    let body = answer.and_then(|answer| {
        if is_full {
            answer.full.as_ref()
        } else {
            answer.lean.as_ref()
        }
    });
    let status = answer.map_or("200", |answer| &answer.status);
    match body {
        None if status == "204" => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        None => format!("HTTP/1.1 {status} Fine\r\nContent-Length: 0\r\n\r\n"),
        Some(body) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} Fine\r\nX-Trace: t\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
            );
            head + if method == "HEAD" { "" } else { body }
        }
    }
}

/// The path of a surface stands before that of the contract.
fn fits(template: &str, path: &str) -> bool {
    let (sent, parts): (Vec<_>, Vec<_>) =
        (path.rsplit('/').collect(), template.rsplit('/').collect());
    sent.len() == parts.len() + 1
        && parts
            .iter()
            .zip(&sent)
            .all(|(part, sent)| part.starts_with('{') || part.is_empty() || part == sent)
}

fn answers(contract: &Value) -> Vec<Answer> {
    let own = operations(contract).into_iter();
    own.map(|(method, path)| {
        let status = success(contract, &method, &path);
        Answer {
            full: body(contract, &method, &path, &status, Whole::Full).map(|body| body.to_string()),
            lean: body(contract, &method, &path, &status, Whole::Lean).map(|body| body.to_string()),
            method,
            path,
            status,
        }
    })
    .collect()
}

/// Which of the optional properties an answer has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    Full,
    Lean,
}

/// What the provider answers a request of this operation with; `None` without a body.
pub fn answer_of(contract: &Value, method: &str, path: &str, whole: Whole) -> Option<Value> {
    body(
        contract,
        method,
        path,
        &success(contract, method, path),
        whole,
    )
}

fn success(contract: &Value, method: &str, path: &str) -> String {
    let responses = operation(contract, method, path)["responses"].as_object();
    let mut known = responses.into_iter().flatten().map(|(status, _)| status);
    let found = known.find(|status| status.starts_with('2') && status.len() == 3);
    found.map_or_else(|| "200".to_owned(), |status| status.replace('X', "0"))
}

fn body(contract: &Value, method: &str, path: &str, status: &str, whole: Whole) -> Option<Value> {
    let response = follow(
        contract,
        &operation(contract, method, path)["responses"][status],
    );
    let (_, content) = response["content"]
        .as_object()?
        .iter()
        .find(|(name, _)| name.ends_with("json"))?;
    let schema = content.get("schema")?;
    let mut random = Random::new(7);
    let mut maker = Maker {
        contract,
        random: &mut random,
    };
    // Of many values the one with the most names, or the fewest.
    let made: Vec<Value> = (0..64).map(|_| maker.value(schema, 0)).collect();
    let size = |value: &&Value| {
        (
            value.to_string().matches(':').count(),
            value.to_string().len(),
        )
    };
    match whole {
        Whole::Full => made.iter().max_by_key(size).cloned(),
        Whole::Lean => made.iter().min_by_key(size).cloned(),
    }
}
