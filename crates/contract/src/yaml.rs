//! Reads a YAML 1.2 document into the spanned tree, from the events of `saphyr-parser`.

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as CharSpan, StrInput, Tag};

use crate::pointer;
use crate::span::Span;
use crate::syntax::{Fault, SyntaxError, decode_utf8, readable};
use crate::tree::{
    Builder, DEPTH_LIMIT, Format, IRREGULARITIES_TOLD_MAX, Irregularity, IrregularityKind, NodeId,
    RawKind, SOURCE_BYTES_LIMIT, TextForm, Tree,
};

mod anchors;
mod chars;
mod scalar;

use anchors::{Anchored, Anchors};
use chars::CharOffsets;
use scalar::TagKind;

/// How many nodes a document may have once every alias is counted as a copy of its target. A document without
/// aliases cannot reach it: a node takes two bytes at least.
pub const EXPANDED_NODES_LIMIT: u64 = SOURCE_BYTES_LIMIT as u64 / 2 + 1;

/// Reads one YAML document with the scalars of the 1.2 core schema. Aliases stay references to their anchor's node.
/// A byte order mark in front is skipped. Duplicate keys, merge keys (`<<`) and unknown tags are kept and told by
/// [`Tree::irregularities`]. Keys are texts as written: `200:` is the key `200`.
///
/// Errors: the first place that is not YAML; a second document; an array or object as a key; an alias inside the
/// node it names; more than [`DEPTH_LIMIT`] levels, [`EXPANDED_NODES_LIMIT`] nodes, or
/// [`SOURCE_BYTES_LIMIT`] bytes.
pub fn scan(source: &str) -> Result<Tree, SyntaxError> {
    let text = readable(source)?;
    let mut reader = Reader::new(text);
    match reader.document() {
        Ok(()) => Ok(reader
            .tree
            .finish(text.to_owned(), Format::Yaml, reader.irregularities)),
        Err(fault) => {
            let pointer = reader.pointer();
            Err(fault.locate(text, pointer))
        }
    }
}

/// [`scan`] of bytes; what is not UTF-8 is an error too.
pub fn scan_bytes(source: &[u8]) -> Result<Tree, SyntaxError> {
    scan(decode_utf8(source)?)
}

struct Reader<'s> {
    text: &'s str,
    offsets: CharOffsets<'s>,
    tree: Builder,
    open: Vec<Open>,
    anchors: Anchors,
    irregularities: Vec<Irregularity>,
    /// Nodes so far, aliases counted as copies.
    expanded: u64,
    documents: u32,
}

/// A collection not yet closed.
struct Open {
    container: NodeId,
    is_object: bool,
    /// For an object: its latest key, while and after its value is read.
    key: Option<NodeId>,
    /// For an object: whether the next node is a key.
    expects_key: bool,
    /// Values so far.
    count: u32,
    anchor: usize,
    /// `expanded` when it opened.
    expanded_before: u64,
    /// The deepest nesting inside so far.
    height: usize,
    /// Where the last child ends.
    end: u32,
}

impl<'s> Reader<'s> {
    fn new(text: &'s str) -> Self {
        Self {
            text,
            offsets: CharOffsets::new(text),
            tree: Builder::new(text),
            open: Vec::with_capacity(64),
            anchors: Anchors::default(),
            irregularities: Vec::new(),
            expanded: 0,
            documents: 0,
        }
    }

    fn document(&mut self) -> Result<(), Fault> {
        if let Some(at) = memchr::memchr(0, self.text.as_bytes()) {
            let span = Span::new(at as u32, at as u32 + 1);
            return Err(Fault::new(
                span,
                "the character U+0000",
                "remove it: YAML does not allow it",
            ));
        }

        let mut parser = Parser::<StrInput<'s>>::new_from_str(self.text);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| self.scan_fault(&error))?;
            self.event(event, span)?;
        }
        match self.documents {
            0 => Err(Fault::new(
                Span::default(),
                "the document is empty",
                "write a YAML mapping",
            )),
            _ => Ok(()),
        }
    }

    fn event(&mut self, event: Event<'s>, at: CharSpan) -> Result<(), Fault> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document_start(at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), at)
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(RawKind::Array, anchor, tag.as_deref(), at)
            }
            Event::MappingStart(anchor, tag) => {
                self.open(RawKind::Object, anchor, tag.as_deref(), at)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(at);
                Ok(())
            }
        }
    }

    fn document_start(&mut self, at: CharSpan) -> Result<(), Fault> {
        self.documents += 1;
        match self.documents {
            1 => Ok(()),
            _ => Err(Fault::new(
                self.span(at),
                "a second YAML document starts here",
                "keep one document per file: remove the `---` and what follows",
            )),
        }
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: CharSpan,
    ) -> Result<(), Fault> {
        let mut span = self.span(at);
        match style {
            // Nothing is written: the parser's place is the next token's.
            ScalarStyle::Plain if value.is_empty() => span.end = span.start,
            // The parser's place reaches over a comment behind the quote.
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let written = &self.text[span.bytes()];
                span.end = span.start + scalar::quoted_end(written) as u32;
            }
            _ => {}
        }
        let is_key = self.expects_key();
        let tag = scalar::tag_kind(tag);
        let kind = match is_key {
            // A JSON object's keys are strings: `200`, `true` and `null` are texts here.
            true => RawKind::String,
            false => scalar::kind(value, style, tag).ok_or_else(|| {
                let message = format!("{value:?} is not of the type that its tag names");
                Fault::new(span, message, "correct the value, or remove the tag")
            })?,
        };

        let node = self.push_scalar(kind, span, value);
        if tag == TagKind::Unknown {
            self.tell(node, IrregularityKind::UnknownTag);
        }
        if let (true, "<<", ScalarStyle::Plain, Some(open)) =
            (is_key, value, style, self.open.last())
        {
            let object = open.container;
            self.tell(node, IrregularityKind::MergeKey { object });
        }
        self.anchors.define(
            anchor,
            Anchored {
                node,
                weight: 1,
                height: 0,
            },
        );
        self.count_nodes(1, span)?;
        self.child_done(node, span.end, 0);
        Ok(())
    }

    /// A slice of the source where the value stands there literally, a copy where it does not.
    fn push_scalar(&mut self, kind: RawKind, span: Span, value: &str) -> NodeId {
        let written = &self.text[span.bytes()];
        if written == value {
            return self.tree.scalar(kind, span, TextForm::Bare);
        }
        if written.len() == value.len() + 2 && written.get(1..written.len() - 1) == Some(value) {
            return self.tree.scalar(kind, span, TextForm::Quoted);
        }
        let pushed = self.tree.decoded(kind, span, |text| {
            text.push_str(value);
            Ok::<(), std::convert::Infallible>(())
        });
        match pushed {
            Ok(node) => node,
            Err(never) => match never {},
        }
    }

    fn alias(&mut self, anchor: usize, at: CharSpan) -> Result<(), Fault> {
        let span = self.span(at);
        let Some(target) = self.anchors.get(anchor) else {
            return Err(Fault::new(
                span,
                "an alias inside the node that it names",
                "write the value out instead",
            ));
        };
        if self.expects_key() {
            return self.alias_key(target, span);
        }
        if self.open.len() + target.height > DEPTH_LIMIT {
            return Err(too_deep(span));
        }
        let node = self.tree.alias(span, target.node);
        self.count_nodes(target.weight, span)?;
        self.child_done(node, span.end, target.height);
        Ok(())
    }

    fn alias_key(&mut self, target: Anchored, span: Span) -> Result<(), Fault> {
        if let RawKind::Array | RawKind::Object = self.tree.kind(target.node) {
            return Err(self.container_key(span));
        }
        let value = self.tree.text(self.text, target.node).to_owned();
        let node = self.push_scalar(RawKind::String, span, &value);
        self.count_nodes(1, span)?;
        self.child_done(node, span.end, 0);
        Ok(())
    }

    fn open(
        &mut self,
        kind: RawKind,
        anchor: usize,
        tag: Option<&Tag>,
        at: CharSpan,
    ) -> Result<(), Fault> {
        let span = self.span(at);
        if self.expects_key() {
            return Err(self.container_key(span));
        }
        if self.open.len() == DEPTH_LIMIT {
            return Err(too_deep(span));
        }
        let container = self.tree.open(kind, span.start);
        if !scalar::tag_kind(tag).fits_container(kind) {
            self.tell(container, IrregularityKind::UnknownTag);
        }
        let is_object = kind == RawKind::Object;
        self.open.push(Open {
            container,
            is_object,
            key: None,
            expects_key: is_object,
            count: 0,
            anchor,
            expanded_before: self.expanded,
            height: 0,
            end: span.end,
        });
        self.count_nodes(1, span)
    }

    fn close(&mut self, at: CharSpan) {
        let Some(open) = self.open.pop() else {
            return;
        };
        // A flow collection ends with its bracket. A block ends where the next token stands, so its last child's
        // end is the better one.
        let at = self.span(at);
        let bracket = matches!(
            self.text.as_bytes().get(at.start as usize),
            Some(b']' | b'}')
        );
        let end = match bracket && at.end > at.start {
            true => at.start + 1,
            false => open.end,
        };
        self.tree.close(open.container, end);
        let height = open.height + 1;
        let weight = self.expanded - open.expanded_before;
        self.anchors.define(
            open.anchor,
            Anchored {
                node: open.container,
                weight,
                height,
            },
        );
        self.child_done(open.container, end, height);
    }

    /// Tells the surrounding collection that a node is complete.
    fn child_done(&mut self, node: NodeId, end: u32, height: usize) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        open.end = open.end.max(end);
        open.height = open.height.max(height);
        if open.is_object && open.expects_key {
            open.key = Some(node);
            open.expects_key = false;
        } else {
            open.count += 1;
            open.expects_key = open.is_object;
        }
    }

    fn count_nodes(&mut self, nodes: u64, span: Span) -> Result<(), Fault> {
        self.expanded += nodes;
        match self.expanded > EXPANDED_NODES_LIMIT {
            false => Ok(()),
            true => Err(Fault::new(
                span,
                format!(
                    "with its aliases written out the document has more than {EXPANDED_NODES_LIMIT} nodes"
                ),
                "use `$ref` to `components` instead of YAML aliases",
            )),
        }
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.expects_key)
    }

    fn tell(&mut self, node: NodeId, kind: IrregularityKind) {
        if self.irregularities.len() < IRREGULARITIES_TOLD_MAX {
            self.irregularities.push(Irregularity { node, kind });
        }
    }

    fn span(&mut self, at: CharSpan) -> Span {
        let start = self.offsets.byte(at.start.index());
        let end = self.offsets.byte(at.end.index());
        Span::new(start, end.max(start))
    }

    fn container_key(&self, span: Span) -> Fault {
        Fault::new(
            span,
            "an array or an object as a mapping key",
            "use a text as the key; put it in quotes if it starts with `{` or `[`",
        )
    }

    fn scan_fault(&mut self, error: &ScanError) -> Fault {
        let mut message = error.info().to_owned();
        if let (true, Some(open)) = (message.contains("while parsing a flow"), self.open.last()) {
            let start = self.tree.span(open.container).start;
            let line =
                1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..start as usize]).count();
            message += &format!(" of the one that opens at line {line}");
        }
        let start = self.offsets.byte(error.marker().index());
        let width = self.text[start as usize..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        let span = Span::new(start, start + width as u32);
        Fault::new(span, message, next_step(error.info()))
    }

    /// The pointer of the value being read.
    fn pointer(&self) -> String {
        let mut text = String::new();
        for open in &self.open {
            match (open.is_object, open.key) {
                (true, Some(key)) => pointer::push_token(&mut text, self.tree.text(self.text, key)),
                (true, None) => {}
                (false, _) => pointer::push_token(&mut text, &open.count.to_string()),
            }
        }
        text
    }
}

fn too_deep(span: Span) -> Fault {
    Fault::new(
        span,
        format!("arrays and objects nest deeper than {DEPTH_LIMIT} levels"),
        "flatten the value, or move its parts to `components` and refer to them",
    )
}

/// What to do about a message of the YAML parser.
fn next_step(info: &str) -> &'static str {
    let has = |word| info.contains(word);
    match () {
        () if has("tab") => "indent with spaces: YAML does not allow tabs there",
        () if has("unknown anchor") => {
            "define the anchor with `&name` above this line, or correct the name"
        }
        () if has("recursion limit") => "nest `[` and `{` less deeply",
        () if has("block end") || has("expected key") || has("indentation") || has("indented") => {
            "check the indentation of this line and of the one before it"
        }
        () if has("mapping values") || has("simple key") || has("':'") => {
            "check the indentation, and put a text that holds `: ` in quotes"
        }
        () if has("while parsing a flow") => "close it, or put a comma between its parts",
        () if has("quoted scalar") => "close the quote, and write a quote inside it twice",
        () if has("unexpected character") => "put the text in quotes",
        () => "check the quotes and the indentation here",
    }
}

#[cfg(test)]
mod tests;
