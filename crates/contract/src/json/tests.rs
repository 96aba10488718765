//! The scanner against what it must take, what it must refuse, and serde_json.

use proptest::prelude::*;

use super::*;
use crate::testing::{any_json, nodes, same, slice};
use crate::tree::IrregularityKind;

/// The one error of `source`: `line:column pointer message; next step`.
fn refused(source: &str) -> String {
    match scan(source) {
        Ok(_) => "read".to_owned(),
        Err(error) => format!(
            "{}:{} {:?} {}; {}",
            error.position.line,
            error.position.column,
            error.pointer,
            error.message,
            error.next_step
        ),
    }
}

#[test]
fn every_kind_of_value() {
    let source =
        r#"{"a": [null, true, false, -0.5e+10, "x\n\u00e9\ud83d\ude00\/", {}, []], "": 0}"#;
    let tree = scan(source).unwrap();
    assert!(same(tree.root(), &serde_json::from_str(source).unwrap()));
    let slices: Vec<&str> = nodes(&tree).skip(1).map(slice).collect();
    assert_eq!(
        slices,
        [
            r#""a""#,
            r#"[null, true, false, -0.5e+10, "x\n\u00e9\ud83d\ude00\/", {}, []]"#,
            "null",
            "true",
            "false",
            "-0.5e+10",
            r#""x\n\u00e9\ud83d\ude00\/""#,
            "{}",
            "[]",
            r#""""#,
            "0"
        ]
    );
}

#[test]
fn a_scalar_is_a_document_and_a_byte_order_mark_is_none() {
    for source in ["1", " \"a\" ", "\u{feff}null\r\n", "[]\t"] {
        assert!(scan(source).is_ok(), "{source:?}");
    }
    assert_eq!(scan("\u{feff}1").unwrap().source(), "1");
}

#[test]
fn the_last_of_equal_keys_counts() {
    let tree = scan(r#"{"a": 1, "b": 2, "a": 3, "\u0061": 4}"#).unwrap();
    let names: Vec<&str> = tree.root().members().map(|member| member.name()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(tree.root().get("a").unwrap().scalar_text(), Some("4"));
    let lines: Vec<(NodeId, NodeId)> = tree
        .irregularities()
        .iter()
        .map(|irregularity| match irregularity.kind {
            IrregularityKind::DuplicateKey { earlier, .. } => (earlier, irregularity.node),
            _ => panic!("{irregularity:?}"),
        })
        .collect();
    assert_eq!(lines, [(NodeId(1), NodeId(5)), (NodeId(5), NodeId(7))]);
}

#[test]
fn duplicates_are_found_in_large_objects_too() {
    let members: Vec<String> = (0..40).map(|i| format!("\"k{}\": {i}", i % 30)).collect();
    let tree = scan(&format!("{{{}}}", members.join(","))).unwrap();
    assert_eq!(tree.irregularities().len(), 10);
    assert_eq!(tree.root().members().count(), 30);
    assert_eq!(tree.root().get("k9").unwrap().scalar_text(), Some("39"));
}

#[test]
fn each_refusal_says_where_and_what_to_do() {
    let sources = [
        "",
        " \n ",
        "{",
        "[1,\n 2",
        "[1,]",
        "{\"a\": 1,}",
        "{\"a\" 1}",
        "{\"a\": {\"b\": [0, 1 2]}}",
        "{\"a\": 1 \"b\": 2}",
        "{a: 1}",
        "{'a': 1}",
        "['a']",
        "[1] // done",
        "[1, # two",
        "{\"a\": True}",
        "[NaN]",
        "[nulls]",
        "[-Infinity]",
        "[+1]",
        "[.5]",
        "[01]",
        "[-01]",
        "[1.]",
        "[1e]",
        "[1.2.3]",
        "[0x1F]",
        "[2025-01-01]",
        "[hello]",
        "[é]",
        "[]]",
        "[1}",
        "[,1]",
    ];
    let report: Vec<String> = sources
        .iter()
        .map(|source| format!("{source:?} -> {}", refused(source)))
        .collect();
    insta::assert_snapshot!(report.join("\n"), @r##"
    "" -> 1:1 "" the document is empty; write a JSON object
    " \n " -> 2:2 "" the document is empty; write a JSON object
    "{" -> 1:2 "" the document ends inside the object that opens at line 1; close it; if the file was cut off, fetch it again
    "[1,\n 2" -> 2:3 "/1" the document ends inside the array that opens at line 1; close it; if the file was cut off, fetch it again
    "[1,]" -> 1:4 "/1" `]` follows a comma; remove the comma after the last value: JSON has no trailing commas
    "{\"a\": 1,}" -> 1:9 "/a" `}` follows a comma; remove the comma after the last member: JSON has no trailing commas
    "{\"a\" 1}" -> 1:6 "/a" expected `:` after this key, found `1`; put `:` between the key and its value
    "{\"a\": {\"b\": [0, 1 2]}}" -> 1:19 "/a/b/1" expected `,` or `]` after this element, found `2`; put a comma between two elements
    "{\"a\": 1 \"b\": 2}" -> 1:9 "/a" expected `,` or `}` after this member, found `"`; put a comma between two members
    "{a: 1}" -> 1:2 "" expected a key in double quotes, found `a`; put the key in double quotes
    "{'a': 1}" -> 1:2 "" expected a key in double quotes, found `'`; put the key in double quotes
    "['a']" -> 1:2 "/0" a string in single quotes; use double quotes: JSON has no others
    "[1] // done" -> 1:5 "" the document is over, yet `/` follows; remove what follows the outermost value
    "[1, # two" -> 1:5 "/1" a comment; remove it: JSON has no comments
    "{\"a\": True}" -> 1:7 "/a" `True` is not JSON; write `true`
    "[NaN]" -> 1:2 "/0" `NaN` is not JSON; write `null`, or a number
    "[nulls]" -> 1:2 "/0" expected a value, found `nulls`; put the text in double quotes
    "[-Infinity]" -> 1:3 "/0" expected a digit after `-`, found `I`; write the number in full
    "[+1]" -> 1:2 "/0" expected a value, found `+`; put a string, number, object, array, `true`, `false` or `null` here
    "[.5]" -> 1:2 "/0" expected a value, found `.`; put a string, number, object, array, `true`, `false` or `null` here
    "[01]" -> 1:2 "/0" a number with a leading zero; remove the zero, or put the text in double quotes
    "[-01]" -> 1:2 "/0" a number with a leading zero; remove the zero, or put the text in double quotes
    "[1.]" -> 1:4 "/0" expected a digit after the decimal point, found `]`; write the number in full
    "[1e]" -> 1:4 "/0" expected a digit in the exponent, found `]`; write the number in full
    "[1.2.3]" -> 1:2 "/0" a number with text after it; put the text in double quotes
    "[0x1F]" -> 1:2 "/0" a number with text after it; put the text in double quotes
    "[2025-01-01]" -> 1:6 "/0" expected `,` or `]` after this element, found `-`; put a comma between two elements
    "[hello]" -> 1:2 "/0" expected a value, found `hello`; put the text in double quotes
    "[é]" -> 1:2 "/0" expected a value, found `é`; put a string, number, object, array, `true`, `false` or `null` here
    "[]]" -> 1:3 "" the document is over, yet `]` follows; remove what follows the outermost value
    "[1}" -> 1:3 "/0" expected `,` or `]` after this element, found `}`; put a comma between two elements
    "[,1]" -> 1:2 "/0" expected a value, found `,`; put a string, number, object, array, `true`, `false` or `null` here
    "##);
}

#[test]
fn each_bad_string_says_where_and_what_to_do() {
    let sources = [
        "[\"abc]",
        "[\"abc\n\"]",
        "[\"a\tb\"]",
        "[\"a\\n\tb\"]",
        "[\"a\\\n\"]",
        "[\"\\x\"]",
        "[\"\\é\"]",
        "[\"\\u12\"]",
        "[\"\\u+123\"]",
        "[\"\\ud800\"]",
        "[\"\\udc00\"]",
        "[\"\\ud800\\u0041\"]",
        "[\"\\ud800\\ud800\"]",
        "[\"\\",
        "[\"\\u00",
    ];
    let report: Vec<String> = sources
        .iter()
        .map(|source| format!("{source:?} -> {}", refused(source)))
        .collect();
    insta::assert_snapshot!(report.join("\n"), @r##"
    "[\"abc]" -> 1:2 "/0" this string has no end; close it with `"`
    "[\"abc\n\"]" -> 1:2 "/0" this string has no end on its line; close it with `"`, or write a line break inside it as `\n`
    "[\"a\tb\"]" -> 1:4 "/0" the control character U+0009 inside a string; write it as an escape such as `\t` or `\u0000`
    "[\"a\\n\tb\"]" -> 1:6 "/0" the control character U+0009 inside a string; write it as an escape such as `\t` or `\u0000`
    "[\"a\\\n\"]" -> 1:4 "/0" a backslash before the end of the line, which is no escape of JSON; write the backslash itself as `\\`
    "[\"\\x\"]" -> 1:3 "/0" a backslash before `x`, which is no escape of JSON; write the backslash itself as `\\`
    "[\"\\é\"]" -> 1:3 "/0" a backslash before `é`, which is no escape of JSON; write the backslash itself as `\\`
    "[\"\\u12\"]" -> 1:3 "/0" `\u` without four hexadecimal digits; write the code as `\u00e9`, or the character itself
    "[\"\\u+123\"]" -> 1:3 "/0" `\u` without four hexadecimal digits; write the code as `\u00e9`, or the character itself
    "[\"\\ud800\"]" -> 1:3 "/0" `\ud800` is half of a surrogate pair; write both halves, or the character itself
    "[\"\\udc00\"]" -> 1:3 "/0" `\udc00` is half of a surrogate pair; write both halves, or the character itself
    "[\"\\ud800\\u0041\"]" -> 1:3 "/0" `\ud800` is half of a surrogate pair; write both halves, or the character itself
    "[\"\\ud800\\ud800\"]" -> 1:3 "/0" `\ud800` is half of a surrogate pair; write both halves, or the character itself
    "[\"\\" -> 1:2 "/0" this string has no end; close it with `"`
    "[\"\\u00" -> 1:2 "/0" this string has no end; close it with `"`
    "##);
}

#[test]
fn nesting_has_a_limit() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(scan(&nested(DEPTH_LIMIT)).is_ok());
    assert!(refused(&nested(DEPTH_LIMIT + 1)).contains("nest deeper than 512 levels"));
    assert!(refused(&"{\"a\":".repeat(1_000_000)).contains("nest deeper than 512 levels"));
}

#[test]
fn size_has_a_limit() {
    let longest = format!("\"{}\"", "a".repeat(crate::SOURCE_BYTES_LIMIT - 2));
    assert!(scan(&longest).is_ok());
    insta::assert_snapshot!(
        refused(&format!("{longest} ")),
        @r##"1:1 "" the document has 15728641 bytes, the limit is 15728640 (15 MiB); split the contract into one per product area, or leave out examples and unused schemas"##
    );
}

#[test]
fn bytes_must_be_utf_8() {
    let error = scan_bytes(b"\xef\xbb\xbf{\"a\":\n \"\xff\"}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "byte 11 (0xff) is not UTF-8 at line 2 column 3"
    );
    let error = scan_bytes(b"\xff\xfe{\0").unwrap_err();
    assert_eq!(error.next_step, "the file is UTF-16: save it as UTF-8");
}

proptest! {
    #[test]
    fn any_value_comes_back(json in any_json(), pretty in any::<bool>()) {
        let source = match pretty {
            true => serde_json::to_string_pretty(&json).unwrap(),
            false => serde_json::to_string(&json).unwrap(),
        };
        let tree = scan(&source).unwrap();
        prop_assert!(same(tree.root(), &json));
    }

    #[test]
    fn escapes_come_back(text in any::<String>()) {
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        let tree = scan(&format!("\"{escaped}\"")).unwrap();
        prop_assert_eq!(tree.root().as_str(), Some(text.as_str()));
    }

    #[test]
    fn a_span_holds_the_text_of_its_node(json in any_json()) {
        let source = serde_json::to_string_pretty(&json).unwrap();
        let tree = scan(&source).unwrap();
        for node in nodes(&tree) {
            let own = scan(slice(node)).unwrap();
            prop_assert!(own.root().same_value(node));
        }
    }

    #[test]
    fn broken_texts_are_refused_as_by_serde_json(json in any_json(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = serde_json::to_vec(&json).unwrap();
        let at = at.index(bytes.len());
        match cut {
            true => bytes.truncate(at),
            false => bytes[at] = byte,
        }
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes);
        match (scan_bytes(&bytes), theirs) {
            (Ok(tree), Ok(theirs)) => prop_assert!(same(tree.root(), &theirs)),
            // The one difference: a number that no float can hold is a number all the same.
            (Ok(_), Err(error)) => prop_assert!(error.to_string().starts_with("number out of range"), "{error}"),
            (Err(ours), Ok(_)) => prop_assert!(false, "{ours}"),
            (Err(_), Err(_)) => {}
        }
    }
}
