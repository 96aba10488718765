//! What works on a data folder without a server: `restore`, and `doctor` when there is none.

use std::sync::Arc;

use control::{CheckState, Control, ControlConfig, Existing};
use meter::SystemClock;
use web::api::server::Checks;

use super::args::{Global, RestoreArgs};
use super::remote::config_of;
use crate::config::Config;
use crate::failure::{Failure, chain};
use crate::output;
use crate::run::folder::{FolderError, FolderLock, LOCK_FILE};

/// Refused while a server runs on the folder.
pub async fn restore(global: &Global, args: RestoreArgs) -> Result<(), Failure> {
    let data = config_of(global)?.data;
    // A folder on which a server ever ran has its lock; in an empty one there is nothing to hold.
    let _lock = if data.join(LOCK_FILE).exists() {
        Some(lock(&data)?)
    } else {
        None
    };
    let existing = if args.replace {
        Existing::Replace
    } else {
        Existing::Refuse
    };
    let report = control::restore(&args.file, &data, existing).await.map_err(|error| {
        Failure::input(chain(&error)).at(args.file.display()).next(match existing {
            Existing::Refuse => "name an empty folder with --data, or set the present state aside with --replace",
            Existing::Replace => "check that the file is a whole backup, and that the folder can be written",
        })
    })?;
    output::print(&format!(
        "restored {} files ({}) into {}\n",
        report.files,
        output::bytes(report.bytes),
        report.data_dir.display()
    ))
}

fn lock(data: &std::path::Path) -> Result<FolderLock, Failure> {
    FolderLock::take(data).map_err(|error| match error {
        FolderError::Locked { .. } => {
            Failure::input(chain(&error)).next("stop that server, then restore")
        }
        FolderError::Io { .. } => {
            Failure::input(chain(&error)).next("check the folder's owner and mode")
        }
    })
}

/// The folder's own checks, and why no server was asked.
pub async fn doctor(config: &Config, unreachable: &Failure) -> Checks {
    let server = control::Check {
        name: "server.answers".to_owned(),
        state: CheckState::Warn,
        detail: unreachable.what.clone(),
        next_step: unreachable.next_step.clone(),
    };
    if !config.data.is_dir() {
        let folder = control::Check {
            name: "data.folder".to_owned(),
            state: CheckState::Fail,
            detail: format!("there is no data folder {}", config.data.display()),
            next_step: Some(
                "start a server with `towpath up`, or name its data folder with --data".to_owned(),
            ),
        };
        return Checks::of(vec![server, folder]);
    }

    let clock = Arc::new(SystemClock);
    match Control::open(ControlConfig::new(config.data.clone()), clock).await {
        Ok(control) => {
            let checks = control.doctor(vec![server]).await;
            control.close().await;
            Checks::of(checks)
        }
        Err(error) => {
            let database = control::Check {
                name: "database.opens".to_owned(),
                state: CheckState::Fail,
                detail: chain(&error),
                next_step: Some(
                    "restore the newest backup with `towpath restore`, or free disk space"
                        .to_owned(),
                ),
            };
            Checks::of(vec![server, database])
        }
    }
}
