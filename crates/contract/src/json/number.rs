//! JSON numbers (RFC 8259 section 6): checked, and kept as written.

use super::Scanner;
use crate::span::Span;
use crate::syntax::{Fault, describe};
use crate::tree::{RawKind, TextForm};

impl Scanner<'_> {
    /// A number that starts here with `-` or a digit.
    pub(super) fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let first = self.byte();
        self.digits("after `-`")?;
        if first == Some(b'0') && self.at - start > 1 + usize::from(self.bytes[start] == b'-') {
            return Err(self.bad_number(
                start,
                "a number with a leading zero",
                "remove the zero, or put the text in double quotes",
            ));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits("after the decimal point")?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits("in the exponent")?;
        }
        if self.word_end() != self.at || self.byte() == Some(b'.') {
            return Err(self.bad_number(
                start,
                "a number with text after it",
                "put the text in double quotes",
            ));
        }

        let span = Span::new(start as u32, self.at as u32);
        self.tree.scalar(RawKind::Number, span, TextForm::Bare);
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self, place: &'static str) -> Result<(), Fault> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at > start {
            return Ok(());
        }
        let found = match self.text[self.at..].chars().next() {
            Some(c) => describe(c),
            None => "the end of the document".to_owned(),
        };
        Err(self.fault_here(
            format!("expected a digit {place}, found {found}"),
            "write the number in full",
        ))
    }

    #[cold]
    fn bad_number(
        &mut self,
        start: usize,
        message: &'static str,
        next_step: &'static str,
    ) -> Fault {
        let span = Span::new(start as u32, self.word_end() as u32);
        Fault::new(span, message, next_step)
    }
}
