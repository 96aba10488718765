//! Writes repairs into the text of a document itself: the rest of the text stays as it is, comments and all.

mod block;
mod edits;
pub(super) mod error;
mod expect;
mod extent;
mod flow;
mod plan;
mod repairs;
mod steps;
mod style;
#[cfg(test)]
mod tests;

use super::json::to_json;
use crate::finding::Finding;
use crate::source::Source;
use error::ApplyError;
use repairs::Repairs;

/// The text of `source` with the repairs of the findings written into it, or `None` when no finding has one. A byte
/// order mark is not part of it.
///
/// The text is read again and compared with what the Overlay of the same findings makes of the document; where the two
/// differ, or a place cannot be edited safely (a YAML alias, a text over several lines), nothing is returned but why.
pub fn apply_fixes(source: &Source, findings: &[Finding]) -> Result<Option<String>, ApplyError> {
    let repairs = Repairs::of(findings)?;
    if repairs.is_empty() {
        return Ok(None);
    }
    let text = edits::written(source.tree.source(), plan::edits(source.root(), &repairs)?)?;

    let mut expected = to_json(source.root());
    expect::apply(&mut expected, &repairs);
    match Source::read(text.as_bytes(), &source.file) {
        Ok(read) if to_json(read.root()) == expected => Ok(Some(text)),
        Ok(_) | Err(_) => Err(ApplyError::Differs),
    }
}
