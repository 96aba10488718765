//! `docs/rules` says what the rule tables say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules");

fn generate(folder: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_towpath"))
        .args(["explain", "--list", "--format", "markdown", "--output"])
        .arg(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Each file by its name.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).into_iter().flatten();
    let page = |file: std::io::Result<fs::DirEntry>| {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        (name, fs::read_to_string(file.path()).unwrap())
    };
    files.map(page).collect()
}

#[test]
fn the_committed_rule_pages_are_the_generated_ones() {
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path());
    let generated = pages(folder.path());
    let committed = Path::new(COMMITTED);
    if std::env::var_os("TOWPATH_WRITE_RULES").is_some() {
        let _ = fs::remove_dir_all(committed);
        generate(committed);
    }
    let found = pages(committed);
    let differing: Vec<&String> = generated
        .keys()
        .chain(found.keys())
        .filter(|name| generated.get(*name) != found.get(*name))
        .collect();
    assert!(
        differing.is_empty(),
        "docs/rules is not what the rule tables say ({differing:?}); write it with\n  TOWPATH_WRITE_RULES=1 cargo test -p towpath the_committed_rule_pages"
    );
}

#[test]
fn the_pages_hold_every_rule_and_every_link_leads_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    generate(folder.path());
    let pages = pages(folder.path());
    let all: String = pages.values().map(String::as_str).collect();
    for id in [
        "operation-operationId",
        "mcp-tool-removed",
        "op-description-missing",
        "api-removed-without-deprecation",
        "request-parameter-max-decreased",
    ] {
        assert!(all.contains(&format!("`{id}`")), "{id}");
    }
    for (name, text) in &pages {
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets {
            let is_there = match target.strip_prefix('#') {
                Some(anchor) => text.lines().any(|line| {
                    let id = line.strip_prefix("## ").unwrap_or_default().to_lowercase();
                    let is_kept = |c: &char| c.is_alphanumeric() || "-_".contains(*c);
                    !id.is_empty() && id.chars().filter(is_kept).eq(anchor.chars())
                }),
                None => pages.contains_key(target),
            };
            assert!(is_there, "{name}: {target}");
        }
    }
}
