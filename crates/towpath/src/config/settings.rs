//! Every setting by its dotted path, outside the surfaces: how its environment variable is read.

use toml::Value;

/// How the text of an environment variable becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text, and everything written as text: addresses, durations, sizes, choices.
    Text,
    Number,
    /// Texts parted by commas.
    List,
}

/// One setting. Surfaces are a list and come from the file or from flags only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub path: &'static str,
    pub shape: Shape,
}

pub const SETTINGS: &[Setting] = &[
    text("data"),
    text("gateway.listen"),
    number("gateway.workers"),
    text("gateway.tls.cert_file"),
    text("gateway.tls.key_file"),
    text("gateway.limits.head"),
    number("gateway.limits.headers"),
    text("gateway.limits.uri"),
    number("gateway.limits.connections"),
    number("gateway.limits.connections_per_ip"),
    number("gateway.limits.h2_streams"),
    number("gateway.limits.upstream_idle"),
    text("gateway.timeouts.head"),
    text("gateway.timeouts.body_idle"),
    text("gateway.timeouts.body_rate"),
    text("gateway.timeouts.keepalive_idle"),
    text("gateway.timeouts.upstream_idle"),
    text("gateway.timeouts.drain"),
    list("gateway.trusted_proxies"),
    text("gateway.encoded_slash"),
    text("web.listen"),
    list("web.hosts"),
    text("meter.durability"),
    text("meter.full"),
    text("meter.sync_interval"),
    text("meter.segment"),
    text("meter.spare"),
    text("meter.spare_max"),
    text("meter.leave_free"),
    text("retention.minutes"),
    text("retention.hours"),
    text("retention.days"),
    text("log.format"),
    text("log.level"),
    text("log.requests"),
    text("contract.clients"),
    text("contract.version_policy"),
    text("notices.public_url"),
    text("notices.from"),
    text("notices.owner"),
    text("notices.webhook_targets"),
    text("notices.smtp.url"),
    text("notices.smtp.user"),
    text("notices.smtp.password"),
    text("notices.smtp.password_file"),
    text("notices.dkim.selector"),
    text("notices.dkim.domain"),
    text("notices.dkim.key_file"),
    text("notices.statuspage.api_url"),
    text("notices.statuspage.page"),
    text("notices.statuspage.token"),
    text("notices.statuspage.token_file"),
];

/// Read by the command line itself, so they are no settings.
pub const OTHER_VARIABLES: [&str; 3] = ["TOWPATH_SERVER", "TOWPATH_TOKEN", "TOWPATH_CONFIG"];

impl Setting {
    /// `gateway.limits.head` is `TOWPATH_GATEWAY_LIMITS_HEAD`.
    pub fn variable(&self) -> String {
        format!("TOWPATH_{}", self.path.replace('.', "_").to_uppercase())
    }

    /// A number that is not one stays text, so that the typed configuration says what it expects.
    pub fn value(&self, text: &str) -> Value {
        match self.shape {
            Shape::Text => Value::String(text.to_owned()),
            Shape::Number => text
                .trim()
                .parse()
                .map_or_else(|_| Value::String(text.to_owned()), Value::Integer),
            Shape::List => {
                let items = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty());
                Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
            }
        }
    }
}

/// The candidate that `word` was most likely meant to be: at most two edits away, or one third of its length.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 2.max(word.chars().count() / 3);
    candidates
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance, in characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

const fn text(path: &'static str) -> Setting {
    Setting {
        path,
        shape: Shape::Text,
    }
}

const fn number(path: &'static str) -> Setting {
    Setting {
        path,
        shape: Shape::Number,
    }
}

const fn list(path: &'static str) -> Setting {
    Setting {
        path,
        shape: Shape::List,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_close_or_nothing() {
        let keys = ["listen", "workers", "limits", "timeouts"];
        assert_eq!(nearest("lisen", keys), Some("listen"));
        assert_eq!(nearest("timeout", keys), Some("timeouts"));
        assert_eq!(nearest("database", keys), None);
    }

    #[test]
    fn every_leaf_of_the_configuration_is_listed() {
        use crate::config::{Config, TlsSection};

        let mut config = Config::default();
        config.gateway.tls = Some(TlsSection {
            cert_file: "c".into(),
            key_file: "k".into(),
        });
        config.notices = every_setting_of_notices();
        let table = toml::Table::try_from(&config).unwrap();
        let mut leaves = Vec::new();
        collect_leaves("", &table, &mut leaves);
        leaves.retain(|leaf| leaf != "surface");
        leaves.sort();

        let mut listed: Vec<String> = SETTINGS
            .iter()
            .map(|setting| setting.path.to_owned())
            .collect();
        listed.sort();
        assert_eq!(listed, leaves);
    }

    fn every_setting_of_notices() -> crate::config::NoticesSection {
        use crate::config::notices::{DkimSection, SmtpSection, StatuspageSection};
        use crate::config::secret::HiddenText;

        let text = || Some("x".to_owned());
        let hidden = || Some(HiddenText::new("x".to_owned()));
        crate::config::NoticesSection {
            public_url: text(),
            from: text(),
            owner: text(),
            webhook_targets: Default::default(),
            smtp: SmtpSection {
                url: text(),
                user: text(),
                password: hidden(),
                password_file: Some("x".into()),
            },
            dkim: DkimSection {
                selector: text(),
                domain: text(),
                key_file: Some("x".into()),
            },
            statuspage: StatuspageSection {
                api_url: text(),
                page: text(),
                token: hidden(),
                token_file: Some("x".into()),
            },
        }
    }

    fn collect_leaves(prefix: &str, table: &toml::Table, leaves: &mut Vec<String>) {
        for (key, value) in table {
            let path = if prefix.is_empty() {
                key.clone()
            } else {
                format!("{prefix}.{key}")
            };
            match value {
                Value::Table(inner) => collect_leaves(&path, inner, leaves),
                _ => leaves.push(path),
            }
        }
    }
}
