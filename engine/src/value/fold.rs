//! Text as it is compared and searched.

use unicode_normalization::UnicodeNormalization;

/// Unicode NFC: the form in which text is stored and compared for equality.
pub fn nfc(text: &str) -> String {
    if text.is_ascii() { text.to_string() } else { text.nfc().collect() }
}

/// The folded form that searching and sorting use: NFKC, then full lower case, then NFKC again, so that case and
/// width do not matter (semantics.md 2). It is made here alone, never by a database.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Upper case first joins what only folds together that way ("ß" and "ss", "ς" and "σ").
    text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
}

/// Full-width digits, letters and signs (U+FF01–U+FF5E) and the ideographic space as their usual forms.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            '\u{2212}' => '-',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_width_do_not_matter() {
        assert_eq!(fold("ＡＢＣ１"), "abc1");
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("上海ＡＢ"), "上海ab");
        assert_eq!(fold("ΣΑΣ"), fold("σας"));
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Éa", "ǅ", "ﬁ", "①", "Ⅷ", "ｶﾞ"] {
            assert_eq!(fold(&fold(text)), fold(text), "{text}");
        }
    }
}
