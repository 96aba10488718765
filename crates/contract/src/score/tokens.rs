//! Counts the tokens of a text exactly as the `o200k_base` byte-pair encoding does, from a vocabulary compiled in.

use std::sync::OnceLock;

mod classes;
mod merge;
mod split;
mod vocabulary;

use vocabulary::Vocabulary;

/// The name of the encoding that counts are given in.
pub const TOKENIZER: &str = "o200k_base";

/// How many tokens `text` is. Text that looks like a special token (`<|endoftext|>`) counts as the plain text it is.
///
/// The vocabulary is indexed on the first call, which takes about 15 ms and 5 MB; no call reads a file or the network.
pub fn count_tokens(text: &str) -> usize {
    let vocabulary = vocabulary();
    let mut count = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(split::piece_len(rest));
        count += piece_tokens(vocabulary, piece);
        rest = after;
    }
    count
}

/// The ranks of the tokens of `text`, in order: what a reference implementation gives.
pub fn token_ranks(text: &str) -> Vec<u32> {
    let vocabulary = vocabulary();
    let mut ranks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(split::piece_len(rest));
        match vocabulary.rank(piece.as_bytes()) {
            Some(rank) => ranks.push(rank),
            None => merge::visit_tokens(vocabulary, piece.as_bytes(), |token| {
                let rank = vocabulary.rank(token);
                ranks.push(rank.expect("a merged token is in the vocabulary"));
            }),
        }
        rest = after;
    }
    ranks
}

fn piece_tokens(vocabulary: &Vocabulary, piece: &str) -> usize {
    if vocabulary.rank(piece.as_bytes()).is_some() {
        return 1;
    }
    let mut count = 0;
    merge::visit_tokens(vocabulary, piece.as_bytes(), |_| count += 1);
    count
}

fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(Vocabulary::bundled)
}

#[cfg(test)]
mod tests;
