//! Repairs written into the contract itself: the whole file or nothing, and nothing but the repairs.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use contract::{Finding, Source};

use crate::failure::Failure;
use crate::output;

/// Three bytes that a text may begin with and that no source keeps (RFC 3629 section 6).
const BYTE_ORDER_MARK: &str = "\u{feff}";

pub const NOTHING: &str = "no finding has a repair that a machine can make";

/// How many findings have a repair.
pub fn repairable(findings: &[Finding]) -> usize {
    let has_fix = |finding: &&Finding| finding.fix.is_some();
    findings.iter().filter(has_fix).count()
}

/// Writes the repairs into the file; the document as it is then, or `None` when there was nothing to do.
pub fn repair(
    source: &Source,
    findings: &[Finding],
    spec: &str,
) -> Result<Option<Source>, Failure> {
    if !Path::new(spec).is_file() {
        return Err(Failure::usage(format!(
            "`{spec}` is no file, so nothing can be written into it"
        ))
        .next("name a file, or leave out --in-place to get an Overlay"));
    }
    let applied = contract::apply_fixes(source, findings).map_err(|error| {
        Failure::input(error).at(spec).next(
            "the file is as it was; leave out --in-place to get an Overlay, and apply that instead",
        )
    })?;
    let Some(text) = applied else {
        output::note(NOTHING);
        return Ok(None);
    };
    // A link stays a link.
    let path = fs::canonicalize(spec).map_err(|error| unwritten(spec, &error))?;
    let mark = mark_of_unchanged(source, &path).map_err(|error| unwritten(spec, &error))?;
    replace(&path, &format!("{mark}{text}")).map_err(|error| unwritten(spec, &error))?;
    output::note(&format!(
        "{spec} was repaired: {} findings",
        repairable(findings)
    ));
    let repaired = Source::read(text.as_bytes(), &source.file);
    repaired.map(Some).map_err(Failure::input)
}

fn unwritten(spec: &str, error: &io::Error) -> Failure {
    Failure::input(format!("cannot write the repairs: {error}"))
        .at(spec)
        .next("the file is as it was")
}

/// The byte order mark of the file or nothing; an error if the file no longer holds what was linted.
fn mark_of_unchanged(source: &Source, path: &Path) -> io::Result<&'static str> {
    let text = fs::read_to_string(path)?;
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) if rest == source.tree.source() => Ok(BYTE_ORDER_MARK),
        None if text == source.tree.source() => Ok(""),
        _ => Err(io::Error::other("the file changed while it was read")),
    }
}

/// Writes a new file beside the old one and renames it: a reader, or a crash, sees the old text or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let new = beside(path)?;
    let written = write_new(&new, text, path).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What is left of a failed write is of no use to anyone.
        let _ = fs::remove_file(&new);
    }
    written
}

fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("the file has no name"))?;
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.new", std::process::id()));
    Ok(path.with_file_name(hidden))
}

fn write_new(new: &Path, text: &str, old: &Path) -> io::Result<()> {
    let mut file = File::create_new(new)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(fs::metadata(old)?.permissions())?;
    file.sync_all()
}
