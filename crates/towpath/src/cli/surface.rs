//! `towpath surface list`: what is served and where it leads.

use web::api::surfaces::Surface;

use super::args::{Global, SurfaceCommand};
use super::remote::{Remote, print_list};
use crate::failure::Failure;
use crate::output::{Align, Table};

pub async fn run(global: &Global, command: SurfaceCommand) -> Result<(), Failure> {
    let remote = Remote::find(global)?;
    match command {
        SurfaceCommand::List(args) => {
            let surfaces: Vec<Surface> = remote.list("/surfaces").await?;
            print_list(&surfaces, args.format, surface_table)
        }
    }
}

fn surface_table(surfaces: &[Surface]) -> Table {
    let mut table = Table::new(&[
        ("name", Align::Left),
        ("place", Align::Left),
        ("upstream", Align::Left),
        ("contract", Align::Left),
        ("operations", Align::Right),
        ("unknown path", Align::Left),
        ("anonymous", Align::Left),
    ]);
    for surface in surfaces {
        let settings = &surface.settings;
        let contract = surface.contract.as_ref();
        table.row(vec![
            surface.name.clone(),
            place_text(&settings.hosts, &settings.path_prefix),
            settings.upstreams.join(" "),
            contract.map_or_else(|| "-".to_owned(), |contract| contract.version.clone()),
            contract.map_or_else(
                || "-".to_owned(),
                |contract| contract.operations.to_string(),
            ),
            settings.unknown_path.as_str().to_owned(),
            settings.anonymous.as_str().to_owned(),
        ]);
    }
    table
}

/// Hosts and prefix as one reads them: `api.example.com/v1`, `*` for everything.
pub fn place_text(hosts: &[String], path_prefix: &str) -> String {
    let hosts = if hosts.is_empty() {
        "*".to_owned()
    } else {
        hosts.join(",")
    };
    format!("{hosts}{path_prefix}")
}
