//! Laws of the tree: crate edges, import circles, file heads, where SQL and unsafe code may stand, sizes.

mod modules;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use modules::Modules;
use source::Source;

/// A crate may use only crates on lower floors.
const FLOORS: [(&str, u8); 12] = [
    ("adoption", 0),
    ("contract", 0),
    ("scan", 1),
    ("billing", 1),
    ("bridge", 1),
    ("meter", 1),
    ("store", 2),
    ("gateway", 2),
    ("control", 3),
    ("web", 4),
    ("towpath", 5),
    // Used by tests alone, so it may stand on the vocabulary and nothing may stand on it.
    ("testkit", 1),
];
/// Edges that the floors would allow and a law forbids: a page cannot invent a query.
const FORBIDDEN_EDGES: [(&str, &str); 1] = [("web", "store")];
/// No file, socket, process, clock or randomness in these.
const PURE_CRATES: [&str; 5] = ["adoption", "contract", "bridge", "scan", "billing"];
const IMPURE_NAMES: [&str; 8] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "SystemTime",
    "Instant::now",
    "tokio::",
    "getrandom",
];
/// The one crate with an excepted unsafe module.
const UNSAFE_CRATE: &str = "meter";
const FILE_LINES_HALF: usize = 150;
const FILE_LINES_NINE_TENTHS: usize = 450;
const FUNCTION_LINES_HALF: usize = 10;
const FUNCTION_LINES_NINE_TENTHS: usize = 40;

#[test]
fn crates_use_only_lower_floors() {
    let floors = BTreeMap::from(FLOORS);
    let mut broken = Vec::new();
    for name in crate_names() {
        let Some(floor) = floors.get(name.as_str()) else {
            broken.push(format!("{name} has no floor: give it one or take it out"));
            continue;
        };
        for used in dependencies(&name) {
            let allowed = floors.get(used.as_str()).is_none_or(|lower| lower < floor);
            let is_test_only = used == "testkit";
            if !allowed || is_test_only || FORBIDDEN_EDGES.contains(&(name.as_str(), used.as_str()))
            {
                broken.push(format!("{name} uses {used}"));
            }
        }
    }
    expect_none("crate edges against the floors", broken);
}

#[test]
fn no_import_circle_between_files() {
    let mut broken = Vec::new();
    for name in crate_names() {
        for circle in Modules::of(&library_sources(&name)).circles() {
            let files: Vec<_> = circle
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            broken.push(format!("{name}: {} -> {}", files.join(" -> "), files[0]));
        }
    }
    expect_none("import circles", broken);
}

#[test]
fn every_file_says_what_it_owns() {
    let broken = rust_files().into_iter().filter_map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        let sentence: String = text
            .lines()
            .map_while(|line| line.strip_prefix("//! "))
            .map(|line| format!("{line} "))
            .collect();
        let is_sentence =
            sentence.split_whitespace().count() >= 3 && sentence.trim_end().ends_with(['.', ':']);
        (!is_sentence).then(|| {
            format!(
                "{}: opens with {:?}",
                shown(&path),
                text.lines().next().unwrap_or("")
            )
        })
    });
    expect_none(
        "files without one `//!` sentence at the top",
        broken.collect(),
    );
}

#[test]
fn shipped_code_neither_unwraps_nor_leaves_work_behind() {
    let mut broken = Vec::new();
    for path in shipped_files() {
        let source = read(&path);
        broken.extend(find(&path, &source.shipped, ".unwrap()"));
        for word in ["todo!", "unimplemented!", "dbg!"] {
            broken.extend(find(&path, &source.shipped, word));
        }
    }
    for path in text_files() {
        let text = fs::read_to_string(&path).unwrap();
        for word in ["TO", "FIX"]
            .iter()
            .zip(["DO", "ME"])
            .map(|(a, b)| format!("{a}{b}"))
        {
            broken.extend(find(&path, &text, &word));
        }
    }
    expect_none("unwrap outside tests, or unfinished work", broken);
}

#[test]
fn only_the_store_holds_sql() {
    let mut broken = Vec::new();
    for path in shipped_files()
        .into_iter()
        .filter(|path| !shown(path).starts_with("crates/store/"))
    {
        for (line, literal) in read(&path).literals {
            if is_sql(&literal) {
                broken.push(format!("{}:{line}: {}", shown(&path), literal.trim()));
            }
        }
    }
    expect_none("SQL outside the store", broken);
}

#[test]
fn unsafe_code_is_forbidden_but_in_one_module() {
    let mut broken = Vec::new();
    for name in crate_names() {
        let root =
            fs::read_to_string(workspace().join("crates").join(&name).join("src/lib.rs")).unwrap();
        let attribute = if name == UNSAFE_CRATE {
            "#![deny(unsafe_code)]"
        } else {
            "#![forbid(unsafe_code)]"
        };
        if !root.lines().any(|line| line == attribute) {
            broken.push(format!("crates/{name}/src/lib.rs lacks {attribute}"));
        }
    }
    let binary = fs::read_to_string(workspace().join("crates/towpath/src/main.rs")).unwrap();
    if !binary.lines().any(|line| line == "#![forbid(unsafe_code)]") {
        broken.push("crates/towpath/src/main.rs lacks #![forbid(unsafe_code)]".to_owned());
    }
    let excepted: Vec<_> = rust_files()
        .into_iter()
        .filter(|path| read(path).code.contains("allow(unsafe_code)"))
        .map(|path| shown(&path))
        .collect();
    if excepted.len() > 1
        || excepted
            .iter()
            .any(|path| !path.starts_with("crates/meter/src/"))
    {
        broken.push(format!("unsafe code is allowed in {}", excepted.join(", ")));
    }
    expect_none("unsafe code", broken);
}

#[test]
fn pure_crates_touch_nothing_outside() {
    let mut broken = Vec::new();
    for path in shipped_files() {
        let pure = PURE_CRATES
            .iter()
            .any(|name| shown(&path).starts_with(&format!("crates/{name}/src/")));
        if pure {
            let source = read(&path);
            broken.extend(
                IMPURE_NAMES
                    .iter()
                    .flat_map(|name| find(&path, &source.shipped, name)),
            );
        }
    }
    expect_none("disk, network, clock or randomness in a pure crate", broken);
}

#[test]
fn the_tree_names_no_machine() {
    // Where this checkout lies, not its parent: a clone in a temporary folder names that folder to nobody.
    let here = format!("{}/", workspace().display());
    let home = std::env::var("HOME").ok().map(|home| format!("{home}/"));
    let names = std::iter::once(here)
        .chain(home)
        .filter(|name| name.matches('/').count() > 1);
    let names: Vec<String> = names.chain(["../".to_owned() + "shared"]).collect();
    let mut broken = Vec::new();
    for path in text_files() {
        let text = fs::read_to_string(&path).unwrap();
        broken.extend(names.iter().flat_map(|name| find(&path, &text, name)));
    }
    expect_none("paths of one machine", broken);
}

#[test]
fn sizes_stay_readable() {
    let shipped = shipped_files();
    let mut files = Vec::new();
    let mut functions = Vec::new();
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        files.push((text.lines().count(), shown(&path)));
        if shipped.contains(&path) {
            let own = Source::read(&text).functions().into_iter();
            functions.extend(
                own.map(|(name, line, length)| (length, format!("{}:{line} {name}", shown(&path)))),
            );
        }
    }
    files.sort();
    functions.sort();
    println!("{}", size_table(&files, &functions));

    let mut broken = Vec::new();
    for (label, sizes, share, limit) in [
        ("lines per file", &files, 50, FILE_LINES_HALF),
        ("lines per file", &files, 90, FILE_LINES_NINE_TENTHS),
        ("lines per function", &functions, 50, FUNCTION_LINES_HALF),
        (
            "lines per function",
            &functions,
            90,
            FUNCTION_LINES_NINE_TENTHS,
        ),
    ] {
        let found = percentile(sizes, share);
        if found > limit {
            broken.push(format!(
                "{label}: {share} of 100 within {found}, the limit is {limit}"
            ));
        }
    }
    expect_none("sizes", broken);
}

fn size_table(files: &[(usize, String)], functions: &[(usize, String)]) -> String {
    let mut table = String::from("                      count   p50   p75   p90   p99   max\n");
    for (label, sizes) in [("lines per file", files), ("lines per function", functions)] {
        let at = |share| percentile(sizes, share);
        table += &format!(
            "{label:<20} {:>6} {:>5} {:>5} {:>5} {:>5} {:>5}\n",
            sizes.len(),
            at(50),
            at(75),
            at(90),
            at(99),
            at(100)
        );
    }
    for (title, sizes) in [("longest files", files), ("longest functions", functions)] {
        table += &format!("{title}:\n");
        for (lines, name) in sizes.iter().rev().take(10) {
            table += &format!("{lines:>6}  {name}\n");
        }
    }
    table
}

/// The smallest size that `share` of 100 entries do not exceed; `sizes` ascend; 0 for none.
fn percentile(sizes: &[(usize, String)], share: usize) -> usize {
    let rank = (sizes.len() * share).div_ceil(100).max(1);
    sizes.get(rank - 1).map_or(0, |(size, _)| *size)
}

fn is_sql(literal: &str) -> bool {
    let words: Vec<&str> = literal.split_whitespace().take(3).collect();
    matches!(
        words.as_slice(),
        ["SELECT" | "PRAGMA", ..]
            | ["INSERT", "INTO" | "OR", ..]
            | ["DELETE", "FROM", ..]
            | ["UPDATE", _, "SET"]
            | ["CREATE", "TABLE" | "INDEX" | "UNIQUE", ..]
            | ["ALTER", "TABLE", ..]
    )
}

fn expect_none(law: &str, broken: Vec<String>) {
    assert!(
        broken.is_empty(),
        "{law}: {}\n  {}\n",
        broken.len(),
        broken.join("\n  ")
    );
}

fn find(path: &Path, text: &str, word: &str) -> Vec<String> {
    text.match_indices(word)
        .map(|(at, _)| format!("{}:{}: {word}", shown(path), source::line_of(text, at)))
        .collect()
}

fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf);
    root.expect("this crate lies two folders below the workspace")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace())
        .unwrap_or(path)
        .display()
        .to_string()
}

fn crate_names() -> BTreeSet<String> {
    let folders = fs::read_dir(workspace().join("crates")).unwrap();
    folders
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

/// What the crate needs to run and to build; development dependencies are left out.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = workspace().join("crates").join(name).join("Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(manifest).unwrap().parse().unwrap();
    let mut tables = vec![&manifest];
    if let Some(toml::Value::Table(targets)) = manifest.get("target") {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let sections = tables
        .into_iter()
        .flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")]);
    sections
        .flatten()
        .filter_map(toml::Value::as_table)
        .flat_map(|section| section.keys().cloned())
        .collect()
}

fn library_sources(name: &str) -> BTreeMap<PathBuf, Source> {
    let root = workspace().join("crates").join(name).join("src");
    files_below(&root, &["rs"])
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().to_path_buf(), read(&path)))
        .collect()
}

fn read(path: &Path) -> Source {
    Source::read(&fs::read_to_string(path).unwrap())
}

fn rust_files() -> Vec<PathBuf> {
    let mut files = files_below(&workspace().join("crates"), &["rs"]);
    files.extend(files_below(&workspace().join("fuzz"), &["rs"]));
    files
}

/// What reaches a user: no tests, neither folders nor `tests.rs` files nor what a parent declares as test code.
fn shipped_files() -> Vec<PathBuf> {
    let files = rust_files();
    let declared: BTreeSet<PathBuf> = files.iter().flat_map(|path| test_modules(path)).collect();
    let is_test = |path: &Path| {
        path.strip_prefix(workspace())
            .unwrap_or(path)
            .iter()
            .any(|part| part == "tests" || part == "tests.rs" || part == "testkit")
            || path
                .ancestors()
                .any(|at| declared.contains(&at.with_extension("")))
    };
    files.into_iter().filter(|path| !is_test(path)).collect()
}

/// The modules, as paths without an ending, that a file declares as `#[cfg(test)] mod NAME;`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).unwrap();
    let folder = match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main") => path.with_file_name(""),
        _ => path.with_extension(""),
    };
    declared_test_modules(&text)
        .into_iter()
        .map(|name| folder.join(name))
        .collect()
}

fn declared_test_modules(text: &str) -> Vec<&str> {
    text.split("#[cfg(test)]")
        .skip(1)
        .filter_map(|after| {
            let item = after.trim_start().lines().next()?.trim_end();
            let name = item.strip_suffix(';')?.rsplit_once("mod ")?.1;
            name.chars().all(source::is_word).then_some(name)
        })
        .collect()
}

#[test]
fn a_module_declared_for_tests_is_known_by_its_declaration() {
    let text = "mod a;\n#[cfg(test)]\nmod laws;\n#[cfg(test)] pub(crate) mod matrix;\n\
                #[cfg(test)]\nmod tests {\n}\nmod b;\n#[cfg(test)]\nuse x::y;\n";
    assert_eq!(declared_test_modules(text), ["laws", "matrix"]);
}

/// Everything that people write and read here.
fn text_files() -> Vec<PathBuf> {
    let endings = [
        "rs", "md", "toml", "yaml", "yml", "json", "sql", "sh", "mjs", "js", "lua", "css", "html",
        "service", "run", "",
    ];
    files_below(&workspace(), &endings)
        .into_iter()
        .filter(|path| fs::read_to_string(path).is_ok())
        .collect()
}

/// Sorted; build output, version control and fuzzing corpora are left out.
fn files_below(root: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if !matches!(
                name.as_str(),
                "target" | ".git" | "node_modules" | "corpus" | "artifacts" | "towpath-data"
            ) {
                files.extend(files_below(&path, endings));
            }
        } else if endings.contains(
            &path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .as_ref(),
        ) {
            files.push(path);
        }
    }
    files.sort();
    files
}
