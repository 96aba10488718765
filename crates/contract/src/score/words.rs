//! Words of identifiers and of prose, and their stems: the same whatever the spelling of a name.

use std::collections::BTreeSet;

mod stem;

pub(crate) use stem::stem;

/// Words that say nothing about what an operation does.
const STOP_WORDS: [&str; 58] = [
    "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can",
    "do", "does", "for", "from", "given", "has", "have", "how", "i", "if", "in", "into", "is",
    "it", "its", "me", "my", "not", "of", "on", "one", "or", "our", "please", "s", "so", "that",
    "the", "their", "them", "then", "there", "these", "this", "to", "up", "us", "want", "was",
    "we", "will", "with", "you", "your",
];

/// The words of a name or a sentence in lower case: split at everything that is neither letter nor digit, and where
/// lower case turns to upper (`listPets`), or upper to lower with more upper before (`HTTPServer`).
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next_is_lower = chars.peek().is_some_and(|c| c.is_lowercase());
        let starts = c.is_uppercase()
            && (previous.is_lowercase()
                || previous.is_numeric()
                || previous.is_uppercase() && next_is_lower);
        if starts || !c.is_alphanumeric() {
            take(&mut word, &mut words);
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        previous = c;
    }
    take(&mut word, &mut words);
    words
}

fn take(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// The stems of the words that say something, in their order.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let words = words(text).into_iter();
    words
        .filter(|word| !is_stop_word(word))
        .map(|word| stem(&word))
        .collect()
}

pub(crate) fn term_set(text: &str) -> BTreeSet<String> {
    terms(text).into_iter().collect()
}

fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{STOP_WORDS, stem, terms, words};

    #[test]
    fn every_spelling_gives_the_same_words() {
        for text in [
            "listPetToys",
            "list_pet_toys",
            "list-pet-toys",
            "List pet toys.",
            "LIST/PET/TOYS",
        ] {
            assert_eq!(words(text), ["list", "pet", "toys"], "{text}");
        }
        assert_eq!(
            words("getHTTPServerV2Id"),
            ["get", "http", "server", "v2", "id"]
        );
        assert_eq!(words("größeÄndern"), ["größe", "ändern"]);
        assert_eq!(words("/{pet_id}/"), ["pet", "id"]);
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (a, b) in [
            ("creates", "creating"),
            ("created", "creation"),
            ("cancel", "cancellation"),
            ("cancelled", "cancelling"),
            ("repositories", "repository"),
            ("addresses", "address"),
            ("branches", "branch"),
            ("organization", "organizes"),
            ("stopped", "stop"),
            ("invoices", "invoice"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [
            ("status", "state"),
            ("sing", "s"),
            ("bed", "b"),
            ("user", "use"),
            ("new", "news"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn words_without_meaning_are_left_out() {
        assert!(STOP_WORDS.is_sorted());
        assert_eq!(terms("Please show me all of the pets"), ["show", "pet"]);
    }
}
