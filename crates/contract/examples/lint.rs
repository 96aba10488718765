//! Lints contracts and prints the findings as JSON: `lint [--ruleset FILE] [--count] [--overlay] FILE...`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use contract::{Ruleset, RulesetSource, Source};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprintln!("{report}");
            ExitCode::from(3)
        }
    }
}

fn run() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let (mut ruleset, mut files) = (None, Vec::new());
    let (mut counts, mut overlays) = (false, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--ruleset" => ruleset = arguments.next(),
            "--count" => counts = true,
            "--overlay" => overlays = true,
            _ => files.push(argument),
        }
    }
    let ruleset = match ruleset {
        Some(file) => read_ruleset(&file)?,
        None => Ruleset::spectral_oas(),
    };
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| format!("{file}: {error}"))?;
        let start = Instant::now();
        let source = Source::read(&bytes, &file).map_err(|error| error.render())?;
        let parsed = start.elapsed();
        let findings = contract::lint(&source, &ruleset);
        if counts {
            println!(
                "{file}: {} findings, {:.1} ms to parse, {:.1} ms in all",
                findings.len(),
                parsed.as_secs_f64() * 1e3,
                start.elapsed().as_secs_f64() * 1e3
            );
        } else if overlays {
            println!("{:#}", contract::overlay(&findings));
        } else {
            let text = serde_json::to_string(&findings).map_err(|error| error.to_string())?;
            println!("{text}");
        }
    }
    Ok(())
}

fn read_ruleset(file: &str) -> Result<Ruleset, String> {
    let read = |file: &str| std::fs::read(file).map_err(|error| error.to_string());
    let bytes = read(file).map_err(|error| format!("{file}: {error}"))?;
    Ruleset::parse(&bytes, file, &mut |name, from| {
        let file = Path::new(from).with_file_name(name).display().to_string();
        let bytes = read(&file)?;
        Ok(RulesetSource { file, bytes })
    })
    .map_err(|error| error.render())
}
