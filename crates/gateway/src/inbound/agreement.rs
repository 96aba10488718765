//! The scanner and the reader behind it see the same messages, and so does an independent one: hyper.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use proptest::prelude::*;

use super::request::parse_request;
use crate::framing::Framing;
use crate::front::laws::piece;
use crate::front::matrix::{accepted, refused};
use crate::front::{FrontLimits, Scanner};

/// A request as a reader handed it over; no body if it did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    method: String,
    path: String,
    query: Option<String>,
    fields: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

/// A socket that has all bytes at once, then ends, and takes every answer.
struct Wire {
    input: Vec<u8>,
    at: usize,
    output: Rc<RefCell<Vec<u8>>>,
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut out: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let end = self.input.len().min(self.at + out.remaining());
        out.put_slice(&self.input[self.at..end]);
        self.at = end;
        Poll::Ready(Ok(()))
    }
}

impl Write for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.output.borrow_mut().extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What hyper reads out of `input`, and what it answers.
fn read_by_hyper(input: Vec<u8>) -> (Vec<Seen>, String) {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let output = Rc::new(RefCell::new(Vec::new()));
    let note = {
        let seen = Rc::clone(&seen);
        service_fn(move |request: Request<Incoming>| {
            let seen = Rc::clone(&seen);
            async move {
                let (parts, body) = request.into_parts();
                let body = body
                    .collect()
                    .await
                    .ok()
                    .map(|body| body.to_bytes().to_vec());
                seen.borrow_mut().push(Seen {
                    method: parts.method.to_string(),
                    path: parts.uri.path().to_owned(),
                    query: parts.uri.query().map(str::to_owned),
                    fields: sorted(crate::fields::pairs(&parts.headers)),
                    body,
                });
                Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new()))
            }
        })
    };
    let wire = Wire {
        input,
        at: 0,
        output: Rc::clone(&output),
    };
    // The end of the input is no reason to drop requests that came before it.
    let mut connection = pin!(
        http1::Builder::new()
            .half_close(true)
            .serve_connection(wire, note)
    );
    // Nothing ever has to be waited for, but hyper yields now and then.
    for _ in 0..100_000 {
        if connection
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
        {
            break;
        }
    }
    let seen = seen.borrow().clone();
    let output = String::from_utf8_lossy(&output.borrow()).into_owned();
    (seen, output)
}

/// What the gateway's own reader reads out of `input`.
fn read_by_us(input: &[u8]) -> Vec<Seen> {
    let mut rest = BytesMut::from(input);
    let mut seen = Vec::new();
    while let Some((arrived, length)) = parse_request(&rest).expect("only heads are released") {
        rest.advance(length);
        let body = whole_body(arrived.framing, &mut rest);
        let ends = body.is_none() || !arrived.keep_alive;
        let head = arrived.head;
        seen.push(Seen {
            method: head.method.to_string(),
            path: head.path().to_owned(),
            query: head.query().map(str::to_owned),
            fields: sorted(head.fields.iter()),
            body,
        });
        if ends {
            break;
        }
    }
    seen
}

fn whole_body(mut framing: Framing, rest: &mut BytesMut) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(frame) = framing.take_frame(rest).ok()? {
        body.extend(frame.into_data().unwrap_or_default());
    }
    framing.is_ended().then_some(body)
}

/// By name; the values of one name in the order in which they came.
fn sorted<'a>(fields: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> Vec<(String, Vec<u8>)> {
    let mut fields: Vec<_> = fields
        .map(|(name, value)| (name.escape_ascii().to_string(), value.to_vec()))
        .collect();
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    fields
}

/// What the scanner lets through of a stream that comes in pieces of `piece` bytes.
fn released(stream: &[u8], piece: usize) -> Vec<u8> {
    let mut scanner = Scanner::new(FrontLimits::default());
    let mut at = 0;
    for given in (0..stream.len())
        .step_by(piece.max(1))
        .chain([stream.len()])
    {
        if given > at {
            at += scanner.advance(&stream[at..given]).released;
        }
    }
    stream[..at].to_vec()
}

/// Both readers see the same in what was released, and hyper has nothing to object to: its refusals would be seen by
/// nobody else.
fn check_agreement(stream: &[u8]) -> Result<(), TestCaseError> {
    let released = released(stream, usize::MAX);
    let (seen, output) = read_by_hyper(released.clone());
    let refused = output.contains("HTTP/1.1 4") || output.contains("HTTP/1.0 4");
    prop_assert!(
        !refused,
        "hyper objects to {}: {}",
        released.escape_ascii(),
        output
    );
    prop_assert_eq!(
        read_by_us(&released),
        seen,
        "of {}",
        released.escape_ascii()
    );
    Ok(())
}

#[test]
fn readers_agree_on_all_that_was_released() {
    let streams = refused()
        .into_iter()
        .map(|(stream, _)| stream)
        .chain(accepted());
    for stream in streams {
        check_agreement(&stream).unwrap();
    }
}

#[derive(Debug, Clone)]
enum Body {
    None,
    Length(Vec<u8>),
    Chunked {
        chunks: Vec<Vec<u8>>,
        upper_case: bool,
        trailers: bool,
    },
}

fn body() -> impl Strategy<Value = Body> {
    // Bodies that look like framing are the interesting ones.
    let data = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"0\r\n\r\n".to_vec()),
        Just(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 1..300),
    ];
    prop_oneof![
        Just(Body::None),
        data.clone().prop_map(Body::Length),
        Just(Body::Length(Vec::new())),
        (
            prop::collection::vec(data, 0..4),
            any::<bool>(),
            any::<bool>()
        )
            .prop_map(|(chunks, upper_case, trailers)| Body::Chunked {
                chunks,
                upper_case,
                trailers
            }),
    ]
}

impl Body {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Length(bytes) => bytes.clone(),
            Self::Chunked { chunks, .. } => chunks.concat(),
        }
    }

    /// The field that announces it, and it.
    fn wire(&self) -> (String, Vec<u8>) {
        match self {
            Self::None => (String::new(), Vec::new()),
            Self::Length(bytes) => (
                format!("Content-Length: {}\r\n", bytes.len()),
                bytes.clone(),
            ),
            Self::Chunked {
                chunks,
                upper_case,
                trailers,
            } => {
                let mut wire = Vec::new();
                for chunk in chunks {
                    let size = chunk.len();
                    let line = if *upper_case {
                        format!("00{size:X}\r\n")
                    } else {
                        format!("{size:x}\r\n")
                    };
                    wire.extend_from_slice(line.as_bytes());
                    wire.extend_from_slice(chunk);
                    wire.extend_from_slice(b"\r\n");
                }
                wire.extend_from_slice(if *trailers {
                    b"0\r\nx-sum: 1\r\n\r\n"
                } else {
                    b"0\r\n\r\n"
                });
                ("transfer-encoding: Chunked\r\n".to_owned(), wire)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pipelined_requests_arrive_one_by_one_and_whole(
        requests in prop::collection::vec((prop_oneof![Just("GET"), Just("POST"), Just("QUERY")], "/[a-z]{0,9}(\\?[a-z=&|]{0,5})?", body()), 0..6),
        empty_line in any::<bool>(),
        piece in 1..200usize,
    ) {
        let mut stream = Vec::new();
        let mut expected = Vec::new();
        for (method, target, body) in requests {
            let (field, bytes) = body.wire();
            if empty_line {
                stream.extend_from_slice(b"\r\n");
            }
            stream.extend_from_slice(format!("{method} {target} HTTP/1.1\r\nHost: a\r\n{field}\r\n").as_bytes());
            stream.extend(bytes);
            expected.push((method.to_owned(), target, Some(body.bytes())));
        }
        let released = released(&stream, piece);
        prop_assert_eq!(&released, &stream);
        let (by_hyper, output) = read_by_hyper(released.clone());
        let seen = read_by_us(&released);
        prop_assert_eq!(&by_hyper, &seen, "{}", output);
        let target = |seen: &Seen| match &seen.query {
            None => seen.path.clone(),
            Some(query) => format!("{}?{query}", seen.path),
        };
        let seen: Vec<_> = seen
            .into_iter()
            .map(|seen| (seen.method.clone(), target(&seen), seen.body))
            .collect();
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn readers_agree_on_what_is_left_of_a_broken_stream(
        pieces in prop::collection::vec(piece(), 0..24),
    ) {
        check_agreement(&pieces.concat())?;
    }
}
