//! Decides whether a source is JSON or YAML, and reads it.

use crate::syntax::SyntaxError;
use crate::tree::Tree;
use crate::{json, yaml};

/// What the name of a file promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    Json,
    Yaml,
    Nothing,
}

/// Up to here a text in `{}` or `[]` that is not JSON may be YAML. The YAML parser holds the whole of such a value in
/// memory at about 100 bytes per token, so 4 MiB of the densest take 450 MiB.
const FLOW_YAML_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The tree of `source`. A text that starts with `{` or `[` is read as JSON first, and as YAML if it is not; a `.json`
/// file is JSON and nothing else; all other texts are YAML.
pub(crate) fn read(source: &str, file: &str) -> Result<Tree, SyntaxError> {
    let text = source.trim_start_matches('\u{feff}').trim_start();
    let looks_like_json = text.starts_with(['{', '[']);
    match (promise(file), looks_like_json) {
        (Promise::Json, true) => json::scan(source),
        (_, true) if text.len() > FLOW_YAML_BYTES_MAX => json::scan(source),
        (Promise::Json, false) => json::scan(source).map_err(|error| SyntaxError {
            next_step: "write a JSON object; if the file is YAML, name it `.yaml`".to_owned(),
            ..error
        }),
        (Promise::Yaml, true) => json::scan(source).or_else(|_| yaml::scan(source)),
        (Promise::Nothing, true) => {
            json::scan(source).or_else(|error| yaml::scan(source).map_err(|_| error))
        }
        (_, false) => yaml::scan(source),
    }
}

fn promise(file: &str) -> Promise {
    let extension = file
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("json") => Promise::Json,
        Some("yaml" | "yml") => Promise::Yaml,
        _ => Promise::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::tree::Format;

    fn check(file: &str, source: &str, expect: Result<Format, &str>) {
        let found = read(source, file)
            .map(|tree| tree.format())
            .map_err(|error| error.message);
        assert_eq!(
            found.as_ref().map_err(String::as_str),
            expect.as_ref().map_err(|m| *m),
            "{file} {source:?}"
        );
    }

    #[test]
    fn name_and_first_character_decide() {
        check("a.json", "\u{feff} {}", Ok(Format::Json));
        check("a.yaml", "{}", Ok(Format::Json));
        check("a.YML", "{a: 1}", Ok(Format::Yaml));
        check("a.yaml", "a: 1", Ok(Format::Yaml));
        check("-", "[]", Ok(Format::Json));
        check("-", "{a: 1}", Ok(Format::Yaml));
        check("-", "a: 1", Ok(Format::Yaml));
        let large = format!("{{a: 1{}}}", " ".repeat(super::FLOW_YAML_BYTES_MAX));
        check(
            "-",
            &large,
            Err("expected a key in double quotes, found `a`"),
        );
        check(
            "a.json",
            "{a: 1}",
            Err("expected a key in double quotes, found `a`"),
        );
        check("a.json", "a: 1", Err("expected a value, found `a`"));
        check(
            "-",
            "{\"a\" 1, b",
            Err("expected `:` after this key, found `1`"),
        );
    }
}
