//! Pairs of contracts from a folder: `ID/base.yaml` and `ID/revision.yaml`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::document::read;

/// Id, base and revision of each pair, by id.
pub fn pairs(folder: &Path) -> Vec<(String, Value, Value)> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut pairs: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("base.yaml").exists())
        .map(|path| {
            let text = |name: &str| fs::read_to_string(path.join(name)).unwrap();
            let id = path.file_name().unwrap().to_string_lossy().into_owned();
            (id, read(&text("base.yaml")), read(&text("revision.yaml")))
        })
        .collect();
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    pairs
}
