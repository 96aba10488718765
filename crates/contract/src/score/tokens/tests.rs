//! Tests of the tokenizer against ranks that the reference implementation gives.

use super::{count_tokens, token_ranks};

fn check(text: &str, expect: &[u32]) {
    assert_eq!(token_ranks(text), expect, "{text:?}");
    assert_eq!(count_tokens(text), expect.len(), "{text:?}");
}

#[test]
fn ranks_are_those_of_the_reference() {
    check("", &[]);
    check(
        "Towpath brings every consumer along.",
        &[117112, 4189, 15476, 1753, 15318, 4251, 13],
    );
    check(
        "  two  spaces\n\n\nand breaks \t x",
        &[220, 1920, 220, 18608, 2499, 427, 29617, 14593, 1215],
    );
    check(
        "don't I'VE she'LL it'\u{17f}",
        &[91418, 3413, 19511, 1770, 6, 7454, 480, 6, 70067],
    );
    check(
        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}",
        &[
            10848, 2493, 7534, 3369, 4294, 35913, 70649, 315, 70649, 2493, 7534, 1655, 57612, 92,
        ],
    );
    check(
        "\u{65e5}\u{672c}\u{8a9e}\u{306e}\u{6587}\u{5b57} ABC \u{c9}t\u{e9}",
        &[9048, 40909, 3385, 79831, 33047, 54156, 377],
    );
    check(
        "\u{1f600}\u{1f468}\u{200d}\u{1f469} \u{301}e\u{301}",
        &[84083, 28823, 101, 2524, 28823, 102, 220, 13430, 68, 13430],
    );
    check(
        "12345678 \u{bd} \u{2167}",
        &[7633, 19354, 4388, 220, 27124, 220, 25371, 100],
    );
    check(
        "/repos/{owner}/{repo}//\n",
        &[89042, 17517, 13552, 46407, 50503, 92, 22704],
    );
    check("<|endoftext|>", &[27, 91, 419, 1440, 919, 91, 29]);
    check(
        "\u{1c5}\u{2b0}\u{aa}Ab\u{301}C",
        &[131, 227, 134, 108, 25661, 4292, 13430, 34],
    );
    check("\u{a0}\u{3000} x \u{2003}", &[5310, 1397, 1215, 559, 225]);
}

#[test]
fn long_runs_end() {
    assert_eq!(count_tokens(&"a".repeat(100_000)), 12500);
    assert_eq!(count_tokens(&"=".repeat(30_001)), 470);
    assert_eq!(count_tokens(&" ".repeat(50_000)), 392);
    let mixed: String = (0..100_000)
        .map(|n| if n % 3 == 0 { 'Q' } else { 'z' })
        .collect();
    assert_eq!(count_tokens(&mixed), 66667);
}
