//! `towpath explain`: what a rule finds, why it breaks whom, and how to make the change without breaking anyone.

mod markdown;

use std::path::Path;

use super::args::{ExplainArgs, ExplainFormat};
use super::rulebook::{self, Page};
use crate::failure::Failure;
use crate::output::{self, Align, Colour, Table};

pub fn run(args: &ExplainArgs) -> Result<(), Failure> {
    match &args.rule {
        None => list(args.format, args.output.as_deref()),
        Some(id) => explain(id, args.format),
    }
}

fn list(format: ExplainFormat, folder: Option<&Path>) -> Result<(), Failure> {
    let pages = rulebook::pages();
    match (format, folder) {
        (ExplainFormat::Markdown, Some(folder)) => write_pages(pages, folder),
        (_, Some(_)) => Err(
            Failure::usage("only --format markdown is written to a folder")
                .next("add `--format markdown`, or redirect stdout"),
        ),
        (ExplainFormat::Markdown, None) => {
            let texts = markdown::files(pages).into_iter().map(|file| file.text);
            output::print(&texts.collect::<Vec<_>>().join("\n"))
        }
        (ExplainFormat::Json, None) => output::print_json(&pages),
        (ExplainFormat::Human, None) => output::print(&table(pages)),
    }
}

fn write_pages(pages: &[Page], folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::input(format!("cannot write the pages: {error}")).at(folder.display())
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let files = markdown::files(pages);
    for file in &files {
        std::fs::write(folder.join(&file.name), &file.text).map_err(failed)?;
    }
    output::note(&format!("{} holds {} pages", folder.display(), files.len()));
    Ok(())
}

fn table(pages: &[Page]) -> String {
    let mut table = Table::new(&[
        ("rule", Align::Left),
        ("kind", Align::Left),
        ("level", Align::Left),
        ("breaks", Align::Left),
        ("purpose", Align::Left),
    ]);
    for page in pages.iter().filter(|page| page.implemented) {
        table.row(vec![
            page.id.to_owned(),
            page.kind.to_owned(),
            page.level.to_owned(),
            page.breaks.join(", "),
            page.purpose.clone(),
        ]);
    }
    table.render(Colour::of_stdout())
}

fn explain(id: &str, format: ExplainFormat) -> Result<(), Failure> {
    let Some(page) = rulebook::page(id) else {
        let what = rulebook::unknown(id).unwrap_or_default();
        return Err(Failure::usage(what).next("`towpath explain --list` prints all rules"));
    };
    match format {
        ExplainFormat::Json => output::print_json(page),
        ExplainFormat::Human => output::print(&text(page)),
        ExplainFormat::Markdown => output::print(&markdown::section(page)),
    }
}

fn text(page: &Page) -> String {
    let mut text = format!("{} ({}, {})\n", page.id, page.kind, page.level);
    if !page.implemented {
        text.push_str(
            "\nKnown by name only: severity files may mention it, and nothing reports it.\n",
        );
    }
    if !page.purpose.is_empty() {
        text.push_str(&format!("\n{}\n", page.purpose));
    }
    if !page.breaks.is_empty() {
        text.push_str(&format!("\nBreaks: {}\n", page.breaks.join(", ")));
    }
    let paragraphs = [("Why", &page.why), ("Instead", &page.safely)];
    for (name, paragraph) in paragraphs {
        if !paragraph.is_empty() {
            text.push_str(&format!("\n{name}: {paragraph}\n"));
        }
    }
    if let Some(strict) = page.strict_text() {
        text.push_str(&format!("\n{strict}\n"));
    }
    let examples = [
        ("Reported", page.breaking_example),
        ("Not reported", page.safe_example),
    ];
    for (name, example) in examples {
        if let Some(example) = example {
            let lines: String = example.lines().map(|line| format!("  {line}\n")).collect();
            text.push_str(&format!("\n{name}:\n{lines}"));
        }
    }
    if let Some(mirror) = page.mirror {
        text.push_str(&format!("\nThe reversed change: {mirror}\n"));
    }
    text
}
