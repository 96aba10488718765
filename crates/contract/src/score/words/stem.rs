//! A light stemmer for English: plurals, `-ing`, `-ed`, `-ation` and `-ion`, and the silent `e`.

/// Fewer letters than this before an ending, and the ending belongs to the word: `ring`, `bed`.
const STEM_LEN_MIN: usize = 3;

/// The stem of a word in lower case; words of other alphabets stay as they are.
pub(crate) fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() <= 3 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let singular = singular(word);
    let bare = without_ending(&singular).unwrap_or(singular);
    let bare = undoubled(&bare);
    match bare.strip_suffix('e') {
        Some(stem) if stem.len() >= STEM_LEN_MIN => stem.to_owned(),
        _ => bare.to_owned(),
    }
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() >= 2) {
        return format!("{stem}y");
    }
    let hisses = ["sses", "ches", "shes", "xes", "zes"];
    if hisses.iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - 2].to_owned();
    }
    let stays = ["ss", "us", "is", "ews"];
    match word.strip_suffix('s') {
        Some(stem) if !stays.iter().any(|ending| word.ends_with(ending)) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

fn without_ending(word: &str) -> Option<String> {
    let fits = |stem: &&str| stem.len() >= STEM_LEN_MIN && stem.contains(is_vowel);
    if let Some(stem) = word
        .strip_suffix("ation")
        .filter(|stem| stem.len() > STEM_LEN_MIN)
    {
        return Some(stem.to_owned());
    }
    if let Some(stem) = word.strip_suffix("ion").filter(fits) {
        return stem.ends_with(['t', 's']).then(|| stem.to_owned());
    }
    let stem = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed"));
    stem.filter(fits).map(str::to_owned)
}

/// `cancell` and `stopp` lose a letter; `address` keeps both.
fn undoubled(word: &str) -> &str {
    match word.as_bytes() {
        [.., a, b] if a == b && !matches!(b, b's' | b'e' | b'o') && word.len() > STEM_LEN_MIN => {
            &word[..word.len() - 1]
        }
        _ => word,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
