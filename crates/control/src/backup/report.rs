//! What a backup and a restore did.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    pub path: PathBuf,
    /// Size of the archive.
    pub bytes: u64,
    pub files: u64,
}

/// What a restore wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoreReport {
    pub data_dir: PathBuf,
    pub files: u64,
    pub bytes: u64,
    /// Where the folder that was there before is now.
    pub set_aside: Option<PathBuf>,
}

/// What to do with a data folder that holds something already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Existing {
    Refuse,
    /// Set it aside under another name, then restore.
    Replace,
}
