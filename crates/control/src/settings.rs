//! What the owner of a surface decides, in its one canonical form.

use gateway::{Anonymous, IdentitySpec, TimeoutSpec, UnknownPath};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::surface::SurfaceRow;

use crate::error::ControlError;
use crate::lookup::checked_name;

/// More surfaces than anyone has put behind one gateway; the Snapshot and its checks are read whole.
pub(crate) const SURFACES_MAX: u32 = 1_000;

/// Everything of a surface that its owner decides. Same meaning as in `gateway::SurfaceSpec`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceSettings {
    /// Unique; same rule as a consumer's name.
    pub name: String,
    #[serde(default)]
    pub hosts: Vec<String>,
    #[serde(default)]
    pub path_prefix: String,
    #[serde(default)]
    pub strip_path_prefix: bool,
    /// Where the API's paths begin, instead of what its contract's servers say; `""` is the root. `None` takes the
    /// contract's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_path: Option<String>,
    pub upstreams: Vec<String>,
    #[serde(default)]
    pub upstream_ca_file: Option<String>,
    #[serde(default)]
    pub preserve_host: bool,
    #[serde(default = "SurfaceSettings::identity_default")]
    pub identity: Vec<IdentitySpec>,
    #[serde(default = "SurfaceSettings::unknown_path_default")]
    pub unknown_path: UnknownPath,
    #[serde(default = "SurfaceSettings::anonymous_default")]
    pub anonymous: Anonymous,
    #[serde(default)]
    pub timeouts: TimeoutSpec,
    #[serde(default)]
    pub body_bytes_limit: Option<u64>,
}

impl SurfaceSettings {
    /// A surface of `name` in front of one upstream, everything else at its default.
    pub fn new(name: &str, upstream: &str) -> Self {
        Self {
            name: name.to_owned(),
            hosts: Vec::new(),
            path_prefix: String::new(),
            strip_path_prefix: false,
            base_path: None,
            upstreams: vec![upstream.to_owned()],
            upstream_ca_file: None,
            preserve_host: false,
            identity: Self::identity_default(),
            unknown_path: Self::unknown_path_default(),
            anonymous: Self::anonymous_default(),
            timeouts: TimeoutSpec::default(),
            body_bytes_limit: None,
        }
    }

    fn identity_default() -> Vec<IdentitySpec> {
        vec![IdentitySpec::TowpathKey {
            header: None,
            scheme: None,
        }]
    }

    // Nobody's clients may break by putting Towpath in front: both policies pass by default.
    const fn unknown_path_default() -> UnknownPath {
        UnknownPath::Pass
    }

    const fn anonymous_default() -> Anonymous {
        Anonymous::Pass
    }
}

/// What the owner of a stored surface decided.
pub(crate) fn settings_of(row: &SurfaceRow) -> Result<SurfaceSettings, StoreError> {
    serde_json::from_str(&row.settings).map_err(|_| StoreError::Decode {
        column: "settings",
        text: row.settings.clone(),
    })
}

/// The settings in their one canonical form: hosts in lower case, prefixes without trailing slash.
pub(crate) fn checked(mut settings: SurfaceSettings) -> Result<SurfaceSettings, ControlError> {
    let invalid = |field, message: String| Err(ControlError::Invalid { field, message });
    settings.name = checked_name("name", settings.name)?.as_str().to_owned();
    for host in &mut settings.hosts {
        host.make_ascii_lowercase();
        let known = |b: u8| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b);
        let is_port = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        let has_port =
            !host.ends_with(']') && host.rsplit_once(':').is_some_and(|(_, rest)| is_port(rest));
        if host.is_empty() || !host.bytes().all(known) || has_port {
            return invalid("hosts", format!("{host:?} is no host name without port"));
        }
    }
    let base_path = settings.base_path.as_mut().map(|path| ("base_path", path));
    let prefixes = [("path_prefix", &mut settings.path_prefix)];
    for (field, prefix) in prefixes.into_iter().chain(base_path) {
        while prefix.ends_with('/') {
            prefix.pop();
        }
        if !is_prefix(prefix) {
            return invalid(field, format!("{prefix:?} is no path such as /payments"));
        }
    }
    checked_upstreams(&settings.upstreams)?;
    let timeouts = settings.timeouts;
    if timeouts.connect_ms == 0 || timeouts.response_head_ms == 0 {
        return invalid(
            "timeouts",
            "connect_ms and response_head_ms are at least 1".to_owned(),
        );
    }
    if settings.body_bytes_limit == Some(0) {
        return invalid(
            "body_bytes_limit",
            "at least 1; leave it out for no limit".to_owned(),
        );
    }
    Ok(settings)
}

/// At least one, and each the URL of a server.
pub(crate) fn checked_upstreams(upstreams: &[String]) -> Result<(), ControlError> {
    let invalid = |message| ControlError::Invalid {
        field: "upstreams",
        message,
    };
    if upstreams.is_empty() {
        let message = "at least one upstream is needed, such as http://127.0.0.1:9000";
        return Err(invalid(message.to_owned()));
    }
    match upstreams.iter().find(|url| !is_upstream(url)) {
        Some(url) => Err(invalid(format!(
            "{url:?} is no upstream such as http://127.0.0.1:9000"
        ))),
        None => Ok(()),
    }
}

/// Empty, or a path without trailing slash.
pub(crate) fn is_prefix(prefix: &str) -> bool {
    prefix.is_empty()
        || (prefix.starts_with('/') && !prefix.contains("//") && !prefix.contains(['?', '#', ' ']))
}

/// `http`, `https` or `h2c`, a host without credentials, an optional port and base path.
fn is_upstream(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or("");
    let port = match authority.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => Some(port),
        _ => None,
    };
    matches!(scheme, "http" | "https" | "h2c")
        && !authority.is_empty()
        && !authority.starts_with(':')
        && !url.contains(['@', '?', '#', ' '])
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstreams_are_urls_without_secrets() {
        for good in [
            "http://127.0.0.1:9000",
            "https://api.example.com/v1",
            "h2c://[::1]:50051",
            "http://[::1]",
        ] {
            assert!(is_upstream(good), "{good}");
        }
        for bad in [
            "127.0.0.1:9000",
            "ftp://x",
            "http://",
            "http://:80",
            "http://a:b@c",
            "http://x:0",
            "http://x:99999",
        ] {
            assert!(!is_upstream(bad), "{bad}");
        }
    }

    #[test]
    fn settings_have_one_form() {
        let settings = SurfaceSettings {
            hosts: vec!["API.Example.com".into()],
            path_prefix: "/payments/".into(),
            base_path: Some("/v1/".into()),
            ..SurfaceSettings::new("payments", "http://127.0.0.1:9000")
        };
        let checked = checked(settings).unwrap();
        assert_eq!(checked.hosts, ["api.example.com"]);
        assert_eq!(checked.path_prefix, "/payments");
        assert_eq!(checked.base_path.as_deref(), Some("/v1"));
    }

    #[test]
    fn bad_settings_name_their_field() {
        fn check(change: impl FnOnce(&mut SurfaceSettings), field_expected: &str) {
            let mut settings = SurfaceSettings::new("payments", "http://127.0.0.1:9000");
            change(&mut settings);
            match checked(settings) {
                Err(ControlError::Invalid { field, .. }) => assert_eq!(field, field_expected),
                other => panic!("{field_expected}: {other:?}"),
            }
        }
        check(|s| s.name.clear(), "name");
        check(|s| s.name = "surf_0000000000001".into(), "name");
        check(|s| s.hosts = vec!["example.com:8080".into()], "hosts");
        check(|s| s.path_prefix = "payments".into(), "path_prefix");
        check(|s| s.base_path = Some("v1".into()), "base_path");
        check(|s| s.upstreams.clear(), "upstreams");
        check(|s| s.timeouts.connect_ms = 0, "timeouts");
        check(|s| s.body_bytes_limit = Some(0), "body_bytes_limit");
    }
}
