//! The strict front on any bytes: one verdict however they are split, and an independent parser that reads what was
//! released sees the same messages, with nothing in them that the front is there to keep out.
#![no_main]

use gateway::front::{FrontLimits, HeadState, PathRules, Phase, Refusal, Scanner, check_path};
use libfuzzer_sys::fuzz_target;

/// What the scanner let through.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    released: Vec<u8>,
    refusal: Option<Refusal>,
    phase: Phase,
}

// The first byte says how many of the next bytes are lengths of pieces; the rest is the stream.
fuzz_target!(|input: &[u8]| {
    let Some((count, rest)) = input.split_first() else {
        return;
    };
    let (pieces, stream) = rest.split_at(usize::from(*count % 32).min(rest.len()));

    let whole = feed(stream, &[], &mut Vec::new());
    assert_eq!(
        feed(stream, pieces, &mut Vec::new()),
        whole,
        "split into {pieces:?}"
    );
    let mut ends = Vec::new();
    if stream.len() <= 8192 {
        assert_eq!(
            feed(stream, &vec![1; stream.len()], &mut ends),
            whole,
            "byte by byte"
        );
        check_messages(&whole, &ends);
    }
    assert!(stream.starts_with(&whole.released));
    assert_eq!(skip_bodies(stream), whole, "with bodies that pass unseen");
    check_path_agrees(stream);
});

/// Feeds `stream` in pieces of the given lengths and notes where messages end among the released bytes, which is
/// exact if every piece is one byte.
fn feed(stream: &[u8], pieces: &[u8], ends: &mut Vec<usize>) -> Outcome {
    let mut scanner = Scanner::new(FrontLimits::default());
    let mut released = 0;
    let mut refusal = None;
    let mut given: usize = 0;
    for piece in pieces
        .iter()
        .map(|piece| usize::from(*piece))
        .chain([usize::MAX])
    {
        given = stream.len().min(given.saturating_add(piece));
        let was_in_message = !matches!(scanner.phase(), Phase::Idle);
        let progress = scanner.advance(&stream[released..given]);
        released += progress.released;
        refusal = progress.refusal;
        if was_in_message && progress.released > 0 && scanner.phase() == Phase::Idle {
            ends.push(released);
        }
    }
    Outcome {
        released: stream[..released].to_vec(),
        refusal,
        phase: scanner.phase(),
    }
}

/// The same, with everything that may pass unseen passing unseen.
fn skip_bodies(stream: &[u8]) -> Outcome {
    let mut scanner = Scanner::new(FrontLimits::default());
    let mut released = 0;
    loop {
        let unscanned = scanner
            .unscanned_length()
            .min((stream.len() - released) as u64);
        scanner.skip(unscanned);
        released += unscanned as usize;
        // One head or one piece of framing at a time, so that bodies are left to be skipped.
        let mut progress = scanner.advance(&[]);
        for given in released..=stream.len() {
            progress = scanner.advance(&stream[released..given]);
            if progress.released > 0 || progress.refusal.is_some() {
                break;
            }
        }
        released += progress.released;
        if progress.released == 0 || progress.refusal.is_some() {
            let phase = scanner.phase();
            return Outcome {
                released: stream[..released].to_vec(),
                refusal: progress.refusal,
                phase,
            };
        }
    }
}

/// Reads the released bytes with the parser that hyper uses, and framing of RFC 9112 section 6.3 written anew.
fn check_messages(outcome: &Outcome, ends: &[usize]) {
    let bytes = &outcome.released;
    let mut at = 0;
    let mut seen = Vec::new();
    while at < bytes.len() {
        match message_length(&bytes[at..]) {
            Some(length) => at += length,
            None => break,
        }
        seen.push(at);
    }
    assert_eq!(
        seen,
        ends,
        "the ends of messages in {}",
        bytes.escape_ascii()
    );

    let whole = at == bytes.len();
    match (outcome.phase, outcome.refusal.map(|refusal| refusal.head)) {
        (Phase::Idle | Phase::Head, None) | (Phase::Refused, Some(HeadState::Held)) => {
            assert!(whole)
        }
        (Phase::Body, None) | (Phase::Refused, Some(HeadState::Released)) => assert!(!whole),
        other => panic!("no stream ends like this: {other:?}"),
    }
}

/// The length of the message that `bytes` starts with; `None` if its body is not complete. Heads always are.
fn message_length(bytes: &[u8]) -> Option<usize> {
    let mut fields = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut fields);
    let head = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        other => panic!("{other:?} for the released head {}", bytes.escape_ascii()),
    };
    check_head(&bytes[..head], &request);

    let values = |name: &str| -> Vec<&[u8]> {
        request
            .headers
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
            .collect()
    };
    match (
        values("transfer-encoding").as_slice(),
        values("content-length").as_slice(),
    ) {
        ([], []) => Some(head),
        ([], [length]) => {
            let length: u64 = std::str::from_utf8(length)
                .expect("digits")
                .parse()
                .expect("a length");
            let end = (head as u64).checked_add(length).expect("a bounded length");
            (end <= bytes.len() as u64).then_some(end as usize)
        }
        ([coding], []) => {
            assert!(coding.eq_ignore_ascii_case(b"chunked") && request.version == Some(1));
            chunks_length(&bytes[head..]).map(|length| head + length)
        }
        other => panic!("framing that contradicts itself was released: {other:?}"),
    }
}

fn check_head(head: &[u8], request: &httparse::Request<'_, '_>) {
    // Every line ends with CRLF, and nothing else is a line end.
    for (at, byte) in head.iter().enumerate() {
        match byte {
            b'\n' => assert_eq!(head[at - 1], b'\r'),
            b'\r' => assert_eq!(head[at + 1], b'\n'),
            byte => assert!(*byte == b'\t' || (*byte >= 0x20 && *byte != 0x7f)),
        }
    }
    assert!(
        !head
            .windows(3)
            .any(|three| three == b"\n\t" || three[..2] == *b"\n ")
    );
    let hosts = request
        .headers
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case("host"))
        .count();
    assert!(hosts == 1 || (hosts == 0 && request.version == Some(0)));
    let target = request.path.expect("a complete head has one");
    assert!(
        request.method != Some("CONNECT") && target.bytes().all(|byte| byte.is_ascii_graphic())
    );
    // What the library behind us does with the target, it must be able to do.
    target
        .parse::<http::Uri>()
        .expect("a target that the next parser takes");
}

/// `chunk-size CRLF data CRLF ... 0 CRLF trailers CRLF`, in the narrowest reading.
fn chunks_length(bytes: &[u8]) -> Option<usize> {
    let line = |at: usize| -> Option<(&[u8], usize)> {
        let length = bytes[at..].windows(2).position(|two| two == b"\r\n")?;
        Some((&bytes[at..at + length], at + length + 2))
    };
    let mut at = 0;
    loop {
        let (size, after) = line(at)?;
        assert!(size.iter().all(u8::is_ascii_hexdigit) && !size.is_empty());
        let size =
            u64::from_str_radix(std::str::from_utf8(size).expect("digits"), 16).expect("64 bits");
        at = after;
        if size == 0 {
            break;
        }
        let end = at as u64 + size.checked_add(2).filter(|size| *size < 1 << 40)?;
        if end > bytes.len() as u64 {
            return None;
        }
        at = end as usize;
        assert_eq!(&bytes[at - 2..at], b"\r\n");
    }
    loop {
        let (trailer, after) = line(at)?;
        at = after;
        if trailer.is_empty() {
            return Some(at);
        }
        let colon = trailer
            .iter()
            .position(|byte| *byte == b':')
            .expect("a trailer has a name");
        let name = trailer[..colon].to_ascii_lowercase();
        assert!(!matches!(
            name.as_slice(),
            b"content-length" | b"transfer-encoding" | b"host" | b""
        ));
    }
}

/// A path that passes has no dot segment to whoever decodes it once and splits at every slash of either kind.
fn check_path_agrees(text: &[u8]) {
    // Other characters do not come this far.
    let visible = text
        .iter()
        .take_while(|byte| byte.is_ascii_graphic() && **byte != b'?');
    let path = format!(
        "/{}",
        visible.map(|byte| char::from(*byte)).collect::<String>()
    );
    if check_path(path.as_bytes(), PathRules::default()).is_err() {
        return;
    }
    let mut decoded = Vec::new();
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let mut digit = || {
            bytes
                .next()
                .and_then(|digit| char::from(digit).to_digit(16))
                .expect("a whole escape")
        };
        decoded.push(if byte == b'%' {
            (digit() << 4 | digit()) as u8
        } else {
            byte
        });
    }
    assert_eq!(
        decoded.iter().filter(|byte| **byte == b'/').count(),
        path.matches('/').count()
    );
    let last = path.matches('/').count();
    for (position, segment) in decoded
        .split(|byte| matches!(byte, b'/' | b'\\'))
        .enumerate()
    {
        let segment = segment
            .split(|byte| *byte == b';')
            .next()
            .unwrap_or_default();
        assert!(!matches!(segment, b"." | b".."), "{path}");
        assert!(
            !segment.is_empty() || position == 0 || position == last,
            "{path}"
        );
        assert!(!segment.contains(&0));
    }
}
