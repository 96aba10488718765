//! Documents named on the command line: a file, stdin, or a path at a git revision.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use contract::{SOURCE_BYTES_LIMIT, Source};

use crate::failure::Failure;

/// Reads and parses `name`: `-`, a file, or `REF:PATH`. A file that exists is a file, whatever its name.
pub fn read_document(name: &str) -> Result<Source, Failure> {
    let (bytes, file) = read(name)?;
    Source::read_owned(bytes, file).map_err(|error| {
        Failure {
            details: vec![error.render().trim_end().to_owned()],
            ..Failure::input(&error)
        }
        .next("correct the document; it must be JSON or YAML")
    })
}

/// Both sides of a comparison, of which stdin can be one.
pub fn read_sides(base: &str, revision: &str) -> Result<(Source, Source), Failure> {
    if base == "-" && revision == "-" {
        return Err(Failure::usage("only one side can be read from stdin")
            .next("name a file or REF:PATH for the other"));
    }
    Ok((read_document(base)?, read_document(revision)?))
}

/// A text that a flag names, such as an ignore file.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::input(format!("cannot read the file: {error}")).at(path.display())
    })
}

/// The bytes, and the name to show.
fn read(name: &str) -> Result<(Vec<u8>, &str), Failure> {
    if name == "-" {
        // One byte more than is taken, so that what is too long is refused as such.
        let mut stdin = std::io::stdin().lock().take(SOURCE_BYTES_LIMIT as u64 + 4);
        let mut bytes = Vec::new();
        let read = stdin.read_to_end(&mut bytes);
        read.map_err(|error| Failure::input(format!("cannot read stdin: {error}")))?;
        return Ok((bytes, "stdin"));
    }
    if !Path::new(name).exists()
        && let Some((reference, path)) = name.split_once(':')
        && !reference.is_empty()
    {
        return Ok((read_from_git(name, path)?, name));
    }
    let bytes = std::fs::read(name).map_err(|error| {
        Failure::input(format!("cannot read the file: {error}"))
            .at(name)
            .next("name a file, `-` for stdin, or REF:PATH such as main:openapi.yaml")
    })?;
    Ok((bytes, name))
}

fn read_from_git(name: &str, path: &str) -> Result<Vec<u8>, Failure> {
    if name.starts_with('-') {
        return Err(Failure::usage(format!("`{name}` is no git revision")));
    }
    let output = Command::new("git")
        .args(["cat-file", "blob", name])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            Failure::input(format!("cannot run git: {error}"))
                .at(name)
                .next("install git, or name a file")
        })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("git failed without a word");
    let said = said.strip_prefix("fatal: ").unwrap_or(said);
    let next_step = match path.is_empty() {
        true => "add a path from the root of the repository: REF:PATH".to_owned(),
        false => format!(
            "`git fetch` the revision if it is not here; `{path}` counts from the root of the repository, `./{path}` from this folder"
        ),
    };
    Err(Failure::input(format!("git cannot read it: {said}"))
        .at(name)
        .next(next_step))
}
