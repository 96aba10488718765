//! Loads contracts and prints what is in them and how long each took: `load [--warnings] FILE...`.

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|arg| arg.starts_with("--"));
    let tells_warnings = flags.iter().any(|flag| flag == "--warnings");
    let mut refused = 0;
    for file in &files {
        match load(file, tells_warnings) {
            Ok(line) => println!("{line}"),
            Err(report) => {
                refused += 1;
                println!("{report}");
            }
        }
    }
    println!("{} loaded, {refused} refused", files.len() - refused);
    ExitCode::from(u8::from(refused > 0))
}

fn load(file: &str, tells_warnings: bool) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let start = Instant::now();
    let contract = contract::parse_bytes(&bytes, file)
        .map_err(|error| format!("{error}\n{}", error.render()))?;
    let seconds = start.elapsed().as_secs_f64();

    let mut report = String::new();
    if tells_warnings {
        for warning in contract.warnings() {
            report += &format!("{warning}\n\n");
        }
    }
    report += &format!(
        "{file}: {} {:?} {}, {} operations under {:?}, {} nodes, {} warnings, {:.1} ms, {:.0} MB/s",
        contract.openapi(),
        contract.title(),
        contract.version(),
        contract.operations().len(),
        contract.base_paths(),
        contract.tree().node_count(),
        contract.warning_count(),
        seconds * 1e3,
        bytes.len() as f64 / 1e6 / seconds,
    );
    Ok(report)
}
