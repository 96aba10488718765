//! Sentences of what people want done, and the operation that each one needs: what findability is measured with.

use crate::source::Source;
use crate::tree::Node;

/// One sentence in the words of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub text: String,
    /// `GET /pets/{id}` or an operation id. `None` for a task that no operation of the contract can do.
    pub operation: Option<String>,
}

/// Why a task file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    #[error("the task file is neither lines of text nor a YAML or JSON list: {0}")]
    Syntax(String),
    #[error(
        "line {line}: a task is a text, or an object with `task` and, where one fits, `operation`"
    )]
    Shape {
        /// From 1.
        line: u32,
    },
    #[error("line {line}: the sentence is empty")]
    Empty {
        /// From 1.
        line: u32,
    },
}

impl Task {
    /// Reads one task per line: the sentence, then after a tab `METHOD /path` or an operation id, which is left out when
    /// no operation fits; empty lines and those that start with `#` are skipped. A text that starts with `[` or `- ` is
    /// a JSON or YAML list of the same: texts, or objects with `task` and `operation`.
    pub fn parse(text: &str) -> Result<Vec<Self>, TaskError> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        match start.starts_with(['[', '-']) {
            true => list(text),
            false => lines(text),
        }
    }
}

fn lines(text: &str) -> Result<Vec<Task>, TaskError> {
    let numbered = text.trim_start_matches('\u{feff}').lines().zip(1..);
    numbered
        .filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(line, number)| {
            let (sentence, operation) = line.split_once('\t').unwrap_or((line, ""));
            task(sentence, operation, number)
        })
        .collect()
}

fn list(text: &str) -> Result<Vec<Task>, TaskError> {
    let source = Source::read(text.as_bytes(), "tasks")
        .map_err(|error| TaskError::Syntax(error.to_string()))?;
    let elements = source.root().elements();
    elements.map(element).collect()
}

fn element(element: Node<'_>) -> Result<Task, TaskError> {
    let line = element.line();
    if let Some(sentence) = element.as_str() {
        return task(sentence, "", line);
    }
    let sentence = element.get("task").and_then(Node::as_str);
    let operation = match element.get("operation") {
        None => Some(""),
        Some(node) if node.is_null() => Some(""),
        Some(node) => node.as_str(),
    };
    match (sentence, operation) {
        (Some(sentence), Some(operation)) => task(sentence, operation, line),
        _ => Err(TaskError::Shape { line }),
    }
}

fn task(sentence: &str, operation: &str, line: u32) -> Result<Task, TaskError> {
    let operation = operation.trim();
    match sentence.trim() {
        "" => Err(TaskError::Empty { line }),
        sentence => Ok(Task {
            text: sentence.to_owned(),
            operation: (!operation.is_empty()).then(|| operation.to_owned()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Task, TaskError};

    fn check(text: &str, expect: Result<&[(&str, Option<&str>)], TaskError>) {
        let expect = expect.map(|tasks| {
            let task = |(text, operation): &(&str, Option<&str>)| Task {
                text: (*text).to_owned(),
                operation: operation.map(str::to_owned),
            };
            tasks.iter().map(task).collect::<Vec<_>>()
        });
        assert_eq!(Task::parse(text), expect, "{text}");
    }

    #[test]
    fn lines_and_lists_say_the_same() {
        let expect = [
            ("Feed the cat", Some("POST /meals")),
            ("Fly to the moon", None),
        ];
        check(
            "# ours\n\nFeed the cat\tPOST /meals\r\nFly to the moon\n",
            Ok(&expect),
        );
        check(
            "- task: Feed the cat\n  operation: POST /meals\n- Fly to the moon\n",
            Ok(&expect),
        );
        check(
            r#"[{"task": "Feed the cat", "operation": "POST /meals"}, {"task": "Fly to the moon", "operation": null}]"#,
            Ok(&expect),
        );
        check("", Ok(&[]));
    }

    #[test]
    fn what_is_no_task_is_refused_with_its_line() {
        check("a\n\tPOST /meals", Err(TaskError::Empty { line: 2 }));
        check("- a\n- 5", Err(TaskError::Shape { line: 2 }));
        check("- a\n- {operation: b}", Err(TaskError::Shape { line: 2 }));
        check(
            "- a\n- {task: b, operation: 1}",
            Err(TaskError::Shape { line: 2 }),
        );
        assert!(matches!(Task::parse("[a"), Err(TaskError::Syntax(_))));
    }
}
