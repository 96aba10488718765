//! Edits of a text, and the text that they make.

use super::error::ApplyError;
use crate::span::Span;

/// A range of the text and what stands there afterwards.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) span: Span,
    pub(super) text: String,
    /// How deep in the document: of two insertions at one place the deeper comes first.
    pub(super) depth: usize,
}

/// The text after all edits. Fails when two of them overlap.
pub(super) fn written(source: &str, mut edits: Vec<Edit>) -> Result<String, ApplyError> {
    let by_place = |edit: &Edit| (edit.span.start, edit.span.end, usize::MAX - edit.depth);
    edits.sort_by_key(by_place);
    let mut text = String::with_capacity(source.len() + edits.len() * 32);
    let mut done = 0;
    for edit in &edits {
        let before = source.get(done..edit.span.start as usize);
        text.push_str(before.ok_or(ApplyError::Differs)?);
        text.push_str(&edit.text);
        done = edit.span.end as usize;
    }
    text.push_str(source.get(done..).ok_or(ApplyError::Differs)?);
    Ok(text)
}
