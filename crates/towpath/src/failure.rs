//! What a command reports when it cannot finish: what, where, the next step, and the exit code.

use std::fmt;

/// The documented exit codes; 0 is success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// A negative result rather than a failure: findings, nothing matched.
    Findings = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// An input file or the data folder: unreadable, unwritable or invalid.
    Input = 3,
    /// The server refused, or could not be reached.
    Server = 4,
}

/// A failure as the person at the terminal sees it. `what` is lower case without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub exit: Exit,
    pub what: String,
    /// ` --> ` and a file, a URL or a setting; with an excerpt where there is one.
    pub place: Option<String>,
    pub next_step: Option<String>,
    /// Further findings, already rendered, printed before the summary.
    pub details: Vec<String>,
}

impl Failure {
    pub fn new(exit: Exit, what: impl fmt::Display) -> Self {
        Self {
            exit,
            what: what.to_string(),
            place: None,
            next_step: None,
            details: Vec::new(),
        }
    }

    pub fn usage(what: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, what)
    }

    pub fn input(what: impl fmt::Display) -> Self {
        Self::new(Exit::Input, what)
    }

    pub fn server(what: impl fmt::Display) -> Self {
        Self::new(Exit::Server, what)
    }

    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.place = Some(format!(" --> {place}"));
        self
    }

    pub fn next(mut self, next_step: impl fmt::Display) -> Self {
        self.next_step = Some(next_step.to_string());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for detail in &self.details {
            writeln!(f, "{detail}")?;
        }
        write!(f, "error: {}", self.what)?;
        if let Some(place) = &self.place {
            write!(f, "\n{place}")?;
        }
        if let Some(next_step) = &self.next_step {
            write!(f, "\n  = help: {next_step}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// An error and its causes on one line, each said once.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
