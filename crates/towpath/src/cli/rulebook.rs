//! All rules by id, whichever engine they belong to: what reports and `explain` say of them.

use std::sync::OnceLock;

use contract::report::Help;
use contract::{Area, Clients, LintRule, Rule, State, lint_rules, rules, score, tools};
use serde::Serialize;

use crate::config::settings::nearest;

/// One rule of any engine, as `explain` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Page {
    pub id: &'static str,
    /// `diff`, `mcp-tool`, `lint` or `score`.
    pub kind: &'static str,
    /// The command that reports it: `diff`, `lint` or `score`.
    pub command: &'static str,
    /// What the rules beside it are about too: an area of a contract for `diff`, a family for `score`, else the kind.
    pub family: &'static str,
    pub level: &'static str,
    pub breaks: Vec<&'static str>,
    pub purpose: String,
    pub why: String,
    pub safely: String,
    /// Why the rule is a warning with `--clients strict`: a clause; `None` for a rule that keeps its level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_clients: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breaking_example: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safe_example: Option<&'static str>,
    /// What the reversed change reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mirror: Option<&'static str>,
    /// Whether the engine reports it; a rule that is only named may stand in a severity file.
    pub implemented: bool,
}

/// By kind, then in the order of the tables. Made on first use: the built-in ruleset is text.
pub fn pages() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let diff = rules()
            .iter()
            .map(|rule| diff_page(rule, "diff", area(rule.area)));
        let tools = tools::RULES
            .iter()
            .map(|rule| diff_page(rule, "mcp-tool", "mcp-tool"));
        let lint = lint_rules().iter().map(lint_page);
        let score = score::rules().iter().map(score_page);
        diff.chain(tools).chain(lint).chain(score).collect()
    })
}

pub fn page(id: &str) -> Option<&'static Page> {
    pages().iter().find(|page| page.id == id)
}

/// For formats that carry the texts of rules.
pub fn help(id: &str) -> Option<Help> {
    help_for(id, Clients::Tolerant)
}

/// The same for changes that were judged for these clients.
pub fn help_for(id: &str, clients: Clients) -> Option<Help> {
    let page = page(id)?;
    let strict = page.strict_text().filter(|_| clients == Clients::Strict);
    Some(Help {
        purpose: page.purpose.clone(),
        why: strict.unwrap_or_else(|| page.why.clone()),
        safely: page.safely.clone(),
    })
}

impl Page {
    /// What strict clients change, as a sentence; `None` when they change nothing.
    pub fn strict_text(&self) -> Option<String> {
        let why = self.strict_clients?;
        Some(format!("With strict clients: warning, because {why}."))
    }
}

/// What to say of an id that no rule has; `None` for a rule.
pub fn unknown(id: &str) -> Option<String> {
    if page(id).is_some() {
        return None;
    }
    let meant = nearest(id, pages().iter().map(|page| page.id));
    Some(match meant {
        Some(meant) => format!("no rule is called `{id}`; did you mean `{meant}`?"),
        None => format!("no rule is called `{id}`"),
    })
}

const fn area(area: Area) -> &'static str {
    match area {
        Area::Components => "components",
        Area::Headers => "headers",
        Area::Info => "info",
        Area::Parameters => "parameters",
        Area::Paths => "paths",
        Area::RequestBody => "request-body",
        Area::Responses => "responses",
        Area::Schema => "schema",
        Area::Security => "security",
        Area::Tags => "tags",
    }
}

fn diff_page(rule: &'static Rule, kind: &'static str, family: &'static str) -> Page {
    let text = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    Page {
        id: rule.id,
        kind,
        command: "diff",
        family,
        level: rule.level.as_str(),
        breaks: rule.breaks.iter().map(|breaks| breaks.as_str()).collect(),
        purpose: rule.purpose.to_owned(),
        why: rule.why.to_owned(),
        safely: rule.safely.to_owned(),
        strict_clients: rule.strict_clients(),
        breaking_example: text(rule.breaking_example),
        safe_example: text(rule.safe_example),
        mirror: rule.mirror,
        implemented: rule.state == State::Implemented,
    }
}

fn score_page(rule: &score::Rule) -> Page {
    Page {
        id: rule.id,
        kind: "score",
        command: "score",
        family: rule.family.as_str(),
        level: rule.level.as_str(),
        breaks: Vec::new(),
        purpose: format!("{} {}", rule.purpose, rule.measure),
        why: rule.explain.to_owned(),
        safely: rule.repair.to_owned(),
        strict_clients: None,
        breaking_example: None,
        safe_example: None,
        mirror: None,
        implemented: true,
    }
}

fn lint_page(rule: &'static LintRule) -> Page {
    let purpose = match rule.is_recommended {
        true => rule.purpose.to_owned(),
        false => format!("{} Off unless a ruleset asks for it.", rule.purpose),
    };
    Page {
        id: rule.id,
        kind: "lint",
        command: "lint",
        family: "lint",
        level: rule.level.as_str(),
        breaks: Vec::new(),
        purpose,
        why: rule.why.to_owned(),
        safely: rule.repair.to_owned(),
        strict_clients: None,
        breaking_example: Some(rule.bad_example),
        safe_example: Some(rule.good_example),
        mirror: None,
        implemented: true,
    }
}
