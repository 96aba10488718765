//! Heads: query strings, headers, cookies, values of the path.

use bridge::observe::{Bits, Outcome, Table};

use crate::reference::Operation;

#[track_caller]
fn check(observe: impl FnOnce(&Table, &mut Bits), expect: &[&str]) {
    let operation = Operation::read();
    let mut bits = Bits::default();
    observe(&operation.table, &mut bits);
    assert_eq!(operation.keys_of(&bits), expect);
}

#[track_caller]
fn check_query(query: &str, outcome: Outcome, expect: &[&str]) {
    let observe = |table: &Table, bits: &mut Bits| {
        assert_eq!(table.query(query.as_bytes(), bits), outcome);
    };
    let expect: Vec<String> = expect
        .iter()
        .map(|key| format!("request.query.{key}"))
        .collect();
    check(
        observe,
        &expect.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

const COMPLETE: Outcome = Outcome::Complete;

#[test]
fn queries_are_read_as_their_styles_say() {
    check_query("", COMPLETE, &[]);
    check_query("limit=10&other=1", COMPLETE, &["limit", "limit=10"]);
    check_query(
        "limit=1%30&limit=11",
        COMPLETE,
        &["limit", "limit=10", "limit=*"],
    );
    check_query(
        "tags=x&tags[]=y",
        COMPLETE,
        &["tags", "tags[]", "tags[]=x", "tags[]=y"],
    );
    check_query("tags=x,y", COMPLETE, &["tags", "tags[]", "tags[]=*"]);
    check_query(
        "ids=1,3",
        COMPLETE,
        &["ids", "ids[]", "ids[]=\"1\"", "ids[]=*"],
    );
    check_query(
        "piped=q%7Cp",
        COMPLETE,
        &["piped", "piped[]", "piped[]=p", "piped[]=q"],
    );
    check_query(
        "page[size]=1&page%5Bafter%5D%5Bid%5D=2",
        COMPLETE,
        &["page", "page.size", "page.after", "page.after.id"],
    );
    check_query("page[nothing]=1&page[size=1", COMPLETE, &["page"]);
    check_query(
        "by=date&order=1",
        COMPLETE,
        &["sort.by", "sort.order", "sort.by=date"],
    );
    check_query("page={}", Outcome::Limit, &["page"]);
}

#[test]
fn headers_and_cookies_are_seen_by_name() {
    check(
        |table, bits| table.header(b"x-KIND", b" one , three ", bits),
        &[
            "request.header.x-kind",
            "request.header.x-kind[]",
            "request.header.x-kind[]=one",
            "request.header.x-kind[]=*",
        ],
    );
    check(
        |table, bits| table.header(b"authorization", b"secret", bits),
        &[],
    );
    check(
        |table, bits| table.header(b"Cookie", b"other=1; session=abc", bits),
        &["request.cookie.session"],
    );
    check(
        |table, bits| table.response_header(200, b"X-RATE", b"2", bits),
        &["response.200.header.x-rate", "response.200.header.x-rate=2"],
    );
    check(
        |table, bits| table.response_header(500, b"x-rate", b"2", bits),
        &[],
    );
}

#[test]
fn values_of_the_path_are_decoded() {
    check(
        |table, bits| table.path_value(b"id", b"a%20b", bits),
        &["request.path.id", "request.path.id=a b"],
    );
    check(
        |table, bits| table.path_value(b"id", b"a%2", bits),
        &["request.path.id", "request.path.id=*"],
    );
}

#[test]
fn a_set_is_told_as_bytes() {
    let of = |leaves: &[u32]| {
        let mut bits = Bits::default();
        leaves.iter().for_each(|leaf| bits.set(*leaf));
        bits
    };
    let check = |leaves: &[u32]| {
        let bytes = of(leaves).read_bytes(<[u8]>::to_vec);
        assert_ne!(bytes.last(), Some(&0), "{leaves:?}");
        let told = (0..8 * bytes.len() as u32)
            .filter(|leaf| bytes[*leaf as usize / 8] & (1 << (leaf % 8)) != 0);
        assert_eq!(told.collect::<Vec<_>>(), leaves);
        assert_eq!(of(leaves).iter().collect::<Vec<_>>(), leaves);
        assert_eq!(of(leaves).len() as usize, leaves.len());
    };
    check(&[]);
    check(&[0]);
    check(&[0, 63, 64, 255]);
    check(&[256]);
    check(&[7, 320, 4_095]);
}

#[test]
fn a_set_holds_what_was_put_in_and_no_more() {
    let mut bits = Bits::default();
    for leaf in [4_096, u32::MAX] {
        bits.set(leaf);
    }
    assert_eq!(bits, Bits::default());
    for leaf in [0, 63, 64, 4_095] {
        bits.set(leaf);
    }
    let mut union = Bits::default();
    union.set(300);
    union.union(&bits);
    union.union(&Bits::default());
    assert_eq!(union.iter().collect::<Vec<_>>(), [0, 63, 64, 300, 4_095]);
    assert!(union.contains(4_095) && !union.contains(4_096) && !union.is_empty());
    let mut far = Bits::default();
    far.union(&bits);
    assert_eq!(far, bits);
}
