//! Scores contracts for agents: `score [--json] [--findings] [--tasks FILE] [--base FILE] FILE...`, or prints the token
//! ranks of each string of a JSON array on standard input: `score --ranks`.

use std::process::ExitCode;
use std::time::Instant;

use contract::Source;
use contract::score::{Score, Task, delta, rules, score, token_ranks};

#[derive(Default)]
struct Options {
    json: bool,
    findings: bool,
    tasks: Vec<Task>,
    base: Option<Score>,
    files: Vec<String>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    if std::env::args().any(|arg| arg == "--ranks") {
        return print_ranks();
    }
    let options = options()?;
    for file in &options.files {
        let start = Instant::now();
        let source = source(file)?;
        let read = start.elapsed();
        let score = score(&source, &options.tasks);
        let scored = start.elapsed();
        println!("{}", report(&score, &options)?);
        eprintln!(
            "{file}: read in {read:.1?}, scored in {:.1?}",
            scored - read
        );
    }
    Ok(())
}

fn options() -> Result<Options, String> {
    let mut options = Options::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a file"));
        match arg.as_str() {
            "--json" => options.json = true,
            "--findings" => options.findings = true,
            "--tasks" => options.tasks = tasks(&value()?)?,
            "--base" => options.base = Some(score(&source(&value()?)?, &[])),
            _ => options.files.push(arg),
        }
    }
    Ok(options)
}

fn tasks(file: &str) -> Result<Vec<Task>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    Task::parse(&text).map_err(|error| format!("{file}: {error}"))
}

fn source(file: &str) -> Result<Source, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    Source::read(&bytes, file).map_err(|error| error.render())
}

fn report(score: &Score, options: &Options) -> Result<String, String> {
    let json = match &options.base {
        Some(base) => Some(serde_json::to_string(&delta(base, score))),
        None => options.json.then(|| serde_json::to_string(score)),
    };
    match json {
        Some(json) => json.map_err(|error| error.to_string()),
        None => Ok(summary(score, options)),
    }
}

fn summary(score: &Score, options: &Options) -> String {
    let mut text = format!(
        "{}: readability {:.1}, safety {:.1}, {} tools of {} tokens (median {}, p90 {}, max {}), {} alike, {} findings\n",
        score.file,
        score.readability,
        score.safety,
        score.tools.len(),
        score.tokens.total,
        score.tokens.median,
        score.tokens.p90,
        score.tokens.max,
        score.ambiguous.len(),
        score.findings.len(),
    );
    for family in &score.families {
        text += &format!("  {family:?}\n");
    }
    for (rule, seen) in rules().iter().zip(&score.rules) {
        text += &format!(
            "  {:32} {:6} of {:6} failed\n",
            rule.id, seen.failed, seen.checked
        );
    }
    if let Some(found) = &score.findability {
        let (one, five) = (found.recall_at_1, found.recall_at_5);
        text += &format!(
            "  recall at 1 {one:?}, at 5 {five:?}, rejected {:?}\n",
            found.rejected
        );
    }
    for finding in score.findings.iter().filter(|_| options.findings) {
        let (finding, site) = (&finding.finding, &finding.finding.site);
        text += &format!(
            "{}:{} {} {}\n",
            site.line, site.column, finding.id, finding.message
        );
    }
    text
}

fn print_ranks() -> Result<(), String> {
    let texts: Vec<String> =
        serde_json::from_reader(std::io::stdin().lock()).map_err(|error| error.to_string())?;
    let ranks: Vec<Vec<u32>> = texts.iter().map(|text| token_ranks(text)).collect();
    println!(
        "{}",
        serde_json::to_string(&ranks).map_err(|error| error.to_string())?
    );
    Ok(())
}
