//! A contract and a mutated copy of it are compared both ways: it ends, and every change has its places.
#![no_main]

use contract::{DiffOptions, Source, diff, pointer};
use libfuzzer_sys::fuzz_target;

/// Uses every kind of thing that the walk visits.
const CONTRACT: &str = r##"{"openapi":"3.1.0","info":{"title":"t","version":"1"},
"paths":{"/a/{id}":{"parameters":[{"in":"path","name":"id","required":true,"schema":{"type":"string"}}],
"post":{"operationId":"a","security":[{"key":[]}],"tags":["x"],
"parameters":[{"in":"query","name":"q","schema":{"$ref":"#/components/schemas/a"}}],
"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/b"}}}},
"responses":{"200":{"headers":{"X-A":{"schema":{"type":"integer","minimum":1}}},
"content":{"application/json":{"schema":{"$ref":"#/components/schemas/c"}}}},"4XX":{"$ref":"#/components/responses/r"}},
"callbacks":{"done":{"{$request.body#/url}":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/a"}}}},"responses":{}}}}}}}},
"components":{"responses":{"r":{"description":"","content":{"text/plain":{"schema":{"type":"string"}}}}},
"securitySchemes":{"key":{"type":"apiKey","in":"header","name":"k"}},
"schemas":{"a":{"type":["string","null"],"enum":["x","y"],"maxLength":3},
"b":{"allOf":[{"$ref":"#/components/schemas/d"},{"required":["n"]}],"properties":{"s":{"oneOf":[{"type":"string"},{"$ref":"#/components/schemas/a"}]}}},
"c":{"$dynamicAnchor":"node","properties":{"next":{"$dynamicRef":"#node"},"all":{"items":{"$ref":"#/components/schemas/c"}},"d":{"$ref":"#/components/schemas/d"}}},
"d":{"type":"object","required":["n"],"properties":{"n":{"type":"number","default":1,"multipleOf":2},"c":{"$ref":"#/components/schemas/c"}},"additionalProperties":false}}}}"##;

/// What edits put in.
const PIECES: [&str; 16] = [
    "\"$ref\":\"#/components/schemas/a\"",
    "\"#/components/schemas/b\"",
    "\"#/components/schemas/c\"",
    "\"allOf\":[{}]",
    "\"type\":\"object\"",
    "\"type\":[]",
    "null",
    "{}",
    "[]",
    "\"\"",
    "-1e999",
    "\"nullable\":true",
    "\"properties\":{\"\":{}}",
    "\"2XX\"",
    "\"x-sunset\":\"2020\"",
    "\"required\":[\"n\",\"n\"]",
];

fuzz_target!(|edits: &[u8]| {
    let changed = edited(edits);
    let base = Source::read(CONTRACT.as_bytes(), "a.json").expect("the contract is JSON");
    let Ok(revision) = Source::read(changed.as_bytes(), "a") else {
        return;
    };
    for (base, revision) in [(&base, &revision), (&revision, &base)] {
        let options = DiffOptions::new(jiff::civil::date(2026, 1, 1));
        for change in diff(base, revision, &options).changes {
            for (site, source) in [(&change.base, base), (&change.revision, revision)] {
                let Some(site) = site else { continue };
                assert!(site.line > 0 && site.column > 0);
                assert!(pointer::resolve(source.root(), &site.pointer).is_ok());
            }
        }
    }
});

/// Each four bytes replace one value, key or member of the text by a piece, or cut and copy within it.
fn edited(edits: &[u8]) -> String {
    let mut text = CONTRACT.to_owned();
    for edit in edits.chunks_exact(4).take(16) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % text.len();
        let at = boundary(&text, at);
        let end = boundary(&text, at + 1);
        let piece = match edit[2] >> 4 {
            0..12 => PIECES[usize::from(edit[2] & 15)].to_owned(),
            _ => {
                let from = boundary(&text, usize::from(edit[3]) * 16 % text.len());
                text[from..boundary(&text, from + 1)].to_owned()
            }
        };
        text.replace_range(at..end, &piece);
    }
    text
}

/// The next place at or after `at` where a token starts or ends.
fn boundary(text: &str, at: usize) -> usize {
    let marks = ['{', '}', '[', ']', ',', ':'];
    let rest = text.get(at..).unwrap_or("");
    rest.find(marks).map_or(text.len(), |found| at + found)
}
