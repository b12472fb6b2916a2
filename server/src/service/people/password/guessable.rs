//! Passwords that are tried first, because many have them: words of a list of breached passwords, and what is made of them
//! or of a row of keys with little thought. No other machine is asked.

use std::collections::HashSet;
use std::sync::OnceLock;

/// The 18,700 commonest passwords of breaches, as Django carries them (by Royce Williams), in lower case, one a line.
const LIST: &str = include_str!("breached_passwords.txt");
/// Words that stand on no such list and are near at hand here.
const NEAR: [&str; 3] = ["formwork", "administrator", "changeme"];
/// Rows of keys and other orders that fingers know.
const ROWS: [&str; 7] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
];
/// A password of so few different characters is none.
const FEW: usize = 3;
/// What may stand around a word without hiding it, in characters.
const AROUND: usize = 6;
/// Shorter words are in too many good passwords.
const SHORTEST_WORD: usize = 4;

/// Whether `password` is one that is tried first. `about` is what everybody knows of its owner: name, address.
pub fn is_guessable(password: &str, about: &[&str]) -> bool {
    let folded = password.to_lowercase();
    let distinct: HashSet<char> = folded.chars().collect();
    distinct.len() <= FEW || is_row(&folded) || stands_for_a_word(&folded, &words_of(about))
}

/// Whether it is a word of the list or of its owner, written once or more, with something before or behind it, or with
/// digits for letters.
fn stands_for_a_word(folded: &str, own: &HashSet<String>) -> bool {
    let is_word =
        |text: &str| text.chars().count() >= SHORTEST_WORD && (listed().contains(text) || own.contains(text));
    [folded.to_string(), with_letters(folded)].iter().any(|text| {
        let bare = text.trim_matches(|c: char| !c.is_alphabetic());
        let around = text.chars().count() - bare.chars().count();
        is_word(text) || (around <= AROUND && is_word(bare)) || repeated(text).is_some_and(is_word)
    }) || is_word(&with_letters(bare(folded)))
}

/// A text without what stands around its letters, as far as that is not too much.
fn bare(text: &str) -> &str {
    let bare = text.trim_end_matches(|c: char| !c.is_alphabetic());
    if text.chars().count() - bare.chars().count() <= AROUND { bare } else { text }
}

/// The part that the whole text is a repetition of.
fn repeated(text: &str) -> Option<&str> {
    (SHORTEST_WORD..=text.len() / 2)
        .filter(|length| text.len().is_multiple_of(*length))
        .filter_map(|length| text.get(..length))
        .find(|part| part.repeat(text.len() / part.len()) == text)
}

/// Digits and signs that stand for letters, as letters.
fn with_letters(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Whether all of it follows rows of keys, on or back, in pieces of four and more.
fn is_row(text: &str) -> bool {
    let rows: Vec<String> =
        ROWS.iter().flat_map(|row| [(*row).to_string(), row.chars().rev().collect()]).collect();
    let mut rest = text;
    while !rest.is_empty() {
        let ends = (1..=rest.len()).rev().filter(|end| rest.is_char_boundary(*end));
        let piece =
            ends.filter_map(|end| rest.get(..end)).find(|piece| rows.iter().any(|row| row.contains(piece)));
        match piece {
            Some(piece) if piece.chars().count() >= SHORTEST_WORD => {
                rest = rest.get(piece.len()..).unwrap_or_default();
            }
            Some(_) | None => return false,
        }
    }
    true
}

/// The words of what is known about somebody.
fn words_of(about: &[&str]) -> HashSet<String> {
    let folded = about.iter().map(|text| text.to_lowercase());
    folded
        .flat_map(|text| {
            let local = text.split('@').next().unwrap_or_default().to_string();
            let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_string);
            words.chain([local]).collect::<Vec<_>>()
        })
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .collect()
}

fn listed() -> &'static HashSet<&'static str> {
    static LISTED: OnceLock<HashSet<&'static str>> = OnceLock::new();
    LISTED.get_or_init(|| LIST.lines().chain(NEAR).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_that_many_have_are_known_however_they_are_dressed() {
        assert!(listed().len() > 15_000, "{}", listed().len());
        for common in [
            "password123",
            "P@ssw0rd1234",
            "qwertyuiop",
            "1234567890",
            "0987654321",
            "qwer1234asdf",
            "aaaaaaaaaaaa",
            "abababababab",
            "iloveyouiloveyou",
            "Formwork2026!",
            "!!!sunshine!!!",
            "1q2w3e4r5t",
        ] {
            assert!(is_guessable(common, &[]), "{common}");
        }
        assert!(is_guessable("mei.zhang2026", &["Mei Zhang", "mei.zhang@example.com"]));
        assert!(!is_guessable("mei.zhang2026", &["Lin Wu", "lin.wu@example.com"]));
    }

    #[test]
    fn a_sentence_is_no_common_password() {
        for good in [
            "correct horse battery staple",
            "a corpus is no secret",
            "Bench-pass-1-long",
            "set by somebody else",
            "今天晚上我们一起去吃火锅吧",
            "x7Kp2vQ9wz",
        ] {
            assert!(!is_guessable(good, &["Ada", "admin@example.com"]), "{good}");
        }
    }
}
