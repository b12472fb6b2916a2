//! The line below a list says how many records there are, and of how many where something is left out.

use leptos::prelude::*;
use wire::records::Count;

use super::rows::Rows;
use crate::{i18n, text};

/// How many records a list has, in words; nothing before it is known. Tracked.
pub fn how_many(rows: Rows) -> Option<String> {
    let (count, filtered) = (rows.count.get()?, rows.filtered.get());
    Some(words(count, filtered, rows.all.get()))
}

/// `38 条 · 共 2,357 条` where a filter or a search leaves some out, as soon as it is known of how many.
fn words(count: Count, filtered: bool, all: Option<Count>) -> String {
    let shown = i18n::whole(count.value);
    let left = match (count.exact, filtered) {
        (false, _) => text!("grid-count-about", count = shown),
        (true, false) => text!("grid-count", count = shown, number = count.value),
        (true, true) => text!("grid-count-left", count = shown, number = count.value),
    };
    // Others may have made more meanwhile than there were when all were counted.
    let all = all.filter(|all| filtered && all.value >= count.value);
    match all {
        None => left,
        Some(Count { value, exact: true }) => text!("grid-count-of", left = left, all = i18n::whole(value)),
        Some(Count { value, exact: false }) => {
            text!("grid-count-of-about", left = left, all = i18n::whole(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn a_list_says_of_how_many_it_shows_some() {
        let of = |value: u64, exact: bool| Count { value, exact };
        let (some, all) = (of(38, true), of(2_357, true));
        i18n::set_language(Language::ZhCn);
        assert_eq!(words(all, false, None), "共 2,357 条");
        assert_eq!(words(some, true, None), "38 条", "of how many is not known yet");
        assert_eq!(words(some, true, Some(all)), "38 条 · 共 2,357 条");
        assert_eq!(words(some, true, Some(of(2_357, false))), "38 条 · 共约 2,357 条");
        i18n::set_language(Language::En);
        assert_eq!(words(all, false, Some(all)), "2,357 records");
        assert_eq!(words(of(1, true), true, Some(all)), "1 record of 2,357");
        assert_eq!(
            words(of(1_200, false), true, Some(of(9_000, false))),
            "about 1,200 records of about 9,000"
        );
        assert_eq!(words(all, true, Some(some)), "2,357 records", "all were counted before these came");
    }
}
