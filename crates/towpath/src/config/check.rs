//! Judges values against each other: what types cannot say about a configuration.

use std::collections::BTreeMap;

use adoption::ConsumerName;
use http::Uri;

use super::Keep;
use super::check_notices;
use super::loaded::{Invalid, Loaded};
use super::secret::without_userinfo;
use super::surface::SurfaceSection;
use super::units::Size;

/// Everything that makes no sense, in the order of the file.
pub fn invalid_values(loaded: &Loaded) -> Vec<Invalid> {
    let mut found = Findings {
        loaded,
        invalid: Vec::new(),
    };
    check_listeners(&mut found);
    check_limits(&mut found);
    check_rules(&mut found);
    for (path, message, next_step) in check_notices::check(&loaded.config.notices) {
        found.add(path, message, next_step);
    }
    for (index, surface) in loaded.config.surfaces.iter().enumerate() {
        check_surface(&mut found, index, surface);
    }
    check_overlaps(&mut found);
    found.invalid
}

struct Findings<'a> {
    loaded: &'a Loaded,
    invalid: Vec<Invalid>,
}

impl Findings<'_> {
    fn add(&mut self, path: &str, message: String, next_step: &str) {
        let source = self.loaded.source(path).clone();
        self.invalid.push(Invalid {
            path: path.to_owned(),
            source,
            message,
            next_step: next_step.to_owned(),
        });
    }
}

fn check_listeners(found: &mut Findings<'_>) {
    let config = &found.loaded.config;
    let listen = config.gateway.listen;
    if listen == config.web.listen && listen.port() != 0 {
        found.add(
            "web.listen",
            format!("gateway and web both listen on {listen}"),
            "give each its own port: consumers use the gateway, only you use web",
        );
    }
}

/// An override without its reason or owner is a rule that nobody remembers.
fn check_rules(found: &mut Findings<'_>) {
    for (index, rule) in found.loaded.config.contract.rules.iter().enumerate() {
        let texts = [
            ("id", &rule.id),
            ("reason", &rule.reason),
            ("owner", &rule.owner),
        ];
        for (key, text) in texts {
            if text.trim().is_empty() {
                found.add(
                    &format!("contract.rule[{index}].{key}"),
                    format!("{key} of a rule's override is empty"),
                    "say which rule, why its level does not fit here, and who answers for it",
                );
            }
        }
    }
}

fn check_limits(found: &mut Findings<'_>) {
    let config = &found.loaded.config;
    let positive = [
        (
            "gateway.limits.headers",
            u64::from(config.gateway.limits.headers),
        ),
        (
            "gateway.limits.connections",
            u64::from(config.gateway.limits.connections),
        ),
        (
            "gateway.limits.connections_per_ip",
            u64::from(config.gateway.limits.connections_per_ip),
        ),
        (
            "gateway.limits.h2_streams",
            u64::from(config.gateway.limits.h2_streams),
        ),
        (
            "gateway.timeouts.head",
            config.gateway.timeouts.head.as_ms(),
        ),
        (
            "gateway.timeouts.keepalive_idle",
            config.gateway.timeouts.keepalive_idle.as_ms(),
        ),
        ("meter.sync_interval", config.meter.sync_interval.as_ms()),
    ];
    for (path, value) in positive {
        if value == 0 {
            found.add(
                path,
                format!("{path} must be above zero"),
                "leave it out to get the default",
            );
        }
    }

    check_retention(found);
    let head = config.gateway.limits.head;
    if !(Size(1 << 10)..=Size(64 << 10)).contains(&head) {
        found.add(
            "gateway.limits.head",
            "the head limit must be 1KiB to 64KiB".to_owned(),
            "16KiB suits most APIs",
        );
    }
    let segment = config.meter.segment;
    if !(Size(1 << 20)..=Size(1 << 30)).contains(&segment) {
        found.add(
            "meter.segment",
            "a journal segment must be 1MiB to 1GiB".to_owned(),
            "16MiB is the default",
        );
    }
}

/// Above a century a duration is a slip of the pen.
fn check_retention(found: &mut Findings<'_>) {
    const CENTURY_S: u64 = 36_525 * 86_400;
    let retention = &found.loaded.config.retention;
    let mut spans = vec![
        ("retention.minutes", 3_600, retention.minutes),
        ("retention.hours", 86_400, retention.hours),
    ];
    if let Keep::For(days) = retention.days {
        spans.push(("retention.days", 86_400, days));
    }
    for (path, least_s, span) in spans {
        if !(least_s..=CENTURY_S).contains(&span.0.as_secs()) {
            let least = if least_s == 3_600 { "an hour" } else { "a day" };
            let message = format!("{path} must be {least} to a century");
            found.add(
                path,
                message,
                "write a duration such as \"396d\"; days may also be \"forever\"",
            );
        }
    }
}

fn check_surface(found: &mut Findings<'_>, index: usize, surface: &SurfaceSection) {
    let path = |key: &str| format!("surface[{index}].{key}");
    if let Err(error) = ConsumerName::new(surface.name.clone()) {
        found.add(
            &path("name"),
            error.to_string(),
            "choose a name such as payments",
        );
    }
    if surface.upstream.is_empty() {
        found.add(
            &path("upstream"),
            "a surface needs an upstream".to_owned(),
            "write upstream = \"http://127.0.0.1:9000\"",
        );
    }
    for upstream in &surface.upstream {
        if let Err(message) = check_upstream(upstream) {
            found.add(
                &path("upstream"),
                message,
                "write http://host:port, https://host or h2c://host:port",
            );
        }
    }
    if !is_prefix(&surface.path_prefix) {
        found.add(
            &path("path_prefix"),
            format!(
                "path prefix {:?} must start with a slash and not end with one",
                surface.path_prefix
            ),
            "write path_prefix = \"/payments\", or leave it out",
        );
    }
    if let Some(base_path) = &surface.base_path
        && !is_prefix(base_path)
    {
        found.add(
            &path("base_path"),
            format!("base path {base_path:?} must start with a slash and not end with one"),
            "write base_path = \"/v1\", or \"\" for none, or leave it out for the contract's own",
        );
    }
    if surface.strip_path_prefix && surface.path_prefix.is_empty() {
        found.add(
            &path("strip_path_prefix"),
            "there is no path prefix to strip".to_owned(),
            "set path_prefix, or leave strip_path_prefix out",
        );
    }
    for host in &surface.host {
        if !is_host(host) {
            found.add(
                &path("host"),
                format!("{host:?} is no host name"),
                "write the name alone, without scheme, port or path",
            );
        }
    }
}

/// Two surfaces that claim the same host and prefix: which of them gets a request would be chance.
fn check_overlaps(found: &mut Findings<'_>) {
    let surfaces = &found.loaded.config.surfaces;
    let mut names = BTreeMap::new();
    let mut places = BTreeMap::new();
    let mut clashes = Vec::new();
    for (index, surface) in surfaces.iter().enumerate() {
        if names.insert(surface.name.clone(), index).is_some() {
            clashes.push((
                index,
                "name",
                format!("two surfaces are named {:?}", surface.name),
                "names are unique",
            ));
            continue;
        }
        let every_host = [String::new()];
        let hosts = if surface.host.is_empty() {
            &every_host[..]
        } else {
            &surface.host
        };
        for host in hosts {
            let place = (host.to_ascii_lowercase(), surface.path_prefix.clone());
            let Some(first) = places.insert(place, index).filter(|first| *first != index) else {
                continue;
            };
            let key = if surface.path_prefix.is_empty() {
                "host"
            } else {
                "path_prefix"
            };
            let message = format!(
                "surfaces {:?} and {:?} claim the same requests",
                surfaces[first].name, surface.name
            );
            clashes.push((index, key, message, "give each its own host or path_prefix"));
        }
    }

    for (index, key, message, next_step) in clashes {
        let path = format!("surface[{index}].{key}");
        let known = found.loaded.sources.contains_key(&path);
        let path = if known {
            path
        } else {
            format!("surface[{index}].name")
        };
        found.add(&path, message, next_step);
    }
}

fn check_upstream(upstream: &str) -> Result<(), String> {
    // Never repeated whole: it may hold a password.
    let shown = without_userinfo(upstream);
    let uri: Uri = upstream
        .parse()
        .map_err(|_| format!("{shown:?} is no URL"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https" | "h2c")) {
        return Err(format!("{shown:?} needs the scheme http, https or h2c"));
    }
    let Some(authority) = uri.authority() else {
        return Err(format!("{shown:?} names no host"));
    };
    if authority.as_str().contains('@') {
        return Err(format!(
            "{shown:?} holds a user name or password, which would never be sent"
        ));
    }
    if uri.query().is_some() {
        return Err(format!("{shown:?} must not have a query"));
    }
    Ok(())
}

fn is_prefix(prefix: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"?#%\\".contains(c);
    prefix.is_empty()
        || (prefix.starts_with('/')
            && !prefix.ends_with('/')
            && !prefix.contains("//")
            && prefix
                .split('/')
                .all(|segment| segment != "." && segment != "..")
            && prefix.chars().all(plain))
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-._[]:".contains(c))
        && {
            let is_ipv6 = host.starts_with('[') && host.ends_with(']');
            is_ipv6 || !host.contains(':')
        }
}
