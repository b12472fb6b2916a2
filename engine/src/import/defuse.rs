//! Text that a spreadsheet would take for a formula when it opens a csv file: what goes out is marked with an
//! apostrophe, and the mark is taken off what comes in again.

/// Whether a spreadsheet may run what begins like this.
fn is_live(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|sign| {
        matches!(sign, '=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠')
    })
}

/// The text as a csv file may hold it. One that has the mark already gets another, so that nothing is lost.
pub fn defused(text: &str) -> String {
    if is_live(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_string() }
}

/// The text that [`defused`] was given.
pub fn undefused(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_live(text.trim_start_matches('\'')) => text,
        Some(_) | None => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_run_is_marked_and_nothing_else() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+cmd", "'+cmd"),
            ("-2", "'-2"),
            ("@SUM", "'@SUM"),
            ("\t=", "'\t="),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(defused(text), cell);
            assert_eq!(undefused(cell), text);
        }
        assert_eq!(undefused("it's"), "it's");
        assert_eq!(undefused("'plain"), "'plain");
    }

    proptest::proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@a-]{0,6}") {
            let defused = defused(&text);
            proptest::prop_assert_eq!(undefused(&defused), text.as_str());
        }
    }
}
