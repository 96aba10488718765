//! Surfaces: anything others build on, and how the gateway serves it.

use adoption::{Micros, SurfaceId};
use gateway::{Anonymous, IdentitySpec, TimeoutSpec, UnknownPath};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::surface::SurfaceRow;
use store::{StoreError, Tx, WriteTx};

use crate::actor::Actor;
use crate::audit::{Change, note};
use crate::consumers::checked_name;
use crate::contracts::{self, Contract};
use crate::control::Control;
use crate::error::ControlError;
use crate::page::{Page, PageRequest};
use crate::random;

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

/// A surface as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    pub id: SurfaceId,
    #[serde(flatten)]
    pub settings: SurfaceSettings,
    /// The contract that runs; `None` before the first push.
    pub contract: Option<Contract>,
    pub created_at: Micros,
    pub updated_at: Micros,
}

impl Control {
    /// Creates the surface of this name or changes it to these settings; without a difference nothing is written.
    /// Errors: `Invalid`, also when another surface answers at the same host and path prefix.
    pub async fn upsert_surface(
        &self,
        actor: Actor,
        settings: SurfaceSettings,
    ) -> Result<Surface, ControlError> {
        let settings = checked(settings)?;
        let json = serde_json::to_string(&settings).expect("settings are always JSON");
        let now = self.now();
        let mut tx = self.store().write().await?;
        let stored = store::surface::by_name(&mut tx, &settings.name).await?;
        if let Some(row) = stored.as_ref().filter(|row| row.settings == json) {
            return view(&mut tx, row.clone()).await;
        }
        refuse_overlap(&mut tx, &settings).await?;
        let row = match stored {
            Some(old) => {
                store::surface::set_settings(&mut tx, old.id, &json, now).await?;
                audit(&mut tx, actor, "update", &old, now).await?;
                SurfaceRow {
                    settings: json,
                    updated_at: now,
                    ..old
                }
            }
            None => {
                let row = SurfaceRow {
                    id: SurfaceId::from_raw(random::raw_id()?),
                    name: settings.name.clone(),
                    settings: json,
                    contract: None,
                    created_at: now,
                    updated_at: now,
                };
                store::surface::insert(&mut tx, &row).await?;
                audit(&mut tx, actor, "create", &row, now).await?;
                row
            }
        };
        let surface = view(&mut tx, row).await?;
        self.commit_with_snapshot(tx, now).await?;
        Ok(surface)
    }

    /// Surfaces in order of name.
    pub async fn list_surfaces(&self, page: &PageRequest) -> Result<Page<Surface>, ControlError> {
        let mut tx = self.store().read().await?;
        let rows =
            store::surface::list(&mut tx, page.after.as_deref(), page.limit_bounded() + 1).await?;
        let rows = page.page_of(rows, |row| row.name.clone());
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            items.push(view(&mut tx, row).await?);
        }
        Ok(Page {
            items,
            next: rows.next,
        })
    }

    /// The surface with this name or `surf_` id.
    pub async fn surface(&self, surface: &str) -> Result<Surface, ControlError> {
        let mut tx = self.store().read().await?;
        let row = find(&mut tx, surface).await?;
        view(&mut tx, row).await
    }
}

/// The row of this name or `surf_` id.
pub(crate) async fn find(tx: &mut Tx, surface: &str) -> Result<SurfaceRow, ControlError> {
    let row = match surface.parse() {
        Ok(id) => store::surface::by_id(tx, id).await?,
        Err(_) => store::surface::by_name(tx, surface).await?,
    };
    row.ok_or_else(|| ControlError::NotFound {
        noun: "surface",
        name: surface.to_owned(),
    })
}

/// What the owner of a stored surface decided.
pub(crate) fn settings_of(row: &SurfaceRow) -> Result<SurfaceSettings, StoreError> {
    serde_json::from_str(&row.settings).map_err(|_| StoreError::Decode {
        column: "settings",
        text: row.settings.clone(),
    })
}

async fn view(tx: &mut Tx, row: SurfaceRow) -> Result<Surface, ControlError> {
    let contract = match row.contract {
        Some(id) => contracts::find(tx, id).await?,
        None => None,
    };
    Ok(Surface {
        id: row.id,
        settings: settings_of(&row)?,
        contract,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

async fn audit(
    tx: &mut WriteTx,
    actor: Actor,
    action: &'static str,
    row: &SurfaceRow,
    now: Micros,
) -> Result<(), ControlError> {
    let detail = json!({ "name": row.name });
    note(
        tx,
        now,
        Change {
            actor,
            action,
            noun: "surface",
            object: &row.id,
            detail,
        },
    )
    .await
}

async fn refuse_overlap(tx: &mut Tx, settings: &SurfaceSettings) -> Result<(), ControlError> {
    let others = store::surface::list(tx, None, SURFACES_MAX + 1).await?;
    if others.len() > SURFACES_MAX as usize {
        let message = format!("there are {SURFACES_MAX} surfaces already");
        return Err(ControlError::State {
            code: "surfaces_full",
            message,
        });
    }
    for other in others.iter().filter(|other| other.name != settings.name) {
        let theirs = settings_of(other)?;
        let same_host = match (settings.hosts.is_empty(), theirs.hosts.is_empty()) {
            (true, true) => true,
            _ => settings
                .hosts
                .iter()
                .any(|host| theirs.hosts.contains(host)),
        };
        if same_host && settings.path_prefix == theirs.path_prefix {
            let message = format!(
                "surface {:?} answers at the same host and path prefix: change one of the two",
                other.name
            );
            return Err(ControlError::Invalid {
                field: "path_prefix",
                message,
            });
        }
    }
    Ok(())
}

/// The settings in their one canonical form: hosts in lower case, prefixes without trailing slash.
fn checked(mut settings: SurfaceSettings) -> Result<SurfaceSettings, ControlError> {
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
    while settings.path_prefix.ends_with('/') {
        settings.path_prefix.pop();
    }
    let prefix = &settings.path_prefix;
    if !prefix.is_empty()
        && (!prefix.starts_with('/') || prefix.contains("//") || prefix.contains(['?', '#', ' ']))
    {
        return invalid(
            "path_prefix",
            format!("{prefix:?} is no path such as /payments"),
        );
    }
    if settings.upstreams.is_empty() {
        return invalid(
            "upstreams",
            "at least one upstream is needed, such as http://127.0.0.1:9000".to_owned(),
        );
    }
    if let Some(url) = settings.upstreams.iter().find(|url| !is_upstream(url)) {
        return invalid(
            "upstreams",
            format!("{url:?} is no upstream such as http://127.0.0.1:9000"),
        );
    }
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
            ..SurfaceSettings::new("payments", "http://127.0.0.1:9000")
        };
        let checked = checked(settings).unwrap();
        assert_eq!(checked.hosts, ["api.example.com"]);
        assert_eq!(checked.path_prefix, "/payments");
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
        check(|s| s.upstreams.clear(), "upstreams");
        check(|s| s.timeouts.connect_ms = 0, "timeouts");
        check(|s| s.body_bytes_limit = Some(0), "body_bytes_limit");
    }
}
