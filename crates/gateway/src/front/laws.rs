//! What holds for every stream of bytes: one verdict however it is split, exact limits, no way back from a refusal.

use proptest::prelude::*;

use super::limits::FrontLimits;
use super::matrix::{accepted, chunked, feed, get, post, refused};
use super::scanner::{HeadState, Phase, Refusal, Scanner};
use super::violation::Violation;

/// Byte by byte, and cut in two at every place: nothing may depend on how the bytes arrive.
#[test]
fn the_verdict_does_not_depend_on_how_the_bytes_arrive() {
    let streams = refused()
        .into_iter()
        .map(|(stream, _)| stream)
        .chain(accepted());
    for stream in streams {
        let whole = feed(&stream, &[]);
        assert_eq!(
            feed(&stream, &vec![1; stream.len()]),
            whole,
            "{}",
            stream.escape_ascii()
        );
        let step = if stream.len() > 600 { 97 } else { 1 };
        for cut in (0..stream.len()).step_by(step) {
            assert_eq!(
                feed(&stream, &[cut]),
                whole,
                "cut at {cut} of {}",
                stream.escape_ascii()
            );
        }
    }
}

#[test]
fn a_refusal_says_whether_its_head_has_gone_on_and_lets_the_messages_before_it_pass() {
    let good = get("GET /1 HTTP/1.1");
    let stream = [good.clone(), get("GET /2\n HTTP/1.1")].concat();
    let outcome = feed(&stream, &[]);
    assert_eq!(outcome.released, good);
    assert_eq!(
        outcome.refusal,
        Some(Refusal {
            violation: Violation::BareLf,
            head: HeadState::Held
        })
    );

    let head = chunked("2\r\nab\r\n");
    let stream = [head.clone(), b"4;x\r\n".to_vec()].concat();
    let outcome = feed(&stream, &[]);
    assert_eq!(outcome.released, head);
    assert_eq!(
        outcome.refusal,
        Some(Refusal {
            violation: Violation::ChunkExtension,
            head: HeadState::Released
        })
    );
    assert_eq!(outcome.phase, Phase::Refused);
}

#[test]
fn a_refused_stream_stays_refused_and_never_becomes_a_tunnel() {
    let mut scanner = Scanner::new(FrontLimits::default());
    let refused = scanner.advance(b"GET /\r\n");
    assert_eq!(refused.released, 0);
    scanner.enter_tunnel();
    assert_eq!(scanner.advance(&get("GET / HTTP/1.1")), refused);
    assert_eq!(scanner.unscanned_length(), 0);
}

#[test]
fn phases_and_bytes_that_need_no_look() {
    let mut scanner = Scanner::new(FrontLimits::default());
    let check = |scanner: &Scanner, phase, unscanned| {
        assert_eq!(
            (scanner.phase(), scanner.unscanned_length()),
            (phase, unscanned)
        )
    };
    check(&scanner, Phase::Idle, 0);
    assert_eq!(scanner.advance(b"\r\n").released, 0);
    check(&scanner, Phase::Idle, 0);
    assert_eq!(scanner.advance(b"\r\nP").released, 0);
    check(&scanner, Phase::Head, 0);

    let head = post(&["Content-Length: 10"], "");
    let with_body = [b"\r\n".to_vec(), head, b"abc".to_vec()].concat();
    assert_eq!(scanner.advance(&with_body).released, with_body.len());
    check(&scanner, Phase::Body, 7);
    scanner.skip(6);
    check(&scanner, Phase::Body, 1);
    assert_eq!(scanner.advance(b"d").released, 1);
    check(&scanner, Phase::Idle, 0);

    let head = chunked("5\r\n");
    assert_eq!(scanner.advance(&head).released, head.len());
    check(&scanner, Phase::Body, 5);
    scanner.skip(5);
    check(&scanner, Phase::Body, 0);
    assert_eq!(scanner.advance(b"\r\n0\r\n\r").released, 5);
    check(&scanner, Phase::Body, 0);
    assert_eq!(scanner.advance(b"\r\n").released, 2);
    check(&scanner, Phase::Idle, 0);

    let upgrade = post(&["Upgrade: x", "Connection: upgrade"], "");
    assert_eq!(scanner.advance(&upgrade).released, upgrade.len());
    scanner.enter_tunnel();
    check(&scanner, Phase::Tunnel, u64::MAX);
    assert_eq!(scanner.advance(b"\0\n\x81").released, 3);
}

#[test]
fn bytes_behind_an_upgrade_are_requests_until_it_is_accepted() {
    let upgrade = post(&["Upgrade: foo", "Connection: upgrade"], "");
    let stream = [
        upgrade.clone(),
        get("GET /2 HTTP/1.1"),
        b"\x81\x05\n".to_vec(),
    ]
    .concat();
    let outcome = feed(&stream, &[]);
    assert_eq!(outcome.released, stream[..stream.len() - 3]);
    assert_eq!(
        outcome.refusal.map(|refusal| refusal.violation),
        Some(Violation::BareLf)
    );
}

#[test]
fn limits_are_exact() {
    let limits = FrontLimits::new(1024, 3, 64).unwrap();
    let judge = |stream: &[u8]| {
        Scanner::new(limits)
            .advance(stream)
            .refusal
            .map(|refusal| refusal.violation)
    };
    let head = |bytes: usize| {
        let rest = post(&["X: "], "").len();
        post(&[&format!("X: {}", "a".repeat(bytes - rest))], "")
    };
    assert_eq!(head(1024).len(), 1024);
    assert_eq!(judge(&head(1024)), None);
    assert_eq!(judge(&head(1025)), Some(Violation::HeadTooLarge));
    assert_eq!(judge(&post(&["A: 1", "B: 2"], "")), None);
    assert_eq!(
        judge(&post(&["A: 1", "B: 2", "C: 3"], "")),
        Some(Violation::FieldsTooMany)
    );
    assert_eq!(
        judge(&get(&format!("GET /{} HTTP/1.1", "a".repeat(63)))),
        None
    );
    assert_eq!(
        judge(&get(&format!("GET /{} HTTP/1.1", "a".repeat(64)))),
        Some(Violation::TargetTooLong)
    );
    // The limit holds for a line without end too.
    assert_eq!(
        judge(format!("GET /{}", "a".repeat(120)).as_bytes()),
        Some(Violation::TargetTooLong)
    );
    assert_eq!(
        judge(&post(&["A: 1", &"b".repeat(2000)], "")),
        Some(Violation::HeadTooLarge)
    );
}

/// Pieces of requests, good and bad, from which streams are put together.
pub(crate) fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        "GET / HTTP/1.1\r\n",
        "POST /a?b HTTP/1.1\r\n",
        "GET / HTTP/1.0\r\n",
        "Host: a\r\n",
        "X: y\r\n",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "\r\n",
        "abc",
        "3\r\nabc\r\n",
        "0\r\n",
        "0\r\n\r\n",
        "\n",
        "\r",
        " ",
        ":",
        "\0",
        "X: y\n",
        "Connection: close\r\n",
        "T: u\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u{e9}",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];
    prop_oneof![
        8 => prop::sample::select(known.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_stream_has_one_verdict_however_it_is_split(
        stream in prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat()),
        splits in prop::collection::vec(0..40usize, 0..12),
    ) {
        let whole = feed(&stream, &[]);
        prop_assert_eq!(&feed(&stream, &splits), &whole);
        prop_assert_eq!(&feed(&stream, &vec![1; stream.len()]), &whole);
        prop_assert!(stream.starts_with(&whole.released));
    }
}
