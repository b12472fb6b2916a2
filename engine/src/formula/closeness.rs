//! How well a name fits what somebody has typed of it.

use crate::value::fold;

/// Where a name has what was typed, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// It is nothing else.
    Same,
    Start,
    /// At the start of one of its words.
    Word,
    Inside,
    /// Not in the name itself, but in what is said about it.
    Said,
}

/// Where `name` has `typed`; `None` where it has not. Case and width do not matter, and nothing is the start of
/// everything.
pub(super) fn closeness(typed: &str, name: &str) -> Option<Closeness> {
    let (typed, name) = (fold(typed), fold(name));
    if name == typed {
        return Some(Closeness::Same);
    }
    if name.starts_with(&typed) {
        return Some(Closeness::Start);
    }
    let begins_word = |at: usize| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        before.is_some_and(|before| !before.is_alphanumeric())
    };
    let places = name.match_indices(&typed).map(|(at, _)| at);
    places.map(|at| if begins_word(at) { Closeness::Word } else { Closeness::Inside }).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_closer_than_a_word_and_a_word_than_its_inside() {
        for (typed, name, expected) in [
            ("sum", "SUM", Some(Closeness::Same)),
            ("ＳＵＭ", "sumif", Some(Closeness::Start)),
            ("金", "金额", Some(Closeness::Start)),
            ("price", "Unit price", Some(Closeness::Word)),
            ("at", "created_at", Some(Closeness::Word)),
            ("at", "date at", Some(Closeness::Word)),
            ("额", "金额(元)", Some(Closeness::Inside)),
            ("ice", "Unit price", Some(Closeness::Inside)),
            ("", "anything", Some(Closeness::Start)),
            ("prize", "Unit price", None),
        ] {
            assert_eq!(closeness(typed, name), expected, "{typed} in {name}");
        }
        assert!(Closeness::Same < Closeness::Start && Closeness::Start < Closeness::Word);
        assert!(Closeness::Word < Closeness::Inside && Closeness::Inside < Closeness::Said);
    }
}
