//! The files that a configuration names: whether they can be read, and whether contracts are contracts.

use std::path::{Path, PathBuf};

use gateway::IdentitySpec;

use super::Config;

/// Each problem as the person reads it; empty when all is well.
pub fn problems(config: &Config) -> Vec<String> {
    let mut problems = Vec::new();
    for path in named_files(config) {
        if let Err(error) = std::fs::File::open(&path) {
            problems.push(unreadable(&path, &error));
        }
    }
    for surface in &config.surfaces {
        let Some(path) = &surface.contract else {
            continue;
        };
        match std::fs::read(path) {
            Err(error) => problems.push(unreadable(path, &error)),
            Ok(bytes) => {
                if let Err(error) = contract::parse_bytes(&bytes, &path.display().to_string()) {
                    problems.push(error.render());
                }
            }
        }
    }
    problems
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!(
        "error: cannot read the file: {error}\n --> {}\n  = help: check the path, and that this user may read it\n",
        path.display()
    )
}

/// Besides the contracts.
fn named_files(config: &Config) -> Vec<PathBuf> {
    let mut files = Vec::new();
    if let Some(tls) = &config.gateway.tls {
        files.extend([tls.cert_file.clone(), tls.key_file.clone()]);
    }
    let notices = &config.notices;
    files.extend(notices.smtp.password_file.clone());
    files.extend(notices.dkim.key_file.clone());
    files.extend(notices.statuspage.token_file.clone());
    for surface in &config.surfaces {
        files.extend(surface.upstream_ca_file.clone());
        files.extend(
            surface
                .identity
                .iter()
                .filter_map(|identity| match identity {
                    IdentitySpec::JwtClaim { jwks_file, .. } => Some(PathBuf::from(jwks_file)),
                    _ => None,
                }),
        );
    }
    files
}
