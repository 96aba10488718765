//! What the owner of the contracts decides about a comparison.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::level::Level;
use crate::model::operation::Stability;

/// A rule's level in place of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelOverride {
    Level(Level),
    /// The rule is not reported.
    Off,
}

/// Which consumers the levels are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clients {
    /// Clients that pass by what they do not know and name what they send: the levels are oasdiff's.
    #[default]
    Tolerant,
    /// Clients generated with a place for each argument, and decoders that refuse what they do not know: what breaks
    /// only these is a warning. [`crate::Rule::strict_clients`] tells of which rules.
    Strict,
}

/// What the declared versions must tell of breaking changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VersionPolicy {
    /// Versions are not judged.
    #[default]
    None,
    /// A breaking change needs the next major version (Semantic Versioning 2.0.0, section 8), below 1.0.0 the next minor.
    Semver,
}

/// How two contracts are compared.
#[derive(Debug, Clone)]
pub struct DiffOptions {
    /// The date that sunsets are compared with.
    pub today: Date,
    pub clients: Clients,
    /// By rule id; they win over `clients`.
    pub levels: BTreeMap<String, LevelOverride>,
    /// Days that a deprecated stable operation must still work; with 0 a sunset is not asked for.
    pub deprecation_days_stable: u32,
    /// The same for beta.
    pub deprecation_days_beta: u32,
    /// Whether paths that differ in parameter names only are different paths.
    pub include_path_params: bool,
    /// Operations below this stage are not compared.
    pub stability_min: Stability,
    pub version_policy: VersionPolicy,
    /// The checks that report, by name; `None` for all.
    pub checks: Option<Vec<String>>,
}

impl DiffOptions {
    /// What oasdiff does unless told otherwise: beta and stable operations, no grace days, own levels. The policy on
    /// versions is off.
    pub fn new(today: Date) -> Self {
        Self {
            today,
            clients: Clients::Tolerant,
            levels: BTreeMap::new(),
            deprecation_days_stable: 0,
            deprecation_days_beta: 0,
            include_path_params: false,
            stability_min: Stability::Beta,
            version_policy: VersionPolicy::None,
            checks: None,
        }
    }

    /// The days of grace for an operation of this stage; none below beta.
    pub fn deprecation_days(&self, stability: Stability) -> u32 {
        match stability {
            Stability::Stable => self.deprecation_days_stable,
            Stability::Beta => self.deprecation_days_beta,
            Stability::Alpha | Stability::Draft => 0,
        }
    }
}
